"""One incident, one record: matching reports, fusing them, and saying what changed. Pure."""

from extract.track.attributes import is_sequel, may_date_late
from extract.track.changes import change
from extract.track.fuse import age, fuse
from extract.track.match import decide, search_window
from extract.track.origins import origin_of, sketch
from extract.track.rules import rules
from extract.track.source_reliability import TrackRecord, Trial, trials_of
from extract.track.withdrawal import is_withdrawn

__all__ = [
    "TrackRecord",
    "Trial",
    "age",
    "change",
    "decide",
    "fuse",
    "is_sequel",
    "is_withdrawn",
    "may_date_late",
    "origin_of",
    "rules",
    "search_window",
    "sketch",
    "trials_of",
]
