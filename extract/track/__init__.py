"""One incident, one record: matching reports, fusing them, and saying what changed. Pure."""

from extract.track.changes import change
from extract.track.fuse import fuse
from extract.track.match import decide, search_window
from extract.track.origins import origin_of

__all__ = ["change", "decide", "fuse", "origin_of", "search_window"]
