"""What the stages found is counted by country and kind, and corrections are taken off."""

import pytest
from prometheus_client import REGISTRY

from agents import counting
from monitor.stage import Step
from schemas.alert import Alert
from schemas.delta import Delta, IncidentSnapshot
from schemas.reasons import AlertReason, DeltaReason, Silence
from schemas.report import Count, Place


def count(number):
    return None if number is None else Count(low=number, best=number, high=number)


def delta(reason, measure, before, after, *, country="QA", background=False):
    place = Place(name="Doha", precision="town", country_code=country) if country else None
    incident = IncidentSnapshot(
        incident_id="i",
        kind="attack",
        event_type="ied",
        place=place,
        killed=count(after),
        background=background,
    )
    return Delta(
        delta_id="d",
        subject="country:QA",
        article_id="a",
        measure=measure,
        reason=reason,
        before=count(before),
        after=count(after),
        incident=incident,
    )


def reported(country, direction):
    labels = {"country": country, "measure": "killed", "direction": direction}
    return REGISTRY.get_sample_value("news_monitor_reported_people_total", labels) or 0.0


@pytest.mark.parametrize(
    ("given", "country", "moved"),
    [
        (delta(DeltaReason.CREATED, "incident", None, 4), "QA", (4, 0)),
        (delta(DeltaReason.RAISED, "killed", 4, 6), "QA", (2, 0)),
        (delta(DeltaReason.LOWERED, "killed", 6, 5), "QA", (0, 1)),
        (delta(DeltaReason.FIRST_FIGURE, "killed", None, 3, country=None), "ZZ", (3, 0)),
        (delta(DeltaReason.FILLED_IN, "weapon", None, 7), "QA", (0, 0)),
        (delta(DeltaReason.CREATED, "incident", None, 300, background=True), "QA", (0, 0)),
    ],
)
def test_people_are_counted_by_how_the_best_figure_moves(given, country, moved):
    was = reported(country, "raised"), reported(country, "lowered")
    step = Step(outputs=(given,))
    assert counting.tracked(step) is step
    assert reported(country, "raised") - was[0] == moved[0]
    assert reported(country, "lowered") - was[1] == moved[1]


def test_alerts_and_silences_are_told_apart():
    told = Alert(
        alert_id="a",
        kind="strike",
        reason=AlertReason.NEW_STRIKE,
        subject="country:QA",
        article_id="x",
        title="t",
        text="t",
    )
    labels = {"reason": "stale"}
    before = REGISTRY.get_sample_value("news_monitor_silences_total", labels) or 0.0
    counting.decided(Step(outputs=(told,), reasons=(AlertReason.NEW_STRIKE, Silence.STALE)))
    assert REGISTRY.get_sample_value("news_monitor_silences_total", labels) == before + 1
    assert REGISTRY.get_sample_value(
        "news_monitor_alerts_total", {"kind": "strike", "country": "ZZ"}
    )
    assert not REGISTRY.get_sample_value("news_monitor_silences_total", {"reason": "new_strike"})
