"""A public warning becomes one record with its severity and area; what updates or cancels it changes that record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from structured import Desk, actions

from extract import Extractor
from extract.feeds import parse
from extract.types import Action, Certainty, Lifecycle, Precision, Severity, Stage, Status, Urgency

FOLDER = Path(__file__).parent / "extract" / "feeds"
NWS, METEOALARM = (FOLDER / "cap_nws.xml").read_bytes(), (FOLDER / "cap_meteoalarm.xml").read_bytes()
INDEX, ALERTS = "https://weather.example/alerts/active.atom", "https://alerts.example/cap"


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor()


@pytest.fixture
def desk(tmp_path: Path, extractor: Extractor) -> Iterator[Desk]:
    with Desk(tmp_path, extractor) as made:
        yield made


def alert(
    identifier: str = "A1",
    *,
    event: str = "Flash Flood Warning",
    kind: str = "Alert",
    references: str = "",
    severity: str = "Severe",
    certainty: str = "Observed",
    urgency: str = "Immediate",
    area: str = "<areaDesc>Peshawar, Pakistan</areaDesc><polygon>34.1,71.4 34.1,71.7 33.9,71.7 33.9,71.4 34.1,71.4</polygon>",
    sent: str = "2026-11-30T08:30:00+00:00",
    status: str = "Actual",
    scope: str = "Public",
    extra: str = "",
    headline: str = "",
    sender: str = "warnings@met.example",
) -> str:
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
  <identifier>{identifier}</identifier><sender>{sender}</sender><sent>{sent}</sent>
  <status>{status}</status><msgType>{kind}</msgType><scope>{scope}</scope>
  {f"<references>{references}</references>" if references else ""}
  <info>
    <language>en</language><category>Met</category><event>{event}</event>
    <urgency>{urgency}</urgency><severity>{severity}</severity><certainty>{certainty}</certainty>
    <onset>2026-11-30T08:00:00+00:00</onset><expires>2026-11-30T20:00:00+00:00</expires>
    <headline>{headline or event}</headline><description>Water is rising fast.</description>
    {extra}<area>{area}</area>
  </info>
</alert>"""


def named(identifier: str) -> str:
    return f"warnings@met.example,{identifier},2026-11-30T08:30:00+00:00"


# ------------------------------------------------------------------ what an alert says


def test_an_alert_is_a_report_with_its_own_severity_urgency_certainty_and_area(extractor: Extractor) -> None:
    [article] = parse(alert().encode()).articles
    [report] = extractor.extract(article).reports
    assert (report.kind, report.severity, report.urgency, report.certainty, report.stage) == (
        "flood",
        Severity.SEVERE,
        Urgency.IMMEDIATE,
        Certainty.OBSERVED,
        Stage.ACCOMPLISHED,
    )
    assert report.place is not None
    assert (report.place.country, report.place.precision) == ("PK", Precision.DISTRICT)
    assert report.when is not None and report.when.start == "2026-11-30"
    assert report.evidence["kind"][0].quote == "Flash Flood Warning"


