"""Decide when a receiver is told, and what follows an attempt: done, try again and when, give up, or disable the sink.

| answer | verdict |
| --- | --- |
| 2xx | delivered |
| 410 | the sink is disabled, as the receiver asked (Standard Webhooks, "Deliverability and reliability") |
| 429, 503 with Retry-After | again, not before that time |
| no answer, 5xx, 408, 425, 429 | again, on the quick schedule |
| 3xx, any other 4xx | again, on the slow schedule: a mistake in the configuration that a person may mend |
| the schedule has run out (about 75 h) | failed: kept, shown, and sent again on demand |

A sink that has taken nothing for 5 days is disabled too. What a receiver wants to hear later is held until then: it is
told, in its order or together, and never lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from msgspec.structs import replace

from monitor.alerts.payload import HERE, Origin
from monitor.alerts.policy import QuietHours
from monitor.alerts.watches import is_grave
from monitor.alerts.wording import DEFAULT
from monitor.sinks.base import SendResult
from monitor.sinks.times import Digest, next_digest, quiet_until
from schemas.alert import Alert
from schemas.reasons import Attempt
from schemas.sink import SinkState

QUICK_S = (1, 2, 4, 8, 30, 120, 600, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds to wait after the first, second, ... failure: about 75 h in all. The later steps are those of Svix's schedule."""
SLOW_S = QUICK_S[4:]
"""The schedule for answers that only a person can change: the quick steps left out."""
JITTER = 0.2
"""Share of a wait that is drawn at random, so that many deliveries do not come back at once."""
MAX_RETRY_AFTER_S = 86_400.0
"""A receiver that asks for more than a day is asked again after a day."""
DISABLE_AFTER = timedelta(days=5)
"""A sink that took nothing for so long is disabled, and the others are told (as Svix does)."""
FAILURES_ARE_ONE = timedelta(days=2)
"""Failures further apart are not one outage: the schedule's longest wait is a day and its jitter."""
STATE_EVERY = timedelta(minutes=10)
"""How often the state of a failing sink is written: so much of the five days a crash may cost."""
MAX_LANE_PAUSE_S = 3600.0
"""A receiver that asks to wait gets nothing new for that time; of one that asks for days each alert is still told."""

_SERVER_ERRORS = 500
_QUICK_STATUS = frozenset({408, 425, 429})

FAILED_IN_A_ROW = 10
"""From so many failures on a receiver is tried at a walking pace: less would slow one that fails now and then."""
WALKING_PER_SECOND = 10.0
"""Ten attempts a second cost a fortieth of a core, and find within a tenth of a second that the receiver is back."""


class DeliveryReason(StrEnum):
    """Why a delivery stands as it does."""

    TAKEN = "taken"
    NO_ANSWER = "no_answer"
    SERVER_ERROR = "server_error"
    TOLD_TO_WAIT = "told_to_wait"
    REFUSED = "refused"
    GONE = "gone"
    NOT_POSSIBLE = "not_possible"
    SCHEDULE_RAN_OUT = "schedule_ran_out"
    WORN_OUT = "worn_out"
    MIN_INTERVAL = "min_interval"
    DIGEST = "digest"
    QUIET_HOURS = "quiet_hours"
    SILENCED = "silenced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What follows an attempt. ``next_at`` is ``None`` unless ``outcome`` is ``retry``."""

    outcome: Attempt
    reason: DeliveryReason
    next_at: datetime | None = None


def webhook_id(alert_id: str, sink: str) -> str:
    """Return the id of the delivery of an alert to a sink: the same at every attempt and on every machine."""
    return "msg_" + sha256(f"{alert_id}\n{sink}".encode()).hexdigest()[:32]


def after_attempt(result: SendResult, *, attempts: int, now: datetime, chance: float) -> Verdict:
    """Decide what follows an attempt.

    Args:
        result: How the attempt ended.
        attempts: Attempts made so far, this one included; at least 1.
        now: When it ended, aware UTC.
        chance: A random number in [0, 1) for the jitter.
    """
    if result.ok:
        return Verdict(outcome=Attempt.DELIVERED, reason=DeliveryReason.TAKEN)
    if result.gone:
        return Verdict(outcome=Attempt.DISABLED, reason=DeliveryReason.GONE)
    if result.permanent:
        return Verdict(outcome=Attempt.FAILED, reason=DeliveryReason.NOT_POSSIBLE)
    reason, schedule = _failure(result)
    if attempts > len(schedule):
        return Verdict(outcome=Attempt.FAILED, reason=DeliveryReason.SCHEDULE_RAN_OUT)
    wait_s = schedule[attempts - 1] * (1 + JITTER * (chance - 0.5))
    if result.retry_after_s is not None:
        wait_s = max(wait_s, min(result.retry_after_s, MAX_RETRY_AFTER_S))
        reason = DeliveryReason.TOLD_TO_WAIT
    return Verdict(outcome=Attempt.RETRY, reason=reason, next_at=now + timedelta(seconds=wait_s))


