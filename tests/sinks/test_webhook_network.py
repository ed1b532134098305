"""A webhook over real sockets: private receivers only where they are allowed, and the misbehaviours of receivers."""

import asyncio
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime

import pytest
from delivery_records import event

from monitor.sinks import webhook as module
from monitor.sinks.webhook import Webhook, WebhookConfig


@asynccontextmanager
async def receiver(answer):
    """Run a receiver that takes a request and then does what ``answer`` says with its connection."""
    seen = []

    async def serve(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(h.split(b":")[1])
            for h in head.split(b"\r\n")
            if h.lower().startswith(b"content-length")
        )
        seen.append((head, await reader.readexactly(length)))
        with suppress(ConnectionError):
            await answer(writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], seen
    finally:
        server.close()


async def deliver(port, **config):
    given = {
        "name": "desk",
        "url": f"http://127.0.0.1:{port}/in",
        "allow_private": ("127.0.0.0/8",),
        "timeout_s": 2,
    }
    sink = Webhook(WebhookConfig(**(given | config)))
    try:
        return await sink.send(event(), datetime.now(UTC))
    finally:
        await sink.close()


def says(raw):
    async def answer(writer):
        writer.write(raw)
        await writer.drain()

    return answer


OK = b"HTTP/1.1 204 No Content\r\n\r\n"


async def test_a_receiver_gets_the_body_and_its_headers():
    async with receiver(says(OK)) as (port, seen):
        assert (await deliver(port)).ok
    head, posted = seen[0]
    assert posted == event().body
    assert b"webhook-id: msg_1" in head.lower()


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{}/", "http://localhost:{}/", "http://[::ffff:127.0.0.1]:{}/"]
)
async def test_a_private_receiver_is_refused_unless_allowed(url):
    async with receiver(says(OK)) as (port, seen):
        result = await deliver(port, url=url.format(port), allow_private=())
    assert (result.ok, seen) == (False, [])


async def test_a_receiver_that_is_not_there_is_a_failed_attempt():
    async with receiver(says(OK)) as (port, _):
        pass
    assert not (await deliver(port)).ok


async def test_an_answer_lost_after_the_receiver_took_it_is_tried_again():
    async with receiver(says(b"")) as (port, seen):
        result = await deliver(port)
    assert (result.ok, len(seen)) == (False, 1)


async def test_a_receiver_that_never_answers_is_left_in_time():
    async def hang(writer):
        await asyncio.sleep(3)

    async with receiver(hang) as (port, _):
        result = await deliver(port, timeout_s=0.2)
    assert (result.ok, result.detail) == (False, "no answer within 0.2 s")


async def test_an_endless_answer_after_200_counts_as_taken(monkeypatch):
    monkeypatch.setattr(module, "DRAIN_S", 0.2)

    async def drip(writer):
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")
        for _ in range(50):
            writer.write(b"1\r\nx\r\n")
            await writer.drain()
            await asyncio.sleep(0.05)

    async with receiver(drip) as (port, _):
        assert (await deliver(port)).ok


@pytest.mark.parametrize("raw", [b"nonsense\r\n\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\x16\x03\x01"])
async def test_an_answer_that_is_no_http_is_a_failed_attempt(raw):
    async with receiver(says(raw)) as (port, _):
        assert not (await deliver(port)).ok


async def test_a_plain_receiver_behind_an_https_address_is_a_failed_attempt():
    async with receiver(says(OK)) as (port, _):
        assert not (await deliver(port, url=f"https://127.0.0.1:{port}/", timeout_s=0.5)).ok
