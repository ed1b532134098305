"""Fetch one address politely and within limits: the only inbound HTTP of the monitor.

No cookies, no Referer, no HEAD, nothing but what was asked for. All limits are in ``Limits``; every way in which a
server may misbehave ends as an ``Answer`` with its problem named. Redirects are followed here, hop by hop: each hop
is judged like a first address, waits its turn at its own host and carries no credentials to another one.
"""

from __future__ import annotations

import asyncio
import base64
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from urllib.parse import unquote

import httpcore
import httpx

from monitor.feeds import headers as read
from monitor.feeds import rules
from monitor.feeds.addresses import (
    REFUSED,
    AddressPolicy,
    AddressReason,
    judge,
    literal,
    local_name,
)
from monitor.feeds.answer import Answer, Hop, Validators, host_key
from monitor.feeds.clock import Clock
from monitor.feeds.encoding import ACCEPT_ENCODING, Body, EncodingError, TooLargeError
from monitor.feeds.held import Held
from monitor.feeds.hosts import Hosts
from monitor.feeds.network import GuardedBackend, Resolve, system_resolve
from monitor.feeds.problems import Problem, named_problems
from monitor.feeds.target import (
    host_header,
    joined,
    location,
    parsed,
    port,
    same_origin,
    shown,
)
from schemas.feed import FetchResult

ACCEPT_FEED = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, text/html;q=0.3, */*;q=0.1"
)
ACCEPT_PAGE = "text/html, application/xhtml+xml;q=0.9, */*;q=0.1"