def _failure(result: SendResult) -> tuple[DeliveryReason, tuple[int, ...]]:
    status = result.status_code
    if status is None:
        return DeliveryReason.NO_ANSWER, QUICK_S
    if status >= _SERVER_ERRORS or status in _QUICK_STATUS:
        return DeliveryReason.SERVER_ERROR, QUICK_S
    return DeliveryReason.REFUSED, SLOW_S


def standing(known: SinkState, verdict: Verdict, now: datetime) -> SinkState:
    """Return how a sink is after an attempt; disabled where the receiver is gone or has taken nothing for 5 days.

    What could not be tried at all (``NOT_POSSIBLE``) tells nothing of the receiver.
    """
    if verdict.outcome is Attempt.DELIVERED:
        return replace(known, at=now, failing_since=None, failed_at=None)
    if verdict.reason is DeliveryReason.NOT_POSSIBLE:
        return known
    is_same = known.failed_at is not None and now - known.failed_at <= FAILURES_ARE_ONE
    since = known.failing_since if is_same and known.failing_since else now
    failing = replace(known, at=now, failing_since=since, failed_at=now)
    if failing.disabled_at is not None:
        return failing
    if verdict.reason is DeliveryReason.GONE:
        return replace(failing, disabled_at=now, reason=verdict.reason)
    if now - since >= DISABLE_AFTER:
        return replace(failing, disabled_at=now, reason=DeliveryReason.WORN_OUT)
    return failing


def is_worth_writing(written: SinkState, now_is: SinkState) -> bool:
    """Tell whether a sink's state has changed so much that the next start must know."""
    if written.disabled_at != now_is.disabled_at:
        return True
    if (written.failing_since is None) != (now_is.failing_since is None):
        return True
    return now_is.failing_since is not None and now_is.at - written.at >= STATE_EVERY


def pace(per_second: float | None, *, failed_in_a_row: int) -> float | None:
    """Return how many attempts a second a receiver gets at most, ``None`` where there is no limit."""
    if failed_in_a_row < FAILED_IN_A_ROW:
        return per_second
    return min(per_second or WALKING_PER_SECOND, WALKING_PER_SECOND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """How a receiver wants to be told: in which language, and at once unless one of these says later."""

    language: str = DEFAULT
    origin: Origin = HERE
    min_interval: timedelta = timedelta(0)
    digest: Digest | None = None
    quiet_hours: QuietHours | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Until when a delivery waits, and why."""

    reason: DeliveryReason
    until: datetime


def hold(alert: Alert, telling: Telling, *, now: datetime, told_at: datetime | None) -> Hold | None:
    """Return until when an alert is held for a receiver, ``None`` where it is told at once.

    Args:
        alert: What is told. Tests and notices are told at once.
        telling: What the receiver chose.
        now: When the alert came, aware UTC.
        told_at: When the receiver was last told of the incident, or will be of what is held now.
    """
    if alert.status != "actual":
        return None
    at, reason = now, None
    interval, digest, quiet = telling.min_interval, telling.digest, telling.quiet_hours
    if interval and told_at is not None and told_at + interval > now:
        # What is held already is told with this one; a later time is that of a clock that has been set back.
        at = min(told_at if told_at > now else told_at + interval, now + interval)
        reason = DeliveryReason.MIN_INTERVAL
    if digest is not None and not is_grave(digest.unless_killed, alert.incident):
        at, reason = next_digest(digest, at), DeliveryReason.DIGEST
    if quiet is not None and not is_grave(quiet.unless_killed, alert.incident):
        end = quiet_until(quiet, at)
        at, reason = (at, reason) if end is None else (end, reason or DeliveryReason.QUIET_HOURS)
    return None if reason is None else Hold(reason=reason, until=at)
