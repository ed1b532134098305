"""Silences: what an editor wants to hear nothing of for a while."""

from __future__ import annotations

from datetime import datetime

from schemas.base import Record
from schemas.reasons import AlertKind


class Mute(Record, frozen=True, kw_only=True):
    """A silence. Topic ``silences``, keyed by its id; the latest record of an id holds.

    What matches all that is set is not told, where the monitor learned of it from ``starts_at`` on and before
    ``ends_at``. Within one field any value matches; an empty field asks for nothing. With ``sinks`` only those sinks
    are not told. An update matches its own kind and its incident's.
    """

    mute_id: str
    starts_at: datetime
    ends_at: datetime
    made_at: datetime
    made_by: str = ""
    why: str = ""
    countries: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    kinds: tuple[AlertKind, ...] = ()
    actors: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    sinks: tuple[str, ...] = ()
