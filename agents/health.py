"""Knows how far behind the stages of a worker are, and ends a worker that no longer moves.

Faust workers that stay connected and do nothing have been reported (faust-streaming #175, #523), and
nothing inside Faust notices. So committed offsets are compared with the ends of the topics, from
outside of Faust.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from aiokafka.errors import KafkaError

from agents.heartbeat import age_s
from agents.lag import Lag, all_lags
from agents.leaving import STALLED, leave
from agents.service import Service
from agents.settings import Settings
from agents.wire import utc_now
from monitor import metrics
from monitor.health import rules
from monitor.web import Health

log = structlog.get_logger(__name__)

LOOK_S = 5.0


@dataclass(slots=True, kw_only=True)
class Watch:
    """Looks after the services of one worker: lag for people, and an end for a worker that stands still.

    ``moved_at`` is when a stage last committed or had nothing to do, on the monotonic clock.
    """

    settings: Settings
    services: Sequence[Service]
    lag: dict[str, dict[tuple[str, int], Lag]] = field(default_factory=dict)
    moved_at: dict[str, float] = field(default_factory=dict)
    broker_error: str = ""
    _seen: dict[str, dict[tuple[str, int], Lag]] = field(default_factory=dict)
    _without: set[str] = field(default_factory=set)

    async def run(self) -> None:
        """Look every few seconds, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            await self._look()

    async def _look(self) -> None:
        kafka = self.settings.kafka
        groups = {kafka.group(service.stage): service for service in self.services}
        try:
            found = await all_lags(kafka, {g: tuple(s.takers) for g, s in groups.items()})
        except (KafkaError, OSError) as exc:
            # Without a broker nobody can move; what happens then is decided by the clients.
            self.broker_error = repr(exc)
            self.moved_at.clear()
            return
        self.broker_error = ""
        for group, service in groups.items():
            self._note(service, found[group])

    def _note(self, service: Service, found: dict[tuple[str, int], Lag]) -> None:
        mine = {place: lag for place, lag in found.items() if _is_mine(service, place)}
        self._leave_if_emptied(service.stage, found)
        if _moved(self.lag.get(service.stage, {}), mine):
            self.moved_at[service.stage] = time.monotonic()
            metrics.last_progress.labels(service.stage).set_to_current_time()
        self.lag[service.stage] = mine
        for topic in service.takers:
            of_topic = [lag for place, lag in mine.items() if place[0] == topic]
            metrics.lag.labels(topic).set(sum(lag.waiting for lag in of_topic))
            metrics.end_offset.labels(topic).set(sum(lag.end for lag in of_topic))
        self._end_if_stalled(service)

    def _leave_if_emptied(self, stage: str, found: dict[tuple[str, int], Lag]) -> None:
        """Leave where Kafka was emptied under us: what is in memory is of the past.

        A process that went on would take new records for those that it knows by their offsets, or wait
        for ever as the member of a group that owns nothing. So it is with partitions of others too.
        """
        before = self._seen.get(stage, {})
        missing = before.keys() - found.keys()
        if missing and stage not in self._without:
            # A Kafka that has just started may not tell of all topics yet.
            self._without.add(stage)
            return
        if missing or any(found[place].end < lag.end for place, lag in before.items()):
            leave("a topic is gone, or ends before it did: it was made anew", stage=stage)
        self._without.discard(stage)
        self._seen[stage] = found

    def _end_if_stalled(self, service: Service) -> None:
        since = self.moved_at.setdefault(service.stage, time.monotonic())
        if is_held(service) or time.monotonic() - since < self.settings.stall_after_s:
            return
        leave("no progress while records wait", STALLED, stage=service.stage)

    async def health(self) -> Health:
        """Return how the worker is, for /healthz and /readyz."""
        signs = [self._signs(service) for service in self.services]
        found = [one for sign in signs for one in rules.of_stage(sign)]
        waiting = sum(sign.waiting for sign in signs)
        deltas = [p for s in self.services for p in s.assignment.get("incident.deltas", ())]
        found += rules.of_heartbeat(age_s(deltas, utc_now()), waiting)
        found += rules.of_broker(self.broker_error)
        found += rules.of_disk(metrics.free_bytes(self.settings.state_dir))
        details: dict[str, object] = {
            s.stage: {
                "partitions": {t: list(p) for t, p in s.assignment.items()},
                "lag": sum(lag.waiting for lag in self.lag.get(s.stage, {}).values()),
            }
            | s.details()
            for s in self.services
        }
        return rules.judge(found, details)

    def _signs(self, service: Service) -> rules.StageSigns:
        since = self.moved_at.get(service.stage)
        return rules.StageSigns(
            stage=service.stage,
            ready=service.ready,
            held=is_held(service),
            waiting=sum(lag.waiting for lag in self.lag.get(service.stage, {}).values()),
            still_s=0.0 if since is None else time.monotonic() - since,
        )


def is_held(service: Service) -> bool:
    """Tell whether a stage stopped by itself since everything fails."""
    return any(taker.held for taker in service.takers.values())


def _is_mine(service: Service, place: tuple[str, int]) -> bool:
    return place[1] in service.assignment.get(place[0], ())


def _moved(before: Mapping[tuple[str, int], Lag], now: Mapping[tuple[str, int], Lag]) -> bool:
    """Tell whether anything was committed since, or nothing waits."""
    if not any(lag.waiting for lag in now.values()):
        return True
    return any(
        place not in before or lag.committed != before[place].committed
        for place, lag in now.items()
    )
