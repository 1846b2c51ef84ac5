"""How many people: numbers given, summed up, bounded, unknown, and those that are no counts."""

from __future__ import annotations

import pytest
from samples import news

from extract import Extractor
from extract.collect import findings_of
from extract.decide.casualties.candidates import candidates, features
from extract.decide.casualties.choose import counts_by_rules
from extract.types import Count, CountState, Report


def counted(low: int, high: int | None) -> Count:
    return Count(low=low, high=high, state=CountState.COUNTED)


def only_report(extractor: Extractor, text: str) -> Report:
    extraction = extractor.extract(news(text))
    assert extraction.reports, text
    return extraction.reports[0]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gunmen shot dead a woman and her two sons at their home in Peshawar on Friday, police said.", counted(3, 3)),
        ("A bomb killed at least 12 people at a market in Kano, Nigeria, on Thursday.", counted(12, None)),
        ("Two dozen villagers were killed when rebels attacked a village near Goma on Friday.", counted(24, 24)),
        ("Between eight and 10 soldiers were killed in an ambush near Gao, Mali, on Friday.", counted(8, 10)),
        ("The death toll from Thursday's blast in Quetta rose to 14 on Friday, police said.", counted(14, 14)),
        ("Twenty-two people were killed when a bus plunged into a ravine near Cusco on Friday.", counted(22, 22)),
        ("A gunman killed himself and three others at a warehouse in Tulsa, Oklahoma, on Friday.", counted(4, 4)),
        ("Seven people, including three children, died in a house fire in Leeds on Friday.", counted(7, 7)),
        ("John Example, 22, was shot and killed in Baltimore on Friday night, police said.", counted(1, 1)),
        ("A suicide bomber blew himself up at a checkpoint in Kabul, killing nine people on Friday.", counted(10, 10)),
        ("Gunmen opened fire on a guard and his cousin in Gao on Friday. Both were killed.", counted(2, 2)),
        ("Five people were shot, one fatally, outside a bar in Tulsa on Friday, police said.", counted(1, 1)),
        ("Police in Tulsa said a 7-year-old is dead after a shooting on Friday.", counted(1, 1)),
        ("A man killed his wife and two sons in Tulsa on Friday before turning the gun on himself.", counted(4, 4)),
        ("A man was shot in Tulsa on Friday and pronounced dead at the scene, police said.", counted(1, 1)),
        ("A gunman stabbed and killed a guard at a bus stop in Haifa on Friday.", counted(1, 1)),
        ("A mob stoned a herder to death in a village near Jos, Nigeria, on Friday.", counted(1, 1)),
        ("Two climbers fell to their deaths on a ridge near Chamonix, France, on Friday.", counted(2, 2)),
        ("A blast killed nine militia members, six shoppers and a vendor in Mosul, Iraq, on Friday.", counted(16, 16)),
        ("A mine killed the governor, Karim Example, his driver and two guards near Gao on Friday.", counted(4, 4)),
        ("Gunmen shot and killed two brothers, Ali Example and Omar Example, in Karachi on Friday.", counted(2, 2)),
        (
            "Gunmen killed two traders near Jos, Nigeria, on Friday in retaliation for the killing of a chief.",
            counted(2, 2),
        ),
        ("Two-dozen pilgrims were killed when gunmen fired on a bus near Quetta on Friday.", counted(24, 24)),
        ("A bomber blew himself up in Kano, Nigeria, on Friday, killing himself and five others.", counted(6, 6)),
        ("A student shot dead four pupils, a teacher and himself at a school in Turku on Friday.", counted(6, 6)),
        ("A senator was killed along with his driver and two guards in Karachi on Friday.", counted(4, 4)),
        ("Two soldiers, Ali Example and Omar Example, and a medic were killed near Gao on Friday.", counted(3, 3)),
        ("Four gunmen shot dead a trader and his brother in Karachi on Friday, police said.", counted(2, 2)),
        ("At least 11 passengers were burned alive in a bus near Bandiagara, Mali, on Friday.", counted(11, None)),
        ("Raiders killed 40 people, among them a policeman, in a village near Gao on Friday.", counted(40, 40)),
        ("On Friday evening at 1930, a bomb killed six people at a market in Mosul, Iraq.", counted(6, 6)),
    ],
)
def test_killed(extractor: Extractor, text: str, expected: Count) -> None:
    assert only_report(extractor, text).killed == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A bomb wounded 31 people at a bus stop in Davao, police said on Friday.", counted(31, 31)),
        ("Four people were injured in a shooting in Memphis on Friday night.", counted(4, 4)),
        ("3 shot, 1 killed outside a club in Chicago on Friday night, police said.", counted(2, 2)),
        (
            "Four people were sent to the hospital with gunshot wounds after a shooting in Tulsa on Friday.",
            counted(4, 4),
        ),
        ("A shooting in Tulsa on Friday left three women and one man injured.", counted(4, 4)),
        ("A bullet struck a 13-year-old in the neck during a shooting in Tulsa on Friday.", counted(1, 1)),
        ("4 adults, 1 child shot at a party in Tulsa on Friday night, police said.", counted(5, 5)),
        ("Five people, two women and three men, were shot in Tulsa on Friday night.", counted(5, 5)),
        ("A gunman opened fire at a party in Tulsa on Friday. There were four gunshot victims.", counted(4, 4)),
        ("Two men are in critical condition after a shooting in Tulsa on Friday.", counted(2, 2)),
        ("A blast killed two and injured 8 to 10 others in Mosul, Iraq, on Friday.", counted(8, 10)),
        ("Three gunmen shot and wounded a trader in Karachi on Friday, police said.", counted(1, 1)),
        ("Two attackers stabbed and injured a guard at a bus stop in Haifa on Friday.", counted(1, 1)),
        ("Rebels killed 20 villagers and wounded at least 15 more near Goma on Friday.", counted(15, None)),
        ("Sixteen Nigerian soldiers were wounded by a mine near Maiduguri on Friday.", counted(16, 16)),
        ("Two guards were killed and a third was wounded in an attack on a bank in Gao on Friday.", counted(1, 1)),
        ("Four people were hurt in a blast in Mosul on Friday, including a major, who suffered burns.", counted(4, 4)),
        ("Example, a city councillor, and his driver were injured in a shooting in Davao on Friday.", counted(2, 2)),
        ("A man stabbed three shoppers in Lyon on Friday. One of them died and two were injured.", counted(2, 2)),
        ("A blast in Homs on Friday resulted in the injury of 16 shoppers, police said.", counted(16, 16)),
        ("Seven people were killed and two more were hurt in a shooting in Davao on Friday.", counted(2, 2)),
        ("A bomb in Homs on Friday left a driver and a soldier wounded, police said.", counted(2, 2)),
    ],
)
def test_injured(extractor: Extractor, text: str, expected: Count) -> None:
    assert only_report(extractor, text).injured == expected


