"""What the encoder of short items reads, and where its reading decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from spacy.tokens import Doc

from extract import Article, Extractor
from extract.decide.findings import weights
from extract.decide.models.item_encoder import MAX_TOKENS, ItemReading, item_tokens, read_item, sections
from extract.decide.relevance import _with_reading
from extract.extractor import ArticleReader
from extract.lang import ENGLISH
from extract.language import Language
from extract.lexicon import Lexicon
from extract.text.layout import Layout
from extract.text.word_pieces import WordPieces
from extract.track.story import likeness, likenesses, mean_story
from extract.types import News, Report

PIECES = WordPieces("[PAD]\n[UNK]\n[CLS]\n[SEP]\nfire\n##works\n##s\ncafe\n.\n5\nkill\n##ed\n")


def item(title: str, text: str = "", url: str = "") -> Article:
    return Article(id="1", title=title, text=text, url=url, lang="en", published=datetime(2025, 3, 4, 12, tzinfo=UTC))


def reading(title: str, text: str = "", url: str = "") -> ItemReading:
    article = item(title, text, url)
    found = read_item(article, ENGLISH.lay_out(article), ENGLISH)
    assert found is not None
    return found


def report(extractor: Extractor, title: str, text: str = "", url: str = "") -> Report:
    return extractor.extract(item(title, text, url)).reports[0]


def numbers(text: str) -> list[int]:
    return [piece.number for piece in PIECES.pieces(text, 20)]


def test_words_are_the_longest_pieces_from_the_left() -> None:
    assert numbers("Fireworks. FIRES, Café") == [4, 5, 8, 4, 6, 1, 7]
    assert [piece.start for piece in PIECES.pieces("fire  killed", 9)] == [0, 6, 6]
    assert numbers("firex") == [1] and len(PIECES.pieces("fire " * 9, 4)) == 4


@pytest.mark.parametrize("text", ["", " \n\t", "\u0000\ufffd", "ꙮ" * 300, "👩‍👩‍👧‍👦 fire", "a" * 10_000])
def test_any_text_has_pieces(text: str) -> None:
    assert len(PIECES.pieces(text, 10)) <= 10


def test_sections_are_the_domain_and_the_folders_of_the_address() -> None:
    assert sections("https://example.co.uk/news/england-london/2026/a-title") == "uk news england london"
    assert sections("https://example.com/only-a-title") == "com"
    assert sections("") == sections("not an address") == sections("http://[x") == ""


def test_an_item_is_title_teaser_and_sections_and_no_longer_than_the_limit() -> None:
    article = item("Fire killed", "Fires.", "https://a.fire/kill/x")
    tokens = item_tokens(ENGLISH.lay_out(article), article.url, PIECES)
    assert tokens.ids == [2, 4, 10, 11, 3, 4, 6, 8, 3, 4, 10, 3]
    assert tokens.parts == [0] * 5 + [1] * 7
    assert tokens.starts == [None, 0, 5, 5, None, 13, 13, 18, None, None, None, None]
    long = item("fire " * 200, "fire " * 60)
    assert len(item_tokens(ENGLISH.lay_out(long), "", PIECES).ids) == MAX_TOKENS + 4


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Two killed, six hurt as bus plunges into ravine in northern Peru",
            "Police said rescuers reached it at dawn.",
        ),
        ("Gunman opens fire at market in Jos, five dead", "Witnesses said the shooting began shortly after noon."),
        ("Explosion at chemical plant in Ohio injures nine workers", "Fire crews were still at the scene on Monday."),
    ],
)
def test_news_of_an_act_is_a_report(title: str, text: str) -> None:
    found = reading(title, text).roles
    assert found.is_report() and found.report > 0.7


@pytest.mark.parametrize(
    ("title", "text"),
    [
        (
            "Opinion: What the market shooting tells us about our politics",
            "We have to talk about guns again, and soon.",
        ),
        ("Man jailed for life over 2019 murder of student", "A judge sentenced him at the crown court on Monday."),
        ("Why the champions have bombed this season, and who could save them", "Our columnist on a club in crisis."),
        ("Ten years on, families remember victims of the nightclub fire", "A memorial was held on the anniversary."),
        ("How to watch the new season of the bomb squad drama", "The trailer was released on Friday."),
    ],
)
def test_comment_courts_sport_and_anniversaries_are_not(title: str, text: str) -> None:
    found = reading(title, text).roles
    assert found.report < 0.3 and not found.is_report()


def test_probabilities_add_up_and_the_story_is_a_unit_vector() -> None:
    found = reading("Gunman kills three at market in Jos")
    for shares in (found.roles, found.kinds.values(), found.countries.values()):
        assert sum(shares) == pytest.approx(1.0)
    assert likeness(found.story, found.story) == pytest.approx(1.0)


def test_items_on_one_incident_tell_one_story_and_others_do_not() -> None:
    one = reading("Gunman kills three at market in Jos", "Police in Nigeria said the man fled.").story
    same = reading("Nigeria: at least three shot dead by gunman at busy Jos market").story
    other = reading("Ferry sinks off Mindoro, dozens missing", "The coast guard was searching on Tuesday.").story
    assert (likeness(one, same) or 0) > 0.8
    assert (likeness(one, other) or 0) < 0.5


def test_the_kind_can_come_from_the_reading_alone(extractor: Extractor) -> None:
    assert report(extractor, "Hiker falls to his death in front of friends in Snowdonia").killed.low == 1


def test_a_namesake_is_in_the_country_that_the_item_is_about(extractor: Extractor) -> None:
    text = "The sheriff's office in Georgia said deputies were searching for a suspect."
    found = report(extractor, "Georgia deputy shot dead during traffic stop", text, "https://example.com/us/crime/x")
    assert found.place is not None and found.place.country == "US"


def test_the_name_of_a_people_gives_the_country_where_no_place_is_named(extractor: Extractor) -> None:
    found = report(extractor, "Haitian journalist abducted by gang in latest kidnapping")
    assert found.place is not None and found.place.country == "HT"


@pytest.mark.parametrize(
    "title",
    [
        "Striker shoots down rivals with late double as City bomb out of the Cup",
        "Explosive start for United as Rovers crash out",
    ],
)
def test_figures_of_sport_start_no_alert_whatever_the_encoder_reads(extractor: Extractor, title: str) -> None:
    assert not extractor.extract(item(title, "The striker hit the bar twice.")).relevant


@pytest.mark.parametrize(
    ("title", "text", "parsed"),
    [
        (
            "Hurricane season: how to prepare your garden",
            "Experts say that a hurricane kit should hold water, batteries and a radio.",
            [],
        ),
        ("Hurricane tears roofs off houses in Roatan, one dead", "The mayor said a wall fell on a man.", ["1"]),
    ],
)
def test_an_item_that_the_encoder_rules_out_is_not_parsed(
    extractor: Extractor, monkeypatch: pytest.MonkeyPatch, title: str, text: str, parsed: list[str]
) -> None:
    seen: list[str] = []
    read = ArticleReader.read_all

    def recorded(self: ArticleReader, articles: Iterable[tuple[Article, Layout]]) -> Iterator[Doc]:
        given = list(articles)
        seen.extend(article.id for article, _ in given)
        return read(self, given)

    monkeypatch.setattr(ArticleReader, "read_all", recorded)
    extractor.extract(item(title, text))
    assert seen == parsed


def test_whole_articles_texts_without_a_title_and_other_languages_have_no_reading(tmp_path: Path) -> None:
    long = item("Two killed in Jos", "Police said two people died. " * (weights("item")["max_chars"] // 29 + 1))
    untitled, short = item("", "Two people were killed in Jos."), item("Two killed in Jos")
    assert read_item(long, ENGLISH.lay_out(long), ENGLISH) is None
    assert read_item(untitled, ENGLISH.lay_out(untitled), ENGLISH) is None
    assert read_item(short, ENGLISH.lay_out(short), Language(code="en", lexicon=Lexicon(tmp_path))) is None


def test_a_court_case_of_a_short_item_starts_no_alert(extractor: Extractor) -> None:
    extraction = extractor.extract(item("Man charged after two killed in nightclub shooting", "He appeared in court."))
    assert all(found.news is News.FOLLOW_UP for found in extraction.reports)


def test_reading_and_features_count_together() -> None:
    assert _with_reading(0.9, 0.9) > 0.9
    assert _with_reading(0.9, 0.02) < 0.59 < _with_reading(0.5, 0.97)


def test_the_mean_of_stories_is_between_them_and_unknown_ones_do_not_count() -> None:
    one = reading("Gunman kills three at market in Jos").story
    other = reading("Ferry sinks off Mindoro, dozens missing").story
    mean = mean_story([one, b"", other])
    assert (likeness(mean, one) or 0) > (likeness(one, other) or 0) < (likeness(mean, other) or 0)
    assert mean_story([b"", one]) == one and mean_story([]) == b"" and likeness(one, b"") is None
    assert likeness(one, one[:8]) is None and mean_story([one[:8], one]) == one
    assert likenesses(one, [other, one]) == pytest.approx([likeness(one, other), 1.0], abs=1e-3)
    assert likenesses(one, []) == []


def test_an_address_that_is_none_stops_no_article(extractor: Extractor) -> None:
    assert report(extractor, "Gunmen kill five in Jos market", "Police said so.", "http://[x").killed.low == 5
