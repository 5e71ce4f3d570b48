# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Getting past the log-in page of a site: agreements, one or two steps, and everything only a person can do.

A refused log-in is never tried again: boxes lock accounts (appliance-interface.md 11.2, point 8).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    LoginRefused,
    NeedsPerson,
    PageNotUnderstood,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._web._controls import Button, Field
from ansible_collections.bt_ops.pra.plugins.module_utils._web._kind import LoginForm, login_form
from ansible_collections.bt_ops.pra.plugins.module_utils._web._names import nameless
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page, Submission, Value
from ansible_collections.bt_ops.pra.plugins.module_utils._web._text import is_one_of

MOST_STEPS = 6  # pages between the first one and the site itself
MOST_BUTTONS = 3  # of a page that only wants to be agreed to
_SITES = ("login", "appliance")
_NO_ACCOUNT_CHANGE = "Nothing was changed."


@dataclass(frozen=True)
class Account:
    """An account of one of the two sites."""

    username: str
    password: str = field(repr=False)

    @property
    def mark(self) -> str:
        """Tells it from another, or an old password from a new one; too short to say anything about either."""
        return hashlib.sha256(f"{self.username}\0{self.password}".encode()).hexdigest()[:4]


class NewPasswordWanted(NeedsPerson):
    """The account is accepted, but its password must be changed before anything else; `page` is that page."""

    def __init__(self, page: Page, account: Account) -> None:
        super().__init__(
            f"{page.box or 'The box'} wants a new password for the account {account.username!r} before anything else.",
            advice="Log in once with a browser and change it, then give the new password.",
        )
        self.page = page


def pass_login(page: Page, account: Account, send: Callable[[Submission], Page]) -> Page:
    """Log in, beginning at any page; gives the first page behind the log-in.

    :param send: sends a form and gives the page that comes back.
    :raises LoginRefused: the box refused the account, or has locked it.
    :raises NeedsPerson: it asks for a second factor, single sign-on or a new password.
    """
    asked: LoginForm | None = None
    for _step in range(MOST_STEPS):
        form = login_form(page)
        if form is not None and asked is not None and not _is_next_step(asked, form):
            raise _refused(page, account)
        if form is not None:
            submission = _filled(page, form, account)
            asked = form
        else:
            accepted = agreement(page, before_login=True)
            if accepted is None:
                stop_if_person_needed(page, account, asked is not None)
                return page
            submission = accepted
        page = send(submission)
    raise PageNotUnderstood(
        f"{page.box or 'The box'} shows page after page instead of letting {account.username!r} in."
        f" The last is {page.where}.",
        state=_NO_ACCOUNT_CHANGE,
    )


def agreement(page: Page, before_login: bool = False) -> Submission | None:
    """What is sent to agree to a log-in agreement, None where the page is none.

    :param before_login: the page came where the log-in should; then "I Agree" is enough, whatever the page is called.
    """
    if page.offers("menu.logout") or page.status >= 400 or _is_licence(page):
        return None
    fields = [each for each in page.fields() if each.kind != "checkbox"]
    if fields or len([button for button in page.controls.buttons if button.acts]) > MOST_BUTTONS:
        return None
    words = page.words.of("agreement.title")
    titles = [page.title, *(name for section in page.all_sections for name in section.names)]
    named = any(is_one_of(title, words) for title in titles) or "agreement" in urlsplit(page.url).path.lower()
    if not named and not before_login:
        return None
    named = named or page.says("agreement.title") is not None
    button = page.maybe_button("agreement.accept" if named else "agreement.agree")
    if button is None:
        return None
    ticks: dict[Field, Value] = {each: True for each in page.fields() if each.form == button.form}
    return page.fill(ticks, button)


def _is_licence(page: Page) -> bool:
    """Whether the page is about a licence agreement, which only a named person may accept (G41)."""
    words = page.words.of("eula.title")
    titles = [page.title, *(name for section in page.all_sections for name in section.names)]
    return any(is_one_of(title, words) for title in titles) or page.says("eula.title") is not None