@pytest.mark.parametrize(
    ("certainty", "urgency", "stage"),
    [
        ("Observed", "Immediate", Stage.ACCOMPLISHED),
        ("Likely", "Expected", Stage.THREATENED),
        ("Possible", "Future", Stage.THREATENED),
        ("Unlikely", "Future", Stage.THREATENED),
        ("Very Likely", "Immediate", Stage.THREATENED),
        ("Unknown", "Unknown", Stage.THREATENED),
    ],
)
def test_what_is_only_forecast_is_threatened_and_no_denial(
    desk: Desk, certainty: str, urgency: str, stage: Stage
) -> None:
    assert actions(desk.read(alert(certainty=certainty, urgency=urgency), ALERTS)) == [Action.NEW]
    facts = desk.records()[0].facts
    assert facts.stage is stage and facts.certainty is not Certainty.UNLIKELY


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("Tornado Warning", "storm"),
        ("Severe Thunderstorm Watch", "storm"),
        ("Coastal Flood Advisory", "flood"),
        ("Hurricane Warning", "storm"),
        ("Tsunami Warning", "tsunami"),
        ("Avalanche Warning", "avalanche"),
        ("Red Flag Warning", "wildfire"),
        ("Excessive Heat Warning", "extreme_weather"),
        ("Freeze Warning", "extreme_weather"),
        ("Ashfall Warning", "volcano"),
        ("Storm Surge Warning", "flood"),
        ("Debris Flow Warning", "landslide"),
        ("Dam Failure Warning", "flood"),
        ("Active Shooter", "shooting"),
        ("Bomb Threat", "threat"),
        ("Explosion", "explosion"),
        ("Hazardous Materials Warning", "chemical_release"),
        ("Radiological Hazard Warning", "radiological_incident"),
        ("Air Raid Alert", "air_strike"),
        ("Boil Water Advisory", "disease_outbreak"),
        ("AMBER Alert", "missing_person"),
        ("storm-force gusts", "storm"),
        ("High-temperature warning", "extreme_weather"),
        ("Forest fire danger", "wildfire"),
    ],
)
def test_the_event_says_the_kind(extractor: Extractor, event: str, kind: str) -> None:
    [article] = parse(alert(event=event).encode()).articles
    assert extractor.extract(article).reports[0].kind == kind


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("<eventCode><valueName>SAME</valueName><value>TOR</value></eventCode>", "storm"),
        ("<eventCode><valueName>SAME</valueName><value>FFW</value></eventCode>", "flood"),
        ("<parameter><valueName>awareness_type</valueName><value>9; avalanches</value></parameter>", "avalanche"),
        ("<parameter><valueName>awareness_type</valueName><value>12; Flooding</value></parameter>", "flood"),
    ],
)
def test_a_code_says_the_kind_in_every_language(extractor: Extractor, code: str, kind: str) -> None:
    document = alert(event="Unwetterwarnung", extra=code).replace("<language>en<", "<language>de<")
    [article] = parse(document.encode()).articles
    assert extractor.extract(article).reports[0].kind == kind


@pytest.mark.parametrize("event", ["Dense Fog Advisory", "Test Message", "911 Telephone Outage", "Beach Hazards", ""])
def test_an_alert_of_no_kind_of_incident_states_nothing(event: str) -> None:
    [article] = parse(alert(event=event).encode()).articles
    assert article.stated is None


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        # a circle, a large polygon of one province, one of several, codes and names alone, nothing at all
        ("<areaDesc>x</areaDesc><circle>34.01,71.58 12.0</circle>", ("PK", Precision.DISTRICT)),
        ("<areaDesc>Fresno, CA</areaDesc><geocode><valueName>SAME</valueName><value>006019</value></geocode>", ("US", Precision.DISTRICT)),
        ("<areaDesc>Foothills; Sierra Crest</areaDesc><geocode><valueName>UGC</valueName><value>CAZ310</value></geocode>", ("US", Precision.PROVINCE)),
        ("<areaDesc>Küste</areaDesc><geocode><valueName>EMMA_ID</valueName><value>DE037</value></geocode>", ("DE", Precision.COUNTRY)),
        ("<areaDesc>Νότια</areaDesc><geocode><valueName>NUTS3</valueName><value>EL301</value></geocode>", ("GR", Precision.COUNTRY)),
        ("<areaDesc>Berlin</areaDesc><geocode><valueName>EMMA_ID</valueName><value>DE202</value></geocode>", ("DE", Precision.DISTRICT)),
        ("<areaDesc>x</areaDesc><polygon>40.0,-123.0 40.0,-118.0 35.5,-118.0 35.5,-121.0</polygon>", ("US", Precision.PROVINCE)),
        ("<areaDesc>x</areaDesc><polygon>45.0,-120.0 45.0,-80.0 32.0,-80.0 32.0,-115.0</polygon>", ("US", Precision.COUNTRY)),
        ("<areaDesc>somewhere</areaDesc>", None),
        ("<areaDesc>x</areaDesc><polygon>-60.0,-150.0 -60.0,-140.0 -55.0,-140.0</polygon>", None),
        ("<areaDesc>x</areaDesc><polygon>12,nan 99.0,200.0 foo</polygon>", None),
    ],
)  # fmt: skip
def test_the_area_is_the_finest_place_that_holds_it_and_none_is_guessed(
    extractor: Extractor, area: str, expected: tuple[str, Precision] | None
) -> None:
    [article] = parse(alert(area=area).encode()).articles
    place = extractor.extract(article).reports[0].place
    assert (place and (place.country, place.precision)) == expected


