"""What a short item is to the incident it mentions, by its words alone: which items without a trigger are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract import Article
from extract.decide.findings import weights
from extract.decide.models.item_roles import item_features, item_roles
from extract.decide.models.roles import RoleProbabilities
from extract.lang import ENGLISH
from extract.lang.en.lexicon import LEXICON
from extract.lexicon import Lexicon

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
def test_news_of_an_act_passes_the_gate(title: str) -> None:
    found = roles(title, REPORTS[title])
    assert found.is_report() and found.none < weights("item")["gate"]


@pytest.mark.parametrize("title", OTHERS)
def test_comment_courts_sport_and_anniversaries_are_less_probable(title: str) -> None:
    found = roles(title, OTHERS[title])
    assert found.report < 0.3 and found.report < max(found.follow_up, found.comment, found.old, found.none)


def test_whole_articles_and_texts_without_a_title_have_no_roles() -> None:
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
