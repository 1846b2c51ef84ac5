"""What the parts of a typed question mean: what is left out, whom it hit, people, ranks, misspelt words, follow-ups."""

from __future__ import annotations

from datetime import date

import pytest

from extract.ask import Asker, Hit, Measure, Query, Reading, Trouble
from extract.kinds import load_kinds
from extract.lang.en.questions.names_in_text import names_person
from extract.lang.en.questions.people_in_text import people_in, tells_hit
from extract.places import Gazetteer

TODAY = date(2026, 11, 30)
ASKER = Asker(load_kinds(), Gazetteer.open())


def read(question: str, before: Query | None = None) -> Reading:
    return ASKER.read(question, TODAY, before)


def query(question: str, before: Query | None = None) -> Query:
    found = read(question, before)
    assert found.trouble is None and found.query is not None, found
    return found.query


# ------------------------------------------------------------------ left out


def left_out(question: str) -> list[str]:
    """What a question leaves out, in one list."""
    out = query(question).without
    places = [spot.place.name for spot in out.places]
    kinds = out.kinds.label.split(" or ") if out.kinds.label else []
    return [*kinds, *places, *(one.words for one in out.periods), *out.actors, *out.words, *(h.name for h in out.hits)]


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("attacks outside Lahore", ["Lahore"]),
        ("incidents not in Nigeria last week", ["Nigeria"]),
        ("bombings in Pakistan except Karachi and Quetta", ["Karachi", "Quetta"]),
        ("attacks in Pakistan this month, but not in Lahore", ["Lahore"]),
        ("last week without Nigeria", ["Nigeria"]),
        ("incidents last week, Nigeria excluded", ["Nigeria"]),
        ("all attacks this month minus Pakistan", ["Pakistan"]),
        ("attacks that didn't happen in Nigeria", ["Nigeria"]),
        ("no earthquakes, just attacks in November", ["earthquakes"]),
        ("everything but fires in Lagos", ["fires"]),
        ("neither fires nor floods in November", ["fires", "floods"]),
        ("attacks in November other than shootings in Somalia", ["shootings"]),
        ("attacks in Nigeria that were not kidnappings", ["kidnappings"]),
        ("bombings in Pakistan not claimed by the Taliban", ["Taliban"]),
        ("attacks this month except yesterday", ["yesterday"]),
        ("attacks excluding those on police in November", ["police"]),
        # nothing is left out
        ("shooting outside a mosque in Lahore", []),
        ("attacks with no deaths in Pakistan", []),
        ("attacks in which nobody was killed in Lahore", []),
        ("attacks with no fewer than 5 dead in Lahore", []),
        ("non-fatal shootings in Lahore", []),
        ("I do not know, attacks in Lahore", []),
    ],
)
def test_what_is_left_out(question: str, wanted: list[str]) -> None:
    assert left_out(question) == wanted


def test_the_rest_of_a_question_stays_in() -> None:
    found = query("attacks in Pakistan this month, but not in Lahore")
    assert ([spot.place.name for spot in found.places], found.label) == (["Pakistan"], "attacks")
    assert query("attacks in Nigeria excluding kidnappings").label == "attacks"
    assert query("no earthquakes, just attacks").label == "attacks"


@pytest.mark.parametrize("question", ["No bombings in Karachi?", "were there no bombings in Karachi"])
def test_none_asked_for_is_no_exclusion(question: str) -> None:
    found = query(question)
    assert (found.measure, found.label, bool(found.without)) == (Measure.ANY, "bombings", False)


@pytest.mark.parametrize("question", ["attacks without survivors", "attacks not in daytime in Lahore"])
def test_what_cannot_be_left_out_is_refused(question: str) -> None:
    assert read(question).trouble is Trouble.NEGATION


# ------------------------------------------------------------------ people


@pytest.mark.parametrize(
    ("question", "name", "part"),
    [
        ("Which incidents involve someone whose last name is Dallas?", "Dallas", "last"),
        ("last name: Dallas", "Dallas", "last"),
        ("a victim whose first name is Jordan", "Jordan", "first"),
        ("was anyone with the surname Houston shot?", "Houston", "last"),
        ("shootings involving dana marvale in ohio", "dana marvale", ""),
        ("incidents involving Jordan Paris", "Jordan Paris", ""),
        ("how old was Melissa Houston", "Melissa Houston", ""),
        ("what happened to Tyrell Washington?", "Tyrell Washington", ""),
        ("what happened to curtis bexley in london", "curtis bexley", ""),
        ("what do you know about Sgt. Tim Berlin", "Tim Berlin", ""),
        ("did anything happen to mr okonjo", "okonjo", ""),
        ("incidents involving the Smith family", "Smith", ""),
    ],
)
def test_people_are_named(question: str, name: str, part: str) -> None:
    found = query(question)
    assert (found.names, found.name_part) == ((name,), part)


