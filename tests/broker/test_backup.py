"""A backup is one file that is whole or not there, and restores what Kafka had, also while Kafka writes."""

import asyncio
import json
import tarfile
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiokafka import TopicPartition
from kafka_tools import free_port

from agents.kafka import admin, make_producer, reader
from agents.provision import provision
from agents.settings import KafkaSettings, Settings
from monitor.broker import LocalBroker, backup
from monitor.broker.errors import BrokerError
from monitor.broker.local import holding
from monitor.errors import InputError

NOW = datetime(2025, 3, 1, tzinfo=UTC)


@pytest.fixture
def state(tmp_path):
    """A state directory as a stopped Kafka leaves it, with two partitions."""
    data = tmp_path / "state/kafka/data"
    for name in ("alerts-0", "track.rows-0"):
        (data / name).mkdir(parents=True)
        (data / name / "00000000000000000000.log").write_bytes(name.encode())
        (data / name / "00000000000000000000.index").write_bytes(b"\0" * 1024)
        (data / name / "partition.metadata").write_text("version: 0")
    (data / "meta.properties").write_text("version=1\n")
    (data / ".kafka_cleanshutdown").write_text("")
    (data / "recovery-point-offset-checkpoint").write_text("0\n0\n")
    (tmp_path / "state/websub.key").write_bytes(b"key")
    return tmp_path / "state"


def files(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_what_kafka_makes_anew_is_left_out_and_the_rest_comes_back(state, tmp_path):
    target = tmp_path / "b.tar.gz"
    backup.back_up(state, target, NOW)
    told = backup.restore(tmp_path / "other", target)
    assert (told.partitions, told.at) == (2, "2025-03-01T00:00:00+00:00")
    found = files(tmp_path / "other")
    assert found["kafka/data/track.rows-0/00000000000000000000.log"] == b"track.rows-0"
    assert found["websub.key"] == b"key"
    left_out = (".index", "cleanshutdown", "recovery-point-offset-checkpoint")
    assert not [name for name in found if name.endswith(left_out)]
    assert not (target.stat().st_mode & 0o077), "a backup holds secrets of subscribers"


@pytest.mark.parametrize("order", [1, -1])
def test_offsets_are_copied_before_rows_before_records_before_metadata(order):
    """Rows that are older than the offsets would lose what lies between; the other way round it is read again."""
    names = [
        "__consumer_offsets-1",
        "x.track.rows-0",
        "x.dedupe.fingerprints-0",
        "alerts-0",
        "articles.raw-0",
        "__cluster_metadata-0",
    ]
    found = [p.name for p in backup.in_order(Path(n) for n in names[::order])]
    kinds = [found[:1], sorted(found[1:3]), sorted(found[3:5]), found[5:]]
    assert kinds == [names[:1], sorted(names[1:3]), names[3:5], names[5:]]


def test_data_that_is_there_is_not_overwritten_and_replaced_data_is_kept_beside(state, tmp_path):
    target = tmp_path / "b.tar.gz"
    backup.back_up(state, target, NOW)
    with pytest.raises(InputError, match="not empty"):
        backup.restore(state, target)
    (state / "kafka/data/alerts-0/00000000000000000000.log").write_bytes(b"newer")
    backup.restore(state, target, replace=True)
    assert files(state)["kafka/data/alerts-0/00000000000000000000.log"] == b"alerts-0"
    kept = next((state / "kafka").glob("data.2*"))
    assert (kept / "alerts-0/00000000000000000000.log").read_bytes() == b"newer"


def a_tar(path, members):
    with tarfile.open(path, "w:gz") as tar:
        for name, content in members:
            backup._add(tar, name, content)


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ([("something", b"else")], "no backup of the monitor"),
        ([("backup.json", b"{")], "is damaged"),
        ([("backup.json", b"[]")], "is damaged"),
        ([("backup.json", b'{"format": 1, "news": 2}')], "is damaged"),
        (
            [
                (
                    "backup.json",
                    json.dumps({"format": 1, "version": "1", "at": "", "partitions": 1}).encode(),
                )
            ],
            "is damaged",
        ),
        (
            [("backup.json", json.dumps({"format": 2}).encode())],
            "format 2, this version restores 1",
        ),
        (
            [
                (
                    "backup.json",
                    json.dumps({"format": 1, "version": "1", "at": "", "partitions": 1}).encode(),
                ),
                ("../../evil", b"x"),
            ],
            "is damaged",
        ),
    ],
)
def test_a_file_that_is_no_backup_restores_nothing(tmp_path, members, told):
    a_tar(tmp_path / "b.tar.gz", members)
    with pytest.raises(InputError, match=told):
        backup.restore(tmp_path / "s", tmp_path / "b.tar.gz")
    assert not (tmp_path / "s/kafka/data").exists()
    assert not (tmp_path / "evil").exists()


