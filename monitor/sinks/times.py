"""Times of the day in a receiver's own zone: when its quiet hours end, when its next digest is due.

A day has 23 or 25 hours twice a year. A wall-clock time that does not exist is taken as the moment the clocks were moved
to, one that comes twice as its first: so an end of quiet hours is never skipped and never comes twice.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from monitor.alerts.policy import QuietHours
from monitor.alerts.watches import is_within

_DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """When what has come is told together: each time ``every`` is over, or at hours of the day in a zone.

    An incident with ``unless_killed`` or more dead is told at once.
    """

    every: timedelta | None = None
    at: tuple[time, ...] = ()
    zone: str = "UTC"
    unless_killed: int | None = None


def quiet_until(quiet: QuietHours, now: datetime) -> datetime | None:
    """Return when the quiet hours end in which ``now`` is, ``None`` outside of them. Aware UTC."""
    if not is_within(quiet, now):
        return None
    return _next(quiet.end, ZoneInfo(quiet.zone), now)


def next_digest(digest: Digest, now: datetime) -> datetime:
    """Return when the next digest after ``now`` is due: always later than ``now``. Aware UTC.

    Intervals are counted from 1970, so that all workers mean the same moments.
    """
    if digest.every is not None:
        return _EPOCH + ((now - _EPOCH) // digest.every + 1) * digest.every
    zone = ZoneInfo(digest.zone)
    return min(_next(hour, zone, now) for hour in digest.at)


def _next(hour: time, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the first moment after ``now`` at which it is ``hour`` in a zone."""
    today = now.astimezone(zone).date()
    # Yesterday too: a clock that was moved can put its moment after now.
    days = (today + n * _DAY for n in (-1, 0, 1, 2))
    return next(at for at in (_moment(day, hour, zone) for day in days) if at > now)


def _moment(day: date, hour: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, hour, zone).astimezone(UTC)
