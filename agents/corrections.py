"""Editors' corrections on their way: from a wish to the topic, and from the topic to the incident's own key.

They are sent on as mentions, so that one partition's order settles what a correction comes before and after, for
every restart and replay. One that is sent on twice is worked on once, by its id.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from agents.admin import incidents, sending
from agents.settings import KafkaSettings
from agents.stage import StageMetrics, told_of_outcome, told_of_quarantine
from agents.wire import (
    Inbound,
    Outbound,
    Sender,
    attempt,
    message,
    read,
    to_quarantine,
    utc_now,
)
from monitor.incidents.corrections import Wish, correction_of, mention_of
from schemas.correction import Correction
from schemas.quarantine import Quarantined
from schemas.reasons import CorrectionRefusal
from schemas.state import IncidentRow

TOPIC = "incident.corrections"
NAME = "track"


async def correct(kafka: KafkaSettings, wish: Wish) -> Correction | CorrectionRefusal:
    """Send the correction that an editor wishes, and return it, or why it would change nothing.

    What the command line and the board call. A track stage that runs applies it within a second; the
    incident may change until then, so that it may still be refused there (counted under the same reason).
    """
    known: dict[str, IncidentRow] = {row.incident_id: row for row in await incidents(kafka)}
    made = correction_of(wish, known.get, utc_now())
    if isinstance(made, Correction):
        async with sending(kafka) as sender:
            await sender.send([message(TOPIC, made.subject, made)])
    return made


@dataclass(slots=True, kw_only=True)
class Relay:
    """Takes corrections and sends each on under its incident's key."""

    sender: Sender
    metrics: StageMetrics
    held: bool = False

    async def assigned(self, partitions: Sequence[int]) -> None:
        """Need nothing: what is sent on is kept nowhere here."""

    async def batch(self, messages: Sequence[Inbound]) -> None:
        """Send on, in order; what cannot be read is set aside."""
        await self.sender.send([self._one(inbound) for inbound in messages])

    def _one(self, inbound: Inbound) -> Outbound:
        begun = time.perf_counter()
        self.metrics.received(NAME)
        made = attempt(lambda: read(inbound, Correction), inbound, stage=NAME)
        seconds = time.perf_counter() - begun
        if isinstance(made, Quarantined):
            told_of_quarantine(made)
            self.metrics.ended(NAME, "quarantined", made.reason, seconds)
            return to_quarantine(made)
        self.metrics.ended(NAME, "passed", made.act, seconds)
        told_of_outcome(NAME, made.correction_id, "passed", made.act)
        return message("incident.mentions", made.subject, mention_of(made))
