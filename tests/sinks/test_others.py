"""Console, file, Alertmanager and Apprise under the contract of a sink: failures are results."""

import asyncio
import json
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import httpx
import pytest
from delivery_records import event
from stopped import terminal

from monitor.sinks.alertmanager import (
    MAX_ANSWER_BYTES,
    Alertmanager,
    AlertmanagerConfig,
    as_alertmanager,
)
from monitor.sinks.apprise import Apprise, AppriseConfig
from monitor.sinks.base import SendResult
from monitor.sinks.console import MAX_WAITING, Console, ConsoleConfig
from monitor.sinks.file import File, FileConfig
from schemas.delta import IncidentSnapshot, SourceClaim
from schemas.reasons import EventType, Kind
from schemas.report import Count

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


async def test_the_console_prints_one_line_that_cannot_steer_the_terminal():
    out = StringIO()
    sink = Console(ConsoleConfig(name="console"), out)
    assert (await sink.send(event("Bombing\x1b[2J in\nKirkuk"), NOW)).ok
    assert out.getvalue() == "12:00:00  ATTACK  Bombing [2J in Kirkuk\n"


async def test_the_console_links_the_article_that_the_alert_is_from():
    sources = (
        SourceClaim(source="One", article_id="a0", url="https://one.example/0"),
        SourceClaim(source="Two", article_id="a1", url="https://two.example/1"),
    )
    out = StringIO()
    await Console(ConsoleConfig(name="console"), out).send(event(sources=sources), NOW)
    assert out.getvalue().endswith("https://two.example/1\n")


async def test_a_closed_console_is_a_failed_attempt():
    out = StringIO()
    out.close()
    assert not (await Console(ConsoleConfig(name="console"), out).send(event(), NOW)).ok


async def test_a_stopped_terminal_is_a_failed_attempt_and_prints_each_alert_once():
    with terminal() as given:
        sink = Console(ConsoleConfig(name="console"), given.stream, wait_s=0.05)
        given.stop()
        for _ in range(3):
            assert await sink.send(event(), NOW) == SendResult(
                ok=False, detail="the terminal takes nothing"
            )
        given.go_on()
        await taken(sink, event())
        await taken(sink, event("The next one"))
        assert given.shown("The next one\n").count("\n") == 2


async def test_few_lines_wait_for_a_stopped_terminal():
    with terminal() as given:
        sink = Console(ConsoleConfig(name="console"), given.stream, wait_s=0.001)
        given.stop()
        told = [replace(event(f"No {n}."), webhook_id=f"msg_{n}") for n in range(MAX_WAITING + 1)]
        results = [await sink.send(one, NOW) for one in told]
        assert results[-1].detail == f"{MAX_WAITING} lines wait for the terminal"
        given.go_on()
        for one in told:
            await taken(sink, one)
        lines = given.shown(f"No {MAX_WAITING}.\n").splitlines()
        assert [line.rsplit("  ", 1)[-1] for line in lines] == [
            f"No {n}." for n in range(MAX_WAITING + 1)
        ]


async def taken(sink, told):
    """Try until the sink took it, as deliveries do."""
    async with asyncio.timeout(20):
        while not (await sink.send(told, NOW)).ok:
            pass


async def test_the_file_gets_one_json_line_an_alert(tmp_path):
    sink = File(FileConfig(name="log", path=tmp_path / "alerts.jsonl"))
    for _ in range(2):
        assert (await sink.send(event(), NOW)).ok
    await sink.close()
    lines = (tmp_path / "alerts.jsonl").read_bytes().splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["al_1", "al_1"]


async def test_a_file_that_cannot_be_written_is_a_failed_attempt(tmp_path):
    sink = File(FileConfig(name="log", path=tmp_path / "missing" / "alerts.jsonl"))
    result = await sink.send(event(), NOW)
    assert (result.ok, "FileNotFoundError" in result.detail) == (False, True)


async def test_alertmanager_gets_labels_to_route_by():
    seen = []
    sink = Alertmanager(
        AlertmanagerConfig(name="am", url="http://am.example:9093"),
        transport=httpx.MockTransport(lambda r: seen.append(r) or httpx.Response(200)),
    )
    assert (await sink.send(event(), NOW)).ok
    (posted,) = json.loads(seen[0].content)
    assert seen[0].url.path == "/api/v2/alerts"
    assert posted["labels"]["alertname"] == "news_attack"
    assert posted["annotations"]["summary"] == "Bombing in Kirkuk"


def test_alertmanager_gets_the_severity_that_the_webhook_tells():
    known = IncidentSnapshot(
        incident_id="in_1",
        kind=Kind.ATTACK,
        event_type=EventType.IED,
        killed=Count(low=2, best=2, high=2),
    )
    given = event(incident=known)
    labels = as_alertmanager(given.alert, NOW, timedelta(hours=1))["labels"]
    told = json.loads(given.body)["data"]["severity"]["value"]
    assert (labels["severity"], told) == ("severe", "Severe")


