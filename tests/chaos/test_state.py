"""What is on disk goes away, is cut short, is of another version; the clock jumps; a worker only seems to work."""

import asyncio
import shutil
import struct
import subprocess
from pathlib import Path

import pytest
from kafka_tools import until
from rig import DRAIN_S

from agents.leaving import LEFT
from agents.provision import partitions_of
from schemas.cards import cards

pytestmark = pytest.mark.timeout(900)


@pytest.mark.chaos
async def test_idle_worker_is_ended_by_its_own_watchdog(up, table, tmp_path):
    """It holds its partitions and sends its heartbeats, so that nobody else would notice."""
    idle = tmp_path / "idle"
    rig = await up(faults=["idle"], idle_file=str(idle), stall_after_s=10)
    end = rig.load(2)
    await asyncio.sleep(3)
    idle.touch()
    await until(lambda: ("worker", 75) in rig.keeper.exits, within=90)
    idle.unlink()
    end()
    outcome = await rig.settle()
    table.add("a worker that does nothing", 1, outcome)
    assert outcome.is_clean(), outcome


@pytest.mark.chaos
async def test_folders_of_workers_are_deleted_and_cut_short(up, table):
    """All state that matters is in Kafka."""
    rig = await up()
    end = rig.load(2)
    for _ in range(3):
        await asyncio.sleep(3)
        for name in ("worker", "poller"):
            folder = rig.folder / name / "agents"
            for file in [f for f in folder.rglob("*") if f.is_file()]:
                file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
            shutil.rmtree(folder, ignore_errors=True)
            rig.kill(name)
    end()
    outcome = await rig.settle()
    table.add("state directory of processes deleted", 3, outcome)
    assert outcome.is_clean(), outcome


@pytest.mark.chaos
async def test_kafka_is_lost_as_a_whole(up, table):
    """What comes again comes under the same ids, so that receivers know it."""
    rig = await up()
    end = rig.load(2)
    await asyncio.sleep(10)
    end()
    before = await rig.settle()
    await rig.kill_broker()
    shutil.rmtree(rig.broker.folder)
    await rig.start_broker()
    rig.forget()
    outcome = await rig.settle()
    table.add("Kafka's directory deleted", 1, outcome)
    assert outcome.lost == outcome.unknown == outcome.second_ids == outcome.quarantined == 0
    assert outcome.alerts == before.alerts + 2


@pytest.mark.chaos
async def test_rows_of_another_version_are_refused_and_nothing_is_read(up):
    """What would be told without them may have been told before."""
    rig = await up()
    await rig.until_alerted(DRAIN_S)
    worker = rig.keeper.processes["worker"]
    await rig.terminate("worker")
    came = len(rig.receiver.came)
    for partition in range(partitions_of(rig.settings, cards()["track.rows"])):
        await rig.client.send("track.rows", [(b"r:other", b'{"v":2,"data":{}}')], partition)
    rig.wire.publish(rig.started)
    rig.revive("worker")
    await until(lambda: rig.keeper.exits.count(("worker", LEFT)) > 1, within=DRAIN_S)
    assert worker.logged("track.rows, partition ")
    assert worker.logged("version 2, this code reads 1")
    assert len(rig.receiver.came) == came


@pytest.mark.chaos
async def test_rolling_upgrade_and_back(up, table):
    """A newer version beside this one: a field more in each record, a topic more. Rows go both ways."""
    rig = await up()
    end = rig.load(2)
    for _ in range(3):
        rig.start_worker("newer", faults=["newer"])
        await rig.until_ready("newer")
        assert (await rig.terminate("worker"))[1] == 0
        await asyncio.sleep(5)
        rig.revive("worker")
        await asyncio.sleep(8)
        assert (await rig.terminate("newer"))[1] == 0
        del rig.keeper.processes["newer"]
        rig.keeper.resting.discard("newer")
    end()
    outcome = await rig.settle()
    table.add("rolling upgrade and back", 3, outcome)
    assert outcome.is_clean(repeated=0), outcome


@pytest.fixture
def clock(tmp_path, monkeypatch):
    """Sets by how many seconds the wall clock is wrong in all processes that are started; others go on."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler for tests/support/jump.c")
    library, shift = tmp_path / "jump.so", tmp_path / "shift"
    source = Path(__file__).parents[1] / "support" / "jump.c"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, source], check=True)
    shift.write_bytes(struct.pack("q", 0))
    monkeypatch.setenv("LD_PRELOAD", str(library))
    monkeypatch.setenv("JUMP_FILE", str(shift))

    def jump(seconds):
        with shift.open("r+b") as file:
            file.write(struct.pack("q", seconds))

    return jump


@pytest.mark.chaos
@pytest.mark.parametrize("seconds", [86_400, -86_400, 3600])
async def test_clock_jumps_and_back(up, table, clock, seconds):
    """The wall clock of Kafka and of all processes; the monotonic one goes on."""
    rig = await up()
    end = rig.load(2)
    for now in (seconds, 0):
        await asyncio.sleep(5)
        clock(now)
        await asyncio.sleep(10)
    end()
    outcome = await rig.settle()
    table.add(f"clock {seconds:+d} s and back", 1, outcome)
    assert outcome.is_clean(), outcome
