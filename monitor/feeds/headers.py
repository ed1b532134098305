"""Pure: read the headers by which a server says how long to wait (RFC 9110, RFC 9111)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

MAX_VALUE_CHARS = 4096
"""A validator longer than this is not kept: it would be echoed with each request."""

_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,12})\"?", re.IGNORECASE)


def readable(raw: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers by lower-case name as Latin-1 text; the first of each name counts, as in browsers for validators."""
    found: dict[str, str] = {}
    for name, value in raw:
        found.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
    return found


def joined(raw: Iterable[tuple[bytes, bytes]], name: str) -> str:
    """Return all values of a list header as one (RFC 9110, section 5.3)."""
    wanted = name.lower().encode()
    return ", ".join(v.decode("latin-1") for n, v in raw if n.lower() == wanted)


def validator(headers: Mapping[str, str], name: str) -> str | None:
    """Return an ETag or Last-Modified as it came, ``None`` where there is none or it is too long to echo."""
    value = headers.get(name, "")
    return value if 0 < len(value) <= MAX_VALUE_CHARS else None


def max_age_s(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of ``Cache-Control: max-age``, less ``Age`` (RFC 9111, section 4.2)."""
    control = headers.get("cache-control", "")
    found = _MAX_AGE.search(control)
    if found is None or "no-cache" in control.lower() or "no-store" in control.lower():
        return None
    age = headers.get("age", "")
    spent = (
        float(age) if age.isascii() and age.isdigit() and len(age) < MAX_VALUE_CHARS // 400 else 0.0
    )
    return max(0.0, float(found[1]) - spent)


def expires_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds until ``Expires``, counted from the server's own ``Date`` where it gives one."""
    at = http_date(headers.get("expires", ""))
    if at is None:
        return None
    since = http_date(headers.get("date", "")) or now
    return max(0.0, (at - since).total_seconds())


def retry_after_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return the seconds of ``Retry-After``, given as seconds or as a date (RFC 9110, section 10.2.3)."""
    value = headers.get("retry-after", "").strip()
    if _SECONDS.fullmatch(value):
        return float(value[:12])
    at = http_date(value)
    return max(0.0, (at - now).total_seconds()) if at else None


def clock_ahead_s(headers: Mapping[str, str], now: datetime) -> float | None:
    """Return how far a server's clock is ahead of ours by its ``Date``; a cached answer (``Age``) tells nothing."""
    at = http_date(headers.get("date", ""))
    if at is None or "age" in headers:
        return None
    return (at - now).total_seconds()


def http_date(text: str) -> datetime | None:
    """Return the time of an HTTP date, aware UTC, ``None`` where it is none."""
    try:
        at = parsedate_to_datetime(text[:64])
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