PROBLEM_BODY_BYTES = 64 << 10
"""So much of an error page is read, to name the protection service that sent it."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one fetch may cost. The figures are the issue's."""

    total_s: float = 30.0
    connect_s: float = 10.0
    read_s: float = 20.0
    max_body_bytes: int = 10 << 20
    max_hops: int = 10
    parallel: int = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to fetch. ``proxy`` is for this request alone; with a ``form`` it is a POST, which follows no redirect."""

    url: str
    accept: str = ACCEPT_FEED
    validators: Validators | None = None
    proxy: str | None = field(default=None, repr=False)
    form: bytes | None = None


@dataclass(slots=True, kw_only=True)
class _Course:
    """How far a fetch has come."""

    request: Request
    url: httpx.URL
    origin: httpx.URL
    left_s: float
    hops: list[Hop] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class Fetcher:
    """Fetches addresses. One for a process: it holds the connections and the hosts' queues."""

    clock: Clock
    hosts: Hosts
    user_agent: str
    policy: AddressPolicy = field(default_factory=AddressPolicy)
    limits: Limits = field(default_factory=Limits)
    proxy: str | None = field(default=None, repr=False)
    resolve: Resolve = system_resolve
    held: Held = field(default_factory=Held)
    _places: asyncio.Semaphore = field(init=False)
    _backend: GuardedBackend = field(init=False)
    _pools: dict[str | None, httpcore.AsyncConnectionPool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open nothing yet; connections come with requests."""
        self._places = asyncio.Semaphore(self.limits.parallel)
        self._backend = GuardedBackend(self.policy, resolve=self.resolve)

    async def aclose(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            await pool.aclose()

    async def get(self, request: Request) -> Answer:
        """Return what came of a request. Never raises for what a server, a name or an address did."""
        began = time.monotonic()
        try:
            first = parsed(request.url)
        except Problem as exc:
            return Answer(url=request.url, problem=exc.result, detail=exc.detail)
        course = _Course(
            request=request, url=first, origin=first, left_s=self.limits.total_s, seen={str(first)}
        )
        try:
            answer = await self._follow(course)
        except Problem as exc:
            answer = Answer(url=shown(course.url), problem=exc.result, detail=exc.detail)
        private = self._backend.private(course.url.host) is True
        return replace(
            answer, hops=tuple(course.hops), private=private, seconds=time.monotonic() - began
        )

    async def _follow(self, course: _Course) -> Answer:
        while True:
            async with self._turn(course):
                answer = await self._hop(course)
                while self._leads_on(course, answer) and self._step(course, answer):
                    answer = await self._hop(course)
                self._heed(course, answer)
            if not self._leads_on(course, answer):
                return answer

    def _heed(self, course: _Course, answer: Answer) -> None:
        """Leave a public host alone as a whole where it asks for that; a private one's feeds are heeded one by one."""
        until = rules.silence_until(answer, self.clock.now())
        if until is not None and not self._backend.private(course.url.host):
            self.hosts.silence(host_key(str(course.url)), until)

    def _leads_on(self, course: _Course, answer: Answer) -> bool:
        return answer.status in _REDIRECTS and course.request.form is None

    @asynccontextmanager
    async def _turn(self, course: _Course) -> AsyncIterator[None]:
        """Wait for a turn at the host and for a place among all fetches. Waiting is not the server's time."""
        host = course.url.host
        if self._proxy(course) is None and self._backend.private(host) is None:
            with named_problems():
                async with asyncio.timeout(course.left_s):
                    await self._backend.check(host, port(course.url))
        private = self._backend.private(host) is True
        name = host_key(str(course.url))
        async with self.hosts.turn(name, private=private), self._places:
            await self.held.room()
            if self.hosts.silent_until(name) is not None:
                raise Problem(FetchResult.HOST_WAITS, name)
            yield

    def _step(self, course: _Course, answer: Answer) -> bool:
        """Move the course to a redirect's target; return whether that is at the same host.

        Raises:
            Problem: it goes in a circle, too far, or nowhere.
        """
        assert answer.status is not None
        target = joined(course.url, answer.detail)
        course.hops.append(Hop(url=shown(course.url), status=answer.status, target=shown(target)))
        if str(target) in course.seen:
            raise Problem(FetchResult.REDIRECT_LOOP, f"back to {shown(target)}")
        if len(course.hops) > self.limits.max_hops:
            raise Problem(FetchResult.TOO_MANY_REDIRECTS, f"more than {self.limits.max_hops}")
        course.seen.add(str(target))
        same = host_key(str(target)) == host_key(str(course.url))
        course.url = target
        return same

    async def _hop(self, course: _Course) -> Answer:
        began = time.monotonic()
        try:
            with named_problems():
                async with asyncio.timeout(max(0.01, course.left_s)):
                    return await self._ask(course)
        finally:
            course.left_s -= time.monotonic() - began

    async def _ask(self, course: _Course) -> Answer:
        pool = self._pool(course)
        url = course.url
        target = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        timeouts = {
            "connect": self.limits.connect_s,
            "read": self.limits.read_s,
            "write": self.limits.connect_s,
            "pool": self.limits.total_s,
        }
        form = course.request.form
        async with pool.stream(
            "GET" if form is None else "POST",
            target,
            headers=self._headers(course),
            content=form,
            extensions={"timeout": timeouts},
        ) as response:
            return await self._read(course, response)

    async def _read(self, course: _Course, response: httpcore.Response) -> Answer:
        found = read.readable(response.headers)
        now = self.clock.now()
        status = response.status
        answer = _answer(course.url, status, found, now)
        if course.request.form is not None:
            return replace(answer, problem=None if status < 300 else FetchResult.REFUSED)  # noqa: PLR2004
        if status in _REDIRECTS:
            return replace(answer, detail=location(found))
        if status == 304:  # noqa: PLR2004 -- a status
            asked = course.request.validators is not None
            return answer if asked else replace(answer, problem=FetchResult.UNASKED_NOT_MODIFIED)
        limit = self.limits.max_body_bytes if status == 200 else PROBLEM_BODY_BYTES  # noqa: PLR2004
        _refuse_announced(found, limit, status)
        body = await _body(
            response, read.joined(response.headers, "content-encoding"), limit, status
        )
        verdict = rules.judge_answer(status, found, body[:PROBLEM_BODY_BYTES])
        return replace(
            answer,
            body=body if verdict.problem is None else b"",
            problem=verdict.problem,
            detail=verdict.detail,
            link=read.joined(response.headers, "link"),
        )

    def _headers(self, course: _Course) -> list[tuple[bytes, bytes]]:
        request, url = course.request, course.url
        sent = [
            (b"Host", host_header(url)),
            (b"User-Agent", self.user_agent.encode("latin-1", "replace")),
            (b"Accept", request.accept.encode()),
            (b"Accept-Encoding", ACCEPT_ENCODING.encode()),
        ]
        if request.form is not None:
            sent.append((b"Content-Type", b"application/x-www-form-urlencoded"))
            sent.append((b"Content-Length", str(len(request.form)).encode()))
        known = request.validators
        if known and known.url == shown(url):
            if known.etag:
                sent.append((b"If-None-Match", known.etag.encode("latin-1")))
            if known.last_modified:
                sent.append((b"If-Modified-Since", known.last_modified.encode("latin-1")))
        if url.userinfo and same_origin(url, course.origin):
            user = unquote(url.userinfo.decode("ascii", "replace")).encode()
            sent.append((b"Authorization", b"Basic " + base64.b64encode(user)))
        return sent

    def _proxy(self, course: _Course) -> str | None:
        return course.request.proxy or self.proxy

    def _pool(self, course: _Course) -> httpcore.AsyncConnectionPool:
        """Return the connections to use. Behind a proxy, what a name resolves to is the proxy's business.

        Raises:
            Problem: behind a proxy, an address that is refused by its spelling alone.
        """
        proxy = self._proxy(course)
        if proxy is not None:
            _refuse_spelled(course.url.host, self.policy)
        if proxy not in self._pools:
            self._pools[proxy] = self._open(proxy)
        return self._pools[proxy]

    def _open(self, proxy: str | None) -> httpcore.AsyncConnectionPool:
        if proxy is None:
            backend, through = self._backend, None
        else:
            where = httpx.Proxy(proxy)
            trusted = frozenset({where.url.host})
            backend = GuardedBackend(self.policy, resolve=self.resolve, trusted=trusted)
            through = httpcore.Proxy(
                url=httpcore.URL(
                    scheme=where.url.raw_scheme,
                    host=where.url.raw_host,
                    port=where.url.port,
                    target=where.url.raw_path,
                ),
                auth=where.raw_auth,
            )
        return httpcore.AsyncConnectionPool(
            ssl_context=_tls(),
            proxy=through,
            max_connections=self.limits.parallel * 2,
            max_keepalive_connections=self.limits.parallel,
            keepalive_expiry=self.hosts.spacing_s * 2,
            network_backend=backend,
        )


@cache
def _tls() -> ssl.SSLContext:
    """Return the one TLS context: reading the certificates takes a tenth of a second."""
    return httpx.create_ssl_context()


def user_agent(version: str, contact: str) -> str:
    """Return the User-Agent: our name, and an address at which a publisher reaches the operator."""
    return f"news-monitor/{version} (+{contact})"


def _answer(url: httpx.URL, status: int, found: dict[str, str], now: datetime) -> Answer:
    return Answer(
        url=shown(url),
        status=status,
        content_type=found.get("content-type", "")[: read.MAX_VALUE_CHARS],
        content_language=found.get("content-language", "")[:64],
        etag=read.validator(found, "etag"),
        last_modified=read.validator(found, "last-modified"),
        max_age_s=read.max_age_s(found),
        expires_s=read.expires_s(found, now),
        retry_after_s=read.retry_after_s(found, now),
        clock_ahead_s=read.clock_ahead_s(found, now),
    )


async def _body(response: httpcore.Response, encoding: str, limit: int, status: int) -> bytes:
    """Read the body up to the limit; of an error page only the beginning is wanted."""
    body = Body(encoding, limit)
    try:
        async for piece in response.aiter_stream():
            body.add(piece)
        return body.end()
    except TooLargeError:
        if status != 200:  # noqa: PLR2004 -- a status
            return body.so_far()
        raise
    except EncodingError:
        if status != 200:  # noqa: PLR2004 -- a status
            return b""
        raise


def _refuse_announced(found: dict[str, str], limit: int, status: int) -> None:
    length = found.get("content-length", "")
    if status == 200 and length.isascii() and length.isdigit() and int(length[:15]) > limit:  # noqa: PLR2004
        raise Problem(FetchResult.TOO_LARGE, f"{length[:15]} bytes announced")


def _refuse_spelled(host: str, policy: AddressPolicy) -> None:
    found = literal(host)
    if found is not None and (reason := judge(found, policy)) in REFUSED:
        raise Problem(FetchResult.ADDRESS_REFUSED, f"{host} is a {reason} address")
    if found is None and local_name(host) and not policy.allow_private:
        raise Problem(FetchResult.ADDRESS_REFUSED, f"{host} is a {AddressReason.PRIVATE} name")
