# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Dutch words. What the Dutch guide writes is documented, what stands for an English label is translated (11.5)."""

from __future__ import annotations

from ansible_collections.bt_ops.pra.plugins.module_utils._web._word import Word, documented, guessed, translated
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words_nl_appliance import APPLIANCE
from ansible_collections.bt_ops.pra.plugins.module_utils._web._words_offline import OFFLINE_DUTCH

_MENU: dict[str, tuple[Word, ...]] = {
    "menu.status": documented("11.5", "Status"),
    "menu.basics": (*documented("11.5", "Basisinstellingen"), *guessed("Basis", "Basisgegevens", "Basics")),
    "menu.health": (*translated("6.1", "Gezondheid"), *guessed("Conditie", "Toestand", "Health")),
    "menu.networking": (*documented("11.5", "Netwerken"), *guessed("Netwerk")),
    "menu.ip_configuration": (*documented("11.5", "IP-configuratie"), *guessed("IP-adressen", "IP-instellingen", "IP")),
    "menu.security": (*documented("11.5", "Beveiliging"), *guessed("Veiligheid")),
    "menu.certificates": (*documented("11.5", "Certificaten", "Overige certificaten"), *guessed("SSL-certificaten")),
    "menu.administration": (*translated("6.1", "Apparaatbeheer"), *guessed("Beheer van het apparaat")),
    "menu.updates": (*documented("11.5", "Updates"), *guessed("Bijwerken", "Software-updates")),
    "menu.static_routes": (*translated("6.1", "Statische routes"), *guessed("Routes", "Static Routes")),
    "menu.snmp": documented("6.1", "SNMP"),
    "menu.tls": (*translated("6.1", "TLS-configuratie", "SSL/TLS-configuratie", "SSL-configuratie"), *guessed("TLS")),
    "menu.email": (*translated("6.1", "E-mailconfiguratie"), *guessed("E-mail", "E-mail configuratie", "SMTP")),
    "menu.support": (*translated("6.1", "Ondersteuning"), *guessed("Support")),
    "menu.users": (*translated("6.1", "Gebruikers"),),
    "menu.information": (*translated("7.5", "Informatie"), *guessed("Site-informatie")),
    "menu.management": documented("11.5", "Beheer"),
    "menu.software": documented("11.5", "Software", "Softwarebeheer"),
    "menu.failover": (*documented("11.5", "Automatische omschakeling"), *guessed("Failover", "Omschakeling")),
    "menu.jump": (*translated("7", "Jump"), *guessed("Assetbeheer", "Springen")),
    "menu.jump_clients": (*documented("11.5", "Jump-clients"), *guessed("Jump Clients", "Asset-clients")),
    "menu.configuration": translated("7", "Configuratie"),
    "menu.options": guessed("Opties"),
    "menu.teams": (*translated("5", "Teams"), *guessed("Toegangsteams")),
    "menu.access_console": translated("7", "Toegangsconsole"),
    "menu.access_console_settings": guessed("Instellingen toegangsconsole", "Instellingen voor de toegangsconsole"),
    "menu.custom_links": guessed("Aangepaste koppelingen", "Aangepaste links"),
    "menu.canned_scripts": guessed("Standaardscripts", "Ingeblikte scripts"),
    "menu.special_actions": guessed("Speciale acties"),
    "menu.access_invite": guessed("Toegangsuitnodiging"),
    "menu.jump_item_roles": (*translated("5", "Jump-itemrollen", "Jump-rollen"), *guessed("Assetrollen")),
    "menu.users_and_security": translated("7", "Gebruikers en beveiliging", "Gebruikers & beveiliging"),
    "menu.group_policies": (*translated("5", "Groepsbeleid"), *guessed("Groepsbeleidslijnen")),
    "menu.session_policies": (*translated("5", "Sessiebeleid"), *guessed("Sessiebeleidslijnen")),
    "menu.security_providers": (*translated("5", "Beveiligingsproviders"), *guessed("Beveiligingsaanbieders")),
    "menu.jump_groups": (*translated("5", "Jump-groepen", "Assetgroepen"), *guessed("Asset-groepen")),
    "menu.jump_policies": (*translated("5", "Jump-beleid", "Assetbeleid"), *guessed("Asset-beleid")),
    "menu.gateways": translated("5", "Jumpoints", "Jumpoint", "Gateways", "Gateway"),
    "menu.site_configuration": (*translated("7", "Siteconfiguratie"), *guessed("Site-configuratie")),
    "menu.outbound_events": (*translated("7", "Uitgaande gebeurtenissen"), *guessed("Uitgaande events")),
    "menu.api_configuration": (*translated("7", "API-configuratie"), *guessed("API configuratie")),
    "menu.logout": guessed("Afmelden", "Uitloggen", "Log uit", "Meld af", "Sessie beëindigen"),
}

