"""What is known of deliveries: those that wait, those that are held, and the latest that have ended."""

from __future__ import annotations

import heapq
import zlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice

import msgspec

from monitor.alerts.digests import digest_of
from monitor.alerts.payload import body
from monitor.sinks.rules import DeliveryReason, Telling, hold, webhook_id
from monitor.stage import Step
from schemas.alert import Alert
from schemas.delivery import Delivery
from schemas.reasons import Attempt

KEPT_ENDED = 20_000
"""Ended deliveries remembered in a partition: an alert sent twice is delivered once, and people can look them up."""
KEPT_TOLD = 20_000
"""Incidents of which it is remembered when a sink was told of them."""
MOST_TOGETHER = 50
"""Alerts in one digest; what is more makes another one."""
MOST_BYTES_TOGETHER = 1 << 20
"""Bytes of alerts in one digest: with its own body it stays well below what the topic of rows takes."""
ASKED_AGAIN_AFTER = timedelta(seconds=5)
"""What is held is let go by a record; one that brought nothing is sent again after this."""

CLOCKS_APART = timedelta(seconds=10)
"""How far the clocks of two workers may be apart: what was written later than that was written before the clock was set back."""

_DROPPED_AT_ONCE = 8

WAITING = frozenset({Attempt.PENDING, Attempt.HELD, Attempt.RETRY})
"""Outcomes after which another attempt follows."""
_WITHOUT_ATTEMPT = frozenset({Attempt.FAILED, Attempt.DISABLED})
"""Outcomes that can come without an attempt: of a sink that is disabled or not there."""
_TOGETHER = frozenset({DeliveryReason.DIGEST, DeliveryReason.MIN_INTERVAL})
"""Reasons for which several deliveries are held to be told in one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A delivery whose time has come, without its alert: ten thousand of them are a few megabytes."""

    webhook_id: str
    sink: str
    incident: str
    attempts: int
    book: DeliveryBook


_NEVER = datetime.min.replace(tzinfo=UTC)


class _Content(msgspec.Struct, frozen=True):
    """What is sent. It is kept compressed: a sink that is away may have thousands of alerts waiting."""

    alert: Alert
    body: str | None


_encoder = msgspec.json.Encoder()
_contents = msgspec.json.Decoder(_Content)


