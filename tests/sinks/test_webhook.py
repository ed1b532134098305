"""A webhook: signed by the specification, the same body each time, and no way to be led elsewhere."""

import asyncio
import base64
from datetime import UTC, datetime

import httpx
import pytest
from delivery_records import event
from pydantic import ValidationError
from standardwebhooks import Webhook as Verifier

from monitor.sinks.webhook import CONTENT_TYPE, Webhook, WebhookConfig, retry_after

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
OTHER = "whsec_" + base64.b64encode(b"another secret of thirty-two by.").decode()
URL = "https://hooks.example/in/very-secret-token"


def sink(answer, secrets=(SECRET,), **config):
    return Webhook(
        WebhookConfig(name="desk", url=URL, secrets=secrets, **config),
        transport=httpx.MockTransport(answer),
    )


async def deliver(answer, **config):
    return await sink(answer, **config).send(event(), datetime.now(UTC))


@pytest.mark.parametrize("secret", [SECRET, OTHER])
async def test_either_of_two_secrets_verifies_while_one_is_replaced(secret):
    seen = []
    result = await deliver(lambda r: seen.append(r) or httpx.Response(204), secrets=(SECRET, OTHER))
    assert result.ok
    assert Verifier(secret).verify(seen[0].content, dict(seen[0].headers))["id"] == "al_1"
    assert seen[0].headers["content-type"] == CONTENT_TYPE


async def test_a_redirect_is_a_failure_and_not_followed():
    seen = []
    moved = httpx.Response(302, headers={"location": "http://127.0.0.1:1/"})
    result = await deliver(lambda r: seen.append(r.url) or moved)
    assert (result.ok, result.status_code, len(seen)) == (False, 302, 1)


async def test_410_means_nothing_more_is_wanted():
    assert (await deliver(lambda _: httpx.Response(410))).gone


async def test_a_receiver_that_hangs_is_left_at_the_time_limit():
    async def hang(_):
        await asyncio.Event().wait()

    result = await deliver(hang, timeout_s=0.05)
    assert (result.ok, result.status_code) == (False, None)


async def test_an_endless_answer_is_dropped_at_its_limit():
    sent = []

    async def endless():
        while True:
            sent.append(1)
            yield b"x" * 65536

    result = await deliver(lambda _: httpx.Response(200, content=endless()))
    assert result.ok
    assert len(sent) <= 3


async def test_an_error_never_shows_the_address():
    def refuse(_):
        raise httpx.ConnectError("cannot connect to " + URL)

    result = await deliver(refuse)
    assert "very-secret-token" not in result.detail
    assert not result.ok


@pytest.mark.parametrize(
    "secret", ["x", "whsec_!!!", "whsec_" + base64.b64encode(b"short").decode()]
)
def test_a_bad_secret_is_refused_without_being_shown(secret):
    with pytest.raises(ValidationError) as caught:
        WebhookConfig(name="desk", url=URL, secrets=(secret,))
    assert secret not in str(caught.value) or len(secret) == 1


RETRY = [
    ("120", 429, 120.0),
    ("Sun, 01 Mar 2026 12:01:00 GMT", 503, 60.0),
    ("Sun, 01 Mar 2026 11:00:00 GMT", 503, 0.0),
    ("120", 500, None),
    ("soon", 503, None),
    (None, 429, None),
    ("\u00b2", 429, None),
    ("9" * 400, 429, 999_999_999_999.0),
    ("Sun, 01 Mar 99999 12:01:00 GMT", 503, None),
]


@pytest.mark.parametrize(("value", "code", "wait_s"), RETRY)
def test_retry_after_is_read_as_seconds_or_a_date(value, code, wait_s):
    headers = {} if value is None else {"retry-after": value}
    assert retry_after(headers, code, datetime(2026, 3, 1, 12, tzinfo=UTC)) == wait_s