_LOGIN: dict[str, tuple[Word, ...]] = {
    "login.username": (
        *translated("8", "Gebruikersnaam"),
        *guessed("Gebruiker", "Gebruikers-ID", "Account", "Accountnaam", "Inlognaam", "Loginnaam"),
    ),
    "login.password": (*translated("8", "Wachtwoord"), *guessed("Paswoord")),
    "login.submit": (
        *translated("8", "Aanmelden", "Inloggen"),
        *guessed("Log in", "Meld aan", "Login", "Verzenden", "Doorgaan", "Volgende", "Verder", "OK"),
    ),
    "login.refused": guessed(
        "ongeldige inloggegevens", "ongeldige aanmeldgegevens", "ongeldige gebruikersnaam", "ongeldige referenties",
        "onjuiste gebruikersnaam", "onjuist wachtwoord", "wachtwoord is onjuist", "wachtwoord onjuist",
        "verkeerde gebruikersnaam", "verkeerd wachtwoord", "aanmelden mislukt", "aanmelding mislukt",
        "inloggen mislukt", "inloggen is mislukt", "aanmelden is mislukt", "verificatie mislukt", "niet herkend",
        "komen niet overeen met onze gegevens", "toegang geweigerd",
    ),
    "login.locked": guessed(
        "account is vergrendeld", "account is geblokkeerd", "account vergrendeld", "account geblokkeerd",
        "te veel mislukte", "te veel pogingen", "te veel aanmeldpogingen", "te veel inlogpogingen",
        "account is uitgeschakeld", "tijdelijk uitgeschakeld", "tijdelijk geblokkeerd",
    ),
    "login.second_factor": guessed(
        "verificatiecode", "authenticatiecode", "eenmalige code", "eenmalig wachtwoord", "beveiligingscode",
        "tweestapsverificatie", "tweefactorauthenticatie", "twee-factor", "meervoudige verificatie", "tweede factor",
        "authenticator", "beveiligingssleutel", "passkey", "wachtwoordsleutel",
    ),
    "login.single_sign_on": (
        *documented("11.2", "SAML"),
        *guessed(
            "Eenmalige aanmelding", "Single Sign-On", "SSO", "SAML-verificatie gebruiken", "Aanmelden met SAML",
            "Inloggen met SAML", "Aanmelden met SSO", "Inloggen met SSO", "Identiteitsprovider", "SAML gebruiken",
            "SAML-aanmelding",
        ),
    ),
    "agreement.accept": guessed(
        "Accepteren", "Ik accepteer", "Akkoord", "Ik ga akkoord", "Accepteren en doorgaan", "Akkoord en doorgaan",
        "Overeenkomst accepteren", "Ik accepteer de overeenkomst", "Doorgaan", "Verder", "OK",
    ),
    "agreement.agree": guessed("Accepteren", "Ik accepteer", "Akkoord", "Ik ga akkoord", "Akkoord en doorgaan"),
    "agreement.title": (
        *translated("6.2", "Aanmeldovereenkomst", "Overeenkomst voor aanmelden"),
        *guessed("Inlogovereenkomst", "Gebruiksvoorwaarden", "Juridische kennisgeving", "Kennisgeving"),
    ),
    "password.current": guessed("Huidig wachtwoord", "Oud wachtwoord"),
    "password.new": guessed("Nieuw wachtwoord", "Kies een nieuw wachtwoord"),
    "password.again": guessed(
        "Nieuw wachtwoord bevestigen", "Bevestig nieuw wachtwoord", "Wachtwoord bevestigen", "Bevestig wachtwoord",
        "Herhaal nieuw wachtwoord", "Nieuw wachtwoord herhalen", "Herhaal wachtwoord", "Wachtwoord herhalen",
        "Nogmaals nieuw wachtwoord", "Wachtwoordbevestiging",
    ),
    "password.change": (
        *translated("8", "Wachtwoord wijzigen", "Wijzig wachtwoord"),
        *guessed(
            "Opslaan", "Wachtwoord instellen", "Wachtwoord opslaan", "Wijzigingen opslaan", "Veranderingen opslaan",
        ),
    ),
    "password.must_change": guessed(
        "moet uw wachtwoord wijzigen", "moet het wachtwoord wijzigen", "wachtwoord moet worden gewijzigd",
        "wachtwoord is verlopen", "kies een nieuw wachtwoord", "stel een nieuw wachtwoord in",
    ),
    "session.ended": guessed(
        "sessie is verlopen", "sessie verlopen", "sessie is beëindigd", "sessie beëindigd", "u bent afgemeld",
        "u bent uitgelogd", "meld u opnieuw aan", "log opnieuw in", "pagina is verlopen", "pagina verlopen",
    ),
}

