"""Which values flow through the service: sources, what a fetch brings, subscriptions, alerts and cards."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from extract.ask import Query, Reading
from extract.types import Action, Article, Certainty, Change, Decision, Frozen, Incident, Lifecycle, Place, Severity


class Source(Frozen, frozen=True, kw_only=True):
    """Something that is read again and again.

    ``every`` is the wished interval in seconds. ``family`` names the owner: outlets of one family count as one
    origin. ``tier`` is 1 (wire agencies, official bodies) to 4 (unknown). ``country`` is where the outlet sits
    (ISO 3166-1 alpha-2), ``lang`` a BCP 47 tag. ``kind`` is ``rss`` for any feed format.
    """

    url: str
    kind: str = "rss"
    every: float = 600.0
    name: str = ""
    family: str = ""
    country: str = ""
    tier: int = 3
    lang: str = "en"
    full_text: bool = False

    @property
    def called(self) -> tuple[str, ...]:
        """What an article of it may call it: its name, or its host."""
        host = (urlsplit(self.url).hostname or "").removeprefix("www.")
        return tuple(name for name in (self.name, host) if name)


class FetchResult(Frozen, frozen=True, kw_only=True):
    """What one request brought. ``status`` is the last hop's; a 304 has no body.

    ``url`` is where the body came from; ``moved_to`` is set where every redirect up to it was permanent.
    ``retry_after`` is in seconds. ``error`` is empty when the request succeeded.
    """

    url: str
    status: int = 0
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    retry_after: float | None = None
    moved_to: str = ""
    error: str = ""


class Subscription(Frozen, frozen=True, kw_only=True):
    """What one chat (or one topic of it) asked to be told.

    ``place`` None means anywhere. With ``km`` the place's point and a radius count, without it the place and all it
    holds. No ``kinds`` means every kind. ``thread`` is a forum topic's id, 0 where there is none. ``min_origins`` is
    how many independent publishers must tell of it; what only ``without_sources`` tell doesn't count. ``most_a_day``
    is how many first cards it may bring in 24 hours; what is extreme comes all the same. ``ends`` is when it
    ends by itself, where it does. ``name`` is what the chat calls it, empty where it has none.
    """

    id: int = 0
    chat: int
    thread: int = 0
    place: Place | None = None
    km: float | None = None
    kinds: tuple[str, ...] = ()
    min_severity: Severity = Severity.UNKNOWN
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    paused_until: datetime | None = None
    min_certainty: Certainty = Certainty.UNKNOWN
    min_origins: int = 1
    without_sources: tuple[str, ...] = ()
    most_a_day: int | None = None
    ends: datetime | None = None
    name: str = ""


class Rhythm(StrEnum):
    """How often a chat gets what isn't severe: at once, or in a digest."""

    AT_ONCE = "at_once"
    HOURLY = "hourly"
    DAILY = "daily"
    WEEKLY = "weekly"


class Preferences(Frozen, frozen=True, kw_only=True):
    """When and how a chat (or a topic of it) wants messages.

    ``zone`` is an IANA time zone; ``zone_chosen``: somebody named it, which can't be seen of UTC. ``quiet`` are two
    local times "HH:MM" between which nothing but what is extreme makes a sound. ``digest_at`` is a local time,
    ``digest_day`` 0 (Monday) to 6. ``language`` is the code of what it is spoken to in, empty where it hasn't chosen.
    With a first card at least as severe as ``maps`` comes a map; unknown: with none.
    """

    zone: str = "UTC"
    zone_chosen: bool = False
    quiet: tuple[str, str] | None = None
    digest: Rhythm = Rhythm.AT_ONCE
    digest_at: str = "08:00"
    digest_day: int = 0
    language: str = ""
    maps: Severity = Severity.UNKNOWN


class DeferralReason(StrEnum):
    """Why an alert was deferred, or sent without a sound."""

    DIGEST = "digest"
    BUDGET = "budget"
    QUIET = "quiet"


class Deferral(Frozen, frozen=True, kw_only=True):
    """An incident that a chat asked for and gets in a digest, or can look up with /missed."""

    chat: int
    thread: int
    incident: str
    why: DeferralReason
    at: datetime


class Remark(Frozen, frozen=True, kw_only=True):
    """What somebody says is wrong with an incident as it stood in a version."""

    incident: str
    version: int
    what: str
    at: datetime


class Card(Frozen, frozen=True, kw_only=True):
    """The one message about one incident in one chat, and the version that it shows.

    ``fingerprint`` tells whether the message would look the same; in stored JSON it is called ``digest``.
    """

    chat: int
    thread: int
    incident: str
    message_id: int
    version: int
    fingerprint: str = msgspec.field(default="", name="digest")


