"""Times as people write them on a command line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.errors import InputError

_UNITS = {"d": "days", "h": "hours", "m": "minutes"}
_LONGEST = timedelta(days=36_500)
_DIGITS = 9
"""More is no span of time that Python can hold."""


def duration(text: str) -> timedelta | None:
    """Return what ``7d``, ``12h`` or ``30m`` means, ``None`` where it is none of these."""
    number, unit = text[:-1], text[-1:]
    if unit not in _UNITS or not (number.isascii() and number.isdigit()) or len(number) > _DIGITS:
        return None
    return min(timedelta(**{_UNITS[unit]: int(number)}), _LONGEST)


def moment(text: str, option: str) -> datetime | None:
    """Return the time that a date or a time means, UTC where it names no zone; ``None`` for a duration.

    Raises:
        InputError: it is none of these; the message names the option.
    """
    if duration(text) is not None:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as exc:
        msg = f"{option} takes a date, a time, or something like 7d, 12h or 30m, not {text!r}"
        raise InputError(msg) from exc
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def ago(text: str, option: str, now: datetime) -> datetime:
    """Return a time, or the time so long before now."""
    return moment(text, option) or now - (duration(text) or timedelta(0))


def ahead(text: str, option: str, now: datetime) -> datetime:
    """Return a time, or the time so long after now."""
    return moment(text, option) or now + (duration(text) or timedelta(0))
