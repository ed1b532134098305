"""What commands ask and say of what goes out: the states of sinks, and silences."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from msgspec.structs import replace

from agents.admin import deliveries, sending
from agents.scan import read_from, scan
from agents.settings import KafkaSettings
from agents.wire import message
from schemas import codec
from schemas.base import Record
from schemas.delivery import Delivery
from schemas.reasons import Attempt
from schemas.silence import Mute
from schemas.sink import SinkState

R = TypeVar("R", bound=Record)

_A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class SinkSummary:
    """How one sink stands: its state (``None``: it never failed), and how many of its deliveries are how."""

    sink: str
    state: SinkState | None
    counts: dict[Attempt, int]


async def sink_states(kafka: KafkaSettings) -> dict[str, SinkState]:
    """Return the states of sinks by name."""
    return await _latest(kafka, "sinks", SinkState)


async def sink_summaries(kafka: KafkaSettings, names: Iterable[str]) -> tuple[SinkSummary, ...]:
    """Return how each of the sinks stands, in their order."""
    states, known = await sink_states(kafka), await deliveries(kafka)
    return tuple(
        SinkSummary(sink=name, state=states.get(name), counts=_counts(known, name))
        for name in names
    )


def _counts(known: Iterable[Delivery], sink: str) -> dict[Attempt, int]:
    counts = dict.fromkeys(Attempt, 0)
    for delivery in known:
        counts[delivery.outcome] += delivery.sink == sink
    return counts


async def enable(kafka: KafkaSettings, sink: str, now: datetime) -> bool:
    """Have a disabled sink delivered to again; return whether it was disabled."""
    known = (await sink_states(kafka)).get(sink)
    if known is None or known.disabled_at is None:
        return False
    # Later than what it takes back, whatever this machine's clock says.
    state = SinkState(sink=sink, at=max(now, known.at + _A_MOMENT))
    async with sending(kafka) as sender:
        await sender.send([message("sinks", sink, state)])
    return True


async def mutes(kafka: KafkaSettings) -> tuple[Mute, ...]:
    """Return all silences, those too that are over, by when they begin."""
    found = (await _latest(kafka, "silences", Mute)).values()
    return tuple(sorted(found, key=lambda mute: (mute.starts_at, mute.mute_id)))


async def silence(kafka: KafkaSettings, mute: Mute) -> None:
    """Write a silence, or its new end."""
    async with sending(kafka) as sender:
        await sender.send([message("silences", mute.mute_id, mute)])


async def expire(kafka: KafkaSettings, mute: Mute, now: datetime) -> None:
    """End a silence now. It stays on record, since a replay must know of it."""
    await silence(kafka, replace(mute, ends_at=max(mute.starts_at, now)))


async def _latest(kafka: KafkaSettings, topic: str, kind: type[R]) -> dict[str, R]:
    found: dict[str, R] = {}
    async for record in scan(kafka, topic):
        key = (record.key or b"").decode("utf-8", "replace")
        found.pop(key, None)
        state = read_from(record, lambda raw: codec.decode(raw, kind))
        if state is not None:
            found[key] = state
    return found