class DeliveryBook:
    """Deliveries under their webhook ids, and which of them is due when."""

    def __init__(self) -> None:
        self._rows: dict[str, Delivery] = {}
        self._contents: dict[str, bytes] = {}
        self._ended: OrderedDict[str, None] = OrderedDict()
        self._due: list[tuple[datetime, int, str]] = []
        self._times: dict[str, datetime] = {}
        self._written_at = _NEVER
        self._held: dict[str, OrderedDict[str, None]] = {}
        self._held_until: dict[str, datetime] = {}
        self._asked: dict[str, datetime] = {}
        self._told: OrderedDict[tuple[str, str], datetime] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return len(self._rows)

    def get(self, webhook_id: str) -> Delivery | None:
        """Return what is known of a delivery, without its alert and body."""
        return self._rows.get(webhook_id)

    def whole(self, webhook_id: str) -> Delivery | None:
        """Return what is known of a delivery, with its alert and body where they are kept."""
        row, packed = self._rows.get(webhook_id), self._contents.get(webhook_id)
        if row is None or packed is None:
            return row
        content = _contents.decode(zlib.decompress(packed))
        return msgspec.structs.replace(row, alert=content.alert, body=content.body)

    def told_at(self, sink: str, incident: str | None) -> datetime | None:
        """Return when a sink was last told of an incident, or will be; ``None`` where that is not remembered."""
        return None if incident is None else self._told.get((sink, incident))

    def put(self, key: str, row: Delivery | None) -> None:
        """Set the row under a webhook id, or delete it where ``row`` is ``None``."""
        self._forget(key)
        if row is None:
            return
        if row.alert is not None:
            content = _encoder.encode(_Content(alert=row.alert, body=row.body))
            self._contents[key] = zlib.compress(content, level=1)
        row = msgspec.structs.replace(row, alert=None, body=None)
        self._rows[key] = row
        self._written_at = max(self._written_at, row.at)
        self._remember_told(row)
        if row.outcome not in WAITING:
            self._ended[key] = None
        elif is_held_together(row) and row.next_at is not None:
            self._held.setdefault(row.sink, OrderedDict())[key] = None
            until = self._held_until.get(row.sink, row.next_at)
            self._held_until[row.sink] = min(row.next_at, until)
        elif row.next_at is not None:
            # The counter keeps the order in which they came among those due at the same time.
            self._count += 1
            self._times[key] = row.next_at
            heapq.heappush(self._due, (row.next_at, self._count, key))

    def _forget(self, key: str) -> None:
        self._ended.pop(key, None)
        self._contents.pop(key, None)
        self._times.pop(key, None)
        old = self._rows.pop(key, None)
        if old is not None and is_held_together(old):
            self._held[old.sink].pop(key, None)
            self._asked.pop(old.sink, None)

    def _remember_told(self, row: Delivery) -> None:
        if row.incident_id is None or row.outcome in (Attempt.SILENCED, Attempt.DIGESTED):
            return
        at = row.next_at if row.outcome is Attempt.HELD and row.next_at else row.first_at
        key = (row.sink, row.incident_id)
        self._told[key] = max(at, self._told.get(key, at))
        self._told.move_to_end(key)
        if len(self._told) > KEPT_TOLD:
            self._told.popitem(last=False)

    def oldest_ended(self) -> tuple[str, ...]:
        """Return those to forget for a new one: a few at a time, beyond the number that is kept."""
        surplus = min(len(self._ended) - KEPT_ENDED, _DROPPED_AT_ONCE)
        return tuple(islice(self._ended, max(0, surplus)))

    def take_due(self, now: datetime) -> tuple[Due, ...]:
        """Return the deliveries that are due, each once until its row is put again."""
        if self._written_at > now + CLOCKS_APART:
            self._bring_forward(now)
        taken = []
        while self._due and self._due[0][0] <= now:
            at, _, key = heapq.heappop(self._due)
            if self._times.get(key) == at:
                del self._times[key]
                taken.append(self._due_of(self._rows[key]))
        return tuple(taken)

    def _bring_forward(self, now: datetime) -> None:
        """Have what was written before the clock was set back wait from now on, and no longer than was meant."""
        for key, at in self._times.items():
            row = self._rows[key]
            # Quiet hours are of the clock on the wall.
            if row.next_at is not None and row.at > now and row.outcome is not Attempt.HELD:
                self._times[key] = min(at, now + (row.next_at - row.at))
        self._queue()
        self._held_until = dict.fromkeys(self._held_until, now)
        self._asked.clear()
        self._written_at = now

    def _queue(self) -> None:
        """Make the queue of what is due anew, those due at the same time in the order in which they came."""
        self._due = [(at, n, key) for n, (key, at) in enumerate(self._times.items(), self._count)]
        self._count += len(self._due)
        heapq.heapify(self._due)

    def _due_of(self, row: Delivery) -> Due:
        return Due(
            webhook_id=row.webhook_id,
            sink=row.sink,
            incident=row.incident_id or row.subject,
            attempts=row.attempts,
            book=self,
        )

    def renew_due(self) -> None:
        """Have each waiting delivery taken again when it is due, those taken before too."""
        self._times = {
            row.webhook_id: row.next_at
            for row in self.waiting()
            if row.next_at is not None and not is_held_together(row)
        }
        self._written_at = max((row.at for row in self.waiting()), default=_NEVER)
        self._queue()
        self._asked.clear()

    def next_due(self) -> datetime | None:
        """Return when the next delivery is due, ``None`` with none waiting."""
        return self._due[0][0] if self._due else None

    def take_releases(self, now: datetime) -> tuple[Delivery, ...]:
        """Return a request for each sink to let go what is held together for it and due; each once in a while."""
        requests = []
        for sink, held in self._held.items():
            asked = self._asked.get(sink)
            if not held or now < self._held_until[sink]:
                continue
            if asked is not None and now - asked < ASKED_AGAIN_AFTER:
                continue
            self._held_until[sink] = min(row.next_at or now for row in self._held_rows(sink))
            due = next((row for row in self._held_rows(sink) if is_due(row, now)), None)
            if due is not None:
                self._asked[sink] = now
                requests.append(release_of(due, now))
        return tuple(requests)

    def held_together(self, sink: str, now: datetime) -> tuple[tuple[Delivery, ...], ...]:
        """Return what is held for a sink and due, oldest first, in groups that are told together."""
        groups: dict[str, list[Delivery]] = {}
        for row in self._held_rows(sink):
            if is_due(row, now):
                by_incident = row.reason == DeliveryReason.MIN_INTERVAL
                group = row.incident_id or row.subject if by_incident else ""
                groups.setdefault(group, []).append(row)
        return tuple(tuple(group) for group in groups.values())

    def _held_rows(self, sink: str) -> Iterator[Delivery]:
        return (self._rows[key] for key in self._held.get(sink, ()))

    def size_of(self, webhook_id: str) -> int:
        """Return about how many bytes a delivery's alert and body have."""
        packed = self._contents.get(webhook_id)
        return 0 if packed is None else len(zlib.decompress(packed))

    def waiting(self) -> tuple[Delivery, ...]:
        """Return the deliveries that have not ended."""
        return tuple(row for row in self._rows.values() if row.outcome in WAITING)


def is_held_together(row: Delivery) -> bool:
    """Tell whether a delivery is held to be told with others; in quiet hours each is held for itself."""
    return row.outcome is Attempt.HELD and row.reason in _TOGETHER


def is_due(row: Delivery, now: datetime) -> bool:
    """Tell whether the time of a delivery has come: an interval is over too where the clock was set back in it."""
    if row.next_at is None or row.next_at <= now:
        return row.next_at is not None
    return row.reason == DeliveryReason.MIN_INTERVAL and row.at > now + CLOCKS_APART


