# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The list of keys in docs/labels.md against the catalogue of words.

``python -m tests.guards.labels``, in the top folder of the checkout, writes the list anew.
"""

from __future__ import annotations

from pathlib import Path

from ansible_collections.bt_ops.pra.plugins.module_utils._web._words import CATALOGUE, Word

PAGE = Path("docs") / "labels.md"
BEGIN, END = "<!-- The keys, written by tests/guards/labels.py -->", "<!-- End of the keys -->"
MOST_WORDS = 3
MARKS = {"documented": "", "translated": " °", "guessed": " ?"}

# Where the words of a group of keys stand.
PLACES = {
    "menu": "Entries of the menus, and headings of the pages that they lead to",
    "login": "The log-in pages of both sites",
    "agreement": "A log-in agreement before them",
    "password": "The page that wants a new password",
    "session": "What a site says when a session has ended",
    "information": "`/login` > Status > Information",
    "failover": "`/login` > Management > Failover",
    "software": "`/login` > Management > Software: its sections",
    "backup": "`/login` > Management > Software: Backup Settings",
    "restore": "`/login` > Management > Software: Restore Settings",
    "security": "`/login` > Management > Security",
    "jump_clients": "`/login` > Jump > Jump Clients",
    "basics": "`/appliance` > Status > Basics",
    "reset": "`/appliance` > Status > Basics: reset to factory defaults",
    "shutdown": "`/appliance` > Status > Basics: shut down",
    "ip": "`/appliance` > Networking > IP Configuration",
    "certificates": "`/appliance` > Security > Certificates",
    "updates": "`/appliance` > Updates",
    "eula": "The licence agreement before an install",
    "server": "The vendor's update server, where packages are fetched with a download key",
    "confirm": "Pages and dialogs that ask whether you are sure",
    "choice": "Options of a field that is on or off",
    "error": "What any page says of something that went wrong",
    "saved": "What any page says of something that was saved",
    "not_permitted": "What any page says to an account that lacks a right",
    "javascript": "What a page says that is drawn by JavaScript",
}


def is_phrase(words: tuple[Word, ...]) -> bool:
    """Whether the words are looked for inside sentences, not compared with whole labels."""
    return any("{" in word.text or (word.text[0].islower() and " " in word.text) for word in words)


def listed() -> str:
    """The list as the page must hold it."""
    english = CATALOGUE["en"]
    groups: dict[str, list[str]] = {place: [] for place in PLACES}
    for key in english:
        groups.setdefault(key.partition(".")[0], []).append(key)
    lines = []
    for group, keys in groups.items():
        lines += ["", f"### {PLACES[group]}", "", "| key | English | Dutch |", "|---|---|---|"]
        for key in keys:
            kind = " (phrase)" if is_phrase(english[key]) else ""
            lines.append(f"| `{key}`{kind} | {_shown(english[key])} | {_shown(CATALOGUE['nl'][key])} |")
    return "\n".join([*lines[1:], ""])


def _shown(words: tuple[Word, ...]) -> str:
    """The first words, each with its mark."""
    more = f", and {len(words) - MOST_WORDS} more" if len(words) > MOST_WORDS else ""
    texts = [f"{word.text}{MARKS[word.mark]}".replace("|", "\\|") for word in words[:MOST_WORDS]]
    return ", ".join(texts) + more


def keys_documented(root: Path) -> list[str]:
    """A page whose list is not that of the catalogue."""
    path = root / PAGE
    if not path.is_file():
        return []
    _head, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    if not begin or END not in rest:
        return [f"{PAGE}: the marks around the list of keys are missing"]
    fits = rest.partition(END)[0].strip() == listed().strip()
    return [] if fits else [f"{PAGE}: its keys are not the catalogue's; write them with python -m tests.guards.labels"]


def write(root: Path) -> None:
    """Put the list into the page."""
    path = root / PAGE
    head, begin, rest = path.read_text(encoding="utf-8").partition(BEGIN)
    _old, end, tail = rest.partition(END)
    path.write_text(f"{head}{begin}\n{listed()}\n{end}{tail}", encoding="utf-8")


if __name__ == "__main__":
    write(Path.cwd())
