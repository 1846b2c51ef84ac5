"""/why says in words which rule made an incident as severe as it is. Invented incidents."""

import msgspec
import pytest
from fakes import report
from test_render import NAMES, incident

from bot.i18n import translate
from bot.i18n.translate import ChatLocale, in_locale
from bot.render import evidence, text
from bot.render.severity import severity_reason
from extract.severity import severity_of
from extract.types import Count, CountState, Stage, Target


def assessed(kind, *, killed=None, **more):
    """An incident with the severity that the rules give it."""
    facts = msgspec.structs.replace(report(kind=kind, killed=killed), **more)
    return incident(msgspec.structs.replace(facts, severity=severity_of(NAMES.kinds[kind], facts)))


@pytest.mark.parametrize(
    ("known", "said"),
    [
        (
            assessed("shooting", killed=1),
            "moderate · 1 killed; for this kind: moderate from 1 on, severe from 4 on, extreme from 30 on",
        ),
        (
            assessed("earthquake", magnitude=7.3),
            "severe · magnitude 7.3; for this kind: moderate from 5 on, severe from 6.5 on, extreme from 7.8 on",
        ),
        (assessed("protest"), "minor · usual for this kind of incident as long as no harm is known"),
        (
            assessed("bombing", stage=Stage.THREATENED),
            "minor · nobody was harmed, and it was only threatened",
        ),
    ],
)
def test_the_rule_that_decided_is_said(known, said):
    assert severity_reason(known, NAMES) == said


def test_who_was_hit_is_said():
    hurt = Count(low=2, high=2, state=CountState.COUNTED)
    known = assessed("stabbing", injured=hurt, targets=(Target(name="a primary school", type="education"),))
    assert severity_reason(known, NAMES).endswith(
        "; one step more severe because of who was hit (a school or university)"
    )


def test_a_severity_by_rules_of_another_version_is_not_explained_by_these():
    facts = report(kind="shooting", killed=1)
    assert severity_reason(incident(facts), NAMES) == "severe"


def test_why_says_it_in_the_language_of_the_chat():
    known = assessed("shooting", killed=1)
    assert "Severity: moderate · 1 killed; for this kind: " in text.visible(evidence.why(known, [], [], NAMES))
    with in_locale(ChatLocale(translate.language("es"))):
        assert "Gravedad: moderado · 1 muerto; " in text.visible(evidence.why(known, [], [], NAMES))
