# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The few words around a page that the page itself does not bring.

GUESS: the wording around the vendor's pages was not seen (appliance-interface.md 11.4, item 1).
"""

from __future__ import annotations

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "logged_in_as": "Logged in as",
        "navigation": "Main menu",
        "pages": "Pages of",
        "show": "Show pages of",
        "actions": "Actions",
        "box": "Appliance",
    },
    "nl": {
        "logged_in_as": "Aangemeld als",
        "navigation": "Hoofdmenu",
        "pages": "Pagina's van",
        "show": "Toon pagina's van",
        "actions": "Acties",
        "box": "Apparaat",
    },
}
