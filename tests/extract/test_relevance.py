"""Which articles report an incident, which an aftermath, and which neither."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import news
from spacy.tokens import Doc

from extract import Extractor
from extract.collect import findings_of
from extract.decide.relevance import news_of
from extract.track.rules import alert_probability
from extract.types import Article, News

SILENT = [
    ("Striker's late shot kills off champions", "A stunning shot in stoppage time killed off the champions' hopes on Friday as United's attack exploded into life. The striker scored twice in the match."),
    ("Shares plunge as profit bombs", "Shares in the retailer plunged 12 percent on Friday after profit bombed. Analysts said the firm had been killed by the price war."),
    ("Opposition attacks budget plans", "The opposition attacked the chancellor's budget on Friday, saying the bill would shoot holes in the welfare state. MPs debate it on Monday."),
    ("Thriller about a hijacking tops box office", "The film, starring two Oscar winners as hostages of a hijacker, took 20 million dollars at the box office. Its director said the explosion scenes took a month."),
    ("Library budget approved", "The city council approved next year's budget for the public library after a short debate."),
    ("Town remembers mine disaster", "The town marked the 50th anniversary of the mine explosion that killed 43 men on Sunday with a memorial service and a minute of silence."),
]  # fmt: skip


def parsed(extractor: Extractor, text: str) -> Doc:
    """The article after every component."""
    article = news(text)
    return extractor.reader("en").read(article)


@pytest.mark.parametrize(("title", "text"), SILENT)
def test_other_news_is_silent(extractor: Extractor, title: str, text: str) -> None:
    assert not extractor.extract(news(text, title=title)).relevant


@pytest.mark.parametrize(
    "text",
    [
        "An explosion in demand for bicycles has surprised the makers.",
        "Singers bombarded with emails by fans want peace.",
        "The minister came under fire over the price of milk.",
        "Her shot from outside the area was the first of the evening.",
        "The party won by a landslide.",
    ],
)
def test_a_figure_of_speech_names_no_act(extractor: Extractor, text: str) -> None:
    assert not [t for t in parsed(extractor, text)._.triggers if t.strong]


def test_a_word_that_qualifies_another_is_marked(extractor: Extractor) -> None:
    doc = parsed(extractor, "Murder laws are to change. A murder suspect was seen. The murder shocked Leeds.")
    assert [(doc.text[t.start : t.end], t.modifies) for t in doc._.triggers if t.strong] == [
        ("Murder", True),
        ("murder", False),
        ("murder", False),
    ]


def test_a_brief_without_date_or_title_is_an_event(extractor: Extractor) -> None:
    text = "Gunmen ambush a convoy near Goma, killing a doctor and two of her guards."
    assert extractor.extract(Article(id="1", text=text, lang="en")).relevant


def test_a_trial_about_last_year_is_no_event(extractor: Extractor) -> None:
    text = (
        "A man was sentenced to life in prison on Friday for the murder of two shopkeepers in Leicester in June 2022.\n\n"
        "The court heard that he shot both men during a robbery."
    )
    extraction = extractor.extract(news(text, title="Life sentence for murder of shopkeepers"))
    assert not extraction.relevant
    assert all(r.news is News.FOLLOW_UP for r in extraction.reports)


def test_other_languages_are_left_alone(extractor: Extractor) -> None:
    text = "Una bomba mató a cuatro personas en Bogotá el viernes, dijo la policía. " * 6
    assert extractor.extract(news(text, lang="es")).reports == ()
    assert extractor.extract(news(text)).reports == ()


@pytest.mark.parametrize("text", ["", " ", "bomb", "\n\n\n", "KILLED", "�" * 500, "<p>A <b>bomb</b></p>", "." * 3000])
def test_odd_input_is_no_crash(extractor: Extractor, text: str) -> None:
    extractor.extract(news(text))


def test_a_megabyte_is_read_in_bounds(extractor: Extractor) -> None:
    text = "A bomb killed four people in Kano on Friday, police said. " * 18_000
    extraction = extractor.extract(news(text))
    assert extraction.reports[0].place is not None
    assert extraction.reports[0].place.name == "Kano"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.sampled_from(["bomb", "killed", "12", "Lahore", "Friday", ",", ".", "no one", "“", "\n\n", "gunmen", "é", "😀", "two", "and", "WERE", "shot"]), max_size=40))  # fmt: skip
def test_every_quote_is_its_slice(extractor: Extractor, words: list[str]) -> None:
    article = news(" ".join(words), title="Bomb in Lahore")
    for report in extractor.extract(article).reports:
        for quotes in report.evidence.values():
            for quote in quotes:
                source = article.title if quote.where == "title" else article.text
                assert source[quote.start : quote.end] == quote.quote


def test_what_only_may_be_an_incident_is_told_and_starts_no_alert(extractor: Extractor) -> None:
    """With everything else equal, the probability decides whether an article is an event or a follow-up."""
    article = news("A bomb killed four people at a market in Kano on Friday, police said.")
    found = findings_of(extractor.reader("en").read(article), [])
    assert news_of(found, None, None, alert_probability()) is News.EVENT
    assert news_of(found, None, None, alert_probability() - 0.01) is News.FOLLOW_UP
