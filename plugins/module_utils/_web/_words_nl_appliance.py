# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Dutch words of the pages under ``/appliance``. The sources are sections of appliance-interface.md."""

from __future__ import annotations

from ansible_collections.bt_ops.pra.plugins.module_utils._web._word import Word, documented, guessed, translated

_STATUS: dict[str, tuple[Word, ...]] = {
    "basics.serial": (
        *translated("6.2", "Serienummer"),
        *guessed("Serienr", "Serienummer van het apparaat", "Serienummer apparaat", "Serienr."),
    ),
    "basics.base_version": (
        *translated("6.2", "Versie van basissoftware", "Versie basissoftware"),
        *guessed("Basissoftwareversie", "Basissoftware", "Basisversie", "Base Software", "Softwareversie"),
    ),
    "basics.appliance_version": (
        *translated("6.2", "Versie van apparaat", "Apparaatversie"),
        *guessed("Apparaatmodel", "Model"),
    ),
    "basics.appliance_id": (
        *translated("2.2", "Apparaat-ID"),
        *guessed(
            "ID van het apparaat", "ID van apparaat", "GUID", "GUID van het apparaat", "Apparaat-GUID", "Unieke ID",
        ),
    ),
    "basics.system_time": (
        *translated("6.2", "Systeemtijd"),
        *guessed(
            "Huidige tijd", "Tijd van het apparaat", "Datum en tijd", "Tijd", "Apparaattijd", "Huidige systeemtijd",
        ),
    ),
    "basics.host_name": guessed("Hostnaam", "Naam van host", "Primaire hostnaam", "Systeemnaam"),
    "information.product_version": (
        *translated("7.5", "Productversie"),
        *guessed("Siteversie", "Softwareversie", "Versie", "Versie van product"),
    ),
    "information.product_build": (
        *translated("7.5", "Productbuild", "Productbuildnummer"),
        *guessed("Build", "Buildnummer", "Build van product", "Product-build", "Revisie"),
    ),
    "reset.factory": (
        *translated("11.5", "Apparaat op standaard fabrieksinstellingen instellen"),
        *guessed(
            "Apparaat terugzetten op fabrieksinstellingen", "Fabrieksinstellingen herstellen",
            "Terugzetten op fabrieksinstellingen", "Apparaat herstellen naar fabrieksinstellingen",
        ),
    ),
    "reset.running": guessed("wordt teruggezet", "bezig met terugzetten", "wordt hersteld naar fabrieksinstellingen"),
    "shutdown": (
        *translated("11.5", "Dit apparaat uitzetten"),
        *guessed("Dit apparaat afsluiten", "Dit apparaat uitschakelen", "Apparaat uitzetten", "Uitzetten", "Afsluiten"),
    ),
    "shutdown.running": guessed("wordt uitgezet", "wordt afgesloten", "wordt uitgeschakeld"),
}

