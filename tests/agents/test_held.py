"""What is held is kept, told later alone or together, and survives a crash at any record that is written."""

import asyncio
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_alerts import FETCHED, made
from memory_kafka import Died, MemoryKafka, tools

from agents import deliveries as module
from agents.deliver import lane_of, make_stage, telling_of, told_of_sinks
from agents.deliveries import DeliveryBook, note
from agents.fanout import as_message, deliveries_of
from agents.stage import Runner
from monitor.sinks.webhook import WebhookConfig
from schemas.delivery import Delivery
from schemas.reasons import AlertKind, Attempt
from schemas.sink import SinkState

MINUTE = timedelta(minutes=1)


def sink(**more):
    return WebhookConfig(name="desk", url="https://desk.example/", **more)


SPACED = sink(min_interval_s=600)
HOURLY = sink(digest={"every_min": 60})
NIGHT = sink(quiet_hours={"start": "11:00", "end": "14:00"})
ARABIC = sink(digest={"every_min": 60}, language="ar")


class Desk:
    """A book with the sink that it is told for."""

    def __init__(self, config):
        self.config, self.book = config, DeliveryBook()
        self.tellings = {"desk": telling_of(config)}

    def note(self, delivery):
        step = note(self.book, delivery, self.tellings)
        for key, row in step.rows:
            self.book.put(key, row)
        return step

    def told(self, number, at=FETCHED, **more):
        (delivery,) = deliveries_of(made(number, **more), [self.config], at)
        self.note(delivery)
        return self.book.get(delivery.webhook_id)

    def released(self, at):
        for request in self.book.take_releases(at):
            self.note(request)
        return [self.book.whole(due.webhook_id) for due in self.book.take_due(at)]


def end(delivery, at):
    return Delivery(
        webhook_id=delivery.webhook_id,
        alert_id=delivery.alert_id,
        sink="desk",
        outcome=Attempt.DELIVERED,
        attempts=1,
        first_at=at,
        at=at,
        subject=delivery.subject,
    )


def test_one_alert_in_an_interval_is_told_at_once_and_the_next_is_held():
    desk = Desk(SPACED)
    first = desk.told(1)
    assert first.outcome is Attempt.PENDING
    desk.note(end(first, FETCHED))
    second = desk.told(2, FETCHED + MINUTE)
    assert (second.outcome, second.next_at) == (Attempt.HELD, FETCHED + 10 * MINUTE)
    assert desk.told(3, FETCHED + MINUTE, incident_id="inc-2").outcome is Attempt.PENDING


def test_what_came_within_the_interval_is_told_together_after_it_and_spaces_what_comes_then():
    desk = Desk(SPACED)
    desk.told(1)
    desk.book.take_due(FETCHED)
    for number in (2, 3):
        desk.told(number, FETCHED + number * MINUTE)
    assert desk.released(FETCHED + 9 * MINUTE) == []
    (digest,) = desk.released(FETCHED + 10 * MINUTE)
    assert [part.alert_id for part in digest.alert.parts] == ["alr-2", "alr-3"]
    assert digest.incident_id == "inc-1"
    assert desk.told(4, FETCHED + 11 * MINUTE).next_at == FETCHED + 20 * MINUTE


def test_one_alone_is_told_as_itself_under_its_own_id():
    desk = Desk(HOURLY)
    held = desk.told(1)
    (told,) = desk.released(held.next_at)
    assert told.webhook_id == held.webhook_id
    assert told.alert.kind is AlertKind.ATTACK
    assert told.body is not None


def test_a_digest_tells_everything_once():
    desk = Desk(HOURLY)
    held = [desk.told(n, incident_id=f"inc-{n}") for n in range(3)]
    due = held[0].next_at
    (digest,) = desk.released(due)
    assert digest.alert.title == "3 alerts"
    assert [desk.book.get(h.webhook_id).outcome for h in held] == [Attempt.DIGESTED] * 3
    assert desk.released(due + 60 * MINUTE) == []


def test_a_digest_is_in_the_language_of_its_sink():
    desk = Desk(ARABIC)
    held = [desk.told(n) for n in range(2)]
    (digest,) = desk.released(held[0].next_at)
    assert digest.alert.title == "عدد التنبيهات: 2"
    assert digest.alert.text.startswith("• تفجير في Kirkuk")


def test_many_are_told_in_several_digests_and_none_is_left(monkeypatch):
    monkeypatch.setattr(module, "MOST_TOGETHER", 5)
    desk = Desk(HOURLY)
    held = [desk.told(n) for n in range(17)]
    told = []
    for _ in range(5):
        told += desk.released(held[0].next_at)
    assert [len(d.alert.parts) for d in told] == [5, 5, 5, 2]


