"""Parameters of the API: each says how it is read and how OpenAPI describes it, in one place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

MAX_NUMBER = (1 << 63) - 1
MAX_VALUES = 20
"""Values of one parameter."""

_CURSOR = re.compile(r"[0-9]{1,19}(\.[A-Za-z0-9-]{1,64})?")
_CONTROL = r"\u0000-\u0008\u000b-\u001f\u007f"
"""Characters that no text has; PostgreSQL takes no NUL."""
_NO_TEXT = re.compile(f"[{_CONTROL}\ud800-\udfff]")
_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}([Tt ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?([Zz]|[+-]\d{2}:\d{2})?)?"
)


class ParameterError(ValueError):
    """A parameter that is not what it must be; the text says what, for people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """One parameter of a query or a path. ``read`` takes one value; ``many`` gathers several into a tuple.

    ``schema`` is JSON Schema of one value; its values are of many types.
    """

    name: str
    about: str
    schema: dict[str, Any]
    read: Callable[[str], Any]
    default: Any = None
    many: bool = False
    place: str = "query"

    def value(self, given: Sequence[str]) -> Any:
        """Return what was given, as its own type.

        Raises:
            ParameterError: it is not what it must be.
        """
        if not given:
            return self.default
        if len(given) > (MAX_VALUES if self.many else 1):
            msg = f"{self.name}: given {len(given)} times"
            raise ParameterError(msg)
        try:
            read = tuple(self.read(_clean(value)) for value in given)
        except ParameterError as exc:
            msg = f"{self.name}: {exc}"
            raise ParameterError(msg) from exc
        return read if self.many else read[0]


def _clean(value: str) -> str:
    if _NO_TEXT.search(value):
        msg = "holds characters that no text has"
        raise ParameterError(msg)
    return value


def choice(name: str, about: str, words: Iterable[str], *, many: bool = True) -> Param:
    """Return a parameter that takes one of some words, or several of them."""
    known = tuple(str(word) for word in words)

    def read(value: str) -> str:
        if value not in known:
            msg = f"is one of {', '.join(known)}"
            raise ParameterError(msg)
        return value

    schema = {"type": "string", "enum": list(known)}
    return Param(
        name=name, about=about, schema=schema, read=read, many=many, default=() if many else None
    )


def words(kind: type[StrEnum]) -> tuple[str, ...]:
    """Return the words of a closed set."""
    return tuple(str(word) for word in kind)


def text(
    name: str,
    about: str,
    *,
    longest: int,
    pattern: str | None = None,
    many: bool = False,
    place: str = "query",
) -> Param:
    """Return a parameter of free text, or of a pattern."""
    fits = re.compile(pattern) if pattern else None

    def read(value: str) -> str:
        if not value or len(value) > longest:
            msg = f"has 1 to {longest} characters"
            raise ParameterError(msg)
        if fits and not fits.fullmatch(value):
            msg = f"fits {pattern}"
            raise ParameterError(msg)
        return value

    schema: dict[str, Any] = {"type": "string", "minLength": 1, "maxLength": longest}
    schema["pattern"] = f"^{pattern}$" if pattern else f"^[^{_CONTROL}]*$"
    default: Any = () if many else None
    return Param(
        name=name, about=about, schema=schema, read=read, many=many, default=default, place=place
    )


def whole(name: str, about: str, *, least: int, most: int, default: int | None = None) -> Param:
    """Return a parameter that takes a whole number."""

    def read(value: str) -> int:
        if not re.fullmatch(r"-?[0-9]{1,18}", value) or not least <= int(value) <= most:
            msg = f"is a whole number from {least} to {most}"
            raise ParameterError(msg)
        return int(value)

    schema: dict[str, Any] = {"type": "integer", "minimum": least, "maximum": most}
    if default is not None:
        schema["default"] = default
    return Param(name=name, about=about, schema=schema, read=read, default=default)


def flag(name: str, about: str, *, default: bool | None = None) -> Param:
    """Return a parameter that is ``true`` or ``false``."""

    def read(value: str) -> bool:
        if value not in ("true", "false"):
            msg = "is true or false"
            raise ParameterError(msg)
        return value == "true"

    schema: dict[str, Any] = {"type": "boolean"}
    if default is not None:
        schema["default"] = default
    return Param(name=name, about=about, schema=schema, read=read, default=default)


def moment(name: str, about: str) -> Param:
    """Return a parameter that takes a day, or a time with its offset (RFC 3339); UTC where none is given."""
    schema = {"anyOf": [{"type": "string", "format": "date-time"}, {"type": "string", "format": "date"}]}  # fmt: skip
    return Param(name=name, about=about, schema=schema, read=_read_moment)


def _read_moment(value: str) -> datetime:
    # A + that was not written as %2B reaches us as a space.
    given = re.sub(r" (\d{2}:\d{2})$", r"+\1", value) if value.count(":") > 1 else value
    msg = "is a day such as 2026-03-04, or a time such as 2026-03-04T12:00:00Z"
    if not _TIME.fullmatch(given):
        raise ParameterError(msg)
    try:
        read = datetime.fromisoformat(given.upper())
        aware = read if read.tzinfo else read.replace(tzinfo=UTC)
        aware.timestamp()
    except (ValueError, OverflowError) as exc:
        raise ParameterError(msg) from exc
    return aware


def cursor() -> Param:
    """Return the parameter that goes on after a page: ``next`` of the page before."""
    return text("after", "`next` of the page before.", longest=84, pattern=_CURSOR.pattern)


def number_in(given: str | None) -> int | None:
    """Return the number in a cursor."""
    return None if given is None else min(int(given.partition(".")[0]), MAX_NUMBER)
