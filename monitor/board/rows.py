"""What the view keeps of a record: list order, columns to filter by, words and facets to find it by. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import blake2b
from typing import TypeVar

import msgspec

from monitor.alerts.text import headline
from monitor.incidents.figures import value_of
from monitor.incidents.wording import fold
from schemas.base import IncidentId, Record
from schemas.codec import to_json
from schemas.delta import IncidentSnapshot

R = TypeVar("R", bound=Record)

ID_BITS = 20
"""Bits of an incident's number that tell apart those of one millisecond: a million."""
LAST_MS = (1 << 42) - 1
"""The year 2109: a number stays below 2^63."""
KILLED_STEPS = (1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000)
"""Thresholds of killed that are facets; what lies between two is told by the column."""
MAX_WORDS = 8_000
"""Characters of an incident that full text finds; a snapshot with 20 sources has about 5,000."""


def to_ms(at: datetime) -> int:
    """Return a time as milliseconds since 1970, kept within what a number can hold."""
    return min(max(int(at.timestamp() * 1000), 0), LAST_MS)


def from_ms(ms: int) -> datetime:
    """Return the time of milliseconds since 1970."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def number_of(incident_id: IncidentId, at: datetime) -> int:
    """Return the number of an incident: newer is higher, and the same on every rebuild."""
    return to_ms(at) << ID_BITS | int(_hex(incident_id), 16) & ((1 << ID_BITS) - 1)


def least_number(at: datetime) -> int:
    """Return the lowest number that an incident of this time can have."""
    return to_ms(at) << ID_BITS


def time_of_number(num: int) -> datetime:
    """Return the time that a number holds."""
    return from_ms(num >> ID_BITS)


def pack(record: Record) -> bytes:
    """Return a record as it is stored where it is read one by one."""
    return zlib.compress(to_json(record), 1)


def unpack(raw: bytes, kind: type[R]) -> R:
    """Return a stored record."""
    record: R = msgspec.json.decode(zlib.decompress(raw), type=kind)
    return record


def snapshot(doc: str) -> IncidentSnapshot:
    """Return a stored snapshot."""
    return msgspec.json.decode(doc, type=IncidentSnapshot)


def killed_of(incident: IncidentSnapshot) -> int | None:
    """Return the figure by which incidents are filtered and sorted: best, else the lower bound."""
    return value_of(incident.killed)


@lru_cache(maxsize=65_536)
def facet(name: str, value: str) -> str:
    """Return the token under which a property of an incident is found, one word in any tokenizer."""
    return "f" + _hex(f"{name}={fold(value)}")


def killed_step(least: int) -> int | None:
    """Return the highest threshold that is a facet and not above ``least``."""
    return max((step for step in KILLED_STEPS if step <= least), default=None)


def facets_of(incident: IncidentSnapshot, *, shown: bool) -> tuple[str, ...]:
    """Return the facets of an incident."""
    return tuple(dict.fromkeys(_facets(incident, shown=shown)))


def _facets(incident: IncidentSnapshot, *, shown: bool) -> Iterator[str]:
    if shown:
        yield facet("shown", "yes")
    yield facet("kind", incident.kind)
    yield facet("type", incident.event_type)
    if incident.place is not None and incident.place.country_code:
        yield facet("country", incident.place.country_code)
    for actor in (*incident.perpetrators, *incident.claimed_by, *incident.targets):
        yield facet("actor", actor.name)
    for source in incident.sources:
        yield facet("source", source.source)
    killed = killed_of(incident) or 0
    for step in KILLED_STEPS:
        if step <= killed:
            yield facet("killed", str(step))


def words_of(incident: IncidentSnapshot) -> str:
    """Return the words by which full text finds an incident."""
    actors = (*incident.perpetrators, *incident.claimed_by, *incident.targets)
    parts = (
        headline(incident),
        *(text for actor in actors for text in (actor.name, actor.text)),
        *incident.victims,
        incident.weapon or "",
        *(text for source in incident.sources for text in (source.title, source.quote)),
    )
    return " ".join(_once(parts))[:MAX_WORDS]


def _once(parts: Iterable[str]) -> Iterator[str]:
    return iter(dict.fromkeys(part.strip() for part in parts if part.strip()))


def _hex(text: str) -> str:
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()