def test_nobody_injured_is_none_not_unknown(extractor: Extractor) -> None:
    report = only_report(extractor, "A bomb exploded outside a bank in Athens on Friday. No one was injured or killed.")
    assert (report.killed.state, report.injured.state) == (CountState.NONE, CountState.NONE)


def test_unknown_is_not_zero(extractor: Extractor) -> None:
    text = "Gunmen attacked a police post near Maiduguri on Friday. There was no immediate word of casualties."
    assert only_report(extractor, text).killed == Count(state=CountState.NOT_YET_KNOWN)


def test_silence_is_not_mentioned(extractor: Extractor) -> None:
    text = "Gunmen attacked a police post near Maiduguri on Friday and fled into the forest."
    assert only_report(extractor, text).killed == Count(state=CountState.NOT_MENTIONED)


def test_killed_attackers_are_in_the_toll_and_counted_separately(extractor: Extractor) -> None:
    text = "Four soldiers and two militants were killed when gunmen attacked a base near Bannu in Pakistan on Friday."
    report = only_report(extractor, text)
    assert report.killed == counted(6, 6)


def test_a_bomber_who_was_caught_did_not_die(extractor: Extractor) -> None:
    text = "A suicide bomber attempted to attack a church in Jos, Nigeria, on Friday. He was arrested before he could detonate."
    assert only_report(extractor, text).killed.state is not CountState.COUNTED


def test_an_attacker_in_addition_to_the_injured_is_not_killed(extractor: Extractor) -> None:
    text = (
        "A man stabbed passengers on a bus in Haifa on Friday. In addition to the attacker, nine people were wounded."
    )
    assert only_report(extractor, text).killed.state is not CountState.COUNTED


