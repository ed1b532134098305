"""Connect to checked addresses only: the network backend below every request that the poller makes.

``httpcore`` asks its backend for a connection to a host, for the first request and for each redirect alike. This one
resolves the name, judges every address (``monitor.feeds.addresses``) and connects to a judged one, so that a name
which resolves to something else a moment later (DNS rebinding) gains nothing. TLS still names the host.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from typing import Any

import httpcore
from httpcore import AsyncNetworkBackend, AsyncNetworkStream

from monitor.feeds.addresses import (
    REFUSED,
    Address,
    AddressPolicy,
    AddressReason,
    judge,
    literal,
)

MAX_ADDRESSES = 8
"""How many of a name's addresses are tried; each gets its share of the connect timeout."""

MAX_KNOWN_HOSTS = 50_000
RESOLVERS = 32

Resolve = Callable[[str, int], Awaitable[tuple[Address, ...]]]
SocketOptions = Iterable[Any]  # httpcore's own union of socket option tuples


class AddressRefusedError(Exception):
    """A host has an address that may not be fetched from; ``reason`` says what it is."""

    def __init__(self, host: str, reason: AddressReason) -> None:
        """Tell the host and the kind of address, not the address: it may be nobody's business."""
        self.reason = reason
        super().__init__(f"{host} has a {reason} address")


class NameNotFoundError(Exception):
    """A name could not be resolved."""


@cache
def _resolvers() -> ThreadPoolExecutor:
    """Return threads for the system's resolver alone: a dead name server must hold up nobody else's threads."""
    return ThreadPoolExecutor(max_workers=RESOLVERS, thread_name_prefix="resolve")


async def system_resolve(host: str, port: int) -> tuple[Address, ...]:
    """Return all addresses of a host as the system resolves it.

    Raises:
        NameNotFoundError: there are none.
    """
    found = literal(host)
    if found is not None:
        return (found,)
    loop = asyncio.get_running_loop()
    try:
        rows = await loop.run_in_executor(
            _resolvers(), partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        )
    except (OSError, UnicodeError) as exc:
        msg = f"{host}: {exc}"
        raise NameNotFoundError(msg) from exc
    texts = dict.fromkeys(str(row[4][0]).partition("%")[0] for row in rows)
    return tuple(ipaddress.ip_address(text) for text in texts)


class GuardedBackend(AsyncNetworkBackend):
    """Connects to public addresses, and to private ones that the policy allows.

    ``trusted`` hosts (a configured proxy) are connected to wherever they are. ``private`` tells, after a
    connection, whether the host's addresses were private ones.
    """

    def __init__(
        self,
        policy: AddressPolicy,
        *,
        resolve: Resolve = system_resolve,
        trusted: frozenset[str] = frozenset(),
        inner: AsyncNetworkBackend | None = None,
    ) -> None:
        self._policy = policy
        self._resolve = resolve
        self._trusted = trusted
        self._inner = inner or httpcore.AnyIOBackend()
        self._private: dict[str, bool] = {}

    def private(self, host: str) -> bool | None:
        """Return whether a host was found to be private, ``None`` where it was not resolved yet."""
        found = literal(host)
        if found is not None:
            return judge(found, self._policy) is not AddressReason.PUBLIC
        return self._private.get(host.lower())

    async def check(self, host: str, port: int) -> tuple[Address, ...]:
        """Return the addresses of a host, all judged.

        Raises:
            AddressRefusedError: one of them may not be fetched from.
            NameNotFoundError: it has none.
        """
        found = await self._resolve(host, port)
        reasons = [judge(address, self._policy) for address in found]
        refused = next((reason for reason in reasons if reason in REFUSED), None)
        if refused is not None and host not in self._trusted:
            raise AddressRefusedError(host, refused)
        if len(self._private) >= MAX_KNOWN_HOSTS:
            self._private.clear()
        self._private[host.lower()] = any(r is not AddressReason.PUBLIC for r in reasons)
        return found[:MAX_ADDRESSES]

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 -- httpcore's signature
        local_address: str | None = None,
        socket_options: SocketOptions | None = None,
    ) -> AsyncNetworkStream:
        """Return a connection to the first checked address that answers.

        Raises:
            AddressRefusedError: one of the host's addresses may not be fetched from.
            httpcore.ConnectError: none answers.
        """
        addresses = await self.check(host, port)
        until = time.monotonic() + (timeout or 30.0)
        last: Exception = httpcore.ConnectError(f"{host} has no address")
        for left, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            share = max(0.1, (until - time.monotonic()) / left)
            try:
                return await self._inner.connect_tcp(
                    str(address), port, share, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout, OSError) as exc:
                last = exc
        raise last

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109 -- httpcore's signature
        socket_options: SocketOptions | None = None,  # noqa: ARG002 -- the same
    ) -> AsyncNetworkStream:
        """Refuse: no feed is behind a socket of this machine."""
        raise AddressRefusedError(path, AddressReason.LOOPBACK)

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._inner.sleep(seconds)
