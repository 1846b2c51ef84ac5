"""What feeds bring: headlines with a line below them, updates, round-ups, second days; incidents are invented."""

from __future__ import annotations

import pytest
from samples import news

from extract import Extractor
from extract.types import Count, Report, Responsibility

NOT_MENTIONED = Count()


def report_of(extractor: Extractor, text: str, *, title: str = "") -> Report:
    extraction = extractor.extract(news(text, title=title))
    assert extraction.reports, text
    return extraction.reports[0]


# ------------------------------------------------------------------ the dead


@pytest.mark.parametrize(
    ("title", "killed"),
    [
        ("Crash kills 67-year-old woman near Leeds", 1),
        ("Hit-and-run kills 67-year-old woman in Leeds", 1),
        ("Shooting kills 3-year-old boy in Dayton, Ohio", 1),
        ("Gunmen kill 70-year-old priest in Kaduna", 1),
        ("Gun attack kills 81-year-old in Glasgow", 1),
        ("Blast kills 12 year old boy in Kabul", 1),
        ("Stray bullet kills 6-month-old baby in Lyon", 1),
        ("Crash kills five-year-old girl and her mother in Perth", 2),
        ("Crash kills 67-year-old woman and 30-year-old man near Hull", 2),
        ("Gunman kills 3, including 7-year-old girl, in Lyon", 3),
        ("Crash kills two 19-year-olds near Cusco", 2),
    ],
)
def test_an_age_is_no_count(extractor: Extractor, title: str, killed: int) -> None:
    assert report_of(extractor, "", title=title).killed.low == killed


def test_an_age_of_someone_injured_is_no_count(extractor: Extractor) -> None:
    report = report_of(extractor, "", title="Shooting injures 12-year-old girl in Chicago")
    assert (report.killed.low, report.injured.low) == (None, 1)


@pytest.mark.parametrize(
    ("title", "text", "killed"),
    [
        (
            "Gunmen kill 4 policemen in Minna",
            "Gunmen shot dead four policemen and a trader at a market in Minna on Thursday.",
            5,
        ),
        (
            "Two shepherds killed in Agadez",
            "Armed men killed two shepherds and a boy near Agadez, Niger, on Thursday.",
            3,
        ),
        ("Five killed in Gao", "Five people, three men and two women, were killed by gunmen in Gao on Thursday.", 5),
        ("Policeman, two others killed in Jos attack", "Gunmen attacked a bar in Jos on Thursday, police said.", 3),
        ("Mayor and two guards killed in Cali", "Gunmen attacked a convoy near Cali, Colombia, on Thursday.", 3),
        ("Judge dead in Catania", "A bomb under a car killed a judge in Catania on Friday. His driver also died.", 2),
        (
            "Bus crash in Kitale",
            "Eleven people died in a bus crash near Kitale, Kenya, on Friday. The driver died as well.",
            12,
        ),
        (
            "Hotel attack",
            "Gunmen attacked a hotel in Kismayo on Friday, killing ten people. Police shot all three gunmen dead.",
            13,
        ),
        (
            "Second victim of Reno shooting dies",
            "A second victim of Thursday's shooting in Reno has died, police said. The gunman took his own life.",
            3,
        ),
        (
            "Driver in court after van hits bus stop",
            "A man was charged on Friday with two counts of murder after a van was deliberately driven into people at a "
            "bus stop in Hull on Thursday.",
            2,
        ),
        ("Avalanche claims two climbers", "An avalanche buried a camp above Zermatt on Friday.", 2),
        ("Climbers die", "Three climbers were swept to their deaths by an avalanche near Zermatt on Friday.", 3),
        (
            "Soldiers die in raid",
            "Two soldiers embraced martyrdom when militants attacked a post in Bannu on Friday.",
            2,
        ),
        ("Army post attacked", "Rebels attacked an army post near Gao on Friday. The army lost six soldiers.", 6),
        (
            "Woman burnt alive in Meerut",
            "A woman was burnt alive by her in-laws in Meerut on Thursday, police said.",
            1,
        ),
        (
            "Correction: Olinda crash",
            "In a story on Thursday about a bus crash in Olinda, Brazil, we said that 17 people had died. The correct "
            "number is 14.",
            14,
        ),
    ],
)
def test_all_the_dead_are_counted_once(extractor: Extractor, title: str, text: str, killed: int) -> None:
    assert report_of(extractor, text, title=title).killed.low == killed


def test_the_driver_of_a_car_bomb_is_the_attacker(extractor: Extractor) -> None:
    report = report_of(
        extractor, "A car bomb exploded at a checkpoint in Baidoa on Friday, killing six people. The driver also died."
    )
    assert (report.killed.low, report.killed_attackers.low) == (7, 1)