def test_a_total_counts_the_bombers_too(extractor: Extractor) -> None:
    text = "Two suicide bombers struck a market in Kano, Nigeria, on Friday. A total of 19 people were killed, police said."
    assert only_report(extractor, text).killed == counted(19, 19)


def test_a_rocket_that_was_fired_is_no_firearm(extractor: Extractor) -> None:
    text = "Rebels fired two rockets at an army base near Goma on Friday, wounding three soldiers."
    assert [(w.name, w.type) for w in only_report(extractor, text).weapons] == [("rockets", "explosives")]


def test_an_age_is_no_count(extractor: Extractor) -> None:
    text = "Jane Example, 34, was wounded when shots were fired at a car in Marseille on Friday."
    assert only_report(extractor, text).injured == counted(1, 1)


def test_whole_articles_on_shootings_are_counted_by_the_forest(extractor: Extractor) -> None:
    """People mentioned one by one, killed people among those shot, and one person mentioned several times."""
    text = (
        "Three people were shot, one of them fatally, outside a laundromat in Tulsa on Thursday night, police said.\n\n"
        "Officers were called to the 400 block of Example Street shortly after 10 p.m.\n\n"
        "They found two men and a woman with gunshot wounds in the parking lot.\n\n"
        "The woman, 34, was pronounced dead at the scene.\n\n"
        "The men, aged 19 and 27, were taken to a hospital, where they are in stable condition.\n\n"
        "Neighbors said that they heard about a dozen shots.\n\n"
        "No arrests have been made, and detectives asked anybody with information to call.\n"
    )
    report = extractor.extract(news(text, title="Woman killed, two men hurt in Tulsa shooting")).reports[0]
    assert (report.killed, report.injured) == (counted(1, 1), counted(2, 2))


def test_injured_people_are_no_attackers(extractor: Extractor) -> None:
    text = "Fire gutted a textile warehouse in Medellín on Friday, injuring three workers, the fire department said."
    report = only_report(extractor, text)
    assert (report.injured, report.attackers.state) == (counted(3, 3), CountState.NOT_MENTIONED)


def test_every_way_to_a_number_is_a_candidate(extractor: Extractor) -> None:
    article = news("Five people were shot in Tulsa on Friday. Two of them died, and a third person was wounded.")
    found = findings_of(extractor.reader("en").read(article), [])
    counts, _ = counts_by_rules(found)
    numbers = candidates(found, "injured", counts)
    assert {0, 1, 3, 5} <= {candidate.value for candidate in numbers}
    assert all(candidate.mentions for candidate in numbers if candidate.value and "rule" not in candidate.ways)
    assert len(features(found, "injured", numbers, counts, None)) == len(numbers)


