"""What a short item is to the incident it mentions, by its wording."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract import Article, Extractor
from extract.decide.findings import weights
from extract.decide.models.item_roles import RoleProbabilities, item_features, item_roles
from extract.decide.relevance import _with_wording
from extract.lang import ENGLISH
from extract.lang.en.lexicon import LEXICON
from extract.lexicon import Lexicon
from extract.types import News

REPORTS = {
    "Two killed, six hurt as bus plunges into ravine in northern Peru": "Police said rescuers reached the wreck at dawn.",
    "Gunman opens fire at market in Jos, five dead": "Witnesses said the shooting began shortly after noon on Friday.",
    "Explosion at chemical plant in Ohio injures nine workers": "Fire crews were still at the scene on Monday evening.",
}
OTHERS = {
    "Opinion: What the market shooting tells us about our politics": "We have to talk about guns again, and soon.",
    "Man jailed for life over 2019 murder of student": "A judge sentenced him at the crown court on Monday.",
    "Striker shoots down rivals with late double as City bomb out of the Cup": "A goal in injury time sealed the win.",
    "Ten years on, families remember victims of the nightclub fire": "A memorial service was held on the anniversary.",
    "How to watch the new season of the bomb squad drama": "The trailer was released on Friday ahead of the series.",
}


def item(title: str, text: str = "") -> Article:
    return Article(id="1", title=title, text=text, lang="en")


def roles(title: str, text: str) -> RoleProbabilities:
    found = item_roles(ENGLISH.lay_out(item(title, text)), LEXICON)
    assert found is not None
    return found


@pytest.mark.parametrize("title", REPORTS)
def test_news_of_an_act_is_a_report(title: str) -> None:
    found = roles(title, REPORTS[title])
    assert found.is_report and found.report > found.none


@pytest.mark.parametrize("title", OTHERS)
def test_comment_courts_sport_and_anniversaries_are_not(title: str) -> None:
    found = roles(title, OTHERS[title])
    assert found.report < 0.3 and found.report < max(found.follow_up, found.comment, found.old, found.none)


def test_a_court_case_of_a_short_item_starts_no_alert(extractor: Extractor) -> None:
    extraction = extractor.extract(item("Man charged after two killed in nightclub shooting", "He appeared in court."))
    assert all(report.news is News.FOLLOW_UP for report in extraction.reports)


def test_long_articles_and_texts_without_a_title_are_left_to_the_features_of_a_whole_article() -> None:
    long = "Police said two people died. " * (weights("item")["max_chars"] // 29 + 1)
    assert item_roles(ENGLISH.lay_out(item("Two killed in Jos", long)), LEXICON) is None
    assert item_roles(ENGLISH.lay_out(item("", "Two people were killed in Jos.")), LEXICON) is None
    assert item_roles(ENGLISH.lay_out(item("Two killed in Jos")), LEXICON) is not None


def test_a_language_without_weights_has_no_roles(tmp_path: Path) -> None:
    assert item_roles(ENGLISH.lay_out(item("Two killed in Jos")), Lexicon(tmp_path)) is None


def test_words_of_the_title_count_twice() -> None:
    features = item_features(ENGLISH.lay_out(item("Two killed", "Police came")))
    assert {"two killed", "title:two killed", "police came"} <= features
    assert "title:police" not in features and "title:killed police" not in features


def test_wording_and_features_count_together_but_wording_revives_nothing_that_the_features_rule_out() -> None:
    assert _with_wording(0.9, 0.9) > 0.9
    assert _with_wording(0.9, 0.02) < 0.59 < _with_wording(0.5, 0.9)
    assert _with_wording(0.1, 0.999) <= 0.35
