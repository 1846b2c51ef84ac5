"""Is the table of kinds consistent, and are kinds, codes and weapons recognised by it?"""

from __future__ import annotations

import re

import pytest
from samples import news

from extract import Extractor
from extract.kinds import Kinds, load_kinds
from extract.lang.en.lexicon import LEXICON, table
from extract.lexicon import shared_table
from extract.text.phrases import words_of

KINDS = load_kinds()


def test_there_are_at_least_forty() -> None:
    assert len(KINDS) >= 40


def test_every_kind_has_triggers_and_every_trigger_a_kind() -> None:
    assert set(table("triggers")) == set(KINDS)


@pytest.mark.parametrize("slug", KINDS)
def test_codes_are_in_their_vocabularies(slug: str) -> None:
    codes = KINDS[slug].codes
    assert set(codes.gtd) <= set(range(1, 10))
    assert set(codes.muc) <= {
        "ATTACK",
        "ARSON",
        "BOMBING",
        "KIDNAPPING",
        "HIJACKING",
        "ROBBERY",
        "FORCED WORK STOPPAGE",
    }
    assert codes.cap in {"Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE", "Other"}  # fmt: skip
    assert codes.plover is None or re.fullmatch(r"[A-Z]+/[a-z-]+", codes.plover)
    assert all(re.fullmatch(r"\d{8}", code) for code in codes.iptc)


@pytest.mark.parametrize("slug", KINDS)
def test_compatibility_is_symmetric(slug: str) -> None:
    assert all(slug in KINDS.compatible(other) for other in KINDS.compatible(slug))


@pytest.mark.parametrize(
    ("word", "slug"), [("bombing", "bombing"), ("Car bombs", "car_bombing"), ("quake", "earthquake"), ("gunmen", "armed_assault")]
)  # fmt: skip
def test_what_a_person_types_finds_kinds(word: str, slug: str) -> None:
    assert slug in KINDS.find(word)


def test_unknown_word_finds_none() -> None:
    assert KINDS.find("cricket") == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Bandits abducted 34 passengers from a bus near Kaduna on Friday. The driver was shot and wounded.", "kidnapping"),
        ("Two aid workers were seized by armed men near Tindouf on Friday.", "kidnapping"),
        ("A girl was killed and her mother injured by a stray shell in Donetsk on Friday.", "shelling"),
        ("Three people were attacked with a knife on a tram in Oslo on Friday. One died.", "stabbing"),
        ("Nine guests died in a fire at a hotel in Cusco on Friday, officials said.", "fire"),
        ("An attacker killed two nuns with an axe in Kumasi on Friday.", "stabbing"),
        ("Thieves beat a 70-year-old shepherd to death near Oristano on Friday.", "assault"),
        ("A woman was killed by a shark off Byron Bay on Friday.", "animal_attack"),
        ("Four farmers have been killed by suspected herdsmen near Makurdi, police said on Friday.", "homicide"),
        ("Fifteen passengers were hurt when a ferry hit a pier in Split on Friday.", "ship_accident"),
        ("Six bodies were pulled from the rubble of a collapsed school in Port-au-Prince on Friday.", "building_collapse"),
        ("Three people died as police clashed with opposition supporters in Conakry on Friday.", "armed_clash"),
        ("Medics said that an Israeli strike on a camp in Gaza killed 11 people on Friday.", "air_strike"),
        ("Lightning killed six children at a camp in Uganda on Friday.", "drowning"),
        ("The bodies of a man and two women were found in a burnt-out car near Apatzingan on Friday.", "homicide"),
    ],
)  # fmt: skip
def test_kind_is_the_one_a_reader_would_name(extractor: Extractor, text: str, kind: str) -> None:
    assert extractor.extract(news(text)).reports[0].kind == kind


def test_group_names_all_its_kinds() -> None:
    assert set(KINDS.groups["disaster"]) <= set(KINDS.find("disasters"))


def test_an_empty_table_has_no_groups() -> None:
    assert Kinds({}).groups == {}


def test_strong_words_are_found() -> None:
    found = {hit.value for hit in LEXICON.triggers().find(words_of("A suicide bomber blew himself up"))}
    assert ("suicide_bombing", True) in found


@pytest.mark.parametrize(
    ("text", "gtd"),
    [
        ("A man armed with a knife attacked passengers on a bus in Haifa on Friday, wounding three.", (2,)),
        ("Raiders attacked a village near Goma on Friday, killing six people.", (2,)),
        ("Gunmen opened fire and threw a grenade at a police post in Kano on Friday, killing one officer.", (2,)),
        ("A grenade was thrown at a bar in Davao on Friday, injuring two people.", (3,)),
    ],
)
def test_the_means_of_an_attack_decide_its_gtd_attack_type(
    extractor: Extractor, text: str, gtd: tuple[int, ...]
) -> None:
    assert extractor.extract(news(text)).reports[0].codes.gtd == gtd


