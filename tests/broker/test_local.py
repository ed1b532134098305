"""The local Kafka as its users meet it: up, stopped, killed, in the way, damaged."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading

import psutil
import pytest

from monitor.broker import BrokerError, BrokerFault, LocalBroker
from monitor.broker import local as module
from monitor.broker.probe import is_free, serves
from monitor.broker.run import run

pytestmark = [pytest.mark.kafka, pytest.mark.timeout(120)]

OWNER = """
import json, pathlib, sys, time
from monitor.broker import LocalBroker
broker = LocalBroker(pathlib.Path(sys.argv[1]), int(sys.argv[2])).start()
print(json.dumps({"java": broker.pid, "guard": broker._guard.pid}), flush=True)
time.sleep(600)
"""


def _gone(pid, timeout=20):
    try:
        psutil.Process(pid).wait(timeout)
    except psutil.NoSuchProcess:
        return True
    except psutil.TimeoutExpired:
        return False
    return True


@pytest.fixture
def owner(tmp_path, free_port):
    """A process that owns a broker, with the pids of its guard and of Java."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(tmp_path), str(free_port)], stdout=subprocess.PIPE
    )
    pids = json.loads(process.stdout.readline())
    yield process, pids
    process.kill()
    process.wait()
    process.stdout.close()
    assert _gone(pids["java"])


def test_serves_until_stopped_and_keeps_its_identity(tmp_path, free_port):
    broker = LocalBroker(tmp_path, free_port).start()
    java = broker.pid
    assert serves("127.0.0.1", free_port)
    assert broker.failure() is None
    identity = (broker.folder / "data" / "meta.properties").read_text()
    broker.stop()
    broker.stop()
    assert _gone(java)
    assert is_free(free_port)
    with LocalBroker(tmp_path, free_port) as again:
        assert (again.folder / "data" / "meta.properties").read_text() == identity


def test_killed_broker_says_so_and_starts_again(tmp_path, free_port):
    broker = LocalBroker(tmp_path, free_port).start()
    os.kill(broker.pid, signal.SIGKILL)
    broker._guard.wait(10)
    assert broker.failure().fault is BrokerFault.ENDED
    broker.stop()
    with LocalBroker(tmp_path, free_port):
        assert serves("127.0.0.1", free_port)


def test_broker_ends_with_a_killed_owner_and_the_next_owner_waits_for_that(
    owner, tmp_path, free_port
):
    process, pids = owner
    process.kill()
    process.wait()
    with LocalBroker(tmp_path, free_port) as broker:
        assert _gone(pids["java"], 1)
        assert broker.pid != pids["java"]


@pytest.mark.skipif(sys.platform != "linux", reason="the second net, PR_SET_PDEATHSIG, is Linux's")
def test_broker_ends_with_a_killed_guard(owner):
    _, pids = owner
    os.kill(pids["guard"], signal.SIGKILL)
    assert _gone(pids["java"])


def test_second_start_on_the_same_state_is_refused(owner, tmp_path, free_port):
    with pytest.raises(BrokerError, match="already running") as caught:
        LocalBroker(tmp_path, free_port + 2).start()
    assert caught.value.fault is BrokerFault.ALREADY_RUNNING


def test_taken_port_is_named(tmp_path, free_port):
    with (
        socket.create_server(("127.0.0.1", free_port + 1)),
        pytest.raises(BrokerError, match=str(free_port)) as caught,
    ):
        LocalBroker(tmp_path, free_port).start()
    assert caught.value.fault is BrokerFault.PORT_IN_USE


def test_full_disk_is_named_before_kafka_starts(tmp_path, free_port, monkeypatch):
    monkeypatch.setattr(
        module.shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(100, 100, 0)
    )
    with pytest.raises(BrokerError, match="disk") as caught:
        LocalBroker(tmp_path, free_port).start()
    assert caught.value.fault is BrokerFault.DISK_FULL


def test_damaged_identity_is_named_and_nothing_is_deleted(tmp_path, free_port):
    data = tmp_path / "kafka" / "data"
    data.mkdir(parents=True)
    (data / "meta.properties").write_bytes(b"\x00\xffgarbage")
    with pytest.raises(BrokerError, match="damaged") as caught:
        LocalBroker(tmp_path, free_port).start()
    assert caught.value.fault is BrokerFault.DATA_CORRUPT
    assert (data / "meta.properties").read_bytes() == b"\x00\xffgarbage"


def test_state_directory_that_is_a_file_is_named(tmp_path, free_port):
    (tmp_path / "state").write_text("")
    with pytest.raises(BrokerError) as caught:
        LocalBroker(tmp_path / "state", free_port).start()
    assert caught.value.fault is BrokerFault.NOT_WRITABLE


def test_command_tells_address_and_stops_when_asked(tmp_path, free_port):
    lines, stop = [], threading.Event()

    def say(line):
        lines.append(line)
        stop.set()

    run(tmp_path, free_port, say, stop=stop)
    assert f"127.0.0.1:{free_port}" in lines[0]
    assert lines[-1] == "Kafka has stopped"
    assert is_free(free_port)
