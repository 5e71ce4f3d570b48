# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Words of the way without internet: the update server's page, and what a box says of a file it does not take."""

from __future__ import annotations

from ansible_collections.bt_ops.pra.plugins.module_utils._web._word import Word, guessed, translated

OFFLINE_ENGLISH: dict[str, tuple[Word, ...]] = {
    "server.key": (
        *translated("6.3", "Appliance Download Key"),
        *guessed(
            "Download Key", "Key", "Enter your Appliance Download Key", "Enter your Download Key",
            "Paste your Appliance Download Key", "Appliance Key", "Your Key",
        ),
    ),
    "server.submit": guessed(
        "Get Updates", "Submit", "Submit Key", "Continue", "Show Updates", "Check for Updates", "Get Packages",
        "Show Packages", "Find Updates", "List Updates", "Check", "Check Key", "Search", "Go", "Next", "Send", "OK",
        "View Updates", "Get Available Updates", "Find Packages", "Download Updates",
    ),
    "server.download": guessed(
        "Download", "Download Package", "Download this Update", "Download Update", "Download Now", "Get this Update",
        "Download File", "Download Software", "Get Package",
    ),
    "server.size": guessed("Size", "File Size", "Package Size", "Download Size", "Bytes", "Size in bytes"),
    "server.sha256": guessed(
        "SHA-256", "SHA256", "SHA-256 Checksum", "SHA256 Checksum", "Checksum", "Checksum (SHA-256)", "Digest",
        "SHA-256 Digest", "Hash", "SHA-256 Hash",
    ),
    "server.requires_base": guessed(
        "Requires", "Requires Base Software", "Required Base Software", "Base Software Required", "Requirements",
        "Requirement", "Minimum Base Software", "Requires Base", "Needs", "Prerequisite", "Prerequisites",
    ),
    "server.requires": guessed(
        "requires {requirement}", "needs {requirement}", "install {requirement} first",
        "{requirement} must be installed first", "{requirement} is required",
    ),
    "server.refused": guessed(
        "not recognized", "not recognised", "is unknown", "unknown key", "has expired", "is expired", "no such key",
        "wrong key", "not accepted",
    ),
    "updates.rejected": guessed(
        "for another appliance", "for a different appliance", "not for this appliance", "for another site",
        "for a different site", "not for this site", "not valid for this", "does not belong to", "is damaged",
        "is corrupt", "is incomplete", "is truncated", "not a valid", "not recognized", "not recognised", "wrong file",
        "was not accepted", "is not accepted", "rejected",
    ),
}

OFFLINE_DUTCH: dict[str, tuple[Word, ...]] = {
    "server.key": (
        *translated("11.5", "Download-sleutel van een apparaat", "Downloadsleutel van het apparaat"),
        *guessed("Downloadsleutel", "Download-sleutel", "Sleutel", "Uw downloadsleutel", "Voer uw downloadsleutel in"),
    ),
    "server.submit": guessed(
        "Updates ophalen", "Verzenden", "Doorgaan", "Updates tonen", "Controleren op updates", "Pakketten ophalen",
        "Pakketten tonen", "Zoeken", "Volgende", "Versturen", "OK", "Updates weergeven",
    ),
    "server.download": guessed(
        "Downloaden", "Download", "Pakket downloaden", "Update downloaden", "Deze update downloaden", "Nu downloaden",
        "Bestand downloaden",
    ),
    "server.size": guessed("Grootte", "Bestandsgrootte", "Omvang", "Bytes", "Grootte in bytes"),
    "server.sha256": guessed("SHA-256", "SHA256", "Controlesom", "SHA-256-controlesom", "Controlegetal", "Hash"),
    "server.requires_base": guessed(
        "Vereist", "Vereiste basissoftware", "Vereist basissoftware", "Vereisten", "Vereiste", "Benodigd",
        "Minimale basissoftware",
    ),
    "server.requires": guessed(
        "vereist {requirement}", "heeft {requirement} nodig", "installeer eerst {requirement}",
        "{requirement} moet eerst worden geïnstalleerd", "{requirement} is vereist",
    ),
    "server.refused": guessed(
        "niet herkend", "is onbekend", "onbekende sleutel", "is verlopen", "niet geaccepteerd", "verkeerde sleutel",
    ),
    "updates.rejected": guessed(
        "voor een ander apparaat", "niet voor dit apparaat", "voor een andere site", "niet voor deze site",
        "hoort niet bij", "is beschadigd", "is onvolledig", "is afgekapt", "geen geldig", "niet herkend",
        "verkeerd bestand", "niet geaccepteerd", "afgewezen",
    ),
}
