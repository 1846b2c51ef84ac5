"""How many people do headlines and their teasers count: lists, rounded numbers, running tolls, single victims?"""

from __future__ import annotations

import pytest
from samples import news

from extract import Extractor
from extract.types import Count, CountState

# not mentioned; a case with None says nothing of that field
NONE = (None, None)


def told(count: Count) -> tuple[int | None, int | None]:
    return (count.low, count.high) if count.state is CountState.COUNTED else NONE


@pytest.mark.parametrize(
    ("title", "text", "killed", "injured"),
    [
        ("Death toll from Chile earthquake passes 300", "Roads are cut in the region.", (300, None), None),
        ("Philippines floods: number of dead rises as death toll passes 450", "", (450, None), None),
        (
            "Rescuers search for survivors in Chile",
            "The death toll from the earthquakes that struck northern Chile rose past 5,000 and is expected to climb.",
            (5000, None),
            None,
        ),
        (
            "Rescuers search for quake survivors in Chile",
            "The number of people known to have died in Chile and Bolivia following a powerful earthquake has now risen to more than 700.",
            (700, None),
            None,
        ),
        (
            "Chile quake toll triples in two days",
            "The death toll from a massive earthquake in Chile surpassed 1,200, officials said on Wednesday.",
            (1200, None),
            None,
        ),
        (
            "Earthquake in Chile: hundreds dead",
            "Hundreds of people were killed and tens of thousands injured when an earthquake struck Chile.",
            (200, None),
            (20000, None),
        ),
        ("Two nurses and a driver killed in Lagos bus crash", "", (3, 3), None),
        ("6 miners and 1 rescuer were killed in a mine explosion in Poland", "", (7, 7), None),
        ("Gunman kills 3 shoppers, guard in attack on Dallas mall", "Police are at the scene.", (4, 4), None),
        ("Mother, 2 sons fatally stabbed in Ohio; suspect sought", "Police are looking for a man.", (3, 3), None),
        ("Pilot, 2 passengers killed in plane crash in Alaska", "", (3, 3), None),
        ("Teacher, 4 pupils killed in bus crash in Ghana", "", (5, 5), None),
        (
            "Reporter, two soldiers killed by roadside bomb in Mali",
            "A roadside bomb killed a veteran reporter, Ali Keita, and two other soldiers on Friday.",
            (3, 3),
            None,
        ),
        (
            "Gunman opens fire at school in Oslo, killing 8 students",
            "He fired into a classroom, police said. A caretaker was also killed in the shooting.",
            (9, 9),
            None,
        ),
        ("Man accused of killing his wife, her 2 sons in Ohio home", "", (3, 3), None),
        ("Two officers stabbed, suspect shot dead in Perth", "Police say paramedics are on the scene.", (1, 1), (2, 2)),
        ("Three Officers Stabbed, Person Dead in Leeds", "", (1, 1), (3, 3)),
        ("Retired baker, 71, found battered to death at home in Hull", "", (1, 1), None),
        (
            "Girl, 9, is shot and killed as she slept in Detroit",
            "Amy Stone, 9, was shot on Monday night.",
            (1, 1),
            None,
        ),
        ("Body found in canal in Utrecht", "A body has been found in a canal in Utrecht on Monday.", (1, 1), None),
        ("Man who threatened mayor killed during police raid in Ohio", "", (1, 1), None),
        ("Police shoot and kill man wanted for threats in Ohio", "", (1, 1), None),
        ("FBI agents shot and killed a Utah man during a raid", "", (1, 1), None),
        ("4 stabbings - 3 of them fatal - shake town in Kansas", "", (3, 3), None),
        (
            "'Dozens' of miners killed in shaft collapse in Peru",
            "Thirty-two miners have been killed in the collapse of a shaft in Arequipa.",
            (32, 32),
            None,
        ),
        (
            "More than 30 people feared dead after ferry sinks off Java",
            "At least 34 people are feared to have died after a ferry sank off Java.",
            (34, None),
            None,
        ),
        (
            "Five dead as market in Odesa struck during Russian bombing wave",
            "Strikes kill total of 11 across the south, officials say.",
            (11, 11),
            None,
        ),
        (
            "Army kills 3 wanted men in Jenin",
            "The army says it has killed three men wanted in connection with an attack on a checkpoint.",
            (3, 3),
            None,
        ),
        (
            "Two pupils killed after truck hits school in Quebec",
            "Five more pupils injured. Two pupils have died and five others were injured when a truck hit a school.",
            (2, 2),
            (5, 5),
        ),
        ("Woman dies in hospital after dog attack in Leeds", "", (1, 1), None),
        (
            "Four people, including a gunman, killed in shooting in Peoria",
            "Three women were found shot dead inside a home in Peoria.",
            (4, 4),
            None,
        ),
        (
            "Video shows man dying in chokehold on Boston subway",
            "A man died after a passenger put him in a chokehold.",
            (1, 1),
            None,
        ),
        (
            "Infant shot, 2 adults dead in house shooting",
            "An infant has been shot and two adults have been pronounced dead in Texas, police said.",
            (2, 2),
            (1, 1),
        ),
        ("Several teachers killed in attack on school in Niger", "", (2, None), None),
        (
            "Peru presidential candidate Juan Lopez assassinated",
            "President confirms death of Lopez and says crime will not go unpunished. Presidential candidate Juan Lopez has been shot dead at a rally.",
            (1, 1),
            None,
        ),
        ("Car bombing injures Russian nationalist Petrov", "", NONE, (1, 1)),
        ("Journalist Jane Doe shot dead in Manila", "", (1, 1), None),
        ("Israeli forces cut off north as deaths surpass 5,000", "Air strikes went on.", (5000, None), None),
        (
            "Wildfire burns resort town in Chile",
            "The confirmed deaths from the blaze have risen to 93.",
            (93, 93),
            None,
        ),
        (
            "Cruise ship hit by storm off Spain",
            "Around 100 of the 1,000 people on board were injured when the ship was hit by a storm.",
            None,
            (100, 100),
        ),
        ("Woman preparing assassination of president arrested in Lima", "", NONE, None),
        (
            "Protesters march in Lima over killing of student",
            "Hundreds marched after a student was killed by police.",
            NONE,
            None,
        ),
        ("Riots erupt in Lyon after police shoot dead teenager", "", NONE, None),
        ("Two hurt in riots in Lyon after police shoot dead teenager", "", None, (2, 2)),
        (
            "Wildfire burns in Chile",
            "The wildfire comes just months after a blaze killed at least 99 people.",
            NONE,
            None,
        ),
        ("Chokehold death of man sparks protests in Boston", "", NONE, None),
        (
            "2 blasts rock Bastar on eve of election, 4 injured",
            "Explosions left four people wounded. In the fortnight leading up to the polls, five people were murdered in the region.",
            NONE,
            (4, 4),
        ),
        ("Bomb kills mayor months after his brother was shot dead", "", (1, 1), None),
        (
            "Three killed in Lyon riots",
            "Three people were killed in riots after a teenager was shot dead by police.",
            (3, 3),
            None,
        ),
        ("Man dies after being stabbed in Leeds", "", (1, 1), None),
        ("Man, 30, dies after being hit by train in Leeds", "", (1, 1), None),
        ("Girl dies weeks after crash in Leeds", "", (1, 1), None),
        ("Bride Killed, Groom Injured When Car Hits Golf Cart", "", (1, 1), (1, 1)),
        (
            "2 dead in home shooting in Leeds; suspect fatally shot by police",
            "Two people were killed in a home shooting in Leeds. The suspect was also fatally shot by police.",
            (3, 3),
            None,
        ),
    ],
)
def test_people_of_a_headline(
    extractor: Extractor,
    title: str,
    text: str,
    killed: tuple[int | None, int | None] | None,
    injured: tuple[int | None, int | None] | None,
) -> None:
    report = extractor.extract(news(text, title=title)).reports[0]
    if killed is not None:
        assert told(report.killed) == killed
    if injured is not None:
        assert told(report.injured) == injured


@pytest.mark.parametrize(
    "title",
    [
        "Retired baker, 71, found dead at home in Hull",
        "Football star Adam Berg, 15, dies in freak accident in Lyon",
        "Girl, six, killed in crash in Leeds",
    ],
)
def test_an_age_between_commas_is_no_number_of_people(extractor: Extractor, title: str) -> None:
    reports = extractor.extract(news("Police were called on Friday.", title=title)).reports
    assert all(told(report.killed) == (1, 1) for report in reports)


def test_a_title_is_read_apart_from_the_text(extractor: Extractor) -> None:
    """The first word of the text, a thing that can be counted, says nothing about the title's last number."""
    report = extractor.extract(news("Roads are cut.", title="Death toll from Chile earthquake passes 300")).reports[0]
    assert told(report.killed) == (300, None)
