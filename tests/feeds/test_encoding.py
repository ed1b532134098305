"""Content encodings: undone as they come, in any pieces, and never beyond the limit."""

import gzip
import zlib

import brotli
import pytest
import zstandard
from feed_server import bomb
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.encoding import Body, EncodingError, TooLargeError

LIMIT = 1 << 20


def raw_deflate(data):
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


ENCODERS = {
    "": bytes,
    "identity": bytes,
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
    "deflate": zlib.compress,
    "gzip, br": lambda data: brotli.compress(gzip.compress(data)),
}


def undone(encoding, raw, size, limit=LIMIT):
    body = Body(encoding, limit)
    _fill(body, raw, size)
    return body.end()


def _fill(body, raw, size):
    for start in range(0, len(raw), size):
        body.add(raw[start : start + size])


@given(
    st.sampled_from(sorted(ENCODERS)),
    st.binary(max_size=3000).filter(lambda b: not b.startswith(b"\x1f\x8b")),
    st.integers(1, 4000),
)
def test_what_was_encoded_comes_back_in_any_pieces(encoding, data, size):
    assert undone(encoding, ENCODERS[encoding](data), size) == data


def test_raw_deflate_and_several_gzip_members_are_read():
    assert undone("deflate", raw_deflate(b"hello" * 50), 7) == b"hello" * 50
    assert (
        undone("gzip", gzip.compress(b"a" * 40) + gzip.compress(b"b" * 40), 9)
        == b"a" * 40 + b"b" * 40
    )
    assert (
        undone("zstd", zstandard.compress(b"a" * 40) + zstandard.compress(b"b" * 40), 9)
        == b"a" * 40 + b"b" * 40
    )


@pytest.mark.parametrize("size", [1 << 10, 1 << 16, 1 << 22])
@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "deflate", "gzip, gzip"])
def test_no_bomb_grows_beyond_the_limit(encoding, size):
    zeros = b"\0" * (64 << 20)
    raw = {
        "gzip": lambda: bomb(64),
        "br": lambda: brotli.compress(zeros, quality=4),
        "zstd": lambda: zstandard.compress(zeros),
        "deflate": lambda: zlib.compress(zeros, 9),
        "gzip, gzip": lambda: gzip.compress(bomb(64)),
    }[encoding]()
    body = Body(encoding, LIMIT)
    with pytest.raises(TooLargeError):
        _fill(body, raw, size)
    assert len(body._out) <= LIMIT + (2 << 20)


def test_the_limit_is_exact():
    assert len(undone("", b"x" * LIMIT, 1 << 16)) == LIMIT
    with pytest.raises(TooLargeError):
        undone("", b"x" * (LIMIT + 1), 1 << 16)


@given(st.sampled_from(["gzip", "br", "zstd", "deflate"]), st.binary(min_size=1, max_size=300))
def test_noise_is_an_error_or_something_but_never_a_crash(encoding, data):
    try:
        undone(encoding, data, 50)
    except (EncodingError, TooLargeError):
        return


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd", "deflate"])
def test_what_breaks_off_is_told(encoding):
    raw = ENCODERS[encoding](bytes(range(256)) * 40)
    with pytest.raises(EncodingError):
        undone(encoding, raw[:-9], 100)


@pytest.mark.parametrize("encoding", ["rot13", "gzip, gzip, gzip", "aes128gcm"])
def test_unknown_or_too_many_encodings_are_told(encoding):
    with pytest.raises(EncodingError):
        undone(encoding, b"\x01\x02" * 100, 50)
