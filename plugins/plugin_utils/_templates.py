# Copyright (c) 2026, the bt_ops.pra authors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Values of an inventory that Ansible takes for templates and cannot work out, such as a password with ``{%`` in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ansible.errors import AnsibleError
from jinja2 import Environment, TemplateSyntaxError
from jinja2.meta import find_undeclared_variables

from ansible_collections.bt_ops.pra.plugins.module_utils._errors import BadInput
from ansible_collections.bt_ops.pra.plugins.plugin_utils._arguments import Variables

_SYNTAX = Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True)
# What every template can name without a variable of that name.
_GIVEN = {"lookup", "query", "q", "now", "undef", "omit", "hostvars", "vars", "groups", "range", "dict", "namespace"}


def unreadable(variables: Variables, names: Iterable[str]) -> list[str]:
    """Those of the variables, and of those that they mention, that cannot be worked out.

    Templates are only read, so that no lookup is made for this; what looks wrong is tried.
    """
    raw = variables.raw()
    todo, found = list(names), []
    for name in todo:  # it grows
        mentioned = {each for text in _texts(raw[name]) for each in _mentioned(text)}
        todo += sorted((mentioned & raw.keys()) - {*todo})
        if mentioned - raw.keys() - _GIVEN and not _can_be_read(variables, name):
            found.append(name)
    return found


def _can_be_read(variables: Variables, name: str) -> bool:
    try:
        variables.get(name)
    except BadInput:
        return False
    except AnsibleError:
        return True  # a vault or a lookup, which tells by itself what it lacks when it is needed
    return True


def _texts(value: Any) -> Iterator[str]:
    """Every text in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts(each)


def _mentioned(text: str) -> set[str]:
    """The names of variables in a template; an empty one where it is no template that can be read."""
    if "{" not in text:
        return set()
    try:
        return find_undeclared_variables(_SYNTAX.parse(text))
    except TemplateSyntaxError:
        return {""}
