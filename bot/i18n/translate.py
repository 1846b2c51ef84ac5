"""In which language does a text come out, by whose clock, and what keeps foreign words from turning it around?

English stands in the code; catalogues (``bot/i18n/locale``) hold the other languages. They come compiled (.mo): those
are read in a millisecond and by the standard library. ``make locale`` compiles them; a test fails where a .mo and its
.po differ.

The voice is a context variable. It is set at the edges only: where one update, one typed line or one tap is answered,
and where one message is made for one chat. What renders takes it from there and is otherwise pure: the same values in
the same voice give the same text. Outside of any ``speaking`` everything is English in UTC: logs, the command line,
and all that is stored.
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
from babel.numbers import format_decimal

FOLDER = Path(__file__).parent / "locale"
DOMAIN = "tocsin"
SOURCE = "en"
# each but English is a draft until a native speaker has read it
CODES = (SOURCE, "ar", "es", "fr", "ur")
# a value between these can't turn around what stands beside it (Unicode TR 9: first strong isolate)
FSI, PDI = "\u2068", "\u2069"
# bidirectional controls: they can turn "10 killed" around on the screen
BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
GROUPED_FROM = 10_000
# how English writes what other languages take from CLDR: the day before the month, everywhere
_ENGLISH = {"yMMMd": "d MMM y", "yMMM": "MMM y", "MMMd": "d MMM", "yyMMM": "MMM yy"}
_RTL = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# a letter or digit that doesn't run from right to left
_NOT_RTL = re.compile(r"[^\W_\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# a command with the Latin words behind it: "/subscribe Karachi 50km"
_COMMAND = re.compile(r"(?<![\w/])/[a-z_]+(?: [A-Za-z0-9@+\-][\w@:.,+\-/?]*)*", re.ASCII)


@dataclass(frozen=True)
class Language:
    """A language: its catalogue, and its CLDR locale for days, numbers and countries."""

    code: str
    locale: Locale
    catalogue: gettext.NullTranslations = field(default_factory=gettext.NullTranslations, compare=False)

    @cached_property
    def is_source(self) -> bool:
        """Is it the one that stands in the code?"""
        return self.code == SOURCE

    @cached_property
    def is_rtl(self) -> bool:
        """Is it written from right to left?"""
        return bool(self.locale.character_order == "right-to-left")

    @property
    def name(self) -> str:
        """What its own speakers call it."""
        said = self.locale.get_display_name(self.locale) or self.code
        return said[:1].upper() + said[1:]


@dataclass(frozen=True)
class Voice:
    """How one chat is spoken to: its language, and the IANA time zone that moments are told in."""

    language: Language
    zone: str = "UTC"

    @property
    def clock(self) -> tzinfo:
        """The zone that clocks go by."""
        return UTC if self.zone == "UTC" else ZoneInfo(self.zone)


_VOICE: ContextVar[Voice] = ContextVar("voice")


@cache
def language(code: str) -> Language:
    """A language by its code, English where there is no such catalogue. Its catalogue is read when first asked for."""
    if code not in CODES or code == SOURCE:
        return Language(SOURCE, Locale.parse(SOURCE))
    return Language(code, Locale.parse(code), gettext.translation(DOMAIN, FOLDER, [code]))


def nearest(tag: str | None) -> str:
    """The code of our language for a BCP 47 tag ("es-MX", "ur"); empty where there is none."""
    code = (tag or "").replace("_", "-").partition("-")[0].lower()
    return code if code in CODES else ""


@contextmanager
def speaking(voice: Voice) -> Iterator[None]:
    """Within this everything comes out in a voice."""
    token = _VOICE.set(voice)
    try:
        yield
    finally:
        _VOICE.reset(token)


def current() -> Voice:
    """The voice that is spoken in now."""
    return _VOICE.get(None) or plain()


@cache
def plain() -> Voice:
    """English in UTC: what is stored, logged and printed by the command line."""
    return Voice(language(SOURCE))


def drawn() -> Voice:
    """The current voice as pictures can have it: their face has no Arabic letters, nor what joins them, and draws in
    English instead. The text beside a picture says all that it shows."""
    voice = current()
    return Voice(language(SOURCE), voice.zone) if voice.language.is_rtl else voice


# ------------------------------------------------------------------ texts


def mark(message: str) -> str:
    """Put a message into the catalogues that is translated later."""
    return message


def mark_in(context: str, message: str) -> str:  # noqa: ARG001  the context is read from the source
    """The same of a message that needs a context."""
    return message


def t(message: str, **values: object) -> str:
    """A message in the current language. ``{name}`` in it stands for a value: a number is written as the language
    does, a text is kept apart from what is written the other way."""
    spoken = current().language
    return filled(spoken, spoken.catalogue.gettext(message), values)


def tp(context: str, message: str, **values: object) -> str:
    """The same of a word that means too much by itself: the context says what is meant."""
    spoken = current().language
    said = message if spoken.is_source else spoken.catalogue.pgettext(context, message)
    return filled(spoken, said, values)


def tn(one: str, many: str, n: int, **values: object) -> str:
    """The same with a number, ``{n}``, in the language's plural forms."""
    spoken = current().language
    return filled(spoken, spoken.catalogue.ngettext(one, many, n), {"n": n, **values})


def mark_many(context: str, one: str, many: str) -> tuple[str, str]:  # noqa: ARG001  read from the source
    """A message with its plural for the catalogues, translated later by ``tnp``."""
    return one, many


