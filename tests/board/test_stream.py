"""The stream tells what changed, once, and goes on where a reader left off."""

import asyncio
import json
from contextlib import aclosing
from datetime import date

import pytest
from newsroom import Newsroom, happened, told
from test_api import Desk

from monitor.board import stream


def read(piece):
    """An event's name, id and data; ``None`` for a comment."""
    if piece.startswith(b":"):
        return None
    fields = dict(line.split(": ", 1) for line in piece.decode().strip().split("\n"))
    return fields["event"], stream.mark_of(fields["id"]).version, json.loads(fields["data"])


def mark(store, version):
    return stream.Mark(store.standing().view, version)


async def take(events, count, within=5):
    async with asyncio.timeout(within):
        return [read(await anext(events)) for _ in range(count)]


@pytest.fixture
def room():
    return told()


async def test_who_comes_new_is_told_only_what_comes_then(lite, room):
    desk = Desk(lite, Newsroom())
    lite.apply(room.records)
    async with aclosing(stream.events(desk.board, None)) as events:
        ((name, version, _),) = await take(events, 1)
        assert (name, version) == ("hello", lite.standing().version)
        text = "A bomb killed nine in Kirkuk."
        later = happened(text, killed=9, day=date(2026, 3, 12))
        news = room.publish("Wire", "Bomb", text, incidents=[later], hours=200)
        desk.board.pulse.beat(lite.apply(news))
        told_of = await take(events, 2)
    assert [name for name, _, _ in told_of] == ["incident", "alert"]
    assert told_of[0][2]["killed"]["best"] == 9


async def test_who_comes_back_gets_what_was_missed(lite, room):
    desk = Desk(lite, Newsroom())
    first = lite.apply(room.records[:4])
    lite.apply(room.records)
    async with aclosing(stream.events(desk.board, mark(lite, first))) as events:
        names = [name for name, _, _ in await take(events, 7)]
    assert names == ["hello", *["incident"] * 3, *["alert"] * 3]


async def test_who_missed_too_much_loads_anew(lite, room, monkeypatch):
    monkeypatch.setattr(stream, "MAX_EVENTS", 3)
    desk = Desk(lite, Newsroom())
    first = lite.apply(room.records[:4])
    last = lite.apply(room.records)
    async with aclosing(stream.events(desk.board, mark(lite, first))) as events:
        assert (await take(events, 2))[1] == ("reset", last, {"version": last})


async def test_silence_is_broken_by_comments(lite, monkeypatch):
    monkeypatch.setattr(stream, "KEEP_ALIVE_S", 0.01)
    desk = Desk(lite, Newsroom())
    async with aclosing(stream.events(desk.board, None)) as events:
        assert (await take(events, 3))[1:] == [None, None]


async def test_a_version_of_another_view_is_not_believed(lite, room):
    desk = Desk(lite, room)
    async with aclosing(stream.events(desk.board, mark(lite, 10**9))) as events:
        assert (await take(events, 1))[0][1] == lite.standing().version


async def test_who_knows_another_view_loads_anew(lite, room):
    """A view that was made anew counts its versions anew: the same number is another moment."""
    desk = Desk(lite, room)
    before = stream.Mark(lite.standing().view, lite.apply(room.records))
    lite.forget()
    lite.apply(room.records)
    async with aclosing(stream.events(desk.board, before)) as events:
        names = [name for name, _, _ in await take(events, 2)]
    assert names == ["hello", "reset"]


async def test_before_the_first_version_is_seen_a_reader_waits_and_is_told_nothing(lite, room):
    """Between the start of the process and its first look at Kafka; it must not go round and round."""
    desk = Desk(lite, room)
    async with aclosing(stream.events(desk.board, None)) as events:
        await take(events, 1)
        with pytest.raises(TimeoutError):
            await take(events, 1, within=0.05)


def test_readers_have_a_number(lite, room, monkeypatch):
    desk = Desk(lite, room)
    monkeypatch.setattr("monitor.board.app.MAX_STREAMS", 0)
    assert desk.get("/api/stream").status_code == 503
    assert desk.get("/api/stream", **{"last-event-id": "x"}).status_code == 400
