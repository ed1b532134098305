"""Incidents are made anew beside the running ones; nobody is told, and after the switch nobody is told again."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from kafka_tools import until
from press import article
from quick_extract import QuickPool

from agents import admin, extract, worker
from agents.lag import lags
from agents.rebuild import rebuild
from agents.view import catch_up
from agents.wire import Sender, message
from monitor.alerts.policy import REPLAY
from monitor.articles.normalise import article_from_entry
from monitor.board import queries
from monitor.board.queries import Filters
from monitor.board.store import open_store
from schemas.article import UniqueArticle
from schemas.base import ClusterId
from schemas.reasons import DedupeReason, Outcome

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(180)]
STAGES = ("extract", "track", "alert")


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(extract, "make_pool", QuickPool)


def unique(number, at):
    given = article(number, at)
    made = article_from_entry(
        feed="f",
        source="Outlet",
        title=given["title"],
        content=given["text"],
        link=f"https://outlet.example/{number}",
        published=at,
    )
    return UniqueArticle(
        article=made, outcome=Outcome.NEW, reason=DedupeReason.FIRST_SEEN, cluster_id=ClusterId("c")
    )


async def send(settings, numbers, at):
    sender = Sender(settings.kafka)
    await sender.start()
    made = [unique(number, at) for number in numbers]
    await sender.send([message("articles.unique", u.article.article_id, u) for u in made])
    await sender.stop()


async def drained(settings):
    for stage in STAGES:
        found = await lags(settings.kafka, settings.kafka.group(stage), admin.SOURCES[stage])
        if any(lag.waiting for lag in found.values()):
            return False
    return True


async def on_board(settings, store):
    """The incidents that a board shows, brought up to date."""
    await catch_up(settings.kafka, store)
    page = queries.incident_page(store, Filters(), after=None, limit=100)
    return sorted(found.incident.incident_id for found in page)


async def test_a_rebuild_makes_the_same_incidents_and_tells_nobody(settings, tmp_path):
    now = datetime(2025, 3, 4, tzinfo=UTC)
    settings = replace(settings, alert=REPLAY)
    async with worker.working(settings, STAGES):
        await send(settings, range(0, 36, 3), now)
        await until(lambda: drained(settings), within=60)
    told = await admin.alerts(settings.kafka)
    known = await admin.incidents(settings.kafka)
    assert told
    board = open_store(f"sqlite:///{tmp_path / 'view.sqlite'}")
    assert await on_board(settings, board) == sorted(r.incident_id for r in known)
    counts = []
    await rebuild(settings, "2.", counts.append)
    anew = replace(settings, kafka=replace(settings.kafka, generation="2."))
    assert counts[-1] == 0
    assert await admin.alerts(anew.kafka) == ()
    assert [r.incident_id for r in await admin.incidents(anew.kafka)] == [
        r.incident_id for r in known
    ]

    # The switch: one more report of a known incident, one of a new one.
    async with worker.working(anew, STAGES):
        await send(settings, (3, 1800), now)
        await until(lambda: drained(anew), within=60)
    after = [alert for _, alert in await admin.alerts(anew.kafka)]
    assert {a.alert_id for a in after}.isdisjoint({a.alert_id for _, a in told})
    assert len(after) == 1
    # The board's view is of another generation, so it is made anew: the new incident is there, none twice.
    shown = await on_board(anew, board)
    assert shown == sorted(r.incident_id for r in await admin.incidents(anew.kafka))
    assert len(shown) == len(known) + 1
