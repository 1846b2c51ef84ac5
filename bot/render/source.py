"""What is known of one source: who publishes it, how reliable it was so far, and how reading it goes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.i18n import translate
from bot.i18n.translate import mark_in, t, tp
from bot.render import words
from bot.render.lists import reading
from bot.render.message import Block, Line, Message, bold, foreign, line
from bot.render.text import clean
from bot.render.words import Names
from bot.source_facts import publisher_of
from bot.types import SourceState, Unread
from extract.publishers import StateMedia
from extract.track import SourceReliability

_UNKNOWN_TIER = 4
_TIERS = {
    1: mark_in("tier", "1, news agency or official body"),
    2: mark_in("tier", "2, read in a whole country"),
    3: mark_in("tier", "3, local, tabloid or small"),
    _UNKNOWN_TIER: mark_in("tier", "not known"),
}
_STATE_MEDIA = {
    StateMedia.YES: mark_in("state media", "yes"),
    StateMedia.PUBLIC_SERVICE: mark_in("state media", "no, public-service media"),
    StateMedia.NO: mark_in("state media", "no"),
    StateMedia.UNKNOWN: mark_in("state media", "not known"),
}


def source(
    state: SourceState,
    names: Names,
    *,
    details: bool,
    record: SourceReliability,
    silent: Mapping[str, datetime],
    unread: Sequence[Unread] = (),
) -> Message:
    """All about one source; ``details``: an operator also sees how reading it goes."""
    one, known = state.source, publisher_of(state.source)
    owner = known.owner if known is not None and known.family == one.family else one.family
    rows = [
        (t("Tier"), tp("tier", _TIERS.get(one.tier, _TIERS[_UNKNOWN_TIER]))),
        (t("Owner"), translate.isolate(clean(owner, 80))),
        (t("State media"), tp("state media", _STATE_MEDIA[known.state_media if known else StateMedia.UNKNOWN])),
        (t("Country"), names.country_name(one.country or (known.country if known else ""))),
        (t("Time zone"), one.zone or (known.zone if known else "")),
        (t("Language"), translate.language_name(one.lang)),
        (t("So far"), words.reliability(record)),
    ]
    lines: list[Line] = [line(bold(foreign(clean(one.name, 60)).text))] if one.name else []
    lines.append(line(foreign(clean(one.url, 200)), *(reading(state, silent, unread) if details else ())))
    lines += [line(f"{label}: ", value) for label, value in rows if value]
    return Message((Block(tuple(lines)),))