def test_a_digest_has_a_size(monkeypatch):
    monkeypatch.setattr(module, "MOST_BYTES_TOGETHER", 20_000)
    desk = Desk(HOURLY)
    held = [desk.told(n, text="x" * 3000) for n in range(9)]
    told = [d for _ in range(9) for d in desk.released(held[0].next_at)]
    assert sum(max(1, len(d.alert.parts)) for d in told) == 9
    assert 1 < max(len(d.alert.parts) for d in told) < 9


def test_quiet_hours_hold_each_alert_for_itself_in_order():
    desk = Desk(NIGHT)
    held = [desk.told(n, FETCHED + n * MINUTE) for n in range(3)]
    assert {h.outcome for h in held} == {Attempt.HELD}
    end_of_night = FETCHED.replace(hour=14, minute=0, second=0)
    assert desk.released(end_of_night - MINUTE) == []
    assert [d.alert_id for d in desk.released(end_of_night)] == ["alr-0", "alr-1", "alr-2"]


def test_a_person_can_have_a_held_one_told_now():
    desk = Desk(HOURLY)
    held = desk.book.whole(desk.told(1).webhook_id)
    now = {"at": FETCHED + MINUTE, "next_at": FETCHED + MINUTE}
    again = {"outcome": Attempt.PENDING, "attempts": 1, "reason": ""} | now
    desk.note(module.msgspec.structs.replace(held, **again))
    assert [d.alert_id for d in desk.released(FETCHED + MINUTE)] == ["alr-1"]


def test_what_is_held_is_held_again_after_a_restart():
    desk, other = Desk(HOURLY), Desk(HOURLY)
    held = [desk.told(n) for n in range(3)]
    for one in held:
        other.book.put(one.webhook_id, desk.book.whole(one.webhook_id))
    (digest,) = other.released(held[0].next_at)
    assert len(digest.alert.parts) == 3


def test_the_status_tells_how_a_sink_stands():
    desk, lane = Desk(HOURLY), lane_of(HOURLY)
    desk.told(1)
    desk.told(2, status="test")
    lane.state = SinkState(sink="desk", at=FETCHED, disabled_at=FETCHED, reason="gone")
    assert told_of_sinks({"desk": lane}, [desk.book]) == {
        "desk": {
            "disabled": "gone",
            "failing_since": None,
            "waiting": 1,
            "held": 1,
            "under_way": 0,
        }
    }


def test_a_release_that_found_nothing_is_asked_for_again():
    desk = Desk(HOURLY)
    held = desk.told(1)
    due = held.next_at
    assert len(desk.book.take_releases(due)) == 1
    assert desk.book.take_releases(due + timedelta(seconds=1)) == ()
    assert len(desk.book.take_releases(due + module.ASKED_AGAIN_AFTER)) == 1


def test_an_interval_ends_when_the_clock_is_set_back_in_it():
    desk = Desk(SPACED)
    desk.note(end(desk.told(1), FETCHED))
    held = desk.told(2, FETCHED + MINUTE)
    early = FETCHED - 24 * 60 * MINUTE
    assert desk.book.take_due(early) == ()
    (told,) = desk.released(early)
    assert told.webhook_id == held.webhook_id


@pytest.mark.parametrize("config", [HOURLY, SPACED], ids=["digest", "interval"])
@settings(max_examples=40)
@given(cut=st.integers(0, 60), size=st.integers(1, 7))
def test_a_crash_at_any_record_loses_no_alert_and_tells_none_in_two_digests(config, cut, size):
    asyncio.run(_crashed(config, cut, size))


async def _crashed(config, cut, size):
    kafka, given = MemoryKafka(), [made(n) for n in range(size)]
    stage = make_stage({"desk": telling_of(config)})
    for alert in given:
        for delivery in deliveries_of(alert, [config], FETCHED):
            await kafka.send([as_message(delivery)])
    kafka.left, told, done = cut, [], 0
    for start in range(3):
        runner = Runner(stage=stage, rows=kafka, sender=kafka, metrics=tools(kafka).metrics)
        try:
            await runner.assigned([0])
            at = FETCHED + (start + 1) * 120 * MINUTE
            for _ in range(3):
                await runner.batch(kafka.inbound("deliveries", done))
                book = runner.ledgers[0].book
                told += [book.whole(due.webhook_id) for due in book.take_due(at)]
                requests = book.take_releases(at)
                await kafka.send([as_message(request) for request in requests])
        except Died:
            kafka.left = None
    parts = {}
    for delivery in told:
        for alert in delivery.alert.parts or (delivery.alert,):
            parts.setdefault(alert.alert_id, set()).add(delivery.webhook_id)
    assert set(parts) == {alert.alert_id for alert in given}
    assert all(len(ids) == 1 for ids in parts.values())
