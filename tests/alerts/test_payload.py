"""The webhook's body: a CloudEvent that is the same bytes for the same alert, graded in CAP's words."""

import json
from datetime import UTC, date, datetime
from importlib import resources

import pytest
from jsonschema import Draft202012Validator

from monitor import policies
from monitor.alerts.cap import GradeRule, grade
from monitor.alerts.digests import digest_of
from monitor.alerts.notices import sink_disabled
from monitor.alerts.payload import Origin, body, event
from monitor.alerts.rehearsal import KINDS, rehearsal
from monitor.alerts.text import in_language
from monitor.alerts.wording import languages
from monitor.config import Config
from schemas.alert import Alert
from schemas.delta import IncidentSnapshot, SourceClaim
from schemas.reasons import AlertKind, AlertReason, EventType, Kind
from schemas.report import Count, DayRange, Place
from schemas.sink import SinkState

FETCHED = datetime(2026, 3, 1, 12, 0, 30, tzinfo=UTC)
PUBLISHED = datetime(2026, 3, 1, 12, tzinfo=UTC)


def known(killed=None, injured=None, casualties=None, sources=1):
    return IncidentSnapshot(
        incident_id="in_1",
        kind=Kind.ATTACK,
        event_type=EventType.IED,
        date=DayRange(first=date(2026, 3, 1), last=date(2026, 3, 1)),
        place=Place(name="Kirkuk", country="Iraq", country_code="IQ", lat=35.47, lon=44.39),
        killed=killed,
        injured=injured,
        casualties=casualties,
        independent_sources=sources,
    )


def alert(**more):
    fields = {
        "alert_id": "al_1",
        "kind": AlertKind.ATTACK,
        "reason": AlertReason.NEW_ATTACK,
        "subject": "country:IQ",
        "article_id": "a1",
        "incident_id": "in_1",
        "title": "Bombing in Kirkuk",
        "text": "Two killed.",
        "incident": known(),
        "published": PUBLISHED,
        "fetched_at": FETCHED,
        "sources": (
            SourceClaim(source="One", article_id="a1", url="https://one.example/1"),
            SourceClaim(source="Two", article_id="a2", copy_of="One"),
        ),
    }
    return Alert(**(fields | more))


def exactly(n):
    return Count(low=n, best=n, high=n)


def test_it_is_a_cloudevent_about_the_incident():
    told = json.loads(body(alert()))
    assert told["specversion"] == "1.0"
    assert told["type"] == "news.monitor.incident.created.v1"
    assert (told["id"], told["subject"], told["time"]) == ("al_1", "in_1", "2026-03-01T12:00:30Z")
    assert told["data"]["published_to_fetched_s"] == 30.0
    assert [s["independent"] for s in told["data"]["sources"]] == [True, False]


NOTICE = sink_disabled(
    SinkState(sink="desk", at=FETCHED, disabled_at=FETCHED),
    AlertReason.SINK_GONE,
    ["other"],
    step="1",
)
EVERY = [
    alert(),
    *(rehearsal("Hello", kind, (), FETCHED) for kind in KINDS),
    digest_of([alert(), alert(alert_id="al_2")], FETCHED, "en"),
    NOTICE,
]


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("told", EVERY, ids=[f"{a.kind}-{a.status}" for a in EVERY])
def test_every_event_follows_the_published_schema(told, language):
    schema = json.loads((resources.files("schemas") / "json" / "webhook.json").read_text())
    raw = body(in_language(told, language), language=language)
    errors = Draft202012Validator(schema).iter_errors(json.loads(raw))
    assert [e.message for e in errors] == []


def test_a_digest_tells_its_alerts_and_is_as_grave_as_the_gravest():
    mild = alert(incident=known(injured=exactly(3)))
    grave = alert(alert_id="al_2", incident=known(killed=exactly(30)))
    told = json.loads(body(digest_of([mild, grave], FETCHED, "en")))
    assert told["type"] == "news.monitor.digest.v1"
    assert [part["alert_id"] for part in told["data"]["alerts"]] == ["al_1", "al_2"]
    assert told["data"]["severity"] == {"value": "Extreme", "rule": "gravest_of_the_digest"}
    assert told["subject"] == "in_1"


def test_later_alerts_of_an_incident_name_the_earlier_ones_and_rise_in_revision():
    later = alert(alert_id="al_2", references=("al_1",), revision=2, msg_type="update")
    data = json.loads(body(later))["data"]
    assert (data["references"], data["revision"], data["msg_type"]) == (["al_1"], 2, "update")


def test_the_same_alert_gives_the_same_bytes():
    assert body(alert()) == body(alert())


def test_a_link_to_the_board_is_there_where_a_board_is():
    assert event(alert())["data"]["links"] == {}
    linked = event(alert(), origin=Origin(board_url="https://board.example/"))["data"]["links"]
    assert linked == {"incident": "https://board.example/incidents/in_1"}


SEVERITY = [
    ({}, "Unknown", GradeRule.TOLL_UNKNOWN),
    ({"killed": exactly(0), "injured": exactly(0)}, "Minor", GradeRule.NOBODY_HURT),
    ({"injured": exactly(3)}, "Moderate", GradeRule.SOMEBODY_HURT),
    ({"casualties": Count(low=19, best=19, high=None)}, "Moderate", GradeRule.SOMEBODY_HURT),
    ({"killed": exactly(1)}, "Severe", GradeRule.SOMEBODY_KILLED),
    ({"killed": Count(low=12, best=None, high=None)}, "Severe", GradeRule.SOMEBODY_KILLED),
    ({"killed": exactly(25)}, "Extreme", GradeRule.MANY_KILLED),
    ({"killed": exactly(2), "injured": exactly(98)}, "Extreme", GradeRule.MANY_KILLED),
]


@pytest.mark.parametrize(("figures", "word", "rule"), SEVERITY)
def test_severity_follows_the_toll(figures, word, rule):
    severity = grade(alert(incident=known(**figures))).severity
    assert (severity.value, severity.rule) == (word, rule)


@pytest.mark.parametrize(("sources", "word"), [(1, "Likely"), (2, "Observed")])
def test_certainty_rises_with_a_second_independent_source(sources, word):
    assert grade(alert(incident=known(sources=sources))).certainty.value == word


def test_the_source_is_the_one_that_is_configured():
    """Two monitors that post to one receiver are told apart by it (CloudEvents 1.0.2, "source")."""
    assert event(alert())["source"] == "/news-monitor"
    ours = Origin(source="https://monitor.example.org/beirut")
    assert event(alert(), origin=ours)["source"] == ours.source
    config = Config.model_validate({"alert": {"source": ours.source}})
    assert policies.origin(config).source == ours.source
    with pytest.raises(ValueError, match="source"):
        Config.model_validate({"alert": {"source": "two words"}})
