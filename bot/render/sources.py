"""Messages about sources before they are added: which an address leads to, and what one of them would have told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from bot.i18n import translate
from bot.i18n.translate import t
from bot.render import words
from bot.render.message import Button, Line, Message, bold, foreign, line, moment, say, sentence
from bot.render.text import clean, cut
from bot.types import Candidate, ListPlan, Preview, Source, SourceState, TrialRecord
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


def trial_menu(state: SourceState, told: TrialRecord, now: datetime, *, trial: timedelta, at: str) -> Message:
    """A source on trial: what it has told so far, with buttons to keep it, to try it for ``trial`` more, or remove it.

    ``at`` is the token and number that the buttons find it by.
    """
    source = state.source
    name = bold(clean(source.name, 60))
    row = (
        Button(t("Keep it"), VERB, f"{at} keep"),
        Button(t("{span} more", span=words.span(trial)), VERB, f"{at} longer"),
        Button(t("Remove"), VERB, f"{at} remove"),
    )
    return say(
        line(*((name, " · ") if source.name else ()), foreign(clean(source.url, 200))),
        line(trial_words(state, told, now)),
        t("On trial a source is read and counted, and starts no alert. If you keep it, what is new in it is alerted."),
        buttons=(row,),
    )


def trial_words(state: SourceState, told: TrialRecord, now: datetime) -> str:
    """ "On trial until ...: 210 articles, 9 incidents, 7 of them also told by others, 2 by it alone, 0 taken back"."""
    is_over = state.trial_ends is not None and state.trial_ends <= now
    ends = words.clock(state.trial_ends) if state.trial_ends is not None else ""
    head = t("its trial is over, and it waits for your decision") if is_over else t("on trial until {at}", at=ends)
    counted = t(
        "{articles}, {incidents}: {shared} also told by others, {alone} by it alone, {taken_back} taken back",
        articles=words.articles(told.articles),
        incidents=words.incidents(told.incidents),
        shared=told.shared,
        alone=told.incidents - told.shared,
        taken_back=told.taken_back,
    )
    return f"{head} · {counted}"


def paused_menu(state: SourceState, *, token: str, number: int) -> Message:
    """A source that is no longer read because it failed for long, with a button to try it again."""
    why = clean(state.last_error, 120)
    row = (
        Button(t("Read it again"), VERB, f"{token} {number} resume"),
        Button(t("Remove"), VERB, f"{token} {number} remove"),
    )
    return say(
        line(foreign(clean(state.source.url, 200))),
        *([sentence("paused since {at}: {why}", at=moment(state.paused), why=why)] if state.paused else []),
        buttons=(row,),
    )


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
