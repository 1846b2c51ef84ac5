"""Messages about sources before they are added: which an address leads to, and what one of them would have told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit

from bot.i18n import translate
from bot.i18n.translate import t
from bot.render import words
from bot.render.message import Button, Line, Message, bold, foreign, line, say
from bot.render.text import clean, cut
from bot.types import Candidate, ListPlan, Preview, Source
from extract.lang import LANGUAGES

VERB = "src"
LABEL_UNITS = 50
TITLE_UNITS = 140
DAYS = 7
MOST_LISTED = 10

Buttons = tuple[tuple[Button, ...], ...]


def choice(found: Sequence[Candidate], token: str) -> Message:
    """Several feeds that a page names, with a button to look at each."""
    lines = [line(bold(t("That page has several feeds. Which one?")))]
    rows: list[tuple[Button, ...]] = []
    for number, one in enumerate(found):
        name, url = clean(one.source.name, 60), clean(one.source.url, 200)
        lines.append(line(f"{number + 1}. ", *((foreign(name), " · ") if name else ()), foreign(url)))
        label = cut(name or _path(one.source.url), LABEL_UNITS)
        rows.append((Button(label, VERB, f"{token} {number} look"),))
    return say(*lines, buttons=(*rows, (Button(t("Cancel"), VERB, f"{token} 0 no"),)))


def listed(found: ListPlan, *, buttons: Buttons) -> Message:
    """What a list of feeds would add, how many of it are known already, and which are not read and why."""
    lines = [line(bold(t("New in that list: {sources}", sources=words.sources(len(found.new)))))]
    lines += [line("• ", foreign(clean(one.name or one.url, 100))) for one in found.new[:MOST_LISTED]]
    rest = len(found.new) - MOST_LISTED
    lines += [line(t("and {n} more", n=rest))] if rest > 0 else []
    lines += [line(t("Sources already: {n}", n=found.known))] if found.known else []
    lines += [line(t("Named more than once: {n}", n=found.repeated))] if found.repeated else []
    if found.refused:
        lines.append(line(t("Not read: {n}", n=len(found.refused))))
        lines += [
            line("• ", foreign(f"{clean(one.url, 100)}: {clean(one.why, 100)}")) for one in found.refused[:MOST_LISTED]
        ]
    return say(*lines, buttons=buttons)


def preview(source: Source, told: Preview, now: datetime, *, intro: Line, buttons: Buttons) -> Message:
    """What a source would have told, under a line that says what became of it."""
    lines = [
        intro,
        line(*((bold(clean(source.name, 60)), " · ") if source.name else ()), foreign(clean(source.url, 200))),
    ]
    return say(*lines, *preview_lines(told, now), buttons=buttons)


def preview_lines(told: Preview, now: datetime) -> list[Line]:
    """How many articles, how old, in which language, and the incidents of the last week with their titles."""
    parts = [words.articles(told.items)]
    if told.newest is not None:
        parts.append(t("the newest from {at}", at=words.clock(told.newest)))
        if (age := now - told.newest).total_seconds() >= 0:
            parts[-1] = t("the newest {span} old", span=words.span(age))
    lines = [line(" · ".join([*parts, *_language(told)]))]
    if not told.items:
        return [line(t("It shows no article now."))]
    return [*lines, *_incidents(told)]


def _incidents(told: Preview) -> list[Line]:
    if not told.recent:
        return [line(t("Nothing in it is from the last {days} days.", days=DAYS))]
    if not told.read:
        return [
            line(t("I could not read its articles just now, so I can't say which incidents it would have told of."))
        ]
    if not told.incidents:
        return [
            line(
                t(
                    "No incident of the last {days} days, in {articles} that I read.",
                    days=DAYS,
                    articles=words.articles(told.read),
                )
            )
        ]
    head = t(
        "{incidents} in the last {days} days, told by {articles} that I read",
        incidents=words.incidents(told.incidents),
        articles=words.articles(told.read),
        days=DAYS,
    )
    lines = [line(f"{head}:" if told.titles else f"{head}.")]
    lines += [line("• ", foreign(clean(title, TITLE_UNITS))) for title in told.titles]
    rest = told.incidents - len(told.titles)
    return [*lines, *([line(t("and {n} more", n=rest))] if rest > 0 and told.titles else [])]


def _language(told: Preview) -> list[str]:
    """ "English", "German, which I don't read"; [] where its facts need no language, or nothing is known."""
    if told.has_facts:
        return [t("its facts are in fields, so its language does not matter")]
    if told.is_language_read is None:
        return []
    name = language_name(told.lang)
    if told.is_language_read:
        return [name] if name else []
    if told.lang.partition("-")[0].lower() in LANGUAGES or not name:
        return [t("in a language that I don't read: nothing of it would be told")]
    return [t("{language}, which I don't read: nothing of it would be told", language=name)]


def language_name(tag: str) -> str:
    """The name of a language in the current one, by its BCP 47 tag; empty where CLDR knows none."""
    code = tag.partition("-")[0].lower()
    name = translate.current().language.locale.languages.get(code) if code else None
    return str(name) if name else ""


def _path(url: str) -> str:
    """What tells an address from others of its site: its path and query, else its host."""
    parts = urlsplit(url)
    rest = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return rest if rest.strip("/") else parts.netloc
