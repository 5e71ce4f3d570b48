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
        "needs_script": "This application needs JavaScript.",
        "loading": "Loading",
        "sure": "Are you sure that you want to do this?",
        "cancel": "Cancel",
        "download_ready": "The file was handed to your browser.",
        "session_ended": "Your session has ended. Please log in again.",
        "no_answer": "The appliance does not answer. Trying again.",
        "act_unanswered": "The appliance did not answer. Whether it did what you asked for is not known.",
        "refused": "The request was refused (status {status}).",
        "no_page": "This page does not exist.",
        "start": "To the first page",
        "retry": "Try again",
    },
    "nl": {
        "logged_in_as": "Aangemeld als",
        "navigation": "Hoofdmenu",
        "pages": "Pagina's van",
        "show": "Toon pagina's van",
        "actions": "Acties",
        "box": "Apparaat",
        "needs_script": "Voor deze toepassing is JavaScript nodig.",
        "loading": "Bezig met laden",
        "sure": "Weet u zeker dat u dit wilt doen?",
        "cancel": "Annuleren",
        "download_ready": "Het bestand is aan uw browser gegeven.",
        "session_ended": "Uw sessie is beëindigd. Meld u opnieuw aan.",
        "no_answer": "Het apparaat antwoordt niet. Er wordt opnieuw geprobeerd.",
        "act_unanswered": "Het apparaat heeft niet geantwoord. Of het gedaan is wat u vroeg, is niet bekend.",
        "refused": "Het verzoek is geweigerd (status {status}).",
        "no_page": "Deze pagina bestaat niet.",
        "start": "Naar de eerste pagina",
        "retry": "Opnieuw proberen",
    },
}
