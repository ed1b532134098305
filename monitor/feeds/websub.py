"""WebSub (W3C Recommendation, 23 January 2018): a hub tells us that a feed has news, and we poll it at once.

What a hub sends is taken as a hint and not as news: the feed itself is polled, within its manners. So a forged or
replayed message can cost one conditional request a minute and nothing else, and polling goes on as the safety net.
A feed's callback address and secret are made from one secret of the operator, so nothing more is to be kept.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlencode

import structlog
from starlette.applications import Starlette
from starlette.requests import Request as WebRequest
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from monitor.feeds.clock import Clock
from monitor.feeds.feed import WebsubSettings
from monitor.feeds.fetch import Fetcher, Request
from monitor.feeds.poller import Poller
from monitor.web import check_port, make_server
from schemas.feed import FeedState

log = structlog.get_logger(__name__)

LEASE = timedelta(days=5)
"""What is asked for; the hub says what it grants (section 5.1)."""

RENEW_AT = 0.8
"""After this share of a lease it is asked for again, so that one failed try loses nothing."""

RETRY = timedelta(hours=1)
LOOK_S = 60.0
MAX_BODY_BYTES = 10 << 20
MAX_CHALLENGE_CHARS = 4096
_METHODS = frozenset({"sha1", "sha256", "sha384", "sha512"})
"""Section 7: what a hub may sign with."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The operator's secret, and what is made of it for each feed."""

    master: bytes

    def _made(self, kind: str, url: str) -> str:
        return hmac.new(self.master, f"{kind}\0{url}".encode(), hashlib.sha256).hexdigest()

    def token(self, url: str) -> str:
        """Return the last part of a feed's callback address; nobody can guess another feed's."""
        return self._made("token", url)[:40]

    def secret(self, url: str) -> str:
        """Return the secret that a feed's hub signs with."""
        return self._made("secret", url)


def signed(secret: str, body: bytes, header: str) -> bool:
    """Return whether ``X-Hub-Signature`` fits the body (section 7.1)."""
    method, _, given = header.partition("=")
    if method.lower() not in _METHODS:
        return False
    made = hmac.new(secret.encode(), body, method.lower()).hexdigest()
    return hmac.compare_digest(made.encode(), given.strip().lower().encode("utf-8", "replace"))


def granted_s(text: str) -> float:
    """Return the seconds of a lease, as the hub grants them; what cannot be read is a day."""
    seconds = float(text[:9]) if text.isascii() and text.isdigit() else 86_400.0
    return min(max(seconds, 60.0), 90 * 86_400.0)


@dataclass(slots=True, kw_only=True)
class _Lease:
    topic: str
    renew_at: datetime


