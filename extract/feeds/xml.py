"""How are the elements of an XML document read that may be damaged or hostile? By local names, in any namespace."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from extract.feeds.document import Document
from extract.feeds.plain import MAX_PROBLEM


def root_of(document: Document) -> etree._Element | str:
    """The root element, or why there is none. What is cut off or not well-formed is read as far as it goes."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(document.body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:  # ValueError: a reference to half a character, &#55296;
        return f"can't be read: {error}"[:MAX_PROBLEM]
    return root if root is not None else "can't be read: no XML"


def children(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """The child elements of a local name."""
    return element.iterfind(f"{{*}}{name}")


def text_of(element: etree._Element, name: str) -> str:
    """The text of the first child of a local name; empty where there is none."""
    found = element.find(f"{{*}}{name}")
    return "".join(found.itertext()).strip() if found is not None else ""
