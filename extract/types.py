"""Which values flow through Tocsin: articles, reports, incidents, changes.

All are frozen, picklable and read and written as JSON by ``msgspec`` (see ``extract.wire``).
The shapes and values are the public contract of the command line.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

import msgspec


class Frozen(msgspec.Struct, frozen=True, gc=False):
    """A value: compared by content, never changed; ``msgspec.structs.replace`` makes a changed copy."""


# ------------------------------------------------------------------ vocabulary


class Precision(StrEnum):
    """How finely a place is known (PLOVER's ``Location.resolution``, 5 down to 1)."""

    SITE = "site"
    CITY = "city"
    DISTRICT = "district"
    PROVINCE = "province"
    COUNTRY = "country"


class TimePrecision(StrEnum):
    """How finely a time is known."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


class CountState(StrEnum):
    """What a text says about a number: unknown is a value, never zero."""

    COUNTED = "counted"
    NONE = "none"
    NOT_YET_KNOWN = "not_yet_known"
    NOT_MENTIONED = "not_mentioned"


class News(StrEnum):
    """Is the act itself the news, or something that came after it?"""

    EVENT = "event"
    FOLLOW_UP = "follow_up"


class Stage(StrEnum):
    """MUC-4's STAGE OF EXECUTION."""

    ACCOMPLISHED = "accomplished"
    ATTEMPTED = "attempted"
    THREATENED = "threatened"


class Responsibility(StrEnum):
    """Who is said to have done it, as far as anyone claims, denies or suspects."""

    NONE_REPORTED = "none_reported"
    SUSPECTED = "suspected"
    CLAIMED = "claimed"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    COMPETING = "competing"
    NOT_MENTIONED = "not_mentioned"


class Status(StrEnum):
    """Is the act still going on?"""

    ONGOING = "ongoing"
    ENDED = "ended"
    FOILED = "foiled"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    """CAP 1.2 severity, ordered by ``rank``."""

    EXTREME = "extreme"
    SEVERE = "severe"
    MODERATE = "moderate"
    MINOR = "minor"
    UNKNOWN = "unknown"

    @property
    def rank(self) -> int:
        """0 (unknown) to 4 (extreme)."""
        return ("unknown", "minor", "moderate", "severe", "extreme").index(self.value)


class Urgency(StrEnum):
    """CAP 1.2 urgency."""

    IMMEDIATE = "immediate"
    EXPECTED = "expected"
    FUTURE = "future"
    PAST = "past"
    UNKNOWN = "unknown"


class Certainty(StrEnum):
    """CAP 1.2 certainty, ordered by ``rank``."""

    OBSERVED = "observed"
    LIKELY = "likely"
    POSSIBLE = "possible"
    UNLIKELY = "unlikely"
    UNKNOWN = "unknown"

    @property
    def rank(self) -> int:
        """0 (unknown) to 4 (observed)."""
        return ("unknown", "unlikely", "possible", "likely", "observed").index(self.value)


class Confidence(StrEnum):
    """MUC-4's PERP: ORGANIZATION CONFIDENCE."""

    REPORTED_AS_FACT = "reported_as_fact"
    CLAIMED_OR_ADMITTED = "claimed_or_admitted"
    SUSPECTED_BY_AUTHORITIES = "suspected_or_accused_by_authorities"
    SUSPECTED = "suspected_or_accused"
    POSSIBLE = "possible"
    ACQUITTED = "acquitted"


class Effect(StrEnum):
    """What happened to a victim."""

    KILLED = "killed"
    INJURED = "injured"
    KIDNAPPED = "kidnapped"
    UNHARMED = "unharmed"
    ESCAPED = "escaped"
    FREED = "freed"
    UNKNOWN = "unknown"


class Lifecycle(StrEnum):
    """Where an incident's record stands."""

    NEW = "new"
    DEVELOPING = "developing"
    STABLE = "stable"
    CLOSED = "closed"
    RETRACTED = "retracted"


class Action(StrEnum):
    """What a change asks of the bot: a first card, a reply that makes a sound, a silent edit, a retraction."""

    NEW = "new"
    REPLY = "reply"
    EDIT = "edit"
    RETRACT = "retract"


# ------------------------------------------------------------------ articles


class Article(Frozen, frozen=True, kw_only=True):
    """One document as a source published it.

    ``text`` is plain, paragraphs parted by a blank line. ``published`` is aware UTC; with
    ``published_day_only`` the hour is not known and only its date counts. ``source`` is the publisher's
    domain or name, ``lang`` a BCP 47 tag; both are empty where unknown. ``revises`` is the id of the source's earlier
    article that this one takes the place of; ``withdrawn``: the source takes that article back.
    """

    id: str
    text: str
    title: str = ""
    url: str = ""
    published: datetime | None = None
    published_day_only: bool = False
    source: str = ""
    lang: str = ""
    revises: str = ""
    withdrawn: bool = False


class ParsedFeed(Frozen, frozen=True, kw_only=True):
    """What the bytes of one feed document say: its articles in document order, and what was wrong with it.

    ``problems`` are sentences for the operator; ``ttl_seconds`` is how long the feed asks to be left alone.
    """

    articles: tuple[Article, ...] = ()
    problems: tuple[str, ...] = ()
    title: str = ""
    ttl_seconds: int | None = None


# ------------------------------------------------------------------ what a report is made of


class Quote(Frozen, frozen=True, kw_only=True):
    """A verbatim slice of an article: ``quote == article.<where>[start:end]``, offsets in code points.

    ``article`` names the article in a merged incident and is empty within one article's own report.
    """

    where: Literal["title", "text"] = msgspec.field(name="in")
    start: int
    end: int
    quote: str
    article: str = ""


class Place(Frozen, frozen=True, kw_only=True):
    """A place on the map and how finely it is known; ``country`` is ISO 3166-1 alpha-2.

    ``admin1`` is the name of the first-order division. For ``precision`` coarser than city the
    coordinates are the area's centre, never a spot where anything happened.
    """

    name: str
    admin1: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    precision: Precision
    geonameid: int | None = None


class When(Frozen, frozen=True, kw_only=True):
    """When the act happened, local at the place: ISO 8601 dates, or date-times for hour and minute precision."""

    start: str
    end: str
    precision: TimePrecision

    @property
    def first_day(self) -> date:
        """The first local day the act can have happened on."""
        return date.fromisoformat(self.start[:10])

    @property
    def last_day(self) -> date:
        """The last local day the act can have happened on."""
        return date.fromisoformat(self.end[:10])


class Count(Frozen, frozen=True, kw_only=True):
    """How many: ``low`` to ``high`` people; ``high`` None means "at least"."""

    low: int | None = None
    high: int | None = None
    state: CountState = CountState.NOT_MENTIONED


class Claim(Frozen, frozen=True, kw_only=True):
    """One thing somebody said about a number: who said it, where it stands, and the number.

    ``field`` is ``killed``, ``injured``, ``kidnapped``, ``attackers`` or ``killed_attackers``; ``said_by`` is the
    text's own words for the speaker ("police chief"), empty where the article speaks for itself;
    ``official`` tells whether that speaker holds an office (police, hospital, ministry), ``corrects`` whether the text
    presents the number as a correction of an earlier one.
    """

    field: str
    count: Count
    said_by: str = ""
    official: bool = False
    evidence: Quote
    at: datetime | None = None
    source: str = ""
    corrects: bool = False


class Perpetrator(Frozen, frozen=True, kw_only=True):
    """Who did it, and how sure the article is."""

    name: str
    type: Literal["person", "organization"]
    confidence: Confidence


class Target(Frozen, frozen=True, kw_only=True):
    """A thing attacked; ``type`` is a slug of a GTD target type."""

    name: str
    type: str | None = None


class Victim(Frozen, frozen=True, kw_only=True):
    """A person or group of people attacked or hurt; ``type`` is a slug of a GTD target type."""

    name: str
    type: str | None = None
    effect: Effect = Effect.UNKNOWN


class Weapon(Frozen, frozen=True, kw_only=True):
    """What was used; ``type`` is a slug of a GTD weapon type."""

    name: str
    type: str | None = None


class Codes(Frozen, frozen=True, kw_only=True):
    """The kind in other people's vocabularies."""

    gtd: tuple[int, ...] = ()
    acled: str | None = None
    plover: str | None = None
    muc: tuple[str, ...] = ()
    cap: str | None = None
    iptc: tuple[str, ...] = ()


class Report(Frozen, frozen=True, kw_only=True):
    """One incident as one article tells it. See the README's table of fields.

    ``words`` are the telling words of the text, sorted, used to match reports and left out of what is printed.
    """

    news: News
    kind: str
    codes: Codes
    stage: Stage = Stage.ACCOMPLISHED
    place: Place | None = None
    when: When | None = None
    killed: Count = Count()
    injured: Count = Count()
    kidnapped: Count = Count()
    attackers: Count = Count()
    killed_attackers: Count = Count()
    perpetrators: tuple[Perpetrator, ...] = ()
    responsibility: Responsibility = Responsibility.NOT_MENTIONED
    targets: tuple[Target, ...] = ()
    victims: tuple[Victim, ...] = ()
    weapons: tuple[Weapon, ...] = ()
    status: Status = Status.UNKNOWN
    severity: Severity = Severity.UNKNOWN
    urgency: Urgency = Urgency.UNKNOWN
    certainty: Certainty = Certainty.UNKNOWN
    probability: float = 0.0
    context: tuple[str, ...] = ()
    evidence: dict[str, tuple[Quote, ...]] = {}
    claims: tuple[Claim, ...] = ()
    words: tuple[str, ...] = ()


class Extraction(Frozen, frozen=True, kw_only=True):
    """What one article tells: ``reports[0]`` is what it is mainly about."""

    id: str
    relevant: bool
    reports: tuple[Report, ...] = ()
    ms: float = 0.0


# ------------------------------------------------------------------ incidents


class ArticleRef(Frozen, frozen=True, kw_only=True):
    """An article as an incident's record keeps it. ``origin`` names the independent publisher it counts for."""

    id: str
    url: str = ""
    source: str = ""
    published: datetime | None = None
    title: str = ""
    origin: str = ""


class Member(Frozen, frozen=True, kw_only=True):
    """One article's report inside an incident. ``sketch`` tells near copies of the article's text, empty if short."""

    article: ArticleRef
    report: Report
    sketch: bytes = b""


class ConflictValue(Frozen, frozen=True, kw_only=True):
    """One of the numbers that sources disagree on, and the articles that give it."""

    low: int | None
    high: int | None
    articles: tuple[str, ...]


class Conflict(Frozen, frozen=True, kw_only=True):
    """Numbers about one field that can't all be true."""

    field: str
    values: tuple[ConflictValue, ...]


class Incident(Frozen, frozen=True, kw_only=True):
    """One living record: everything known about one incident, fused from its members.

    ``facts`` has the same fields as one report. ``first_seen`` and ``last_seen`` are when the service learned of
    it, aware UTC. ``origins`` counts independent publishers. ``replies`` are the times of the last changes that asked
    for a sound, for the limit on them. ``merged_into`` is the incident that this one was found to be by an
    administrator; it then has no members of its own.
    """

    id: str
    version: int
    lifecycle: Lifecycle
    first_seen: datetime
    last_seen: datetime
    facts: Report
    origins: int
    articles: tuple[ArticleRef, ...]
    conflicts: tuple[Conflict, ...] = ()
    summary: str = ""
    replies: tuple[datetime, ...] = ()
    merged_into: str = ""


class _Value(Frozen, frozen=True, kw_only=True, tag_field="type"):
    """A known value of a field that changed; its ``type`` in JSON tells which class it is."""


class CountValue(_Value, frozen=True, kw_only=True, tag="count"):
    """A number of people; its bounds are set only where it is counted."""

    count: Count


class KindValue(_Value, frozen=True, kw_only=True, tag="kind"):
    """A kind of incident, by its slug."""

    slug: str


class PlaceValue(_Value, frozen=True, kw_only=True, tag="place"):
    """A place."""

    place: Place


class TimeValue(_Value, frozen=True, kw_only=True, tag="time"):
    """The time of the act."""

    when: When


class ResponsibilityValue(_Value, frozen=True, kw_only=True, tag="responsibility"):
    """What is said about responsibility."""

    responsibility: Responsibility


class PerpetratorsValue(_Value, frozen=True, kw_only=True, tag="perpetrators"):
    """The names of the organizations among the perpetrators."""

    names: tuple[str, ...]


class StatusValue(_Value, frozen=True, kw_only=True, tag="status"):
    """A status."""

    status: Status


class SeverityValue(_Value, frozen=True, kw_only=True, tag="severity"):
    """A severity."""

    severity: Severity


class CertaintyValue(_Value, frozen=True, kw_only=True, tag="certainty"):
    """A certainty."""

    certainty: Certainty


class ConflictFieldsValue(_Value, frozen=True, kw_only=True, tag="conflict_fields"):
    """The names of the fields that sources disagree on."""

    fields: tuple[str, ...]


class TextValue(_Value, frozen=True, kw_only=True, tag="text"):
    """An English phrase from an earlier version of Tocsin that could not be converted to data; it is shown as it is."""

    text: str


# ``int`` is the number of articles
FactValue = (
    CountValue
    | KindValue
    | PlaceValue
    | TimeValue
    | ResponsibilityValue
    | PerpetratorsValue
    | StatusValue
    | SeverityValue
    | CertaintyValue
    | ConflictFieldsValue
    | TextValue
    | int
)


class FieldChange(Frozen, frozen=True, kw_only=True):
    """The value of one field before and after a change; None means unknown.

    ``field`` is a field of ``Report``, ``conflicts``, or ``sources`` (the number of articles).
    """

    field: str
    before: FactValue | None
    after: FactValue | None


class Change(Frozen, frozen=True, kw_only=True):
    """What one article did to one incident, and what that asks of the bot.

    ``action`` None: nothing a reader could see. ``because`` names the fields that decided it.
    """

    incident: str
    version: int
    at: datetime
    article: str
    action: Action | None
    because: tuple[str, ...] = ()
    fields: tuple[FieldChange, ...] = ()


# ------------------------------------------------------------------ matching


class SearchWindow(Frozen, frozen=True, kw_only=True):
    """Which known incidents a report can belong to: what the store has to look up.

    ``kinds`` are the compatible kind slugs. ``since`` and ``until`` bound the days of the act (an incident
    whose days overlap them, or whose time isn't known, qualifies); ``act`` (first, last) bounds them closer where the
    report and the incident both tell of the act itself and not of what came after. With ``lat``/``lon`` the incident's
    place lies within ``km``, or its place is a province or country that can hold the point, or isn't known; without, no
    bound by place is put, and the latest ``limit`` are enough. ``days`` (first, last): incidents of these days anywhere
    in the country qualify besides, where one text names the place that the other is taken to be about: ``words`` are
    those of the report, folded, ``place_words`` those of its place's name. And so do those of any kind, place and time
    whose texts share at least ``least_names`` of ``names``.
    """

    kinds: tuple[str, ...]
    since: date
    until: date
    act: tuple[date, date] | None = None
    lat: float | None = None
    lon: float | None = None
    km: float = 0.0
    country: str | None = None
    days: tuple[date, date] | None = None
    words: frozenset[str] = frozenset()
    place_words: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    least_names: int = 0
    limit: int = 200


class Considered(Frozen, frozen=True, kw_only=True):
    """One known incident weighed against a report: each part's score, and what forbade the match."""

    incident: str
    score: float
    parts: dict[str, float] = {}
    vetoes: tuple[str, ...] = ()


class MatchScore(Frozen, frozen=True, kw_only=True):
    """The numbers behind a decision; those that did not count are None.

    ``score``: the highest of the known incidents that nothing rules out; ``needed``: the least score for a match. Both
    are None if no known incident qualifies. ``probability``: the report's, set if it is too low to start an incident;
    ``least``: the least probability for that.
    """

    score: float | None = None
    needed: float | None = None
    probability: float | None = None
    least: float | None = None


class Decision(Frozen, frozen=True, kw_only=True):
    """Where a report belongs: a new incident, a known one (``incident``), or nowhere; and why.

    ``reason`` is a constant English text where no numbers decided.
    ``sequel_of``: the known incident that a new one may well be the sequel of, though too little says so to merge them.
    """

    action: Literal["new", "merge", "drop"]
    incident: str | None = None
    reason: MatchScore | str = ""
    considered: tuple[Considered, ...] = ()
    sequel_of: str | None = None