def _is_next_step(asked: LoginForm, form: LoginForm) -> bool:
    """Whether a log-in form is the second step of one that asked for the user name only."""
    return asked.password is None and form.password is not None and form.username is None


def _filled(page: Page, form: LoginForm, account: Account) -> Submission:
    values: dict[Field, Value] = {}
    if form.username is not None:
        values[form.username] = account.username
    if form.password is not None:
        values[form.password] = account.password
    for each in page.fields():
        if each.form == form.form and each.kind == "checkbox" and not each.checked and _is_agreement(page, each):
            values[each] = True
    return page.fill(values, _submit_button(page, form))


def _is_agreement(page: Page, each: Field) -> bool:
    words = page.words.of("agreement.accept")
    return each.required or any(is_one_of(name, words) for name in each.names.strong)


def _submit_button(page: Page, form: LoginForm) -> Button:
    """The button of the log-in form: by its words, else its only one, else the form is sent as by the Enter key."""
    own = [button for button in page.controls.buttons if button.form == form.form and button.acts]
    for words in page.words.ranks("login.submit"):
        named = [button for button in own if any(is_one_of(name, words) for name in button.names.strong)]
        if named:
            return named[0]
    if len(own) > 1:
        raise page.not_understood("button", "login.submit", [button.label for button in own], page)
    return own[0] if own else Button(page.document, form.form, nameless, form.form, "link")


def _refused(page: Page, account: Account) -> LoginRefused:
    locked, refused = page.says("login.locked"), page.says("login.refused")
    said = locked or refused
    told = f" It says: {said.text[:300]}" if said else ""
    what = "has locked" if locked else "refuses"
    site = urlsplit(page.url).path.strip("/").partition("/")[0]
    at = f" at /{site}" if site in _SITES else ""
    values = f"bt_{site}_username and bt_{site}_password" if at else "user name and password"
    return LoginRefused(
        f"{page.box or 'The box'} {what} the account {account.username!r}{at}.{told}",
        state=_NO_ACCOUNT_CHANGE,
        advice=f"It is not tried again, so that the account is not locked; check {values}."
        if not locked
        else f"Wait until the lock ends, or have it taken off; then check {values}.",
        page=page.title,
    )


def stop_if_person_needed(page: Page, account: Account, asked: bool) -> None:
    """Raise where the page is not the site itself but something between.

    :param asked: whether an account was given before this page came.
    """
    if page.offers("menu.logout"):
        _stop_if_password_wanted(page, account, asked)
        return
    box = page.box or "The box"
    if any(page.document.get(index, "name") == "SAMLRequest" for index in page.document.of_tag.get("input", ())):
        raise NeedsPerson(f"{box} logs its users in by SAML single sign-on, which a person has to do.")
    if page.says("login.locked") is not None:
        raise _refused(page, account)
    _stop_if_password_wanted(page, account, asked)
    codes = [each for each in page.fields() if each.attribute("autocomplete") == "one-time-code"]
    if codes or (page.fields() and page.says("login.second_factor") is not None):
        raise NeedsPerson(
            f"{box} asks for a second factor ({page.title or page.heading}), which a person has to give.",
            advice="Give an account that logs in with a password alone.",
        )
    if page.is_application:
        raise page.undrawn(path=page.url)
    if not asked and page.offers("login.single_sign_on"):
        raise NeedsPerson(
            f"{box} offers only single sign-on ({page.title}), which a person has to do.",
            advice="Give a page on which a local account can log in.",
        )
    if page.says("login.refused") is not None and not page.links():
        raise _refused(page, account)


def _stop_if_password_wanted(page: Page, account: Account, asked: bool) -> None:
    if not asked:
        return
    passwords = [each for each in page.fields() if each.kind == "password"]
    fresh = page.words.of("password.new") + page.words.of("password.again")
    named = any(is_one_of(name, fresh) for each in passwords for name in each.names.strong + each.names.weak)
    if len(passwords) > 1 and (named or page.says("password.must_change") is not None):
        raise NewPasswordWanted(page, account)
