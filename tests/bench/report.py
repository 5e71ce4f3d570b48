# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The benchmark's result as a table for people."""

from __future__ import annotations

from tests.bench.measure import Measured

AIM_OURS = 8.0
AIM_AGAIN = 5.0
AIM_TASK = 0.1
AIM_CUT_OVER = 1.5
BUSY = 0.5


def table(measured: Measured) -> str:
    """What was measured, beside what is aimed at and beside the plain playbook."""
    ours, plain, cut = measured.upgrade, measured.plain, measured.cut_over
    cut_ours, cut_raw = cut.medians
    lines = [
        _row("", "bt_ops.pra", "aim", "of aim"),
        _aimed("whole upgrade: seconds that are ours", ours.ours, AIM_OURS, "s"),
        _aimed("second run, nothing to do", measured.again, AIM_AGAIN, "s"),
        _aimed("one bt_info task, processor", measured.task.processor, AIM_TASK, "s"),
        _row("one bt_info task, wall", f"{measured.task.wall:.3f} s"),
        _aimed("cut-over against two raw requests", cut.ratio, AIM_CUT_OVER, "x"),
        _row(f"  outage, median of {len(cut.ours)}", f"{cut_ours * 1000:.1f} ms", f"raw {cut_raw * 1000:.1f} ms"),
        "",
        _row("the whole asynchronous upgrade", "bt_ops.pra", "plain uri", "plain/ours"),
        *(
            _beside(title, getattr(ours, name), getattr(plain, name), form)
            for title, name, form in (
                ("wall", "wall", "{:.1f} s"),
                ("boxes working by themselves", "working", "{:.1f} s"),
                ("the rest: ours", "ours", "{:.1f} s"),
                ("processor", "processor", "{:.1f} s"),
                ("tasks", "tasks", "{}"),
                ("log-ins and tokens", "log_ins", "{}"),
                ("requests", "requests", "{}"),
            )
        ),
        _beside("outage at the cut-over", ours.outage * 1000, plain.outage * 1000, "{:.0f} ms"),
        "",
        f"{measured.cores} cores, load before {measured.load:.1f}"
        + (": the machine was busy, so that all times are longer than ours alone" if measured.load > BUSY else ""),
    ]
    return "\n".join(lines)


def _row(title: str, *cells: str) -> str:
    return f"{title:<40}" + "".join(f"{cell:>14}" for cell in cells)


def _aimed(title: str, value: float, aim: float, unit: str) -> str:
    return _row(title, f"{value:.3g} {unit}", f"{aim:g} {unit}", f"{value / aim:.2f}")


def _beside(title: str, ours: float, plain: float, form: str) -> str:
    return _row(title, form.format(ours), form.format(plain), f"{plain / ours:.1f}")
