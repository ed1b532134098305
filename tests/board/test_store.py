"""The view holds what Kafka holds: once, in any order of topics, and the same after it was made anew."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from conftest import ORIGIN
from newsroom import KIRKUK, NOON, Newsroom, happened, told
from sqlalchemy import select

from monitor.board import queries, tables
from monitor.board.arrivals import DELTAS, Arrived
from monitor.board.queries import Filters
from monitor.board.store import Store, StoreError, open_store
from monitor.board.tables import metadata


def dump(store, *, without=("seq", "version")):
    """All that the view says, without the numbers that the order of arrival gives."""
    said = {}
    with store.reading() as connection:
        for table in metadata.sorted_tables:
            if table.name in ("board_meta", "board_offsets"):
                continue
            columns = [column for column in table.c if column.name not in without]
            said[table.name] = sorted(map(repr, connection.execute(select(*columns)).tuples()))
    return said


def by_topic(records):
    return sorted(records, key=lambda r: (r.topic, r.partition, r.offset))


def test_what_was_told_is_found(store):
    store.apply(told().records)
    page = queries.incident_page(store, Filters(), after=None, limit=10)
    assert [(f.incident.place.name, f.incident.killed.best, f.alerts) for f in page] == [
        ("Aitaroun", 3, 1),
        ("Kirkuk", 6, 3),
    ]


def test_topics_one_after_the_other_give_the_same_view_as_all_at_once(store, tmp_path):
    """Order holds only within a partition: a view that is read anew meets the topics in another order."""
    room = told()
    store.apply(room.records)
    other = open_store(f"sqlite:///{tmp_path / 'other.sqlite'}")
    other.prepare(ORIGIN)
    for record in by_topic(room.records):
        other.apply([record])
    assert dump(other) == dump(store)
    other.close()


def test_what_comes_twice_is_applied_once(store):
    room = told()
    version = store.apply(room.records)
    before = dump(store, without=())
    assert store.apply(room.records) is None
    assert store.standing().version == version
    assert dump(store, without=()) == before


def test_a_delta_that_its_sender_wrote_twice_is_one(store):
    room = told()
    store.apply(room.records)
    before = dump(store)
    last = [r for r in room.records if r.topic == DELTAS][-1]
    store.apply([replace(last, offset=room.ends[DELTAS, last.partition])])
    assert dump(store) == before


def test_a_batch_that_fails_leaves_neither_rows_nor_offsets(store, monkeypatch):
    room = told()
    store.apply(room.records[:5])
    before, offsets = dump(store), store.next_offsets()
    monkeypatch.setattr(Store, "_move", lambda *_: (_ for _ in ()).throw(RuntimeError("cut")))
    with pytest.raises(RuntimeError):
        store.apply(room.records)
    assert (dump(store), store.next_offsets()) == (before, offsets)
    monkeypatch.undo()
    store.apply(room.records)
    assert len(queries.incident_page(store, Filters(background=True), after=None, limit=9)) == 3


def test_it_goes_on_where_it_was_after_a_restart(url):
    room = told()
    first = open_store(url)
    assert first.prepare(ORIGIN)
    first.apply(room.records[:7])
    offsets = first.next_offsets()
    first.close()
    second = open_store(url)
    assert not second.prepare(ORIGIN)
    assert second.next_offsets() == offsets
    second.apply(room.records)
    assert second.next_offsets() == dict(room.ends)
    second.close()


@pytest.mark.parametrize("changed", ["schema", "origin"])
def test_another_schema_or_another_kafka_makes_the_view_anew(store, changed, monkeypatch):
    store.apply(told().records)
    if changed == "schema":
        monkeypatch.setattr("monitor.board.store.SCHEMA", "another")
    assert store.prepare(ORIGIN if changed == "schema" else "another cluster")
    assert store.next_offsets() == {}
    assert queries.incident_page(store, Filters(), after=None, limit=9) == ()
    assert not store.prepare(ORIGIN if changed == "schema" else "another cluster")


def test_a_view_that_was_forgotten_is_the_same_when_it_is_read_again(store):
    room = told()
    store.apply(room.records)
    before, name = dump(store), store.standing().view
    store.forget()
    assert store.standing().view != name
    store.apply(by_topic(room.records))
    assert dump(store) == before


def test_two_writers_take_turns(store):
    """Two boards on one database, or a command beside the board: each record is applied by one of them."""
    room = told()
    rival = open_store(store.engine.url.render_as_string(hide_password=False))
    errors = []

    def write(one):
        try:
            for n in range(0, len(room.records), 3):
                one.apply(room.records[: n + 3])
        except Exception as exc:  # noqa: BLE001  a thread's errors would be lost
            errors.append(exc)

    threads = [threading.Thread(target=write, args=(one,)) for one in (store, rival)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert store.next_offsets() == dict(room.ends)
    with store.reading() as connection:
        ids = connection.execute(select(tables.deltas.c.delta_id)).scalars().all()
    assert len(ids) == len(set(ids)) == room.ends[DELTAS, 0] + room.ends[DELTAS, 1] + room.ends[DELTAS, 2]  # fmt: skip
    rival.close()


def test_a_record_that_cannot_be_read_is_passed_over(store):
    room = told()
    broken = Arrived(
        topic=DELTAS, partition=9, offset=0, at=room.records[0].at, key=b"k", value=b"{"
    )
    store.apply([broken, *room.records])
    assert store.next_offsets()[DELTAS, 9] == 1
    assert len(queries.incident_page(store, Filters(), after=None, limit=9)) == 2


def test_two_incidents_of_one_moment_with_one_number_both_stay(store, monkeypatch):
    monkeypatch.setattr("monitor.board.rows.number_of", lambda _, at: int(at.timestamp()))
    room = Newsroom()
    for n, place in enumerate(("Kirkuk", "Basra", "Mosul")):
        text = f"A bomb killed two in {place}."
        where = KIRKUK.__class__(name=place, admin1=place, country="Iraq", country_code="IQ")
        records = room.publish("Wire", "Bomb", text, incidents=[happened(text, where, killed=2)])
        store.apply(records)
        assert len(queries.incident_page(store, Filters(), after=None, limit=9)) == n + 1


def test_texts_that_nothing_rests_on_are_let_go(store):
    room = Newsroom()
    room.publish("Wire", "Football", "A striker struck twice.", name="football")
    text = "A bomb killed two in Kirkuk."
    room.publish("Wire", "Bomb", text, incidents=[happened(text, killed=2)], name="bomb")
    room.publish("Wire", "Weather", "It rained.", hours=24 * 4, name="weather")
    store.apply(room.records)
    assert store.tidy(NOON + timedelta(days=4)) == 1
    kept = [n for n in ("football", "bomb", "weather") if queries.article(store, n)]
    assert kept == ["bomb", "weather"]


def test_what_has_not_changed_for_long_is_forgotten(store, monkeypatch):
    """An old incident that something new is known of stays, with all of its history."""
    monkeypatch.setattr("monitor.board.letting_go.AT_ONCE", 1)
    room = told()
    text = "The toll of the bombing in Kirkuk rose to eight."
    room.publish("Gulf Wire", "Toll", text, incidents=[happened(text, killed=8)], hours=40)
    version = store.apply(room.records)
    assert store.forget_before(NOON + timedelta(hours=39)) == 2
    (kept,) = queries.incident_page(store, Filters(background=True), after=None, limit=9)
    assert kept.incident.place.name == "Kirkuk"
    assert store.standing().version > version
    changes = queries.delta_page(store, reasons=(), incident=None, after=None, limit=50)
    assert {c.doc.incident_id for c in changes} == {kept.incident.incident_id}
    assert min(c.at for c in changes) < NOON + timedelta(hours=1)
    assert queries.incident_page(store, Filters(text="house"), after=None, limit=9) == ()
    assert queries.tally_page(store, after=None, limit=9) == ()
    found = dump(store)
    assert len(found["incidents"]) == len(found["snapshots"]) == 1
    version = store.standing().version
    assert store.forget_before(NOON + timedelta(hours=39)) == 0
    assert store.standing().version == version


def test_an_error_tells_no_password(tmp_path):
    with pytest.raises(StoreError) as told_of:
        open_store("mysql://user:hunter2@host/db")
    assert "hunter2" not in str(told_of.value)
    store = open_store(f"sqlite:///{tmp_path / 'no' / 'folder' / 'view.sqlite'}")
    with pytest.raises(StoreError):
        store.prepare(ORIGIN)
