"""A real Alertmanager: it notifies of what the sink posts, and resolves it when the alert is cancelled."""

import asyncio
import json
import shutil
from datetime import UTC, datetime

import httpx
import pytest
from endpoints import Endpoint
from kafka_tools import free_port, until
from made_alerts import made

from monitor.alerts.payload import body
from monitor.sinks.alertmanager import Alertmanager, AlertmanagerConfig
from monitor.sinks.base import Event
from schemas.reasons import AlertKind, AlertReason

BINARY = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
CONFIG = """
route: {{receiver: desk, group_by: [incident], group_wait: 0s, group_interval: 1s}}
receivers: [{{name: desk, webhook_configs: [{{url: "{url}", send_resolved: true}}]}}]
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        BINARY is None, reason="no Alertmanager here (Debian: prometheus-alertmanager)"
    ),
]


@pytest.fixture
async def alertmanager(tmp_path):
    """Its address, and the endpoint that it notifies."""
    port = free_port()
    async with Endpoint() as desk:
        config = tmp_path / "alertmanager.yml"
        config.write_text(CONFIG.format(url=desk.url))
        with (tmp_path / "log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                BINARY,
                f"--config.file={config}",
                f"--storage.path={tmp_path / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
                "--cluster.listen-address=",
                stdout=log,
                stderr=log,
            )
        try:
            url = f"http://127.0.0.1:{port}"
            await until(lambda: is_ready(url), within=60)
            yield url, desk
        finally:
            process.kill()
            await process.wait()


async def is_ready(url):
    async with httpx.AsyncClient(trust_env=False) as client:
        try:
            return (await client.get(url + "/-/ready")).is_success
        except httpx.HTTPError:
            return False


def fresh(number, **more):
    now = datetime.now(UTC)
    alert = made(number, published=now, fetched_at=now, **more)
    return Event(webhook_id=f"msg_{number}", alert=alert, body=body(alert))


def told(desk):
    """What it notified of: the status and the id of each alert, in order."""
    posts = [json.loads(post.body) for post in desk.posts]
    return [(a["status"], a["labels"]["alert_id"]) for p in posts for a in p["alerts"]]


async def test_it_notifies_and_resolves_what_is_cancelled(alertmanager):
    url, desk = alertmanager
    sink = Alertmanager(AlertmanagerConfig(name="am", url=url))
    raised = {"kind": AlertKind.UPDATE, "reason": AlertReason.TOLL_RAISED, "msg_type": "update"}
    other = {"incident_id": "inc-2", "incident": None}
    for event in (fresh(1), fresh(2, **raised), fresh(3, **other)):
        assert (await sink.send(event, datetime.now(UTC))).ok
    await until(lambda: {("firing", f"alr-{n}") for n in (1, 2, 3)} <= set(told(desk)))
    withdrawn = fresh(4, kind=AlertKind.UPDATE, reason=AlertReason.DISMISSED, msg_type="cancel")
    assert (await sink.send(withdrawn, datetime.now(UTC))).ok
    await until(lambda: {("resolved", "alr-1"), ("resolved", "alr-2")} <= set(told(desk)))
    await sink.close()
    assert not {("resolved", "alr-3"), ("firing", "alr-4")} & set(told(desk))
    first = json.loads(desk.posts[0].body)["alerts"][0]
    assert first["labels"]["severity"] == "severe"
    assert first["annotations"]["summary"] == "Bombing in Kirkuk (Iraq): 4 killed, 11 injured"
    assert first["generatorURL"] == "https://one.example/1"