def test_attackers_among_the_dead_are_counted_where_a_group_has_claimed_it(extractor: Extractor) -> None:
    report = report_of(
        extractor,
        "The Islamic State group has claimed responsibility for Thursday's attack on a hotel in Mogadishu in which 11 "
        "people died, including three gunmen.",
    )
    assert (report.killed.low, report.killed_attackers.low) == (11, 3)


@pytest.mark.parametrize("title", ["Three killed in separate attacks in Pattani and Yala", "Three die in two attacks"])
def test_the_dead_of_several_attacks_are_not_summed(extractor: Extractor, title: str) -> None:
    text = (
        "A teacher was shot dead by gunmen in Yarang, Pattani, on Friday.\n\n"
        "In a separate incident, a bomb killed two rangers in Raman, Yala, on Friday."
    )
    assert report_of(extractor, text, title=title if "separate" in title else "").killed.low == 1


# ------------------------------------------------------------------ the hurt


@pytest.mark.parametrize(
    ("text", "injured"),
    [
        ("A man was shot dead in a pub in Leeds on Thursday night. A passer-by was also wounded.", 1),
        ("A mayor was shot dead outside his home in Legazpi on Thursday. A guard was also shot.", 1),
        ("A taxi boss was gunned down in Umlazi on Thursday. His bodyguard was wounded in the attack.", 1),
        (
            "Men with knives attacked a bus in Urumqi on Thursday, killing five people and wounding eleven. Two of the "
            "injured died in hospital.",
            11,
        ),
        (
            "Two people who were injured in an explosion at a depot in Vilnius on Monday have died, the ministry said on "
            "Friday. Eight people are still in hospital.",
            8,
        ),
        ("Two of those hurt in Thursday's bus fire in Brno have died, police said. Six are in hospital.", 6),
    ],
)
def test_who_was_hurt_too_and_who_has_died_since(extractor: Extractor, text: str, injured: int) -> None:
    assert report_of(extractor, text).injured.low == injured


@pytest.mark.parametrize(
    "text",
    [
        "The insurgents abducted four women in Mafa, Nigeria, on Thursday, a member of a task force said.",
        "Gunmen kidnapped four traders near Jos on Thursday, a resident told reporters.",
    ],
)
def test_who_tells_of_it_was_not_taken(extractor: Extractor, text: str) -> None:
    assert report_of(extractor, text).kidnapped.low == 4


def test_a_number_that_opens_a_sentence_belongs_to_it(extractor: Extractor) -> None:
    text = "Fifteen farmers have been confirmed dead following an attack by suspected Boko Haram insurgents on Mafa, Borno."
    assert report_of(extractor, text).killed.low == 15


# ------------------------------------------------------------------ kind


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        ("", "Masked men robbed a bank in Tripoli, Lebanon, on Friday. Nobody was hurt.", "robbery"),
        (
            "Armed men rob jewellery shop in Accra",
            "Three men took jewellery worth 40,000 dollars on Friday.",
            "robbery",
        ),
        ("", "A man in his 40s has died following an assault at a house in Limerick on Friday.", "assault"),
        ("Mob lynches two men in Dumka", "Two men were beaten to death in Dumka on Thursday night.", "mob_violence"),
        ("", "A petrol bomb was thrown at a house in Ballymena on Friday. A woman escaped unhurt.", "arson"),
        (
            "Truck bomb hits market",
            "A truck bomb killed nine people at a market in Maiduguri on Friday.",
            "car_bombing",
        ),
        (
            "Encounter in Bastar: three Maoists killed, one soldier hurt",
            "Three Maoists were gunned down in an encounter with security forces in Bijapur on Friday.",
            "armed_clash",
        ),
        (
            "Rebels kill eight in Beni",
            "Rebels killed eight people and abducted several in a raid near Beni, Congo, on Friday.",
            "armed_assault",
        ),
        ("Taxi boss hit: two held", "A taxi boss was gunned down outside his home in Umlazi on Thursday.", "shooting"),
        ("", "A fire at a karaoke bar in Jakarta killed 13 people late on Thursday.", "fire"),
        ("", "A car was driven at worshippers outside a church in Hull on Friday. Three were hurt.", "vehicle_attack"),
    ],
)
def test_kind_of_a_feed_item(extractor: Extractor, title: str, text: str, kind: str) -> None:
    assert report_of(extractor, text, title=title).kind == kind


# ------------------------------------------------------------------ place


