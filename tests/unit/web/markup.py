# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The same meaning drawn in many styles of markup, for the tests of the web driver.

The styles are made up here from what administration pages of twenty years look like; none is taken from a product.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from itertools import count


@dataclass(frozen=True)
class Control:
    """A field of a form: what it is called, what the form calls it, what it holds."""

    label: str
    wire: str
    kind: str = "text"
    value: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A section of a page: facts, fields, buttons (label, wire name, value) and hidden fields."""

    title: str
    fields: tuple[Control, ...] = ()
    buttons: tuple[tuple[str, str, str], ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Meaning:
    """A page."""

    heading: str
    parts: tuple[Part, ...]


def attributes(**given: str | bool | None) -> str:
    """Attributes of an element; names lose a trailing underscore, and others become hyphens."""
    out = ""
    for name, value in given.items():
        shown = name.rstrip("_").replace("_", "-")
        if value is True:
            out += f" {shown}"
        elif value is not None and value is not False:
            out += f' {shown}="{escape(value, quote=True)}"'
    return out


def control(field: Control, **extra: str | bool | None) -> str:
    """The bare control of a field."""
    if field.kind == "select":
        options = "".join(
            f"<option{attributes(value=f'v{at}', selected=option == field.value)}>{escape(option)}</option>"
            for at, option in enumerate(field.options)
        )
        return f"<select{attributes(name=field.wire, **extra)}>{options}</select>"
    if field.kind == "textarea":
        return f"<textarea{attributes(name=field.wire, **extra)}>\n{escape(field.value)}</textarea>"
    if field.kind == "checkbox":
        ticked = field.value == "on"
        return f"<input{attributes(type='checkbox', name=field.wire, value='1', checked=ticked, **extra)}>"
    return f"<input{attributes(type=field.kind, name=field.wire, value=field.value, **extra)}>"


def hidden(part: Part, **extra: str | bool | None) -> str:
    """The hidden fields of a part."""
    return "".join(
        f"<input{attributes(type='hidden', name=name, value=value, **extra)}>" for name, value in part.hidden
    )


def submits(part: Part, **extra: str | bool | None) -> str:
    """The buttons of a part as inputs."""
    return " ".join(
        f"<input{attributes(type='submit', name=wire, value=label, **extra)}>" for label, wire, _value in part.buttons
    )


def pushes(part: Part, **extra: str | bool | None) -> str:
    """The buttons of a part as button elements with an icon."""
    return " ".join(
        f"<button{attributes(type='submit', name=wire, value=value, **extra)}><i class='icon'></i>"
        f"<span>{escape(label)}</span></button>"
        for label, wire, value in part.buttons
    )


def page(heading: str, body: str, language: str = "en") -> str:
    """A whole page."""
    return (
        f"<!DOCTYPE html><html lang='{language}'><head><meta charset='utf-8'><title>{escape(heading)}</title></head>"
        f"<body>{body}</body></html>"
    )


def tables(meaning: Meaning) -> str:
    """Title rows, label cells to the left, a form around each table."""
    out = f"<table width='100%'><tr><td><font size='5'><b>{escape(meaning.heading)}</b></font></td></tr></table>"
    for part in meaning.parts:
        title = f"{escape(meaning.heading)} :: {escape(part.title)}"
        out += (
            f"<form method='post' action='x'><table border='0'><tr><td colspan='2' class='hd'><b>{title}</b></td>"
            f"</tr>"
        )
        for label, value in part.facts:
            out += f"<tr><td align='right'>{escape(label)}:&nbsp;</td><td>{escape(value)}</td></tr>"
        for field in part.fields:
            out += f"<tr><td align='right' nowrap>{escape(field.label)}:</td><td>{control(field)}</td></tr>"
        out += f"<tr><td></td><td>{hidden(part)}{submits(part)}</td></tr></table></form><br>"
    return page(meaning.heading, out)


def nested_tables(meaning: Meaning) -> str:
    """Layout tables in tables, captions, one form around everything is not possible here: one each."""
    out = "<table><tr><td valign='top'>"
    for part in meaning.parts:
        out += f"<table><caption>{escape(part.title)}</caption><tr><td><form method=post action=x>{hidden(part)}<table>"
        for label, value in part.facts:
            out += f"<tr><th>{escape(label)}</th><td>{escape(value)}</td></tr>"
        for field in part.fields:
            out += f"<tr><th scope='row'>{escape(field.label)} *</th><td>{control(field)}<small>hint</small></td></tr>"
        out += f"</table>{submits(part)}</form></td></tr></table>"
    return page(meaning.heading, out + "</td></tr></table>")


def labels(meaning: Meaning) -> str:
    """Cards with headings, `label for`, buttons with icons."""
    number = count()
    out = f"<main><h1>{escape(meaning.heading)}</h1>"
    for part in meaning.parts:
        out += f"<div class='card'><div class='card-header'><h2>{escape(part.title)}</h2></div><div class='card-body'>"
        out += "<dl>" + "".join((
            f"<dt>{escape(label)}</dt><dd>{escape(value)}</dd>"
        ) for label, value in part.facts) + "</dl>"
        out += f"<form method='post' action='x'>{hidden(part)}"
        for field in part.fields:
            name = f"f{next(number)}"
            out += (
                f"<div class='row'><label for='{name}'>{escape(field.label)}</label>"
                f"<div>{control(field, id=name)}</div></div>"
            )
        out += f"<div class='actions'>{pushes(part)}</div></form></div></div>"
    return page(meaning.heading, out + "</main>")


def wrapping(meaning: Meaning) -> str:
    """Field sets with legends, labels around their controls, one form for the whole page."""
    out = f"<h1>{escape(meaning.heading)}</h1><form method='post' action='x'>"
    for part in meaning.parts:
        out += f"<fieldset><legend>{escape(part.title)}</legend>{hidden(part)}"
        for label, value in part.facts:
            out += f"<p><b>{escape(label)}:</b> {escape(value)}</p>"
        for field in part.fields:
            if field.kind == "checkbox":
                out += f"<p><label>{control(field)} {escape(field.label)}</label></p>"
            else:
                out += f"<p><label>{escape(field.label)}: {control(field)}</label></p>"
        out += f"{pushes(part)}</fieldset>"
    return page(meaning.heading, out + "</form>")


def aria(meaning: Meaning) -> str:
    """No label elements: everything is named by ARIA, and the controls stand outside their forms."""
    number = count()
    out = f"<div role='heading' aria-level='1'>{escape(meaning.heading)}</div>"
    for part in meaning.parts:
        this = f"s{next(number)}"
        out += f"<form id='{this}' method='post' action='x'></form><div role='group' aria-labelledby='{this}t'>"
        out += f"<div id='{this}t'>{escape(part.title)}</div>{hidden(part, form=this)}"
        for label, value in part.facts:
            out += f"<div><span aria-label='{escape(label, quote=True)}' role='status'>{escape(value)}</span></div>"
        for field in part.fields:
            out += f"<div>{control(field, aria_label=field.label, form=this)}</div>"
        for label, wire, value in part.buttons:
            out += f"<button{attributes(form=this, name=wire, value=value, aria_label=label)}><svg></svg></button>"
        out += "</div>"
    return page(meaning.heading, out)


def labelled_by(meaning: Meaning) -> str:
    """Regions named by their headings, controls named by one or two other elements."""
    number = count()
    out = f"<h1>{escape(meaning.heading)}</h1>"
    for part in meaning.parts:
        this = f"s{next(number)}"
        out += (
            f"<section aria-labelledby='{this}'><h3 id='{this}'>{escape(part.title)}</h3>"
            f"<form action='x' method='post'>"
        )
        out += hidden(part)
        for label, value in part.facts:
            name = f"n{next(number)}"
            out += (
                f"<div class='kv'><span id='{name}'>{escape(label)}</span>"
                f"<span aria-labelledby='{name}'>{escape(value)}</span></div>"
            )
        for field in part.fields:
            name = f"n{next(number)}"
            out += f"<div><span id='{name}'>{escape(field.label)}</span>{control(field, aria_labelledby=name)}</div>"
        out += f"{pushes(part)}</form></section>"
    return page(meaning.heading, out)


def lines(meaning: Meaning) -> str:
    """Bold lines, texts and line breaks, nothing that marks a label as one."""
    out = f"<font size=4><b>{escape(meaning.heading)}</b></font><hr>"
    for part in meaning.parts:
        out += f"<form action=x method=post><p><b>{escape(part.title)}</b></p>{hidden(part)}"
        for label, value in part.facts:
            out += f"{escape(label)}: {escape(value)}<br>"
        for field in part.fields:
            if field.kind == "checkbox":
                out += f"{control(field)} {escape(field.label)}<br>"
            else:
                out += f"{escape(field.label)}: {control(field)}<br>"
        out += f"{submits(part)}</form>"
    return page(meaning.heading, out)


def stacked(meaning: Meaning) -> str:
    """Divisions only: a class says what is a title, the label is the line above its control."""
    out = f"<div class='page-title'>{escape(meaning.heading)}</div>"
    for part in meaning.parts:
        out += (
            f"<div class='panel'><div class='panel-heading'>{escape(part.title)}</div><form method='POST' action='x'>"
        )
        for label, value in part.facts:
            out += f"<div class='fact'><div>{escape(label)}</div><div>{escape(value)}</div></div>"
        for field in part.fields:
            if field.kind == "checkbox":
                out += f"<div>{control(field)}<span>{escape(field.label)}</span></div>"
            else:
                out += f"<div><div class='caption-text'>{escape(field.label)}</div><div>{control(field)}</div></div>"
        out += f"{hidden(part)}{submits(part)}</form></div>"
    return page(meaning.heading, out)


def described(meaning: Meaning) -> str:
    """Description lists for everything; the form is closed by nothing."""
    out = f"<h2>{escape(meaning.heading)}</h2>"
    for part in meaning.parts:
        out += f"<h3>{escape(part.title)}</h3><form method=post action=x>{hidden(part)}<dl>"
        for label, value in part.facts:
            out += f"<dt>{escape(label)}<dd>{escape(value)}"
        for field in part.fields:
            out += f"<dt>{escape(field.label)}<dd>{control(field)}"
        out += f"</dl>{submits(part)}"
    return page(meaning.heading, out)


def floating(meaning: Meaning) -> str:
    """Labels behind their controls, articles without names, details that are folded up."""
    number = count()
    out = f"<h1>{escape(meaning.heading)}</h1>"
    for part in meaning.parts:
        out += f"<details><summary>{escape(part.title)}</summary><form method='post' action='x'><ul>"
        for label, value in part.facts:
            out += f"<li><span>{escape(label)}</span> <span>{escape(value)}</span></li>"
        for field in part.fields:
            name = f"f{next(number)}"
            out += (
                f"<li>{control(field, id=name, placeholder='...')}<label for='{name}'>{escape(field.label)}</label>"
                f"</li>"
            )
        out += f"</ul>{hidden(part)}{pushes(part)}</form></details>"
    return page(meaning.heading, out)


def aria_tables(meaning: Meaning) -> str:
    """Tables made of roles, placeholders for labels, one form for the page."""
    out = f"<h1>{escape(meaning.heading)}</h1><form method='post' action='x'>"
    for part in meaning.parts:
        out += f"<div role='region' aria-label='{escape(part.title, quote=True)}'>{hidden(part)}<div role='table'>"
        for label, value in part.facts:
            out += (
                f"<div role='row'><span role='rowheader'>{escape(label)}</span>"
                f"<span role='cell'>{escape(value)}</span></div>"
            )
        out += "</div>"
        for field in part.fields:
            if field.kind in ("checkbox", "select"):
                out += f"<div>{control(field, title=field.label)}</div>"
            else:
                out += f"<div>{control(field, placeholder=field.label)}</div>"
        out += f"{submits(part)}</div>"
    return page(meaning.heading, out + "</form>")


def columns(meaning: Meaning) -> str:
    """Column headings over one row of fields, buttons that are images, titles across the table."""
    out = f"<center><img src='logo.gif' alt=''><table class='nav'><tr><td>{escape(meaning.heading)}</td></tr></table>"
    for part in meaning.parts:
        wide = len(part.fields)
        out += (
            f"<form method='post' action='x'>{hidden(part)}<table><tr><th colspan='{wide}'>{escape(part.title)}</th>"
            f"</tr>"
        )
        out += "<tr>" + "".join(f"<th><font>{escape(field.label)}</font></th>" for field in part.fields) + "</tr>"
        out += "<tr>" + "".join(f"<td>{control(field)}</td>" for field in part.fields) + "</tr>"
        out += (
            f"<tr><td colspan='{wide}'><table><tr>"
        ) + "".join(f"<th>{escape(label)}</th>" for label, _value in part.facts) + "</tr>"
        out += "<tr>" + "".join(f"<td>{escape(value)}</td>" for _label, value in part.facts) + (
            "</tr></table></td></tr></table>"
        )
        for label, wire, _value in part.buttons:
            out += f"<input{attributes(type='image', name=wire, alt=label, src='b.gif')}>"
        out += "</form>"
    return page(meaning.heading, out + "</center>")


def outlined(meaning: Meaning) -> str:
    """A component library: outlined fields whose label is drawn a second time in a hidden legend, tabs around all."""
    number = count()
    out = f"<div id='tabs' class='tabs'><ul><li><a href='/1'>One</a></li></ul><h1>{escape(meaning.heading)}</h1>"
    for part in meaning.parts:
        out += (
            f"<div class='tab-content required'><h2>{escape(part.title)}</h2>"
            f"<form method='post' action='x'>{hidden(part)}"
        )
        for label, value in part.facts:
            out += f"<div class='list-item'><p>{escape(label)}</p><p class='description'>{escape(value)}</p></div>"
        for field in part.fields:
            name = f"f{next(number)}"
            shown = escape(field.label)
            out += (
                f"<div class='control required'><label for='{name}'><span class='text'>{shown}</span>"
                f"<span aria-hidden='true'>*</span></label><div>{control(field, id=name, required=False)}"
                f"<fieldset aria-hidden='true'><legend><span>{shown}</span></legend></fieldset></div></div>"
            )
        out += f"{pushes(part)}</form></div>"
    return page(meaning.heading, out + "</div>")


def required_groups(meaning: Meaning) -> str:
    """Groups that are marked as required, labels in spans, help texts below, one form torn apart by a table."""
    out = f"<h3>{escape(meaning.heading)}</h3>"
    for part in meaning.parts:
        out += (
            f"<div class='panel menu-page'><table><form method='post' action='x'><tr><td>"
            f"<h4>{escape(part.title)}</h4>"
        )
        for label, value in part.facts:
            out += f"<p><label>{escape(label)}</label><br>{escape(value)}</p>"
        for field in part.fields:
            text = f"<span class='field-label required'>{escape(field.label)}</span>"
            help_text = "<p class='help-block'>This is explained in the manual.</p>"
            if field.kind == "checkbox":
                out += f"<div class='form-group required'>{control(field)} {text}{help_text}</div>"
            else:
                out += f"<div class='form-group required'>{text} {control(field)}{help_text}</div>"
        out += f"</td></tr></table>{hidden(part)}<div class='buttons'>{submits(part)}</div></form></div>"
    return page(meaning.heading, out)


STYLES: dict[str, Callable[[Meaning], str]] = {
    style.__name__: style
    for style in (
        tables, nested_tables, labels, wrapping, aria, labelled_by, lines, stacked, described, floating, aria_tables,
        columns, outlined, required_groups,
    )
}