_SOFTWARE: dict[str, tuple[Word, ...]] = {
    "software.backup": (
        *translated("7.1", "Back-upinstellingen", "Instellingen voor back-up"),
        *guessed("Back-up", "Back-up van instellingen", "Backup-instellingen", "Back-up maken", "Instellingen back-up"),
    ),
    "backup.password": (
        *translated("7.1", "Back-upwachtwoord", "Wachtwoord voor back-up"),
        *guessed("Wachtwoord", "Wachtwoord van de back-up", "Wachtwoordzin", "Back-up wachtwoord"),
    ),
    "backup.confirm": (
        *translated("7.1", "Wachtwoord bevestigen", "Bevestig wachtwoord"),
        *guessed(
            "Back-upwachtwoord bevestigen", "Bevestig back-upwachtwoord", "Bevestigen", "Wachtwoord herhalen",
            "Herhaal wachtwoord", "Nogmaals wachtwoord", "Bevestiging wachtwoord", "Wachtwoordbevestiging",
        ),
    ),
    "backup.history": (
        *translated("7.1", "Vastgelegde geschiedenis opnemen", "Inclusief vastgelegde geschiedenis"),
        *guessed(
            "Geschiedenis opnemen", "Gelogde geschiedenis opnemen", "Inclusief geschiedenis",
            "Inclusief gelogde geschiedenis", "Geregistreerde geschiedenis opnemen", "Logboekgeschiedenis opnemen",
        ),
    ),
    "backup.download": (
        *documented("11.5", "Back-up downloaden"),
        *guessed("Download back-up", "Downloaden", "Back-up maken", "Back-up opslaan"),
    ),
    "software.restore": (
        *translated("11.5", "Instellingen herstellen"),
        *guessed("Herstellen", "Back-up herstellen", "Back-up terugzetten", "Instellingen terugzetten"),
    ),
    "restore.file": guessed(
        "Back-upbestand", "Bestand", "Back-up", "Bestand kiezen", "Kies bestand", "Bladeren", "Selecteer bestand",
        "Te herstellen back-up", "Bestand selecteren",
    ),
    "restore.password": (
        *translated("7.1", "Back-upwachtwoord", "Wachtwoord"),
        *guessed("Wachtwoord voor back-up", "Wachtwoord van de back-up", "Wachtwoordzin"),
    ),
    "restore.upload": (
        *translated("11.5", "Back-up uploaden"),
        *guessed("Uploaden", "Herstellen", "Back-up herstellen", "Instellingen herstellen"),
    ),
    "restore.done": guessed(
        "back-up is hersteld", "is hersteld", "is teruggezet", "zijn hersteld", "zijn teruggezet", "herstel voltooid",
    ),
    "restore.running": guessed(
        "wordt hersteld", "worden hersteld", "wordt teruggezet", "worden teruggezet", "herstel is bezig",
        "bezig met herstellen", "herstel is gestart",
    ),
}

