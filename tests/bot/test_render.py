"""Cards and their HTML: true, escaped, within Telegram's limits."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import msgspec
import pytest
from fakes import NOW, PLACES, exactly, report
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.render import evidence, text, words
from bot.render.card import card, headline
from bot.render.message import Block, Message, Span, line, link
from bot.render.update import update
from bot.render.words import Names
from extract.kinds import load_kinds
from extract.track.summary import summary
from extract.types import (
    Action,
    Article,
    ArticleRef,
    Certainty,
    CertaintyValue,
    Change,
    Claim,
    Confidence,
    Conflict,
    ConflictValue,
    Count,
    CountState,
    FieldChange,
    Incident,
    KindValue,
    Lifecycle,
    News,
    Perpetrator,
    Place,
    Precision,
    Quote,
    Report,
    Responsibility,
    ResponsibilityValue,
    Severity,
    Stage,
    Status,
    StatusValue,
    Target,
    TimePrecision,
    When,
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


def shown(one: Incident) -> str:
    return text.visible(card(one, NAMES))


COUNTED = lambda low, high: Count(low=low, high=high, state=CountState.COUNTED)  # noqa: E731


def test_the_first_line_is_made_of_facts_in_a_fixed_order():
    one = incident(facts(targets=(HEADQUARTERS,), killed=COUNTED(4, 4), injured=COUNTED(11, None)))
    assert headline(one, NAMES) == "SEVERE · Karachi, Pakistan · armed attack, 4 killed, at least 11 injured"
    assert shown(one).startswith(f"{headline(one, NAMES)}\n")


def test_the_first_line_says_that_it_is_a_follow_up_or_went_no_further():
    assert headline(incident(facts(news=News.FOLLOW_UP)), NAMES).endswith(" · follow-up: armed attack")
    assert headline(incident(facts(stage=Stage.ATTEMPTED)), NAMES).endswith(" · armed attack, attempted")


def test_an_earthquake_is_shown_with_its_magnitude():
    quake = facts(kind="earthquake", magnitude=7.3, severity=Severity.EXTREME)
    assert headline(incident(quake), NAMES) == "EXTREME · Karachi, Pakistan · earthquake, magnitude 7.3"


def test_a_town_in_the_united_states_is_shown_with_its_state():
    town = Place(name="Salem", admin1="Oregon", country="US", precision=Precision.CITY)
    assert headline(incident(facts(place=town)), NAMES) == "SEVERE · Salem, Oregon, US · armed attack"


def test_state_media_is_marked_beside_the_outlet():
    told = (
        ArticleRef(id="a", url="https://tass.com/1", source="TASS", title="Blast in Karachi"),
        ArticleRef(id="b", url="https://www.cgtn.com/2", source="CGTN"),
        ArticleRef(id="c", url="https://www.dawn.com/3", source="Dawn"),
    )
    lines = shown(incident(articles=told, told_best="a")).splitlines()
    assert lines[1] == "“Blast in Karachi” · TASS (state media)"
    assert lines[-1] == "Also told by: CGTN (state media), Dawn"


def test_evidence_says_who_owns_an_outlet_that_is_not_read():
    told = (ArticleRef(id="a", url="https://www.trtworld.com/1", source="TRT World"),)
    shown_ = text.visible(evidence.evidence(incident(articles=told), NAMES))
    assert "TRT World (tier 2, of TRT, state media)" in shown_


def test_the_article_that_tells_it_best_is_quoted_and_the_other_outlets_follow_each_once():
    told = tuple(
        ArticleRef(id=id_, url=f"https://{id_}.example/", source=source, title=title)
        for id_, source, title in (
            ("a", "Harbour Post", "Shots near the port"),
            ("b", "Gulf Ledger", "Gunmen attack police headquarters in Karachi"),
            ("c", "Harbour Post", "Attack on police: the evening"),
            ("d", "Gulf Ledger", "Siege over"),
        )
    )
    one = incident(articles=told, origins=2, told_best="b")
    lines = shown(one).split("\n")
    assert lines[1] == "“Gunmen attack police headquarters in Karachi” · Gulf Ledger 2"
    assert lines[-1] == "Also told by: Harbour Post 2"
    body = text.html(card(one, NAMES))
    assert all(body.count(f'<a href="https://{id_}.example/">') == 1 for id_ in "abcd")


def test_the_second_line_is_a_link():
    told = (ArticleRef(id="a", url="https://a.example/", source="Harbour Post", title="Shots near the port"),)
    assert '<a href="https://a.example/">“Shots near the port”</a> · Harbour Post' in text.html(
        card(incident(articles=told), NAMES)
    )


def test_date_status_and_claim_share_a_line_and_the_basis_another():
    known = facts(
        status=Status.ONGOING,
        certainty=Certainty.OBSERVED,
        responsibility=Responsibility.CLAIMED,
        perpetrators=(
            Perpetrator(name="Lantern Brigade", type="organization", confidence=Confidence.CLAIMED_OR_ADMITTED),
        ),
    )
    said = shown(incident(known, origins=3))
    assert "\n17 Feb 2023 · ongoing · claimed by Lantern Brigade\n3 independent sources · observed · " in said


@pytest.mark.parametrize(
    ("start", "precision", "said"),
    [
        ("2026-02-17", TimePrecision.DAY, "17 Feb"),
        ("2026-02-17T18:00", TimePrecision.HOUR, "17 Feb, about 18:00 local time"),
        ("2026-02-17T18:42", TimePrecision.MINUTE, "17 Feb, 18:42 local time"),
        ("2025-12-30", TimePrecision.DAY, "30 Dec 2025"),
    ],
)
def test_the_hour_is_shown_where_told_and_the_year_where_it_is_another(start, precision, said):
    when = When(start=start, end=start, precision=precision)
    assert shown(incident(facts(when=when))).split("\n")[1] == said


@pytest.mark.parametrize(
    ("published", "said"),
    [
        ((NOW - timedelta(days=3), NOW), "day not told, first reported 27 Feb"),
        ((NOW - timedelta(days=90),), "day not told, first reported 2 Dec 2025"),
        ((None, NOW), "day not told, first reported 2 Mar"),
        ((None,), "time not known"),
    ],
)
def test_where_no_article_tells_the_day_the_card_says_when_the_first_was_published(published, said):
    told = tuple(ArticleRef(id=str(n), source="Harbour Post", published=at) for n, at in enumerate(published))
    assert shown(incident(facts(when=None), articles=told)).split("\n")[1] == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "within a minute of publication"), (4, "4 min after publication"), (190, "3 h after publication")],
)
def test_the_delay_since_publication(minutes, said):
    told = (ArticleRef(id="a", source="Harbour Post", published=NOW - timedelta(minutes=minutes)),)
    assert f"1 independent source · {said}" in shown(incident(articles=told))


def test_no_delay_is_told_where_only_the_day_of_publication_is_known():
    told = (ArticleRef(id="a", source="Harbour Post", published=NOW.replace(hour=0)),)
    assert "publication" not in shown(incident(articles=told))


def said_in(article: str, number: int, who: str = "") -> Claim:
    """A claim of an article about the number killed."""
    quote = Quote(where="text", start=0, end=1, quote="x", article=article)
    return Claim(field="killed", count=COUNTED(number, number), said_by=who, evidence=quote)


def test_a_number_is_shown_with_who_says_it_and_what_was_said_before():
    told = tuple(ArticleRef(id=id_, source=source) for id_, source in (("a", "Harbour Post"), ("b", "Gulf Ledger")))
    claims = (said_in("a", 9, "police"), said_in("b", 8, "hospital"))
    one = incident(facts(claims=claims, killed=COUNTED(8, 8)), articles=told)
    assert "\nKilled: 8 (hospital), before: 9 (police)\n" in shown(one)


def test_what_was_said_before_is_the_whole_toll_and_names_the_outlet_where_nobody_is_quoted():
    told = tuple(ArticleRef(id=id_, source=source) for id_, source in (("a", "Harbour Post"), ("b", "Gulf Ledger")))
    claims = (said_in("a", 4), said_in("a", 1), said_in("b", 6))
    one = incident(facts(claims=claims, killed=COUNTED(6, 6)), articles=told)
    assert "\nKilled: 6, before: 4 (Harbour Post)\n" in shown(one)


def test_a_number_of_which_the_first_line_says_all_has_no_line_of_its_own():
    one = incident(facts(claims=(said_in("a", 4),), killed=COUNTED(4, 4)))
    assert "Killed:" not in shown(one)


@pytest.mark.parametrize(
    ("lifecycle", "said"),
    [
        (Lifecycle.NEW, "first report"),
        (Lifecycle.DEVELOPING, "developing"),
        (Lifecycle.STABLE, "stable, no news since 2 Mar 2026"),
        (Lifecycle.CLOSED, "closed, no news since 2 Mar 2026"),
    ],
)
def test_a_card_tells_how_far_its_record_has_grown(lifecycle, said):
    assert f" · {said}\n" in shown(msgspec.structs.replace(incident(), lifecycle=lifecycle, last_seen=NOW))


def test_a_card_that_is_taken_back_has_no_other_state():
    said = shown(msgspec.structs.replace(incident(), lifecycle=Lifecycle.RETRACTED))
    assert "taken back" in said and "developing" not in said and "no news" not in said


def test_unknown_is_never_zero():
    assert "Killed, injured: not yet known" in shown(incident(facts(killed=NOT_YET, injured=NOT_YET)))
    assert "Killed" not in shown(incident())
    assert "Injured: none" in shown(incident(facts(injured=Count(low=0, high=0, state=CountState.NONE))))


def test_numbers_as_they_are_known():
    assert headline(incident(facts(killed=COUNTED(4, 4))), NAMES).endswith(", 4 killed")
    assert headline(incident(facts(killed=COUNTED(4, None))), NAMES).endswith(", at least 4 killed")
    assert "Attackers: 8 to 10\n" in shown(incident(facts(attackers=COUNTED(8, 10))))


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
    told = tuple(ArticleRef(id=one, source=name) for one, name in (("a", "P"), ("b", "Q"), ("c", "R")))
    one = incident(conflicts=(Conflict(field="killed", values=values),), articles=told)
    assert "Killed: 4 (P) or 9 (Q, R); accounts differ" in shown(one)


def test_responsibility():
    assert " · nobody has claimed it\n" in shown(incident(facts(responsibility=Responsibility.NONE_REPORTED)))
    assert "claimed" not in shown(incident())


def test_every_source_is_linked():
    articles = tuple(ArticleRef(id=str(n), url=f"https://p{n}.example/", source=f"P{n}") for n in range(5))
    body = text.html(card(incident(articles=articles), NAMES))
    assert all(f'<a href="https://p{n}.example/">P{n}</a>' in body for n in range(5))


def changed(*fields: FieldChange, action: Action = Action.REPLY, because: tuple[str, ...] = ()) -> Change:
    """A change of these fields, all of which decided it unless ``because`` says which."""
    because = because or tuple(field.field for field in fields)
    return Change(
        incident="abc23456", version=4, at=NOW, article="a", action=action, because=because, fields=fields
    )  # fmt: skip


TOLL = FieldChange(field="killed", before=exactly(5), after=exactly(11))
KIND = FieldChange(field="kind", before=KindValue(slug="explosion"), after=KindValue(slug="armed_assault"))
OVER = FieldChange(
    field="status", before=StatusValue(status=Status.ONGOING), after=StatusValue(status=Status.ENDED)
)  # fmt: skip
DOUBTED = FieldChange(
    field="certainty",
    before=CertaintyValue(certainty=Certainty.LIKELY),
    after=CertaintyValue(certainty=Certainty.UNLIKELY),
)


@pytest.mark.parametrize(
    ("fields", "first"),
    [
        ((KIND, OVER, TOLL), "11 killed, was 5 · Karachi, Pakistan · armed attack"),
        ((KIND, OVER), "Armed attack, was explosion · Karachi, Pakistan"),
        ((OVER,), "Over · Karachi, Pakistan · armed attack"),
        ((OVER, DOUBTED), "Unlikely, was likely · Karachi, Pakistan · armed attack"),
        ((FieldChange(field="killed", before=None, after=exactly(2)),), "2 killed · Karachi, Pakistan · armed attack"),
    ],
)
def test_an_update_begins_with_what_changed_most(fields, first):
    known = incident(facts(status=Status.ENDED))
    lines = text.visible(update(known, changed(*fields), NAMES)).split("\n")
    assert lines[0] == first
    assert lines[-1] == "Harbour Post"
    assert len(lines) == len(fields) + 1


def test_an_update_tells_the_other_changes_below_and_its_article_last():
    told = (ArticleRef(id="a", url="https://a.example/", source="Harbour Post", title="Eleven dead"),)
    lines = text.visible(update(incident(articles=told), changed(TOLL, KIND), NAMES)).split("\n")
    assert lines[1:] == ["Kind: explosion → armed attack", "“Eleven dead” · Harbour Post"]


def test_an_update_about_responsibility_names_the_group():
    group = Perpetrator(name="Lantern Brigade", type="organization", confidence=Confidence.CLAIMED_OR_ADMITTED)
    known = incident(facts(responsibility=Responsibility.CLAIMED, perpetrators=(group,)))
    field = FieldChange(
        field="responsibility", before=None, after=ResponsibilityValue(responsibility=Responsibility.CLAIMED)
    )
    said = text.visible(update(known, changed(field), NAMES))
    assert said.startswith("Claimed by Lantern Brigade · Karachi, Pakistan · armed attack\n")


def test_the_number_of_articles_is_no_news():
    more = FieldChange(field="sources", before=1, after=2)
    assert "Articles" not in text.visible(update(incident(), changed(TOLL, more), NAMES))


def test_a_retraction_is_said_and_struck_out():
    one = incident(lifecycle=Lifecycle.RETRACTED)
    assert shown(one).startswith("RETRACTED · Karachi, Pakistan")
    assert "<s>" in text.html(card(one, NAMES))


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
    assert "Injured: 23 (police)\n" in shown(one)


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
    body = text.html(card(one, NAMES))
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
