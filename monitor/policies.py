"""The policies of the stages that a configuration asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from monitor.alerts.payload import Origin
from monitor.alerts.policy import AlertPolicy
from monitor.dedupe.policy import DedupePolicy
from monitor.extract.policy import Policy as ExtractPolicy
from monitor.incidents.policy import TrackPolicy
from monitor.replay import ReplaySettings

if TYPE_CHECKING:
    from monitor.config import Config


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


def origin(config: Config) -> Origin:
    """Return who sends alerts."""
    return Origin(source=config.alert.source, board_url=config.board.public_url)


def replay_settings(config: Config) -> ReplaySettings:
    """Return the settings under which an archive is played: the live ones without staleness and cold start."""
    alert = replace(alert_policy(config), max_age=None, cold_start=False)
    return ReplaySettings(
        dedupe=dedupe_policy(config),
        extract=extract_policy(config),
        track=track_policy(config),
        alert=alert,
    )
