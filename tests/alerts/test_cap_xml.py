"""CAP 1.2 messages: the elements, order and forms of its section 3.2, whatever stands in a source's words."""

import string
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from made_alerts import FETCHED, KIRKUK, known, made
from msgspec.structs import replace

from monitor.alerts.cap_xml import NAMESPACE, cap_xml
from schemas.reasons import EventType, PlacePrecision

IN_ALERT = "identifier sender sent status msgType source scope restriction addresses code note references incidents info"
IN_INFO = (
    "language category event responseType urgency severity certainty audience eventCode effective onset expires "
    "senderName headline description instruction web contact parameter resource area"
)
IN_AREA = "areaDesc polygon circle geocode altitude ceiling"
MUST = {
    "alert": "identifier sender sent status msgType scope",
    "info": "category event urgency severity certainty",
    "area": "areaDesc",
}
CLOSED = {
    "status": "Actual Exercise System Test Draft",
    "msgType": "Alert Update Cancel Ack Error",
    "scope": "Public Restricted Private",
    "category": "Geo Met Safety Security Rescue Fire Health Env Transport Infra CBRNE Other",
    "urgency": "Immediate Expected Future Past Unknown",
    "severity": "Extreme Severe Moderate Minor Unknown",
    "certainty": "Observed Likely Possible Unlikely Unknown",
}


def tag(element):
    return element.tag.removeprefix(f"{{{NAMESPACE}}}")


def assert_follows(element, order):
    names = [tag(inner) for inner in element]
    places = [order.split().index(name) for name in names]
    assert places == sorted(places)
    assert set(MUST[tag(element)].split()) <= set(names)


def checked(alert, **more):
    root = etree.fromstring(cap_xml(alert, **more))
    info = root.find(f"{{{NAMESPACE}}}info")
    area = info.find(f"{{{NAMESPACE}}}area")
    assert_follows(root, IN_ALERT)
    assert_follows(info, IN_INFO)
    if area is not None:
        assert_follows(area, IN_AREA)
    for element in root.iter():
        if tag(element) in CLOSED:
            assert element.text in CLOSED[tag(element)].split()
    return root


def text(root, path):
    return root.findtext("/".join(f"{{{NAMESPACE}}}{part}" for part in path.split("/")))


TOLD = [
    ("identifier", "alr-1"),
    ("sent", "2026-03-01T12:00:30-00:00"),
    ("status", "Actual"),
    ("msgType", "Alert"),
    ("incidents", "inc-1"),
    ("info/event", "ied"),
    ("info/severity", "Severe"),
    ("info/onset", "2026-03-01T00:00:00-00:00"),
    ("info/web", "https://one.example/1"),
    ("info/area/areaDesc", "Kirkuk, Iraq"),
    ("info/area/circle", "35.47,44.39 5.0"),
    ("info/area/geocode/value", "IQ"),
]


@pytest.mark.parametrize(("path", "expected"), TOLD, ids=[p for p, _ in TOLD])
def test_an_alert_is_told_in_the_words_of_cap(path, expected):
    assert text(checked(made()), path) == expected


def test_an_update_names_the_earlier_alerts_whose_time_is_known():
    alert = made(3, msg_type="update", references=("alr-1", "alr-2"))
    root = checked(alert, sender="desk.example", sent_of={"alr-1": FETCHED})
    assert text(root, "references") == "desk.example,alr-1,2026-03-01T12:00:30-00:00"


def test_a_vague_place_has_no_circle():
    vague = known(place=replace(KIRKUK, precision=PlacePrecision.ADMIN1))
    assert text(checked(made(incident=vague)), "info/area/circle") is None


def test_a_chemical_attack_is_of_two_categories():
    root = checked(made(incident=known(event_type=EventType.CHEMICAL_WEAPON)))
    assert [e.text for e in root.iter(f"{{{NAMESPACE}}}category")] == ["Security", "CBRNE"]


@pytest.mark.parametrize("status", ["test", "system"])
def test_what_is_no_news_has_cap_s_status_for_it(status):
    alert = made(status=status, incident=None, incident_id=None)
    assert text(checked(alert), "status") == status.capitalize()


@given(st.text(), st.text(), st.text(alphabet=string.printable))
def test_no_words_of_a_source_break_the_document(title, words, name):
    alert = made(
        title=title,
        text=words,
        alert_id="a" + name,
        incident=known(place=replace(KIRKUK, name=name or "x")),
        published=datetime(1, 1, 1, tzinfo=UTC),
        fetched_at=None,
    )
    root = checked(alert)
    assert not set(text(root, "identifier")) & set(" ,<&\n\t")
