"""JSON lines in, one report or error record each out, in order."""

import io
import json

import pytest

from monitor.extract import Extractor, stream


@pytest.fixture(scope="module")
def extractor():
    return Extractor.load()


def answers(extractor, *lines):
    out = io.BytesIO()
    stream.run(
        [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines],
        out,
        extractor,
    )
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_each_line_has_its_answer_in_order(extractor):
    good = {
        "id": "b",
        "title": "",
        "text": "A bomb killed two people in Homs on Monday.",
        "published": "2024-05-15",
    }
    got = answers(extractor, good, b"{broken", {**good, "id": "c"}, b"[1, 2]", {**good, "id": 7})
    assert [a["id"] for a in got] == ["b", None, "c", None, "7"]
    assert [("error" in a) for a in got] == [False, True, False, True, False]
    assert "line 2" in got[1]["error"]


def test_an_id_is_kept_where_the_rest_is_wrong(extractor):
    (got,) = answers(extractor, {"id": "x", "text": ["no", "string"]})
    assert got["id"] == "x"
    assert "text" in got["error"]
    assert got["incidents"] == []


def test_the_report_has_the_names_of_the_contract(extractor):
    (got,) = answers(
        extractor,
        {
            "id": "b",
            "text": "A bomb killed two people in Homs, Syria, on Monday.",
            "published": "2024-05-15T09:00:00Z",
        },
    )
    (incident,) = got["incidents"]
    assert incident["date"] == {"from": "2024-05-13", "to": "2024-05-13"}
    assert incident["killed"] == {"low": 2, "best": 2, "high": 2}
    assert incident["kind"] == "attack"
    assert {"perpetrators", "claimed_by", "targets", "weapon", "background", "evidence"} <= set(
        incident
    )


@pytest.mark.parametrize(
    ("given", "day", "minutes"),
    [
        ("2024-05-15", "2024-05-15", None),
        ("2024-05-15T23:30:00-05:00", "2024-05-16", -300),
        ("2024-05-15T10:00:00Z", "2024-05-15", None),
        ("yesterday", None, None),
        ("9999-12-31T23:59:59-23:59", None, None),
        (None, None, None),
    ],
)
def test_dates_are_read_as_utc(given, day, minutes):
    read = stream.published(given)
    assert (read and read.date().isoformat()) == day
    if day is not None:
        assert stream.offset(given) == minutes