def test_an_alert_in_several_languages_is_read_in_english() -> None:
    info = alert().partition("<info>")[2].partition("</info>")[0]
    spanish = info.replace(">en<", ">es<").replace("Flash Flood Warning", "Aviso de crecida")
    [article] = parse(alert().replace("<info>", f"<info>{spanish}</info><info>", 1).encode()).articles
    assert (article.lang, article.title) == ("en", "Flash Flood Warning")


@pytest.mark.parametrize(
    ("field", "value"),
    [("status", "Exercise"), ("status", "Test"), ("status", "Draft"), ("kind", "Ack"), ("kind", "Error"), ("scope", "Private"), ("scope", "Restricted")],
)  # fmt: skip
def test_what_is_no_real_alert_to_the_public_is_one_problem(field: str, value: str) -> None:
    feed = parse(alert(**{field: value}).encode())
    assert (feed.articles, len(feed.problems)) == ((), 1)


# ------------------------------------------------------------------ updates and cancellations


def test_an_update_changes_the_record_and_a_graver_one_makes_a_sound(desk: Desk) -> None:
    desk.read(alert("A1", severity="Moderate"), ALERTS)
    changes = desk.read(alert("A2", kind="Update", references=named("A1"), severity="Extreme"), ALERTS)
    assert (actions(changes), changes[0].because) == ([Action.REPLY], ("severity",))
    [record] = desk.records()
    assert (record.facts.severity, len(record.articles)) == (Severity.EXTREME, 1)


def test_an_update_may_also_lower_the_severity(desk: Desk) -> None:
    desk.read(alert("A1", severity="Extreme"), ALERTS)
    assert actions(desk.read(alert("A2", kind="Update", references=named("A1"), severity="Minor"), ALERTS)) == [
        Action.EDIT
    ]
    assert desk.records()[0].facts.severity is Severity.MINOR


def test_a_chain_of_updates_is_one_record_whichever_of_them_is_named(desk: Desk) -> None:
    desk.read(alert("A1"), ALERTS)
    desk.read(alert("A2", kind="Update", references=named("A1"), headline="Second"), ALERTS)
    desk.read(alert("A3", kind="Update", references=f"{named('A1')} {named('A2')}", headline="Third"), ALERTS)
    desk.read(alert("A4", kind="Update", references=named("A3"), headline="Fourth"), ALERTS)
    assert [len(record.articles) for record in desk.records()] == [1]


def test_an_update_whose_first_message_was_never_seen_starts_the_record(desk: Desk) -> None:
    assert actions(desk.read(alert("A2", kind="Update", references=named("A1")), ALERTS)) == [Action.NEW]
    desk.read(alert("A3", kind="Update", references=f"{named('A1')} {named('A2')}", headline="Third"), ALERTS)
    assert len(desk.records()) == 1


def test_a_cancelled_alert_is_retracted(desk: Desk) -> None:
    desk.read(alert("A1"), ALERTS)
    assert actions(desk.read(alert("A2", kind="Cancel", references=named("A1")), ALERTS)) == [Action.RETRACT]
    assert desk.records()[0].lifecycle is Lifecycle.RETRACTED


