# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Log-in pages, agreements and JavaScript applications are told from everything else."""

from __future__ import annotations

import pytest

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import LoginRefused, NeedsPerson, PageIsApplication
from ansible_collections.bt_ops.pra.plugins.module_utils._web._login import Account, agreement, pass_login
from ansible_collections.bt_ops.pra.plugins.module_utils._web._page import Page, Submission
from tests.unit.web.pages import page_of

ACCOUNT = Account("admin", "s3cret")
PAIR = "<input name=u><input name=p type=password>"

LOGINS = {
    "labels": (
        "<form><label>Username<input name=u></label><label>Password<input name=p type=password></label>"
        "<button>Login</button></form>"
    ),
    "no words at all": f"<form>{PAIR}<button>&gt;</button></form>",
    "another language": f"<form>Benutzername {PAIR} <input type=submit value=Anmelden></form>",
    "with language and agreement": (
        f"<form>{PAIR}<select name=l><option>en</select><input type=checkbox name=a><button>Go</button></form>"
    ),
    "beside a language form": (
        f"<form><select name=l><option>en<option>nl</select><button>OK</button></form><form>{PAIR}</form>"
    ),
    "with single sign-on beside it": f"<form>{PAIR}<button>Login</button></form><a href=/saml>Log in with SAML</a>",
    "user name first": "<form><label>Username<input name=u></label><button>Next</button></form>",
    "password second": (
        "<form><input type=hidden name=u value=admin><label>Password<input type=password name=p></label>"
        "<button>Sign in</button></form>"
    ),
    "e-mail": (
        "<form><input type=email name=u autocomplete=username><input type=password name=p><button>Login</button>"
        "</form>"
    ),
}
NO_LOGINS = {
    "backup": (
        "<form><label>Backup Password<input type=password></label><label>Confirm Password<input type=password>"
        "</label><button>Download Backup</button></form>"
    ),
    "restore": "<form><input type=file name=f><input type=password name=p><button>Upload Backup</button></form>",
    "new user": (
        "<form><input name=u><input type=password name=p><input type=password name=q><button>Save</button></form>"
    ),
    "passphrase": (
        "<form><input type=checkbox><label>Passphrase<input type=password></label><button>Export</button></form>"
    ),
    "search": "<form><input name=q><button>Search</button></form>",
    "behind the log-in": f"<a href=/out>Log Out</a><form>{PAIR}<button>Test connection</button></form>",
    "text": "<p>Username and Password are needed.</p>",
    "many fields": f"<form>{PAIR}<input name=host><input name=port><button>Save</button></form>",
    "pre-shared key": (
        "<form><label>Inter-appliance Communication Pre-shared Key<input type=password></label><button>Save</button>"
        "</form>"
    ),
}


@pytest.mark.parametrize("case", LOGINS)
def test_login_page(case: str) -> None:
    assert page_of(LOGINS[case]).is_login


@pytest.mark.parametrize("case", NO_LOGINS)
def test_no_login_page(case: str) -> None:
    assert not page_of(NO_LOGINS[case]).is_login


APPLICATIONS = {
    "root": "<div id=app></div><script src=/a.js></script>",
    "module": "<script type=module src=/a.js></script>",
    "root with a spinner": "<div id=root><p>Loading...</p></div><script src=/a.js></script>",
    "own element": "<bt-shell></bt-shell><script src=/a.js></script>",
    "noscript": "<noscript>You need to enable JavaScript to run this app.</noscript><script src=/a.js></script>",
    "data in the page": "<div id=app data-page='{&quot;a&quot;:1}'></div><script defer src=/a.js></script>",
    "menu drawn, content not": "<nav><a href=/s>Status</a></nav><div id=app></div><script src=/a.js></script>",
    "buttons without forms": "<div id=app><button>Sync Now</button></div><script type=module src=/a.js></script>",
}
NO_APPLICATIONS = {
    "form and module": "<form><input name=a><button>Go</button></form><script type=module src=/a.js></script>",
    "text": "<h1>Status</h1><p>Serial Number: 1</p><script>var a = 1;</script>",
    "text with root": (
        "<div id=app><h1>Status</h1><p>Serial Number: 1. Version 1. All is well with this appliance.</p>"
        "<a href=/x>x</a></div>"
    ),
    "links and module": "<nav><a href=/s>Status</a></nav><p>Welcome.</p><script type=module src=/a.js></script>",
    "nothing": "",
}


@pytest.mark.parametrize("case", APPLICATIONS)
def test_javascript_application(case: str) -> None:
    page = page_of(APPLICATIONS[case])
    assert page.is_application
    with pytest.raises(PageIsApplication, match="JavaScript"):
        page.button("failover.break")


@pytest.mark.parametrize("case", NO_APPLICATIONS)
def test_no_javascript_application(case: str) -> None:
    assert not page_of(NO_APPLICATIONS[case]).is_application


