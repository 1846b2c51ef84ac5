"""Which elements of a page does a CSS selector mean? The part of CSS that finds links, as an XPath expression.

Read are type, class, id and attribute selectors, ``:not(...)`` of one of these, descendants (a space), children (``>``)
and lists (``,``): ``main article h2 > a[href*="/news/"], #top a.headline:not(.sponsored)``.
"""

from __future__ import annotations

import re
from functools import cache

_NAME = r"-?[A-Za-z_\u0080-\uffff][\w\u0080-\uffff-]*"
_VALUE = r"""(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[\w/.-]+))"""
_ATTRIBUTE = rf"\[\s*(?P<attribute>{_NAME})\s*(?:(?P<operator>[~^$*|]?=)\s*{_VALUE}\s*)?\]"
_PART = re.compile(rf"(?P<type>\*|{_NAME})|\.(?P<class>{_NAME})|\#(?P<id>{_NAME})|{_ATTRIBUTE}|:not\((?P<not>[^()]+)\)")
_COMBINATOR = re.compile(r"\s*>\s*|\s+")
# how an attribute must be to a value: CSS Selectors 4, section 6
_TESTS = {
    "=": "@{name} = {value}",
    "~=": "contains(concat(' ', normalize-space(@{name}), ' '), concat(' ', {value}, ' '))",
    "^=": "starts-with(@{name}, {value})",
    "*=": "contains(@{name}, {value})",
    "$=": "substring(@{name}, string-length(@{name}) - string-length({value}) + 1) = {value}",
    "|=": "(@{name} = {value} or starts-with(@{name}, concat({value}, '-')))",
}


@cache
def xpath_of(selector: str) -> str:
    """The XPath expression of a selector.

    Raises:
        ValueError: it is no selector, or one of a sort that is not read; the text says where.
    """
    return " | ".join(_path(one.strip()) for one in re.split(r",(?![^\[\(]*[\]\)])", selector))


def _path(selector: str) -> str:
    if not selector:
        raise ValueError("a selector is empty")
    found, at, axis = "", 0, "//"
    while at < len(selector):
        end, step = _step(selector, at)
        found += axis + step
        combinator = _COMBINATOR.match(selector, end)
        if combinator is None and end < len(selector):
            raise ValueError(f'"{selector[end:][:20]}" is not read in a selector')
        at = combinator.end() if combinator else end
        axis = "/" if combinator and ">" in combinator[0] else "//"
    if combinator is not None:
        raise ValueError("a selector ends with an element")
    return found


def _step(selector: str, at: int) -> tuple[int, str]:
    """The end of one compound selector, such as ``a.headline[href]``, and its step of the path."""
    element, tests, start = "*", [], at
    while part := _PART.match(selector, at):
        if part["type"] and at > start:
            break
        element = part["type"] or element
        tests += [] if part["type"] else [_test(part)]
        at = part.end()
    if at == start:
        raise ValueError(f'"{selector[at:][:20]}" is not read in a selector')
    return at, element.lower() + "".join(f"[{test}]" for test in tests)


def _test(part: re.Match[str]) -> str:
    if part["class"]:
        return _TESTS["~="].format(name="class", value=_quoted(part["class"]))
    if part["id"]:
        return _TESTS["="].format(name="id", value=_quoted(part["id"]))
    if part["not"]:
        inner = _PART.fullmatch(part["not"].strip())
        if inner is None or inner["not"]:
            raise ValueError(f'":not({part["not"][:20]})" is not read in a selector')
        return f"not(self::{inner['type'].lower()})" if inner["type"] else f"not({_test(inner)})"
    name = part["attribute"].lower()
    if not part["operator"]:
        return f"@{name}"
    value = next(one for one in (part["double"], part["single"], part["bare"]) if one is not None)
    return _TESTS[part["operator"]].format(name=name, value=_quoted(value))


def _quoted(value: str) -> str:
    """The value as a string of XPath 1.0, which has no escapes."""
    return f"'{value}'" if "'" not in value else f'"{value}"'
