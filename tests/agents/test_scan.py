"""What commands read from topics: what is not understood is left out and told, and hides nothing else."""

from datetime import UTC, datetime

import pytest
from structlog.testing import capture_logs

from agents.scan import Scanned, read_from
from schemas import codec
from schemas.sink import SinkState

STATE = SinkState(sink="desk", at=datetime(2026, 1, 2, tzinfo=UTC))


def scanned(value):
    return Scanned(topic="sinks", partition=0, offset=7, at=STATE.at, key=b"desk", value=value)


@pytest.mark.parametrize(
    ("value", "found", "told"),
    [
        (codec.encode(STATE), STATE, []),
        (None, None, []),
        (b'{"v": 2, "data": {}}', None, ["version 2, this code reads 1"]),
    ],
    ids=["a record", "a deleted one", "one of another version"],
)
def test_a_record_is_read_or_left_out_with_a_word(value, found, told):
    with capture_logs() as logs:
        assert read_from(scanned(value), lambda raw: codec.decode(raw, SinkState)) == found
    assert [line["error"] for line in logs] == told
    assert all((line["topic"], line["offset"]) == ("sinks", 7) for line in logs)
