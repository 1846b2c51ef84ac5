"""Which values does Tocsin exchange? Articles, reports, incidents, changes, and the vocabularies of their fields.

All are frozen, picklable, and read and written as JSON by ``msgspec`` (see ``extract.wire``).
The shapes and values are the public contract of the command line. They are one module, longer than most, since the
contract is read as a whole and its types contain one another.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Literal

import msgspec


class Frozen(msgspec.Struct, frozen=True, gc=False):
    """An immutable value, compared by content; ``msgspec.structs.replace`` makes a changed copy."""


# ------------------------------------------------------------------ vocabulary


class Precision(StrEnum):
    """How precisely a place is known, finest first (PLOVER's ``Location.resolution``, 5 down to 1)."""

    SITE = "site"
    CITY = "city"
    DISTRICT = "district"
    PROVINCE = "province"
    COUNTRY = "country"

    @property
    def is_area(self) -> bool:
        """Is only the province or country known, so that a point would say nothing?"""
        return self in (Precision.PROVINCE, Precision.COUNTRY)


class TimePrecision(StrEnum):
    """How precisely a time is known, finest first."""

    MINUTE = "minute"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"

    @property
    def is_coarse(self) -> bool:
        """Is only the week, month or year known, and not the day?"""
        return self in (TimePrecision.WEEK, TimePrecision.MONTH, TimePrecision.YEAR)


class CountState(StrEnum):
    """What a text says about a number. Unknown is a state of its own, never zero."""

    COUNTED = "counted"
    NONE = "none"
    NOT_YET_KNOWN = "not_yet_known"
    NOT_MENTIONED = "not_mentioned"


class News(StrEnum):
    """Is the news the event itself, or something that came after it (an arrest, a trial, a funeral)?"""

    EVENT = "event"
    FOLLOW_UP = "follow_up"


class Stage(StrEnum):
    """How far the event got: MUC-4's STAGE OF EXECUTION."""

    ACCOMPLISHED = "accomplished"
    ATTEMPTED = "attempted"
    THREATENED = "threatened"


class Responsibility(StrEnum):
    """What is said about who is responsible."""

    NONE_REPORTED = "none_reported"
    SUSPECTED = "suspected"
    CLAIMED = "claimed"
    CONFIRMED = "confirmed"
    DENIED = "denied"
    COMPETING = "competing"
    NOT_MENTIONED = "not_mentioned"


class Status(StrEnum):
    """Is the event still going on?"""

    ONGOING = "ongoing"
    ENDED = "ended"
    FOILED = "foiled"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    """How severe an incident is: the values of CAP 1.2, ordered by ``rank``."""

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
    """How soon people have to act: the values of CAP 1.2."""

    IMMEDIATE = "immediate"
    EXPECTED = "expected"
    FUTURE = "future"
    PAST = "past"
    UNKNOWN = "unknown"


class Certainty(StrEnum):
    """How certain an incident is: the values of CAP 1.2, ordered by ``rank``."""

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
    """On what grounds somebody is named as a perpetrator: MUC-4's PERP: ORGANIZATION CONFIDENCE."""

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
    """The state of an incident's record: how recently there was news of it, or that it was taken back."""

    NEW = "new"
    DEVELOPING = "developing"
    STABLE = "stable"
    CLOSED = "closed"
    RETRACTED = "retracted"


class Action(StrEnum):
    """What a change requires: a first alert, a reply with a sound, a silent edit, or a retraction."""

    NEW = "new"
    REPLY = "reply"
    EDIT = "edit"
    RETRACT = "retract"


# ------------------------------------------------------------------ articles


class OpenDate(Frozen, frozen=True, kw_only=True):
    """What a document leaves open about the date of an article, for whoever knows the outlet and the time of the read.

    ``clock`` is what the writer's clock showed, as if it showed UTC; ``other`` the same with day and month exchanged,
    None where that is excluded. ``has_zone``: the document names a zone, and both are in UTC, or it is ``zone``, an
    abbreviation that means several zones (in lower case, empty where there is none).
    """

    clock: datetime
    other: datetime | None = None
    has_zone: bool = False
    zone: str = ""


class StatedFacts(Frozen, frozen=True, kw_only=True):
    """What a structured document (a list of earthquakes, a public warning) states of one event in fields, not in words.

    ``kind`` is the slug of a kind. ``ids`` are the event's ids, each after the authority that gave it:
    "usgs:us7000abcd", "glide:FL-2026-000123-PAK". ``revises`` are the ids of earlier articles of the source that this
    one replaces, the newest first. ``begins`` and ``ends`` bound the event, aware UTC, None where not known; ``at`` is
    its exact moment where an instrument gives it, ``depth`` how deep it was, in kilometres. ``points`` are latitudes
    and longitudes (WGS 84): one is where it was, several are corners of its area. ``places`` are the document's names
    of the place or of parts of the area, ``country`` an ISO 3166-1 alpha-2 code, ``division`` that of a first-order
    division ("US.CA"). ``severity``, ``urgency``, ``certainty``, ``status`` and ``stage`` are as the authority gives
    them; ``level`` is its own word for the severity ("Orange"). ``quotes``: field of a report -> the words of the title
    or text that say it.
    """

    kind: str
    ids: tuple[str, ...] = ()
    revises: tuple[str, ...] = ()
    at: datetime | None = None
    begins: datetime | None = None
    ends: datetime | None = None
    points: tuple[tuple[float, float], ...] = ()
    places: tuple[str, ...] = ()
    country: str = ""
    division: str = ""
    magnitude: float | None = None
    depth: float | None = None
    killed: int | None = None
    severity: Severity = Severity.UNKNOWN
    level: str = ""
    urgency: Urgency = Urgency.UNKNOWN
    certainty: Certainty = Certainty.UNKNOWN
    status: Status = Status.UNKNOWN
    stage: Stage = Stage.ACCOMPLISHED
    quotes: dict[str, str] = {}


class Article(Frozen, frozen=True, kw_only=True):
    """One document as a source published it.

    ``text`` is plain text with paragraphs separated by a blank line. ``published`` is aware UTC; with
    ``published_day_only`` the hour is not known and only its date counts. ``source`` is the publisher's domain or name,
    ``lang`` a BCP 47 tag; both are empty where not known. ``revises`` is the id of the source's earlier article that
    this one replaces; ``withdrawn``: the source takes that article back. ``open_date`` is set while ``published`` is
    only the likeliest reading of what the document says. ``stated``: the facts that the document gives in fields; then
    they are its report, and the text is not read for any.
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
    open_date: OpenDate | None = None
    stated: StatedFacts | None = None


class FeedLink(Frozen, frozen=True, kw_only=True):
    """A feed that a web page or a list of feeds names: its address, and what that calls it and says of its language.

    Both are empty where nothing is said.
    """

    url: str
    title: str = ""
    lang: str = ""


class FeedList(Frozen, frozen=True, kw_only=True):
    """The feeds of an OPML document, in its order; or the problem because of which it was refused as a whole."""

    links: tuple[FeedLink, ...] = ()
    problem: str = ""


class ParsedFeed(Frozen, frozen=True, kw_only=True):
    """The content of one feed document: its articles in document order, and what was wrong with it.

    ``problems`` are sentences for the operator. ``ttl_seconds`` is the shortest time between two fetches that the feed
    asks for, None where it gives none.
    """

    articles: tuple[Article, ...] = ()
    problems: tuple[str, ...] = ()
    title: str = ""
    ttl_seconds: int | None = None


# ------------------------------------------------------------------ reports


class Quote(Frozen, frozen=True, kw_only=True):
    """A verbatim part of an article: ``quote == article.<where>[start:end]``, offsets in code points.

    ``where`` is ``in`` in JSON. ``article`` is the article's id in an incident, and empty in a report of one article.
    """

    where: Literal["title", "text"] = msgspec.field(name="in")
    start: int
    end: int
    quote: str
    article: str = ""


class Place(Frozen, frozen=True, kw_only=True):
    """A place on the map and how precisely it is known.

    ``country`` is an ISO 3166-1 alpha-2 code, ``admin1`` the name of the first-order division (state, province).
    ``lat`` and ``lon`` are degrees (WGS 84). For a ``precision`` coarser than city they are the centre of the area, not
    the location of the event. ``geonameid`` is the place's number in GeoNames.
    """

    name: str
    admin1: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    precision: Precision
    geonameid: int | None = None


class When(Frozen, frozen=True, kw_only=True):
    """When the event happened, in local time at the place, from ``start`` to ``end``.

    Both are ISO 8601 dates, or date-times without a zone where the precision is hour or minute.
    """

    start: str
    end: str
    precision: TimePrecision

    @property
    def first_day(self) -> date:
        """The first local day on which the event can have happened."""
        return date.fromisoformat(self.start[:10])

    @property
    def last_day(self) -> date:
        """The last local day on which the event can have happened."""
        return date.fromisoformat(self.end[:10])


class Count(Frozen, frozen=True, kw_only=True):
    """How many people: ``low`` to ``high``, both included; ``high`` None means "at least ``low``".

    Both are None unless ``state`` is ``counted``.
    """

    low: int | None = None
    high: int | None = None
    state: CountState = CountState.NOT_MENTIONED


class Claim(Frozen, frozen=True, kw_only=True):
    """One statement about a number: who said it, the number, and the words that say it.

    ``field`` is ``killed``, ``injured``, ``kidnapped``, ``attackers`` or ``killed_attackers``. ``said_by`` is the
    text's words for the speaker ("police chief"), empty where the article itself states the number. ``official``: the
    speaker holds an office (police, hospital, ministry). ``corrects``: the text presents the number as a correction of
    an earlier one. ``at`` and ``source`` are set in an incident: when the article was published, aware UTC, and by
    whom.
    """

    field: str
    count: Count
    said_by: str = ""
    official: bool = False
    evidence: Quote
    at: datetime | None = None
    source: str = ""
    corrects: bool = False


class Manner(StrEnum):
    """What a text does to an earlier report: the outlet takes its own back, corrects it, or somebody denies the act."""

    RETRACTION = "retraction"
    CORRECTION = "correction"
    DENIAL = "denial"


class Notice(Frozen, frozen=True, kw_only=True):
    """The words with which a text takes back, corrects or denies what was reported.

    ``by``: the text's words for who denies the act, or by whose word it is corrected; empty where the outlet speaks for
    itself. ``denies``: the act is said not to have happened; a retraction can say so too. ``is_party``: who denies it
    is a side of the fight, so that the act is disputed and no more. ``kinds`` are those of the act that the words name,
    ``was`` the numbers that they call wrong. ``corrects``: the fields of a report that are given anew.
    ``is_whole``: the text is nothing but the notice, so that without a record that it is about it says nothing.
    """

    manner: Manner
    quote: Quote
    by: str = ""
    denies: bool = False
    is_party: bool = False
    kinds: tuple[str, ...] = ()
    was: tuple[int, ...] = ()
    corrects: tuple[str, ...] = ()
    is_whole: bool = True


class Perpetrator(Frozen, frozen=True, kw_only=True):
    """A person or organization named as the perpetrator, and on what grounds."""

    name: str
    type: Literal["person", "organization"]
    confidence: Confidence


class Target(Frozen, frozen=True, kw_only=True):
    """A thing that was attacked; ``type`` is the slug of a GTD target type, None where not known."""

    name: str
    type: str | None = None


class Victim(Frozen, frozen=True, kw_only=True):
    """A person or group of people who were attacked or injured; ``type`` is the slug of a GTD target type."""

    name: str
    type: str | None = None
    effect: Effect = Effect.UNKNOWN


class Weapon(Frozen, frozen=True, kw_only=True):
    """A weapon that was used; ``type`` is the slug of a GTD weapon type, None where not known."""

    name: str
    type: str | None = None


class Codes(Frozen, frozen=True, kw_only=True):
    """The kind of incident in other vocabularies.

    ``gtd``: GTD attack types; ``acled``: ACLED "event type/sub-event type"; ``plover``: PLOVER "EVENT/mode"; ``muc``:
    MUC-4 incident types; ``cap``: CAP 1.2 category; ``iptc``: IPTC Media Topics.
    """

    gtd: tuple[int, ...] = ()
    acled: str | None = None
    plover: str | None = None
    muc: tuple[str, ...] = ()
    cap: str | None = None
    iptc: tuple[str, ...] = ()


class Official(Frozen, frozen=True, kw_only=True):
    """What an authority states of an event besides the facts that any text can give.

    ``ids``, ``at``, ``severity`` and ``level`` are those of ``StatedFacts``; in an incident ``ids`` are those of all
    authorities, ``severity`` and ``level`` the gravest. ``point`` is where instruments locate it (WGS 84 latitude and
    longitude), and ``depth`` how many kilometres below the ground; None where no authority says.
    """

    ids: tuple[str, ...] = ()
    at: datetime | None = None
    severity: Severity = Severity.UNKNOWN
    level: str = ""
    point: tuple[float, float] | None = None
    depth: float | None = None


class Report(Frozen, frozen=True, kw_only=True):
    """One incident as one article reports it. docs/reference/data.md has a table of the fields.

    ``magnitude`` is that of an earthquake, None where no text gives one. ``probability`` is that of a real, current
    incident, 0 to 1. ``evidence`` maps a field to the quotes it rests on. ``words`` is the signature of the text,
    sorted, ``story`` a short item's vector as signed bytes, empty for other texts: both are used to match reports, and
    not printed. ``notice``: the text takes back, corrects or denies an earlier report; None of an incident's facts.
    ``official``: an authority states the event in fields; None where it is known from texts alone.
    ``place_as_written``: the finest name of the place in an article that is not in English, in its base form where that
    is known.
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
    magnitude: float | None = None
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
    story: bytes = b""
    notice: Notice | None = None
    official: Official | None = None
    place_as_written: str = ""


class Extraction(Frozen, frozen=True, kw_only=True):
    """The result for one article: its reports, the main one first.

    ``relevant``: at least one is news of the event itself. ``ms`` is the time taken, in milliseconds. ``unread``: the
    BCP 47 subtag of an article's language where that is not read, "und" where it isn't known; empty for one that is.
    """

    id: str
    relevant: bool
    reports: tuple[Report, ...] = ()
    ms: float = 0.0
    unread: str = ""


# ------------------------------------------------------------------ incidents


class ArticleRef(Frozen, frozen=True, kw_only=True):
    """An article in an incident's record.

    ``origin`` is the independent publisher that it counts for, ``tier`` the source's: 1 (agencies) to 4 (unknown).
    ``seen`` is set where ``published`` isn't known: when the service first saw it, so it was published before that,
    perhaps long before. ``lang``: the BCP 47 subtag of the language that it was read in; empty for English.
    """

    id: str
    url: str = ""
    source: str = ""
    published: datetime | None = None
    title: str = ""
    origin: str = ""
    tier: int = 3
    seen: datetime | None = None
    lang: str = ""

    @property
    def published_by(self) -> datetime | None:
        """When it was published, or where that isn't known a time before which it was; None if neither is known."""
        return self.published or self.seen


class Member(Frozen, frozen=True, kw_only=True):
    """One article's report in an incident. ``sketch`` identifies near copies of its text (MinHash), empty if short."""

    article: ArticleRef
    report: Report
    sketch: bytes = b""


class ConflictValue(Frozen, frozen=True, kw_only=True):
    """One of several numbers that contradict each other, and the ids of the articles that give it."""

    low: int | None
    high: int | None
    articles: tuple[str, ...]


class Conflict(Frozen, frozen=True, kw_only=True):
    """The numbers of one field that can't all be true."""

    field: str
    values: tuple[ConflictValue, ...]


class Incident(Frozen, frozen=True, kw_only=True):
    """One version of an incident's record: everything known about it, fused from its members.

    ``facts`` has the same fields as one report. ``first_seen`` and ``last_seen`` are when the service learned of it
    first and last, aware UTC. ``origins`` is the number of independent publishers, ``told_best`` the id of the article
    that tells the act best. ``replies`` are the times of the last changes with a sound, for the limit on those.
    ``merged_into`` is the incident that an administrator merged this one into; it then has no members of its own.
    ``notices`` are the retractions, corrections and denials among the members, in order of publication.
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
    told_best: str = ""
    notices: tuple[Notice, ...] = ()

    @property
    def first_told(self) -> datetime:
        """When its first article was published; when the service learned of it, if that is earlier or not known.

        What a source shows when it is first read may be weeks old.
        """
        return min([self.first_seen, *(one.published for one in self.articles if one.published)])


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


class MagnitudeValue(_Value, frozen=True, kw_only=True, tag="magnitude"):
    """The magnitude of an earthquake."""

    magnitude: float


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
    | MagnitudeValue
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
    """How one article changed one incident, and what the change requires.

    ``action`` is None where no reader can see a difference. ``because`` names the fields that decided the action.
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
    """The blocking keys of a report: which known incidents the store has to look up, to compare them with it.

    By kind, time and place: ``kinds`` are the slugs of the compatible kinds. ``since`` and ``until`` bound the days of
    the event: an incident whose days overlap them, or whose time isn't known, qualifies. ``act`` (first, last) are
    closer bounds, for incidents whose news is the event itself and not what came after; None where the report's news is
    not. With ``lat`` and ``lon`` the incident's place is within ``km``, or is a province or country that can contain
    the point, or isn't known. Without them place is no condition, and the latest ``limit`` are enough.

    In addition, incidents of ``days`` (first, last) anywhere in ``country`` qualify if one text names the place that
    the other is about: ``words`` are the folded words of the report, ``place_words`` those of its place's name. So do
    incidents of any kind, place and time whose texts share at least ``least_names`` of ``names``, and those last
    reported after ``story_since`` whose ``story`` is most like the report's.
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
    story: bytes = b""
    story_since: datetime | None = None
    limit: int = 200


class Considered(Frozen, frozen=True, kw_only=True):
    """One known incident compared with a report.

    ``parts`` maps each feature to its part of the ``score``; ``vetoes`` are the reasons that forbid the match (the
    cannot-link constraints that apply), empty where it is allowed.
    """

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
    """What to do with a report: start a new incident, merge it into a known one (``incident``), or drop it; and why.

    ``reason`` is a constant English text where no numbers decided. ``considered`` are the known incidents with the
    highest scores. ``aftermath_of``: the known incident whose aftermath a new one is probably about, though the score
    is too low to merge them; in stored JSON it is called ``sequel_of``.
    """

    action: Literal["new", "merge", "drop"]
    incident: str | None = None
    reason: MatchScore | str = ""
    considered: tuple[Considered, ...] = ()
    aftermath_of: str | None = msgspec.field(default=None, name="sequel_of")
