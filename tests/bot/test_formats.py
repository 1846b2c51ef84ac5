"""Incidents as files that other programs read: valid by their formats' rules, and read back the same."""

import re
from datetime import timedelta

import msgspec
import pytest
from fakes import NOW, PLACES, report
from lxml import etree
from talking import message, say_to
from test_notifications import happen

from bot.export import FORMATS
from bot.export.cap import NAMESPACE, document
from bot.export.frame import PLAIN
from extract.feeds import parse
from extract.types import ArticleRef, Incident, Lifecycle, Place, Precision

# element -> values allowed, in the order of the standard's tables 3.2.1 and 3.2.2
ALERT = ["identifier", "sender", "sent", "status", "msgType", "scope", "note", "references", "incidents", "info"]
INFO = [
    "language", "category", "event", "responseType", "urgency", "severity", "certainty", "onset", "headline",
    "description", "web", "parameter", "area",
]  # fmt: skip
VALUES = {
    "status": {"Actual"},
    "msgType": {"Alert", "Update", "Cancel"},
    "scope": {"Public"},
    "category": {
        "Geo",
        "Met",
        "Safety",
        "Security",
        "Rescue",
        "Fire",
        "Health",
        "Env",
        "Transport",
        "Infra",
        "CBRNE",
        "Other",
    },
    "responseType": {"AllClear"},
    "urgency": {"Immediate", "Expected", "Future", "Past", "Unknown"},
    "severity": {"Extreme", "Severe", "Moderate", "Minor", "Unknown"},
    "certainty": {"Observed", "Likely", "Possible", "Unlikely", "Unknown"},
}
REQUIRED = {"identifier", "sender", "sent", "status", "msgType", "scope", "info"}
REQUIRED_INFO = {"category", "event", "urgency", "severity", "certainty"}


def incident(version=1, *, lifecycle=Lifecycle.NEW, place=PLACES["Karachi"], summary="Bombing in Karachi: 4 killed"):
    ref = ArticleRef(id="a1", url="https://post.example/1?a=1&b=2", source="post.example", title="x")
    return Incident(
        id="abc23456", version=version, lifecycle=lifecycle, first_seen=NOW, last_seen=NOW + timedelta(minutes=version),
        facts=report(killed=4, day="2026-03-02", place=place), origins=1, articles=(ref,), summary=summary,
    )  # fmt: skip


def local(element):
    return etree.QName(element).localname


@pytest.mark.parametrize(
    "one",
    [
        incident(),
        incident(3),
        incident(4, lifecycle=Lifecycle.RETRACTED),
        msgspec.structs.replace(incident(2), merged_into="xyz23456"),
        incident(place=None),
        incident(place=Place(name="Sindh", country="PK", lat=26.0, lon=68.0, precision=Precision.PROVINCE)),
        incident(summary="a < b & c \x0b \U0001f525" + "x" * 9000),
    ],
)
def test_a_cap_message_keeps_the_standards_order_values_and_required_parts(one):
    root = etree.fromstring(document(one))
    assert etree.QName(root).namespace == NAMESPACE
    names = [local(child) for child in root]
    assert names == sorted(names, key=ALERT.index) and set(names) >= REQUIRED
    info = root.find(f"{{{NAMESPACE}}}info")
    parts = [local(child) for child in info]
    assert parts == sorted(parts, key=INFO.index) and set(parts) >= REQUIRED_INFO
    for element in root.iter():
        if local(element) in VALUES:
            assert element.text in VALUES[local(element)]
        if local(element) in ("sent", "onset"):
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d", element.text)
        if local(element) in ("identifier", "sender"):
            assert not re.search(r"[\s,<&]", element.text)


def test_a_province_has_no_circle_and_a_city_has():
    assert b"<circle>24.8600,67.0100 15</circle>" in document(incident())
    province = Place(name="Sindh", country="PK", lat=26.0, lon=68.0, precision=Precision.PROVINCE)
    assert b"circle" not in document(incident(place=province))


def test_the_chain_of_messages_is_read_back_as_one_article_that_is_revised_and_withdrawn():
    first, later = parse(document(incident())).articles[0], parse(document(incident(3))).articles[0]
    gone = parse(document(incident(4, lifecycle=Lifecycle.RETRACTED))).articles[0]
    assert (first.id, first.revises) == ("abc23456.1", "")
    assert (later.revises, later.withdrawn) == ("abc23456.1", False)
    assert (gone.revises, gone.withdrawn) == ("abc23456.1", True)


@pytest.mark.parametrize("form", ["atom", "rss", "cap"])
def test_feeds_are_read_back_newest_first(form):
    other = msgspec.structs.replace(incident(9), id="xyz23456", summary="Fire in Lahore & more <b>")
    read = parse(FORMATS[form].write([incident(), other], PLAIN))
    assert not read.problems
    assert [article.title for article in read.articles] == ["Fire in Lahore & more <b>", "Bombing in Karachi: 4 killed"]
    assert read.articles[1].url == "https://post.example/1?a=1&b=2"


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_is_a_whole_document_too(form):
    made = FORMATS[form].write([], PLAIN)
    assert made == b"" if form == "jsonl" else made


@pytest.mark.usefixtures("simple_tracking")
@pytest.mark.parametrize("form", FORMATS)
async def test_files_in_chat(store, chatting, wire, form):
    happen(store, "a")
    await say_to(chatting, wire, message(f"/export {form} Karachi"))
    assert wire.asked[-1][0] == "sendDocument"


async def test_unknown_formats_and_empty_results_are_said(chatting, wire):
    assert "In which format?" in (await say_to(chatting, wire, message("/export pdf")))[0]
    assert "No incidents" in (await say_to(chatting, wire, message("/export csv Karachi")))[0]
