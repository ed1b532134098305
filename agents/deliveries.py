"""What is known of deliveries: those that wait, and the latest that have ended."""

from __future__ import annotations

import heapq
from collections import OrderedDict
from datetime import datetime

import msgspec

from monitor.stage import Step
from schemas.delivery import Delivery
from schemas.reasons import Attempt

KEPT_ENDED = 20_000
"""Ended deliveries remembered in a partition: an alert sent twice is delivered once, and people can look them up."""

_DROPPED_AT_ONCE = 8

WAITING = frozenset({Attempt.PENDING, Attempt.RETRY})
"""Outcomes after which another attempt follows."""


class DeliveryBook:
    """Deliveries under their webhook ids, and which of them is due when."""

    def __init__(self) -> None:
        self._rows: dict[str, Delivery] = {}
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._due: list[tuple[datetime, int, str]] = []
        self._count = 0

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, webhook_id: str) -> Delivery | None:
        """Return what is known of a delivery."""
        return self._rows.get(webhook_id)

    def put(self, key: str, row: Delivery | None) -> None:
        """Set the row under a webhook id, or delete it where ``row`` is ``None``."""
        self._ended.pop(key, None)
        if row is None:
            self._rows.pop(key, None)
            return
        self._rows[key] = row
        if row.outcome not in WAITING:
            self._ended[key] = None
        elif row.next_at is not None:
            # The counter keeps the order in which they came among those due at the same time.
            self._count += 1
            heapq.heappush(self._due, (row.next_at, self._count, key))

    def oldest_ended(self) -> tuple[str, ...]:
        """Return those to forget for a new one: a few at a time, beyond the number that is kept."""
        surplus = min(len(self._ended) - KEPT_ENDED, _DROPPED_AT_ONCE)
        return tuple(key for key, _ in zip(self._ended, range(max(0, surplus)), strict=False))

    def take_due(self, now: datetime) -> tuple[Delivery, ...]:
        """Return the deliveries that are due, each once until its row is put again."""
        taken = []
        while self._due and self._due[0][0] <= now:
            at, _, key = heapq.heappop(self._due)
            row = self._rows.get(key)
            if row is not None and row.outcome in WAITING and row.next_at == at:
                taken.append(row)
        return tuple(taken)

    def renew_due(self) -> None:
        """Have each waiting delivery taken again when it is due, those taken before too."""
        waiting = [row for row in self._rows.values() if row.outcome in WAITING and row.next_at]
        self._due = [
            (row.next_at, number, row.webhook_id)
            for number, row in enumerate(waiting, self._count + 1)
            if row.next_at is not None
        ]
        self._count += len(waiting)
        heapq.heapify(self._due)

    def next_due(self) -> datetime | None:
        """Return when the next delivery is due, ``None`` with none waiting."""
        return self._due[0][0] if self._due else None

    def waiting(self) -> tuple[Delivery, ...]:
        """Return the deliveries that have not ended."""
        return tuple(row for row in self._rows.values() if row.outcome in WAITING)


def note(book: DeliveryBook, delivery: Delivery, _offset: int = 0) -> Step[Delivery, Delivery]:
    """Return the row after a record of ``deliveries``: a new delivery, an attempt, or a request to try again.

    An attempt adds what it tells to the row, which has the alert. What comes late, out of order or a
    second time changes nothing.
    """
    known = book.get(delivery.webhook_id)
    if delivery.outcome is Attempt.PENDING:
        # A person's request to try again comes with the attempts made so far; a new delivery with none.
        if known is not None and delivery.attempts < max(1, known.attempts):
            return Step(reasons=("known",))
        rows = ((delivery.webhook_id, delivery),)
        gone = tuple((key, None) for key in book.oldest_ended())
        return Step(rows=(*rows, *gone), reasons=(delivery.outcome,))
    if known is None:
        return Step(reasons=("unknown",))
    if known.outcome not in WAITING or delivery.attempts <= known.attempts:
        return Step(reasons=("late",))
    # The alert stays with what can be tried again; what was delivered needs it no more.
    alert = None if delivery.outcome is Attempt.DELIVERED else known.alert
    row = msgspec.structs.replace(delivery, alert=alert, first_at=known.first_at)
    return Step(rows=((delivery.webhook_id, row),), reasons=(delivery.outcome,))