class Acknowledgement(Frozen, frozen=True, kw_only=True):
    """Somebody in a chat deals with an incident.

    ``severity`` is the rank that it had then: it counts until the incident gets more severe. ``user`` and ``name`` (the
    first name) say who, 0 and empty where that isn't kept.
    """

    chat: int
    thread: int
    incident: str
    severity: int
    at: datetime
    user: int = 0
    name: str = ""


class Alert(Frozen, frozen=True, kw_only=True):
    """One message that is due in one chat. ``repeat``: it may have arrived already and is sent once more.

    ``notice`` is a whole message as JSON, of no incident: a digest, say; ``incident`` is then the notice's own key.
    """

    id: int
    chat: int
    thread: int
    incident: str
    version: int
    action: Action
    silent: bool = False
    repeat: bool = False
    attempts: int = 0
    change: Change | None = None
    notice: str = ""


class SourceState(Frozen, frozen=True, kw_only=True):
    """A source and how reading it went so far.

    ``fetch_url`` is where it has moved for good, else its own address, which stays its name. ``baseline`` is true
    until its first successful read: what that read shows is history.
    """

    source: Source
    origin: str
    fetch_url: str
    etag: str = ""
    last_modified: str = ""
    next_check: datetime
    failures: int = 0
    last_ok: datetime | None = None
    last_error: str = ""
    items: int = 0
    baseline: bool = True


class StoredArticle(Frozen, frozen=True, kw_only=True):
    """An article as it waits for extraction; ``article.id`` is unique in the store."""

    article: Article
    source_url: str
    revision: int
    baseline: bool
    first_seen: datetime


class Version(Frozen, frozen=True, kw_only=True):
    """One version of an incident and what made it."""

    incident: Incident
    change: Change


class DecisionRecord(Frozen, frozen=True, kw_only=True):
    """Why one report of an article joined the incident it joined; ``note`` says why nobody was told, if so."""

    article: str
    revision: int
    position: int
    at: datetime
    decision: Decision
    change: Change | None = None
    note: str = ""


class Amendment(Frozen, frozen=True, kw_only=True):
    """A correction of records by an administrator, with all that undoing it needs.

    ``incident`` was kept, split or taken back; ``other`` was merged into it, or split off. ``reports`` are the article
    and position of each report that moved, ``cards`` those that were re-pointed, as they were.
    """

    id: int = 0
    at: datetime
    action: Literal["merge", "split", "retract"]
    incident: str
    other: str = ""
    reports: tuple[tuple[str, int], ...] = ()
    cards: tuple[Card, ...] = ()
    lifecycle: Lifecycle = Lifecycle.DEVELOPING
    undone: datetime | None = None


class Problem(Frozen, frozen=True, kw_only=True):
    """Something that went wrong; ``ref`` is what the person was told, ``place`` the part of the service."""

    ref: str
    at: datetime
    place: str
    what: str


class Inbound(Frozen, frozen=True, kw_only=True):
    """An update as Telegram delivered it: ``payload`` is its JSON, ``chat`` where it comes from, if anywhere."""

    update_id: int
    chat: int | None
    payload: str


class Bounds(Frozen, frozen=True, kw_only=True):
    """A sum of people: at least ``low``, at most ``high`` (None: nobody can say).

    In ``unknown`` more incidents no number is given.
    """

    low: int = 0
    high: int | None = None
    unknown: int = 0


class Tally(Frozen, frozen=True, kw_only=True):
    """How many incidents, and how many people they killed, injured and took."""

    count: int = 0
    killed: Bounds = Bounds()
    injured: Bounds = Bounds()
    kidnapped: Bounds = Bounds()


class Cell(Frozen, frozen=True, kw_only=True):
    """The incidents of one kind on one day."""

    day: date
    kind: str
    tally: Tally


class Part(Frozen, frozen=True, kw_only=True):
    """One of several things set side by side: a place, a time, a group; ``key`` says which."""

    key: str
    tally: Tally
    place: Place | None = None


class Answer(Frozen, frozen=True, kw_only=True):
    """What there is to say. ``reading`` is the question as understood, its places settled.

    ``total`` None: it can't be answered; then ``nearest`` is what the nearest question that can be comes to. ``maybe``
    more incidents may be meant, as far as their time is known; ``undated`` of them go by their first report. ``others``
    could have been meant by a place's name. ``unit`` is what a trend's ``parts`` go by. ``ids`` and ``articles`` are
    filled where the whole is asked for. ``texts`` are the articles that the shown incidents rest on.
    """

    reading: Reading
    total: Tally | None = None
    nearest: Tally | None = None
    maybe: int = 0
    undated: int = 0
    shown: tuple[Incident, ...] = ()
    parts: tuple[Part, ...] = ()
    unit: str = ""
    others: tuple[Place, ...] = ()
    ids: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    texts: tuple[Article, ...] = ()

    @property
    def query(self) -> Query | None:
        """What was asked."""
        return self.reading.query
