"""Decide what follows an attempt to deliver: done, try again and when, give up, or disable the sink.

| answer | verdict |
| --- | --- |
| 2xx | delivered |
| 410 | the sink is disabled, as the receiver asked (Standard Webhooks, "Deliverability and reliability") |
| 429, 503 with Retry-After | again, not before that time |
| no answer, 5xx, 408, 425, 429 | again, on the quick schedule |
| 3xx, any other 4xx | again, on the slow schedule: a mistake in the configuration that a person may mend |
| the schedule has run out (about 75 h) | failed: kept, shown, and sent again on demand |
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from monitor.sinks.base import SendResult
from schemas.reasons import Attempt

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

_SERVER_ERRORS = 500
_QUICK_STATUS = frozenset({408, 425, 429})


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


def is_worn_out(*, failing_since: datetime | None, now: datetime) -> bool:
    """Tell whether a sink has failed for so long that it is disabled. ``None``: it is not failing."""
    return failing_since is not None and now - failing_since >= DISABLE_AFTER
