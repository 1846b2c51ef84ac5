"""Is one act that is told in two languages one record, and are look-alikes two?"""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from bot.alerts.gate import Rules
from bot.incidents import ingest
from bot.store import Store, incidents
from extract import Extractor, track
from extract.lang import LANGUAGES
from extract.track.letters import are_spelt, keys_of, name_keys
from extract.track.match import decide
from extract.types import (
    Article,
    ArticleRef,
    Codes,
    Count,
    CountState,
    Extraction,
    Incident,
    Member,
    News,
    Place,
    Precision,
    Report,
    TimePrecision,
    When,
)

PAIRS = Path(__file__).parent / "pairs" / "two_languages.toml"
# of the pairs that tell of one act, in either order
JOINED = 0.9


def pairs() -> list[dict[str, Any]]:
    """The pairs in languages that are read."""
    found = tomllib.loads(PAIRS.read_text(encoding="utf-8"))["pair"]
    return [pair for pair in found if all(item[0] in LANGUAGES for item in pair["items"])]


def articles_of(pair: dict[str, Any], *, number: int = 0) -> list[Article]:
    return [
        Article(
            id=f"{number}-{place}",
            source=f"news-{place}.example",
            lang=lang,
            published=datetime.fromisoformat(published).replace(tzinfo=UTC),
            title=title,
            text=text,
        )
        for place, (lang, published, title, text) in enumerate(pair["items"])
    ]


def records(folder: Path, read: list[tuple[Article, Extraction]]) -> list[Incident]:
    """The records of items that are replayed in this order."""
    store = Store(folder / "tocsin.db", durable=False)
    latest = max(article.published for article, _ in read if article.published)
    rules, new_id = Rules(contains=lambda *_: False), ingest.seeded_ids("pairs")
    try:
        changes = [
            change
            for article, extraction in read
            for change in ingest.replay(store, article, extraction, now=latest, new_id=new_id, rules=rules)
        ]
        found = {change.incident: store.read_sync(incidents.get, change.incident) for change in changes}
        return [one for one in found.values() if one is not None]
    finally:
        store.close()


Outcome = tuple[dict[str, Any], int, bool]


