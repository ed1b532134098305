"""An httpx transport that connects to judged addresses only, as the poller does (``monitor.feeds.network``).

A webhook's address comes from the operator, but its name resolves to what somebody else says; a name that moves into
the private network must not make this machine post there. Private receivers are allowed by their networks.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterable

import httpcore
import httpx

from monitor.feeds.addresses import AddressPolicy
from monitor.feeds.network import AddressRefusedError, GuardedBackend, NameNotFoundError

_ERRORS = (
    httpcore.NetworkError,
    httpcore.TimeoutException,
    httpcore.ProtocolError,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
    AddressRefusedError,
    NameNotFoundError,
)


class GuardedTransport(httpx.AsyncBaseTransport):
    """Sends requests over a pool of connections whose addresses were judged."""

    def __init__(
        self, allow_private: Iterable[str], *, max_connections: int, proxy: str | None
    ) -> None:
        """Allow the private networks named in CIDR notation.

        Raises:
            ValueError: one is no network.
        """
        policy = AddressPolicy.of(allow_private)
        context = ssl.create_default_context()
        if proxy is not None:
            host = httpx.URL(proxy).host
            backend = GuardedBackend(policy, trusted=frozenset({host}))
        else:
            backend = GuardedBackend(policy)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=context,
            max_connections=max_connections,
            keepalive_expiry=30.0,
            network_backend=backend,
            proxy=httpcore.Proxy(proxy) if proxy else None,
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request.

        Raises:
            httpx.TransportError: it failed, or the receiver's address is refused.
        """
        url = request.url
        sent = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        try:
            answer = await self._pool.handle_async_request(sent)
        except _ERRORS as exc:
            raise _told(exc) from exc
        return httpx.Response(
            status_code=answer.status,
            headers=answer.headers,
            stream=_Body(answer),
            extensions=answer.extensions,
        )

    async def aclose(self) -> None:
        """Close the connections."""
        await self._pool.aclose()


def _told(exc: Exception) -> httpx.TransportError:
    return httpx.TransportError(f"{type(exc).__name__}: {exc}")


class _Body(httpx.AsyncByteStream):
    """A body that is read as it comes."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for part in self._answer.aiter_stream():
                yield part
        except _ERRORS as exc:
            raise _told(exc) from exc

    async def aclose(self) -> None:
        await self._answer.aclose()
