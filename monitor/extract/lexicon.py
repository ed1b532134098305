"""Read the word lists of `lexicons/` strictly: a bad entry stops the start, never the reading of news.

A lexicon is data that a newsroom may change, one TOML file a subject and language. Its shape is a
frozen `Lexicon` of the module that uses it; `load` decodes the file into that shape and refuses
unknown keys, wrong types, empty words, capitals where the shape says `Word`, stray blanks and an
entry given twice in one list.

    LexiconError
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, TypeVar

import msgspec

LEXICONS_DIR = Path(__file__).parent / "lexicons"

Word = Annotated[str, msgspec.Meta(pattern=r"^[^\sA-Z]+( [^\sA-Z]+)*$")]
"""One lower-case word, or several with single blanks between them."""

Name = Annotated[str, msgspec.Meta(pattern=r"^\S+( \S+)*$")]
"""A word or several, in the letter case that readers write."""


class LexiconError(ValueError):
    """A lexicon does not have its shape; the message names the file and the entry."""


class Lexicon(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The base of all shapes. Fields are ``tuple[Word, ...]``, ``dict[Word, ...]`` or nested shapes."""


Shape = TypeVar("Shape", bound=Lexicon)


def load(name: str, shape: type[Shape]) -> Shape:
    """Return `lexicons/NAME.toml` in its shape, read once a process.

    Raises:
        LexiconError: The file is missing, is no TOML, or has an entry that the shape forbids.
    """
    loaded = _load(name, shape)
    assert isinstance(loaded, shape)
    return loaded


@cache
def _load(name: str, shape: type[Lexicon]) -> Lexicon:
    path = LEXICONS_DIR / f"{name}.toml"
    try:
        return decode(path.read_bytes(), shape, name=path.name)
    except OSError as error:
        msg = f"{path.name}: {error.strerror}"
        raise LexiconError(msg) from error


def decode(data: bytes, shape: type[Shape], *, name: str) -> Shape:
    """Return the TOML `data` in its shape; `name` is what errors call it.

    Raises:
        LexiconError: As `load`.
    """
    try:
        raw = msgspec.toml.decode(data)
        decoded = msgspec.convert(raw, shape)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        msg = f"{name}: {error}"
        raise LexiconError(msg) from error
    _refuse_repeats(raw, where=name)
    return decoded


def _refuse_repeats(value: object, *, where: str) -> None:
    """Raise where a list holds an entry twice: one of the two was meant for another list."""
    if isinstance(value, dict):
        for key, inner in value.items():
            _refuse_repeats(inner, where=f"{where}: {key}")
    elif isinstance(value, list):
        seen: set[str] = set()
        for entry in value:
            _refuse_repeats(entry, where=where)
            if isinstance(entry, str) and entry in seen:
                msg = f"{where}: {entry!r} is given twice"
                raise LexiconError(msg)
            seen.add(str(entry))