@dataclass(slots=True, kw_only=True)
class Subscriptions:
    """Subscribes to the hubs of the poller's feeds and has feeds polled when they tell.

    ``callback`` is the public address under which ``app`` is reached, without a slash at its end.
    """

    callback: str
    keys: Keys
    fetcher: Fetcher
    poller: Poller
    clock: Clock
    on_ping: Callable[[str], None] = lambda _: None
    _leases: dict[str, _Lease] = field(default_factory=dict)

    async def tend(self) -> None:
        """Subscribe and renew, for ever."""
        while True:
            await self.renew()
            await self.clock.sleep(LOOK_S)

    async def renew(self) -> None:
        """Ask the hubs of all feeds whose lease is missing or about to end."""
        now = self.clock.now()
        wanted = {f.url: self.poller.state(f.url) for f in self.poller.feeds}
        for url in self._leases.keys() - wanted.keys():
            del self._leases[url]
        due = [state for state in wanted.values() if self._due(state, now)]
        await asyncio.gather(*(self._subscribe(state, now) for state in due))

    def _due(self, state: FeedState, now: datetime) -> bool:
        if not state.hub or not state.topic or state.paused or state.removed:
            return False
        lease = self._leases.get(state.url)
        return lease is None or lease.topic != state.topic or lease.renew_at <= now

    async def _subscribe(self, state: FeedState, now: datetime) -> None:
        assert state.hub is not None
        assert state.topic is not None
        self._leases[state.url] = _Lease(topic=state.topic, renew_at=now + RETRY)
        form = {
            "hub.mode": "subscribe",
            "hub.topic": state.topic,
            "hub.callback": f"{self.callback}/{self.keys.token(state.url)}",
            "hub.secret": self.keys.secret(state.url),
            "hub.lease_seconds": str(int(LEASE.total_seconds())),
        }
        answer = await self.fetcher.get(Request(url=state.hub, form=urlencode(form).encode()))
        log.info("hub asked", feed=state.url, hub=state.hub, status=answer.status)

    def _feed_of(self, token: str) -> str | None:
        return next(
            (url for url in self._leases if hmac.compare_digest(self.keys.token(url), token)), None
        )

    def confirm(self, token: str, asked: dict[str, str]) -> str | None:
        """Return the challenge to answer a hub's check with, ``None`` to refuse it (section 5.3)."""
        url = self._feed_of(token)
        lease = self._leases.get(url) if url else None
        if lease is None or asked.get("hub.topic") != lease.topic:
            return None
        if asked.get("hub.mode") != "subscribe":
            return None
        seconds = granted_s(asked.get("hub.lease_seconds", ""))
        lease.renew_at = self.clock.now() + timedelta(seconds=seconds * RENEW_AT)
        return asked.get("hub.challenge", "")[:MAX_CHALLENGE_CHARS]

    def ping(self, token: str, body: bytes, signature: str) -> bool:
        """Have the feed polled soon where the message is its hub's; return whether it was."""
        url = self._feed_of(token)
        if url is None or not signed(self.keys.secret(url), body, signature):
            return False
        self.poller.poll_soon(url)
        self.on_ping(url)
        return True

    def app(self) -> Starlette:
        """Return the web application that hubs talk to."""

        async def check(request: WebRequest) -> Response:
            challenge = self.confirm(request.path_params["token"], dict(request.query_params))
            if challenge is None:
                return PlainTextResponse("not subscribed", status_code=404)
            return PlainTextResponse(challenge)

        async def take(request: WebRequest) -> Response:
            body = await _bounded(request)
            if body is None:
                return PlainTextResponse("too large", status_code=413)
            header = request.headers.get("x-hub-signature", "")
            if not self.ping(request.path_params["token"], body, header):
                log.warning(
                    "message for a callback refused: unknown, or its signature does not fit"
                )
            # A wrong signature is not told to the sender (section 7.1).
            return Response(status_code=202)

        return Starlette(
            routes=[
                Route("/{token}", check, methods=["GET"]),
                Route("/{token}", take, methods=["POST"]),
            ]
        )


async def _bounded(request: WebRequest) -> bytes | None:
    """Return the body, ``None`` where it is longer than any feed."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BODY_BYTES:
            return None
    return bytes(body)


def keys_in(path: Path) -> Keys:
    """Return the operator's secret, made at the first time. Who moves to another machine takes the file along."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32), encoding="ascii")
    return Keys(path.read_bytes().strip())


@asynccontextmanager
async def listening(settings: WebsubSettings | None, poller: Poller) -> AsyncIterator[None]:
    """Subscribe to hubs and listen to them while the block runs, where that is set up.

    Raises:
        NotReachableError: somebody else has the port.
    """
    if settings is None:
        yield
        return
    check_port(settings.bind, settings.port, "poll.websub_port")
    subscriptions = Subscriptions(
        callback=settings.callback.rstrip("/"),
        keys=keys_in(settings.key_file),
        fetcher=poller.visitor.fetcher,
        poller=poller,
        clock=poller.visitor.clock,
    )
    server = make_server(subscriptions.app(), settings.bind, settings.port)
    tasks = [asyncio.ensure_future(server.serve()), asyncio.ensure_future(subscriptions.tend())]
    try:
        yield
    finally:
        server.should_exit = True
        tasks[1].cancel()
        await asyncio.wait(tasks)
