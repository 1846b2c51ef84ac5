"""What is not shown of people. Invented persons and articles."""

import msgspec
import pytest
from fakes import NOW, report
from talking import NAMES

from bot.alerts.rate_limits import COMMANDS_A_MINUTE, CommandLimiter
from bot.alerts.routing import ChatState, Match, route
from bot.render import discretion, names_in_text, text
from bot.render.card import card, summary
from bot.render.evidence import evidence
from bot.types import Reason
from extract.types import (
    Action,
    Article,
    ArticleRef,
    Certainty,
    Change,
    Confidence,
    Effect,
    Incident,
    Lifecycle,
    Perpetrator,
    Quote,
    Severity,
    Status,
    Target,
    Victim,
)

VICTIM, SUSPECT = "Marlo Quintavalle", "Dorin Pascu"
PLAIN = f"{VICTIM} was shot dead outside a shop. Neighbours spoke of {SUSPECT}. Quintavalle worked at the port."


def incident(said=PLAIN, **facts):
    start = said.index(VICTIM) if VICTIM in said else 0
    quote = Quote(
        where="text", start=start, end=start + len(VICTIM), quote=said[start : start + len(VICTIM)], article="a"
    )
    base = report(killed=1)
    base = msgspec.structs.replace(
        base,
        victims=(Victim(name=VICTIM, effect=Effect.KILLED),),
        perpetrators=(Perpetrator(name=SUSPECT, type="person", confidence=Confidence.SUSPECTED),),
        evidence={"victims": (quote,)},
        **facts,
    )
    ref = ArticleRef(id="a", source="post.example", url="https://post.example/a", published=NOW)
    return Incident(
        id="i1", version=1, lifecycle=Lifecycle.NEW, first_seen=NOW, last_seen=NOW, facts=base, origins=1,
        articles=(ref,), summary=f"Shooting of {VICTIM} in Karachi",
    )  # fmt: skip


def shown(said=PLAIN, **facts):
    articles = {"a": Article(id="a", title="", text=said)}
    return text.html(evidence(incident(said, **facts), NAMES, articles))


@pytest.mark.parametrize(("name", "kept"), [("SW Karachi", True), ("Downtown Karachi", True), ("Marlo Karachi", False)])
def test_a_part_of_the_place_is_no_person(name, kept):
    known = incident()
    facts = msgspec.structs.replace(known.facts, victims=(Victim(name=name, effect=Effect.INJURED),), perpetrators=())
    assert (discretion.withheld(msgspec.structs.replace(known, facts=facts)) == frozenset()) is kept


def test_names_nobody_in_office_has_given_out_are_not_shown():
    said = shown()
    assert "Quintavalle" not in said and "Pascu" not in said
    assert "[name withheld]" in said


def test_a_title_with_a_name_is_not_quoted_on_the_card():
    known = incident()
    told = tuple(
        msgspec.structs.replace(known.articles[0], id=id_, title=title)
        for id_, title in (("a", f"{VICTIM} shot dead outside shop"), ("b", "Man shot dead outside shop"))
    )
    said = text.visible(card(msgspec.structs.replace(known, articles=told, told_best="a"), NAMES))
    assert "“Man shot dead outside shop”" in said and "Quintavalle" not in said
    said = text.visible(card(msgspec.structs.replace(known, articles=told[:1], told_best="a"), NAMES))
    assert "Told by: post.example" in said and "Quintavalle" not in said and "withheld" not in said
    assert summary(known, NAMES) == "Karachi, Pakistan · bombing, 1 killed"


@pytest.mark.parametrize(
    "name",
    ["Port Vila", "Addis Ababa", "Buenos Aires", "Karachi Sindh", "Miami Police", "Jackson Memorial Hospital", "Boko Haram"],
)  # fmt: skip
def test_a_place_or_a_force_or_group_is_never_withheld(name):
    known = incident()
    facts = msgspec.structs.replace(known.facts, victims=(Victim(name=name, effect=Effect.INJURED),), perpetrators=())
    if name == "Karachi Sindh":
        place = msgspec.structs.replace(facts.place, name=name)
        facts = msgspec.structs.replace(facts, place=place)
    assert discretion.withheld(msgspec.structs.replace(known, facts=facts)) == frozenset()


