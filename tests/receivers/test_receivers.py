"""The receivers' samples: each takes what the monitor signs, and nothing else."""

import os
import shutil
import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from monitor.sinks.base import Event
from monitor.sinks.signing import headers
from monitor.sinks.webhook import Webhook, WebhookConfig
from schemas.alert import Alert
from schemas.reasons import AlertKind, AlertReason

FOLDER = Path(__file__).parents[2] / "docs" / "receivers"
SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
OTHER = "whsec_YW5vdGhlciBzZWNyZXQgb2YgMjQgYnk="
BODY = b'{"type":"news.monitor.test.v1","data":{"headline":"Hello"}}'
KINDS = {
    "python": [sys.executable, str(FOLDER / "receiver.py")],
    "node": ["node", str(FOLDER / "receiver.mjs")],
    "go": ["go", "run", str(FOLDER / "receiver.go")],
}

pytestmark = pytest.mark.slow


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


@pytest.fixture(scope="module", params=list(KINDS))
def receiver(request, tmp_path_factory):
    command = KINDS[request.param]
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not on this machine")
    port, out = free_port(), tmp_path_factory.mktemp("receiver") / "out"
    if request.param == "go":
        binary = out.with_name("receiver")
        built = subprocess.run(
            ["go", "build", "-o", str(binary), str(FOLDER / "receiver.go")],
            capture_output=True,
            check=False,
        )
        assert built.returncode == 0, built.stderr.decode()
        command = [str(binary)]
    env = {**os.environ, "WEBHOOK_SECRET": SECRET, "PORT": str(port)}
    with out.open("wb") as sink:
        process = subprocess.Popen(command, env=env, stdout=sink, stderr=sink)
    try:
        wait_for(port)
        yield port, out
    finally:
        process.kill()
        process.wait()


def wait_for(port):
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with socket.socket() as sock:
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the receiver does not listen")


def post(port, body=BODY, secrets=(SECRET,), at=None, **changed):
    signed = headers("msg_1", body, secrets, at or datetime.now(UTC)) | changed
    return httpx.post(
        f"http://127.0.0.1:{port}/", content=body, headers=signed, trust_env=False
    ).status_code


def test_a_signed_alert_is_taken_and_told_once(receiver):
    port, out = receiver
    assert (post(port), post(port)) == (204, 204)
    assert out.read_text().count("Hello") == 1


def test_either_key_will_do_while_one_is_replaced(receiver):
    assert post(receiver[0], secrets=(OTHER, SECRET)) == 204


WRONG = {
    "another secret": {"secrets": (OTHER,)},
    "no signature": {"secrets": ()},
    "too old": {"at": datetime.now(UTC) - timedelta(hours=1)},
    "another id": {"webhook-id": "msg_2"},
    "garbage": {"webhook-signature": "v1,???? v2"},
}


@pytest.mark.parametrize("changes", WRONG.values(), ids=WRONG)
def test_what_is_not_signed_is_refused(receiver, changes):
    assert post(receiver[0], **changes) == 401


async def test_it_takes_what_the_webhook_sink_sends(receiver):
    alert = Alert(
        alert_id="al_1",
        kind=AlertKind.ATTACK,
        reason=AlertReason.TEST,
        subject="country:IQ",
        article_id="a1",
        title="Hello",
        text="",
        status="test",
    )
    config = WebhookConfig(
        name="desk",
        url=f"http://127.0.0.1:{receiver[0]}/",
        secrets=(SECRET,),
        allow_private=("127.0.0.0/8",),
    )
    sink = Webhook(config)
    sent = await sink.send(Event(webhook_id="msg_9", alert=alert, body=BODY), datetime.now(UTC))
    await sink.close()
    assert sent.ok
