"""How is text put into an XML document? Without the control characters that XML forbids."""

from __future__ import annotations

from lxml import etree


def add(parent: etree._Element, name: str, text: str) -> None:
    """Append an element with a text to its parent; control characters that XML forbids are left out."""
    etree.SubElement(parent, name).text = cleaned(text)


def cleaned(text: str) -> str:
    """A text without the control characters that XML forbids."""
    return "".join(c for c in text if c in "\n\t" or ord(c) >= 32)


def serialised(root: etree._Element) -> bytes:
    """A document as indented UTF-8 bytes with an XML declaration."""
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return made
