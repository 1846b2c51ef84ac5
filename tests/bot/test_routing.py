"""Who gets what: one line a case."""

from datetime import timedelta

import msgspec
import pytest
from fakes import NOW, PLACES, report

from bot.alerts.routing import ChatState, Match, is_source, matches, route
from bot.render.stored_values import reason_words
from bot.types import Reason, Subscription
from extract.places.containment import by_names
from extract.types import Action, ArticleRef, Change, Incident, Lifecycle, Place, Precision, Severity, Weapon

KARACHI = PLACES["Karachi"]
PAKISTAN = Place(name="Pakistan", country="PK", lat=30, lon=70, precision=Precision.COUNTRY, geonameid=1168579)
SINDH = Place(
    name="Sindh", admin1="Sindh", country="PK", lat=26, lon=68.5, precision=Precision.PROVINCE, geonameid=1164807
)
PUNJAB_IN = Place(
    name="Punjab", admin1="Punjab", country="IN", lat=31, lon=75, precision=Precision.PROVINCE, geonameid=1259223
)
SADDAR = Place(name="Saddar", admin1="Sindh", country="PK", lat=24.86, lon=67.03, precision=Precision.DISTRICT)
THATTA = Place(
    name="Thatta", admin1="Sindh", country="PK", lat=24.75, lon=67.92, precision=Precision.CITY, geonameid=1163965
)
NOWHERE_KNOWN = Place(name="Karachi", precision=Precision.CITY)


def incident(place=KARACHI, *, severity=Severity.SEVERE, kind="bombing", summary="a bomb at a police post"):
    return Incident(
        id="i1",
        version=2,
        lifecycle=Lifecycle.NEW,
        first_seen=NOW,
        last_seen=NOW,
        facts=report(place=place, severity=severity, kind=kind),
        origins=1,
        articles=(ArticleRef(id="a", title="Blast in the old town"),),
        summary=summary,
    )


def asks(place=KARACHI, one=None, **kw):
    subscription = Subscription(chat=1, place=place, **kw)
    return matches(one or incident(), subscription, contains=by_names, now=NOW).yes


@pytest.mark.parametrize(
    ("area", "place", "expected"),
    [
        (None, KARACHI, True),
        (None, None, True),
        (KARACHI, KARACHI, True),
        (KARACHI, SADDAR, True),
        (KARACHI, THATTA, False),
        (KARACHI, SINDH, False),
        (KARACHI, PAKISTAN, False),
        (KARACHI, None, False),
        (KARACHI, NOWHERE_KNOWN, False),
        (KARACHI, PLACES["Lahore"], False),
        (SINDH, KARACHI, True),
        (SINDH, SINDH, True),
        (SINDH, PLACES["Lahore"], False),
        (SINDH, PAKISTAN, False),
        (PAKISTAN, KARACHI, True),
        (PAKISTAN, PAKISTAN, True),
        (PAKISTAN, PLACES["Nairobi"], False),
        (PAKISTAN, NOWHERE_KNOWN, False),
        (PUNJAB_IN, PLACES["Lahore"], False),
    ],
)
def test_place_by_hierarchy(area, place, expected):
    assert asks(area, incident(place)) is expected


@pytest.mark.parametrize(
    ("km", "place", "expected"), [(50, SADDAR, True), (50, THATTA, False), (120, THATTA, True), (500, SINDH, False)]
)
def test_place_by_radius_needs_a_point(km, place, expected):
    assert asks(KARACHI, incident(place), km=km) is expected


def test_the_gazetteer_may_know_that_a_place_lies_inside():
    subscription = Subscription(chat=1, place=KARACHI)
    assert matches(incident(THATTA), subscription, contains=lambda *_: True, now=NOW).yes


def test_kind():
    assert asks(kinds=("bombing", "shooting"))
    assert not asks(kinds=("earthquake",))


def test_severity_unknown_is_below_any_minimum():
    assert asks(min_severity=Severity.SEVERE)
    assert not asks(min_severity=Severity.EXTREME)
    assert not asks(None, incident(severity=Severity.UNKNOWN), min_severity=Severity.MINOR)


@pytest.mark.parametrize(
    ("kw", "expected"),
    [
        ({"words": ("police",)}, True),
        ({"words": ("POLICE POST",)}, True),
        ({"words": ("bomb", "school")}, True),
        ({"words": ("school",)}, False),
        ({"words": ("olice",)}, False),
        ({"without": ("police",)}, False),
        ({"without": ("cricket",)}, True),
        ({"words": ("old town",)}, True),
    ],
)
def test_words_in_and_out(kw, expected):
    assert asks(**kw) is expected


def test_a_paused_subscription_asks_for_nothing():
    assert not asks(paused_until=NOW + timedelta(hours=1))
    assert asks(paused_until=NOW - timedelta(hours=1))


YES, NO = Match(True, Reason("in Karachi")), Match(False, Reason("not in Karachi"))


def decide(action, wanted=YES, *, has_card=False, muted=False, before=True, severity=Severity.SEVERE):
    change = Change(incident="i1", version=2, at=NOW, article="a", action=action)
    situation = ChatState(has_card=has_card, muted=muted, matched_before=before)
    routing = route(change, incident(severity=severity), wanted, situation)
    return routing.action, routing.silent


