# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A step that a person does: written out, then waited for until its effect is seen on the box. Nobody is prompted.

At the deadline the run stops; what was done by hand until the same command is given again is seen by it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from ansible_collections.bt_ops.pra.plugins.module_utils._box import Box
from ansible_collections.bt_ops.pra.plugins.module_utils._context import Context
from ansible_collections.bt_ops.pra.plugins.module_utils._errors import (
    AnswerLost,
    ApiFailed,
    DeadlinePassed,
    NotDoneByHand,
    SessionEnded,
    Unreachable,
)
from ansible_collections.bt_ops.pra.plugins.module_utils._journal import Record, seconds_of
from ansible_collections.bt_ops.pra.plugins.module_utils._steps import STEPS
from ansible_collections.bt_ops.pra.plugins.module_utils._wait import Clock, Look, Patience, spell, wait_until

T = TypeVar("T")
Values = Mapping[str, object]

# So long a person who stands by usually needs, in seconds.
NORMAL_SECONDS = 600.0
# A person acts at once when the last one is seen, and a restart may be short: seconds between two looks at most.
LONGEST_PAUSE = 2.0
# For so many seconds a file that a person puts somewhere must not have grown.
STEADY_SECONDS = 3.0


def by_hand(box: Box, step: str) -> bool:
    """Whether a person does that step on the box."""
    return box.connection.manual.covers(step)


def would(box: Box, context: Context, step: str, sentence: str, values: Values | None = None) -> bool:
    """In check mode: note the act, or that a person would be asked for it, and give True."""
    return context.would(f"Asked a person to {_task(box, step, values)}." if by_hand(box, step) else sentence)


def told(box: Box, step: str, sentence: str) -> str:
    """The sentence of an act that is done, with who did it."""
    return f"{sentence.rstrip('.')}, by hand." if by_hand(box, step) else sentence


def written(box: Box, step: str, values: Values | None = None) -> list[str]:
    """The step as a person reads it: what, where, each thing to press or fill in, and what is waited for."""
    known = {"box": box.name, **(values or {})}
    form = STEPS[step]
    lines = [part for line in form.lines for part in line.format(**known).splitlines() if part]
    where = known.get("where") or f"{box.name} ({address_of(box)})"
    seconds = spell(box.connection.manual.timeout)
    return [
        f"BY HAND, {step} ({', '.join(form.guide)}): {form.task.format(**known)}",
        f"  on {where}, {form.page}",
        *(f"  {number}. {line}" for number, line in enumerate(lines, start=1)),
        f"  Waited for: {form.effect.format(**known)}; for {seconds} (bt_manual_timeout).",
    ]


def open_request(context: Context, box: Box, step: str) -> Record | None:
    """What was asked of a person on the box and has not been seen since; None for nothing."""
    asked: Record | None = None
    for record in context.journal.records():
        if record["kind"] == "finished":
            asked = None
        elif record.get("box") == box.name and record.get("step") == step:
            asked = record if record["kind"] == "asked" else None
    return asked


def ask(
    box: Box, context: Context, step: str, look: Callable[[], Look[T]], values: Values | None = None, **details: Any
) -> T:
    """Have a person do the step, and wait until `look` sees what it brings about.

    Where nobody can be told now, as in a module that was shipped to another machine, nothing is waited for: the error
    tells what to do, and the same task goes on later.

    :param values: what stands in the step's text.
    :param details: what the journal shall tell besides, for the run that goes on.
    :raises NotDoneByHand: it was not seen in time.
    """
    timeout = box.connection.manual.timeout if context.is_heard else 0.0
    task = _task(box, step, values)
    look = _patiently(look)
    seen = look() if open_request(context, box, step) else None
    if seen is None or seen.value is None:
        context.journal.write(
            "asked", f"A person was asked to {task}.", box=box.name, step=step, phase=context.phase,
            guide=STEPS[step].guide[0], **details,
        )
        for line in written(box, step, values):
            box.say(line)
        value = _await(box, step, task, look, values, Patience(min(NORMAL_SECONDS, timeout), timeout))
    else:
        value = seen.value
    context.journal.write(
        "seen", f"What a person was asked for is seen: {task}.", box=box.name, step=step, phase=context.phase
    )
    box.say(f"seen: {task}")
    return value


def ask_for_file(
    box: Box, context: Context, step: str, folder: Path, trouble: Callable[[Path], str], values: Values | None = None
) -> Path:
    """Have a person put a file into a folder; gives it once it lies there whole. Older files do not count.

    :param trouble: why a file is not what is wanted, empty where it is.
    """
    asked = open_request(context, box, step)
    since = seconds_of(asked["time"]) if asked else time.time()
    clock = Clock()
    last: tuple[Path, int, float] | None = None

    def look() -> Look[Path]:
        nonlocal last
        files = sorted(path for path in folder.iterdir() if path.is_file() and path.stat().st_ctime >= since)
        if len(files) != 1:
            return Look(f"{len(files) or 'no'} new files in {folder}, where one is to be")
        path, size = files[0], files[0].stat().st_size
        if last is None or last[:2] != (path, size):
            last = (path, size, clock.now())
        if clock.now() - last[2] < STEADY_SECONDS:
            return Look(f"{path.name} may still grow")
        wrong = trouble(path)
        return Look(f"{path.name} {wrong}: remove it") if wrong else Look(f"{path.name} is there", path)

    return ask(box, context, step, look, {"folder": folder, **(values or {})})


def _patiently(look: Callable[[], Look[T]]) -> Callable[[], Look[T]]:
    """The same look, to which a bad answer is nothing to see yet: a person at work is not given up for it."""

    def again() -> Look[T]:
        try:
            return look()
        except (AnswerLost, ApiFailed, SessionEnded, Unreachable) as error:
            return Look(error.what)

    return again


def _await(
    box: Box, step: str, task: str, look: Callable[[], Look[T]], values: Values | None, patience: Patience
) -> T:
    try:
        what = f"[{box.name}] waits for a person to {task}"
        return wait_until(what, look, patience, box.context.say, longest_pause=LONGEST_PAUSE)
    except DeadlinePassed as error:
        lines = written(box, step, values)
        raise NotDoneByHand(
            f"A person was asked to {task}, and that is not to be seen after {spell(patience.deadline)}."
            f" Last seen: {error.facts['last_seen']}.",
            advice=f"Do it on {STEPS[step].page} of {box.name}, then run the same command again: it sees what was done"
            " meanwhile. bt_manual_timeout gives more time.",
            guide=STEPS[step].guide,
            manual_step=step,
            instructions=[line.strip() for line in lines],
            **error.facts,
        ) from None


def _task(box: Box, step: str, values: Values | None) -> str:
    return STEPS[step].task.format(box=box.name, **(values or {}))


def address_of(box: Box) -> str:
    """Where a person opens the box in a browser."""
    endpoint = box.connection.endpoint
    return endpoint.address if endpoint.port == 443 else f"{endpoint.address}:{endpoint.port}"
