"""Deltas to alerts, or to silence."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from agents.counting import decided
from agents.heartbeat import arrived
from agents.ledger import Ledger
from agents.service import Service, Tools, run_stage
from agents.settings import Settings
from agents.stage import Stage
from agents.tail import Tail
from agents.wire import message
from monitor.alerts.book import AlertBook
from monitor.alerts.policy import AlertPolicy
from monitor.alerts.rules import decide
from schemas import codec
from schemas.alert import Alert
from schemas.delta import Delta
from schemas.silence import Mute
from schemas.state import AnnouncedRow


def make_stage(
    settings: Settings, mutes: Callable[[], Iterable[Mute]] = tuple
) -> Stage[Delta, AlertBook, AnnouncedRow, Alert]:
    """Return the alert stage; ``mutes`` gives the silences in force."""

    def policy() -> AlertPolicy:
        return replace(settings.alert, mutes=(*settings.alert.mutes, *mutes()))

    return Stage(
        name="alert",
        source="incident.deltas",
        kind=Delta,
        ledger=lambda partition: Ledger(
            topic="alert.rows",
            partition=partition,
            book=AlertBook(),
            row_of=lambda raw: codec.decode(raw, AnnouncedRow),
        ),
        judge=lambda book, delta, _offset: arrived(delta) or decided(decide(book, delta, policy())),
        id_of=lambda delta: delta.delta_id,
        article_of=lambda delta: delta.article_id,
        message_of=lambda alert: (
            None if settings.silent else message("alerts", alert.subject, alert)
        ),
    )


def build(tools: Tools) -> Service:
    """Return the service of the stage, which knows all silences before it takes a record."""
    silences = Tail(kafka=tools.settings.kafka, topic="silences", kind=Mute)
    stage = make_stage(tools.settings, silences.latest.values)
    return run_stage(tools, stage, start=silences.start, stop=silences.stop)