_UPDATES: dict[str, tuple[Word, ...]] = {
    "updates.base": (*translated("6.3", "Basissoftware", "Base Software"), *guessed("Basis", "Base")),
    "updates.check": (
        *documented("11.5", "Controleren op updates"),
        *guessed("Controleer op updates", "Nu controleren", "Zoeken naar updates", "Controleren"),
    ),
    "updates.checking": guessed("bezig met controleren op updates", "er wordt gecontroleerd op updates"),
    "updates.available": (*documented("11.5", "Beschikbare updates"), *guessed("Beschikbare pakketten")),
    "updates.install": (
        *documented("11.5", "Deze update installeren"),
        *guessed("Update installeren", "Installeer deze update", "Installeren", "Nu installeren", "Installeer update"),
    ),
    "updates.blocked": (
        *translated("6.3", "{package} voldoet niet aan {requirement}"),
        *guessed(
            "does not satisfy", "moet eerst worden geïnstalleerd", "kan niet worden geïnstalleerd totdat",
            "aan de vereisten is niet voldaan",
        ),
    ),
    "updates.none": guessed(
        "geen updates beschikbaar", "er zijn geen updates", "geen beschikbare updates", "geen nieuwe updates",
        "geen updates gevonden", "is bijgewerkt", "zijn bijgewerkt", "is up-to-date", "is actueel",
    ),
    "updates.installing": guessed(
        "wordt geïnstalleerd", "worden geïnstalleerd", "wordt gedownload", "worden gedownload",
        "installatie wordt uitgevoerd", "installatie is bezig", "installatie is gestart", "installatie loopt",
        "update wordt uitgevoerd", "update is bezig", "update loopt", "bezig met installeren", "bezig met downloaden",
        "bezig met bijwerken", "wordt bijgewerkt",
    ),
    "updates.installable": guessed(
        "kan worden geïnstalleerd", "kunnen worden geïnstalleerd", "moet worden geïnstalleerd",
        "moeten worden geïnstalleerd", "geïnstalleerd kan worden", "geïnstalleerd kunnen worden",
    ),
    "updates.failed": guessed(
        "installatie is mislukt", "installatie mislukt", "update is mislukt", "update mislukt",
        "installatie van {package} is mislukt", "kon niet worden geïnstalleerd",
        "installeren is mislukt", "installeren mislukt",
    ),
    "updates.download_failed": guessed(
        "download is mislukt", "download mislukt", "downloaden is mislukt", "downloaden mislukt",
        "kon niet worden gedownload", "kan niet worden gedownload", "download van {package} is mislukt",
        "downloaden van {package} is mislukt", "fout bij het downloaden", "fout opgetreden bij het downloaden",
    ),
    "updates.unreachable": guessed(
        "kan geen verbinding maken met de updateserver", "kon geen verbinding maken met de updateserver",
        "updateserver is niet bereikbaar", "updateserver niet bereikbaar", "controleren op updates is mislukt",
        "kan niet controleren op updates",
    ),
    "updates.download_key": (
        *translated("11.5", "Download-sleutel van een apparaat", "Downloadsleutel van het apparaat"),
        *guessed("Download-sleutel", "Downloadsleutel", "Downloadsleutel van apparaat", "Downloadsleutel apparaat"),
    ),
    "updates.manual": (
        *translated("11.5", "Handmatige installatie"),
        *guessed("Handmatig installeren", "Handmatige update"),
    ),
    "updates.file": guessed(
        "Updatebestand", "Bestand", "Pakket", "Pakketbestand", "Updatepakket", "Softwarepakket", "Bestand kiezen",
        "Kies bestand", "Bladeren", "Software-update", "Update", "Bestand selecteren", "Installatiepakket",
    ),
    "updates.upload": (
        *translated("11.5", "Software bijwerken"),
        *guessed("Uploaden", "Update uploaden", "Uploaden en installeren", "Installeren", "Pakket uploaden"),
    ),
    "eula.title": (
        *translated("6.3", "Licentieovereenkomst"),
        *guessed(
            "Licentieovereenkomst voor eindgebruikers", "Eindgebruikersovereenkomst", "EULA",
            "Licentieovereenkomst voor eindgebruiker", "Softwarelicentieovereenkomst", "Gebruiksrechtovereenkomst",
        ),
    ),
    "eula.accept": guessed(
        "Ik accepteer de licentieovereenkomst", "Ik ga akkoord met de licentieovereenkomst", "Ik accepteer de EULA",
        "Ik heb de licentieovereenkomst gelezen en ga akkoord", "Licentieovereenkomst accepteren", "Ik accepteer",
        "Ik ga akkoord", "Akkoord", "Accepteren", "Accepteren en installeren", "Accepteren en doorgaan",
        "Ik accepteer de voorwaarden", "Ik ga akkoord met de voorwaarden", "EULA accepteren", "Overeenkomst accepteren",
    ),
    "eula.name": guessed(
        "Naam", "Uw naam", "Volledige naam", "Geaccepteerd door", "Uw volledige naam",
        "Naam van de persoon die accepteert",
    ),
}

_NETWORK: dict[str, tuple[Word, ...]] = {
    "ip.address": (*translated("11.5", "IP-adres"), *guessed("Adres", "IP", "IPv4-adres")),
    "ip.enabled": (*documented("11.5", "Ingeschakeld"), *guessed("Inschakelen", "Actief", "Dit IP-adres inschakelen")),
    "ip.save": (
        *documented("11.5", "Veranderingen opslaan"),
        *guessed("Wijzigingen opslaan", "Opslaan", "Toepassen", "Wijzigingen toepassen", "Bijwerken"),
    ),
    "ip.edit": guessed("Bewerken", "IP bewerken", "IP-adres bewerken", "Wijzigen", "Details", "Details weergeven"),
    "ip.shared": guessed("Gedeeld IP-adres", "Gedeeld IP", "Gedeeld"),
    "ip.ntp": (*translated("6.2", "NTP-server"), *guessed("NTP", "Tijdserver")),
}

