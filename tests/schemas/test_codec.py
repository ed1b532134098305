"""The codec: what goes in comes out, and what is wrong is told."""

import json
from datetime import UTC, date, datetime

import pytest

from schemas.article import Article
from schemas.codec import CodecError, WrongVersionError, decode, decode_noting, encode, to_json
from schemas.report import DayRange
from schemas.state import decode_row


def article(**changes):
    fields = {"article_id": "a1", "source": "Example", "title": "T", "text": "x"} | changes
    return Article(**fields)


def test_a_record_comes_back_equal():
    given = article(published=datetime(2026, 1, 2, 3, 4, tzinfo=UTC))
    assert decode(encode(given), Article) == given


def test_the_same_record_gives_the_same_bytes():
    assert encode(article()) == encode(article())


def test_an_unknown_field_is_left_out_and_named():
    message = json.loads(encode(article()))
    message["data"]["mood"] = "grim"
    record, unknown = decode_noting(json.dumps(message).encode(), Article)
    assert record == article()
    assert unknown == ("mood",)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff",
        b"[]",
        b"{}",
        b'{"v":1}',
        b'{"v":1,"data":[]}',
        b'{"v":1,"data":{"article_id":5}}',
        b'{"v":1,"data":{"row":"incident","article_id":"\xff"}}',
        b'{"v":1,"data":' + b"[" * 100_000,
    ],
)
@pytest.mark.parametrize("read", [lambda raw: decode(raw, Article), decode_row])
def test_what_is_no_record_is_an_error(raw, read):
    with pytest.raises(CodecError):
        read(raw)


@pytest.mark.parametrize("read", [lambda raw: decode(raw, Article), decode_row])
def test_another_version_has_an_error_of_its_own(read):
    with pytest.raises(WrongVersionError, match="version 2"):
        read(b'{"v":2,"data":{}}')


def test_a_range_of_days_is_written_as_from_and_to():
    days = DayRange(first=date(2026, 1, 1), last=date(2026, 1, 2))
    assert to_json(days) == b'{"from":"2026-01-01","to":"2026-01-02"}'
