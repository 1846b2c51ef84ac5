"""How is text put into an XML document? Without the control characters that XML forbids."""

from __future__ import annotations

import re

from lxml import etree

# what XML 1.0 forbids: controls, halves of surrogate pairs, and two that are no characters
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


def add(parent: etree._Element, name: str, text: str) -> None:
    """Append an element with a text to its parent; control characters that XML forbids are left out."""
    etree.SubElement(parent, name).text = without_controls(text)


def without_controls(text: str) -> str:
    """The text without the characters that XML forbids."""
    return _FORBIDDEN.sub("", text)


def serialised(root: etree._Element) -> bytes:
    """A document as indented UTF-8 bytes with an XML declaration."""
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return made
