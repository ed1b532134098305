"""Silences and what goes out, from the command line: what is refused before anything is asked of Kafka."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from monitor.cli.main import app
from monitor.cli.times import ago, ahead, duration
from monitor.errors import InputError

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TIMES = [
    ("7d", NOW - timedelta(days=7), NOW + timedelta(days=7)),
    ("12h", NOW - timedelta(hours=12), NOW + timedelta(hours=12)),
    ("30m", NOW - timedelta(minutes=30), NOW + timedelta(minutes=30)),
    ("2026-03-02", NOW + timedelta(hours=12), NOW + timedelta(hours=12)),
    ("2026-03-01T15:00+03:00", NOW, NOW),
]


@pytest.mark.parametrize(("text", "before", "after"), TIMES, ids=[t[0] for t in TIMES])
def test_a_time_or_a_span_of_time(text, before, after):
    assert ago(text, "--since", NOW) == before
    assert ahead(text, "--until", NOW) == after


@pytest.mark.parametrize("text", ["", "soon", "-1d", "1y", "d", "²d", "99999999999999d"])
def test_what_is_no_time_is_told(text):
    with pytest.raises(InputError, match="--since takes"):
        ago(text, "--since", NOW)


def test_a_span_of_any_length_can_be_counted():
    assert ahead("999999999d", "--until", NOW) > NOW
    assert duration("999999999d") == timedelta(days=36_500)


REFUSED = [
    ("nothing to match", ["--until", "2h"], "say what is to be silenced"),
    ("only a sink", ["--until", "2h", "--sink", "desk"], "say what is to be silenced"),
    ("over already", ["--until", "2020-01-01", "--country", "IQ"], "over before it begins"),
    (
        "ends before it begins",
        ["--until", "1h", "--from", "2h", "--country", "IQ"],
        "over before it begins",
    ),
    ("an empty value", ["--until", "2h", "--place", " "], "would match everything"),
    ("too long", ["--until", "2h", "--place", "x" * 300], "characters at most"),
    ("another sink", ["--until", "2h", "--country", "IQ", "--sink", "nobody"], "no sink is named"),
]


@pytest.mark.parametrize(("_why", "given", "told"), REFUSED, ids=[r[0] for r in REFUSED])
def test_a_silence_that_cannot_be_meant_is_refused(_why, given, told):
    result = CliRunner().invoke(app, ["silence", "add", *given])
    assert isinstance(result.exception, InputError)
    assert told in str(result.exception)


@pytest.mark.slow
def test_a_replay_respects_silences(tmp_path):
    article = {
        "id": "1",
        "title": "Car bomb kills four in Kirkuk market",
        "text": "A car bomb killed four people and injured 11 in a market in Kirkuk on Tuesday, police said.",
        "published": "2026-03-03T10:00:00Z",
        "source": "Wire",
    }
    day = {"starts_at": "2026-03-03T00:00:00Z", "ends_at": "2026-03-04T00:00:00Z"}
    mute = {"mute_id": "sil-1", "made_at": day["starts_at"], "countries": ["IQ"]} | day
    articles, silences = tmp_path / "articles.jsonl", tmp_path / "silences.jsonl"
    articles.write_text(json.dumps(article) + "\n")
    kinds = []
    for text in ("", json.dumps(mute) + "\n"):
        silences.write_text(text)
        result = CliRunner().invoke(app, ["replay", str(articles), "--silences", str(silences)])
        assert result.exit_code == 0, result.output
        kinds.append([json.loads(line)["type"] for line in result.stdout.splitlines()])
    assert kinds == [["article", "delta", "alert"], ["article", "delta"]]


def test_a_file_that_holds_no_silences_is_told(tmp_path):
    path = tmp_path / "silences.jsonl"
    path.write_text("{}\n")
    result = CliRunner().invoke(app, ["replay", str(path), "--silences", str(path)])
    assert isinstance(result.exception, InputError)
    assert "not a silence" in str(result.exception)


@pytest.mark.parametrize("kind", ["digest", "notice", "earthquake"])
def test_a_test_alert_is_of_a_kind_that_people_get(kind):
    result = CliRunner().invoke(app, ["send-test-alert", "--kind", kind])
    assert isinstance(result.exception, InputError)
    assert "attack, strike, condemnation, update" in str(result.exception)