@pytest.mark.parametrize(
    ("text", "killed", "injured"),
    [
        ("Masked men gunned down a councillor and her husband in Medellín on Sunday.", 2, None),
        ("Four children burned to death in a house fire in Detroit on Monday.", 4, None),
        ("The blast claimed the lives of 12 people in Homs on Tuesday.", 12, None),
        ("Six people lost their lives in floods in Durban on Tuesday.", 6, None),
        ("A ferry sank off Zanzibar on Friday, drowning at least 30 passengers.", 30, None),
        ("A mother of three was shot dead in Cape Town on Monday, police said.", 1, None),
        ("A father of three was shot dead and two guards wounded in Lima on Monday.", 1, 2),
        ("Armed men killed 19 council members, 11 civilians among them, in Kano on Monday.", 19, None),
        ("Three soldiers, a captain among them, were killed by a bomb in Kano on Monday.", 3, None),
        ("Ali Example, the governor's driver and cousin, was killed by a bomb in Herat on Monday.", 1, None),
        ("A man with a knife killed six people and stabbed 12 others at a mall in Sydney on Monday.", 6, 12),
        ("A man stabbed five people, killing two of them, in Lyon on Monday, police said.", 2, 3),
        ("A man stabbed five people, two fatally, at a mall in Sydney on Monday.", 2, 3),
        ("A couple was found shot dead in Durban on Monday, police said.", 2, None),
        ("The toll in Monday's bombing of a mosque in Peshawar rose to 24, officials said.", 24, None),
        ("A bomb killed 40 people in Homs on Monday, officials said, raising an earlier toll of 25.", 40, None),
        ("A grenade thrown into a bar in Bukavu on Monday killed a waitress and wounded 17, police said.", 1, 17),
        ("Two shepherds and a herdsman were killed in an air strike near Mosul on Monday.", 3, None),
        ("Gunmen attacked a bus near Ghazni on Monday, wounding six people; four of them are in critical condition.", None, 6),
        ("Six people were stabbed at a fair in Leeds on Monday. Two are in critical condition.", None, 6),
        ("The governor, his driver and three guards were killed in an ambush near Jos on Monday.", 5, None),
        ("Two brothers, Ali Example and Omar Example, and a girl were shot dead in Multan on Monday.", 3, None),
        ("Three guards and a passer-by were killed by a bomb in Cali on Monday.", 4, None),
        ("The mayor's father-in-law and two passers-by were shot dead in Quetta on Monday.", 3, None),
        ("A bomb at a market in Kano on Monday left 31 dead and 12 in hospital.", 31, 12),
        ("Gunmen riding a motorcycle shot dead a lawyer in Khuzdar on Monday.", 1, None),
        ("Eight cadets and a cook were shot dead in Tours on Monday before police shot him dead.", 10, None),
        ("A gunman killed two shoppers in Tulsa on Monday before being shot dead by officers.", 3, None),
        ("\"We have 16 dead and at least 40 wounded,\" a doctor said after a bombing in Homs on Monday.", 16, 40),
        ("A clerk was shot dead and his assistant wounded by robbers in Lima on Monday.", 1, 1),
        ("A mine near Herat on Monday killed a colonel and two of his guards and wounded five soldiers.", 3, 5),
        ("A woman and her two sons were found stabbed to death in Ghent on Monday, police said.", 3, None),
        ("A shooting in Malmö on Monday left a boy dead and his older brother fighting for his life.", 1, 1),
        ("Five inmates and a guard were killed in a riot at a prison in Machala on Monday.", 6, None),
        ("An off-duty officer, Sergeant Ali Example, and a bystander were wounded by gunmen in Lagos on Monday.", None, 2),
        ("Four rebels were killed in a clash near Goma on Monday, as were at least two soldiers.", 6, None),
        ("Four people, including Example, the head of a bank, and two of his guards were killed by gunmen in Gao on Monday.", 4, None),
        ("A bomb in Haifa on Monday killed 21 people, 17 instantly, and injured 100 others.", 21, 100),
        ("Rebels shot four traders near Goma on Monday, two of whom died.", 2, 2),
        ("An officer was shot in the leg in Tampa on Monday and a robber was killed, police said.", 1, 1),
        ("Eight passengers and two crew were killed when a plane crashed near Juba on Monday.", 10, None),
        ("A man armed with an axe hacked four relatives to death in Cebu on Monday before villagers killed him.", 5, None),
        ("The number of people killed in Sunday's earthquake in Herat province has risen to 118, officials said.", 118, None),
        ("\"Two of my sons were killed,\" said a survivor of Monday's attack near Jos, in which 15 people died.", 15, None),
        ("Gunmen killed a mayor-elect along with his two brothers in Reynosa on Monday.", 3, None),
        ("Eleven migrants suffocated in the back of a lorry near Varna on Monday.", 11, None),
        ("A bomb killed a newspaper editor and blinded his wife in Beirut on Monday.", 1, 1),
        ("A girl and her baby brother were killed and their father seriously injured when a wall fell in Gaza on Monday.", 2, 1),
        ("Medics treated 60 people for smoke inhalation after a fire in a metro station in Seoul on Monday.", None, 60),
        ("One officer has died and a second is fighting for life after a shooting near Cairns on Monday.", 1, 1),
        ("A missile struck a clinic in Dnipro on Monday, killing a surgeon and a patient and hurting 16.", 2, 16),
        ("An air strike near Homs on Monday killed 21 people. Another nine were killed in a separate strike.", 21, None),
    ],
)  # fmt: skip
def test_a_plain_sentence_is_counted_as_a_reader_would(
    extractor: Extractor, text: str, killed: int | None, injured: int | None
) -> None:
    report = only_report(extractor, text)
    assert (report.killed.low or None, report.injured.low or None) == (killed, injured)


