"""Rows are read in order, and one that cannot be read is told with its place."""

from types import SimpleNamespace

import pytest
from aiokafka import TopicPartition

from agents.ledger import Ledger
from agents.rows import UnreadableRowError, each
from schemas import codec
from schemas.silence import Mute

PLACE = TopicPartition("track.rows", 3)


class Consumer:
    """One partition of values, two records at a time."""

    def __init__(self, values):
        self.records = [
            SimpleNamespace(key=b"r:key", value=value, offset=n) for n, value in enumerate(values)
        ]
        self.at = 0

    def assign(self, _places):
        pass

    async def seek_to_beginning(self, _place):
        pass

    async def position(self, _place):
        return self.at

    async def getmany(self, timeout_ms):
        begun, self.at = self.at, self.at + 2
        return {PLACE: self.records[begun : self.at]}


class Book(dict):
    def put(self, key, row):
        self[key] = row


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (b'{"v":2,"data":{}}', "version 2, this code reads 1"),
        (b'{"v":0,"data":{}}', "version 0, this code reads 1"),
        (b'{"v":1,"da', "not a message"),
        (b'{"v":1,"data":{}}', "not a Mute"),
    ],
)
async def test_row_of_another_version_is_refused_with_its_place(value, why):
    ledger = Ledger(
        topic="track.rows", partition=3, book=Book(), row_of=lambda raw: codec.decode(raw, Mute)
    )
    with pytest.raises(UnreadableRowError) as refused:
        await each(Consumer([None, value, None]), PLACE, 3, ledger.load)
    assert str(refused.value).startswith(f"track.rows, partition 3, offset 1: {why}")
