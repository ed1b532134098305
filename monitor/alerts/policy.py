"""What is told, and to whom: the settings of the alert rules and the watches of the receivers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta

from schemas.reasons import AlertKind, AlertReason
from schemas.silence import Mute


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A part of the map, in degrees; ``west`` may be greater than ``east`` across the date line."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietHours:
    """Hours of the day in a time zone; ``start`` after ``end`` runs over midnight.

    An incident with ``unless_killed`` or more dead is told anyway. A watch takes nothing for news that was published in
    these hours, and is told with the next change after them; a sink holds what comes in them until they end.
    """

    start: time
    end: time
    zone: str = "UTC"
    unless_killed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Updates:
    """Which changes of a known incident a receiver is told.

    A raised toll is told when it is higher than the one told last by ``killed_step`` or by ``killed_share`` of it
    (the same for injured), so that 4 -> 6 is told and 100 -> 101 is not until it adds up. A correction is
    always told: it takes back what was said.
    """

    reasons: tuple[AlertReason, ...] = (
        AlertReason.FIRST_FIGURE,
        AlertReason.TOLL_RAISED,
        AlertReason.TOLL_CORRECTED,
        AlertReason.RESPONSIBILITY_CLAIMED,
        AlertReason.MERGED,
    )
    killed_step: int = 5
    killed_share: float = 0.2
    injured_step: int = 20
    injured_share: float = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What one receiver wants. An empty tuple asks for nothing in particular: all pass.

    ``countries`` are ISO 3166-1 alpha-2 codes or English names, ``places`` names of provinces, towns or sites,
    ``actors`` parts of names of perpetrators or targets, ``sources`` outlets. An incident passes by place when
    any of countries, boxes and places holds it. ``confirmations`` is how many independent sources it
    takes. ``political_only`` leaves out violence in which no state, armed group or public target is named.
    """

    name: str
    sinks: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    boxes: tuple[Box, ...] = ()
    places: tuple[str, ...] = ()
    kinds: tuple[AlertKind, ...] = ()
    actors: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    min_killed: int = 0
    political_only: bool = False
    confirmations: int = 1
    quiet_hours: QuietHours | None = None
    updates: Updates = Updates()


EVERYTHING = Watch(name="everything")
"""The watch where none is configured: all that is new, everywhere, to every sink."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPolicy:
    """The settings of the alert rules.

    Attributes:
        watches: What the receivers want.
        mutes: Editors' silences.
        novelty: An incident older than this when published is background (ARCHITECTURE.md, "Words").
        max_age: An article older than this when it was fetched makes no alert (ARCHITECTURE.md, "Ids and time"); ``None`` where an archive is played.
        cold_start: Whether what a feed held before its first successful fetch is taken silently as known.
        class_window: One condemnation alert for each principal and class of attacks within this (ARCHITECTURE.md, "Words").
        max_references: Earlier alert ids that an alert names.
        max_applied: Delta ids kept in a row; more than can be read twice after a crash.
    """

    watches: tuple[Watch, ...] = (EVERYTHING,)
    mutes: tuple[Mute, ...] = ()
    novelty: timedelta = timedelta(days=7)
    max_age: timedelta | None = timedelta(hours=24)
    cold_start: bool = True
    class_window: timedelta = timedelta(days=7)
    max_references: int = 20
    max_applied: int = 64


REPLAY = AlertPolicy(max_age=None, cold_start=False)
"""The settings under which an archive is played."""
