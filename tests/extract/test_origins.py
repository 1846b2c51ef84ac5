"""Which articles are independent, and which are withdrawn? Invented reports."""

from datetime import UTC, datetime

import msgspec
import pytest

from extract import track
from extract.feeds import parse
from extract.track.origins import independent_origins
from extract.types import Article, ArticleRef, Codes, Member, News, Report

NOON = datetime(2025, 3, 4, 12, tzinfo=UTC)
WIRE = (
    "A blast tore through a bus terminal in Multan on Tuesday morning, killing at least four people and wounding nine, "
    "police and rescue workers said. The device had been left in a bag beneath a ticket counter, said Imran Qasim, the "
    "city's police chief, and went off as passengers queued for the early service. Windows were broken along the street, "
    "and the terminal was closed while officers searched it for a second device. Nobody has claimed the attack."
)
OWN = (
    "Four commuters died and nine were hurt when a bomb exploded at Multan's bus station, a reporter at the scene was "
    "told by the rescue service. Witnesses described smoke rolling out of the waiting hall and shoes on the pavement. "
    "A ticket clerk said that she had seen a man put a bag down and walk off. Buses are leaving from the fairground until "
    "the station has been searched, the town council said, and relatives are asked to call the district hospital."
)
HEAD = "Terminal blast kills four, wounds nine: staff report from our city desk."


def member(number: int, text: str, origin: str = "") -> Member:
    article = Article(id=str(number), text=text, source=origin or f"paper{number}.example", published=NOON)
    ref = ArticleRef(id=article.id, source=article.source, origin=track.origin_of(article, {}))
    report = Report(news=News.EVENT, kind="bombing", codes=Codes())
    return Member(article=ref, report=report, sketch=track.sketch(article))


def test_a_wire_reprinted_ten_times_is_one_origin() -> None:
    assert independent_origins([member(i, f"{HEAD if i % 2 else ''} {WIRE}") for i in range(10)]) == 1


def test_a_reprint_cut_to_its_first_half_is_no_second_origin() -> None:
    assert independent_origins([member(1, WIRE), member(2, WIRE[: len(WIRE) // 2])]) == 1


def test_two_reporters_on_one_event_are_two_origins() -> None:
    assert independent_origins([member(1, WIRE), member(2, OWN), member(3, WIRE)]) == 2


def test_two_texts_of_one_outlet_are_one_origin() -> None:
    assert independent_origins([member(1, WIRE, "post.example"), member(2, OWN, "post.example")]) == 1


TEASER = (
    "At least four people were killed and nine wounded when a bomb went off at a bus terminal in Multan, police said."
)


def test_a_teaser_reprinted_under_three_titles_is_one_origin() -> None:
    titles = ("Bomb kills four in Multan", "Blast at bus terminal: what we know", "Pakistan: terminal attack")
    told = [
        msgspec.structs.replace(
            member(i, TEASER), sketch=track.sketch(Article(id=str(i), title=title, text=f"{TEASER}{end}"))
        )
        for i, (title, end) in enumerate(zip(titles, ("", " Read more...", ""), strict=True))
    ]
    assert independent_origins(told) == 1


def test_two_teasers_of_two_reporters_are_two_origins() -> None:
    other = (
        "A bomb at Multan's bus station left four commuters dead and nine hurt on Tuesday morning, rescue workers said."
    )
    assert independent_origins([member(1, TEASER), member(2, other)]) == 2


def test_a_line_is_too_short_to_be_a_copy() -> None:
    assert (
        independent_origins([member(1, "Blast in Multan kills four."), member(2, "Blast in Multan kills four.")]) == 2
    )


def test_the_order_of_articles_changes_nothing() -> None:
    members = [member(1, WIRE), member(2, OWN), member(3, f"{HEAD} {WIRE}"), member(4, OWN[:300])]
    assert {
        independent_origins(members),
        independent_origins(members[::-1]),
        independent_origins(members[2:] + members[:2]),
    } == {2}


@pytest.mark.parametrize(
    "title",
    [
        "WITHDRAWN: Blast at Multan bus terminal",
        "Kill notice: Multan blast",
        "Retraction - Multan blast",
    ],
)
def test_a_title_withdraws_its_article(title: str) -> None:
    assert track.is_withdrawn(Article(id="a", title=title, text=WIRE))


@pytest.mark.parametrize(
    "text",
    [
        "This story has been withdrawn because its source could not be confirmed.",
        "Our report on a blast in Multan was removed: it described a drill.",
        "The agency has withdrawn its story of Tuesday about a blast in Multan.",
        "Editors, please kill the story about a blast in Multan.",
    ],
)
def test_an_opening_withdraws_its_article(text: str) -> None:
    assert track.is_withdrawn(Article(id="a", title="Multan", text=text))


@pytest.mark.parametrize(
    "text",
    [
        WIRE,
        "Troops were withdrawn from the town after the blast, a report said.",
        "The candidate retracted his statement about the blast.",
        "The wounded have been removed to hospital, the report said.",
        "A statement on the blast was withdrawn by the ministry an hour later.",
    ],
)
def test_other_withdrawals_withdraw_nothing(text: str) -> None:
    assert not track.is_withdrawn(Article(id="a", title="Multan", text=text))


def cap(kind: str, references: str = "") -> bytes:
    return f"""<?xml version="1.0"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>two</identifier>
    <sender>flood@office.example</sender><sent>2025-03-04T12:00:00+00:00</sent><status>Actual</status>
    <msgType>{kind}</msgType><scope>Public</scope>{references}<info><category>Met</category><event>Flood</event>
    <urgency>Immediate</urgency><severity>Severe</severity><certainty>Observed</certainty>
    <description>The river is over its banks.</description></info></alert>""".encode()


def test_an_update_of_a_warning_replaces_the_first_one() -> None:
    first, second = (f"flood@office.example,{name},2025-03-04T10:00:00+00:00" for name in ("one", "x"))
    said = f"<references>{first} {second}</references>"
    article = parse(cap("Update", said)).articles[0]
    assert (article.id, article.revises, article.withdrawn) == ("two", "one", False)


def test_a_cancelled_warning_is_withdrawn() -> None:
    said = "<references>flood@office.example,one,2025-03-04T10:00:00+00:00</references>"
    article = parse(cap("Cancel", said)).articles[0]
    assert (article.revises, article.withdrawn) == ("one", True)


def test_a_first_warning_revises_nothing() -> None:
    article = parse(cap("Alert")).articles[0]
    assert (article.revises, article.withdrawn) == ("", False)