@pytest.mark.parametrize(
    ("name", "got", "expected"),
    [
        ("new, asked for", decide(Action.NEW), (Action.NEW, False)),
        ("new, not asked for", decide(Action.NEW, NO), (None, True)),
        ("new, not severe: no sound", decide(Action.NEW, severity=Severity.MODERATE), (Action.NEW, True)),
        ("reply with a card", decide(Action.REPLY, has_card=True), (Action.REPLY, False)),
        ("reply with a card, muted", decide(Action.REPLY, has_card=True, muted=True), (Action.REPLY, True)),
        ("reply without a card is a first card", decide(Action.REPLY), (Action.NEW, False)),
        ("reply, the filter matches no more", decide(Action.REPLY, NO, has_card=True), (Action.REPLY, False)),
        ("reply, unsubscribed", decide(Action.REPLY, NO, has_card=True, before=False), (Action.EDIT, True)),
        ("edit with a card", decide(Action.EDIT, has_card=True), (Action.EDIT, True)),
        ("edit without a card", decide(Action.EDIT), (None, True)),
        ("edit without a card, matches only now", decide(Action.EDIT, before=False), (Action.NEW, False)),
        ("new again with a card", decide(Action.NEW, has_card=True), (Action.REPLY, False)),
        ("retraction with a card", decide(Action.RETRACT, NO, has_card=True, before=False), (Action.RETRACT, False)),
        ("retraction without a card", decide(Action.RETRACT), (None, True)),
        ("nothing to see", decide(None, has_card=True), (None, True)),
    ],
)
def test_routing(name, got, expected):
    assert got == expected, name


def test_why_names_the_part_that_decided():
    subscription = Subscription(chat=1, place=KARACHI, km=50)
    match = matches(incident(THATTA), subscription, contains=by_names, now=NOW)
    assert reason_words(match.why).endswith("km from Karachi, 50 km asked for")
    assert msgspec.structs.asdict(match)["yes"] is False


# ------------------------------------------------------------------ what is left out, words and sources


def test_a_kind_that_is_left_out_is_not_told():
    assert not asks(one=incident(kind="fire"), without_kinds=("fire", "arson"))
    assert asks(one=incident(kind="bombing"), without_kinds=("fire", "arson"))


@pytest.mark.parametrize(
    ("place", "expected"), [(KARACHI, False), (SINDH, False), (PLACES["Lahore"], True), (PAKISTAN, True), (None, False)]
)
def test_an_area_that_is_left_out_is_not_told_where_the_place_is_known_to_lie_in_it(place, expected):
    assert asks(PAKISTAN, incident(place), without_places=(SINDH,)) is expected


def test_a_town_that_is_left_out_is_that_town_only():
    assert not asks(PAKISTAN, incident(KARACHI), without_places=(KARACHI,))
    assert asks(PAKISTAN, incident(THATTA), without_places=(KARACHI,))
    assert asks(PAKISTAN, incident(SINDH), without_places=(KARACHI,))


def test_a_killing_with_firearms_is_a_shooting_too():
    armed = msgspec.structs.replace(
        incident(kind="homicide"),
        facts=msgspec.structs.replace(report(kind="homicide"), weapons=(Weapon(name="rifle", type="firearms"),)),
    )
    assert asks(one=armed, kinds=("shooting",))
    assert not asks(one=incident(kind="homicide"), kinds=("shooting",))


@pytest.mark.parametrize(
    ("word", "expected"), [("depot", True), ("police", True), ("old town", True), ("harbour", False)]
)
def test_a_word_is_looked_for_in_the_articles_texts_too(word, expected):
    wanted = Subscription(chat=1, words=(word,))
    texts = lambda _incident: iter(["The blast shook a bus depot."])  # noqa: E731
    assert matches(incident(), wanted, contains=lambda *_: False, now=NOW, texts=texts).yes is expected


def test_a_word_that_must_not_occur_is_not_looked_for_in_texts_that_mention_much_beside():
    wanted = Subscription(chat=1, without=("depot",))
    texts = lambda _incident: iter(["The blast shook a bus depot."])  # noqa: E731
    assert matches(incident(), wanted, contains=lambda *_: False, now=NOW, texts=texts).yes


@pytest.mark.parametrize(
    ("source", "url", "name", "expected"),
    [
        ("City Post", "https://www.citypost.example/a", "city post", True),
        ("City Post", "https://www.citypost.example/a", "citypost", True),
        ("City Post", "https://www.citypost.example/a", "citypost.example", True),
        ("City Post", "https://news.citypost.example/a", "citypost.example", True),
        ("citypost.example", "", "City Post", True),
        ("Japan Herald", "https://japanherald.example/a", "ap", False),
        ("The Sunday Bell", "https://bell.example/a", "sun", False),
    ],
)
def test_a_source_is_meant_by_words_of_its_name_or_its_domain(source, url, name, expected):
    assert is_source(ArticleRef(id="a", source=source, url=url), name) is expected


LYARI = Place(name="Lyari", admin1="Karachi", country="PK", lat=24.87, lon=66.99, precision=Precision.DISTRICT)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Place(name="Lyari", admin1="Sindh", country="PK", precision=Precision.SITE), True),
        (Place(name="Chakiwara", admin1="Sindh", country="PK", lat=24.88, lon=67.0, precision=Precision.SITE), True),
        (KARACHI, True),
        (SADDAR, True),
        (THATTA, False),
        (SINDH, False),
        (PLACES["Lahore"], False),
    ],
)
def test_a_quarter_is_told_of_with_what_is_told_of_its_town_only(place, expected):
    assert asks(LYARI, incident(place)) is expected
