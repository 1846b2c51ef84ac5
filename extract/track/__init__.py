"""One record per incident: match reports to incidents, fuse them, and say what changed. Pure functions.

The stages are those of record linkage: blocking keys (``match.search_window``), comparison of pairs (``features``),
cannot-link constraints, a decision by score (``match.decide``), and fusion of the members (``fuse``). Each stage is a
module of its own, therefore there are more than fifteen.
"""

from extract.track.attributes import is_about_aftermath, may_postdate_event
from extract.track.changes import CORRECTED, DENIED, TAKEN_BACK, change
from extract.track.fuse import age, fuse
from extract.track.match import decide, search_window
from extract.track.noticed import decide_noticed, is_notice, notice_window
from extract.track.origins import are_near_copies, origin_of, sketch
from extract.track.revision import (
    is_same_article,
    is_same_page,
    is_same_story,
    positions,
    tells_another_act,
    texts_alike,
)
from extract.track.rules import rules
from extract.track.source_reliability import SourceAssessment, SourceReliability, assess_sources
from extract.track.withdrawal import is_withdrawn

__all__ = [
    "CORRECTED",
    "DENIED",
    "TAKEN_BACK",
    "SourceAssessment",
    "SourceReliability",
    "age",
    "are_near_copies",
    "assess_sources",
    "change",
    "decide",
    "decide_noticed",
    "fuse",
    "is_about_aftermath",
    "is_notice",
    "is_same_article",
    "is_same_page",
    "is_same_story",
    "is_withdrawn",
    "may_postdate_event",
    "notice_window",
    "origin_of",
    "positions",
    "rules",
    "search_window",
    "sketch",
    "tells_another_act",
    "texts_alike",
]
