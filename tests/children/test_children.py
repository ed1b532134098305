"""Worker processes: whatever a task does to its process, the pool and its neighbours go on."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from monitor import children
from monitor.children import ChildDied, ChildPool, DeadlineExceeded, OutOfMemory, TaskFailed

HERE = str(Path(__file__).parent)


@pytest.fixture
async def make():
    pools = []

    def _make(**changes):
        settings = {
            "target": "tasks:act",
            "size": 1,
            "deadline_s": 20.0,
            "memory_bytes": 256 << 20,
            "environ": {"PYTHONPATH": HERE},
        }
        pool = ChildPool(**(settings | changes))
        pools.append(pool)
        return pool

    yield _make
    for pool in pools:
        await pool.aclose()


async def test_a_task_gets_its_payload_and_gives_its_result(make):
    assert await make().run(b"echo \x00\xff bytes") == b"\x00\xff bytes"


async def test_an_empty_payload_and_a_large_answer_pass(make):
    pool = make()
    assert await pool.run(b"echo") == b""
    assert len(await pool.run(b"big 5000000")) == 5_000_000
    assert len(await pool.run(b"echo " + b"y" * 3_000_000)) == 3_000_000


async def test_one_process_serves_many_tasks_and_is_made_ready_once(make):
    pool = make(initialiser="tasks:make_ready")
    pids = {await pool.run(b"pid") for _ in range(5)}
    assert len(pids) == 1
    assert await pool.run(b"ready") == b"1"


async def test_what_a_task_prints_does_not_disturb_the_answers(make, capfd):
    assert await make().run(b"print") == b"printed"
    assert "nor this" in capfd.readouterr().err


async def test_a_task_that_raises_tells_why_and_keeps_its_process(make):
    pool = make()
    before = await pool.run(b"pid")
    with pytest.raises(TaskFailed, match="ValueError: bad feed"):
        await pool.run(b"raise bad feed")
    with pytest.raises(TaskFailed, match="RecursionError"):
        await pool.run(b"deep")
    assert await pool.run(b"pid") == before


async def test_a_task_that_hangs_is_killed_at_its_deadline_and_replaced(make):
    pool = make()
    before = await pool.run(b"pid")
    with pytest.raises(DeadlineExceeded, match=r"longer than 0\.2 s"):
        await pool.run(b"spin", deadline_s=0.2)
    assert not psutil.pid_exists(int(before))
    assert await pool.run(b"pid") != before


@pytest.mark.parametrize("how", [b"die 3", b"segfault"])
async def test_a_process_that_ends_costs_its_task_only(make, how):
    pool = make()
    with pytest.raises(ChildDied, match="ended with status"):
        await pool.run(how)
    assert await pool.run(b"echo on") == b"on"


async def test_a_task_that_eats_memory_is_stopped_at_the_limit(make):
    pool = make(memory_bytes=120 << 20)
    with pytest.raises(OutOfMemory, match="more than 120 MiB"):
        await pool.run(b"eat")
    assert await pool.run(b"echo on") == b"on"


async def test_memory_is_bounded_also_where_the_kernel_sets_no_limit(make, monkeypatch):
    # The parent's watch alone: the child is told a limit that it will not reach.
    pool = make(memory_bytes=120 << 20)
    told = pool._settings().replace(str(120 << 20), str(8 << 30))
    monkeypatch.setattr(ChildPool, "_settings", lambda self: told)
    monkeypatch.setattr(children, "MEMORY_CHECK_S", 0.01)
    with pytest.raises(OutOfMemory):
        await pool.run(b"eat")


async def test_neighbours_of_a_killed_task_are_not_disturbed(make):
    pool = make(size=2)
    await pool.start()
    nap = asyncio.create_task(pool.run(b"nap 0.4"))
    await asyncio.sleep(0)
    with pytest.raises(DeadlineExceeded):
        await pool.run(b"spin", deadline_s=0.1)
    with pytest.raises(ChildDied):
        await pool.run(b"die 1")
    assert await nap == b"rested"


async def test_an_idle_process_that_was_killed_from_outside_is_replaced_unseen(make):
    pool = make()
    pid = int(await pool.run(b"pid"))
    os.kill(pid, signal.SIGKILL)
    while psutil.pid_exists(pid):  # noqa: ASYNC110 -- another process ends when it does
        await asyncio.sleep(0.01)
    assert int(await pool.run(b"pid")) != pid


async def test_more_tasks_than_processes_wait_their_turn(make):
    pool = make(size=2)
    answers = await asyncio.gather(*(pool.run(f"echo {n}".encode()) for n in range(50)))
    assert answers == [str(n).encode() for n in range(50)]
    assert len(pool.pids) == 2


async def test_who_comes_in_a_flow_of_its_own_waits_for_one_task_however_many_wait(make):
    pool, done = make(), []

    async def run(name, flow, size=0):
        await pool.run(name.encode().ljust(size), flow=flow)
        done.append(name)

    waiting = [asyncio.create_task(run(f"nap 0.0{n}", 1, 900)) for n in range(1, 7)]
    while len(done) < 2:  # noqa: ASYNC110 -- no event tells of it
        await asyncio.sleep(0.001)
    await run("echo live", 0)
    assert len(done) <= 5
    await asyncio.gather(*waiting)
    assert [name for name in done if name != "echo live"] == [f"nap 0.0{n}" for n in range(1, 7)]


async def test_flows_that_both_wait_get_as_many_bytes_each(make):
    pool, done = make(), []

    async def run(name, flow, size):
        await pool.run(name.encode().ljust(size), flow=flow)
        done.append(name)

    nap = asyncio.create_task(pool.run(b"nap 0.1"))
    await asyncio.sleep(0)
    large = [run("echo large", 2, 4000) for _ in range(4)]
    small = [run("echo small", 1, 1000) for _ in range(40)]
    await asyncio.gather(nap, *large, *small)
    places = [n for n, name in enumerate(done) if name == "echo large"]
    assert places == [0, 5, 10, 15]


async def test_a_caller_that_gives_up_as_its_turn_comes_takes_nobodys_place(make):
    pool = make()
    await pool.start()
    nap = asyncio.create_task(pool.run(b"nap 0.1"))
    await asyncio.sleep(0)
    waiting = asyncio.create_task(pool.run(b"echo never"))
    nap.add_done_callback(lambda _: waiting.cancel())
    await nap
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await pool.run(b"echo on") == b"on"


async def test_a_caller_that_gives_up_leaves_no_busy_process_behind(make):
    pool = make()
    before = int(await pool.run(b"pid"))
    task = asyncio.create_task(pool.run(b"spin"))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not psutil.pid_exists(before)
    assert await pool.run(b"echo on") == b"on"


async def test_a_worn_process_is_replaced(make):
    pool = make(tasks_per_child=3)
    assert len({await pool.run(b"pid") for _ in range(7)}) == 3


async def test_a_child_that_cannot_start_is_told_each_time(make):
    pool = make(initialiser="tasks:fail_to_start")
    for _ in range(2):
        with pytest.raises(ChildDied, match="could not start: RuntimeError: no model here"):
            await pool.run(b"echo")


async def test_a_missing_function_is_told(make):
    with pytest.raises(ChildDied, match="nothing_such"):
        await make(target="tasks:nothing_such").run(b"")


async def test_an_answer_beyond_the_limit_ends_the_child(make, monkeypatch):
    monkeypatch.setattr(children, "MAX_ANSWER_BYTES", 1000)
    pool = make()
    with pytest.raises(ChildDied, match="answered"):
        await pool.run(b"big 2000")
    assert await pool.run(b"echo on") == b"on"


async def test_closing_ends_all_processes(make):
    pool = make(size=2)
    await pool.start()
    pids = pool.pids
    assert len(pids) == 2
    await pool.aclose()
    assert not any(psutil.pid_exists(pid) for pid in pids)
    with pytest.raises(ChildDied, match="closed"):
        await pool.run(b"echo")


async def test_a_child_ignores_the_signals_of_its_group(make):
    pool = make()
    pid = int(await pool.run(b"pid"))
    os.kill(pid, signal.SIGINT)
    os.kill(pid, signal.SIGTERM)
    assert int(await pool.run(b"pid")) == pid


PARENT = """
import asyncio, sys
from monitor.children import ChildPool

async def main():
    pool = ChildPool(target="tasks:act", size=1, deadline_s=60, memory_bytes=256 << 20)
    print((await pool.run(b"pid")).decode(), flush=True)
    await pool.run(b"spin")

asyncio.run(main())
"""


def test_children_end_when_their_parent_is_killed_in_the_middle_of_a_task():
    with subprocess.Popen(
        [sys.executable, "-c", PARENT],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": HERE},
    ) as parent:
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    child.wait(timeout=10)
    assert not child.is_running()


async def test_a_task_that_gets_little_of_the_processor_is_given_longer(make):
    """On a machine that is busy with something else an innocent article must not be set aside."""
    assert await make().run(b"nap 0.5", deadline_s=0.25) == b"rested"


async def test_a_task_that_hangs_asleep_is_killed_all_the_same(make):
    with pytest.raises(DeadlineExceeded):
        await make().run(b"nap 60", deadline_s=0.1)
