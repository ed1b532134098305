"""A whole poller over loopback, with a clock that the test moves and a store in memory."""

import asyncio
import contextlib
import ipaddress
import random

import httpcore
from feed_server import ManualClock, Server

from monitor.feeds import reading
from monitor.feeds.feed import Feed
from monitor.feeds.fetch import Limits
from monitor.feeds.rules import PollPolicy
from monitor.feeds.setup import PollSettings, open_poller


async def until(condition):
    """Wait for what happens in other tasks; the test's own time limit ends it."""
    while not condition():  # noqa: ASYNC110 -- the condition is the test's, no task tells of it
        await asyncio.sleep(0.005)


class MemoryStore:
    """Keeps states as long as the test lives."""

    def __init__(self):
        self.states = {}

    async def load(self):
        return dict(self.states)

    async def save(self, state):
        self.states[state.url] = state


class Inline:
    """Reads bodies in this process: what starting a child for each round costs is not what most tests are about."""

    async def run(self, payload, *, flow=0):
        self.flow = flow
        return reading.work(payload)


class Bench:
    def __init__(self, server, clock, store, settings, *, children):
        self.server, self.clock, self.store, self.settings = server, clock, store, settings
        self.children = children
        self.sent = []
        self.batches = 0

    async def emit(self, sightings):
        self.batches += 1
        self.sent += sightings

    @property
    def titles(self):
        return [s.entry.title for s in self.sent]

    @contextlib.asynccontextmanager
    async def poller(self, *feeds):
        async with open_poller(
            self.settings,
            store=self.store,
            emit=self.emit,
            clock=self.clock,
            chance=random.Random(7),
        ) as poller:
            if not self.children:
                poller.visitor.pool = poller.visitor.pages.pool = Inline()
            poller.set_feeds(f if isinstance(f, Feed) else Feed(url=f) for f in feeds)
            yield poller

    async def round(self, *feeds, **advance):
        """One process that makes one round and ends: what is remembered went through the store."""
        if advance:
            self.clock.advance(**advance)
        async with self.poller(*feeds) as poller:
            await poller.run_once()
            return [poller.state(f.url if isinstance(f, Feed) else f) for f in feeds]


SHORT = Limits(total_s=5.0, connect_s=3.0, read_s=3.0)


def settings(**changes):
    given = {
        "allow_private": ("127.0.0.0/8",),
        "policy": PollPolicy(private_floor_s=0.0),
        "limits": SHORT,
    } | changes
    return PollSettings(**given)


@contextlib.asynccontextmanager
async def open_bench(*, children=False, **changes):
    clock = ManualClock()
    server = await Server(clock=clock).start()
    try:
        yield Bench(server, clock, MemoryStore(), settings(**changes), children=children)
    finally:
        await server.stop()


class Elsewhere(httpcore.AsyncNetworkBackend):
    """Connects to the test's server wherever it is told to connect, and remembers where that was."""

    def __init__(self, port):
        self.port, self.asked = port, []
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):  # noqa: ASYNC109
        self.asked.append((host, port))
        return await self._inner.connect_tcp("127.0.0.1", self.port, timeout)

    async def sleep(self, seconds):
        await self._inner.sleep(seconds)


def go_public(poller, server, addresses=None):
    """Let names resolve to public addresses, whose connections end at the test's server."""
    backend = poller.visitor.fetcher._backend
    elsewhere = backend._inner = Elsewhere(server.port)

    async def resolve(host, port):
        given = (addresses or {}).get(host, "93.184.215.14")
        texts = given() if callable(given) else given
        return tuple(
            ipaddress.ip_address(t) for t in ([texts] if isinstance(texts, str) else texts)
        )

    backend._resolve = resolve
    return elsewhere
