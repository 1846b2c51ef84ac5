"""Which values pass between the service's modules? Sources, fetch results, subscriptions, alerts, cards, answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from extract.ask import Query, Reading
from extract.types import (
    Action,
    Article,
    Certainty,
    Change,
    Decision,
    Frozen,
    Incident,
    Lifecycle,
    ParsedFeed,
    Place,
    Severity,
)


class Source(Frozen, frozen=True, kw_only=True):
    """A source of articles, read at intervals.

    ``every`` is the wanted interval in seconds. ``family`` names the owner: outlets of one family count as one
    origin. ``tier`` is 1 (wire agencies, official bodies) to 4 (unknown). ``country`` is the outlet's home
    (ISO 3166-1 alpha-2), ``lang`` a BCP 47 tag. ``kind`` is ``rss`` for any feed format. ``zone`` is the IANA time zone
    of dates that name none; empty: it is learned. ``links`` is the CSS selector of the links of a page without a feed.
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
    zone: str = ""
    links: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which its articles may give their source: its name and its host."""
        host = (urlsplit(self.url).hostname or "").removeprefix("www.")
        return tuple(name for name in (self.name, host) if name)


class Candidate(Frozen, frozen=True, kw_only=True):
    """A source that an address leads to. ``is_exact``: the address is its own, and not that of a page which names it.

    ``parsed`` is what it shows; None where that was not looked at yet.
    """

    source: Source
    parsed: ParsedFeed | None = None
    is_exact: bool = False


class RefusedFeed(Frozen, frozen=True, kw_only=True):
    """A feed of a list that is not read, and why: the address guard's sentence."""

    url: str
    why: str


class ListPlan(Frozen, frozen=True, kw_only=True):
    """What to do with a list of feeds: the sources that are new, and how many are known or stand in it twice."""

    new: tuple[Source, ...] = ()
    known: int = 0
    repeated: int = 0
    refused: tuple[RefusedFeed, ...] = ()


class Preview(Frozen, frozen=True, kw_only=True):
    """What a source would have told, had it been read before; nothing of it is kept and nobody is alerted.

    ``items`` is how many articles it shows, ``newest`` the date of the latest. Of the ``recent`` ones ``read`` were
    extracted in time: they tell of ``incidents`` incidents, the titles of the gravest of which are ``titles``.
    ``has_facts``: it gives its facts in fields, so that its language does not matter; else ``is_language_read`` says
    whether articles in its language are read at all, None where none says anything of it.
    """

    items: int = 0
    newest: datetime | None = None
    recent: int = 0
    read: int = 0
    incidents: int = 0
    titles: tuple[str, ...] = ()
    lang: str = ""
    is_language_read: bool | None = None
    has_facts: bool = False


class FetchResult(Frozen, frozen=True, kw_only=True):
    """The result of one HTTP request. ``status`` is that of the last redirect; a 304 has no body.

    ``url`` is the address that the body came from; ``moved_to`` is set if every redirect to it was permanent.
    ``retry_after`` is in seconds, and so is ``fresh_for``: how long the server says that a later request brings nothing
    new. ``error`` is empty when the request succeeded.
    """

    url: str
    status: int = 0
    body: bytes = b""
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    retry_after: float | None = None
    fresh_for: float | None = None
    moved_to: str = ""
    error: str = ""


class Subscription(Frozen, frozen=True, kw_only=True):
    """A filter for the incidents that one chat (or one topic of it) is alerted of.

    ``place`` None means anywhere. With ``km`` a circle around the place's point counts, without it the place and all
    places in it. No ``kinds`` means every kind. ``thread`` is a forum topic's id, 0 where there is none.
    ``min_origins`` is how many independent publishers must report the incident; reports of ``without_sources`` don't
    count. Incidents of ``without_kinds`` and those in one of ``without_places`` are left out. ``most_a_day`` is the
    limit of first cards in 24 hours; extreme severity is exempt. ``ends`` is the time at which it ends by itself, None
    for never. ``name`` is the chat's name for it, empty where it has none.
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
    without_kinds: tuple[str, ...] = ()
    without_places: tuple[Place, ...] = ()
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
    """The settings of a chat (or a topic of it): time zone, quiet hours, digest, language, maps.

    ``zone`` is an IANA time zone; ``zone_chosen``: it was set, and isn't the default UTC. ``quiet`` are two local times
    "HH:MM" between which only extreme severity makes a sound. ``digest_at`` is a local time, ``digest_day`` 0 (Monday)
    to 6. ``language`` is the code of the chat's language, empty where it isn't set. A first card at least as severe as
    ``maps`` comes with a map; UNKNOWN: none does.
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
    """Why a chat didn't get an alert at once with a sound: digest, over the day's limit, quiet hours, or a pause."""

    DIGEST = "digest"
    BUDGET = "budget"
    QUIET = "quiet"
    PAUSED = "paused"