def test_a_family_name_that_is_also_a_word_for_a_site_is_withheld():
    known = incident()
    victims = (Victim(name="Della Street", effect=Effect.INJURED),)
    facts = msgspec.structs.replace(known.facts, victims=victims, perpetrators=())
    assert discretion.withheld(msgspec.structs.replace(known, facts=facts)) == {"Della Street"}


def test_a_group_with_a_number_is_no_child():
    assert not names_in_text.children(["Fighters of Boko Haram, 12, were seen. Manchester United, 3, lost at home."])


def test_a_family_name_that_is_a_word_of_the_place_is_withheld_only_behind_the_given_name():
    place = report().place
    assert discretion.mask("Marlo Karachi shot in Karachi", {"Marlo Karachi"}, place) == (
        "[name withheld] shot in Karachi"
    )


@pytest.mark.parametrize(
    "release",
    [
        f"Police identified the dead man as {VICTIM}.",
        f"The victim, {VICTIM}, was named by the coroner on Friday.",
        f"The medical examiner's office named {VICTIM} as the man who died.",
    ],
)
def test_names_that_officials_gave_out_are_shown(release):
    assert VICTIM in shown(release)


@pytest.mark.parametrize(
    "release",
    [
        f"Police identified the dead as {VICTIM}, 12, a pupil.",
        f"Police identified the 9-year-old as {VICTIM}.",
        f"{VICTIM}, a toddler, was named by the coroner.",
    ],
)
def test_children_are_never_named(release):
    assert "Quintavalle" not in shown(release)


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("Amina Bello, 7, and her brother Sani, 9, were killed.", {"Amina Bello", "Sani"}),
        ("Police said nine-year-old Zahra Haidar died at the scene.", {"Zahra Haidar"}),
        ("A 6-month-old baby, Luka Novak, was pulled out.", {"Luka Novak"}),
        ("A boy named Tomas was hurt, said Captain Ruth Oduya.", {"Tomas"}),
        ("Hoor Fatima (11) was on her way to school.", {"Hoor Fatima"}),
        ("Ali, Zain and Hoor, aged 4, 6 and 9, died in the fire.", {"Ali", "Zain", "Hoor"}),
        ("The children Mira Lund, Ola Lund and Per Lund died.", {"Mira Lund", "Ola Lund", "Per Lund"}),
        ("Relatives named the girl as Nadia Petrova.", {"Nadia Petrova"}),
        ("Bilal Chaudhry was a pupil at the school.", {"Bilal Chaudhry"}),
        ("3-year-old twins Anna and Eva Horvat drowned.", {"Anna", "Eva Horvat"}),
        ("Joana Silva was only 8 years old.", {"Joana Silva"}),
        ("In Karachi, 7 people died, and on Monday, 12 more.", set()),
        ("Mayor John Reed, 57, said nobody was hurt.", set()),
        ("Officers found the boy in Lahore; a girl was taken to Nairobi Hospital.", set()),
        ("A 17-year-old was arrested by Inspector Karim Shah.", set()),
        ("A 15-year-old Palestinian was shot. Boys High School in Kano was attacked.", set()),
        ("Boy Drowns In Indus River", set()),
        ("Children Among Dead In Sumy Strike", set()),
        ("9-Year-Old Marlo Haidar Shot Dead", {"Marlo Haidar"}),
        ("Zahra, 9, Shot Dead", {"Zahra"}),
        ("The boy, Interior Minister Omar Naqvi said, was safe.", set()),
    ],
)
def test_a_text_says_who_is_a_child(said, names):
    assert names_in_text.children([said]) == names


