"""Only jars that are those of the lock are ever run."""

import os
import subprocess
import sys

import pytest

from monitor.broker import jars as module
from monitor.broker.errors import BrokerError
from monitor.broker.rules import BrokerFault

ONE = "a.jar"


@pytest.fixture
def small_lock(monkeypatch):
    digest = "9834876dcfb05cb167a5c24953eba58c4ac89b1adf57f28f2f9d09af107ee8f0"  # of b"aaa"
    monkeypatch.setattr(module, "lock", lambda: {ONE: digest})


def test_lock_names_kafka_of_the_pinned_version():
    assert f"kafka_2.13-{module.KAFKA_VERSION}.jar" in module.lock()
    assert all(len(digest) == 64 for digest in module.lock().values())


def test_right_jar_matches(small_lock, tmp_path):
    (tmp_path / ONE).write_bytes(b"aaa")
    assert module.mismatches(tmp_path) == ()


@pytest.mark.parametrize("content", [None, b"", b"aab"], ids=["missing", "cut short", "changed"])
def test_other_jar_is_named(small_lock, tmp_path, content):
    if content is not None:
        (tmp_path / ONE).write_bytes(content)
    assert module.mismatches(tmp_path) == (ONE,)


def test_fetched_jar_that_differs_is_refused_and_not_kept(small_lock, tmp_path, monkeypatch):
    def forged(work):
        (work / ONE).write_bytes(b"other")
        return [work / ONE]

    monkeypatch.setattr(module, "_resolve", forged)
    with pytest.raises(BrokerError) as caught:
        module.jars(tmp_path)
    assert caught.value.fault is BrokerFault.JARS_DIFFER
    assert list(tmp_path.iterdir()) == []


def test_damaged_copy_is_fetched_again(small_lock, tmp_path, monkeypatch):
    target = tmp_path / f"kafka-{module.KAFKA_VERSION}"
    target.mkdir()
    (target / ONE).write_bytes(b"torn")

    def right(work):
        (work / ONE).write_bytes(b"aaa")
        return [work / ONE]

    monkeypatch.setattr(module, "_resolve", right)
    assert module.jars(tmp_path) == target
    assert (target / ONE).read_bytes() == b"aaa"


@pytest.mark.slow
def test_first_run_without_network_is_one_line(tmp_path):
    """A proxy where nobody listens stands for a machine without a network."""
    script = (
        "import sys, pathlib\n"
        "from monitor.broker import BrokerError, LocalBroker\n"
        "try: LocalBroker(pathlib.Path(sys.argv[1]), 20000, cache_dir=pathlib.Path(sys.argv[1])).start()\n"
        "except BrokerError as exc: print(exc.fault, exc)\n"
    )
    env = os.environ | dict.fromkeys(
        ("HTTP_PROXY", "HTTPS_PROXY", "https_proxy"), "http://127.0.0.1:9"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        env=env | {"NO_PROXY": "", "no_proxy": ""},
        capture_output=True,
        check=False,
        text=True,
        timeout=120,
    )
    assert done.stdout.startswith("no_network Kafka could not be fetched")
    assert done.stdout.count("\n") == 1