def test_a_cancelled_alert_leaves_what_the_news_tell(desk: Desk) -> None:
    desk.read(alert("A1"), ALERTS)
    desk.news(
        "Flash flood kills 5 in Peshawar",
        "A flash flood killed five people in Peshawar in north-western Pakistan on Monday, rescuers said.",
    )
    assert [len(record.articles) for record in desk.records()] == [2]
    desk.read(alert("A2", kind="Cancel", references=named("A1")), ALERTS)
    [record] = desk.records()
    assert record.lifecycle is not Lifecycle.RETRACTED and record.facts.killed.low == 5


def test_a_cancellation_of_what_was_never_seen_is_no_alert(desk: Desk) -> None:
    assert desk.read(alert("A9", kind="Cancel", references=named("A8")), ALERTS) == []
    assert desk.records() == []


def test_an_all_clear_ends_the_incident_and_does_not_retract_it(desk: Desk) -> None:
    desk.read(alert("A1"), ALERTS)
    clear = "<responseType>AllClear</responseType>"
    desk.read(alert("A2", kind="Update", references=named("A1"), urgency="Past", extra=clear), ALERTS)
    [record] = desk.records()
    assert record.facts.status is Status.ENDED and record.lifecycle is not Lifecycle.RETRACTED


def test_two_warnings_of_one_office_are_two_records(desk: Desk) -> None:
    desk.read(alert("A1"), ALERTS)
    desk.read(alert("B1", headline="Another river"), ALERTS)
    assert len(desk.records()) == 2


def test_warnings_that_name_one_incident_are_one_record(desk: Desk) -> None:
    for name in ("A1", "B1"):
        document = alert(name, headline=name).replace("<info>", "<incidents>kabul-river-2026</incidents><info>")
        desk.read(document, ALERTS)
    assert len(desk.records()) == 1


def test_an_attack_that_an_authority_warns_of_and_its_news_are_one_record(desk: Desk) -> None:
    area = "<areaDesc>Gothenburg</areaDesc><circle>57.71,11.97 5.0</circle>"
    desk.read(alert(event="Active Shooter", area=area, headline="Active shooter in central Gothenburg"), ALERTS)
    desk.news(
        "Gunman kills two at Gothenburg shopping centre",
        "A gunman opened fire at a shopping centre in Gothenburg, Sweden, on Monday morning, killing two people and "
        "wounding six, police said.",
        at=desk.now + timedelta(minutes=20),
    )
    [record] = desk.records()
    assert (len(record.articles), record.facts.killed.low, record.facts.severity) == (2, 2, Severity.SEVERE)


# ------------------------------------------------------------------ indexes


def test_an_index_of_the_us_weather_service_is_read_without_its_links(extractor: Extractor) -> None:
    feed = parse(NWS, base_url=INDEX)
    assert (feed.problems, len(feed.articles)) == ((), 3)
    tornado, fog, snow = feed.articles
    assert (tornado.id, fog.stated, snow.id) == ("vtec:KTSA.TO.W.0035.26", None, "vtec:KBOU.WS.W.0012.26")
    reports = [extractor.extract(one).reports[0] for one in (tornado, snow)]
    assert [(one.severity, one.stage, one.place and one.place.admin1) for one in reports] == [
        (Severity.EXTREME, Stage.ACCOMPLISHED, "Oklahoma"),
        (Severity.SEVERE, Stage.THREATENED, "Colorado"),
    ]
    assert reports[0].place is not None and reports[0].place.precision is Precision.DISTRICT


def test_the_us_weather_service_as_geojson_says_the_same_as_its_atom(desk: Desk) -> None:
    document = (FOLDER / "cap_nws.json").read_bytes()
    feed = parse(document, base_url="https://weather.example/alerts/active")
    tornado, flood = feed.articles
    assert (tornado.id, flood.revises) == ("vtec:KTSA.TO.W.0035.26", "urn:oid:2.49.0.1.840.0.bbb1.001.1")
    desk.read(document, "https://weather.example/alerts/active")
    desk.read(NWS, INDEX)
    records = {record.facts.severity: record for record in desk.records()}
    assert len(records[Severity.EXTREME].articles) == 1  # its page was told by the other list
    facts = [one.reports[0] for one in desk.extractor.extract_all((tornado, flood))]
    assert [(one.kind, one.stage, one.place and one.place.admin1) for one in facts] == [
        ("storm", Stage.ACCOMPLISHED, "Oklahoma"),
        ("flood", Stage.THREATENED, "Colorado"),
    ]


