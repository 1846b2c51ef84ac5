"""Cards and their HTML: true, escaped, within Telegram's limits."""

import re
from html.parser import HTMLParser

import msgspec
import pytest
from fakes import NOW, PLACES, exactly, report
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.render import evidence, text, words
from bot.render.card import card, headline, update
from bot.render.message import Block, Message, Span, line, link
from bot.render.words import Names
from extract.kinds import load_kinds
from extract.track.summary import summary
from extract.types import (
    Action,
    Article,
    ArticleRef,
    Certainty,
    Change,
    Claim,
    Conflict,
    ConflictValue,
    Count,
    CountState,
    FieldChange,
    Incident,
    Lifecycle,
    News,
    Quote,
    Report,
    Responsibility,
    Status,
    Target,
)

NAMES = Names(load_kinds(), {"PK": "Pakistan", "KE": "Kenya"}.get)
HEADQUARTERS = Target(name="police headquarters", type="police")
NOT_YET = Count(state=CountState.NOT_YET_KNOWN)


def facts(**kw) -> Report:
    base = report(kind="armed_assault", place=PLACES["Karachi"], day="2023-02-17")
    return msgspec.structs.replace(base, **kw)


def incident(known: Report | None = None, **kw) -> Incident:
    known = known or facts()
    base = Incident(
        id="abc23456",
        version=1,
        lifecycle=Lifecycle.NEW,
        first_seen=NOW,
        last_seen=NOW,
        facts=known,
        origins=1,
        articles=(ArticleRef(id="a", url="https://post.example/1", source="Harbour Post", published=NOW),),
        summary=summary(known),
    )
    return msgspec.structs.replace(base, **kw)


def shown(one: Incident, change: Change | None = None) -> str:
    return text.visible(card(one, change, NAMES))


def test_the_first_sixty_characters_stand_alone():
    one = incident(facts(targets=(HEADQUARTERS,)))
    assert headline(one, NAMES) == "SEVERE · Karachi, Pakistan: Armed attack on police headquarters"
    assert shown(one).startswith("SEVERE · Karachi, Pakistan: Armed attack on police headquarters\n")


def test_the_headline_names_the_place_once_and_ends_with_the_numbers():
    killed = Count(low=4, high=8, state=CountState.COUNTED)
    one = incident(facts(targets=(HEADQUARTERS,), killed=killed, news=News.FOLLOW_UP))
    assert one.summary.endswith("on police headquarters in Karachi, Sindh, Pakistan: 4 to 8 killed")
    assert headline(one, NAMES).endswith("Pakistan: Follow-up: armed attack on police headquarters: 4 to 8 killed")


def test_state_date_and_certainty():
    one = incident(facts(status=Status.ONGOING, certainty=Certainty.OBSERVED))
    assert "Armed attack · Ongoing · 17 Feb 2023 · certainty: observed" in shown(one)


def test_unknown_is_never_zero():
    assert "Killed, injured: not yet known" in shown(incident(facts(killed=NOT_YET, injured=NOT_YET)))
    assert "Killed" not in shown(incident())
    assert "Injured: none" in shown(incident(facts(injured=Count(low=0, high=0, state=CountState.NONE))))


def test_numbers_as_they_are_known():
    counted = lambda low, high: Count(low=low, high=high, state=CountState.COUNTED)  # noqa: E731
    assert "Killed: 4\n" in shown(incident(facts(killed=counted(4, 4))))
    assert "Killed: at least 4\n" in shown(incident(facts(killed=counted(4, None))))
    assert "Attackers: 8 to 10\n" in shown(incident(facts(attackers=counted(8, 10))))


def test_voices_that_differ_are_shown_with_who_says_so():
    quote = Quote(where="text", start=0, end=1, quote="x")
    claims = tuple(
        Claim(field="attackers", count=Count(low=low, high=high, state=CountState.COUNTED), said_by=who, evidence=quote)
        for low, high, who in ((8, 10, "local media"), (6, None, "police chief"))
    )
    one = incident(facts(claims=claims, attackers=Count(low=8, high=10, state=CountState.COUNTED)))
    assert "Attackers: 8 to 10 (local media); at least 6 (police chief)" in shown(one)


def test_a_disagreement_is_shown_as_one():
    values = (ConflictValue(low=4, high=4, articles=("a",)), ConflictValue(low=9, high=9, articles=("b", "c")))
    one = incident(conflicts=(Conflict(field="killed", values=values),))
    assert "Killed: 4 (1 source) or 9 (2 sources); sources disagree" in shown(one)


def test_responsibility():
    assert "Responsibility: nobody has claimed it" in shown(
        incident(facts(responsibility=Responsibility.NONE_REPORTED))
    )
    assert "Responsibility" not in shown(incident())


def test_every_source_is_linked():
    articles = tuple(ArticleRef(id=str(n), url=f"https://p{n}.example/", source=f"P{n}") for n in range(5))
    body = text.html(card(incident(articles=articles), None, NAMES))
    assert all(f'<a href="https://p{n}.example/">P{n}</a>' in body for n in range(5))


def test_footer_says_what_changed():
    change = Change(
        incident="abc23456",
        version=4,
        at=NOW,
        article="a",
        action=Action.REPLY,
        fields=(FieldChange(field="killed", before=exactly(4), after=exactly(9)),),
    )
    assert "v4 · changed: killed 4 → 9" in shown(incident(version=4), change)
    reply = text.visible(update(incident(version=4), change, NAMES))
    assert reply.startswith("UPDATE · Karachi, Pakistan: killed 4 → 9")
    assert "Source: Harbour Post" in reply


