"""A worker that does not move while records wait is ended; one that has nothing to do is not."""

import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from aiokafka.errors import KafkaConnectionError

from agents import health as module
from agents.health import Watch
from agents.lag import Lag
from agents.leaving import LEFT


def service(*, held=False, ready=True):
    taker = SimpleNamespace(held=held)
    return SimpleNamespace(
        stage="track",
        takers={"incident.mentions": taker},
        assignment={"incident.mentions": (0, 1)},
        ready=ready,
        details=dict,
    )


@pytest.fixture
def left(monkeypatch):
    gone = []
    monkeypatch.setattr(module, "leave", lambda why, status=LEFT, **_: gone.append((why, status)))
    return gone


def watching(monkeypatch, one, *looks):
    """A watch that sees these lags, one look after the other, with no patience at all."""
    script = iter(looks)

    async def all_lags(_, wanted):
        seen = next(script)
        if isinstance(seen, Exception):
            raise seen
        found = {("incident.mentions", n): lag for n, lag in seen.items()}
        return dict.fromkeys(wanted, found)

    monkeypatch.setattr(module, "all_lags", all_lags)
    kafka = SimpleNamespace(group=lambda stage: stage)
    settings = SimpleNamespace(kafka=kafka, stall_after_s=60.0, state_dir=Path())
    return Watch(settings=settings, services=[one])


async def look(watch, seconds):
    """Look once, so many seconds after the last move."""
    watch.moved_at = {stage: time.monotonic() - seconds for stage in watch.moved_at}
    await watch._look()


WAITS = {0: Lag(committed=5, end=9)}
MOVES = {0: Lag(committed=6, end=9)}
DONE = {0: Lag(committed=9, end=9)}
OTHERS = {2: Lag(committed=5, end=9)}


@pytest.mark.parametrize(
    ("looks", "ends"),
    [
        ((WAITS, WAITS), True),
        ((WAITS, MOVES), False),
        ((DONE, DONE), False),
        ((OTHERS, OTHERS), False),
        ((WAITS, KafkaConnectionError(), WAITS), False),
    ],
    ids=["stands still", "moves", "nothing waits", "not its partition", "the broker was away"],
)
async def test_worker_is_ended_only_when_it_stands_still(monkeypatch, left, looks, ends):
    one = service()
    watch = watching(monkeypatch, one, *looks)
    for _ in looks:
        await look(watch, 61)
    assert bool(left) is ends
    if ends:
        assert left[0][1] == 75


SHORTER = {0: Lag(committed=0, end=2)}


@pytest.mark.parametrize(
    ("looks", "leaves"),
    [
        ((DONE, SHORTER), True),
        ((OTHERS, {2: Lag(committed=0, end=2)}), True),
        ((DONE, {}, {}), True),
        ((DONE, {}, SHORTER), True),
        ((DONE, {}, DONE), False),
        ((DONE, {}, DONE, {}, DONE), False),
        ((DONE, KafkaConnectionError(), DONE), False),
        (({}, {}), False),
    ],
    ids=[
        "shorter", "of others too", "gone", "gone and made anew", "not told of at once", "twice",
        "the broker was away", "not there yet",
    ],
)  # fmt: skip
async def test_worker_leaves_when_kafka_was_emptied_under_it(monkeypatch, left, looks, leaves):
    """Its offsets are those of a topic that is no more: new records would pass for known ones."""
    one = service()
    watch = watching(monkeypatch, one, *looks)
    for _ in looks:
        await look(watch, 0)
    assert [status for _, status in left] == [LEFT] * leaves


async def test_patience_comes_first(monkeypatch, left):
    one = service()
    watch = watching(monkeypatch, one, WAITS, WAITS)
    await look(watch, 0)
    await look(watch, 30)
    assert left == []


async def test_held_stage_is_told_and_not_restarted(monkeypatch, left):
    """A restart would send some hundred more records into quarantine."""
    one = service(held=True)
    watch = watching(monkeypatch, one, WAITS, WAITS)
    await look(watch, 61)
    await look(watch, 61)
    assert left == []
    told = await watch.health()
    assert not told.ready
    assert "held" in told.why[0]


async def test_not_ready_before_partitions_are_loaded():
    watch = Watch(settings=SimpleNamespace(state_dir=Path()), services=[service(ready=False)])
    told = await watch.health()
    assert (told.alive, told.ready) == (True, False)
