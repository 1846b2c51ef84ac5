"""What did not happen: denials, games, plays, scenarios, figures of speech; and what did in unusual words."""

from __future__ import annotations

import pytest
from samples import news

from extract import Extractor
from extract.types import Certainty, News


def kinds_of_events(extractor: Extractor, text: str, title: str) -> list[str]:
    return [r.kind for r in extractor.extract(news(text, title=title)).reports if r.news is News.EVENT]


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("No explosion at Graz station, police say", "There was no explosion at the station in Graz on Friday."),
        (
            "Officials deny attack on Kano school",
            "Officials denied on Friday that gunmen had attacked a school in Kano.",
        ),
        (
            "Missing Hull boy was not abducted",
            "A boy in Hull was not abducted on Friday; he was at a friend's, police said.",
        ),
        ("Video of Lyon bombing is fake", "A video of a bombing at a bank in Lyon is fake, police said on Friday."),
        (
            "Shots in Bari were fireworks",
            "The gunshots heard in Bari on Friday turned out to be fireworks, police said.",
        ),
    ],
)
def test_what_an_article_denies_is_no_event(extractor: Extractor, title: str, text: str) -> None:
    reports = extractor.extract(news(text, title=title)).reports
    assert all(r.news is News.FOLLOW_UP and r.certainty is Certainty.UNLIKELY for r in reports)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Review: The Long Siege", "In this thriller gunmen take hostages at a bank in Lyon and kill a guard."),
        ("Gamer burns fort", "A gamer from Leeds killed 90 knights and burned a fort in an online game on Friday."),
        (
            "Quake could kill 9,000 in Izmir",
            "An earthquake near Izmir would kill 9,000 people, a study said on Friday.",
        ),
        ("Winger fires Rovers into final", "The winger fired Rovers into the final in Turin on Friday."),
        ("Minister ambushed by reporters", "A minister was ambushed by reporters in Accra on Friday."),
        (
            "Bomb cyclone nears Nova Scotia",
            "A bomb cyclone will reach Nova Scotia on Sunday, forecasters said on Friday.",
        ),
        (
            "Cruise tourists hold town hostage",
            "Tourists are holding the town hostage, the mayor of Split said on Friday.",
        ),
    ],
)
def test_games_plays_scenarios_and_figures_are_no_events(extractor: Extractor, title: str, text: str) -> None:
    assert kinds_of_events(extractor, text, title) == []


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        ("Soldier killed in drill near Lodz", "A soldier was killed when a truck overturned in a drill near Lodz on Friday, two others were hurt.", "road_accident"),
        ("Tram jumps tracks in Graz", "A tram jumped the tracks in Graz on Friday, injuring two passengers, police said.", "rail_accident"),
        ("Vans collide near Cusco", "Two vans collided near Cusco, Peru, on Friday, killing three people.", "road_accident"),
        ("Boat goes down off Kos", "Four people died when a boat went down off Kos, Greece, on Friday.", "ship_accident"),
        ("Ukraine shoots down drones over Odesa", "Air defences shot down nine drones over Odesa on Friday, officials said.", "drone_strike"),
        ("Bus rams into cafe in Graz", "A bus rammed into a cafe in Graz, Austria, on Friday, injuring four people.", "road_accident"),
        ("Fire rages at oil depot", "A fire is raging at an oil depot near Varna, Bulgaria, on Friday, officials said.", "fire"),
        ("Woman killed by falling tree", "A woman was killed by a falling tree in Leeds on Friday.", "drowning"),
    ],
)  # fmt: skip
def test_unusual_words_name_the_kind(extractor: Extractor, title: str, text: str, kind: str) -> None:
    assert kinds_of_events(extractor, text, title) == [kind]
