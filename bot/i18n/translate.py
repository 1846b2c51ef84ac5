"""Texts, numbers and times in the language and time zone of a chat, and isolation of right-to-left text.

The messages in the code are English; the gettext catalogues in ``bot/i18n/locale`` have the other languages. The
compiled catalogues (.mo) are part of the repository: the standard library reads one in a millisecond. ``make locale``
compiles them; a test fails if a .mo and its .po differ.

The current locale is a context variable. It is set at the edges only: where one update, one typed line or one tap is
answered, and where one message is made for one chat. Rendering functions read it and are otherwise pure: the same
values in the same locale give the same text. Outside of ``in_locale`` everything is in English and UTC: logs, the
command line, and all that is stored.
"""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from functools import cache, cached_property, lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, get_day_names
from babel.numbers import format_decimal, format_percent

FOLDER = Path(__file__).parent / "locale"
DOMAIN = "tocsin"
SOURCE = "en"
# every translation is a draft until a native speaker has reviewed it
CODES = (SOURCE, "ar", "es", "fr", "ur")
# first strong isolate, pop directional isolate (Unicode Standard Annex 9): text between them can't change the order of
# the text next to it
FSI, PDI = "\u2068", "\u2069"
# bidirectional controls: they can change the order of "10 killed" on the screen
BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
# the least number that is written with a separator of thousands
GROUPED_FROM = 10_000
# date patterns of English; other languages take theirs from CLDR. The day always comes before the month
_ENGLISH = {"yMMMd": "d MMM y", "yMMM": "MMM y", "MMMd": "d MMM", "yyMMM": "MMM yy"}
_RTL = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# a letter or digit that is not written from right to left
_NOT_RTL = re.compile(r"[^\W_\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# a command with the Latin words after it: "/subscribe Karachi 50km"
_COMMAND = re.compile(r"(?<![\w/])/[a-z_]+(?: [A-Za-z0-9@+\-][\w@:.,+\-/?]*)*", re.ASCII)


@dataclass(frozen=True)
class Language:
    """A language: its catalogue, and its CLDR locale for dates, numbers and names of countries."""

    code: str
    locale: Locale
    catalogue: gettext.NullTranslations = field(default_factory=gettext.NullTranslations, compare=False)

    @cached_property
    def is_source(self) -> bool:
        """Is it the language of the messages in the code?"""
        return self.code == SOURCE

    @cached_property
    def is_rtl(self) -> bool:
        """Is it written from right to left?"""
        return bool(self.locale.character_order == "right-to-left")

    @property
    def name(self) -> str:
        """Its own name for itself, with a capital letter."""
        name = self.locale.get_display_name(self.locale) or self.code
        return name[:1].upper() + name[1:]


@dataclass(frozen=True)
class ChatLocale:
    """The language of a chat, and the IANA time zone in which times are shown to it."""

    language: Language
    zone: str = "UTC"

    @property
    def time_zone(self) -> tzinfo:
        """The time zone as an object."""
        return UTC if self.zone == "UTC" else ZoneInfo(self.zone)


_CURRENT: ContextVar[ChatLocale] = ContextVar("locale")


@cache
def language(code: str) -> Language:
    """The language of a code, English if there is no catalogue for it. A catalogue is read at the first call."""
    if code not in CODES or code == SOURCE:
        return Language(SOURCE, Locale.parse(SOURCE))
    return Language(code, Locale.parse(code), gettext.translation(DOMAIN, FOLDER, [code]))


def nearest(tag: str | None) -> str:
    """The code of the available language for a BCP 47 tag ("es-MX", "ur"); empty if there is none."""
    code = (tag or "").replace("_", "-").partition("-")[0].lower()
    return code if code in CODES else ""


@contextmanager
def in_locale(locale: ChatLocale) -> Iterator[None]:
    """A context in which this locale is the current one."""
    token = _CURRENT.set(locale)
    try:
        yield
    finally:
        _CURRENT.reset(token)


def current() -> ChatLocale:
    """The current locale."""
    return _CURRENT.get(None) or default_locale()


@cache
def default_locale() -> ChatLocale:
    """English and UTC: the locale of all that is stored, logged or printed by the command line."""
    return ChatLocale(language(SOURCE))


def picture_locale() -> ChatLocale:
    """The current locale, with English in place of a right-to-left language.

    The font of pictures has no Arabic letters, and the drawing library does not join them. The text of the message
    says everything that its picture shows.
    """
    locale = current()
    return ChatLocale(language(SOURCE), locale.zone) if locale.language.is_rtl else locale


# ------------------------------------------------------------------ texts


def mark(message: str) -> str:
    """The message itself; marks it for the catalogues, to be translated later by ``t``."""
    return message


def mark_in(context: str, message: str) -> str:  # noqa: ARG001  the context is read from the source
    """The message itself; marks it with a context for the catalogues, to be translated later by ``tp``."""
    return message


def t(message: str, **values: object) -> str:
    """A message in the current language.

    ``{name}`` in it is replaced by a value: a number in the format of the language, a text isolated if it is written
    in the other direction.
    """
    language = current().language
    return filled(language, language.catalogue.gettext(message), values)


def tp(context: str, message: str, **values: object) -> str:
    """The same for a message that is ambiguous by itself: the context tells the meanings apart."""
    language = current().language
    template = message if language.is_source else language.catalogue.pgettext(context, message)
    return filled(language, template, values)


def tn(one: str, many: str, n: int, **values: object) -> str:
    """The same for a message with a number, ``{n}``, in the plural form that the language has for it."""
    language = current().language
    return filled(language, language.catalogue.ngettext(one, many, n), {"n": n, **values})


def mark_many(context: str, one: str, many: str) -> tuple[str, str]:  # noqa: ARG001  read from the source
    """The two forms themselves; marks a message and its plural for the catalogues, translated later by ``tnp``."""
    return one, many


def tnp(context: str, forms: tuple[str, str], number: int, **values: object) -> str:
    """A marked message in the plural form for a number; the number itself may be written in words ("at least 4")."""
    language = current().language
    return filled(language, language.catalogue.npgettext(context, *forms, number), values)


def filled(language: Language, template: str, values: dict[str, object]) -> str:
    """A translated message with its values."""
    if language.is_rtl:
        template = _isolate_commands(template)
    if not values:
        return template
    return template.format_map({name: _formatted_value(value, language) for name, value in values.items()})


def is_translated(context: str, message: str) -> bool:
    """Does the catalogue of the current language have other words for this message? Always false in English."""
    language = current().language
    return not language.is_source and language.catalogue.pgettext(context, message) != message


def in_every_language(message: str) -> tuple[str, ...]:
    """A message in every language, to recognise the question that a person answers."""
    out = []
    for code in CODES:
        with in_locale(ChatLocale(language(code))):
            out.append(t(message))
    return tuple(out)


def joined(parts: Iterable[str]) -> str:
    """The items of a list, with the comma of the language between them."""
    return tp("between the things of a list", ", ").join(parts)


def joined_clauses(parts: Iterable[str]) -> str:
    """The same with semicolons, for items that contain commas."""
    return tp("between the things of a list", "; ").join(parts)


# ------------------------------------------------------------------ right to left


def isolate(text: str) -> str:
    """A text between isolates, so that it can't change the order of the text around it; only where it could do so."""
    return _isolated(text, current().language)


def needs_isolate(text: str) -> bool:
    """Is this text written in the other direction than the current language, at least in part?"""
    return _changes_order(text, current().language)


def balanced(text: str) -> str:
    """The text without bidirectional controls, except pairs of isolates within it; an open one is closed at the end."""
    if text.isascii() or BIDI.isdisjoint(text):
        return text
    kept: list[str] = []
    depth = 0
    for char in text:
        if char == FSI:
            depth += 1
        elif char == PDI and depth:
            depth -= 1
        elif char in BIDI:
            continue
        kept.append(char)
    return "".join(kept) + PDI * depth


def _isolated(text: str, language: Language) -> str:
    return f"{FSI}{balanced(text)}{PDI}" if _changes_order(text, language) else balanced(text)


def _changes_order(text: str, language: Language) -> bool:
    if language.is_rtl:
        return not text.isdecimal() and _NOT_RTL.search(text) is not None
    return not text.isascii() and _RTL.search(text) is not None


def _formatted_value(value: object, language: Language) -> str:
    match value:
        case int() | float():
            return number(value)
        case _:
            return _isolated(str(value), language)


@lru_cache(maxsize=2_000)
def _isolate_commands(template: str) -> str:
    return _COMMAND.sub(lambda found: f"{FSI}{found[0]}{PDI}", template)


# ------------------------------------------------------------------ numbers, days, clocks


def number(value: float, decimals: int | None = None) -> str:
    """A number in the format of the current language, in Latin digits (CLDR's default for Urdu, usual in Arabic too).

    Thousands are separated from ``GROUPED_FROM`` on. ``decimals`` is the number of decimals; None: at most three,
    without zeros at the end.
    """
    if isinstance(value, int) and abs(value) < GROUPED_FROM:
        return str(value)
    places = "0" if decimals == 0 else f"0.{'0' * decimals}" if decimals else "0.###"
    grouped = places if abs(value) < GROUPED_FROM else f"#,##{places}"
    return str(format_decimal(value, grouped, locale=current().language.locale))


def percent(share: float) -> str:
    """A share from 0 to 1 as whole percent: "91%"."""
    return str(format_percent(share, locale=current().language.locale))


def day(value: date) -> str:
    """17 Feb 2023."""
    return _date(value, "yMMMd")


def month(value: date, *, short: bool = False) -> str:
    """Feb 2023; short: Feb 23."""
    return _date(value, "yyMMM" if short else "yMMM")


def day_of_year(value: date) -> str:
    """17 Feb."""
    return _date(value, "MMMd")


def weekday(number_: int) -> str:
    """The name of a day of the week; 0 is Monday."""
    return str(get_day_names("wide", locale=current().language.locale)[number_])


def local_day(at: datetime) -> date:
    """The day of a time in the time zone of the chat."""
    return at.astimezone(current().time_zone).date()


def clock(at: datetime) -> str:
    """A time in the time zone of the chat: 17 Feb 2023, 19:40 UTC."""
    locale = current()
    local = at.astimezone(locale.time_zone)
    return t("{day}, {time} {zone}", day=day(local.date()), time=f"{local:%H:%M}", zone=locale.zone)


def country(code: str) -> str | None:
    """The name of a country in the current language; None if CLDR has none. ``code`` is ISO 3166-1 alpha-2."""
    return current().language.locale.territories.get(code)


def language_name(tag: str) -> str:
    """The name of a language (BCP 47) in the current language; the tag itself if CLDR has none."""
    return current().language.locale.languages.get(tag.replace("_", "-").partition("-")[0].lower()) or tag


def _date(value: date, skeleton: str) -> str:
    return _formatted(value, skeleton, current().language.locale)


@lru_cache(maxsize=2_000)
def _formatted(value: date, skeleton: str, locale: Locale) -> str:
    """A date in a locale. Cached, since CLDR's formatting takes ten times as long as the rest of a line."""
    if locale.language == SOURCE:
        return str(format_date(value, _ENGLISH[skeleton], locale))
    return str(format_skeleton(skeleton, value, locale=locale))