class Deferral(Frozen, frozen=True, kw_only=True):
    """An incident that a chat gets later in a digest, or can look up with /missed."""

    chat: int
    thread: int
    incident: str
    why: DeferralReason
    at: datetime


class Feedback(Frozen, frozen=True, kw_only=True):
    """What a chat says is wrong with an incident, and the version that it saw."""

    incident: str
    version: int
    what: str
    at: datetime


class Card(Frozen, frozen=True, kw_only=True):
    """The one message about one incident in one chat, and the version that it shows.

    ``fingerprint`` is equal for messages that look the same; in stored JSON it is called ``digest``.
    """

    chat: int
    thread: int
    incident: str
    message_id: int
    version: int
    fingerprint: str = msgspec.field(default="", name="digest")


class Arrival(Frozen, frozen=True, kw_only=True):
    """When a chat got the first card of an incident, and the article (its id) that was the newest in it."""

    at: datetime
    article: str


class Acknowledgement(Frozen, frozen=True, kw_only=True):
    """A person in a chat has seen an incident and deals with it.

    ``severity`` is the incident's rank then: the acknowledgement counts until the incident gets more severe. ``user``
    and ``name`` (the first name) say who, 0 and empty where that isn't kept.
    """

    chat: int
    thread: int
    incident: str
    severity: int
    at: datetime
    user: int = 0
    name: str = ""


class Alert(Frozen, frozen=True, kw_only=True):
    """One message to send to one chat. ``repeat``: it may have arrived already and is sent once more.

    ``notice`` is a complete message as JSON that isn't about one incident, such as a digest; ``incident`` is then the
    notice's own key.
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


class Hook(Frozen, frozen=True, kw_only=True):
    """A program that is told of changes by HTTP: its address, what it is called, and what it asks for.

    ``pages`` is the beginning of the addresses of incidents' pages, empty where nobody can open them.
    """

    url: str
    name: str
    filters: tuple[Subscription, ...]
    pages: str = ""


class HookMessage(Frozen, frozen=True, kw_only=True):
    """One message to a webhook. ``num`` is its row, ``id`` what the receiver knows it by; ``attempts`` counts this."""

    num: int
    hook: str
    id: str
    body: bytes
    attempts: int = 0


class HookState(Frozen, frozen=True, kw_only=True):
    """How a webhook does; the messages that ended are those of the last days.

    ``failures`` are those in a row, ``since`` when the first of them was, ``paused`` since when it is only tried now
    and then, ``why`` the last failure.
    """

    hook: str
    waiting: int = 0
    sent: int = 0
    failed: int = 0
    failures: int = 0
    since: datetime | None = None
    paused: datetime | None = None
    last_ok: datetime | None = None
    why: str = ""

    @property
    def host(self) -> str:
        """What it is called where its name is not known: its host, since the rest of its address may be a secret."""
        return urlsplit(self.hook).hostname or "webhook"


class Posted(Frozen, frozen=True, kw_only=True):
    """The answer to a post: its status, 0 and an error where none came; ``retry_after`` is in seconds."""

    status: int = 0
    retry_after: float | None = None
    error: str = ""

    @property
    def is_taken(self) -> bool:
        """Has the receiver taken the message?"""
        return 200 <= self.status < 300

    @property
    def why(self) -> str:
        """Why it was not taken."""
        return self.error or f"HTTP {self.status}"


class SourceState(Frozen, frozen=True, kw_only=True):
    """A source and the state of reading it.

    ``fetch_url`` is the address that it has permanently moved to, else its own, which stays its key. ``baseline`` is
    true until its first successful read, whose articles are old news and cause no alerts. ``leads`` are by how many
    minutes its clock led ours when its latest articles were new, oldest first. While it is on trial, from
    ``trial_since`` until an administrator decides after ``trial_ends``, it starts no alert. ``paused`` is since when it
    is not read, because it had failed for long.
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
    leads: tuple[int, ...] = ()
    trial_since: datetime | None = None
    trial_ends: datetime | None = None
    paused: datetime | None = None

    @property
    def is_on_trial(self) -> bool:
        """Is it on trial, so that it starts no alert?"""
        return self.trial_ends is not None


class TrialRecord(Frozen, frozen=True, kw_only=True):
    """What a source has told on trial: articles, incidents, how many of those others told too, and were taken back."""

    articles: int = 0
    incidents: int = 0
    shared: int = 0
    taken_back: int = 0


class StoredArticle(Frozen, frozen=True, kw_only=True):
    """One revision of an article in the store, to be extracted; ``article.id`` is unique in the store.

    ``on_trial``: its source was on trial when it came, and has not been kept since.
    """

    article: Article
    source_url: str
    revision: int
    baseline: bool
    first_seen: datetime
    on_trial: bool = False


class Unread(Frozen, frozen=True, kw_only=True):
    """Items a day of a source in a language (BCP 47 subtag, "und" for an unknown one) that is not read."""

    lang: str
    items: int


class Version(Frozen, frozen=True, kw_only=True):
    """One version of an incident and the change that made it."""

    incident: Incident
    change: Change


