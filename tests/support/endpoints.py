"""Receivers of webhooks on loopback that behave and misbehave as told: they write bytes, and no library corrects them.

A behaviour is a coroutine of an endpoint and a post; it returns whether the receiver took the post.
"""

import asyncio
import ssl
import subprocess
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

OK = b"HTTP/1.1 204 No Content\r\n\r\n"


def answer(status, *headers):
    lines = [f"HTTP/1.1 {status} X", "Content-Length: 0", *headers, "", ""]
    return "\r\n".join(lines).encode()


@dataclass
class Post:
    """One request as it came, and how many came before it under its id."""

    webhook_id: str
    body: bytes
    headers: dict
    at: datetime
    before: int
    writer: object


async def say(post, raw):
    post.writer.write(raw)
    await post.writer.drain()


async def takes(post):
    await say(post, OK)
    return True


async def fails_twice(post):
    if post.before >= 2:
        return await takes(post)
    await say(post, answer(500))
    return False


async def hangs_once(post):
    if post.before:
        return await takes(post)
    await asyncio.sleep(60)
    return False


async def asks_to_wait(post):
    if post.before:
        return await takes(post)
    await say(post, answer(429, "Retry-After: 1"))
    return False


async def takes_and_loses_the_answer(post):
    """The receiver has it, the sender cannot know: the one case in which an alert comes twice."""
    if post.before:
        return await takes(post)
    post.writer.transport.abort()
    return True


async def answers_without_end(post):
    await say(post, b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    with suppress(ConnectionError):
        while True:
            await say(post, b"2000\r\n" + b"x" * 8192 + b"\r\n")
    return True


async def is_gone(post):
    await say(post, answer(410))
    return False


async def answers_by_the_byte(post):
    """Headers that drip for longer than the sender waits, the first time."""
    if post.before:
        return await takes(post)
    with suppress(ConnectionError):
        for byte in answer(204) * 20:
            await say(post, bytes([byte]))
            await asyncio.sleep(0.2)
    return False


def points_at(url):
    async def redirects(post):
        await say(post, answer(302, f"Location: {url}"))
        return False

    return redirects


@dataclass
class Endpoint:
    """One receiver. ``posts`` are all that came, ``taken`` the ids of those it took, with how often."""

    behave: object = takes
    tls: ssl.SSLContext | None = None
    posts: list = field(default_factory=list)
    taken: Counter = field(default_factory=Counter)
    port: int = 0
    opened: int = 0
    _came: Counter = field(default_factory=Counter)
    _server: object = None
    _tasks: set = field(default_factory=set)

    async def __aenter__(self):
        self._server = await asyncio.start_server(
            self._serve, "127.0.0.1", self.port, ssl=self.tls, limit=1 << 22
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *exc):
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def url(self):
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}/hook"

    def bodies(self):
        """The different bodies that came under each id: one each, or something is wrong."""
        found = {}
        for post in self.posts:
            found.setdefault(post.webhook_id, set()).add(post.body)
        return found

    async def _serve(self, reader, writer):
        self.opened += 1
        task = asyncio.current_task()
        self._tasks.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                while True:
                    await self._one(reader, writer)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _one(self, reader, writer):
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        pairs = (line.split(":", 1) for line in head.split("\r\n")[1:] if ":" in line)
        headers = {name.lower(): value.strip() for name, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        number = headers.get("webhook-id", "")
        post = Post(number, body, headers, datetime.now(UTC), self._came[number], writer)
        self._came[number] += 1
        self.posts.append(post)
        if await self.behave(post):
            self.taken[number] += 1


def own_certificate(folder):
    """A TLS context with a certificate that nobody knows."""
    key, cert = folder / "key.pem", folder / "cert.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1"
    subprocess.run(
        [*command.split(), "-keyout", str(key), "-out", str(cert)],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    return context
