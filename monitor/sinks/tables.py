"""The configuration's table of digests."""

from __future__ import annotations

from datetime import time, timedelta

from pydantic import Field, model_validator

from monitor.sinks.times import Digest
from monitor.watchtables import Zoned


class DigestTable(Zoned):
    """When what has come is told together: every so many minutes, or at hours of the day."""

    every_min: int | None = Field(default=None, ge=1, le=1440, description="Every so many minutes.")
    at: tuple[time, ...] = Field(default=(), max_length=24, description="At these hours.")

    @model_validator(mode="after")
    def _one_of_two(self) -> DigestTable:
        if (self.every_min is None) == (not self.at):
            msg = "a digest has either every_min or at"
            raise ValueError(msg)
        return self

    def as_digest(self) -> Digest:
        """Return it as the rules take it."""
        every = None if self.every_min is None else timedelta(minutes=self.every_min)
        return Digest(every=every, at=self.at, zone=self.zone, unless_killed=self.unless_killed)
