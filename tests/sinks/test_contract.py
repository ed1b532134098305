"""The contract of a sink, held by every kind in the registry: an attempt is a result, whatever is told and whoever fails."""

import asyncio
import io
import socket
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from endpoints import Endpoint, answer, say, takes
from made_alerts import known, made
from msgspec.structs import replace

from monitor.alerts.digests import digest_of
from monitor.alerts.notices import sink_disabled
from monitor.alerts.payload import body
from monitor.alerts.rehearsal import KINDS as REHEARSED
from monitor.alerts.rehearsal import rehearsal
from monitor.alerts.text import in_language
from monitor.sinks.base import Event, SendResult
from monitor.sinks.registry import KINDS, make
from schemas.reasons import AlertKind, AlertReason
from schemas.sink import SinkState

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
TOKEN = "tok-3f9a7c"


async def alertmanager(post):
    """As Alertmanager answers: a list of alerts to who asks, nothing to who posts."""
    raw = b"[]"
    await say(post, b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(raw), raw))
    return True


async def fails(post):
    await say(post, answer(500))
    return False


def alerts():
    """Everything that is ever sent to a sink, by name."""
    gone = SinkState(sink="other", at=NOW, failing_since=NOW, disabled_at=NOW, reason="gone")
    words = made(5, kind=AlertKind.CONDEMNATION, reason=AlertReason.NEW_CONDEMNATION, incident_id=None, incident=None)  # fmt: skip
    return {
        "attack": made(),
        "update": made(2, kind=AlertKind.UPDATE, reason=AlertReason.TOLL_RAISED, msg_type="update", references=("alr-1",)),
        "cancel": made(3, kind=AlertKind.UPDATE, reason=AlertReason.DISMISSED, msg_type="cancel", references=("alr-1",)),
        "words alone": words,
        "nothing known": made(6, incident=known(place=None, date=None, killed=None, injured=None), sources=()),
        "digest": digest_of([made(7), words], NOW, "en"),
        "sink disabled": sink_disabled(gone, AlertReason.SINK_GONE, ["sink"], step="1"),
        "arabic": in_language(made(8), "ar"),
        "hostile": made(9, title="\x1b[2J\u202eevil\r\nX: 1", text="<script>{{ .Labels }}\x00"),
    } | {f"test {kind}": rehearsal("Test", kind, (), NOW) for kind in REHEARSED}  # fmt: skip


ALERTS = alerts()


def event(alert):
    return Event(webhook_id=f"msg_{alert.alert_id}", alert=alert, body=body(alert))


@asynccontextmanager
async def http(kind, behave, **more):
    async with Endpoint(behave) as endpoint:
        url = {"webhook": endpoint.url + f"?{TOKEN}", "alertmanager": f"http://127.0.0.1:{endpoint.port}"}[kind]  # fmt: skip
        yield {"url": url, "timeout_s": 2, **more}


@asynccontextmanager
async def working(kind, tmp_path):
    """What configures a sink whose receiver takes everything."""
    if kind == "webhook":
        async with http(kind, takes, secrets=[SECRET], allow_private=["127.0.0.0/8"]) as fields:
            yield fields
    elif kind == "alertmanager":
        async with http(kind, alertmanager) as fields:
            yield fields
    elif kind == "file":
        yield {"path": str(tmp_path / "alerts.jsonl")}
    elif kind == "apprise":
        pytest.importorskip("apprise", reason="Apprise is an extra")
        async with Endpoint(alertmanager) as endpoint:
            yield {"urls": [f"json://127.0.0.1:{endpoint.port}/{TOKEN}"], "timeout_s": 5}
    else:
        yield {}


@asynccontextmanager
async def failing(kind, how, tmp_path, monkeypatch):
    """What configures a sink whose receiver is away, or fails."""
    if kind == "file":
        tmp_path.joinpath("alerts.jsonl").mkdir()
        yield {"path": str(tmp_path / "alerts.jsonl")}
    elif kind == "console":
        closed = io.StringIO()
        closed.close()
        monkeypatch.setattr("sys.stdout", closed)
        yield {}
    elif how == "away":
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = taken.getsockname()[1]
            yield addresses(kind, port)
    else:
        async with Endpoint(fails) as endpoint:
            yield addresses(kind, endpoint.port)


def addresses(kind, port):
    if kind == "apprise":
        pytest.importorskip("apprise", reason="Apprise is an extra")
        return {"urls": [f"json://127.0.0.1:{port}/{TOKEN}"], "timeout_s": 5}
    fields = {"url": f"http://127.0.0.1:{port}/{'' if kind == 'alertmanager' else TOKEN}"}
    return fields | ({"allow_private": ["127.0.0.0/8"]} if kind == "webhook" else {})


NAMES = {config.model_fields["type"].default: config for config in KINDS}


@pytest.mark.parametrize("kind", NAMES)
async def test_everything_that_can_be_told_is_taken(kind, tmp_path, capsys):
    async with working(kind, tmp_path) as fields:
        sink = make(NAMES[kind](name="sink", **fields))
        assert sink.name == "sink"
        for name, alert in ALERTS.items():
            result = await sink.send(event(alert), NOW)
            assert isinstance(result, SendResult)
            assert result.ok, (name, result)
        await sink.close()


@pytest.mark.parametrize("how", ["away", "fails"])
@pytest.mark.parametrize("kind", NAMES)
async def test_what_fails_is_a_result_that_tells_no_secret(kind, how, tmp_path, monkeypatch):
    async with failing(kind, how, tmp_path, monkeypatch) as fields:
        sink = make(NAMES[kind](name="sink", **fields))
        result = await sink.send(event(made()), NOW)
        await sink.close()
    assert (result.ok, result.gone) == (False, False)
    assert result.detail
    assert TOKEN not in result.detail


@pytest.mark.parametrize("kind", NAMES)
async def test_several_attempts_at_once_are_one_by_one(kind, tmp_path, capsys):
    async with working(kind, tmp_path) as fields:
        sink = make(NAMES[kind](name="sink", **fields))
        many = (sink.send(event(replace(made(), alert_id=f"alr-{n}")), NOW) for n in range(20))
        assert all(result.ok for result in await asyncio.gather(*many))
        await sink.close()


@pytest.mark.parametrize("kind", NAMES)
def test_a_configuration_shows_no_secret(kind, tmp_path):
    async def shown():
        async with working(kind, tmp_path) as fields:
            config = NAMES[kind](name="sink", **fields)
            return (
                f"{config!r} {config} {config.model_dump_json()} {config.model_dump(mode='json')}"
            )

    told = asyncio.run(shown())
    assert TOKEN not in told
    assert SECRET.removeprefix("whsec_") not in told
