# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How the page of bt_doctor looks, on a screen, by night, and on paper."""

from __future__ import annotations

STYLE = """
:root { --ink: #1d2733; --soft: #5a6878; --line: #d8dfe7; --paper: #fff; --back: #f3f5f8;
  --good: #1b7f4b; --good-back: #e3f5eb; --warn: #8a5a00; --warn-back: #fdf1d8; --bad: #b3261e; --bad-back: #fde8e6;
  --dim: #5a6878; --dim-back: #e9edf2; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6ebf1; --soft: #9dabba; --line: #364252; --paper: #1b232d;
  --back: #12181f; --good: #6fd6a0; --good-back: #12351f; --warn: #f0c269; --warn-back: #3a2c0b; --bad: #ff9d95;
  --bad-back: #431a17; --dim: #9dabba; --dim-back: #2a3440; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 1.5rem; background: var(--back); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; overflow-wrap: break-word; }
header, section { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 1rem 1.25rem;
  margin-bottom: 1rem; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.1rem; margin: 0 0 .6rem; } h3 { font-size: 1rem; margin: 0; }
h4 { font-size: .8rem; margin: .6rem 0 .1rem; color: var(--soft); } p { margin: .3rem 0; }
ul { margin: 0; padding-left: 1.2rem; }
.small { font-size: .85rem; color: var(--soft); }
.badge { display: inline-block; padding: .05rem .55rem; border-radius: 1rem; font-size: .82rem; font-weight: 600;
  white-space: nowrap; }
.button { display: inline-block; margin-top: .2rem; padding: 0 .5rem; border: 1px solid var(--line); border-radius: 4px;
  font-size: .82rem; background: var(--back); }
.badge.good { color: var(--good); background: var(--good-back); }
.badge.warn { color: var(--warn); background: var(--warn-back); }
.badge.bad { color: var(--bad); background: var(--bad-back); }
.badge.dim { color: var(--dim); background: var(--dim-back); }
.box.bad { border-left: 6px solid var(--bad); } .box.warn { border-left: 6px solid var(--warn); }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: .8rem; }
.card { border: 1px solid var(--line); border-left: 6px solid var(--dim); border-radius: 8px; padding: .7rem .9rem; }
.card.good { border-left-color: var(--good); } .card.warn { border-left-color: var(--warn); }
.card.bad { border-left-color: var(--bad); }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1.2rem; margin: 0; }
dt { color: var(--soft); } dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; }
th { white-space: nowrap; text-align: left; font-size: .82rem; color: var(--soft); font-weight: 600; }
th, td { padding: .35rem .6rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
tr:last-child > td { border-bottom: 0; } td p:first-child { margin-top: 0; }
.wide > tbody > tr > td:nth-child(1) { width: 21%; } .wide > tbody > tr > td:nth-child(2) { width: 11rem; }
.wide > tbody > tr > td:nth-child(3) { width: 25%; }
details { margin-top: .3rem; } summary { cursor: pointer; color: var(--soft); font-size: .85rem; }
details table { font-size: .85rem; margin-top: .3rem; }
code, pre { font: .85rem/1.45 ui-monospace, "DejaVu Sans Mono", monospace; }
pre { background: var(--back); border: 1px solid var(--line); border-radius: 6px; padding: .8rem; overflow-x: auto;
  white-space: pre-wrap; margin: .6rem 0 0; }
nav ul { display: flex; flex-wrap: wrap; gap: .4rem 1.4rem; list-style: none; padding: 0; margin: 0 0 1rem; }
a { color: inherit; }
@media (max-width: 50rem) { table, tbody, tr, td { display: block; } td { border: 0; padding: .1rem 0; }
  .wide > tbody > tr > td:nth-child(n) { width: auto; }
  tr { border-bottom: 1px solid var(--line); padding: .4rem 0; } th { display: none; }
  td[data-head]:not(:empty)::before { content: attr(data-head) ": "; color: var(--soft); font-size: .82rem; }
  td:empty { display: none; } td, p, li, code { overflow-wrap: anywhere; }
  .cards, dl { grid-template-columns: minmax(0, 1fr); } dd { margin-bottom: .4rem; }
  .badge, .button { white-space: normal; } body { padding: .6rem; } }
@media print { body { background: #fff; padding: 0; } header, section { break-inside: avoid; } }
"""
