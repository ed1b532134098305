"""Files say the same as the API, in forms that other programs read."""

import io

import pytest
from newsroom import told

from monitor.board import exports, queries
from monitor.board.build import incident_of
from monitor.board.queries import Filters
from monitor.cli.incidents import every
from monitor.cli.watch import news, table
from schemas.reasons import EventType, Kind


def test_every_type_of_incident_has_acleds_words(lite):
    lite.apply(told().records)
    one = next(every(lite, Filters()))
    for kind in Kind:
        for event_type in EventType:
            record = exports.record_of(one.__class__(**{f: getattr(one, f) for f in one.__struct_fields__} | {"kind": kind, "event_type": event_type}))  # fmt: skip
            assert record["event_type"] in (
                "Explosions/Remote violence", "Violence against civilians", "Battles",
            )  # fmt: skip
            assert record["sub_event_type"]


def test_parquet_is_read_back(lite):
    parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is an extra")
    lite.apply(told().records)
    out = io.BytesIO()
    exports.write_parquet(every(lite, Filters(background=True)), out)
    read = parquet.read_table(io.BytesIO(out.getvalue())).to_pylist()
    assert [(r["location"], r["fatalities"], r["background"]) for r in read] == [
        ("Mogadishu", 500, True),
        ("Aitaroun", 3, False),
        ("Kirkuk", 6, False),
    ]
    assert tuple(read[0]) == exports.COLUMNS


@pytest.mark.parametrize("limit", [None, 1, 2, 9])
def test_pages_are_read_to_the_end_or_the_limit(lite, limit, monkeypatch):
    monkeypatch.setattr("monitor.cli.incidents.PAGE", 1)
    lite.apply(told().records)
    found = [one.place.name for one in every(lite, Filters(), limit)]
    assert found == ["Aitaroun", "Kirkuk"][:limit]


def test_watching_tells_changes_and_alerts_and_nothing_that_steers_the_terminal(lite):
    room = told()
    first = lite.apply(room.records[:4])
    lite.apply(room.records)
    lines = [line.plain for line in news(lite, first)]
    assert any("strike  Air strike in Aitaroun" in line for line in lines)
    assert any("ALERT  killed 4 -> 6" in line for line in lines)
    assert all(character.isprintable() for line in lines for character in line)
    assert table(lite, 5).row_count == 2


def test_a_summary_of_an_incident_is_that_of_the_api(lite):
    lite.apply(told().records)
    (found,) = queries.incident_page(lite, Filters(countries=("IQ",)), after=None, limit=2)
    assert incident_of(found) == next(every(lite, Filters(countries=("IQ",))))
