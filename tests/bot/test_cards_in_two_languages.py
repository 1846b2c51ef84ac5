"""What does a chat see of an act that outlets tell in two languages?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from bot.i18n import translate
from bot.render.card import card
from bot.render.text import plain
from bot.render.words import Names
from extract import track
from extract.kinds import load_kinds
from extract.types import ArticleRef, Codes, Count, CountState, Incident, Member, News, Place, Precision, Report

NOON = datetime(2026, 2, 10, 12, tzinfo=UTC)
NAMES = Names(load_kinds(), {"UA": "Ukraine", "PK": "Pakistan"}.get)
KHERSON = Place(name="Kherson", country="UA", lat=46.64, lon=32.61, precision=Precision.CITY, geonameid=706448)
UKRAINIAN = "Дрон влучив у ринок у Херсоні: двоє загиблих"
RUSSIAN = "Дрон ударил по рынку в Херсоне, двое погибших"
ENGLISH = "Drone hits market in Kherson"
ARABIC = "مسيرة تضرب سوقا في خيرسون"
SPANISH = "Un dron golpea un mercado en Jersón"
OPENS, CLOSES = "\u2068", "\u2069"


def record(*told: tuple[str, str], hours: float = 1.0) -> Incident:
    """An act told by outlets one after the other, each in a language and with a title; the first tells it best."""
    facts = Report(
        news=News.EVENT,
        kind="drone_strike",
        codes=Codes(),
        probability=0.9,
        place=KHERSON,
        killed=Count(low=2, high=2, state=CountState.COUNTED),
    )
    members = [
        Member(
            article=ArticleRef(
                id=str(number),
                source=f"news-{number}.example",
                origin=f"news-{number}.example",
                published=NOON + number * timedelta(hours=hours),
                title=title,
                lang=lang,
            ),
            report=facts,
        )
        for number, (lang, title) in enumerate(told)
    ]
    return msgspec.structs.replace(track.fuse(members, id="inc1", before=None, now=NOON), told_best="0")


def shown(incident: Incident, language: str) -> list[str]:
    with translate.in_locale(translate.ChatLocale(translate.language(language))):
        return plain(card(incident, NAMES)).splitlines()


@pytest.mark.parametrize(
    ("language", "mark"),
    [("en", "(in Ukrainian)"), ("ar", "(بلغة: الأوكرانية)"), ("es", "(en ucraniano)")],
)
def test_a_title_in_another_language_says_which_and_is_not_translated(language: str, mark: str) -> None:
    title = shown(record(("uk", UKRAINIAN)), language)[1]
    assert UKRAINIAN in title
    assert mark in title


def test_a_title_in_the_language_of_the_chat_is_told_rather_and_has_no_mark() -> None:
    told = record(("uk", UKRAINIAN), ("", ENGLISH), ("es", SPANISH))
    assert ENGLISH in shown(told, "en")[1] and "(in" not in shown(told, "en")[1]
    assert SPANISH in shown(told, "es")[1] and "(" not in shown(told, "es")[1].split("·")[-1]
    assert UKRAINIAN in shown(told, "ar")[1]


def test_a_title_of_days_later_does_not_stand_for_the_news_of_the_act() -> None:
    assert UKRAINIAN in shown(record(("uk", UKRAINIAN), ("", "Market in Kherson opens again"), hours=72), "en")[1]


def test_a_title_that_is_written_from_the_right_is_isolated_in_a_card_from_the_left_and_the_other_way_round() -> None:
    in_english, in_arabic = shown(record(("ar", ARABIC)), "en")[1], shown(record(("ar", ARABIC)), "ar")[1]
    assert f"{OPENS}{ARABIC}{CLOSES}" in in_english
    assert in_english.endswith("(in Arabic)")
    assert OPENS not in in_arabic.split(ARABIC)[0]
    assert f"{OPENS}{UKRAINIAN}{CLOSES}" in shown(record(("uk", UKRAINIAN)), "ar")[1]


@pytest.mark.parametrize("language", ["en", "es", "ar"])
def test_the_place_has_the_name_of_the_gazetteer_never_that_of_a_title(language: str) -> None:
    first = shown(record(("uk", UKRAINIAN), ("ru", RUSSIAN)), language)[0]
    assert "Kherson" in first
    assert not {"Херсоні", "Херсоне"} & set(first.split())