def tnp(context: str, forms: tuple[str, str], number: int, **values: object) -> str:
    """A marked message in the plural form that a number takes, where the number itself may be told in other words."""
    spoken = current().language
    return filled(spoken, spoken.catalogue.npgettext(context, *forms, number), values)


def filled(spoken: Language, template: str, values: dict[str, object]) -> str:
    """A translated message with its values."""
    if spoken.is_rtl:
        template = _commands_apart(template)
    return template.format_map({name: _shown(value, spoken) for name, value in values.items()}) if values else template


def again(text: str) -> str:
    """A reason that was stored in English, in the current language; as it is where the catalogue has no such words."""
    spoken = current().language
    if spoken.is_source or not text:
        return text
    for pattern, message in _reasons(spoken):
        if found := pattern.fullmatch(text):
            return tp("reason", message, **found.groupdict())
    return apart(text)


@lru_cache(maxsize=16)
def _reasons(spoken: Language) -> tuple[tuple[re.Pattern[str], str], ...]:
    """The English reasons of a catalogue, as patterns; what has no values comes first."""
    known = getattr(spoken.catalogue, "_catalog", {})
    messages = [key.partition("\x04")[2] for key in known if isinstance(key, str) and key.startswith("reason\x04")]
    # the one with most words of its own comes first: "in {place}" fits much
    messages.sort(key=lambda message: -len(re.sub(r"\{\w+\}", "", message)))
    holes = [re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(message)) for message in messages]
    return tuple((re.compile(hole), message) for hole, message in zip(holes, messages, strict=True))


def everywhere(message: str) -> tuple[str, ...]:
    """A message in every language: what a person may be answering."""
    out = []
    for code in CODES:
        with speaking(Voice(language(code))):
            out.append(t(message))
    return tuple(out)


def joined(parts: Iterable[str]) -> str:
    """Things in a list, with the language's comma."""
    return tp("between the things of a list", ", ").join(parts)


def parted(parts: Iterable[str]) -> str:
    """The same of things that have commas of their own."""
    return tp("between the things of a list", "; ").join(parts)


# ------------------------------------------------------------------ right to left


def apart(text: str) -> str:
    """Foreign text that can't turn around what stands beside it; untouched where it runs the same way anyway."""
    return _apart(text, current().language)


def needs_apart(text: str) -> bool:
    """Could this text, put into the current language's, turn something around?"""
    return _turns(text, current().language)


def tidy(text: str) -> str:
    """The text without direction controls but isolates that are opened and closed within it."""
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


def _apart(text: str, spoken: Language) -> str:
    return f"{FSI}{tidy(text)}{PDI}" if _turns(text, spoken) else tidy(text)


def _turns(text: str, spoken: Language) -> bool:
    if spoken.is_rtl:
        return not text.isdecimal() and _NOT_RTL.search(text) is not None
    return not text.isascii() and _RTL.search(text) is not None


def _shown(value: object, spoken: Language) -> str:
    match value:
        case int() | float():
            return number(value)
        case _:
            return _apart(str(value), spoken)


@lru_cache(maxsize=2_000)
def _commands_apart(template: str) -> str:
    return _COMMAND.sub(lambda found: f"{FSI}{found[0]}{PDI}", template)


# ------------------------------------------------------------------ numbers, days, clocks


def number(value: float, decimals: int | None = None) -> str:
    """A number as the language writes it, in Latin digits as CLDR's default for Urdu and on most Arabic screens.

    Thousands are set apart from ten thousand on; ``decimals`` is how many there are, else as many as matter.
    """
    if isinstance(value, int) and abs(value) < GROUPED_FROM:
        return str(value)
    places = "0" if decimals == 0 else f"0.{'0' * decimals}" if decimals else "0.###"
    grouped = places if abs(value) < GROUPED_FROM else f"#,##{places}"
    return str(format_decimal(value, grouped, locale=current().language.locale))


def day(value: date) -> str:
    """17 Feb 2023."""
    return _date(value, "yMMMd")


def month(value: date, *, short: bool = False) -> str:
    """Feb 2023, or short Feb 23."""
    return _date(value, "yyMMM" if short else "yMMM")


def day_of_year(value: date) -> str:
    """17 Feb."""
    return _date(value, "MMMd")


def weekday(number_: int) -> str:
    """The name of a day of the week, 0 is Monday."""
    return str(get_day_names("wide", locale=current().language.locale)[number_])


def clock(at: datetime) -> str:
    """A moment by the chat's clock: 17 Feb 2023, 19:40 UTC."""
    voice = current()
    local = at.astimezone(voice.clock)
    return t("{day}, {time} {zone}", day=day(local.date()), time=f"{local:%H:%M}", zone=voice.zone)


def country(code: str) -> str | None:
    """What the current language calls a country; None where CLDR has no name for it."""
    return current().language.locale.territories.get(code)


def _date(value: date, skeleton: str) -> str:
    return _formatted(value, skeleton, current().language.locale)


@lru_cache(maxsize=2_000)
def _formatted(value: date, skeleton: str, locale: Locale) -> str:
    """CLDR's formatting takes ten times as long as all else in a line: a thousand cards of one day ask for it once."""
    if locale.language == SOURCE:
        return str(format_date(value, _ENGLISH[skeleton], locale))
    return str(format_skeleton(skeleton, value, locale=locale))