_FAILOVER: dict[str, tuple[Word, ...]] = {
    "failover.not_configured": (
        *translated(
            "7.3",
            "Automatische omschakeling is momenteel niet geconfigureerd",
            "Automatische omschakeling is niet geconfigureerd",
        ),
        *guessed(
            "Automatische omschakeling is op dit moment niet geconfigureerd", "Failover is niet geconfigureerd",
            "Failover is momenteel niet geconfigureerd", "Geen relatie voor automatische omschakeling",
            "omschakeling is momenteel niet ingesteld", "omschakeling is niet ingesteld",
        ),
    ),
    "failover.setup": (
        *translated("7.3", "Stel een relatie voor automatische omschakeling in"),
        *guessed(
            "Een relatie voor automatische omschakeling instellen", "Relatie voor automatische omschakeling instellen",
            "Relatie automatische omschakeling instellen", "Automatische omschakeling instellen",
        ),
    ),
    "failover.new_backup": (
        *documented("11.5", "Nieuwe verbindingdetails voor back-up-site"),
        *guessed(
            "Verbindingsdetails voor nieuwe back-upsite", "Nieuwe verbindingsdetails voor back-upsite",
            "Nieuwe verbindingsgegevens voor back-upsite", "Verbindingsgegevens nieuwe back-upsite",
            "Nieuwe verbindingsdetails voor back-up-site",
        ),
    ),
    "failover.reverse": (
        *documented("11.5", "Omgekeerde verbindingdetails voor deze primaire site"),
        *guessed(
            "Omgekeerde verbindingsdetails voor deze primaire site", "Omgekeerde verbindingsdetails",
            "Omgekeerde verbindingsgegevens voor deze primaire site", "Omgekeerde verbindingsgegevens",
        ),
    ),
    "failover.host": (
        *translated("7.3", "Hostnaam of IP-adres", "Hostnaam of IP adres"),
        *guessed("Hostnaam", "Host", "Naam of IP-adres van host", "Host of IP-adres", "Adres"),
    ),
    "failover.port": (
        *translated("7.3", "TLS-poort", "Poort"),
        *guessed("SSL-poort", "HTTPS-poort", "TCP-poort", "Poortnummer"),
    ),
    "failover.establish": (
        *documented("11.5", "Relatie aanmaken"),
        *guessed("Relatie tot stand brengen", "Relatie maken", "Breng relatie tot stand", "Maak relatie aan"),
    ),
    "failover.establishing": guessed(
        "relatie wordt aangemaakt", "relatie wordt tot stand gebracht", "wordt gevalideerd",
    ),
    "failover.status": (
        *translated("7.3", "Status van deze host", "Status van dit apparaat"),
        *guessed("Status", "Rol", "Status automatische omschakeling", "Status van site-instantie"),
    ),
    "failover.primary_status": (
        *translated("7.3", "Status primaire site-instantie", "Status van primaire site-instantie"),
        *guessed(
            "Status van de primaire site-instantie", "Status instantie primaire site", "Primaire site-instantiestatus",
            "Status van primaire site", "Status primaire site",
        ),
    ),
    "failover.backup_status": (
        *translated("7.3", "Status back-upsite-instantie", "Status van back-upsite-instantie"),
        *guessed(
            "Status van de back-upsite-instantie", "Status back-up-site-instantie", "Status instantie back-upsite",
            "Status van back-up-site-instantie", "Status van back-upsite", "Status back-upsite",
            "Back-upsite-instantiestatus",
        ),
    ),
    "failover.sync_now": (
        *documented("11.5", "Nu synchroniseren"),
        *guessed("Synchroniseer nu", "Synchroniseren", "Gegevens nu synchroniseren"),
    ),
    "failover.refresh": (
        *translated("7.3", "Status vernieuwen"),
        *guessed("Vernieuwen", "Ververs status", "Verversen"),
    ),
    "failover.break": (
        *documented("11.5", "Verbreek relaties automatische omschakeling"),
        *guessed(
            "Verbreek relatie automatische omschakeling", "Relatie automatische omschakeling verbreken",
            "Relatie voor automatische omschakeling verbreken", "Relaties automatische omschakeling verbreken",
            "Relatie verbreken", "Verbreek relatie", "Verbreek de relatie voor automatische omschakeling",
        ),
    ),
    "failover.become_primary": (
        *translated("7.3", "Primair worden", "Word primair"),
        *guessed("Primaire site worden", "Maak primair", "Primair maken", "Wordt primair"),
    ),
    "failover.become_backup": (
        *translated("7.3", "Back-up worden", "Word back-up"),
        *guessed("Back-upsite worden", "Maak back-up", "Wordt back-up"),
    ),
    "failover.pull_sync": (
        *translated(
            "7.3",
            "Vink dit vakje aan om gegevens te synchroniseren van de site-instantie op ({peer})",
            "Schakel dit selectievakje in om gegevens te synchroniseren van de site-instantie op ({peer})",
        ),
        *guessed("gegevenssynchronisatie op te halen", "Eerst gegevens synchroniseren", "synchronisatie ophalen"),
    ),
    "failover.force": (
        *translated("7.3", "ook als de peer niet bereikbaar is"),
        *guessed("zelfs als de peer niet bereikbaar is", "zelfs als {peer} niet bereikbaar is", "ook als {peer} niet"),
    ),
    "failover.last_sync": (
        *translated(
            "7.3",
            "De laatste gegevenssynchronisatie is voltooid op {time}",
            "De laatste gegevenssynchronisatie is met succes opgehaald op {time}",
            "De laatste gegevenssynchronisatie is met succes opgehaald om {time}",
        ),
        *guessed(
            "De laatste gegevenssynchronisatie is succesvol opgehaald op {time}",
            "De laatste gegevenssynchronisatie werd met succes opgehaald op {time}",
            "De laatste gegevenssynchronisatie is uitgevoerd op {time}",
            "De laatste synchronisatie is voltooid op {time}",
            "De laatste synchronisatie was op {time}",
            "Laatste gegevenssynchronisatie: {time}",
            "Laatste synchronisatie: {time}",
            "Laatste gegevenssynchronisatie", "Laatste synchronisatie", "Laatste geslaagde synchronisatie",
            "Laatst gesynchroniseerd", "Tijd van laatste synchronisatie",
        ),
    ),
    "failover.last_sync_status": guessed(
        "Status laatste gegevenssynchronisatie", "Status van laatste synchronisatie", "Status laatste synchronisatie",
        "Status van de laatste gegevenssynchronisatie", "Synchronisatiestatus", "Resultaat laatste synchronisatie",
        "Status van laatste gegevenssynchronisatie",
    ),
    "failover.syncing": guessed(
        "gegevenssynchronisatie wordt uitgevoerd", "synchronisatie wordt uitgevoerd", "synchronisatie is bezig",
        "gegevenssynchronisatie is bezig", "bezig met synchroniseren", "wordt gesynchroniseerd",
        "worden gesynchroniseerd", "gegevenssynchronisatie loopt", "synchronisatie loopt", "synchronisatie bezig",
    ),
    "failover.sync_failed": guessed(
        "gegevenssynchronisatie is mislukt", "gegevenssynchronisatie mislukt", "synchronisatie is mislukt",
        "synchronisatie mislukt", "synchronisatie is niet gelukt", "kon niet worden gesynchroniseerd",
        "synchronisatiefout", "fout bij synchroniseren", "fout bij de synchronisatie", "fout tijdens synchronisatie",
        "fout bij de gegevenssynchronisatie", "fout tijdens de gegevenssynchronisatie", "synchronisatie is afgebroken",
    ),
    "failover.peer": (
        *translated("7.3", "Status van peer-host", "Status van peerhost"),
        *guessed("Peer", "Peer-host", "Andere host", "Status van de andere host", "Adres van peer"),
    ),
    "failover.automatic": (
        *translated("6.3", "Automatische omschakeling inschakelen"),
        *guessed("Schakel automatische omschakeling in", "Automatische failover inschakelen"),
    ),
    "failover.key_differs": guessed(
        "gedeelde sleutel komt niet overeen", "gedeelde sleutels komen niet overeen", "sleutel is niet gelijk",
        "gedeelde sleutel moet",
    ),
    "security.pre_shared_key": (
        *translated("7.2", "Vooraf gedeelde sleutel voor communicatie tussen apparaten"),
        *guessed(
            "Vooraf gedeelde sleutel voor communicatie tussen apparatuur", "Vooraf gedeelde sleutel",
            "Vooraf-gedeelde sleutel voor communicatie tussen apparaten", "Gedeelde sleutel",
        ),
    ),
    "security.save": (
        *documented("11.5", "Veranderingen opslaan"),
        *guessed("Wijzigingen opslaan", "Opslaan", "Toepassen", "Bijwerken"),
    ),
}