def release_of(due: Delivery, now: datetime) -> Delivery:
    """Return the request to let go what is held for the sink of a delivery, in its partition."""
    return Delivery(
        webhook_id=f"release:{due.sink}",
        alert_id=due.alert_id,
        sink=due.sink,
        outcome=Attempt.RELEASE,
        attempts=0,
        first_at=now,
        at=now,
        subject=due.subject,
    )


AT_ONCE = Telling()


def note(
    book: DeliveryBook, delivery: Delivery, tellings: Mapping[str, Telling] | None = None
) -> Step[Delivery, Delivery]:
    """Return the rows after a record of ``deliveries``: a new delivery, an attempt, or a request.

    A new one is held where its sink chose so; ``tellings`` are by the names of sinks. An attempt adds what it
    tells to the row, which has the alert. What comes late, out of order or a second time changes nothing.
    """
    telling = (tellings or {}).get(delivery.sink, AT_ONCE)
    if delivery.outcome is Attempt.RELEASE:
        return _released(book, delivery, telling)
    known = book.get(delivery.webhook_id)
    if delivery.outcome in (Attempt.PENDING, Attempt.SILENCED):
        return _begun(book, known, delivery, telling)
    if known is None:
        return Step(reasons=("unknown",))
    least = known.attempts if delivery.outcome in _WITHOUT_ATTEMPT else known.attempts + 1
    if known.outcome not in WAITING or delivery.attempts < least:
        return Step(reasons=("late",))
    row = msgspec.structs.replace(
        delivery, first_at=known.first_at, incident_id=known.incident_id, alert=None, body=None
    )
    # The alert stays with what can be tried again; what was delivered needs it no more.
    if delivery.outcome is not Attempt.DELIVERED and (whole := book.whole(delivery.webhook_id)):
        row = msgspec.structs.replace(row, alert=whole.alert, body=whole.body)
    return Step(rows=((delivery.webhook_id, row),), reasons=(delivery.outcome,))


def _begun(
    book: DeliveryBook, known: Delivery | None, delivery: Delivery, telling: Telling
) -> Step[Delivery, Delivery]:
    # A person's request to try again comes with the attempts made so far; a new delivery with none.
    if known is not None and delivery.attempts < max(1, known.attempts):
        return Step(reasons=("known",))
    row, alert = delivery, delivery.alert
    if delivery.outcome is Attempt.PENDING and not delivery.attempts and alert is not None:
        told_at = book.told_at(delivery.sink, delivery.incident_id)
        found = hold(alert, telling, now=delivery.at, told_at=told_at)
        if found is not None:
            row = msgspec.structs.replace(
                delivery, outcome=Attempt.HELD, reason=found.reason, next_at=found.until
            )
    gone = tuple((key, None) for key in book.oldest_ended() if key != delivery.webhook_id)
    return Step(rows=((delivery.webhook_id, row), *gone), reasons=(row.reason or row.outcome,))


def _released(book: DeliveryBook, request: Delivery, telling: Telling) -> Step[Delivery, Delivery]:
    """Let go what is held for a sink: one alone as itself, several in a digest. All of it is one step, or nothing."""
    rows: list[tuple[str, Delivery | None]] = []
    count = size = 0
    for group in book.held_together(request.sink, request.at):
        chosen = []
        for row in group:
            size += book.size_of(row.webhook_id)
            if count == MOST_TOGETHER or (count and size > MOST_BYTES_TOGETHER):
                break
            count += 1
            chosen.append(row)
        rows += _told_together(book, chosen, request, telling)
    return Step(rows=tuple(rows), reasons=(Attempt.RELEASE,))


def _told_together(
    book: DeliveryBook, chosen: list[Delivery], request: Delivery, telling: Telling
) -> list[tuple[str, Delivery | None]]:
    whole = [row for one in chosen if (row := book.whole(one.webhook_id)) and row.alert]
    if len(whole) <= 1:
        return [(row.webhook_id, _now_pending(row, request.at)) for row in whole]
    alerts = tuple(row.alert for row in whole if row.alert)
    alert = digest_of(alerts, request.at, telling.language)
    incidents = {row.incident_id for row in whole}
    digest = Delivery(
        webhook_id=webhook_id(alert.alert_id, request.sink),
        alert_id=alert.alert_id,
        sink=request.sink,
        outcome=Attempt.PENDING,
        attempts=0,
        first_at=request.at,
        at=request.at,
        next_at=request.at,
        subject=request.subject,
        alert=alert,
        body=body(alert, origin=telling.origin, language=telling.language).decode(),
        incident_id=incidents.pop() if len(incidents) == 1 else None,
    )
    ended = [(row.webhook_id, _digested(row, digest)) for row in whole]
    return [(digest.webhook_id, digest), *ended]


def _now_pending(row: Delivery, at: datetime) -> Delivery:
    return msgspec.structs.replace(
        row, outcome=Attempt.PENDING, first_at=at, at=at, next_at=at, reason=""
    )


def _digested(row: Delivery, digest: Delivery) -> Delivery:
    return msgspec.structs.replace(
        row,
        outcome=Attempt.DIGESTED,
        at=digest.at,
        next_at=None,
        detail=f"told in {digest.webhook_id}",
        alert=None,
        body=None,
    )