@pytest.mark.parametrize(
    "question",
    [
        "what happened in Houston",
        "news about Paris",
        "tell me about Boko Haram",
        "incidents involving France",
        "Paris Texas shootings",
        "Victoria Island attacks",
        "what happened to the train in Pune",
        "incidents involving children in Lagos",
    ],
)
def test_places_groups_and_things_are_no_people(question: str) -> None:
    assert query(question).names == ()


@pytest.mark.parametrize(
    ("text", "name", "part", "wanted"),
    [
        ("Melissa Houston, 45, was shot.", "Houston", "last", True),
        ("Melissa Houston, 45, was shot.", "Melissa", "first", True),
        ("Melissa Houston, 45, was shot.", "Houston", "first", False),
        ("Constable Dallas died.", "Dallas", "last", True),
        ("Two people died in Houston, Texas.", "Houston", "last", False),
        ("Houston Police said so.", "Houston", "first", False),
        ("A fire in North Dallas killed one.", "Dallas", "last", False),
        ("Jordan Paris was hurt.", "Jordan Paris", "", True),
        ("The king of Jordan spoke.", "Jordan", "first", False),
    ],
)
def test_a_name_is_one_of_a_person(text: str, name: str, part: str, wanted: bool) -> None:
    assert names_person(text, name, part) is wanted


# ------------------------------------------------------------------ whom it hit


@pytest.mark.parametrize(
    ("question", "who", "effect"),
    [
        ("children killed in Nigeria", "children", "killed"),
        ("women and children killed in Gaza", "women and children", "killed"),
        ("how many police officers were killed in November", "police officers", "killed"),
        ("girls kidnapped in Nigeria", "girls", "kidnapped"),
        ("Attacks on police this month", "police", ""),
        ("police attacked in Lahore", "police", ""),
        ("were any journalists harmed in Somalia", "journalists", "casualties"),
        ("soldiers killed by al-shabaab", "soldiers", "killed"),
    ],
)
def test_whom_it_hit(question: str, who: str, effect: str) -> None:
    (hit,) = query(question).hits
    assert (hit.name, hit.effect) == (who, effect)


@pytest.mark.parametrize("question", ["police killed a man in Houston", "shootings by police in Ohio"])
def test_who_acts_is_not_hit(question: str) -> None:
    assert query(question).hits == ()


CHILDREN = Hit(name="children", words=("child", "children", "boy*"), effect="killed")


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A bomb killed four young children.", True),
        ("Three children were killed.", True),
        ("Five of the dead were children.", True),
        ("The blast killed nine people, including two boys.", True),
        ("A man was killed. His children said so.", False),
        ("Children fled. Nobody was killed.", False),
    ],
)
def test_a_text_tells_whom_it_hit(text: str, wanted: bool) -> None:
    assert tells_hit(text, CHILDREN) is wanted


@pytest.mark.parametrize(
    ("text", "effect", "wanted"),
    [
        ("All eight hostages were freed later.", "freed", 8),
        ("Troops rescued 12 schoolgirls.", "freed", 12),
        ("The hostages have been released.", "freed", 0),
        ("Police arrested two men.", "arrested", 2),
        ("Three suspects have been arrested in Lahore.", "arrested", 3),
        ("A man was arrested.", "arrested", 1),
        ("No one has been arrested.", "arrested", None),
        ("A bomb killed two.", "arrested", None),
    ],
)
def test_people_freed_and_arrested_are_counted(text: str, effect: str, wanted: int | None) -> None:
    assert people_in(text, effect) == wanted


# ------------------------------------------------------------------ ranks


@pytest.mark.parametrize(
    ("question", "rank", "limit"),
    [
        ("deadliest attack in Nigeria this year", "killed", 1),
        ("which attack killed most people in November", "killed", 1),
        ("the two deadliest attacks in Pakistan", "killed", 2),
        ("worst attacks this year", "killed", 5),
        ("top 3 incidents by injuries", "injured", 3),
        ("which incident injured the most people", "injured", 1),
        ("strongest quake this month", "magnitude", 1),
        ("which city had the most people killed in Nigeria", "killed", 1),
        ("which 3 cities had the most attacks", "count", 3),
        ("which month had the most attacks", "count", 1),
        ("5 most recent incidents in Nigeria", "newest", 5),
        ("the last attack in Somalia", "newest", 1),
        ("the first attack in November", "oldest", 1),
        ("attacks in Somalia", "", 0),
        ("latest news from Lagos", "", 0),
        ("recent attacks in Lagos", "", 0),
    ],
)
def test_a_superlative_names_so_many(question: str, rank: str, limit: int) -> None:
    found = query(question)
    assert (found.rank, found.limit) == (rank, limit)