class Term(Frozen, frozen=True):
    """A word of a closed vocabulary ("severity", "certainty"), translated where it is shown."""

    vocabulary: str
    word: str


class Reason(Frozen, frozen=True):
    """Why a chat gets an alert or doesn't, as data: a message, and the value for each ``{name}`` in it.

    ``message`` is a message of the catalogues (context "reason"), or plain text that none of them has, such as an error
    that Telegram answered. ``bot.render.stored_values.reason_words`` gives its words in the current language.
    """

    message: str
    values: Mapping[str, str | int | float | Term] = msgspec.field(default_factory=dict)


class DecisionRecord(Frozen, frozen=True, kw_only=True):
    """Why one report of an article joined or opened an incident; ``note`` says why no chat was alerted, if so."""

    article: str
    revision: int
    position: int
    at: datetime
    decision: Decision
    change: Change | None = None
    note: Reason | None = None


class Settled(Frozen, frozen=True, kw_only=True):
    """An incident whose record is settled: the probability and certainty of its first version, and what became of it.

    ``is_taken_back``: it was retracted, or is denied. ``origins``: how many independent publishers report it.
    """

    probability: float
    certainty: Certainty
    is_taken_back: bool
    origins: int


class Amendment(Frozen, frozen=True, kw_only=True):
    """A merge, split or retraction by an administrator, with all that an undo needs.

    ``incident`` was kept, split or retracted; ``other`` was merged into it, or split off. ``reports`` are the article
    and position of each report that moved, ``cards`` the reassigned cards as they were.
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
    """An error that was logged; ``ref`` is the reference the person was given, ``place`` the part of the service."""

    ref: str
    at: datetime
    place: str
    what: str


class Inbound(Frozen, frozen=True, kw_only=True):
    """An update as Telegram delivered it: ``payload`` is its JSON, ``chat`` is where it comes from, None if nowhere."""

    update_id: int
    chat: int | None
    payload: str


class Bounds(Frozen, frozen=True, kw_only=True):
    """A sum of people: at least ``low``, at most ``high`` (None: unknown).

    ``unknown`` further incidents give no number.
    """

    low: int = 0
    high: int | None = None
    unknown: int = 0


class Tally(Frozen, frozen=True, kw_only=True):
    """The number of incidents, and of the people killed, injured and kidnapped in them.

    ``freed`` and ``arrested`` are counted only where they are asked for.
    """

    count: int = 0
    killed: Bounds = Bounds()
    injured: Bounds = Bounds()
    kidnapped: Bounds = Bounds()
    freed: Bounds = Bounds()
    arrested: Bounds = Bounds()

    def ranked_by(self, field: str) -> int:
        """The number by which places are ranked: people killed, injured or kidnapped, else incidents."""
        if field == "casualties":
            return self.killed.low + self.injured.low
        return int(getattr(self, field).low) if field in ("killed", "injured", "kidnapped") else self.count


class Cell(Frozen, frozen=True, kw_only=True):
    """The incidents of one kind on one day."""

    day: date
    kind: str
    tally: Tally


class Part(Frozen, frozen=True, kw_only=True):
    """One part of a comparison or a trend, with its tally: a place, a time or a group; ``key`` says which."""

    key: str
    tally: Tally
    place: Place | None = None


class Gap(StrEnum):
    """Why it can't be said that nothing happened: no source covers the place, none was read, all fail, or too early."""

    NO_SOURCE = "no_source"
    NOT_READ = "not_read"
    FAILING = "failing"
    BEFORE = "before"


class Coverage(Frozen, frozen=True, kw_only=True):
    """Were the sources that cover ``places`` (none: the world) read? ``gap``: why not, None where they were.

    ``names`` are those that were, the last read first; ``last_read`` is when. Of a gap it is when one last answered,
    of NO_SOURCE any source. ``since`` is the first day of which anything is known, for BEFORE.
    """

    gap: Gap | None = None
    places: tuple[str, ...] = ()
    last_read: datetime | None = None
    names: tuple[str, ...] = ()
    since: date | None = None


class Answer(Frozen, frozen=True, kw_only=True):
    """The answer to a question. ``reading`` is the question as understood, its places resolved.

    ``total`` None: it can't be answered; then ``nearest`` is the tally of the nearest question that can be. ``maybe``
    more incidents may match, as far as their time is known; ``undated`` of the matching ones count by the day of their
    first report. ``others`` are other places of the same name. ``unit`` is the time unit of a trend's ``parts``.
    ``ids`` and ``articles`` are filled only where everything is asked for. ``texts`` are the articles of the shown
    incidents. ``coverage``: were the sources read that cover its places and times; None where no source is read at all.
    ``denied`` incidents that would match are denied or unlikely: they are not counted, and shown only where there is no
    other.
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
    coverage: Coverage | None = None
    denied: int = 0

    @property
    def query(self) -> Query | None:
        """The query that the question was read as; None where it wasn't understood."""
        return self.reading.query
