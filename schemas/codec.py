"""Bytes to records and back: JSON, strict types, a version in every message.

A message is ``{"v": 1, "data": {...}}``. Unknown fields are left out, so that an older
worker can run beside a newer one (rolling upgrade); ``decode_noting`` names them.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

import msgspec

from schemas.base import Record

R = TypeVar("R", bound=Record)

VERSION = 1
"""Version of the message format: raised only by a change that old readers cannot live with."""

_encoder = msgspec.json.Encoder(order="deterministic")


class CodecError(ValueError):
    """The bytes are no such record: not JSON, a field missing, a wrong type."""


class WrongVersionError(CodecError):
    """The message is of a version that this code does not read."""


class _Envelope(msgspec.Struct, frozen=True):
    v: int
    data: msgspec.Raw


@cache
def _decoder(kind: type[R]) -> msgspec.json.Decoder[R]:
    return msgspec.json.Decoder(kind)


_envelopes = msgspec.json.Decoder(_Envelope)
_objects = msgspec.json.Decoder(dict[str, Any])


def _decode_data(raw: bytes | str | msgspec.Raw, kind: type[R]) -> R:
    try:
        record: R = _decoder(kind).decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        msg = f"not a {kind.__name__}: {exc}"
        raise CodecError(msg) from exc
    return record


def encode(record: Record) -> bytes:
    """Return the message of a record: UTF-8 JSON, keys sorted, the same bytes for the same record."""
    return _encoder.encode({"v": VERSION, "data": record})


def decode(raw: bytes, kind: type[R]) -> R:
    """Return the record in a message.

    Raises:
        WrongVersionError: the version is another one.
        CodecError: it is no message, or no such record.
    """
    return _decode_data(data_of(raw), kind)


def data_of(raw: bytes) -> msgspec.Raw:
    """Return the JSON of the record in a message.

    Raises:
        WrongVersionError: the version is another one.
        CodecError: it is no message.
    """
    try:
        envelope = _envelopes.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as exc:
        msg = f"not a message: {exc}"
        raise CodecError(msg) from exc
    if envelope.v != VERSION:
        msg = f"version {envelope.v}, this code reads {VERSION}"
        raise WrongVersionError(msg)
    return envelope.data


def decode_noting(raw: bytes, kind: type[R]) -> tuple[R, tuple[str, ...]]:
    """Return the record in a message and the names of its top-level fields that ``kind`` does not know."""
    data = data_of(raw)
    record = _decode_data(data, kind)
    given = _objects.decode(data)
    config = kind.__struct_config__
    known = set(kind.__struct_encode_fields__) | {config.tag_field}
    return record, tuple(sorted(name for name in given if name not in known))


def to_json(record: Record) -> bytes:
    """Return the record alone as one line of JSON, in the order of its fields (for commands and receivers)."""
    return msgspec.json.encode(record)


def to_builtins(record: Record) -> dict[str, Any]:
    """Return the record as plain dicts, lists, strings and numbers, as they stand in JSON."""
    built: dict[str, Any] = msgspec.to_builtins(record)
    return built
