# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An operator in front of a box of the era `app`: one method for each thing a person does there. Tests only."""

from __future__ import annotations

from collections.abc import Mapping

from simbox.words import Language, Words
from tests.simbox.application import Application, Value


class Refused(Exception):
    """The box said why it did not do something; the text is what it said."""


class Operator:
    """Somebody with one account, who logs in when that is needed. `url` is a box's own, `ca` the path of its CA.

    The methods answer what the box said, and raise Refused where it said no. They do not wait: what takes time goes on
    when they return.
    """

    def __init__(self, url: str, username: str, password: str, ca: str, language: Language = "en") -> None:
        self.words = Words(language, older=False)
        self._url = url
        self._account = (username, password)
        self._ca = ca
        self._sites: dict[str, Application] = {}

    # /login

    def sync(self) -> str:
        """Management > Failover: "Sync Now"."""
        return self._press(self._failover(), "failover_sync")

    def break_relationship(self) -> str:
        """Management > Failover: "Break Failover Relationship"."""
        return self._press(self._failover(), "failover_break")

    def establish(self, there: str, here: str, port: int = 443) -> str:
        """Management > Failover on the box that becomes primary: `there` is the new backup, `here` this box."""
        host, label = self.words("failover_host"), self.words("failover_port")
        values: dict[str, Value] = {host: there, label: str(port), f"{host}#2": here, f"{label}#2": str(port)}
        return self._press(self._failover(), "failover_establish", values)

    def become_primary(self, sync_first: bool = False) -> str:
        """Management > Failover: "Become Primary"."""
        return self._swap("become_primary", "pull_first", sync_first)

    def become_backup(self, sync_first: bool = False) -> str:
        """Management > Failover: "Become Backup"."""
        return self._swap("become_backup", "sync_first", sync_first)

    def role(self) -> str:
        """What Management > Failover says of this box."""
        page, label = self._failover(), self.words("failover_this_status")
        if label not in page.text:
            return self.words("failover_role_none")
        return self._fact(page, label)

    def backup(self, password: str = "", history: bool = True) -> bytes:
        """Management > Software: "Download Backup"."""
        page, words = self._software(), self.words
        labels = (words("backup_password"), words("backup_confirm"), words("backup_history"))
        page.press(words("backup_download"), {labels[0]: password, labels[1]: password, labels[2]: history})
        return self._file(page)

    def restore(self, file: bytes, password: str = "") -> str:
        """Management > Software: "Upload Backup"."""
        values: dict[str, Value] = {self.words("restore_file"): file, self.words("backup_password"): password}
        return self._press(self._software(), "restore_upload", values)

    def preshared_key(self, key: str) -> str:
        """Management > Security: the key of a failover pair."""
        page = self._at("login", "management", "security")
        return self._press(page, "save_changes", {self.words("security_key"): key})

    def client_limit(self, count: int) -> str:
        """Jump > Jump Clients: how many upgrade at once."""
        page = self._at("login", "jump", "jump_clients")
        return self._press(page, "save", {self.words("clients_limit"): str(count)})

    # /appliance

    def check(self) -> list[str]:
        """Updates: "Check for Updates"; titles of what can be installed, or could if something else were."""
        page = self._at("appliance", "updates")
        self._press(page, "updates_check")
        return self._titles(page)

    def install(self, title: str = "", agree: bool = True) -> str:
        """Updates: "Install This Update", of that title or else of the first that can be; accepts an agreement."""
        page = self._at("appliance", "updates")
        if self.words("updates_install") not in page.buttons():
            self._press(page, "updates_check")
        titles = self._titles(page, installable=True)
        if not titles or (title and title not in titles):
            raise Refused(f"nothing to install; there is {titles}")
        said = self._press(page, "updates_install", number=titles.index(title) if title else 0)
        if agree and self.words("eula_accept") in page.buttons():
            said = self._press(page, "eula_accept", {self.words("eula_agree"): True})
        return said

    def updating(self) -> bool:
        """Does Updates show an installation that goes on?"""
        return self.words("updates_progress_section") in self._at("appliance", "updates").text

    def upload_package(self, file: bytes) -> str:
        """Updates: a package by hand."""
        return self._press(self._at("appliance", "updates"), "manual_upload", {self.words("manual_file"): file})

    def download_key(self) -> str:
        """Updates: the key for the vendor's server."""
        page = self._at("appliance", "updates")
        page.open(self.words("download_key"))
        return self._fact(page, self.words("download_key"))

    def shared_ip(self, address: str, on: bool) -> str:
        """Networking > IP Configuration: an address is used or not."""
        page = self._at("appliance", "networking", "ip_configuration")
        page.open(address)
        return self._press(page, "save_changes", {self.words("ip_enabled"): on})

    def restart(self) -> str:
        """Status > Basics: restart."""
        return self._press(self._at("appliance", "status", "basics"), "basics_restart")

    def shut_down(self) -> str:
        """Status > Basics: shut down."""
        return self._press(self._at("appliance", "status", "basics"), "basics_shut_down")

    def factory_reset(self) -> str:
        """Status > Basics: reset to factory defaults, asked and confirmed."""
        page = self._at("appliance", "status", "basics")
        self._press(page, "reset")
        return self._press(page, "reset")

    def export_certificate(self, name: str, passphrase: str) -> bytes:
        """Security > Certificates: one with key and chain, by its friendly name."""
        page, words = self._at("appliance", "security", "certificates"), self.words
        ticked: dict[str, Value] = {
            words("certificates_select", name=name): True,
            words("certificates_action"): words("certificates_export"),
        }
        self._press(page, "certificates_apply", ticked)
        parts = {words(f"certificates_include_{part}"): True for part in ("leaf", "key", "chain")}
        page.press(words("certificates_export"), {**parts, words("certificates_passphrase"): passphrase})
        return self._file(page)

    def import_certificate(self, file: bytes, passphrase: str, name: str = "") -> str:
        """Security > Certificates: "Import"."""
        page, words = self._at("appliance", "security", "certificates"), self.words
        self._press(page, "certificates_import")
        labels = (words("certificates_file"), words("certificates_passphrase"), words("certificates_new_name"))
        return self._press(page, "upload", {labels[0]: file, labels[1]: passphrase, labels[2]: name})

    # How

    def _at(self, application: str, *keys: str) -> Application:
        page = self._sites.setdefault(application, Application(self._url, self._ca, application))
        page.get(f"/{application}")
        words = self.words
        if words("agreement_accept") in page.buttons():
            page.press(words("agreement_accept"))
        if not page.page["user"]:
            username, password = self._account
            page.press(words("log_in"), {words("username"): username, words("password"): password})
        if not page.page["user"]:
            raise Refused(" ".join(text for _tone, text in page.messages) or page.page["title"])
        page.open(*(words(key) for key in keys))
        return page

    def _failover(self) -> Application:
        return self._at("login", "management", "failover")

    def _software(self) -> Application:
        return self._at("login", "management", "software")

    def _press(
        self,
        page: Application,
        key: str,
        values: Mapping[str, Value] | None = None,
        number: int = 0,
    ) -> str:
        page.press(self.words(key), values, number)
        said = " ".join(text for _tone, text in page.messages)
        if any(tone == "error" for tone, _text in page.messages):
            raise Refused(said)
        return said

    def _swap(self, button: str, first: str, sync_first: bool) -> str:
        page = self._failover()
        # The label names the peer.
        label = next((label for label in page.labels() if label.startswith(self._start(first))), "")
        return self._press(page, f"failover_{button}", {label: sync_first})

    def _start(self, key: str) -> str:
        return self.words(f"failover_{key}", peer="\n").partition("\n")[0]

    def _titles(self, page: Application, installable: bool = False) -> list[str]:
        return [card["title"] for card in page.cards() if not installable or _can_be_pressed(card)]

    def _fact(self, page: Application, label: str) -> str:
        return next(value for name, value in page.facts() if name == label)

    def _file(self, page: Application) -> bytes:
        if "Content-Disposition" not in page.response.headers:
            raise Refused(" ".join(text for _tone, text in page.messages))
        return page.response.content


def _can_be_pressed(card: dict[str, object]) -> bool:
    items = card["items"]
    assert isinstance(items, list)
    return any(button["enabled"] for item in items if item["kind"] == "form" for button in item["buttons"])
