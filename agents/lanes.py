"""One sink's lane: what is due there, in which order it begins, and how much at a time.

First attempts of one incident go one after the other; retries wait for nobody and keep nobody waiting: each kind leaves
the other a slot. A receiver that asked to wait gets nothing new until then, and no more in a second than it allows. One
that takes nothing is tried at a walking pace, so that thousands of waiting alerts cost the others nothing.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from agents.deliveries import Due
from monitor.sinks.base import Sink
from monitor.sinks.rules import pace
from schemas.sink import SinkState


@dataclass(slots=True, kw_only=True)
class Lane:
    """One sink: what is due there, and what is under way (at most ``most`` at a time)."""

    sink: Sink
    state: SinkState
    most: int
    per_second: float | None = None
    under_way: dict[str, Due] = field(default_factory=dict)
    written: SinkState | None = None
    _firsts: dict[str, deque[Due]] = field(default_factory=dict)
    _ready: deque[str] = field(default_factory=deque)
    _busy: set[str] = field(default_factory=set)
    _retries: deque[Due] = field(default_factory=deque)
    _failed_in_a_row: int = 0
    _paused_until: datetime | None = None
    _pause: timedelta = timedelta(0)
    _allowance: float = 1.0
    _refilled_at: datetime | None = None
    _retried_last: bool = False

    @property
    def disabled(self) -> bool:
        """Tell whether the sink gets nothing."""
        return self.state.disabled_at is not None

    def add(self, due: Due) -> None:
        """Take a delivery that is due, unless it is under way."""
        if due.webhook_id in self.under_way:
            return
        if due.attempts:
            self._retries.append(due)
            return
        queue = self._firsts.setdefault(due.incident, deque())
        queue.append(due)
        if len(queue) == 1 and due.incident not in self._busy:
            self._ready.append(due.incident)

    def take(self, now: datetime) -> Due | None:
        """Return the next delivery to begin, ``None`` where none may begin now. ``done`` must follow."""
        if len(self.under_way) >= self.most or not self._may_begin(now):
            return None
        due = self._next()
        if due is not None:
            self.under_way[due.webhook_id] = due
            self._allowance -= 1
        return due

    def done(self, due: Due) -> None:
        """Note that an attempt has ended, whatever came of it."""
        del self.under_way[due.webhook_id]
        if due.attempts:
            return
        self._busy.discard(due.incident)
        if self._firsts.get(due.incident):
            self._ready.append(due.incident)

    def tried(self, *, ok: bool) -> None:
        """Note how an attempt ended."""
        self._failed_in_a_row = 0 if ok else self._failed_in_a_row + 1

    def pause(self, now: datetime, pause: timedelta) -> None:
        """Begin nothing for a time."""
        until = now + pause
        if self._paused_until is None or until > self._paused_until:
            self._paused_until, self._pause = until, pause

    def next_at(self, now: datetime) -> datetime | None:
        """Return when something that waits only for its time may begin, ``None`` where nothing does."""
        if not (self._ready or self._retries) or len(self.under_way) >= self.most:
            return None
        waits = [self._paused_until] if self._paused_until else []
        allowed = pace(self.per_second, failed_in_a_row=self._failed_in_a_row)
        if allowed is not None and self._allowance < 1:
            waits.append(now + timedelta(seconds=(1 - self._allowance) / allowed))
        return max(waits, default=None)

    def queued(self) -> list[Due]:
        """Return what is due and not begun."""
        return [*(due for queue in self._firsts.values() for due in queue), *self._retries]

    def refit(self, other: Lane) -> Sink:
        """Send as another lane would from now on, and return the sink that has no more to send."""
        old, self.sink = self.sink, other.sink
        self.most, self.per_second = other.most, other.per_second
        return old

    def clear(self) -> None:
        """Drop what is queued and not begun."""
        self._firsts.clear()
        self._ready.clear()
        self._retries.clear()

    def _next(self) -> Due | None:
        retrying = sum(1 for due in self.under_way.values() if due.attempts)
        if self._ready and not (self._retries and self._is_turn_of_retries(retrying)):
            return self._next_first()
        # A slot is kept for first attempts, where there is more than one.
        if self._retries and retrying < max(1, self.most - 1):
            return self._retries.popleft()
        return None

    def _is_turn_of_retries(self, retrying: int) -> bool:
        """Tell whether a retry goes before a first attempt: the last slot is theirs, and one slot alone by turns."""
        if self.most > 1:
            return not retrying and len(self.under_way) == self.most - 1
        self._retried_last = not self._retried_last
        return self._retried_last

    def _next_first(self) -> Due:
        incident = self._ready.popleft()
        queue = self._firsts[incident]
        due = queue.popleft()
        if not queue:
            del self._firsts[incident]
        self._busy.add(incident)
        return due

    def _may_begin(self, now: datetime) -> bool:
        if self.disabled:
            # Nothing is sent: what is due only ends.
            return True
        if self._paused_until is not None and now < self._paused_until:
            # Never longer than that: the clock may have been set back.
            self._paused_until = min(self._paused_until, now + self._pause)
            return False
        self._paused_until = None
        allowed = pace(self.per_second, failed_in_a_row=self._failed_in_a_row)
        if allowed is None:
            self._allowance = 1.0
            return True
        since = self._refilled_at or now
        self._refilled_at = now
        more = max(0.0, (now - since).total_seconds()) * allowed
        self._allowance = min(max(1.0, allowed), self._allowance + more)
        return self._allowance >= 1
