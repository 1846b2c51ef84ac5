"""Trees stored as arrays give the scores of their leaves; the features that shipped trees ask for are computed."""

from __future__ import annotations

import numpy as np
import pytest
from samples import news

from extract import Extractor
from extract.collect import findings_of
from extract.decide import when
from extract.decide.casualties import candidates
from extract.decide.casualties.choose import counts_by_rules
from extract.decide.findings import Findings
from extract.decide.kind import choose_kind
from extract.decide.models.gradient_boosting import Forest, forest
from extract.decide.place import choose
from extract.lang import ENGLISH
from extract.lang.en.lexicon import LEXICON
from extract.places import places_of

TEXT = (
    "Three people were shot, one of them fatally, outside a bar in Tulsa, Oklahoma, on Thursday night, police said.\n\n"
    "A woman, 34, was pronounced dead at the scene. Two men were taken to a hospital with gunshot wounds at 11 p.m.\n\n"
    "Broken Arrow police arrested a man on Friday. He will appear in court on Monday."
)


@pytest.fixture(scope="module")
def found(extractor: Extractor) -> Findings:
    article = news(TEXT, title="Woman killed, two men hurt in Tulsa shooting")
    doc = extractor.reader("en").read(article)
    return findings_of(doc, places_of(article, extractor.gazetteer, ENGLISH.place_reader))


def test_a_tree_gives_the_leaf_that_its_conditions_select() -> None:
    """One tree: is "depth" at most 2? then 1.5; else is "title" at most 0.5? then -1, else 4. Another adds 0.25."""
    trees = Forest(
        {
            "names": np.array(["depth", "title"]),
            "roots": np.array([0, 5]),
            "sign": np.array([0, 0, 1, 0, 0, 0]),
            "threshold": np.array([2.0, 0, 0.5, 0, 0, 0]),
            "yes": np.array([1, 1, 3, 3, 4, 5]),
            "no": np.array([2, 1, 4, 3, 4, 5]),
            "value": np.array([0, 1.5, 0, -1, 4, 0.25]),
        }
    )
    assert trees.scores([{"depth": 2.0}, {"depth": 3.0}, {"depth": 3.0, "title": 1.0, "unknown": 9.0}, {}]) == [
        1.75, -0.75, 4.25, 1.75,
    ]  # fmt: skip
    assert trees.scores([]) == []


def test_shipped_forests_ask_for_features_that_are_given(extractor: Extractor, found: Findings) -> None:
    choice = choose_kind(found, extractor.kinds)
    counts, _ = counts_by_rules(found)
    places = choose.by_place(choose.candidates(found))
    features = [[choose.mention_features(found, p, choice) for p in mentions] for mentions in places]
    given = {
        "when": when.features(found, when.candidates(found), choice),
        "where": choose.place_features(found, places, features),
        "killed": candidates.features(found, "killed", candidates.candidates(found, "killed", counts), counts, choice),
        "injured": candidates.features(
            found, "injured", candidates.candidates(found, "injured", counts), counts, choice
        ),
    }
    for name, rows in given.items():
        asked = [
            feature
            for feature in forest(LEXICON, name).names
            if not feature.startswith(("before_", "after_", "in_", "last_", "next_"))
        ]
        seen = {feature for row in rows for feature in row}
        share = sum(feature in seen for feature in asked) / len(asked)
        assert share > 0.5, (name, sorted(set(asked) - seen))
        assert len({round(s, 6) for s in forest(LEXICON, name).scores(rows)}) > 1