def test_a_damaged_backup_restores_nothing(state, tmp_path):
    target = tmp_path / "b.tar.gz"
    backup.back_up(state, target, NOW)
    target.write_bytes(target.read_bytes()[:-40])
    with pytest.raises(InputError, match="damaged"):
        backup.restore(tmp_path / "other", target)
    assert not (tmp_path / "other/kafka/data").exists()


def test_a_backup_whose_bytes_were_changed_restores_nothing(state, tmp_path):
    """A bit that flipped is found by gzip's own sum, wherever it is; what was there stays."""
    target = tmp_path / "b.tar.gz"
    backup.back_up(state, target, NOW)
    whole = target.read_bytes()
    for place in range(30, len(whole), 97):
        target.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        with pytest.raises(InputError):
            backup.restore(state, target, replace=True)
        assert files(state)["kafka/data/alerts-0/00000000000000000000.log"] == b"alerts-0"


def test_a_partition_is_copied_piece_by_piece(state, tmp_path):
    """A month of articles is gigabytes: the machine that runs Kafka may not have that in memory."""
    size = 64 << 20
    with (state / "kafka/data/alerts-0/00000000000000000000.log").open("wb") as segment:
        segment.truncate(size)
    tracemalloc.start()
    try:
        backup.back_up(state, tmp_path / "b.tar.gz", NOW)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < size / 8
    backup.restore(tmp_path / "other", tmp_path / "b.tar.gz")
    copied = tmp_path / "other/kafka/data/alerts-0/00000000000000000000.log"
    assert copied.stat().st_size == size


def test_a_segment_that_kafka_deletes_while_it_is_copied_is_copied_all_the_same(
    state, tmp_path, monkeypatch
):
    add = backup._add_file

    def deleted_first(tar, name, file):
        (state / "kafka" / name).unlink()
        add(tar, name, file)

    monkeypatch.setattr(backup, "_add_file", deleted_first)
    backup.back_up(state, tmp_path / "b.tar.gz", NOW)
    backup.restore(tmp_path / "other", tmp_path / "b.tar.gz")
    found = files(tmp_path / "other")
    assert found["kafka/data/alerts-0/00000000000000000000.log"] == b"alerts-0"


def test_no_backup_without_data_or_over_another_file(state, tmp_path):
    with pytest.raises(InputError, match="holds no data"):
        backup.back_up(tmp_path, tmp_path / "b.tar.gz", NOW)
    (tmp_path / "b.tar.gz").touch()
    with pytest.raises(InputError, match="there already"):
        backup.back_up(state, tmp_path / "b.tar.gz", NOW)


def test_a_partition_that_never_stands_still_fails_and_leaves_no_file(state, tmp_path, monkeypatch):
    turns = iter(range(10_000))
    monkeypatch.setattr(
        backup, "_segments", lambda folder: {"00000000000000000000.log": next(turns)}
    )
    with pytest.raises(InputError):
        backup.back_up(state, tmp_path / "b.tar.gz", NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["state"]


async def records(kafka, topic):
    place = TopicPartition(topic, 0)
    async with reader(kafka) as consumer:
        consumer.assign([place])
        end = (await consumer.end_offsets([place]))[place]
        await consumer.seek_to_beginning(place)
        found = []
        while await consumer.position(place) < end:
            found += (await consumer.getmany(timeout_ms=500)).get(place, [])
        return [(r.offset, r.value) for r in found]


async def write(kafka, count):
    async with make_producer(kafka) as producer:
        for n in range(count):
            await producer.send_and_wait("articles.raw", b"%d" % n, partition=0)


@pytest.mark.kafka
@pytest.mark.timeout(120)
async def test_a_running_kafka_is_backed_up_while_it_is_written_to(tmp_path):
    """What Kafka confirmed before the backup began is in it; what comes later is there from the beginning on or not."""
    port = free_port()
    kafka = KafkaSettings(bootstrap_servers=(f"127.0.0.1:{port}",))
    first, second = tmp_path / "first", tmp_path / "second"
    with LocalBroker(first, port):
        await provision(Settings(kafka=kafka, state_dir=first))
        await write(kafka, 200)
        with pytest.raises(BrokerError), holding(first):
            pass
        writing = asyncio.create_task(write(kafka, 1000))
        await asyncio.to_thread(backup.back_up, first, tmp_path / "b.tar.gz", NOW)
        await writing
        everything = await records(kafka, "articles.raw")
    with holding(second):
        backup.restore(second, tmp_path / "b.tar.gz")
    with LocalBroker(second, port):
        restored = await records(kafka, "articles.raw")
        async with admin(kafka) as client:
            topics = await client.list_topics()
    assert len(restored) >= 200
    assert restored == everything[: len(restored)]
    assert {"alerts", "track.rows", "articles.raw.quarantine"} <= set(topics)