def test_the_second_of_a_ranking_and_a_magnitude() -> None:
    assert query("second deadliest attack in Pakistan").nth == 2
    assert query("earthquakes above magnitude 6").magnitude == 6.0
    assert read("the least deadly attack").trouble is Trouble.LEAST


# ------------------------------------------------------------------ misspelt words


@pytest.mark.parametrize(
    ("question", "label", "place"),
    [
        ("earthqake in chile?", "earthquakes", "Chile"),
        ("shootng in lahor", "shootings", "Lahore"),
        ("bombng in karchi", "bombings", "Karachi"),
        ("Lahorre shooting", "shootings", "Lahore"),
        ("kidnaping in Nigria", "kidnappings", "Nigeria"),
        ("fire in Naplees", "fires", "Naples"),
        ("explosoin in nairobi", "bombings and explosions", "Nairobi"),
    ],
)
def test_a_misspelt_word_is_read_and_shown(question: str, label: str, place: str) -> None:
    found = query(question)
    assert found.label in (label, "explosions") and found.places[0].place.name == place
    assert found.respelt


@pytest.mark.parametrize("question", ["shots on the third floor in Lahore", "attacks in Chile", "Marvale in Ohio"])
def test_words_spelt_right_stay(question: str) -> None:
    found = read(question).query
    assert found is None or found.respelt == ()


def test_a_doubtful_place_is_asked_about() -> None:
    assert read("bombings in Krachii").trouble is Trouble.PLACE


# ------------------------------------------------------------------ other questions


@pytest.mark.parametrize(
    ("question", "trouble"),
    [
        ("is it safe in Lagos?", Trouble.SAFETY),
        ("should I go to Nairobi?", Trouble.SAFETY),
        ("how dangerous is Mogadishu right now", Trouble.SAFETY),
        ("Anschläge in Pakistan letzte Woche", Trouble.LANGUAGE),
        ("¿Qué pasó en Karachi ayer?", Trouble.LANGUAGE),
        ("attentats au Nigeria la semaine dernière", Trouble.LANGUAGE),
        ("berapa orang tewas di Manila", Trouble.LANGUAGE),
        ("کراچی میں کیا ہوا؟", Trouble.LANGUAGE),
        ("why was Kyiv bombed", Trouble.WHY),
        ("will there be an attack in Lahore tomorrow", Trouble.FUTURE),
    ],
)
def test_what_is_refused(question: str, trouble: Trouble) -> None:
    assert read(question).trouble is trouble


@pytest.mark.parametrize(
    "question",
    ["hi, anything new in karachi?", "KARACHI!!!", "résumé of last week in Karachi please", "pls show me karachi"],
)
def test_habits_of_chat_are_understood(question: str) -> None:
    assert query(question).places[0].place.name == "Karachi"


# ------------------------------------------------------------------ follow-up questions

BEFORE = "bombings in Karachi in 2025"


@pytest.mark.parametrize(
    ("question", "taken"),
    [
        ("and in Lahore?", {"kinds", "periods"}),
        ("in Lahore?", {"kinds", "periods"}),
        ("what about yesterday?", {"kinds", "places"}),
        ("how many were killed?", {"kinds", "places", "periods"}),
        ("was anyone killed?", {"kinds", "places", "periods"}),
        ("did anyone claim it?", {"kinds", "places", "periods"}),
        ("what else happened there", {"places", "periods"}),
        ("not in Karachi", {"kinds", "periods"}),
        # these stand alone
        ("Lahore", set()),
        ("show me fires in Lagos", set()),
        ("what happened in Paris?", set()),
        ("how many people were killed in Lagos", set()),
        ("yesterday", set()),
    ],
)
def test_only_what_leans_on_the_last_question_takes_from_it(question: str, taken: set[str]) -> None:
    found = read(question, query(BEFORE))
    assert set(found.taken) == taken
    assert (found.alone is not None) == bool(taken)


def test_a_place_alone_answers_which_place_was_meant() -> None:
    before = Query(label="bombings", kinds=("bombing",), pending="Krachii")
    found = query("Karachi", before)
    assert (found.label, found.places[0].place.name, found.pending) == ("bombings", "Karachi", "")
