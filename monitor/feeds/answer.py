"""What a request for a feed or a page is, and what came of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from urllib.parse import urlsplit

from schemas.feed import FetchResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What makes a request conditional: the server's own words, and the one address they are for."""

    url: str
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One redirect: from where, with which status, to where."""

    url: str
    status: int
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """How a request ended. ``problem`` is ``None`` where a body came (200) or nothing changed (304).

    ``url`` is the address that answered in the end. ``max_age_s``, ``expires_s`` and ``retry_after_s`` are
    seconds from now as the server said them, ``None`` where it did not; ``clock_ahead_s`` is how far its clock
    is ahead of ours.
    """

    url: str
    status: int | None = None
    problem: FetchResult | None = None
    detail: str = ""
    body: bytes = b""
    content_type: str = ""
    content_language: str = ""
    link: str = ""
    etag: str | None = None
    last_modified: str | None = None
    max_age_s: float | None = None
    expires_s: float | None = None
    retry_after_s: float | None = None
    clock_ahead_s: float | None = None
    hops: tuple[Hop, ...] = ()
    private: bool = False
    seconds: float = 0.0

    @property
    def host(self) -> str:
        """The host that answered."""
        return host_key(self.url)


def host_key(url: str) -> str:
    """Return the name under which a host's manners are kept: lower case, with the port where it is not the usual one."""
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return ""
    return host if port in (None, 80, 443) else f"{host}:{port}"


def body_hash(body: bytes) -> str:
    """Return the hash by which an unchanged body is known."""
    return hashlib.blake2b(body, digest_size=16).hexdigest()