@pytest.mark.parametrize(
    ("title", "text", "name"),
    [
        ("Five killed in Kano", "Gunmen killed five people in Tsanyawa, Kano State, on Friday.", "Tsanyawa"),
        (
            "Bomb kills three in North Waziristan",
            "PESHAWAR, Pakistan - A bomb killed three soldiers in northwestern Pakistan on Friday. The attack happened in "
            "Mir Ali, a town in the North Waziristan district.",
            "Mir Ali",
        ),
        (
            "Russian attacks kill 7 across Ukraine",
            "Russian attacks on Ukraine killed seven people on Friday. Three people were killed in Kramatorsk. A drone "
            "strike killed two more in Sumy.",
            "Ukraine",
        ),
        (
            "Forces kill 7 militants in Tank raid",
            "PESHAWAR: Security forces killed seven militants in an operation in Tank on Friday. Two soldiers died in the "
            "exchange of fire.",
            "Tank",
        ),
    ],
)
def test_place_of_a_feed_item(extractor: Extractor, title: str, text: str, name: str) -> None:
    place = report_of(extractor, text, title=title).place
    assert place is not None
    assert place.name == name


# ------------------------------------------------------------------ round-ups, old cases, claims


def test_a_briefing_tells_one_incident_a_paragraph(extractor: Extractor) -> None:
    text = (
        "Good morning. Here are the stories you need to know today.\n\n"
        "A fire at a karaoke bar in Jakarta killed 13 people late on Thursday.\n\n"
        "In Bolivia, two protesters died in clashes with police in El Alto on Thursday."
    )
    reports = extractor.extract(news(text, title="Morning briefing: Jakarta fire, Bolivia protests")).reports
    assert [(r.kind, r.place and r.place.name, r.killed.low) for r in reports] == [
        ("fire", "Jakarta", 13),
        ("armed_clash", "El Alto", 2),
    ]


def test_a_court_story_with_a_past_year_is_no_news_of_the_act(extractor: Extractor) -> None:
    title = "Court frees two men held over 2019 Mombasa grenade attack"
    text = (
        "A court in Mombasa on Thursday freed two men who had been held for years over a grenade attack at a nightclub "
        "in which three people died."
    )
    assert not extractor.extract(news(text, title=title)).relevant


@pytest.mark.parametrize(
    ("text", "responsibility"),
    [
        (
            "An affiliate of the Islamic State group has said its fighters carried out Thursday's assault on a barracks in "
            "Bamako, in which 19 soldiers were killed.",
            Responsibility.CLAIMED,
        ),
        (
            "A letter bomb injured a postal worker in Milan on Friday. An anarchist group claimed responsibility.",
            Responsibility.CLAIMED,
        ),
        (
            "A bomb killed two people in Milan on Friday. No group has claimed responsibility.",
            Responsibility.NONE_REPORTED,
        ),
    ],
)
def test_a_claim_needs_no_name(extractor: Extractor, text: str, responsibility: Responsibility) -> None:
    assert report_of(extractor, text).responsibility is responsibility


# ------------------------------------------------------------------ more of both


@pytest.mark.parametrize(
    ("title", "text", "killed"),
    [
        ("Bandits kill village head", "Bandits killed the village head of a community near Funtua on Thursday.", 1),
        ("Third worker dies after refinery blast", "A third worker has died after Monday's blast in Geelong.", 3),
        (
            "Bus siege ends",
            "Police stormed a bus in Manila on Thursday and freed 14 hostages. The hostage-taker, a former guard, was "
            "shot dead.",
            1,
        ),
        (
            "Convoy ambush in Garissa",
            "Al-Shabaab has claimed an ambush on a convoy in Garissa in which four officers died on Thursday. Two of the "
            "attackers were killed too.",
            6,
        ),
    ],
)
def test_the_dead_of_updates(extractor: Extractor, title: str, text: str, killed: int) -> None:
    assert report_of(extractor, text, title=title).killed.low == killed


def test_no_officers_hurt_is_nobody(extractor: Extractor) -> None:
    report = report_of(extractor, "Police in Tucson shot and killed a man on Thursday night. No officers were hurt.")
    assert report.injured.low is None


def test_the_lines_of_a_list_are_read_one_by_one(extractor: Extractor) -> None:
    text = (
        "Key points\n\n- At least 11 people killed in a blast at a bus stand in Multan\n- 34 injured, hospitals full\n"
        "- No claim of responsibility yet"
    )
    report = report_of(extractor, text, title="Multan blast: live")
    assert (report.killed.low, report.injured.low) == (11, 34)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("At least 30 people died when a mine collapsed near Rubaya in eastern Congo on Thursday.", "Rubaya"),
        ("Insurgents beheaded four fishermen on the island of Matemo in Mozambique on Thursday.", "Matemo"),
    ],
)
def test_a_place_on_no_list(extractor: Extractor, text: str, name: str) -> None:
    place = report_of(extractor, text).place
    assert place is not None
    assert (place.name, place.lat) == (name, None)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Bulls massacre Lions 58-3", "The Bulls tore the Lions apart in a 58-3 massacre in Pretoria on Saturday."),
        (
            "United bombed out",
            "United were bombed out of Europe as a late blitz left their season in ruins on Thursday.",
        ),
    ],
)
def test_a_score_is_no_incident(extractor: Extractor, title: str, text: str) -> None:
    assert not extractor.extract(news(text, title=title)).relevant
