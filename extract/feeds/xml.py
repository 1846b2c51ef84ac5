"""How are the elements of an XML document read that may be damaged or hostile? By local names, in any namespace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from lxml import etree

from extract.feeds.document import Document
from extract.feeds.plain import MAX_LANG, MAX_PROBLEM, MAX_SOURCE, clean, one_line
from extract.types import Article

# what lxml raises for the text of an element with a reference to half a character, &#55296;
BROKEN_TEXT = ValueError
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


class ReadItems(NamedTuple):
    """The articles of a list's items, and what was wrong with the others."""

    articles: list[Article]
    problems: tuple[str, ...]


def root_of(document: Document) -> etree._Element | str:
    """The root element, or why there is none. What is cut off or not well-formed is read as far as it goes."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(document.body, parser)
    except (etree.XMLSyntaxError, BROKEN_TEXT) as error:
        return f"can't be read: {error}"[:MAX_PROBLEM]
    return root if root is not None else "can't be read: no XML"


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """The child elements of a local name."""
    return list(element.iterfind(f"{{*}}{name}"))


def text_of(element: etree._Element, name: str) -> str:
    """The text of the first child of a local name; empty where there is none."""
    found = element.find(f"{{*}}{name}")
    return "".join(found.itertext()).strip() if found is not None else ""


def title_of(channel: etree._Element) -> str:
    """The title of a list; empty where it has none that can be read."""
    try:
        return one_line(text_of(channel, "title"), MAX_SOURCE)
    except BROKEN_TEXT:
        return ""


def language_of(root: etree._Element) -> str:
    """The language of a document, as its root says (``xml:lang``); empty where that says none that can be read."""
    try:
        return clean(root.get(_LANGUAGE) or "")[:MAX_LANG]
    except BROKEN_TEXT:
        return ""


def read_items(
    items: Sequence[etree._Element], most: int, article_of: Callable[[etree._Element], Article | None]
) -> ReadItems:
    """The articles of at most ``most`` items; an item that can't be read is left out, and so is one without article."""
    articles: list[Article] = []
    broken = 0
    for item in items[:most]:
        try:
            article = article_of(item)
        except BROKEN_TEXT:
            broken += 1
            continue
        if article is not None:
            articles.append(article)
    problems = (
        f"more than {most} articles: the rest was not read" if len(items) > most else "",
        f"{broken} of {len(items)} entries can't be read" if broken else "",
    )
    return ReadItems(articles, tuple(problem for problem in problems if problem))