def test_a_child_who_is_no_victim_of_the_record_is_not_named_in_evidence():
    said = f"Salma, 9, who ran to her cousin Tariq Bello, 12, saw {VICTIM} fall."
    assert "Salma" not in shown(said) and "Tariq" not in shown(said) and "who ran to" in shown(said)


def test_a_title_with_a_childs_name_is_not_quoted():
    for title in ("Zahra, 9, shot dead", "Girl named Zahra shot dead", "9-year-old Zahra Haidar shot dead"):
        assert not discretion.is_quotable(title, incident())
    assert discretion.is_quotable("Girl, 9, shot dead in Karachi", incident())


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Marlo James Quintavalle was shot.", "[name withheld] was shot."),
        ("Marlo J. Quintavalle Jr was shot.", "[name withheld] was shot."),
        ("Marlo Quintavalle-Reyes was shot.", "[name withheld] was shot."),
        ("MARLO QUINTAVALLE SHOT DEAD", "[name withheld] SHOT DEAD"),
        ("Marlo's mother wept.", "[name withheld]'s mother wept."),
        ("His wife, Anna Quintavalle, wept.", "His wife, [name withheld], wept."),
        ("Mr Quintavalle was 40.", "Mr [name withheld] was 40."),
        ("Police Chief Anna Quintavalle said so.", "Police Chief Anna Quintavalle said so."),
        ("Marlo Bianchi lives next door.", "Marlo Bianchi lives next door."),
        ("After Quintavalle fell, police came.", "After [name withheld] fell, police came."),
    ],
)
def test_no_half_of_a_withheld_name_is_left(said, left):
    assert discretion.mask(said, {VICTIM}) == left


@pytest.mark.parametrize("quoted", ["Marlo", "Quintavalle", "Quintavalle was shot", "the man Marlo"])
def test_a_quote_that_begins_or_ends_within_a_name_shows_no_half_of_it(quoted):
    said = f"Neighbours saw the man Marlo Quintavalle was shot by {'x' * 30} and {'y' * 40} Marlo Quintavalle fell."
    start = said.index(quoted)
    known = incident(said)
    quote = Quote(where="text", start=start, end=start + len(quoted), quote=quoted, article="a")
    known = msgspec.structs.replace(known, facts=msgspec.structs.replace(known.facts, evidence={"kind": (quote,)}))
    for texts in ({"a": Article(id="a", title="", text=said)}, {}):
        told = text.visible(evidence(known, NAMES, texts))
        assert "Marlo" not in told and "Quintavalle" not in told


def test_what_was_the_target_is_no_private_person():
    assert discretion.withheld(incident(targets=(Target(name=VICTIM),))) == {SUSPECT}


def test_graphic_passages_are_hidden_until_tapped():
    assert "tg-spoiler" in shown(f"Police identified {VICTIM}, whose charred remains were found.")
    assert "tg-spoiler" not in shown(f"Police identified {VICTIM} on Friday.")


def test_while_it_goes_on_the_words_around_quotes_are_left_out():
    said = f"Police identified {VICTIM}. Commandos wait behind the eastern gate."
    assert "eastern gate" in shown(said)
    assert "eastern gate" not in shown(said, status=Status.ONGOING)


def test_a_rumour_makes_no_sound():
    facts = report(killed=4, severity=Severity.EXTREME)
    rumour = msgspec.structs.replace(facts, certainty=Certainty.UNLIKELY)
    change = Change(incident="i1", version=1, at=NOW, article="a", action=Action.NEW)
    for one, silent in ((facts, False), (rumour, True)):
        known = msgspec.structs.replace(incident(), facts=one)
        assert route(change, known, Match(True, Reason("x")), ChatState(has_card=False)).silent is silent


def test_who_asks_too_often_is_told_once_and_can_ask_again_later():
    patience = CommandLimiter()
    said = [patience.excess(1, n * 0.1) for n in range(COMMANDS_A_MINUTE + 3)]
    assert said == [0] * COMMANDS_A_MINUTE + [1, 2, 3]
    assert patience.excess(2, 1.0) == 0
    assert patience.excess(1, 120.0) == 0
