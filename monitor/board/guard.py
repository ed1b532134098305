"""Stands before every request: names, rates, lengths; and puts the headers on every answer."""

from __future__ import annotations

import time
from collections.abc import Mapping

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from monitor import metrics
from monitor.board.answers import stopped
from monitor.board.rules import (
    MAX_BODY_BYTES,
    MAX_QUERY_BYTES,
    WRITES_PER_MINUTE,
    Access,
    Identity,
    Rates,
    Stop,
    host_stop,
    identify,
)


class Guard:
    """ASGI middleware: lets a request through or answers why not."""

    def __init__(self, app: ASGIApp, access: Access, headers: Mapping[str, str]) -> None:
        """Guard ``app``; ``headers`` go on every answer."""
        self._app = app
        self._access = access
        self._headers = headers
        self._reads = Rates(access.per_minute)
        self._writes = Rates(min(WRITES_PER_MINUTE, access.per_minute))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._headers)
                metrics.board_answers.labels(f"{message['status'] // 100}xx").inc()
            await send(message)

        stop, retry_s = self._stop(scope)
        app = self._app if stop is None else stopped(stop, retry_s=retry_s)
        await app(scope, receive, with_headers)

    def _stop(self, scope: Scope) -> tuple[Stop | None, float]:
        headers = Headers(scope=scope)
        if (stop := host_stop(self._access, headers.get("host", ""))) is not None:
            return stop, 0.0
        if len(scope["query_string"]) > MAX_QUERY_BYTES:
            return Stop.QUERY_TOO_LONG, 0.0
        reads = scope["method"] in ("GET", "HEAD", "OPTIONS")
        retry_s = (self._reads if reads else self._writes).take(_peer(scope), time.monotonic())
        return (Stop.TOO_MANY, retry_s) if retry_s else (None, 0.0)


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def host_of(request: Request) -> str:
    """Return the ``Host`` of a request that has passed the guard."""
    return request.headers.get("host", "")


def identity_of(access: Access, request: Request) -> Identity | None:
    """Return who asks, ``None`` where reading needs a token and none was right."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    header = access.identity_header
    return identify(
        access,
        peer=_peer(request.scope),
        token=token.strip() if scheme.lower() == "bearer" else None,
        named=request.headers.get(header) if header else None,
    )


async def body_of(request: Request) -> bytes | None:
    """Return the body, ``None`` where it is longer than any correction."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BODY_BYTES:
            return None
    return body
