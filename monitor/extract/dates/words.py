"""The words of dates: the lexicon ``en-dates.toml``, and the numbers that count days and weeks."""

from __future__ import annotations

from functools import cache

from monitor.extract import lexicon
from monitor.extract.lexicon import Lexicon, Word


class DateWordLists(Lexicon, frozen=True):
    """The table ``[words]`` of ``en-dates.toml``."""

    future_before: tuple[Word, ...]
    anniversary: tuple[Word, ...]
    numbers: tuple[Word, ...]
    reporting: tuple[Word, ...]
    published: tuple[Word, ...]


class Vague(Lexicon, frozen=True):
    """Words of time that date nothing."""

    words: tuple[Word, ...]


class DateWords(Lexicon, frozen=True):
    """The shape of ``en-dates.toml``."""

    months: dict[Word, int]
    weekdays: dict[Word, int]
    relative: dict[Word, tuple[int, int]]
    holidays: dict[Word, tuple[int, int]]
    vague: Vague
    words: DateWordLists


@cache
def words() -> DateWords:
    """Return the lexicon of dates, loaded once a process."""
    return lexicon.load("en-dates", DateWords)


def count_of(word: str) -> int | None:
    """Return the number that a word of counting means, ``None`` for a vague one."""
    plain = word.lower()
    if plain.isdigit():
        return int(plain)
    order = "one two three four five six seven eight nine ten eleven twelve".split()
    if plain in {"a", "an"}:
        return 1
    return order.index(plain) + 1 if plain in order else None
