"""The configuration's tables of watches, and the policies of the stages that a configuration asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, field_validator

from monitor.alerts.policy import AlertPolicy, Box, QuietHours, Updates, Watch
from monitor.dedupe.policy import DedupePolicy
from monitor.extract.policy import Policy as ExtractPolicy
from monitor.incidents.policy import TrackPolicy
from monitor.replay import ReplaySettings
from schemas.reasons import AlertKind, AlertReason

if TYPE_CHECKING:
    from monitor.config import Config


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class BoxTable(_Table):
    """A part of the map in degrees; ``west`` may be greater than ``east`` across the date line."""

    south: float = Field(ge=-90, le=90)
    west: float = Field(ge=-180, le=180)
    north: float = Field(ge=-90, le=90)
    east: float = Field(ge=-180, le=180)


class QuietHoursTable(_Table):
    """Hours in which a receiver is not told, in its own time zone."""

    start: time
    end: time
    zone: str = "UTC"
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


class UpdatesTable(_Table):
    """Which changes of a known incident a receiver is told."""

    reasons: tuple[AlertReason, ...] = Updates().reasons
    killed_step: int = Field(default=Updates().killed_step, ge=1)
    killed_share: float = Field(default=Updates().killed_share, ge=0)
    injured_step: int = Field(default=Updates().injured_step, ge=1)
    injured_share: float = Field(default=Updates().injured_share, ge=0)


class WatchTable(_Table):
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
                "quiet_hours": QuietHours(**quiet.model_dump()) if quiet else None,
                "updates": Updates(**self.updates.model_dump()),
            }
        )


def extract_policy(config: Config) -> ExtractPolicy:
    """Return the settings of extraction."""
    return ExtractPolicy(novelty_window=timedelta(days=config.alert.novelty_days))


def dedupe_policy(config: Config) -> DedupePolicy:  # noqa: ARG001  none of its settings is for users
    """Return the settings of dedupe."""
    return DedupePolicy()


def track_policy(config: Config) -> TrackPolicy:
    """Return the settings of tracking."""
    return TrackPolicy(novelty=timedelta(days=config.alert.novelty_days))


def alert_policy(config: Config) -> AlertPolicy:
    """Return the settings of the alert rules; staleness and cold start as configured."""
    hours = config.alert.max_age_h
    watches = tuple(w.as_watch() for w in config.watches) or AlertPolicy().watches
    return AlertPolicy(
        watches=watches,
        novelty=timedelta(days=config.alert.novelty_days),
        max_age=None if hours is None else timedelta(hours=hours),
        cold_start=config.poll.cold_start_h is not None,
    )


def replay_settings(config: Config) -> ReplaySettings:
    """Return the settings under which an archive is played: the live ones without staleness and cold start."""
    alert = replace(alert_policy(config), max_age=None, cold_start=False)
    return ReplaySettings(
        dedupe=dedupe_policy(config),
        extract=extract_policy(config),
        track=track_policy(config),
        alert=alert,
    )
