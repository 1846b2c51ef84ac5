"""Which sources were read, in words: what "none" rests on, or why it can't be said."""

from __future__ import annotations

from bot.i18n import translate
from bot.i18n.translate import mark, t
from bot.render import words
from bot.render.text import clean
from bot.types import Coverage, Gap

MOST_NAMES = 3
_GAPS = {
    Gap.NO_SOURCE: mark("I can't say: no source of {place} is read here."),
    Gap.NOT_READ: mark("I can't say: no source of {place} has been read yet."),
    Gap.FAILING: mark("I can't say: no source of {place} has answered since {time}."),
    Gap.BEFORE: mark("I can't say for all of that time: nothing from before {day} is known here."),
}


def gap(found: Coverage) -> str:
    """What is not covered, since when; empty where all is."""
    if found.gap is None:
        return ""
    return t(
        _GAPS[found.gap],
        place=_place(found),
        time=words.clock(found.last_read) if found.last_read else "",
        day=words.day(found.since) if found.since else "",
    )


def last_read(found: Coverage) -> str:
    """When the sources that cover it were last read, and which; empty where none was."""
    if found.last_read is None or not found.names:
        return ""
    shown = [translate.isolate(clean(name, 60)) for name in found.names[:MOST_NAMES]]
    rest = len(found.names) - len(shown)
    shown += [t("{n} more", n=rest)] if rest > 0 else []
    return t(
        "Its sources were last read at {time}: {names}.",
        time=words.clock(found.last_read),
        names=translate.joined(shown),
    )


def note(found: Coverage | None) -> str:
    """What "none" rests on: the gap, or the last read; empty where no source is read at all."""
    return (gap(found) or last_read(found)) if found is not None else ""


def _place(found: Coverage) -> str:
    return t(" or ").join(found.places) if found.places else t("the world")