async def test_an_alertmanager_that_is_away_is_a_failed_attempt():
    def away(_):
        raise httpx.ConnectError("refused")

    config = AlertmanagerConfig(name="am", url="http://am.example:9093")
    result = await Alertmanager(config, transport=httpx.MockTransport(away)).send(event(), NOW)
    assert (result.ok, result.status_code, result.detail) == (False, None, "ConnectError")


async def test_a_cancel_ends_all_that_is_held_of_its_incident():
    held = {"labels": {"incident": "in_1", "alert_id": "al_0"}, "startsAt": "2026-03-01T11:00:00Z"}
    seen = []

    def answer(request):
        seen.append(request)
        return httpx.Response(200, json=[held] if request.method == "GET" else None)

    config = AlertmanagerConfig(name="am", url="http://am.example:9093")
    sink = Alertmanager(config, transport=httpx.MockTransport(answer))
    assert (await sink.send(event(msg_type="cancel", incident_id="in_1"), NOW)).ok
    asked, posted = seen
    assert asked.url.params["filter"] == 'incident="in_1"'
    assert json.loads(posted.content) == [held | {"endsAt": NOW.isoformat()}]


async def test_the_alerts_of_a_digest_are_posted_one_by_one():
    seen = []
    sink = Alertmanager(
        AlertmanagerConfig(name="am", url="http://am.example:9093"),
        transport=httpx.MockTransport(lambda r: seen.append(r) or httpx.Response(200)),
    )
    parts = tuple(event(alert_id=f"al_{n}").alert for n in range(3))
    assert (await sink.send(event(parts=parts), NOW)).ok
    assert [a["labels"]["alert_id"] for a in json.loads(seen[0].content)] == [
        "al_0",
        "al_1",
        "al_2",
    ]


@pytest.mark.parametrize("raw", [b"<html>", b"{}", b'["x"]', b"null", b"\xff"])
async def test_an_alertmanager_that_answers_nonsense_is_a_failed_attempt(raw):
    config = AlertmanagerConfig(name="am", url="http://am.example:9093")
    garbage = httpx.MockTransport(lambda _: httpx.Response(200, content=raw))
    sink = Alertmanager(config, transport=garbage)
    result = await sink.send(event(msg_type="cancel"), NOW)
    assert (result.ok, result.status_code) == (False, None)


@pytest.mark.parametrize("kind", ["alert", "cancel"])
async def test_an_alertmanager_that_answers_without_end_is_a_failed_attempt(kind):
    pieces = []

    async def endless():
        while True:
            pieces.append(b"[" * 65536)
            yield pieces[-1]

    config = AlertmanagerConfig(name="am", url="http://am.example:9093")
    answering = httpx.MockTransport(lambda _: httpx.Response(200, content=endless()))
    sink = Alertmanager(config, transport=answering)
    assert not (await sink.send(event(msg_type=kind), NOW)).ok
    assert sum(map(len, pieces)) < 2 * MAX_ANSWER_BYTES


async def test_the_file_is_rotated_at_its_size_and_old_ones_are_dropped(tmp_path):
    path = tmp_path / "alerts.jsonl"
    sink = File(FileConfig(name="log", path=path, max_bytes=100_000, keep=2))
    for _ in range(6):
        assert (await sink.send(event(text="x" * 60_000), NOW)).ok
    await sink.close()
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "alerts.jsonl",
        "alerts.jsonl.1",
        "alerts.jsonl.2",
    ]
    assert all(p.stat().st_size < 130_000 for p in tmp_path.iterdir())


@pytest.mark.parametrize("ok", [True, False])
async def test_apprise_tells_whether_its_services_took_it(ok):
    class Notifier:
        def notify(self, title, body):
            return ok and title == "Bombing in Kirkuk"

    sink = Apprise(AppriseConfig(name="chat", urls=("json://x",)), Notifier())
    assert (await sink.send(event(), NOW)).ok is ok


async def test_a_service_that_hangs_keeps_no_other_sink_waiting(tmp_path):
    """As many hang as the process has threads to lend: the file is written all the same."""
    hanging = threading.Event()

    class Notifier:
        def notify(self, title, body):
            hanging.wait()

    config = AppriseConfig(name="chat", urls=("json://x",), timeout_s=0.05, max_concurrent=4)
    chats = [Apprise(config, Notifier()) for _ in range(20)]
    results = await asyncio.gather(*(chat.send(event(), NOW) for chat in chats for _ in range(4)))
    assert not any(result.ok for result in results)
    sink = File(FileConfig(name="log", path=tmp_path / "alerts.jsonl"))
    assert (await sink.send(event(), NOW)).ok
    hanging.set()
    for one in (*chats, sink):
        await one.close()


async def test_a_service_that_raises_is_a_failed_attempt_and_its_words_stay_unseen():
    class Notifier:
        def notify(self, title, body):
            raise KeyError("very-secret-token")

    result = await Apprise(AppriseConfig(name="chat", urls=("json://x",)), Notifier()).send(
        event(), NOW
    )
    assert (result.ok, result.detail) == (False, "KeyError")