def test_a_retraction_is_said_and_struck_out():
    one = incident(lifecycle=Lifecycle.RETRACTED)
    assert shown(one).startswith("RETRACTED · Karachi, Pakistan")
    assert "<s>" in text.html(card(one, None, NAMES))


def test_evidence_shows_each_quote_with_its_outlet():
    quote = Quote(where="text", start=0, end=5, quote="at least 4 people were killed", article="a")
    one = incident(facts(evidence={"killed": (quote,)}))
    body = text.html(evidence.evidence(one, NAMES))
    assert "<blockquote expandable>" in body
    assert '“<b>at least 4 people were killed</b>” <a href="https://post.example/1">Harbour Post</a>' in body


def test_evidence_stands_among_the_words_around_it():
    text_ = "On Friday a bomb went off.\nPolice said that at least 4 people were killed near a bus stop."
    start = text_.index("at least")
    quote = Quote(where="text", start=start, end=start + 10, quote=text_[start : start + 10], article="a")
    one = incident(facts(evidence={"killed": (quote,)}))
    body = text.visible(evidence.evidence(one, NAMES, {"a": Article(id="a", text=text_)}))
    assert "“Police said that at least 4 people were killed near a bus stop.” Harbour Post" in body


def test_evidence_shows_a_sentence_once_though_several_of_its_words_tell_the_fact():
    text_ = "Gunmen attacked a bus depot, then another."
    told = ("Gunmen", "attacked", "depot")
    quotes = tuple(
        Quote(where="text", start=at, end=at + len(word), quote=word, article="a")
        for word in told
        if (at := text_.index(word)) >= 0
    )
    one = incident(facts(evidence={"kind": quotes}))
    body = text.visible(evidence.evidence(one, NAMES, {"a": Article(id="a", text=text_)}))
    assert body.count("a bus depot, then another") == 1


def test_a_voice_that_corrects_itself_is_one_voice():
    quote = Quote(where="text", start=0, end=1, quote="x")
    claims = tuple(
        Claim(field="injured", count=Count(low=n, high=n, state=CountState.COUNTED), said_by="police", evidence=quote)
        for n in (11, 23)
    )
    one = incident(facts(claims=claims, injured=Count(low=23, high=23, state=CountState.COUNTED)))
    assert "Injured: 23\n" in shown(one)


def test_no_link_but_of_the_web():
    assert link("x", "javascript:alert(1)").url == ""
    assert link("x", "https://a.example/").url == "https://a.example/"


def test_direction_marks_and_controls_are_cut_out():
    assert text.clean("a\u202eb\x00c\u2066d\ud800e") == "abcde"
    assert text.clean("👩\u200d👧") == "👩\u200d👧"


def test_cut_never_splits_a_pair():
    assert text.cut("😀😀😀", 5) == "😀😀…"
    assert text.units("😀a") == 3


def test_interval_words():
    assert [words.interval(*pair) for pair in ((4, 4), (4, None), (None, 7), (8, 10))] == [
        "4",
        "at least 4",
        "at most 7",
        "8 to 10",
    ]


ANY = st.text(max_size=60).map(lambda word: word * 40)
SPANS = st.lists(st.tuples(ANY, st.booleans(), st.booleans(), st.text(max_size=20)), max_size=6)


@settings(max_examples=40, deadline=None)
@given(st.lists(SPANS, max_size=12), st.booleans())
def test_any_text_gives_well_formed_html_within_the_limit(lines, quote):
    made = tuple(
        line(*(Span(body, bold=bold, italic=italic, url=f"https://a.example/{url}") for body, bold, italic, url in one))
        for one in lines
    )
    message = Message((Block(made, quote), Block(made)))
    body = text.html(message)
    checker = Checker()
    checker.feed(body)
    checker.close()
    assert not checker.open
    assert text.units(checker.text) <= text.MAX_UNITS
    assert checker.entities <= 100
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", checker.text)
    assert text.units(text.plain(message)) <= text.MAX_UNITS


@settings(max_examples=40, deadline=None)
@given(ANY, ANY, ANY)
def test_any_source_text_makes_a_card_telegram_takes(target, title, outlet):
    articles = tuple(ArticleRef(id=str(n), url="https://a.example/", source=outlet, title=title) for n in range(60))
    one = incident(facts(targets=(Target(name=f"depot {target * 30}", type="police"),)), articles=articles)
    body = text.html(card(one, None, NAMES))
    checker = Checker()
    checker.feed(body)
    checker.close()
    assert not checker.open
    assert 0 < text.units(checker.text) <= text.MAX_UNITS


class Checker(HTMLParser):
    """Reads HTML as strictly as Telegram: known tags, properly nested."""

    KNOWN = frozenset({"b", "i", "s", "a", "code", "blockquote"})

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.text, self.entities = [], "", 0

    def handle_starttag(self, tag, attrs):
        assert tag in self.KNOWN
        self.open.append(tag)
        self.entities += 1

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize(
    ("probability", "said"),
    [
        (0.99, "almost certain"),
        (0.8, "very likely"),
        (0.6, "likely"),
        (0.5, "roughly even chance"),
        (0.3, "unlikely"),
        (0.0, "almost no chance"),
    ],
)
def test_how_sure_is_said_in_words(probability, said):
    assert words.likelihood(probability) == said
