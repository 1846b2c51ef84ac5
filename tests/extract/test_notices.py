"""Which texts take back, correct or deny what was reported, and which only look so?"""

from __future__ import annotations

import pytest
from samples import news

from extract import Extractor
from extract.text.truncation import is_cut_off
from extract.types import Manner, Notice


def notice(extractor: Extractor, title: str, text: str) -> Notice | None:
    reports = extractor.extract(news(text, title=title, source="daily.example")).reports
    return next((one.notice for one in reports if one.notice is not None), None)


@pytest.mark.parametrize(
    ("title", "text", "by"),
    [
        ("Namibia: no attack on Rundu clinic, health ministry says", "The health ministry said on Friday that no attack had taken place at the clinic in Rundu.", "health ministry"),
        ("Fact check: claims of a bomb on the Oslo metro are false, operator says", "Claims of a bomb on the Oslo metro are false, the operator said.", "operator"),
        ("Kidnap of Benue lawmaker untrue, says police spokesman", "Reports that a lawmaker was kidnapped in Makurdi are untrue, the police spokesman said on Friday.", "police spokesman"),
        ("Police deny reports of a riot in Hanoi", "Police in Hanoi denied reports of a riot on Friday.", "police"),
    ],
)  # fmt: skip
def test_an_official_denies(extractor: Extractor, title: str, text: str, by: str) -> None:
    found = notice(extractor, title, text)
    assert found is not None
    assert (found.manner, found.denies, found.is_party) == (Manner.DENIAL, True, False)
    assert found.by.removeprefix("the ") == by


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Sudan's RSF denies attacking market in El Fasher", "The Rapid Support Forces denied attacking a market in El Fasher on Friday."),
        ("Hamas denies hostages were killed", "Hamas denied that hostages were killed in Gaza City on Friday."),
        ("Moscow denies drone attack on Odesa port", "Russia's defence ministry denied carrying out a drone attack on the port of Odesa."),
    ],
)  # fmt: skip
def test_a_side_of_the_fight_only_disputes(extractor: Extractor, title: str, text: str) -> None:
    found = notice(extractor, title, text)
    assert found is not None
    assert (found.manner, found.is_party) == (Manner.DENIAL, True)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Story withdrawn: attack on Lima courthouse", "The story about an attack on a courthouse in Lima has been withdrawn."),
        ("We got it wrong: no shooting in Gary", "We reported on Friday that a man was shot in Gary, Indiana. That was false and we have removed the story."),
    ],
)  # fmt: skip
def test_an_outlet_takes_its_story_back(extractor: Extractor, title: str, text: str) -> None:
    found = notice(extractor, title, text)
    assert found is not None and found.manner is Manner.RETRACTION


@pytest.mark.parametrize(
    ("title", "text", "was", "corrects"),
    [
        ("CLARIFICATION: Perth fire", "Daily's item on Friday misstated the number of people who died in a house fire in Perth. Two people died, not three.", (3,), ("killed",)),
        ("Corrected: 12 injured in Oslo tram crash", "Twelve people were injured when a tram crashed in Oslo on Friday, police said. (Corrects number of injured in headline to 12 from 21)", (21,), ("injured",)),
    ],
)  # fmt: skip
def test_an_outlet_corrects_a_number(
    extractor: Extractor, title: str, text: str, was: tuple[int, ...], corrects: tuple[str, ...]
) -> None:
    found = notice(extractor, title, text)
    assert found is not None
    assert (found.manner, found.was, found.corrects) == (Manner.CORRECTION, was, corrects)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Mayor of Zagreb rejects rumours of coup plot", "The mayor of Zagreb rejected rumours of a coup plot as absurd on Friday."),
        ("Airline denies pilot was drunk in Cebu crash", "The airline denied that the pilot was drunk when a plane crashed in Cebu on Friday, killing four."),
        ("Company denies liability for Houston plant fire", "The company denied liability for the fire at its plant in Houston on Friday."),
        ("No fireworks as Lyon lose", "There were no fireworks as Lyon lost 2-0 to Lille."),
        ("Governor denies request for stay of execution", "The governor denied a request for a stay of execution on Friday in Huntsville."),
        ("Police: no foul play in Reno death", "Police said there was no foul play in the death of a man in Reno."),
        ("Minister denies claims he attacked journalist in Accra", "A minister on Friday denied claims that he attacked a journalist in Accra."),
        ("Officials say no active threat after Boise shooting", "There was no active threat after a shooting that killed two in Boise, officials said."),
        ("Police say no attack planned on Bonn fair", "Police said no attack was planned on the fair in Bonn."),
        ("Government denies report claiming Canada blew up bridge near Windsor", "The government denied on Friday a report claiming that Canada blew up a bridge near Windsor."),
        ("Man denies killing jogger in Leeds", "A man denied killing a woman who was out for a jog in Leeds, a court heard on Friday."),
        ("No one killed in Ghent fire", "Nobody was hurt in a fire at a school in Ghent on Friday. There was no explosion risk, police said."),
    ],
)  # fmt: skip
def test_nothing_is_taken_back(extractor: Extractor, title: str, text: str) -> None:
    assert notice(extractor, title, text) is None


@pytest.mark.parametrize(
    ("text", "known", "expected"),
    [
        ("A bomb explo", "A bomb exploded in Kano.", True),
        ("A bomb ...", "A bomb exploded in Kano.", True),
        ("", "A bomb exploded in Kano.", True),
        ("A bomb exploded in Kano.", "A bomb  exploded in\nKano.", False),
        ("A bomb exploded in Kaduna.", "A bomb exploded in Kano on Friday.", False),
        ("A bomb exploded in Kano. Ten died.", "A bomb exploded in Kano.", False),
    ],
)
def test_only_the_beginning_of_a_known_text_was_cut_off(text: str, known: str, expected: bool) -> None:
    assert is_cut_off(text, known) is expected