@pytest.mark.parametrize(
    ("text", "kidnapped"),
    [
        ("Two aid workers were seized by armed men near Tindouf on Monday.", 2),
        ("Gunmen took six nurses and a doctor from a clinic near Minna on Monday.", 7),
        ("Rebels freed two of the five oil workers they abducted in Arauca on Monday.", 5),
        ("Gunmen stormed a house near Ilorin on Monday and whisked away a woman and three children.", 4),
        ("Gunmen attacked a church near Kaduna on Monday, killing two women and taking the pastor and six others.", 7),
        ("Police seized two men at a market near Minna on Monday after a shooting.", None),
        ("Two men were taken to hospital after a shooting near Minna on Monday.", None),
    ],
)
def test_whom_attackers_take_is_kidnapped(extractor: Extractor, text: str, kidnapped: int | None) -> None:
    assert (only_report(extractor, text).kidnapped.low or None) == kidnapped


def test_a_number_in_the_text_beats_a_headlines_plural(extractor: Extractor) -> None:
    text = "Gunmen killed 12 villagers near Jos on Monday, police said."
    report = extractor.extract(news(text, title="Gunmen kill villagers in Nigeria")).reports[0]
    assert report.killed == counted(12, 12)


def test_a_headline_without_articles_counts_killed_and_injured(extractor: Extractor) -> None:
    title = "Gunmen kill four, wound six at Guayaquil wake"
    report = extractor.extract(news("Officials confirmed the figures on Friday.", title=title)).reports[0]
    assert (report.killed, report.injured) == (counted(4, 4), counted(6, 6))


def test_somebody_killed_by_police_with_nobody_harmed_before_is_no_attacker(extractor: Extractor) -> None:
    text = "A driver fled from a checkpoint in Lagos on Monday. He was shot dead by police."
    report = only_report(extractor, text)
    assert (report.killed, report.killed_attackers.state) == (counted(1, 1), CountState.NOT_MENTIONED)


def test_a_shooting_near_a_mayors_home_singles_nobody_out(extractor: Extractor) -> None:
    near = only_report(extractor, "A shooting near the mayor's home in Lima on Monday killed a passer-by, police said.")
    at = only_report(extractor, "Gunmen fired at the home of the mayor in Lima on Monday, police said.")
    assert (near.codes.gtd, at.codes.gtd) == ((2,), (1,))


def test_people_killed_in_an_earlier_act_are_not_counted_for_one_that_injured_two(extractor: Extractor) -> None:
    text = (
        "Two policemen were hurt when men threw a grenade at a police station in Quetta on Friday, officials said.\n\n"
        "It came two days after militants stormed a barracks in the city and killed five people."
    )
    report = only_report(extractor, text)
    assert (report.killed.state, report.injured) == (CountState.NOT_MENTIONED, counted(2, 2))


@pytest.mark.parametrize(
    ("text", "own", "killed"),
    [
        (
            "At least 12 people, including five attackers, were killed when gunmen stormed a hotel in Mogadishu on Friday.",
            counted(5, 5),
            counted(12, None),
        ),
        (
            "Two suicide bombers attacked a camp in Maiduguri on Friday, killing 14 people. Both bombers died.",
            counted(2, 2),
            counted(16, 16),
        ),
        (
            "Insurgents attacked a base in Buratai, Nigeria, on Friday, and soldiers killed 12 of them. Three soldiers died.",
            counted(12, 12),
            counted(15, 15),
        ),
        (
            "Fighters attacked a compound in Abyan, Yemen, on Friday and killed four soldiers. Six attackers were killed "
            "in the gunfight that followed.",
            counted(6, 6),
            counted(10, 10),
        ),
        (
            "Bandits killed 11 villagers in Zamfara, Nigeria, on Friday. Police killed three gang members.",
            counted(3, 3),
            counted(14, 14),
        ),
    ],
)
def test_attackers_who_died_are_counted_apart_from_the_toll(
    extractor: Extractor, text: str, own: Count, killed: Count
) -> None:
    report = only_report(extractor, text)
    assert (report.killed_attackers, report.killed) == (own, killed)


def test_a_number_in_the_text_beats_dozens_in_the_title(extractor: Extractor) -> None:
    text = "A drone strike hit a market in El Obeid, Sudan, on Friday, killing 31 people, a doctor said."
    extraction = extractor.extract(news(text, title="Drone strike on Sudanese market kills dozens"))
    assert extraction.reports[0].killed == counted(31, 31)
