"""Is an article worth the encoder and the parser? By its words first, then a short item by the encoder's reading.

The prefilters pass far too much and must miss nearly nothing: an article that they stop gives no report.
"""

from __future__ import annotations

from extract.decide.findings import weights
from extract.decide.models.bag_of_words import incident_score
from extract.decide.models.item_encoder import ItemReading
from extract.decide.models.item_roles import item_roles
from extract.language import Language
from extract.nlp.components.plain_counts import HARM_SECTIONS
from extract.nlp.components.triggers import may_report_incident
from extract.text.layout import Layout


def may_be_about_incident(layout: Layout, language: Language) -> bool:
    """Before the encoder and the parser: has the article the words of an incident, and a whole article also the wording
    of one? A short item without such words passes if its wording may be about one nevertheless: of a language that
    shares an encoder if it tells of harm."""
    if may_report_incident(layout.words, language.lexicon):
        return _is_short(layout) or _is_worded_as_incident(layout, language)
    if language.shares_encoder and _is_short(layout) and _tells_of_harm(layout, language):
        return True
    roles = item_roles(layout, language.lexicon)
    return roles is not None and roles.none < weights("item")["gate"]


def is_worth_parsing(layout: Layout, reading: ItemReading | None, language: Language) -> bool:
    """Before the parser: an article needs words of an incident, which the encoder does not rule out if it is a short
    item; a report by the encoder's reading needs none."""
    if reading is not None and language.shares_encoder:
        least = weights("shared_item")
        has_words = may_report_incident(layout.words, language.lexicon)
        told = max(reading.roles.report, reading.roles.follow_up, reading.roles.old)
        return bool(told >= least["gate_report" if has_words else "gate_untold"])
    if reading is not None:
        roles, rule = reading.roles, weights("item")
        if roles.report >= rule["gate_report"]:
            return True
        if roles.report + roles.follow_up + roles.old < rule["gate_told"]:
            return False
    return may_report_incident(layout.words, language.lexicon)


def _tells_of_harm(layout: Layout, language: Language) -> bool:
    """Has it words for people harmed? Word lists lack many an act that a headline tells by its victims alone."""
    return any(True for part in HARM_SECTIONS for _ in language.lexicon.book("casualties", part).find(layout.words))


def _is_short(layout: Layout) -> bool:
    """Is the text too short for its wording to speak against an incident?"""
    return len(layout.raw) - layout.shift <= int(weights("prefilter")["short"])


def _is_worded_as_incident(layout: Layout, language: Language) -> bool:
    """Does the title or the lead have a strong trigger, or the text several, or else is the wording of the whole text
    not too far from that of an incident? The score is 0 in a language without weights for it, which passes."""
    rule = weights("prefilter")
    strong = [hit.start for hit in language.lexicon.triggers().find(layout.words) if hit.value[1]]
    if len(strong) >= rule["often"] or any(start < layout.shift + rule["lead"] for start in strong):
        return True
    least: float = rule["named_late" if strong else "not_named"]
    return incident_score(layout, language.lexicon) >= least
