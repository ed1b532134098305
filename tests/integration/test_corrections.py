"""An editor's correction from the wish to the alert stage, on a real Kafka."""

from datetime import UTC, date, datetime

import pytest
from kafka_tools import until

from agents import admin, corrections, worker
from agents.wire import Sender, message
from monitor.incidents.corrections import Wish
from schemas.article import ArticleRef
from schemas.mention import Mention
from schemas.reasons import CorrectionAct, CorrectionRefusal, EventType, Kind
from schemas.report import Count, DayRange, Place, ReportedIncident

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(120)]

AT = datetime(2025, 3, 4, 9, tzinfo=UTC)
DAY = DayRange(first=date(2025, 3, 4), last=date(2025, 3, 4))
MOSUL = Place(name="Mosul", admin1="Nineveh", country="Iraq", country_code="IQ")
FOUR = Count(low=4, best=4, high=4)
MENTION = Mention(
    mention_id="men-1",
    subject="country:IQ",
    article=ArticleRef(
        article_id="art-1", source="Tigris Post", origin="Tigris Post", title="Bomb", published=AT
    ),
    incidents=(
        ReportedIncident(
            ordinal=0,
            kind=Kind.ATTACK,
            event_type=EventType.IED,
            date=DAY,
            place=MOSUL,
            killed=FOUR,
        ),
    ),
)


async def test_a_dismissal_reaches_the_alert_stage_and_outlives_the_worker(settings):
    kafka = settings.kafka

    async def told():
        return [alert.msg_type for _, alert in await admin.alerts(kafka)]

    async with worker.working(settings, ("track", "alert")):
        sender = Sender(kafka)
        await sender.start()
        await sender.send([message("incident.mentions", MENTION.subject, MENTION)])
        await sender.stop()
        await until(lambda: admin.alerts(kafka))
        (row,) = await admin.incidents(kafka)
        wish = Wish(act=CorrectionAct.DISMISS, incident_id=row.incident_id, by="desk", note="No.")
        made = await corrections.correct(kafka, wish)
        await until(lambda: _is(told, ["alert", "cancel"]))
    async with worker.working(settings, ("track", "alert")):
        assert await corrections.correct(kafka, wish) is CorrectionRefusal.ALREADY_SO
    assert await told() == ["alert", "cancel"]
    assert await admin.corrections(kafka) == (made,)
    steps = await admin.trace(kafka, row.incident_id)
    assert [step.topic for step in steps] == [
        "incident.corrections",
        *["incident.mentions"] * 2,
        *["incident.deltas"] * 2,
        *["alerts"] * 2,
    ]


async def _is(ask, wanted):
    return await ask() == wanted