_CERTIFICATES: dict[str, tuple[Word, ...]] = {
    "certificates.list": (
        *documented("11.5", "Certificaten"),
        *translated("6.2", "Overige certificaten", "Andere certificaten"),
        *guessed("Geïnstalleerde certificaten", "Beschikbare certificaten"),
    ),
    "certificates.installation": (
        *translated("6.2", "Certificaatinstallatie", "Installatie van certificaten"),
        *guessed("Certificaat installeren", "Certificaten installeren", "Installatie van certificaat"),
    ),
    "certificates.export": (
        *documented("11.5", "Exporteren"),
        *guessed("Certificaat exporteren", "Export", "Downloaden", "Certificaat downloaden"),
    ),
    "certificates.import": (*documented("11.5", "Importeren"), *guessed("Certificaat importeren", "Import")),
    "certificates.action": guessed("Actie", "Acties", "Kies actie", "Selecteer actie", "Met selectie"),
    "certificates.apply": guessed("Toepassen", "Uitvoeren", "Verzenden", "OK", "Ga"),
    "certificates.file": guessed(
        "Certificaatbestand", "Bestand", "Bladeren", "Bestand kiezen", "Kies bestand", "Certificaat",
        "Bestand selecteren",
        "Te importeren certificaat",
    ),
    "certificates.upload": (
        *documented("11.5", "Uploaden"),
        *guessed("Importeren", "Certificaat uploaden", "Certificaat importeren"),
    ),
    "certificates.include_certificate": (
        *translated("6.2", "Certificaat opnemen", "Inclusief certificaat"),
        *guessed("Certificaat", "Certificaat exporteren"),
    ),
    "certificates.include_key": (
        *translated("6.2", "Privésleutel opnemen", "Inclusief privésleutel"),
        *guessed("Privésleutel", "Persoonlijke sleutel", "Persoonlijke sleutel opnemen", "Privésleutel exporteren"),
    ),
    "certificates.include_chain": (
        *translated("6.2", "Certificaatketen opnemen", "Inclusief certificaatketen"),
        *guessed("Certificaatketen", "Keten opnemen", "Keten"),
    ),
    "certificates.passphrase": (
        *translated("6.2", "Wachtwoordzin"),
        *guessed("Wachtwoordzin privésleutel", "Wachtwoordzin voor privésleutel", "Wachtwoord", "Wachtzin"),
    ),
    "certificates.passphrase_again": guessed(
        "Wachtwoordzin bevestigen", "Bevestig wachtwoordzin", "Wachtwoordzin herhalen", "Herhaal wachtwoordzin",
        "Wachtwoord bevestigen", "Bevestig wachtwoord",
    ),
    "certificates.issued_to": (*translated("11.5", "Uitgegeven aan"), *guessed("Onderwerp", "Algemene naam")),
    "certificates.issued_by": guessed("Uitgegeven door", "Uitgever"),
    "certificates.expires": guessed("Verloopt", "Verloopt op", "Vervaldatum", "Geldig tot", "Geldig tot en met"),
    "certificates.private_key": guessed("Privésleutel", "Persoonlijke sleutel", "Sleutel"),
    "certificates.friendly_name": (
        *translated("6.2", "Beschrijvende naam van certificaat"),
        *guessed("Beschrijvende naam", "Naam van certificaat", "Certificaatnaam", "Naam", "Certificaat"),
    ),
    "certificates.fingerprint": guessed(
        "SHA-256-vingerafdruk", "Vingerafdruk (SHA-256)", "SHA256-vingerafdruk", "Vingerafdruk",
        "Vingerafdruk van certificaat", "SHA-1-vingerafdruk", "Vingerafdruk (SHA-1)", "SHA1-vingerafdruk",
    ),
    "certificates.warnings": guessed("Waarschuwingen", "Waarschuwing"),
    "certificates.no_warnings": guessed("Geen", "Nee", "Geen waarschuwingen", "OK", "0", "Geldig", "-", "n.v.t."),
    "certificates.warning_text": guessed(
        "waarschuwing", "is verlopen", "verlopen op", "verloopt binnenkort", "nog niet geldig", "niet vertrouwd",
        "keten is onvolledig", "onvolledige keten", "onvolledige certificaatketen",
        "tussenliggend certificaat ontbreekt",
        "uitgever ontbreekt", "privésleutel ontbreekt", "geen privésleutel", "komt niet overeen", "is niet geldig voor",
        "ingetrokken",
    ),
    "certificates.assign_ip": (
        *translated("11.5", "IP-adres toewijzen"),
        *guessed("IP toewijzen", "IP-adressen toewijzen"),
    ),
    "certificates.save": (
        *translated("11.5", "Configuratie opslaan"),
        *guessed("Veranderingen opslaan", "Wijzigingen opslaan", "Opslaan", "Toepassen"),
    ),
    "certificates.automatic": (
        *translated("6.2", "Automatische selectie van SSL-certificaat"),
        *guessed("Automatische certificaatselectie", "certificaat wordt automatisch geselecteerd"),
    ),
}

APPLIANCE: dict[str, tuple[Word, ...]] = {**_STATUS, **_UPDATES, **_NETWORK, **_CERTIFICATES}
