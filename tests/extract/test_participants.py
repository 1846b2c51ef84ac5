"""Who did it, to whom, to what and with what: candidates, their features and the roles they are given."""

from __future__ import annotations

import numpy as np
import pytest
from samples import news

from extract import Extractor, Report
from extract.collect import findings_of
from extract.decide.findings import Findings
from extract.decide.models.logistic import Linear, linear
from extract.decide.participants.argument_roles import ArgumentRole, Candidate, candidates, features
from extract.lang import ENGLISH
from extract.lang.en.lexicon import LEXICON
from extract.places import places_of
from extract.types import Confidence

WIRE = (
    "LIMA, 7 MAR 90 (AGENCY) -- [TEXT] GUERRILLAS OF THE NORTHERN STAR MOVEMENT [NSM] DYNAMITED A BRIDGE AND THE OFFICES "
    "OF A MINING COMPANY NEAR HUANCAYO LAST NIGHT, POLICE REPORTED TODAY.  A WATCHMAN WAS KILLED WHEN THE BOMB EXPLODED."
)


def found_in(extractor: Extractor, text: str) -> Findings:
    article = news(text)
    doc = extractor.reader("en").read(article)
    return findings_of(doc, places_of(article, extractor.gazetteer, ENGLISH.place_reader))


def names(found: list[Candidate]) -> list[set[str]]:
    return [{m.name for m in candidate.mentions} for candidate in found]


def only(extractor: Extractor, text: str) -> Report:
    (report,) = extractor.extract(news(text)).reports
    return report


def test_features_are_summed_by_role_and_unknown_ones_weigh_nothing() -> None:
    weights = Linear(
        {
            "roles": np.array(["victims", "targets"]),
            "names": np.array(["h:guard", "dobj>kill"]),
            "weights": np.array([[2.0, -1.0], [1.0, 0.0]]),
            "bias": np.array([-3.0, 0.0]),
        }
    )
    got = weights.probabilities([("h:guard", "dobj>kill", "h:unheard"), ("h:unheard",), ()])
    logits = np.array([[0.0, -1.0], [-3.0, 0.0], [-3.0, 0.0]])
    np.testing.assert_allclose(got, 1 / (1 + np.exp(-logits)))


def test_learned_weights_are_of_every_role() -> None:
    assert set(linear(LEXICON, "roles").roles) == {role.value for role in ArgumentRole}


def test_a_name_its_short_form_and_its_last_word_are_one_candidate(extractor: Extractor) -> None:
    found = found_in(
        extractor,
        "Gunmen shot dead Councillor Amadou Keita in Kayes on Monday. Police said that Keita was killed at his home by "
        "members of the Sahel Dawn Front (SDF), and that the SDF claimed the killing.",
    )
    named = names(candidates(found))
    assert any("Keita" in group and len(group) > 1 for group in named)
    assert {"Sahel Dawn Front", "SDF"} in named


def test_what_a_phrase_is_object_of_is_a_feature(extractor: Extractor) -> None:
    found = found_in(extractor, "Two guards were killed when gunmen attacked a bank in Kayes on Monday.")
    by_head = {c.fullest.head: features(c, None) for c in candidates(found)}
    assert {"h:guards", "people", "nsubjpass>kill", "nsubjpass>KILLED"} <= by_head["guards"]
    assert {"targets:business", "dobj>attack", "dobj>DEED"} <= by_head["bank"]
    assert "place" in by_head["kayes"]
    assert "place" not in by_head["bank"]


def test_a_sentence_without_act_or_harm_has_no_candidates(extractor: Extractor) -> None:
    found = found_in(extractor, "A bomb killed a teacher in Kayes on Monday. The mayor opened a new market on Tuesday.")
    assert {c.fullest.head for c in candidates(found)}.isdisjoint({"mayor", "market"})


def test_a_wire_text_gives_each_their_role(extractor: Extractor) -> None:
    report = only(extractor, WIRE)
    assert {"BRIDGE"} <= {t.name for t in report.targets}
    assert [v.name for v in report.victims] == ["WATCHMAN"]
    assert [w.name for w in report.weapons] == ["BOMB"]


def test_somebody_with_an_age_is_no_building(extractor: Extractor) -> None:
    told = (
        "TULSA, Oklahoma - 7-year-old Ona Examplechurch Church was shot and killed on Friday night, police said. "
        "The shooting of 7-year-old Ona Examplechurch Church happened at a birthday party."
    )
    (report,) = extractor.extract(news(told)).reports
    assert not any("Church" in target.name for target in report.targets)
    assert not any("old" in victim.name.lower().split("-") for victim in report.victims)


def test_a_place_is_no_target(extractor: Extractor) -> None:
    report = only(extractor, "A bomb exploded in Huancayo, Peru, on Monday and damaged a bridge, police said.")
    assert [t.name for t in report.targets] == ["bridge"]


def test_who_came_to_help_or_was_hit_is_no_perpetrator(extractor: Extractor) -> None:
    report = only(
        extractor,
        "Gunmen killed two farmers near Kayes, Mali, on Monday, police said. Soldiers pursued the gunmen into the forest.",
    )
    assert [p.name for p in report.perpetrators] == ["Gunmen"]


@pytest.mark.parametrize(
    ("sentence", "confidence"),
    [
        ("The attack was claimed by the Shining Path.", Confidence.CLAIMED_OR_ADMITTED),
        ("Police suspect the Shining Path of the attack.", Confidence.SUSPECTED),
    ],
)
def test_a_claim_and_a_suspicion_are_no_facts(extractor: Extractor, sentence: str, confidence: Confidence) -> None:
    report = only(extractor, f"A bomb killed two policemen in Ayacucho, Peru, on Monday. {sentence}")
    assert {p.confidence for p in report.perpetrators if p.name == "Shining Path"} <= {
        confidence,
        Confidence.SUSPECTED_BY_AUTHORITIES,
    }
    assert "Shining Path" in {p.name for p in report.perpetrators}
