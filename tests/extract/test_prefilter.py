"""Which articles are worth the encoder and the parser."""

from __future__ import annotations

from pathlib import Path

import pytest

from extract import Article
from extract.decide.findings import weights
from extract.lang import ENGLISH
from extract.language import Language
from extract.lexicon import Lexicon
from extract.nlp.components.triggers import may_report_incident
from extract.prefilter import may_be_about_incident

_TALKS = (
    "Ministers from six states met on Thursday to discuss a proposal for the first agreement on fishing in the northern "
    "areas. Most of the proposal had been agreed during the talks in March, and other parts may be changed into a law or "
    "left out. We are hopeful that our support will make it possible to agree over the summer, or during the autumn at "
    "the latest, the minister said. It has been one of the most difficult agreements in years, with all parties asking "
    "for more land and more quotas. The presidents may meet in Oslo, and our proposal will be continued with the other "
    "states if it has to be, she said. How the quotas are to be shared will be made public in June, particularly those "
    "for cod. We have to make sure that the solution is based on all that we know, and it may be years before it is. "
)
_SHOOTING = (
    "Two people were shot dead outside a bar in Jos on Friday night, police said. A spokesman for the state command said "
    "gunmen on motorcycles opened fire at about 22:00 and fled. Four others were taken to hospital with wounds. "
)


def article(text: str, title: str = "") -> Article:
    return Article(id="1", title=title, text=text, lang="en")


def passes(text: str, title: str = "", language: Language = ENGLISH) -> bool:
    return may_be_about_incident(language.lay_out(article(text, title)), language)


@pytest.mark.parametrize(
    "late",
    [
        "The trade was hurt by the attack of a rival on its prices.",
        "A year ago a bombing in the capital closed the ministry for a week.",
    ],
)
def test_a_whole_article_about_other_things_is_not_parsed_for_a_word_far_down(late: str) -> None:
    text = _TALKS + late
    assert may_report_incident(ENGLISH.lay_out(article(text)).words, ENGLISH.lexicon)
    assert not passes(text, "Ministers meet on quotas for cod")


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Bombing in Kabul overshadows talks on cod", _TALKS),  # in the title
        ("Ministers meet on quotas for cod", "A bombing in Kabul overshadowed the talks. " + _TALKS),
        (
            "Ministers meet on quotas for cod",
            _TALKS + "A bombing, a shooting and an ambush overshadowed the last talks.",
        ),
        ("Night of violence in Jos", _SHOOTING * 4),
        ("", _SHOOTING),
        (
            "",
            "Al-Qaeda in the Islamic Maghreb killed five soldiers in Kidal on Friday.",
        ),  # too short to speak against it
    ],
)
def test_an_article_that_names_an_act_early_or_often_or_is_worded_as_news_of_one_is_parsed(
    title: str, text: str
) -> None:
    assert passes(text, title)


def test_a_short_item_is_left_to_the_encoder() -> None:
    text = "We have to make sure that our proposal is based on all we know. A bombing closed the ministry."
    assert len(text) < weights("item")["max_chars"]
    assert passes(text, "Ministers meet on quotas for cod")


def test_a_language_without_learned_wording_passes_whatever_has_words_of_an_incident(tmp_path: Path) -> None:
    (tmp_path / "triggers.toml").write_text('[bombing]\nstrong = ["bombing"]\n', encoding="utf-8")
    text = _TALKS + "A year ago a bombing in the capital closed the ministry for a week."
    assert passes(text, language=Language(code="en", lexicon=Lexicon(tmp_path)))
