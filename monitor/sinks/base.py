"""What a sink is: where an alert is delivered, and how an attempt can end.

A sink makes one attempt and says how it went; whether and when to try again is decided by
``monitor.sinks.rules``, the same for all. To add a sink: one file with its config, its class and its
docstring, and a line in ``monitor.sinks.registry``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pydantic import Field, ValidationInfo, field_validator

from monitor.alerts.wording import languages
from monitor.sinks.tables import DigestTable
from monitor.table import Table
from monitor.watchtables import QuietHoursTable
from schemas.alert import Alert


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One alert on its way to one sink. ``body`` is the same bytes at every attempt, ``webhook_id`` the same id."""

    webhook_id: str
    alert: Alert
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SendResult:
    """How one attempt ended.

    ``ok`` is true where the sink took it. ``status_code`` is HTTP's, ``None`` without an answer.
    ``retry_after_s`` is what the receiver asked for, in seconds. ``gone`` is true where it said
    that it wants nothing more (HTTP 410). ``detail`` is safe to log: no secret, no full address.
    """

    ok: bool
    status_code: int | None = None
    retry_after_s: float | None = None
    gone: bool = False
    permanent: bool = False
    detail: str = ""


class Sink(Protocol):
    """A receiver of alerts."""

    name: str

    async def send(self, event: Event, now: datetime) -> SendResult:
        """Make one attempt, within the sink's own time limit. Failures are results, never exceptions."""

    async def close(self) -> None:
        """Let go of connections and files."""


class SinkConfig(Table):
    """What every sink's config has. Names are unique; they stand in metrics, logs and delivery ids."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="Unique name of the sink.")
    enabled: bool = Field(default=True, description="Deliver to it.")
    max_concurrent: int = Field(default=4, ge=1, le=64, description="Attempts at the same time.")
    max_per_second: float | None = Field(
        default=None, gt=0, le=1000, description="Attempts a second at most; none: no limit."
    )
    language: str = Field(default="en", description="Language of the headline and the text.")
    min_interval_s: float = Field(
        default=0,
        ge=0,
        le=604_800,
        description="Seconds between two messages about one incident; what comes within is told together after it.",
    )
    digest: DigestTable | None = Field(
        default=None, description="Tell everything together, now and then."
    )
    quiet_hours: QuietHoursTable | None = Field(
        default=None, description="Hours in which nothing is told; it is told after them."
    )

    @field_validator("language")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in languages():
            msg = f"no texts in {value!r}; there are {', '.join(languages())}"
            raise ValueError(msg)
        return value

    @field_validator("digest")
    @classmethod
    def _told_in_one_way(
        cls, value: DigestTable | None, info: ValidationInfo
    ) -> DigestTable | None:
        if value is not None and info.data.get("min_interval_s"):
            msg = "a digest tells everything together already: leave min_interval_s out"
            raise ValueError(msg)
        return value
