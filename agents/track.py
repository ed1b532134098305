"""Mentions to deltas: which incident, and what changes; editors' corrections come in among the mentions."""

from __future__ import annotations

from agents.corrections import TOPIC, Relay
from agents.counting import tracked
from agents.ledger import Ledger
from agents.service import Service, Tools, run_stage
from agents.settings import Settings
from agents.stage import Stage
from agents.wire import message
from monitor import heartbeat
from monitor.incidents.book import IncidentBook
from monitor.incidents.rules import track
from schemas.delta import Delta
from schemas.mention import Mention
from schemas.state import TrackRow, decode_row


def make_stage(settings: Settings) -> Stage[Mention, IncidentBook, TrackRow, Delta]:
    """Return the track stage."""
    return Stage(
        name="track",
        source="incident.mentions",
        kind=Mention,
        ledger=lambda partition: Ledger(
            topic="track.rows", partition=partition, book=IncidentBook(), row_of=decode_row
        ),
        judge=lambda book, mention, _offset: (
            heartbeat.delta(mention) or tracked(track(book, mention, settings.track))
        ),
        id_of=lambda mention: mention.mention_id,
        article_of=lambda mention: mention.article.article_id,
        message_of=lambda delta: message("incident.deltas", delta.subject, delta),
    )


def build(tools: Tools) -> Service:
    """Return the service of the stage."""
    relay = Relay(sender=tools.sender, metrics=tools.metrics)
    return run_stage(tools, make_stage(tools.settings), {TOPIC: relay})
