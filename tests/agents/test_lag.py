"""What Kafka says of groups; what it cannot say yet is an error of Kafka's, and none of ours."""

from contextlib import asynccontextmanager
from types import SimpleNamespace

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from agents import lag as module
from agents.lag import Lag, all_lags
from agents.settings import KafkaSettings

KAFKA = KafkaSettings(bootstrap_servers=("127.0.0.1:9",))
PLACES = [TopicPartition("alerts", 0), TopicPartition("alerts", 1), TopicPartition("sinks", 0)]


class Answers:
    """A Kafka with some topics; ``committed`` by group."""

    def __init__(self, committed):
        self.committed = committed

    async def describe_topics(self, names):
        return [
            {
                "topic": name,
                "partitions": [{"partition": p.partition} for p in PLACES if p[0] == name],
            }
            for name in names
        ]

    async def list_consumer_group_offsets(self, group, partitions):
        known = self.committed[group]
        return {p: SimpleNamespace(offset=known[p]) for p in partitions if p in known}

    async def end_offsets(self, places):
        return dict.fromkeys(places, 9)

    async def beginning_offsets(self, places):
        return dict.fromkeys(places, 2)


@pytest.fixture
def kafka(monkeypatch):
    def with_committed(committed):
        @asynccontextmanager
        async def client(_):
            yield Answers(committed)

        monkeypatch.setattr(module, "admin", client)
        monkeypatch.setattr(module, "reader", client)

    return with_committed


async def test_each_group_is_told_of_in_its_own_topics(kafka):
    kafka({"a": {PLACES[0]: 5, PLACES[1]: -1}, "b": {PLACES[1]: 9, PLACES[0]: 9, PLACES[2]: 3}})
    found = await all_lags(KAFKA, {"a": ("alerts",), "b": ("alerts", "sinks")})
    assert found["a"] == {
        ("alerts", 0): Lag(committed=5, end=9),
        ("alerts", 1): Lag(committed=2, end=9),
    }
    assert {place: lag.waiting for place, lag in found["b"].items()} == {
        ("alerts", 0): 0,
        ("alerts", 1): 0,
        ("sinks", 0): 6,
    }


async def test_what_kafka_cannot_tell_yet_is_its_own_error(kafka):
    """The client answers nothing at all where the group's coordinator is not there yet."""
    kafka({"a": {}})
    with pytest.raises(KafkaError):
        await all_lags(KAFKA, {"a": ("alerts",)})
