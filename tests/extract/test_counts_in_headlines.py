"""Numbers of people as titles and teasers give them: lists without "and", ages, animals, datelines, halves of dozens."""

from __future__ import annotations

import pytest
from samples import news

from extract import Extractor
from extract.types import Report


def report_of(extractor: Extractor, text: str, *, title: str = "") -> Report:
    extraction = extractor.extract(news(text, title=title))
    assert extraction.reports, text
    return extraction.reports[0]


@pytest.mark.parametrize(
    ("text", "killed"),
    [
        ("LAHORE, Pakistan — Three people were shot dead at a market in Lahore on Thursday, police said.", 3),
        ("NAPLES, Italy, March 14 — Two guards were shot dead in Naples on Thursday, police said.", 2),
        ("KANO, Nigeria (AP) - Two traders were shot dead at a market in Kano on Thursday.", 2),
        ("GENOA: Five people were shot dead at a bar in Genoa on Thursday.", 5),
    ],
)
def test_names_of_a_dateline_are_no_people(extractor: Extractor, text: str, killed: int) -> None:
    assert report_of(extractor, text, title="News").killed.low == killed


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Half a dozen people were killed when gunmen attacked a bus near Gao on Friday.", 6, 6),
        ("At least half a dozen people were killed when gunmen attacked a bus near Gao on Friday.", 6, None),
        ("Over a dozen people were killed when gunmen attacked a bus near Gao on Friday.", 12, None),
        ("Nine have been killed after gunmen attacked a bus near Gao on Friday.", 9, 9),
        ("Tens of thousands were killed when an earthquake shook Izmir, Turkey, on Friday.", 20_000, None),
    ],
)
def test_halves_and_multiples_of_a_scale(extractor: Extractor, text: str, low: int, high: int | None) -> None:
    killed = report_of(extractor, text, title="Attack").killed
    assert (killed.low, killed.high) == (low, high)


@pytest.mark.parametrize(
    "text",
    [
        "A barn fire near Zwolle killed 300 piglets on Friday, firefighters said.",
        "Fire kills 4,000 hens at farm near Zwolle",
        "A truck overturned near Dijon on Friday, killing 12 horses.",
        "30 cows killed as storm hits farm near Dijon",
    ],
)
def test_animals_are_no_victims(extractor: Extractor, text: str) -> None:
    assert report_of(extractor, text, title="Storm, fire and crash").killed.low is None


@pytest.mark.parametrize(
    ("title", "killed", "injured"),
    [
        ("6 pupils, 1 teacher killed in school shooting in Novi Sad", 7, None),
        ("Mum, 2 daughters killed in shooting in Tampa", 3, None),
        ("2 men dead, five others injured after bus crashes into cafe in Graz", 2, 5),
        ("Two men dead and five rushed to hospital after bus crash in Graz", 2, 5),
        ("Two guards stabbed and man shot dead in Perth", 1, 2),
        ("Man shot in garden in Leeds", None, 1),
        ("Journalist shot dead in Odesa", 1, None),
        ("Two girls aged 15 both die in car crash near Cork", 2, None),
        ("Gunman kills two, himself in shooting in Macon, Georgia", 3, None),
        ("Air strikes on Gaza kill farmer after prisoner's death", 1, None),
        ("Man shot in Leeds near where Ann Example was killed last year", None, 1),
    ],
)
def test_who_was_harmed_in_a_headline(
    extractor: Extractor, title: str, killed: int | None, injured: int | None
) -> None:
    report = report_of(extractor, "", title=title)
    assert (report.killed.low, report.injured.low) == (killed, injured)


def test_an_attacker_whom_the_title_calls_a_man_is_one_death(extractor: Extractor) -> None:
    text = "An armed suspect who opened fire outside a bar in Tulsa was killed by officers on Friday."
    assert report_of(extractor, text, title="Man dead after shootout with Tulsa police").killed.low == 1


def test_those_whom_the_killed_had_killed_died_in_an_earlier_act(extractor: Extractor) -> None:
    text = "Soldiers shot dead three men blamed for killing a trader and his two sons, in a raid on Friday near Jenin."
    assert report_of(extractor, text).killed.low == 3


def test_a_murder_on_trial_is_no_count(extractor: Extractor) -> None:
    report = report_of(extractor, "", title="Double murder trial in Tulsa evacuated after bomb threat")
    assert report.killed.low is None


@pytest.mark.parametrize(
    ("title", "text", "kidnapped"),
    [
        (
            "Two wanted men captured after shooting in Memphis",
            "Police captured the two suspects on Tuesday night.",
            None,
        ),
        ("Second suspect in death of worker captured", "A second suspect has been captured, authorities said.", None),
        ("Escaped prisoner captured in woods", "Officers captured the man, who shot a guard, on Friday.", None),
        ("Rebels capture four soldiers in ambush", "The four soldiers were captured near Goma, the army said.", 4),
        ("Gunmen abduct two nuns from a school van", "Gunmen abducted two nuns on Friday.", 2),
    ],
)
def test_an_arrest_is_no_kidnapping(extractor, title, text, kidnapped):
    found = extractor.extract(news(text, title=title)).reports
    assert (found[0].kidnapped.low if found else None) == kidnapped
