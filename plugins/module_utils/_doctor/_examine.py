# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The whole examination of one box: who answers, its certificate and clock, its accounts, its APIs, its pages.

Few requests, all of which only ask: GET, a token, and one log-in on each of the two sites.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import partial

from ansible_collections.bt_ops.pra.plugins.module_utils import _certificates, _clock
from ansible_collections.bt_ops.pra.plugins.module_utils._api._command import Health
from ansible_collections.bt_ops.pra.plugins.module_utils._api._door import PRA, Door
from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box, Identity
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor import _apis
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._appliance_pages import (
    BASICS,
    look_at_appliance,
    look_at_settings,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._eye import Eye, Told, Visit
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._findings import (
    CAPABILITIES,
    PAGE,
    Finding,
    Report,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._login_pages import (
    FAILOVER,
    look_at_backup_form,
    look_at_login,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._doctor._verdicts import Question
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    BtError,
    NeedsPerson,
    PageIsApplication,
    PageNotUnderstood,
    Refused,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._version import Version
from ansible_collections.bt_ops.pra.plugins.module_utils._web._failover_page import read_failover
from ansible_collections.bt_ops.pra.plugins.module_utils._web._login import agreement

SOON_DAYS = 30
_NO_DOOR = Door(healthy=None, product="", asks_for_token=False, box_time=None, told="")
INFORMATION = ("menu.status", "menu.information")
_NEW_BOX = "a new box knows its factory account only until a backup is restored on it, so it is not entered here"


@dataclass(frozen=True)
class Case:
    """A box and what is planned for it; `site_hostname` is the public name that it must be able to serve, `together`
    names the boxes that are looked at with it."""

    box: Box
    question: Question
    site_hostname: str = ""
    eula_by: str = ""
    bare: bool = False
    together: tuple[str, ...] = ()

    @property
    def is_new(self) -> bool:
        """Whether the box is only looked at as the new one of a move, or has no site software yet (`bare`)."""
        return self.bare or self.question.procedures == ("migration_new",)


def examine(case: Case) -> Report:
    """Find out everything that can be known beforehand.

    :raises Unreachable: nothing answers, or its site is not up.
    :raises TlsRefused: its certificate is not trusted; nothing was sent.
    """
    box = case.box
    report = Report(box.name, str(box.connection.endpoint))
    door: Door | None = None
    try:
        door = box.door()
    except Unreachable:
        if not _is_bare(box):
            raise
    if door is None or (not door.is_box and _is_bare(box)):
        report.what = "a box on which no site software is installed yet, or none is up"
        report.notes.append(report.what)
        _look_at_certificates(case, report)
        _look_inside(replace(case, bare=True), report, door or _NO_DOOR, None)
        return report
    skew = None if door.box_time is None else door.box_time - time.time()
    if not _is_box(box, door):
        report.is_box = False
        report.what = f"what answers at {report.host} is no such box (its health probe answers {door.told})"
        report.troubles.append(report.what)
        return report
    report.what = "PRA" if door.product == PRA else door.product
    if door.product not in ("", PRA):
        report.notes.append(f"the box calls its product {door.product!r}, which is not that of PRA ({PRA!r})")
    _look_at_certificates(case, report)
    try:
        _look_inside(case, report, door, skew)
    except Refused as error:  # another box than the one that was named: nothing more is asked of it
        report.troubles.append(error.what.rstrip("."))
    return report


def _is_bare(box: Box) -> bool:
    """Whether the box has its base software alone."""
    try:
        return box.lacks_software() and box.appliance.front().is_login
    except (PageNotUnderstood, NeedsPerson, Unreachable):
        return False


def _is_box(box: Box, door: Door) -> bool:
    """Whether a box answers: by what it tells of itself, else by its health probe and a page that lets people in."""
    if door.is_box or door.healthy is None:
        return door.is_box
    try:
        front = box.login.front()
    except (NeedsPerson, PageIsApplication):
        return True
    except (PageNotUnderstood, Unreachable):
        return False
    lets_in = front.is_login or agreement(front, before_login=True) is not None or front.offers("login.single_sign_on")
    return lets_in or front.is_application


def _look_at_certificates(case: Case, report: Report) -> None:
    """The certificate that the box shows for its own name, and for the site's, under which it is verified later."""
    for name in dict.fromkeys(["", case.site_hostname]):
        try:
            shown = _certificates.look(case.box, "", name)
        except BtError as error:
            report.notes.append(f"the certificate cannot be looked at: {error.what}")
            continue
        report.certificates.append(shown.facts())
        late = shown.certificate.trouble()
        if late:
            report.troubles.append(f"the certificate for {shown.asked} {late}")
            continue
        days = shown.certificate.days_left()
        if days < SOON_DAYS:
            report.notes.append(f"the certificate for {shown.asked} expires in {days:.0f} days")
        troubles = shown.troubles("the box")
        report.notes += troubles
        if name and troubles:
            report.facts["site_certificate"] = troubles[0]


def _look_inside(case: Case, report: Report, door: Door, skew: float | None) -> None:
    box, question = case.box, case.question
    login, appliance = Visit(box, "login"), Visit(box, "appliance")
    if case.is_new:
        api = _apis.ApiLook(login.stay_outside(_NEW_BOX))
        accounts = [api.account]
    else:
        api = _apis.ask_apis(box)
        if api.health is not None:
            box.recognise(Identity(appliance_id=api.health.appliance_id))
        accounts = [api.account, login.enter()]
    report.accounts = [*accounts, appliance.enter()]
    _look_at_clock(case, report, skew if api.skew is None else api.skew)
    report.facts["api"] = _apis.versions(api)
    _look_at_state(case, report, api, login, door)
    report.add(appliance.examine("basics", BASICS, partial(_basics, case, report)))
    role = str(report.facts.get("failover_role") or "")
    for finding in look_at_login(login, role):
        report.add(finding)
    report.add(_apis.backup_of(api, partial(look_at_backup_form, login, role)))
    report.add(_apis.clients_by_api(api))
    report.add(_apis.presence_by_api(api))
    for finding in look_at_appliance(appliance, report, question.shared_ip, case.eula_by):
        report.add(finding)
    if "migration_old" in question.procedures:
        report.add(look_at_settings(appliance))
    for visit in (login, appliance):
        if visit.sees_nothing():
            _blame_account(report, visit)
    report.findings = {name: report.findings[name] for name in CAPABILITIES if name in report.findings}


def _look_at_clock(case: Case, report: Report, skew: float | None) -> None:
    """Tell how wrong the clock of the box is."""
    if skew is None:
        return
    report.skew = round(skew, 1)
    wrong = _clock.trouble(case.box.name, time.time() + skew)
    if wrong:
        report.troubles.append(f"{_half(wrong)}; {_half(_clock.ADVICE)}")


def _half(sentence: str) -> str:
    """A sentence as a part of another one."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _look_at_state(case: Case, report: Report, api: _apis.ApiLook, login: Visit, door: Door) -> None:
    """Health, version and role: by API, else by pages."""
    finding = _apis.health_by_api(api)
    if finding is not None and api.health is not None:
        _tell_health(report, api.health)
        report.add(finding)
        return
    told, right = _apis.why_no_health(api)
    shown = login.examine("health", INFORMATION, partial(_information, report))
    role = login.examine("health", FAILOVER, partial(_role, report))
    worse = shown if shown.state != "ready" else role
    where = f"{shown.where} and {role.where}" if worse.state == "ready" else worse.where
    seen = (*shown.seen, *role.seen)
    if worse.state == "by_hand":  # without this nobody sees what a step has done, whoever does it
        what = f"neither an API nor a page tells version and role: {worse.told}"
        worse = replace(worse, state="not_ready", told=what)
    report.add(Finding("health", worse.state, PAGE, where, worse.told or told, right, seen=seen, copy=worse.copy))
    report.facts["healthy"] = door.healthy
    if door.healthy is False:
        report.troubles.append("the box is not healthy: its health probe answers 500")


def _tell_health(report: Report, health: Health) -> None:
    report.facts.update(
        product_version=health.version.text if health.version else None,
        product_build=health.build or None,
        appliance_id=health.appliance_id or None,
        host_name=health.host_name or None,
        healthy=health.healthy,
        failover_role=health.role or None,
        enabled_shared_ips=list(health.shared_ips),
        last_sync_status=health.last_sync_status or None,
    )
    if not health.healthy:
        report.troubles.append(f"the box is not healthy: {health.message or 'it gives no reason'}")


def _information(report: Report, eye: Eye) -> Told | None:
    version = Version.find(eye.value("information.product_version"))
    build = eye.value("information.product_build") or (version.build if version else "")
    if version is None:
        raise eye.page.not_understood("value", "information.product_version", [], eye.page)
    report.facts.update(product_version=version.text, product_build=build or None)
    return None


def _role(report: Report, eye: Eye) -> Told | None:
    report.facts["failover_role"] = read_failover(eye.page).role
    return None


def _basics(case: Case, report: Report, eye: Eye) -> Told | None:
    base = Version.find(eye.value("basics.base_version"))
    serial, identity = eye.value("basics.serial"), eye.value("basics.appliance_id")
    report.facts.update(serial=serial or None, base_version=base.text if base else None)
    report.facts["system_time"] = eye.value("basics.system_time") or None
    case.box.recognise(Identity(appliance_id=identity, serial=serial))
    if base is None:
        raise eye.page.not_understood("value", "basics.base_version", [], eye.page)
    return None


def _blame_account(report: Report, visit: Visit) -> None:
    """Where not one page is found by an account that came in, the account or the language is to be mended."""
    for name, finding in report.findings.items():
        if finding.state == "by_hand" and finding.where.startswith(visit.root):
            report.findings[name] = replace(finding, state="not_ready", told=visit.blame, right=visit.blame)