def test_areas_of_one_message_are_one_article(extractor: Extractor) -> None:
    feed = parse(METEOALARM, base_url="https://warnings.example/feeds/germany")
    assert [(one.id, one.stated and one.stated.places) for one in feed.articles] == [
        ("2.49.0.0.276.0.PVW.1.MUL", ("Berlin", "Kreis Oberspreewald-Lausitz")),
        ("2.49.0.1.724.0.ES.2", ("Valle del Guadalentín, Lorca y Águilas",)),
    ]
    assert feed.articles[0].text.endswith("Berlin; Kreis Oberspreewald-Lausitz")
    assert [one.reports[0].kind for one in extractor.extract_all(feed.articles)] == ["storm", "storm"]


def test_a_later_index_updates_the_event_by_its_number(desk: Desk) -> None:
    desk.read(NWS, INDEX)
    later = NWS.replace(b".aaa1.001.1", b".aaa1.002.1").replace(b"/O.NEW.KTSA", b"/O.CON.KTSA")
    later = later.replace(b"261130T0812Z-", b"000000T0000Z-").replace(b"moving east", b"now near Coweta, moving east")
    desk.read(later, INDEX)
    assert sorted(len(record.articles) for record in desk.records()) == [1, 1]


def test_alerts_inside_the_entries_of_an_index_are_read_whole() -> None:
    inner = alert("A1").partition("?>")[2]
    document = f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:cap="urn:oasis:names:tc:emergency:cap:1.2"><title>t</title><entry><id>1</id><title>x</title><content type="text/xml">{inner}</content></entry></feed>'
    [article] = parse(document.encode()).articles
    assert (article.id, article.title) == ("A1", "Flash Flood Warning")
    assert article.stated is not None and article.stated.kind == "flood"


# ------------------------------------------------------------------ documents that are damaged or hostile


@pytest.mark.parametrize("document", [NWS, METEOALARM, alert().encode()])
@pytest.mark.parametrize("share", [0.05, 0.2, 0.4, 0.6, 0.8, 0.97])
def test_a_document_that_was_cut_off_raises_nothing_and_is_read_as_far_as_it_goes(
    document: bytes, share: float
) -> None:
    feed = parse(document[: int(len(document) * share)])
    assert feed.articles or feed.problems or share < 0.4


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_a_changed_byte_raises_nothing(data: st.DataObject) -> None:
    document = bytearray(data.draw(st.sampled_from([NWS, METEOALARM, alert().encode()])))
    for _ in range(data.draw(st.integers(1, 4))):
        document[data.draw(st.integers(0, len(document) - 1))] = data.draw(st.integers(0, 255))
    parse(bytes(document))


def test_entities_are_not_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>'
    feed = parse(alert(event="&b;").replace("?>", f"?>{bomb}", 1).encode())
    assert all("aaaaaaaaaaaaaaaaaaaa" not in one.title + one.text for one in feed.articles)


def test_a_huge_area_and_list_of_references_are_cut(extractor: Extractor) -> None:
    corners = " ".join(f"{34 + n / 100_000},{71 + n / 100_000}" for n in range(60_000))
    names = "; ".join(f"Place {n}" for n in range(5_000))
    area = f"<areaDesc>{names}</areaDesc><polygon>{corners}</polygon>"
    references = " ".join(named(f"X{n}") for n in range(20_000))
    [article] = parse(alert(area=area, kind="Update", references=references).encode()).articles
    assert article.stated is not None
    assert len(article.stated.points) <= 60 and len(article.stated.places) <= 40 and len(article.stated.ids) <= 30
    assert extractor.extract(article).reports
