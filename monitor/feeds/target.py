"""Pure: addresses that requests go to, parsed strictly, joined and shown."""

from __future__ import annotations

import httpx

from monitor.feeds.problems import Problem
from schemas.feed import FetchResult

MAX_URL_CHARS = 8000
"""RFC 9110, section 4.1: what every recipient is asked to support."""

_SCHEMES = frozenset({"http", "https"})


def parsed(text: str) -> httpx.URL:
    """Return an address that may be asked for.

    Raises:
        Problem: it is none.
    """
    if len(text) > MAX_URL_CHARS:
        raise Problem(FetchResult.BAD_ADDRESS, f"{len(text)} characters")
    try:
        url = httpx.URL(text.strip())
        port_is_fine = url.port is None or 0 < url.port < 1 << 16
    except (httpx.InvalidURL, ValueError, UnicodeError) as exc:
        raise Problem(FetchResult.BAD_ADDRESS, str(exc)[:200]) from exc
    if url.scheme not in _SCHEMES:
        raise Problem(FetchResult.SCHEME_REFUSED, f"scheme {url.scheme[:20] or 'none'}")
    if not url.host or not port_is_fine:
        raise Problem(FetchResult.BAD_ADDRESS, "no host, or no such port")
    return url.copy_with(fragment=None)


def joined(base: httpx.URL, location: str) -> httpx.URL:
    """Return where a redirect leads.

    Raises:
        Problem: nowhere.
    """
    if not location:
        raise Problem(FetchResult.BAD_REDIRECT, "no Location")
    try:
        return parsed(str(base.copy_with(userinfo=b"").join(location)))
    except (httpx.InvalidURL, ValueError, UnicodeError) as exc:
        raise Problem(FetchResult.BAD_REDIRECT, str(exc)[:200]) from exc


def location(found: dict[str, str]) -> str:
    """Return a Location header as text; servers write it in UTF-8 too."""
    raw = found.get("location", "").strip()[: MAX_URL_CHARS + 1].encode("latin-1")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def shown(url: httpx.URL) -> str:
    """Return an address without credentials, fit for a log."""
    return str(url.copy_with(userinfo=b"")) if url.userinfo else str(url)


def port(url: httpx.URL) -> int:
    """Return the port of an address, also where it is the usual one."""
    return url.port or (443 if url.scheme == "https" else 80)


def host_header(url: httpx.URL) -> bytes:
    """Return the Host header of an address."""
    host = b"[" + url.raw_host + b"]" if b":" in url.raw_host else url.raw_host
    return host if url.port is None else host + b":" + str(url.port).encode()


def same_origin(one: httpx.URL, other: httpx.URL) -> bool:
    """Return whether two addresses are of one origin (RFC 6454): credentials of one are for the other."""
    return (one.scheme, one.host, port(one)) == (other.scheme, other.host, port(other))