_OTHER: dict[str, tuple[Word, ...]] = {
    "jump_clients.max_upgrades": (
        *documented("11.5", "Maximaal aantal gelijktijdige upgrades van Jump-clients"),
        *guessed(
            "Maximumaantal gelijktijdige upgrades van Jump-clients",
            "Maximaal aantal gelijktijdige Jump Client-upgrades",
            "Maximaal aantal gelijktijdige upgrades van Jump Clients",
        ),
    ),
    "jump_clients.save": (
        *documented("11.5", "Veranderingen opslaan"),
        *guessed("Wijzigingen opslaan", "Opslaan", "Toepassen", "Bijwerken"),
    ),
    "jump_clients.pending": documented("11.5", "Upgrade in behandeling"),
    "confirm.yes": guessed("Ja", "OK", "Bevestigen", "Doorgaan", "Ja, doorgaan", "Ik weet het zeker", "Accepteren"),
    "confirm.no": guessed("Nee", "Annuleren", "Terug", "Afbreken", "Ga terug"),
    "choice.on": guessed("Ja", "Aan", "Ingeschakeld", "Inschakelen", "Actief", "Waar"),
    "choice.off": guessed("Nee", "Uit", "Uitgeschakeld", "Uitschakelen", "Inactief", "Onwaar"),
    "javascript.needed": guessed(
        "JavaScript inschakelen", "schakel JavaScript in", "JavaScript is vereist", "JavaScript vereist",
        "JavaScript moet zijn ingeschakeld", "JavaScript is uitgeschakeld", "zonder JavaScript",
    ),
    "error": guessed(
        "fout", "mislukt", "kon niet", "kan niet", "ongeldig", "is verplicht", "is vereist", "niet toegestaan",
        "mag niet", "geweigerd", "niet geldig",
    ),
    "saved": guessed(
        "met succes opgeslagen", "wijzigingen opgeslagen", "wijzigingen zijn opgeslagen", "veranderingen opgeslagen",
        "veranderingen zijn opgeslagen", "instellingen opgeslagen", "instellingen zijn opgeslagen", "is opgeslagen",
        "zijn opgeslagen", "opgeslagen", "met succes bijgewerkt", "gelukt",
    ),
    "not_permitted": guessed(
        "geen toestemming", "niet toegestaan", "toegang geweigerd", "niet gemachtigd", "onvoldoende rechten",
        "geen rechten",
    ),
}

DUTCH: dict[str, tuple[Word, ...]] = {
    **APPLIANCE, **_MENU, **_LOGIN, **_SOFTWARE, **_FAILOVER, **OFFLINE_DUTCH, **_OTHER,
}
