"""The day of a trial, an inquiry or a remembrance is not the day of the event; incidents are invented."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from extract import Article, Extractor
from extract.types import News

TUESDAY = datetime(2026, 11, 17, 15, tzinfo=UTC)
MONTHS_AFTER = {
    "trial": "The trial of a man accused of shooting dead a student at a bus stop in Leeds opened at the city's crown court "
    "on Tuesday. He denies murder. The jury was told that the shooting followed a quarrel over a phone.",
    "sentence": "A Dayton man was sentenced to 18 years in prison on Monday for a shooting that killed a 34-year-old father "
    "of two. The victim was shot outside a bar on Wayne Avenue, prosecutors said.",
    "plea": "Two brothers pleaded guilty Monday to second-degree murder in the death of a shopkeeper who was shot during a "
    "robbery in Tucson last year.",
    "life": "A court in Mombasa on Monday jailed three men for life over a grenade attack on a church that killed six "
    "worshippers. The attack took place in 2021.",
    "acquittal": "A jury on Monday found a former police officer not guilty in the shooting death of a 27-year-old man in "
    "Columbus. The man was shot during a traffic stop in 2023.",
    "remembrance": "Families of lawyers killed in a bombing at a hospital in Quetta lit candles on Saturday. The bombing "
    "killed 70 people in August 2016.",
    "a year": "Relatives gathered in Garissa on Monday to mark a year since an ambush on a bus in which 17 people died.",
    "inquiry": "The operator of a dam in northern Libya ignored warnings before a flood that killed hundreds, an inquiry "
    "said on Monday. The report runs to 400 pages.",
    "report": "A government report published on Monday blamed the driver for a bus crash near Arequipa that killed 21 "
    "people in July.",
    "payment": "The state government agreed on Tuesday to pay compensation to the families of 11 workers killed in a "
    "factory fire in Bhopal in March.",
    "month told": "The man who shot four people dead at a school in Graz in June had bought his gun legally, Austria's "
    "interior minister said on Tuesday.",
}
OF_THESE_DAYS = {
    "charge": "A man has been charged with murder after a 19-year-old was stabbed to death in Cardiff on Sunday night.",
    "arrest": "A 17-year-old was arrested on Monday over a shooting in Gary that killed a 16-year-old girl on Saturday.",
    "months after another": "A bomb killed six people at a vegetable market in Quetta on Tuesday, five months after an "
    "attack at the same market in June left 14 dead, police said.",
    "judge": "A judge who had presided over trials of drug traffickers was shot dead outside her home in Cali on Monday "
    "night, Colombian prosecutors said.",
    "court": "Gunmen attacked a court complex in Peshawar on Tuesday, killing five people including two lawyers.",
    "prison": "Nine inmates died in a riot and fire at a prison in Tulua on Monday. Some were serving life sentences.",
    "history": "An explosion at a fuel depot in Izmir killed four workers on Tuesday. In August, a gun attack on a "
    "nightclub in the city killed four people; a court extended the detention of six suspects last week.",
}


def read(extractor: Extractor, text: str, title: str = "") -> tuple[bool, int | None]:
    """Is it an event, and how many days before publication was it?"""
    extraction = extractor.extract(Article(id="a", title=title, text=text, published=TUESDAY))
    if not extraction.reports:
        return False, None
    report = extraction.reports[0]
    back = (TUESDAY.date() - report.when.last_day).days if report.when else None
    return report.news is News.EVENT, back


@pytest.mark.parametrize("text", MONTHS_AFTER.values(), ids=MONTHS_AFTER)
def test_an_aftermath_does_not_give_the_event_its_day(extractor: Extractor, text: str) -> None:
    is_event, back = read(extractor, text)
    assert not is_event
    assert back is None or back > timedelta(days=30).days


@pytest.mark.parametrize("text", OF_THESE_DAYS.values(), ids=OF_THESE_DAYS)
def test_a_recent_event_keeps_its_day_beside_courts_and_earlier_events(extractor: Extractor, text: str) -> None:
    _, back = read(extractor, text)
    assert back is not None
    assert 0 <= back <= 3


def test_a_title_alone_shows_an_aftermath(extractor: Extractor) -> None:
    text = "A gunman killed 40 worshippers at a church in Owo. On Sunday the bishop called it a day of hope."
    assert read(extractor, text, title="Owo church reopens four years after attack") == (False, None)
