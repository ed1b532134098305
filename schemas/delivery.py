"""Deliveries: one alert to one sink, and how each attempt ended."""

from __future__ import annotations

from datetime import datetime

from schemas.base import AlertId, Record
from schemas.reasons import Attempt


class Delivery(Record, frozen=True, kw_only=True):
    """The state of one alert on its way to one sink. Topic ``deliveries``, keyed by ``sink``.

    ``webhook_id`` is the same at every attempt; ``attempts`` counts those made; ``next_at`` is
    ``None`` once it has ended. ``detail`` never holds a secret or a full address.
    """

    webhook_id: str
    alert_id: AlertId
    sink: str
    outcome: Attempt
    attempts: int
    first_at: datetime
    at: datetime
    next_at: datetime | None = None
    status_code: int | None = None
    detail: str = ""
