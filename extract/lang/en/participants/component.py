"""Component ``tocsin_participants``: who attacked, in whose name, whom and what, and how certain is the text?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from extract.lang.en.lexicon import book, head_words, table, type_of_head, word_set
from extract.lang.en.participants.agents import AGENT_LABELS, AGENT_POSITIONS, is_agent
from extract.nlp.components.weapons import longest
from extract.nlp.extensions import layout_of, sentence_at, sentences_of, span_at, text_of, words_of_doc
from extract.nlp.mentions import (
    CountGroup,
    CountMention,
    MentionRole,
    NamedMention,
    ResponsibilityCue,
    Sentence,
    Speaker,
    SpeakerKind,
    Talk,
    Trigger,
)
from extract.nlp.token_search import tokens_like
from extract.text.phrases import Hit, PhraseBook, phrase_book
from extract.types import Confidence, Effect

_EFFECTS = {"killed": Effect.KILLED, "injured": Effect.INJURED, "shot": Effect.INJURED, "kidnapped": Effect.KIDNAPPED}
_OTHER_TALK = frozenset({Talk.BACKGROUND, Talk.HYPOTHETICAL, Talk.ANNIVERSARY, Talk.DRILL})
_NOT_FIRST = frozenset({"DET", "PUNCT", "PRON", "NUM", "ADP", "ADV", "SCONJ", "CCONJ", "PART"})


@Language.component(
    "tocsin_participants",
    requires=["token.dep", "doc._.triggers", "doc._.counts", "doc._.speakers"],
    assigns=[
        "doc._.attackers",
        "doc._.groups",
        "doc._.responsibility",
        "doc._.victims",
        "doc._.targets",
        "doc._.status",
    ],
)
def participants(doc: Doc) -> Doc:
    """Lists attackers, armed groups, cues of responsibility and of status, victims and targets."""
    words = words_of_doc(doc)
    doc._.groups = [_group(doc, hit) for hit in longest(list(_group_book().find(words)))]
    doc._.responsibility = _cues(doc, "responsibility")
    doc._.status = _cues(doc, "status")
    doc._.attackers = [*_agents(doc), *_named_groups(doc)]
    doc._.victims = list(_victims(doc))
    doc._.targets = list(_targets(doc))
    return doc


def _cues(doc: Doc, section: str) -> list[NamedMention]:
    raw = layout_of(doc).raw
    return [
        NamedMention(
            name=raw[h.start : h.end], type=h.value, start=h.start, end=h.end, sentence=sentence_at(doc, h.start)
        )
        for h in book("cues", section).find(words_of_doc(doc))
    ]


def _unlisted(doc: Doc) -> Iterator[Hit[str]]:
    """Names of groups that no list contains: "a group calling itself the X", "the X Brigade"."""
    text = text_of(doc)
    for match in _unlisted_names().finditer(text):
        name = match["called"] or match["headed"]
        start = match.start("called") if match["called"] else match.start("headed")
        yield Hit(start, start + len(name), name)


@cache
def _unlisted_names() -> re.Pattern[str]:
    rule = table("groups")["unlisted"]
    word = r"[A-Z][\w'-]+"
    name = rf"{word}(?:[ -](?:of |the |for |al-|and )?{word}){{0,5}}"
    heads = "|".join(rule["heads"])
    headed = rf"\b(?:{word}[ -](?:of |for |the )?){{1,4}}(?:{heads})\b(?:(?: of| for)(?: the)? {word}){{0,2}}"
    return re.compile(rf"(?:(?i:{rule['naming']})(?P<called>{name}))|(?P<headed>(?!The ){headed})")


@cache
def _group_book() -> PhraseBook[str]:
    return phrase_book(table("groups")["names"])


def _group(doc: Doc, hit: Hit[str]) -> NamedMention:
    name = layout_of(doc).raw[hit.start : hit.end]
    return NamedMention(name=name, type=hit.value, start=hit.start, end=hit.end, sentence=sentence_at(doc, hit.start))


# ------------------------------------------------------------------ attackers


def _agents(doc: Doc) -> Iterator[NamedMention]:
    """Noun phrases of agents of attacks, in sentences about the act."""
    sentences = sentences_of(doc)
    for token in tokens_like(doc, dep=AGENT_POSITIONS):
        if not is_agent(token):
            continue
        at = sentence_at(doc, token.idx)
        if not _is_about_the_act(sentences[at]):
            continue
        start, end = _noun_phrase(token)
        yield NamedMention(
            name=layout_of(doc).raw[start:end],
            type="person",
            start=start,
            end=end,
            sentence=at,
            role=MentionRole.ATTACKER,
            confidence=Confidence.SUSPECTED
            if "suspect" in text_of(doc)[start:end].lower()
            else Confidence.REPORTED_AS_FACT,
        )


def _named_groups(doc: Doc) -> Iterator[NamedMention]:
    """Armed groups that claim the act, are accused of it or are its agent; no others."""
    listed: list[NamedMention] = doc._.groups
    unlisted = [
        _group(doc, hit) for hit in _unlisted(doc) if not any(g.start < hit.end and hit.start < g.end for g in listed)
    ]
    claims = {c.sentence for c in doc._.responsibility if c.type == ResponsibilityCue.CLAIMED}
    for group in [*listed, *(g for g in unlisted if g.sentence in claims)]:
        confidence = _confidence(doc, group)
        if confidence is not None:
            yield NamedMention(
                name=group.name,
                type="organization",
                start=group.start,
                end=group.end,
                sentence=group.sentence,
                role=MentionRole.GROUP,
                confidence=confidence,
            )


def _confidence(doc: Doc, group: NamedMention) -> Confidence | None:
    """How certain the sentence is that the group did it; None if it is only mentioned."""
    sentence = sentences_of(doc)[group.sentence]
    cues = {c.type for c in doc._.responsibility if c.sentence == group.sentence}
    speaker: Speaker | None = doc._.speakers[group.sentence] if group.sentence < len(doc._.speakers) else None
    if not cues.isdisjoint({ResponsibilityCue.NONE_REPORTED, ResponsibilityCue.DENIED}):
        return None
    if ResponsibilityCue.CLAIMED in cues and not (sentence.flags & _OTHER_TALK):
        return Confidence.CLAIMED_OR_ADMITTED
    if ResponsibilityCue.SUSPECTED in cues and not (sentence.flags & {Talk.BACKGROUND, Talk.FICTION}):
        official = speaker is not None and speaker.kind is SpeakerKind.OFFICIAL
        return Confidence.SUSPECTED_BY_AUTHORITIES if official else Confidence.SUSPECTED
    if _is_about_the_act(sentence) and _is_agent_of_trigger(doc, group):
        return Confidence.REPORTED_AS_FACT
    return None


def _is_agent_of_trigger(doc: Doc, group: NamedMention) -> bool:
    """Whether the group, or a noun it modifies ("Boko Haram fighters"), is an agent beside a strong trigger."""
    span = span_at(doc, group.start, group.end)
    if span is None or not any(t.sentence == group.sentence and t.strong for t in doc._.triggers):
        return False
    head = span.root
    while head.dep_ in ("compound", "amod", "nmod", "pobj", "prep", "poss", "appos", "conj") and head.head.i != head.i:
        if head.dep_ == "pobj" and head.head.dep_ == "agent":
            return True
        head = head.head
    return head.dep_ in AGENT_LABELS and (head.head.pos_ in ("VERB", "AUX"))


def _is_about_the_act(sentence: Sentence) -> bool:
    return not (sentence.flags & _OTHER_TALK)


# ------------------------------------------------------------------ victims


def _victims(doc: Doc) -> Iterator[NamedMention]:
    """The people of the counts who are not attackers."""
    sentences = sentences_of(doc)
    mentions: list[CountMention] = doc._.counts
    for mention in mentions:
        effect = _EFFECTS.get(mention.field)
        if (
            effect is None
            or mention.group is CountGroup.ATTACKER
            or mention.total
            or not _is_about_the_act(sentences[mention.sentence])
        ):
            continue
        span = span_at(doc, mention.start, mention.end)
        if span is None or not span.text.strip():
            continue
        start, end = _people_phrase(span)
        if start >= end:
            continue
        name = layout_of(doc).raw[start:end]
        yield NamedMention(
            name=name,
            type=_person_type(span),
            start=start,
            end=end,
            sentence=mention.sentence,
            role=MentionRole.VICTIM,
            effect=effect,
        )


def _people_phrase(span: Span) -> tuple[int, int]:
    """The noun phrase without number and article, or the name in apposition: as MUC names victims."""
    head = span.root
    named = [t for t in head.rights if t.dep_ == "appos" and t.pos_ == "PROPN"]
    head = named[0] if named and head.pos_ != "PROPN" else head
    if head.pos_ == "PRON" or head.like_num:
        return 0, 0
    return _noun_phrase(head)


def _person_type(span: Span) -> str | None:
    types = type_of_head("people")
    return types.get(span.root.lower_) or next((types[t.lower_] for t in span if t.lower_ in types), None)


# ------------------------------------------------------------------ targets


def _targets(doc: Doc) -> Iterator[NamedMention]:
    """Things attacked: target words in a sentence about the act with a strong trigger."""
    raw, sentences = layout_of(doc).raw, sentences_of(doc)
    strong: list[Trigger] = [t for t in doc._.triggers if t.strong]
    for hit in longest(list(book("roles", "targets").find(words_of_doc(doc)))):
        at = sentence_at(doc, hit.start)
        if not _is_about_the_act(sentences[at]) or not any(t.sentence == at for t in strong):
            continue
        span = span_at(doc, hit.start, hit.end)
        role = _target_role(span) if span is not None else MentionRole.NONE
        if role:
            start, end = (
                _noun_phrase(span.root)
                if span is not None and span.root.pos_ in ("NOUN", "PROPN")
                else (hit.start, hit.end)
            )
            yield NamedMention(name=raw[start:end], type=hit.value, start=start, end=end, sentence=at, role=role)


def _target_role(span: Span) -> MentionRole:
    """The role of a target word: hit (object of a verb), scene (after "at", "on", ...), near, or none (a speaker)."""
    head = span.root
    if head.dep_ in ("compound", "nmod") and head.head.lower_ not in head_words("targets"):
        return MentionRole.NONE  # "port city", "police chief": the head is something else
    while (
        head.dep_ in ("compound", "nmod", "conj", "appos")
        and head.head.i != head.i
        and head.head.pos_ in ("NOUN", "PROPN")
    ):
        head = head.head
    if head.lower_ in head_words("people") and head.lower_ not in type_of_head("targets"):
        return MentionRole.NONE
    if head.dep_ in ("dobj", "nsubjpass", "obj"):
        return MentionRole.TARGET_HIT
    if head.dep_ != "pobj" or head.head.lower_ not in word_set("roles", "prepositions", "scene"):
        return MentionRole.NONE
    is_near = head.head.lower_ in word_set("roles", "prepositions", "near")
    return MentionRole.TARGET_NEAR if is_near else MentionRole.TARGET_SCENE


def _noun_phrase(head: Token) -> tuple[int, int]:
    """Start and end of the noun phrase from its first naming modifier to its head: no article, number or complement."""
    keep = [t for t in head.lefts if t.dep_ in ("compound", "amod", "nmod", "poss") and not t.like_num]
    first = min([head.i, *(t.left_edge.i for t in keep if abs(t.i - head.i) <= 5)])
    while first < head.i and (head.doc[first].pos_ in _NOT_FIRST or head.doc[first].like_num):
        first += 1
    skip = word_set("casualties", "additional", "words") | word_set("casualties", "vague", "words")
    while first < head.i and head.doc[first].lower_ in skip:
        first += 1
    return head.doc[first].idx, head.idx + len(head)
