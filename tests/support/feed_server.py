"""A web server on loopback that misbehaves as told: it writes bytes, and no library corrects them."""

import asyncio
import contextlib
import gzip
import zlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

PUBLISHED = "Tue, 05 Mar 2024 10:00:00 GMT"


def item(n=1, *, title=None, link=None, guid=None, date=PUBLISHED, body="Something happened."):
    parts = [
        f"<title>{title or f'Entry {n}'}</title>",
        f"<link>{link or f'http://news.example/{n}'}</link>",
        f'<guid isPermaLink="false">{guid or f"guid-{n}"}</guid>',
        f"<pubDate>{date}</pubDate>" if date else "",
        f"<description>{body}</description>",
    ]
    return f"<item>{''.join(parts)}</item>"


def rss(*items, head="", prolog='<?xml version="1.0" encoding="UTF-8"?>'):
    inside = "".join(items or (item(),))
    return (
        f'{prolog}<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
        f"<channel><title>Test</title><link>http://news.example/</link>{head}{inside}</channel></rss>"
    ).encode()


def head(status=200, headers=(), reason="OK"):
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{k}: {v}" for k, v in headers), "", ""]
    return "\r\n".join(lines).encode("latin-1")


def reply(body=b"", status=200, headers=(), *, kind="application/rss+xml"):
    given = {k.lower() for k, _ in headers}
    extra = [] if "content-type" in given or not kind else [("Content-Type", kind)]
    if "content-length" not in given and "transfer-encoding" not in given and status != 304:
        extra.append(("Content-Length", str(len(body))))
    return head(status, [*headers, *extra, ("Connection", "close")]) + body


def feed(*items, headers=(), **rest):
    return reply(rss(*items, **rest), headers=headers)


def moved(target, status=302):
    return reply(b"", status, [("Location", target)])


def page(text, status=200, headers=()):
    return reply(text.encode(), status, headers, kind="text/html; charset=utf-8")


def chunked(*pieces, end=b"0\r\n\r\n"):
    body = b"".join(f"{len(p):x}\r\n".encode() + p + b"\r\n" for p in pieces) + end
    return head(200, [("Transfer-Encoding", "chunked"), ("Connection", "close")]) + body


def http_time(at):
    return at.astimezone(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")


def bomb(megabytes):
    """Gzip of zeros: a thousandth of what it stands for."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    zeros = b"\0" * (1 << 20)
    return b"".join(packer.compress(zeros) for _ in range(megabytes)) + packer.flush()


async def silence(_request, _writer):
    await asyncio.sleep(60)


def drip(raw, seconds=0.05, size=1):
    async def act(_request, writer):
        for start in range(0, len(raw), size):
            writer.write(raw[start : start + size])
            await writer.drain()
            await asyncio.sleep(seconds)

    return act


def flood(start, piece, count):
    async def act(_request, writer):
        writer.write(start)
        for _ in range(count):
            writer.write(piece)
            await writer.drain()

    return act


@dataclass
class Request:
    method: str
    path: str
    headers: list
    at: datetime | None = None

    def get(self, name):
        return next((v for k, v in self.headers if k.lower() == name.lower()), None)


@dataclass
class Server:
    """``routes[path]`` holds replies, taken one after the other; the last one stays."""

    routes: dict = field(default_factory=dict)
    requests: list = field(default_factory=list)
    clock: object = None
    _servers: list = field(default_factory=list)
    _tasks: set = field(default_factory=set)
    most_at_once: int = 0
    _now: int = 0

    async def start(self, *hosts):
        """Listen on loopback; ``hosts`` are further addresses of it, at the same port."""
        self._servers = [await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 20)]
        self.port = self._servers[0].sockets[0].getsockname()[1]
        for host in hosts:
            more = await asyncio.start_server(self._serve, host, self.port, limit=1 << 20)
            self._servers.append(more)
        return self

    async def stop(self):
        for server in self._servers:
            server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def url(self, path="/feed", host="127.0.0.1"):
        return f"http://{host}:{self.port}{path}"

    def add(self, path, *replies):
        self.routes[path] = list(replies)
        return self.url(path)

    def asked(self, path="/feed"):
        return [r for r in self.requests if r.path.partition("?")[0] == path]

    async def _serve(self, reader, writer):
        task = asyncio.current_task()
        self._tasks.add(task)
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
                await self._answer(reader, writer)
        finally:
            self._now -= 1
            self._tasks.discard(task)
            writer.close()

    async def _answer(self, reader, writer):
        raw = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = raw.rstrip().split("\r\n")
        method, path, _ = first.split(" ", 2)
        headers = [tuple(line.split(": ", 1)) for line in lines if ": " in line]
        at = self.clock.now() if self.clock else None
        request = Request(method, path, headers, at)
        self.requests.append(request)
        replies = self.routes.get(path.partition("?")[0], [reply(b"nothing here", 404)])
        chosen = replies.pop(0) if len(replies) > 1 else replies[0]
        if callable(chosen):
            chosen = chosen(request, writer)
            if asyncio.iscoroutine(chosen):
                chosen = await chosen
        if chosen:
            writer.write(chosen)
            await writer.drain()


class ManualClock:
    """A clock that the test moves. ``sleep`` moves it by itself where ``runs`` is set."""

    def __init__(self, at=datetime(2024, 3, 5, 12, 0, tzinfo=UTC), *, runs=True):
        self.at = at
        self.runs = runs
        self.sleepers = []

    def now(self):
        return self.at

    def advance(self, **how):
        self.at += timedelta(**how)
        for until, future in self.sleepers:
            if until <= self.at and not future.done():
                future.set_result(None)

    async def sleep(self, seconds):
        until = self.at + timedelta(seconds=seconds)
        if self.runs:
            self.at = max(self.at, until)
            await asyncio.sleep(0)
            return
        future = asyncio.get_running_loop().create_future()
        self.sleepers.append((until, future))
        await future


def gz(body):
    return gzip.compress(body)