@pytest.fixture(scope="module")
def outcomes(extractor: Extractor, tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    """Each pair in each of its two orders, and whether both items are in one record."""
    found: list[Outcome] = []
    for number, pair in enumerate(pairs()):
        read = [(article, extractor.extract(article)) for article in articles_of(pair, number=number)]
        for order in (1, -1):
            known = records(tmp_path_factory.mktemp("pair"), read[::order])
            found.append((pair, order, len(known) == 1 and len(known[0].articles) == len(read)))
    return found


def titles(outcomes: list[Outcome]) -> str:
    return "\n".join(" | ".join(f"{item[0]} {item[2]}" for item in pair["items"]) for pair, _, _ in outcomes)


def test_one_act_in_two_languages_is_one_record(outcomes: list[Outcome]) -> None:
    same = [one for one in outcomes if one[0]["same"]]
    apart = [one for one in same if not one[2]]
    assert same
    assert len(apart) <= (1 - JOINED) * len(same), titles(apart)


def test_look_alikes_in_two_languages_stay_apart(outcomes: list[Outcome]) -> None:
    other = [one for one in outcomes if not one[0]["same"]]
    joined = [one for one in other if one[2]]
    assert other
    assert not joined, titles(joined)


def test_the_pairs_have_two_languages_and_each_half_as_many_of_both_sorts() -> None:
    found = tomllib.loads(PAIRS.read_text(encoding="utf-8"))["pair"]
    assert all(len({item[0] for item in pair["items"]}) == 2 for pair in found)
    sorts = [(pair["half"], pair["same"]) for pair in found]
    assert {sort: sorts.count(sort) for sort in sorts} == dict.fromkeys(product((1, 2), (True, False)), 20)


def test_what_two_languages_count_differently_stays_as_a_conflict_with_who_says_what(
    extractor: Extractor, tmp_path: Path
) -> None:
    items = [
        ["es", "2026-02-10T16:00", "Ataque armado en un bar de Irapuato deja cinco muertos", SPANISH_FIVE],
        ["en", "2026-02-10T16:10", "Gunmen kill three in bar in Irapuato", ENGLISH_THREE],
    ]
    (record,) = records(tmp_path, [(one, extractor.extract(one)) for one in articles_of({"items": items})])
    (conflict,) = [one for one in record.conflicts if one.field == "killed"]
    assert {(value.low, value.articles) for value in conflict.values} == {(5, ("0-0",)), (3, ("0-1",))}
    assert [one.lang for one in record.articles] == ["es", ""]


ENGLISH_THREE = "Gunmen opened fire in a bar in Irapuato, Mexico, on Monday night, killing three people, police said."
SPANISH_FIVE = "Hombres armados abrieron fuego en un bar de Irapuato la noche del lunes y mataron a cinco personas."

ONE_NAME = [
    ("sivakasi", "سیواکاسی"),
    ("kharkiv", "харкову"),
    ("kharkiv", "خاركيف"),
    ("kharkiv", "خارکیو"),
    ("kramatorsk", "краматорську"),
    ("karachi", "كراتشي"),
    ("multan", "ملتان"),
    ("petropolis", "петрополисом"),
    ("kramatorsk", "وكراماتورسك"),
]


@pytest.mark.parametrize(("latin", "other"), ONE_NAME)
def test_a_name_has_the_same_consonants_in_other_letters_and_forms(latin: str, other: str) -> None:
    assert name_keys(latin) & name_keys(other)


@pytest.mark.parametrize(
    ("latin", "other"), [("kharkiv", "херсон"), ("multan", "مردان"), ("donetsk", "луганську"), ("lyon", "لندن")]
)
def test_other_names_have_other_consonants(latin: str, other: str) -> None:
    assert not name_keys(latin) & name_keys(other)


def test_a_name_of_several_words_is_spelt_only_by_all_of_them() -> None:
    assert are_spelt({"deir", "balah"}, keys_of(["دير", "البلح"]), 4)
    assert not are_spelt({"deir", "balah"}, keys_of(["دير", "الزور"]), 4)
    assert not are_spelt({"lyon"}, keys_of(["ليون"]), 4)  # too short to say anything


UKRAINE = Place(name="Ukraine", country="UA", precision=Precision.COUNTRY, geonameid=690791)
ODESA = Place(
    name="Odesa", admin1="Odessa", country="UA", lat=46.48, lon=30.73, precision=Precision.CITY, geonameid=698740
)
TUESDAY = When(start="2026-02-10", end="2026-02-10", precision=TimePrecision.DAY)


def told(lang: str, *, minutes: int = 0, **facts: Any) -> Member:
    """What an outlet tells in a language of an act of Tuesday."""
    known: dict[str, Any] = {"kind": "drone_strike", "place": ODESA, "when": TUESDAY, "news": News.EVENT}
    published = datetime(2026, 2, 10, 12, minutes, tzinfo=UTC)
    name = f"news-{lang}{minutes}.example"
    ref = ArticleRef(id=name, source=name, origin=name, published=published, lang=lang)
    return Member(article=ref, report=Report(codes=Codes(), probability=0.95, **(known | facts)))


def counted(number: int) -> Count:
    return Count(low=number, high=number, state=CountState.COUNTED)


def joins(known: Member, new: Member) -> bool:
    """Is the new account of the known act, whichever comes first?"""
    found = []
    for first, then in ((known, new), (new, known)):
        before = track.fuse([first], id="inc1", before=None, now=datetime(2026, 2, 10, 13, tzinfo=UTC))
        found.append(decide(then, [before]).action == "merge")
    assert found[0] is found[1]
    return found[0]


def test_a_country_a_day_and_a_kind_are_too_little_in_two_languages() -> None:
    assert joins(told("uk"), told("fr"))
    assert not joins(told("uk", killed=counted(3)), told("fr", place=UKRAINE, killed=counted(3)))
    assert not joins(told("uk", place=UKRAINE), told("fr", place=UKRAINE))
    assert joins(told("uk", killed=counted(9)), told("fr", place=UKRAINE, killed=counted(9)))
    assert joins(told("uk"), told("fr", place=UKRAINE, words=("^odessa", "attaque", "drones")))


def test_a_country_a_day_and_a_kind_need_words_in_common_in_a_language_other_than_english() -> None:
    market, station = ("attaque", "drones", "marche", "legumes"), ("frappe", "gare", "train", "quai")
    known = told("fr", place=UKRAINE, words=market)
    assert joins(known, told("fr", minutes=5, place=UKRAINE, words=market))
    assert not joins(known, told("fr", minutes=5, place=UKRAINE, words=station))
    assert joins(told("fr", words=market), told("fr", minutes=5, words=station))  # of one town


def test_a_kind_may_be_an_error_only_where_two_languages_count_the_same_large_toll() -> None:
    fire = {"kind": "fire"}
    assert joins(told("uk", killed=counted(6)), told("fr", killed=counted(6), **fire))
    assert not joins(told("uk", killed=counted(6)), told("uk", minutes=5, killed=counted(6), **fire))
    assert not joins(told("uk", killed=counted(1)), told("fr", killed=counted(1), **fire))


def test_a_toll_rises_in_another_language_too_and_never_falls_far() -> None:
    few, many = {"killed": counted(2), "injured": counted(3)}, {"killed": counted(9), "injured": counted(20)}
    assert joins(told("uk", **few), told("fr", minutes=5, **many))
    assert not joins(told("uk", **many), told("fr", minutes=5, **few))


def test_people_kidnapped_are_not_those_killed_in_the_news_in_another_language() -> None:
    taken = told("es", kind="kidnapping", kidnapped=counted(6))
    assert joins(taken, told("fr", kind="kidnapping", kidnapped=counted(6)))
    assert not joins(taken, told("fr", kind="shooting", killed=counted(2)))
