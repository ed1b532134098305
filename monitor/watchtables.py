"""The configuration's tables of watches: what each receiver wants."""

from __future__ import annotations

from datetime import time
from zoneinfo import available_timezones

from pydantic import Field, field_validator

from monitor.alerts.policy import Box, QuietHours, Updates, Watch
from monitor.table import Table
from schemas.reasons import AlertKind, AlertReason


class BoxTable(Table):
    """A part of the map in degrees; ``west`` may be greater than ``east`` across the date line."""

    south: float = Field(ge=-90, le=90)
    west: float = Field(ge=-180, le=180)
    north: float = Field(ge=-90, le=90)
    east: float = Field(ge=-180, le=180)


class Zoned(Table):
    """Hours of the day in a receiver's own time zone."""

    zone: str = Field(default="UTC", description="Time zone, e.g. Asia/Baghdad.")
    unless_killed: int | None = Field(
        default=None, ge=1, description="So many dead are told anyway."
    )

    @field_validator("zone")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in available_timezones():
            msg = f"no such time zone: {value}"
            raise ValueError(msg)
        return value


class QuietHoursTable(Zoned):
    """Hours in which a receiver is not told."""

    start: time
    end: time

    def as_quiet_hours(self) -> QuietHours:
        """Return them as the rules take them."""
        return QuietHours(**self.model_dump())


class UpdatesTable(Table):
    """Which changes of a known incident a receiver is told."""

    reasons: tuple[AlertReason, ...] = Updates().reasons
    killed_step: int = Field(default=Updates().killed_step, ge=1)
    killed_share: float = Field(default=Updates().killed_share, ge=0)
    injured_step: int = Field(default=Updates().injured_step, ge=1)
    injured_share: float = Field(default=Updates().injured_share, ge=0)


class WatchTable(Table):
    """What one receiver wants. An empty list asks for nothing in particular: all pass."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")
    sinks: tuple[str, ...] = Field(default=(), description="Names of sinks; none means all.")
    countries: tuple[str, ...] = Field(default=(), description="ISO 3166-1 codes or names.")
    boxes: tuple[BoxTable, ...] = ()
    places: tuple[str, ...] = ()
    kinds: tuple[AlertKind, ...] = ()
    actors: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    min_killed: int = Field(default=0, ge=0)
    political_only: bool = False
    confirmations: int = Field(default=1, ge=1, le=10, description="Independent sources needed.")
    quiet_hours: QuietHoursTable | None = None
    updates: UpdatesTable = UpdatesTable()

    def as_watch(self) -> Watch:
        """Return it as the alert rules take it."""
        given = {name: getattr(self, name) for name in type(self).model_fields}
        quiet = self.quiet_hours
        return Watch(
            **given
            | {
                "boxes": tuple(Box(**b.model_dump()) for b in self.boxes),
                "quiet_hours": quiet.as_quiet_hours() if quiet else None,
                "updates": Updates(**self.updates.model_dump()),
            }
        )
