"""One sink's lane: first attempts in order for an incident, retries that block nothing, no more than it allows."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.deliveries import DeliveryBook, Due
from agents.lanes import Lane
from monitor.sinks.rules import FAILED_IN_A_ROW
from schemas.sink import SinkState

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BOOK = DeliveryBook()
SECOND = timedelta(seconds=1)


def lane(most=4, **more):
    return Lane(sink=None, most=most, state=SinkState(sink="desk", at=NOW), **more)


def due(number, incident="inc", attempts=0):
    return Due(
        webhook_id=f"msg_{number}", sink="desk", incident=incident, attempts=attempts, book=BOOK
    )


def begun(one, now=NOW):
    """All that may begin now, in order."""
    found = []
    while (taken := one.take(now)) is not None:
        found.append(taken)
    return [d.webhook_id for d in found]


def test_first_attempts_of_one_incident_go_one_after_the_other():
    one = lane()
    first, second, other = due(1), due(2), due(3, "another")
    for each in (first, second, other):
        one.add(each)
    assert begun(one) == ["msg_1", "msg_3"]
    one.done(first)
    assert begun(one) == ["msg_2"]


def test_retries_leave_a_slot_to_first_attempts():
    one = lane(most=4)
    for number in range(10):
        one.add(due(number, attempts=1))
    assert len(begun(one)) == 3
    one.add(due(99))
    assert begun(one) == ["msg_99"]


def test_first_attempts_leave_a_slot_to_retries():
    one = lane(most=4)
    for number in range(10):
        one.add(due(number, f"inc-{number}"))
    one.add(due(99, attempts=2))
    assert begun(one) == ["msg_0", "msg_1", "msg_2", "msg_99"]


def test_with_one_slot_they_take_turns():
    one, order = lane(most=1), []
    for number in range(3):
        one.add(due(number, f"inc-{number}"))
        one.add(due(10 + number, attempts=1))
    while (taken := one.take(NOW)) is not None:
        order.append(bool(taken.attempts))
        one.done(taken)
    assert order in ([True, False] * 3, [False, True] * 3)


def test_a_retry_never_waits_for_its_incident():
    one = lane()
    one.add(due(1))
    one.add(due(2, attempts=1))
    assert set(begun(one)) == {"msg_1", "msg_2"}


def test_no_more_in_a_second_than_it_allows():
    one = lane(most=64, per_second=2)
    for number in range(10):
        one.add(due(number, f"inc-{number}"))
    assert len(begun(one)) == 1
    assert one.next_at(NOW) == NOW + SECOND / 2
    assert len(begun(one, NOW + SECOND / 2)) == 1
    assert len(begun(one, NOW + 60 * SECOND)) == 2


def test_a_receiver_that_asked_to_wait_gets_nothing_new_until_then():
    one = lane()
    one.pause(NOW, 30 * SECOND)
    one.add(due(1))
    assert begun(one, NOW + 29 * SECOND) == []
    assert one.next_at(NOW) == NOW + 30 * SECOND
    assert begun(one, NOW + 30 * SECOND) == ["msg_1"]


def test_a_receiver_that_takes_nothing_is_tried_at_a_walking_pace_until_it_takes_something():
    one = lane(most=64)
    for number in range(100):
        one.add(due(number, f"inc-{number}"))
    for _ in range(FAILED_IN_A_ROW):
        one.tried(ok=False)
    begun(one)
    for later in range(1, 4):
        now = NOW + later * SECOND / 10
        assert one.next_at(now - SECOND / 20) is not None
        assert len(begun(one, now)) == 1
    one.tried(ok=True)
    assert len(begun(one, NOW + SECOND)) > 10


def test_a_shorter_wait_does_not_end_a_longer_one():
    one = lane()
    one.pause(NOW, 30 * SECOND)
    one.pause(NOW, SECOND)
    one.add(due(1))
    assert begun(one, NOW + 2 * SECOND) == []


def test_clock_that_is_set_back_makes_no_pause_longer():
    one = lane()
    one.pause(NOW, 30 * SECOND)
    one.add(due(1))
    early = NOW - 86_400 * SECOND
    assert begun(one, early) == []
    assert begun(one, early + 29 * SECOND) == []
    assert begun(one, early + 30 * SECOND) == ["msg_1"]


def test_what_is_due_at_a_disabled_sink_ends_at_once_whatever_it_asked():
    one = lane()
    one.pause(NOW, 30 * SECOND)
    one.state = SinkState(sink="desk", at=NOW, disabled_at=NOW, reason="gone")
    one.add(due(1))
    assert begun(one) == ["msg_1"]


def test_what_is_dropped_can_come_again():
    one = lane()
    first = due(1)
    one.add(first)
    one.add(due(2))
    assert begun(one) == ["msg_1"]
    one.clear()
    one.add(due(1))
    one.add(due(2))
    one.done(first)
    assert begun(one) == ["msg_2"]


STEPS = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 2), st.booleans()), min_size=1, max_size=60
)


@given(STEPS, st.integers(1, 5))
@pytest.mark.parametrize("per_second", [None, 5.0])
def test_everything_begins_once_and_in_order_within_its_incident(per_second, steps, most):
    one, running, order, now = lane(most=most, per_second=per_second), [], [], NOW
    for number, (incident, attempts, ends) in enumerate(steps):
        one.add(due(number, f"inc-{incident}", attempts))
        while (taken := one.take(now)) is not None:
            running.append(taken)
            order.append(taken)
            firsts = [d.incident for d in running if not d.attempts]
            assert len(firsts) == len(set(firsts))
            assert len(running) <= most
        if ends and running:
            one.done(running.pop(0))
        now += SECOND
    for _ in range(2 * len(steps)):
        while running:
            one.done(running.pop())
        now += SECOND
        while (taken := one.take(now)) is not None:
            running.append(taken)
            order.append(taken)
    assert len(order) == len(steps)
    for incident in {d.incident for d in order}:
        numbers = [
            int(d.webhook_id[4:]) for d in order if d.incident == incident and not d.attempts
        ]
        assert numbers == sorted(numbers)
