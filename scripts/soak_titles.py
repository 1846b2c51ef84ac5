"""Does any hostile title or name break a message? python scripts/soak_titles.py [COUNT] [SEED]

Generates incidents from a seed whose titles, names, quotes and addresses are what an attacker would write, renders each
as card, update, list, digest, evidence and why in one of the languages, and checks the result against Telegram's rules
for HTML, more strictly than Telegram does: proper nesting, known tags, no link but http(s), nothing in plain text that
clients turn into a link, at most 4096 UTF-16 units, no character that can't be sent.

Over 400 lines: a third of them are the lists of hostile texts and addresses.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bot.i18n.translate import BIDI, CODES, FSI, PDI, ChatLocale, in_locale, language  # noqa: E402
from bot.render import evidence, lists  # noqa: E402
from bot.render.card import card  # noqa: E402
from bot.render.message import Message, line  # noqa: E402
from bot.render.text import html, plain, units  # noqa: E402
from bot.render.update import update  # noqa: E402
from bot.render.words import Names  # noqa: E402
from bot.types import Acknowledgement, DecisionRecord, Reason, Source, SourceState, Subscription, Version  # noqa: E402
from extract.kinds import load_kinds  # noqa: E402
from extract.types import (  # noqa: E402
    Action,
    Article,
    ArticleRef,
    Certainty,
    Change,
    Claim,
    Codes,
    Confidence,
    Count,
    CountState,
    Decision,
    FieldChange,
    Incident,
    Lifecycle,
    News,
    Perpetrator,
    PerpetratorsValue,
    Place,
    PlaceValue,
    Precision,
    Quote,
    Report,
    Severity,
    Status,
    Target,
    TextValue,
    Victim,
)

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MAX_UNITS = 4096
MAX_ENTITIES = 100
MAX_DATA_BYTES = 64
TAGS = frozenset({"b", "i", "s", "code", "tg-spoiler", "blockquote", "a", "tg-time"})
# tags that contain only text, and no other tags
ALONE = frozenset({"code"})
# text that clients turn into a link by themselves: commands, names, Telegram's own addresses
SELF_MADE = re.compile(r"(?<![\w/])/[A-Za-z0-9_]|(?<!\w)@[A-Za-z0-9_]|\b(?:tg|ton|tonsite)://", re.IGNORECASE)
_TOKEN = re.compile(
    r"<(/?)([a-z-]+)((?: [a-z]+(?:=\"[^\"<>]*\")?)*)>|&(?:lt|gt|amp|quot|#\d+|#x[0-9a-f]+);|[<>&]", re.DOTALL
)
_HREF = re.compile(r'^ href="(https?://[^"<>\s]+)"$')
_ATTRIBUTES = {
    "blockquote": re.compile(r"^ expandable$"),
    "tg-time": re.compile(r'^ unix="\d+" format="[a-zA-Z]+"$'),
    "a": _HREF,
}
PIECES = (
    "<b>",
    "</b>",
    "<i><b></i></b>",
    "<a href='javascript:alert(1)'>x</a>",
    '<a href="tg://user?id=1">x</a>',
    "</blockquote>",
    "<tg-spoiler>",
    "<script>",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "&",
    "&amp;",
    "&lt;b&gt;",
    "&#0;",
    "&#xD800;",
    "&nosuch;",
    "<",
    ">",
    '"',
    "'",
    "`",
    "*_[x](http://evil.example)",
    "\x00",
    "\x1b[2J",
    "\x07",
    "\r\n",
    "\n\n\n",
    "\t",
    "\u2028",
    "\u2029",
    "\u0085",
    "\u202e",
    "\u202d",
    "\u2066",
    "\u2067",
    "\u2068",
    "\u2069",
    "\u200e",
    "\u200f",
    "\u061c",
    "\u200b",
    "\u200d",
    "\ufeff",
    "\u2060",
    "\ud800",
    "\udfff",
    "\U0010ffff",
    "\ufffe",
    "\ue000",
    "\U000e0041",
    "é" * 3,
    "e" + "\u0301" * 40,
    "😀" * 30,
    "👩‍👩‍👧‍👦" * 20,
    "x" * 5000,
    "كراتشي",
    "انفجار في السوق",
    "דרך",
    "/forget_me",
    " /unsubscribe all",
    "@somebody",
    "tg://resolve?domain=evil",
    "javascript:alert(1)",
    "https://evil.example/?a=1&b=2",
    "http://[",
    "{name}",
    "{0}",
    "%s",
    "{",
    "}",
    "$&",
    "\\1",
    "\\",
    "ﷺ" * 20,
    "",
    " ",
)
URLS = (
    "javascript:alert(1)",
    "tg://resolve?domain=evil",
    "data:text/html,x",
    "file:///etc/passwd",
    "//evil.example",
    "",
    " http://a.example",
    'http://a.example/" onclick="x',
    "https://a.example/<b>",
    "https://a.example/\ud800",
    "https://a.example/\u202e",
    "https://a.example/ x",
    "https://a.example/\n",
    "HTTPS://A.EXAMPLE/",
    "https://",
    "https://a.example/" + "x" * 5000,
    "https://a.example/?a=1&b=2#c'",
)
WORDS = (
    "bomb",
    "kills",
    "12",
    "people",
    "in",
    "Karachi",
    "market",
    "police",
    "say",
    "Harbour",
    "Post",
    "Abdul",
    "Khan",
)


@dataclass(frozen=True)
class Shown:
    """A message, and its name in a complaint."""

    name: str
    message: Message


class Enemy(random.Random):
    """A random generator that counts the hostile texts made with it."""

    made = 0


def hostile(chance: Enemy) -> str:
    """A title or name as an attacker would write it."""
    chance.made += 1
    parts = [chance.choice(PIECES if chance.random() < 0.6 else WORDS) for _ in range(chance.randint(1, 12))]
    return chance.choice((" ", "", "  ")).join(parts)


def address(chance: Enemy) -> str:
    """An address for an article, often an invalid one."""
    return chance.choice(URLS) if chance.random() < 0.7 else "https://a.example/" + hostile(chance)[:300]


def an_incident(chance: Enemy) -> tuple[Incident, dict[str, Article]]:
    """An incident made of hostile texts, and its articles by id."""

    def text() -> str:
        return hostile(chance)

    ids = [f"a{n}" for n in range(chance.choice((1, 1, 2, 5, 60)))]
    refs = tuple(
        ArticleRef(id=one, url=address(chance), source=text(), title=text(), published=NOW, origin=text())
        for one in ids
    )
    texts = {one: Article(id=one, title=text(), text=text() + "\n" + text(), url=address(chance)) for one in ids}
    quotes = []
    for one in ids[:3]:
        whole = texts[one].text
        start = chance.randrange(max(1, len(whole)))
        end = min(len(whole), start + chance.randint(1, 60))
        quotes.append(Quote(where="text", start=start, end=end, quote=whole[start:end], article=one))
    place = Place(
        name=text(),
        admin1=chance.choice((None, text())),
        country=chance.choice((None, "PK", "XX")),
        lat=24.9,
        lon=67.0,
        precision=chance.choice(list(Precision)),
        geonameid=None,
    )
    count = Count(low=4, high=8, state=CountState.COUNTED)
    claims = tuple(Claim(field="killed", count=count, said_by=text(), evidence=quotes[0]) for _ in range(2))
    doers = tuple(
        Perpetrator(
            name=text(), type=chance.choice(("person", "organization")), confidence=chance.choice(list(Confidence))
        )
        for _ in range(2)
    )
    targets, victims = tuple(Target(name=text()) for _ in range(2)), tuple(Victim(name=text()) for _ in range(2))
    facts = Report(
        news=chance.choice((News.EVENT, News.FOLLOW_UP)),
        kind="bombing",
        codes=Codes(),
        place=chance.choice((place, None)),
        killed=count,
        severity=chance.choice(list(Severity)),
        certainty=chance.choice(list(Certainty)),
        status=chance.choice(list(Status)),
        perpetrators=doers,
        targets=targets,
        victims=victims,
        claims=claims,
        evidence={"killed": tuple(quotes), "kind": tuple(quotes)},
    )
    made = Incident(
        id="abc23456",
        version=chance.randint(1, 9),
        lifecycle=chance.choice(list(Lifecycle)),
        first_seen=NOW,
        last_seen=NOW,
        facts=facts,
        origins=2,
        articles=refs,
        summary=text(),
    )
    return made, texts


def _place_value(chance: Enemy) -> PlaceValue:
    return PlaceValue(place=Place(name=hostile(chance), admin1=hostile(chance), precision=Precision.CITY))


def _names_value(chance: Enemy) -> PerpetratorsValue:
    return PerpetratorsValue(names=(hostile(chance), hostile(chance)))


def messages(chance: Enemy, names: Names) -> Iterator[Shown]:
    """All messages that are rendered from one incident."""
    made, texts = an_incident(chance)
    fields = (
        FieldChange(field="place", before=_place_value(chance), after=_place_value(chance)),
        FieldChange(field="perpetrators", before=_names_value(chance), after=_names_value(chance)),
        FieldChange(field="killed", before=TextValue(text=hostile(chance)), after=TextValue(text=hostile(chance))),
    )
    change = Change(
        incident=made.id,
        version=made.version,
        at=NOW,
        article="a0",
        action=Action.REPLY,
        because=("place",),
        fields=fields,
    )
    seen = Acknowledgement(chat=1, thread=0, incident=made.id, severity=3, at=NOW, name=hostile(chance))
    wanted = Subscription(
        chat=1, id=1, name=hostile(chance), words=(hostile(chance),), without_sources=(hostile(chance),)
    )
    decided = DecisionRecord(
        article="a0",
        revision=1,
        position=0,
        at=NOW,
        note=Reason(hostile(chance)),
        decision=Decision(action="merge", reason=hostile(chance)),
    )
    source = Source(url=address(chance), name=hostile(chance), family=hostile(chance), tier=2)
    state = SourceState(
        source=source, origin="chat", fetch_url="", next_check=NOW, failures=1, last_error=hostile(chance), last_ok=NOW
    )
    outlets = {article.source.casefold(): source for article in made.articles}
    yield Shown("card", card(made, names, repeat=True, seen=seen, loud=Severity.MINOR))
    yield Shown("update", update(made, change, names, repeat=True))
    yield Shown(
        "list", lists.incidents("Latest", [made] * 12, names, nothing="", pages=lists.Pages("latest", "Karachi"))
    )
    yield Shown(
        "digest", lists.digest(line("Digest"), [made] * 20, 20, names, {made.id: lists.called(wanted)}, since=NOW)
    )
    yield Shown("evidence", evidence.evidence(made, names, texts, outlets))
    yield Shown("why", evidence.why(made, [Version(incident=made, change=change)] * 30, [decided] * 30, names))
    yield Shown("subscriptions", lists.subscriptions([wanted] * 3, names))
    yield Shown("sources", lists.sources([state] * 3, details=True))


def complaints(shown: Shown) -> list[str]:
    """The violations in a message as it is sent; [] where there are none."""
    out = html(shown.message, local_times=True)
    found = [*_markup(out), *_letters(out), *_letters(plain(shown.message)), *_buttons(shown.message)]
    seen = unescape(_TOKEN.sub(lambda one: "" if one[2] else one[0], out))
    if units(seen) > MAX_UNITS:
        found.append(f"{units(seen)} units")
    if not seen.strip():
        found.append("empty")
    if shown.name not in ("subscriptions", "sources") and (one := SELF_MADE.search(seen)):
        found.append(f"clients make a link of {seen[one.start() : one.end() + 12]!r}")
    return [f"{shown.name}: {one}" for one in dict.fromkeys(found)]


def _markup(out: str) -> Iterator[str]:
    """Violations of the markup: unknown tags, wrong nesting, other attributes than allowed, unescaped < > &."""
    open_: list[str] = []
    entities = 0
    for token in _TOKEN.finditer(out):
        slash, tag, attributes = token[1], token[2], token[3]
        if tag is None:
            if token[0] in "<>&":
                yield f"a bare {token[0]} at {out[max(0, token.start() - 20) : token.end() + 20]!r}"
            continue
        if tag not in TAGS:
            yield f"unknown tag {tag}"
        elif slash:
            if not open_ or open_.pop() != tag or attributes:
                yield f"</{tag}> closes nothing"
        else:
            entities += 1
            allowed = _ATTRIBUTES.get(tag)
            if (allowed and not allowed.match(attributes)) or (not allowed and attributes):
                yield f"<{tag}{attributes[:80]}>"
            if tag in open_ or ALONE & set(open_):
                yield f"<{tag}> within {open_}"
            open_.append(tag)
    if open_:
        yield f"not closed: {open_}"
    if entities > MAX_ENTITIES:
        yield f"{entities} entities"


def _letters(out: str) -> Iterator[str]:
    depth = 0
    for char in out:
        depth += (char == FSI) - (char == PDI)
        if depth < 0 or (char in BIDI and char not in (FSI, PDI)):
            yield "a direction control on its own"
            depth = 0
        if char != "\n" and unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp"):
            yield f"U+{ord(char):04X}"
    if depth:
        yield "an isolate that is not closed"


def _buttons(message: Message) -> Iterator[str]:
    for button in (one for row in message.buttons for one in row):
        if not button.label.strip() or len(f"{button.verb}:{button.arg}".encode("utf-8", "replace")) > MAX_DATA_BYTES:
            yield f"button {button.verb}"
        yield from (f"button: {one}" for one in _letters(button.label + button.arg))


def soak(count: int, seed: int, say: Callable[[str], object] = lambda _: None) -> list[str]:
    """The complaints about incidents with ``count`` hostile titles and names; an exception is a complaint too."""
    names = Names(load_kinds(), {"PK": "Pakistan"}.get)
    found: list[str] = []
    made_of, number = 0, -1
    while made_of < count:
        number += 1
        chance = Enemy(f"{seed} {number}")
        with in_locale(ChatLocale(language(chance.choice(CODES)))):
            try:
                made = [one for shown in messages(chance, names) for one in complaints(shown)]
            except Exception as error:  # any exception is a failure
                made = [f"{type(error).__name__}: {error}"]
        found += [f"{number}: {one}" for one in made]
        made_of += chance.made
        if number % 100 == 99:
            say(f"{made_of} of {count}, {len(found)} complaints")
    return found


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    asked.add_argument("count", nargs="?", type=int, default=100_000)
    asked.add_argument("seed", nargs="?", type=int, default=1)
    given = asked.parse_args()
    begun = time.monotonic()
    found = soak(given.count, given.seed, lambda said: print(said, file=sys.stderr))
    for one in found[:50]:
        print(one.encode("utf-8", "backslashreplace").decode())
    print(
        f"{given.count} titles and names, {len(found)} complaints, {timedelta(seconds=round(time.monotonic() - begun))}"
    )
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
