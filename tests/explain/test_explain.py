"""An explanation names every trigger with its reason and the line of its rule, and underlines what was read."""

import io
import json
from pathlib import Path

import pytest

from monitor import explain
from monitor.alerts.policy import AlertPolicy, Watch
from monitor.errors import InputError
from monitor.replay import ReplaySettings

ROOT = Path(__file__).parents[2]
ARTICLE = {
    "id": "x1",
    "published": "2026-03-04T08:00:00Z",
    "title": "Car bomb kills four in Kirkuk",
    "text": (
        "A car bomb exploded at a market in the Iraqi city of Kirkuk on Wednesday, killing four people, "
        "police said. Nurses in the city have been on strike since Monday."
    ),
}


def given(value, **how):
    return io.BytesIO(json.dumps(value, **how).encode() + b"\n")


@pytest.fixture(scope="module")
def told():
    out = io.StringIO()
    explain.run(given(ARTICLE), out, ReplaySettings(), as_json=True)
    return json.loads(out.getvalue())


@pytest.mark.slow
def test_each_trigger_has_its_reason_and_rule(told):
    triggers = [t for s in told["sentences"] for t in s["triggers"]]
    assert any(t["kept"] for t in triggers)
    assert any(t["why"] == "labour" and not t["kept"] for t in triggers)
    for trigger in triggers:
        path, _, line = trigger["rule"].rpartition(":")
        assert trigger["why"].upper() in (ROOT / path).read_text().splitlines()[int(line) - 1]


@pytest.mark.slow
def test_facts_lie_where_they_are_said_to(told):
    spots = [
        f for s in told["sentences"] if s["field"] == "text" for f in s["facts"] + s["triggers"]
    ]
    assert spots
    assert all(ARTICLE["text"][f["start"] : f["end"]] == f["text"] for f in spots)


@pytest.mark.slow
def test_the_decisions_tell_the_alert(told):
    assert next(d["alerts"] for d in told["decisions"] if d["stage"] == "alert")[0].startswith(
        "Bombing"
    )


@pytest.mark.slow
def test_the_decisions_are_those_of_the_configured_watches():
    """Why nobody was told is a question about their watches, not about the usual ones."""
    out = io.StringIO()
    grave = AlertPolicy(watches=(Watch(name="grave", min_killed=50),))
    explain.run(given(ARTICLE), out, ReplaySettings(alert=grave), as_json=True)
    alert = next(d for d in json.loads(out.getvalue())["decisions"] if d["stage"] == "alert")
    assert [reason["why"] for reason in alert["reasons"]] == ["below_threshold"]
    assert alert["alerts"] == []


@pytest.mark.slow
def test_on_a_terminal_it_reads_as_sentences_with_reasons():
    out = io.StringIO()
    explain.run(given(ARTICLE, indent=1), out, ReplaySettings(), as_json=False)
    shown = out.getvalue()
    assert "kept " in shown
    assert "dropped strike [" in shown
    assert "labour" in shown
    assert "alert: Bombing" in shown


def test_what_is_no_article_is_told():
    with pytest.raises(InputError, match="not an article"):
        explain.run(given([1, 2]), io.StringIO(), ReplaySettings(), as_json=False)


def test_a_reason_is_found_where_it_is_given():
    assert explain.where("labour", "extract").startswith("monitor/extract/events/")
    assert explain.where("stale", "alerts").startswith("monitor/alerts/silences.py:")
    assert explain.where("no_such_reason", "alerts") is None