AGREEMENTS = {
    "button": (
        "<h1>Login Agreement</h1><form method=post><input type=hidden name=t value=1><button>Accept</button></form>"
    ),
    "two buttons": (
        "<h2>Prerequisite Login Agreement</h2><form method=post><button>I Agree</button><button>Decline</button>"
        "</form>"
    ),
    "box": (
        "<h1>Terms of Use</h1><form method=post><label><input type=checkbox name=a>I accept</label>"
        "<button>Continue</button></form>"
    ),
    "link": "<h1>Legal Notice</h1><a href=/login/agreed>Continue</a>",
}
NO_AGREEMENTS = {
    "inside": "<a href=/out>Log Out</a><h1>Login Agreement</h1><form method=post><button>Accept</button></form>",
    "setting": "<h1>Login Agreement</h1><form method=post><textarea name=t></textarea><button>Accept</button></form>",
    "other question": "<h1>Break?</h1><form method=post><button>Continue</button></form>",
    "licence": "<h1>License Agreement</h1><form method=post><button>I Accept</button></form>",
    "licence at the log-in": (
        "<title>EULA</title><p>Login Agreement</p><form method=post><button>Accept</button></form>"
    ),
    "landing page": "<h1>Welcome</h1><a href=/login/home>Continue</a>",
}


@pytest.mark.parametrize("case", AGREEMENTS)
def test_agreement(case: str) -> None:
    assert agreement(page_of(AGREEMENTS[case])) is not None


@pytest.mark.parametrize("case", NO_AGREEMENTS)
def test_no_agreement(case: str) -> None:
    assert agreement(page_of(NO_AGREEMENTS[case])) is None


def test_agreement_of_any_name_only_where_the_login_should_be() -> None:
    page = page_of("<h1>Authorised use only</h1><form method=post><button>I Agree</button></form>")
    assert agreement(page) is None
    assert agreement(page, before_login=True) is not None
    page = page_of("<h1>Welcome</h1><form method=post><button>Continue</button></form>")
    assert agreement(page, before_login=True) is None
    page = page_of("<h1>License Agreement</h1><form method=post><button>I Agree</button></form>")
    assert agreement(page, before_login=True) is None


def logged_in(*bodies: str) -> tuple[Page, list[Submission]]:
    """Go through pages one after the other, as a box would show them; what was sent between."""
    pages = [page_of(body) for body in bodies]
    sent: list[Submission] = []

    def send(submission: Submission) -> Page:
        sent.append(submission)
        return pages[len(sent)]

    return pass_login(pages[0], ACCOUNT, send), sent


def test_login_in_two_steps_with_agreement_behind() -> None:
    page, sent = logged_in(LOGINS["user name first"], LOGINS["password second"], AGREEMENTS["button"], "<h1>Home</h1>")
    assert page.heading == "Home"
    assert [dict(each.fields) for each in sent] == [{"u": "admin"}, {"u": "admin", "p": "s3cret"}, {"t": "1"}]


def test_agreement_box_in_the_login_form_is_ticked_and_other_boxes_are_not() -> None:
    body = (
        f"<form>{PAIR}<input type=checkbox name=r> Remember me<br>"
        f"<input type=checkbox name=a required> Terms<button name=b>Login</button></form>"
    )
    _page, sent = logged_in(body, "<h1>Home</h1>")
    assert dict(sent[0].fields) == {"u": "admin", "p": "s3cret", "a": "on", "b": ""}


def test_login_form_without_button_is_sent_as_by_the_enter_key() -> None:
    assert logged_in((
        f"<form action=/in method=post>{PAIR}</form>"
    ), "<h1>Home</h1>")[1][0].target == "https://box.example/in"


def test_login_button_is_not_the_one_for_single_sign_on() -> None:
    body = f"<form>{PAIR}<button name=s>Log in with SSO</button><button name=l>Log in</button></form>"
    assert ("l", "") in logged_in(body, "<h1>Home</h1>")[1][0].fields


@pytest.mark.parametrize(
    ("bodies", "error", "match"),
    [
        ((LOGINS["labels"], LOGINS["labels"]), LoginRefused, "refuses"),
        ((LOGINS["labels"], f"<p>Invalid credentials.</p>{LOGINS['labels']}"), LoginRefused, "Invalid credentials"),
        ((LOGINS["labels"], "<p>Your account is locked.</p>"), LoginRefused, "has locked"),
        ((LOGINS["user name first"], LOGINS["user name first"]), LoginRefused, "refuses"),
        ((LOGINS["labels"], (
            "<p>Enter the code of your authenticator</p><form><input name=c><button>OK</button></form>"
        )), NeedsPerson, "second factor"),
        ((LOGINS["labels"], (
            "<form><input name=c autocomplete=one-time-code><button>OK</button></form>"
        )), NeedsPerson, "second factor"),
        (("<a href=/saml>Log in with SAML</a>",), NeedsPerson, "single sign-on"),
        (("<form><input type=hidden name=SAMLRequest value=x></form>",), NeedsPerson, "SAML"),
        ((LOGINS["labels"], APPLICATIONS["root"]), PageIsApplication, "JavaScript"),
    ],
)
def test_logins_that_end(bodies: tuple[str, ...], error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        logged_in(*bodies)
