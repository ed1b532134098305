"""Who may ask what of the board? A request goes on, or stops with a reason."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from urllib.parse import urlsplit

from monitor.board.section import BoardSection

LOOPBACK = ("localhost", "127.0.0.1", "::1")
MAX_BODY_BYTES = 16_384
"""A correction with 64 articles and a note of 1,000 characters has about 4 KB."""
MAX_QUERY_BYTES = 32_768
"""Twenty actors with long names in a script of three bytes a letter fit."""
MAX_BUCKETS = 10_000
"""Addresses whose rate is remembered, the latest ones."""
WRITES_PER_MINUTE = 30
"""Corrections a minute from one address; an editor's quick hand makes five."""


class Stop(StrEnum):
    """Why a request goes no further."""

    OTHER_HOST = "other_host"
    TOO_MANY = "too_many"
    TOO_LONG = "too_long"
    QUERY_TOO_LONG = "query_too_long"
    NO_TOKEN = "no_token"  # noqa: S105  a reason, not a token
    NOT_AN_EDITOR = "not_an_editor"
    OTHER_ORIGIN = "other_origin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who asks. ``name`` is ``None`` where nobody said; ``editor`` may correct."""

    name: str | None = None
    editor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What the configuration says of who may ask."""

    hosts: frozenset[str]
    readers: tuple[str, ...] = field(default=(), repr=False)
    editors: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    identity_header: str | None = None
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    proxy_editors: frozenset[str] = frozenset()
    per_minute: int = 600


def access_of(section: BoardSection) -> Access:
    """Return the rules of access that a configuration gives."""
    public = urlsplit(section.public_url or "").hostname
    named = [h.lower() for h in (*section.hosts, section.bind, public) if h]
    return Access(
        hosts=frozenset({*LOOPBACK, *named}),
        readers=tuple(token.get_secret_value() for token in section.tokens),
        editors=tuple((e.name, e.token.get_secret_value()) for e in section.editors),
        identity_header=section.identity_header.lower() if section.identity_header else None,
        proxies=tuple(ip_network(network) for network in section.trusted_proxies),
        proxy_editors=frozenset(section.proxy_editors),
        per_minute=section.requests_per_minute,
    )


def host_stop(access: Access, host: str) -> Stop | None:
    """Return why a ``Host`` is not answered: a page of another name that resolves here must read nothing.

    DNS rebinding: the browser takes the attacker's name for ours, and only this header tells.
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return Stop.OTHER_HOST
    return None if name.lower() in access.hosts else Stop.OTHER_HOST


def origin_stop(host: str, origin: str | None) -> Stop | None:
    """Return why a change that a page of another origin asks for is refused; programs send no ``Origin``."""
    if origin is None:
        return None
    try:
        asked = urlsplit(origin)
    except ValueError:
        return Stop.OTHER_ORIGIN
    same = asked.scheme in ("http", "https") and asked.netloc.lower() == host.lower()
    return None if same else Stop.OTHER_ORIGIN


def correction_stop(identity: Identity, host: str, origin: str | None) -> Stop | None:
    """Return why somebody may not correct: not known, no editor, or a page of another origin asks for them."""
    if identity.editor:
        return origin_stop(host, origin)
    return Stop.NO_TOKEN if identity.name is None else Stop.NOT_AN_EDITOR


def identify(access: Access, *, peer: str, token: str | None, named: str | None) -> Identity | None:
    """Return who asks, ``None`` where reading needs a token and none was right.

    Args:
        access: The rules.
        peer: The address that the connection comes from.
        token: What follows ``Bearer`` in ``Authorization``.
        named: The value of the identity header.
    """
    if named and _is_trusted(access, peer):
        return Identity(name=named, editor=named in access.proxy_editors)
    if token is not None:
        editor = next((n for n, known in access.editors if _same(known, token)), None)
        if editor is not None:
            return Identity(name=editor, editor=True)
        if any(_same(known, token) for known in access.readers):
            return Identity()
    return None if access.readers or (access.identity_header and access.proxies) else Identity()


def _is_trusted(access: Access, peer: str) -> bool:
    try:
        address = ip_address(peer)
    except ValueError:
        return False
    return any(address in network for network in access.proxies)


def _same(known: str, given: str) -> bool:
    return hmac.compare_digest(known.encode(), given.encode())


@dataclass(slots=True)
class Bucket:
    """What an address has left of its requests, and when that was counted (seconds, monotonic)."""

    left: float
    at: float


class Rates:
    """How often each address asks: a bucket that holds a minute's worth and fills evenly."""

    def __init__(self, per_minute: int) -> None:
        """Allow so many requests a minute, and as many at once."""
        self._per_minute = per_minute
        self._buckets: dict[str, Bucket] = {}

    def take(self, who: str, now: float) -> float:
        """Take one request; return 0, or the seconds after which one is free again."""
        bucket = self._buckets.pop(who, None) or Bucket(self._per_minute, now)
        filled = bucket.left + (now - bucket.at) * self._per_minute / 60
        bucket.left, bucket.at = min(filled, self._per_minute), now
        self._buckets[who] = bucket
        if len(self._buckets) > MAX_BUCKETS:
            del self._buckets[next(iter(self._buckets))]
        if bucket.left < 1:
            return (1 - bucket.left) * 60 / self._per_minute
        bucket.left -= 1
        return 0.0


def frame_ancestors(embed: Sequence[str]) -> str:
    """Return who may show the board in a frame, in the words of CSP."""
    return " ".join(embed) if embed else "'none'"
