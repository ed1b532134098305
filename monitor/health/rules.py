"""From a few signs: is a process alive (else restart it), is it ready (else do not count on it), and why not.

Only what a restart can mend makes a process not alive: without a broker or a disk it is not ready. Standing still
counts while there is work only, so that a quiet night restarts nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from monitor.web import Health

COMMITS_STILL_S = 180.0
"""A batch takes seconds, extraction's deadline is 20 s an article and four articles a batch: three minutes are too many."""

HEARTBEAT_STILL_S = 900.0
"""Thirty heartbeats. A backfill of thousands of articles may hold one up for minutes without anything being wrong."""

POLLING_STILL_S = 300.0
"""A fetch ends after 30 s and a host's turn comes before that counts here; nothing begins late by minutes but a hang."""

UNSENT_S = 120.0
"""Four heartbeats that the poller did not get rid of."""

LEAST_FREE_BYTES = 512 << 20
"""Kafka's segments are 1 GB at most by default and 16 MB for state; below this the broker may stop any minute."""


class Trouble(StrEnum):
    """What is the matter with a process."""

    LOADING = "loading"
    HELD = "held"
    BROKER = "broker"
    DISK = "disk"
    COMMITS_STALLED = "commits_stalled"
    HEARTBEAT_STALE = "heartbeat_stale"
    POLLING_STALLED = "polling_stalled"
    SENDING_STALLED = "sending_stalled"


DEADLY = frozenset(
    {
        Trouble.COMMITS_STALLED,
        Trouble.HEARTBEAT_STALE,
        Trouble.POLLING_STALLED,
        Trouble.SENDING_STALLED,
    }
)
"""What a restart may mend."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """One trouble, and a few words for people."""

    trouble: Trouble
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StageSigns:
    """How a stage of a worker does. ``still_s`` is how long it has committed nothing while records waited."""

    stage: str
    ready: bool
    held: bool = False
    waiting: int = 0
    still_s: float = 0.0


def of_stage(signs: StageSigns) -> Iterable[Found]:
    """Return what is the matter with a stage. One that is held by its own decision is not restarted for that."""
    if not signs.ready:
        yield Found(trouble=Trouble.LOADING, told=f"{signs.stage}: no partitions loaded yet")
    if signs.held:
        yield Found(trouble=Trouble.HELD, told=f"{signs.stage}: held, too many failures in a row")
    elif signs.waiting and signs.still_s > COMMITS_STILL_S:
        told = f"{signs.stage}: nothing committed for {signs.still_s:.0f} s, {signs.waiting} wait"
        yield Found(trouble=Trouble.COMMITS_STALLED, told=told)


def of_heartbeat(age_s: float | None, waiting: int) -> Iterable[Found]:
    """Return whether heartbeats stand still; ``age_s`` is ``None`` where none has ever come to this process."""
    if age_s is not None and age_s > HEARTBEAT_STILL_S and waiting:
        told = f"no heartbeat for {age_s:.0f} s while {waiting} records wait"
        yield Found(trouble=Trouble.HEARTBEAT_STALE, told=told)


def of_poller(*, assigned: bool, overdue_s: float, unsent_s: float | None) -> Iterable[Found]:
    """Return what is the matter with a poller; ``unsent_s`` is the age of the last heartbeat sent, ``None`` before it."""
    if not assigned:
        yield Found(trouble=Trouble.LOADING, told="poll: no partitions yet")
    if overdue_s > POLLING_STILL_S:
        told = f"poll: a feed is {overdue_s:.0f} s past its time"
        yield Found(trouble=Trouble.POLLING_STALLED, told=told)
    if unsent_s is not None and unsent_s > UNSENT_S:
        told = f"poll: nothing could be sent for {unsent_s:.0f} s"
        yield Found(trouble=Trouble.SENDING_STALLED, told=told)


def of_broker(error: str) -> Iterable[Found]:
    """Return whether the broker cannot be asked; ``error`` is empty where it can."""
    if error:
        yield Found(trouble=Trouble.BROKER, told=f"broker: {error}")


def of_disk(free_bytes: int) -> Iterable[Found]:
    """Return whether too little of the disk is free."""
    if free_bytes < LEAST_FREE_BYTES:
        told = f"disk: {free_bytes / 1e9:.1f} GB free"
        yield Found(trouble=Trouble.DISK, told=told)


def judge(found: Iterable[Found], details: Mapping[str, object]) -> Health:
    """Return the health of a process with what was found."""
    all_found = tuple(found)
    return Health(
        alive=not any(one.trouble in DEADLY for one in all_found),
        ready=not all_found,
        why=tuple(one.told for one in all_found),
        details={**details, "reasons": [one.trouble for one in all_found]},
    )
