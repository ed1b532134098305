"""Stops in good order: quick, clean, and nothing is told a second time."""

import asyncio
import random
import signal
import subprocess
import sys

import pytest
from kafka_tools import until
from rig import SHARE

WORKERS = {
    "reader": ["dedupe", "extract"],
    "tracker": ["track", "alert"],
    "deliverer": ["deliver"],
}
MOST_S = 30.0
"""A stop takes less than this: after it systemd and Kubernetes kill."""
STOPS = round(40 * SHARE)
IN_ORDER = (0, -signal.SIGTERM)
"""Ends that systemd too counts as clean: the second is of a process that had not yet begun to heed signals."""
RESTARTS = round(20 * SHARE)


async def stopped(rig, names):
    """SIGTERM to all of these at once; they must end in good order and are started again."""
    ends = await asyncio.gather(*(rig.terminate(name) for name in names))
    assert all(code in IN_ORDER and seconds < MOST_S for seconds, code in ends), ends
    for name in names:
        rig.revive(name)


@pytest.mark.kafka
@pytest.mark.timeout(600)
async def test_stops_under_load_are_quick_and_repeat_nothing(up, table, seed):
    rig = await up(workers=WORKERS)
    rng = random.Random(seed)
    end = rig.load(3)
    for name in ("reader", "deliverer", "poller", "tracker"):
        await asyncio.sleep(rng.uniform(2, 4))
        await stopped(rig, [name])
    end()
    outcome = await rig.settle()
    table.add("SIGTERM, short", 4, outcome)
    assert outcome.is_clean(repeated=0), outcome


@pytest.mark.chaos
@pytest.mark.timeout(1800)
async def test_many_stops_under_load(up, table, seed):
    rig = await up(workers=WORKERS)
    rng = random.Random(seed)
    end = rig.load(3)
    for _ in range(STOPS):
        await asyncio.sleep(rng.uniform(1, 6))
        await stopped(rig, [rng.choice(["poller", *WORKERS])])
    end()
    outcome = await rig.settle()
    table.add("SIGTERM", STOPS, outcome)
    assert outcome.is_clean(repeated=0), outcome


@pytest.mark.chaos
@pytest.mark.timeout(1800)
async def test_everything_restarted_twenty_times_in_a_row(up, table, seed):
    rig = await up()
    rng = random.Random(seed)
    end = rig.load(3)
    for _ in range(RESTARTS):
        await asyncio.sleep(rng.uniform(3, 12))
        await stopped(rig, ["poller", "worker"])
    end()
    outcome = await rig.settle()
    table.add("everything restarted", RESTARTS, outcome)
    assert outcome.is_clean(repeated=0), outcome


def command_with(config, command, log):
    with log.open("wb") as out:
        argv = [sys.executable, "-m", "monitor", command, "--config", str(config)]
        return subprocess.Popen(argv, stdout=out, stderr=out)


@pytest.mark.kafka
@pytest.mark.timeout(120)
@pytest.mark.parametrize("command", ["worker", "poller"])
async def test_stop_while_it_waits_for_kafka_is_clean(tmp_path, command):
    """No Kafka is there, so that it never gets beyond its start."""
    config = tmp_path / "c.toml"
    config.write_text(
        f'state_dir = "{tmp_path}"\nkafka.bootstrap_servers = ["127.0.0.1:9"]\nhttp.port = 0\n'
    )
    path = tmp_path / "log"
    process = command_with(config, command, path)
    await until(lambda: "cannot be reached" in path.read_text(), within=90)
    process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(process.wait, 20) == 0, path.read_text()