def test_rows_of_codes_name_kinds_and_weapons_that_exist() -> None:
    known, weapons = load_kinds(), set(table("roles")["weapons"])
    for row in shared_table("codes")["gtd"]:
        assert all(kind in known for kind in row["kinds"])
        assert set(row.get("with", ())) <= weapons
        assert row["codes"]


@pytest.mark.parametrize(
    ("text", "gtd"),
    [
        ("A suicide bomber killed the governor of Gao and four guards in Mali on Friday.", (1,)),
        ("Gunmen opened fire on Omar Example in Karachi on Friday. Example, a judge, was wounded.", (1,)),
        ("Gunmen fired on the car of a former mayor in Davao on Friday, wounding his driver.", (1,)),
        ("A grenade was thrown at the house of a village chief near Jos, Nigeria, on Friday. No one was hurt.", (3,)),
        ("A suicide bomber killed six shoppers 100 metres from the governor's house in Gao on Friday.", (3,)),
        ("A bomb hurt a head teacher and two pupils in Mosul, Iraq, on Friday.", (3,)),
        ("Rebels fired rockets and opened fire on an army post near Goma on Friday, killing two soldiers.", (2,)),
        ("Gunmen opened fire and set houses ablaze in a village near Jos on Friday, killing nine people.", (2,)),
        ("Assailants set a fire at a mosque in Lyon on Friday. No one was hurt.", (7,)),
    ],
)
def test_codes_follow_the_target_and_the_weapon(extractor: Extractor, text: str, gtd: tuple[int, ...]) -> None:
    """GTD distinguishes attacks by the target and the weapon, not by the name of the event."""
    assert extractor.extract(news(text)).reports[0].codes.gtd == gtd


@pytest.mark.parametrize(
    ("text", "weapon"),
    [
        ("A man drove his van into a queue of shoppers in Lyon on Friday, killing three people.", "vehicle"),
        ("Attackers cut the throats of four herders near Jos, Nigeria, on Friday, police said.", "melee"),
        ("Two men lit a bus on fire in Davao on Friday after the passengers had left. No one was hurt.", "incendiary"),
        ("A man wounded a guard with a box cutter at a museum in Lyon on Friday, police said.", "melee"),
    ],
)
def test_weapons_are_recognised_by_what_was_done(extractor: Extractor, text: str, weapon: str) -> None:
    assert weapon in {w.type for w in extractor.extract(news(text)).reports[0].weapons}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Russian forces dropped guided bombs on Kharkiv on Friday, killing three people.", "air_strike"),
        ("Russian guided bombs killed three people in Zaporizhzhia on Friday, the governor said.", "air_strike"),
        ("A glide bomb hit a block of flats in Kramatorsk on Friday, killing a woman, 62.", "air_strike"),
        ("The air force dropped two bombs on a village in Sagaing, Myanmar, on Friday, killing 12.", "air_strike"),
        ("An army paraglider attack on a festival in Monywa killed 20 people on Friday.", "air_strike"),
        ("Three people were killed in overnight strikes by Russia on Ternopil, officials said Friday.", "air_strike"),
        ("A helicopter gunship fired on a village in Amhara, Ethiopia, on Friday, killing eight.", "air_strike"),
        ("Turkey bombed a village near Dohuk, Iraq, on Friday, killing two shepherds.", "air_strike"),
        ("Israeli tank fire killed three people in Rafah on Friday, medics said.", "shelling"),
        ("Cluster munitions fired by Russian forces killed two in Kramatorsk on Friday.", "shelling"),
        ("A Russian ballistic missile killed six people at a hotel in Sumy on Friday.", "shelling"),
        ("Army artillery fire killed nine people in Omdurman, Sudan, on Friday.", "shelling"),
        ("Ukrainian drones attacked an oil refinery in Ryazan on Friday, killing one worker.", "drone_strike"),
        ("A Russian first-person-view drone killed a bus driver in Nikopol on Friday.", "drone_strike"),
        ("A Russian drone attack killed two people in Kyiv on Friday, the mayor said.", "drone_strike"),
        ("Gang members stormed the hillside town of Kenscoff, Haiti, on Friday and burned houses.", "armed_assault"),
        ("Gunmen took 24 girls from a boarding school in Kebbi, Nigeria, on Friday, police said.", "kidnapping"),
    ],
)
def test_attacks_from_the_air_and_from_a_distance_are_distinguished(extractor: Extractor, text: str, kind: str) -> None:
    assert extractor.extract(news(text)).reports[0].kind == kind
