"""Does every link of the built site lead somewhere, and is nothing fetched from outside? scripts/check_site.py [SITE]

Looks at every href and src of every page: a file has to be there, an anchor has to be the id of something in that page.
Scripts, styles, pictures and fonts of another host are mistakes; links to other sites are not followed. Exit 1 if
there is a mistake, one line each.
"""

from __future__ import annotations

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

# attributes that make a browser fetch, by element; of a <link> those of its kinds that are no mere reference
FETCHED = {"script": "src", "img": "src", "iframe": "src", "source": "src", "link": "href"}
REFERENCES = {"canonical", "next", "prev", "alternate"}


class Page(HTMLParser):
    """A page's links, what it fetches, and its ids."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.ids: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.ids |= {found[name] for name in ("id", "name") if name in found}
        if FETCHED.get(tag) in found and found.get("rel") not in REFERENCES:
            self.fetched.append(found[FETCHED[tag]])
        elif "href" in found:
            self.links.append(found["href"])


def main(words: list[str]) -> int:
    """Print every mistake; 1 if there is one."""
    site = Path(words[0] if words else "site").resolve()
    wrong = mistakes(site)
    for line in wrong:
        print(line)
    return 1 if wrong or not any(site.glob("*.html")) else 0


def mistakes(site: Path) -> list[str]:
    """One line for each link that leads nowhere, and each thing that is fetched from outside."""
    pages = {path: Page(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))}
    return [
        f"{path.relative_to(site)}: {link}: {wrong}"
        for path, page in pages.items()
        # 404.html is shown for any address, so that its links begin at the root
        for link, is_fetched in ((link, link in page.fetched) for link in (*page.fetched, *page.links))
        if (wrong := _wrong(link, site if path.name == "404.html" else path, pages, is_fetched))
    ]


def _wrong(link: str, page: Path, pages: dict[Path, Page], is_fetched: bool) -> str:
    """What is wrong with a link, in words; empty where nothing is."""
    address, anchor = urldefrag(link)
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        return "fetched from outside" if is_fetched and parts.scheme != "data" else ""
    folder = page if page.is_dir() else page.parent
    meant = folder.joinpath(unquote(parts.path).lstrip("/")).resolve() if parts.path else page
    if not meant.exists():
        return "no such file"
    return "no such anchor" if anchor and meant in pages and unquote(anchor) not in pages[meant].ids else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
