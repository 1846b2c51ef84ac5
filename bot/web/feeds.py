"""What is in a feed? The newest incidents that its address asks for, as one document."""

from __future__ import annotations

from datetime import datetime

from bot.export import FORMATS
from bot.export.frame import ID, TITLE, Frame
from bot.incidents import queries
from bot.render.words import Names
from bot.store import Tx, incidents
from bot.web.feed_filter import FeedFilter, has_toll, in_words
from extract.places.containment import Contains
from extract.types import Frozen, Incident

# the end of an address -> the format that it asks for
FEEDS = {"incidents.atom": "atom", "incidents.cap": "cap", "incidents.geojson": "geojson", "incidents.stix": "stix"}
MOST = 200
# formats that take back what was merged into another incident, as what was retracted
TAKE_BACK = frozenset({"cap", "stix"})


class Feed(Frozen, frozen=True, kw_only=True):
    """The incidents of a feed, newest first, and when their versions were made."""

    found: tuple[Incident, ...]
    made: dict[str, tuple[datetime, ...]]


def load(tx: Tx, wanted: FeedFilter, *, contains: Contains, now: datetime, form: str = "") -> Feed:
    """The newest incidents that a filter asks for, retracted ones too: who has read of one has to learn that."""
    found = queries.matching(tx, wanted.filters, contains=contains, now=now)
    if form in TAKE_BACK:
        gone = incidents.merged(tx, limit=MOST)
        found += queries.among(tx, gone, wanted.filters, contains=contains, now=now)
    found = [one for one in found if has_toll(one, wanted)]
    made = incidents.version_times(tx, [one.id for one in found])
    frame = Frame(made=made)
    if wanted.since is not None:
        found = [one for one in found if frame.told(one) >= wanted.since]
    kept = tuple(sorted(found, key=lambda one: (frame.told(one), one.id), reverse=True)[:MOST])
    return Feed(found=kept, made={one.id: made[one.id] for one in kept})


def document(feed: Feed, form: str, wanted: FeedFilter, names: Names, *, address: str, pages: str) -> bytes:
    """The feed in a format of ``FORMATS``; the same incidents always give the same bytes."""
    said = in_words(wanted, names)
    frame = Frame(
        title=f"{TITLE} · {said}" if wanted.asked else TITLE,
        id=f"{ID}?{wanted.asked}" if wanted.asked else ID,
        address=address,
        pages=pages,
        made=feed.made,
    )
    return FORMATS[form].write(feed.found, frame)
