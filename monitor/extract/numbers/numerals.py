"""Read figures: digits with separators, number words, vague words, ranges, and what "at least" makes of them.

The grammar runs over words, not over the parse; its words are in ``lexicons/en-numbers.toml``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from monitor.extract import lexicon
from monitor.extract.lexicon import Lexicon, Word
from schemas.report import Count

if TYPE_CHECKING:
    from collections.abc import Mapping

    from monitor.extract.words import Words


# No count of people in one event is larger; what is larger is money or a code.
MAX_COUNT = 100_000_000

_THOUSANDS = re.compile(r"\d{1,3}([,.]\d{3})+")
PLAIN = re.compile(r"\d{1,9}")
_DECIMAL = re.compile(r"\d{1,6}[.,]\d{1,2}")
_RANGE = re.compile(r"(\d{1,6})-(\d{1,6})")
_WITH_PLUS = re.compile(r"(\d{1,3}(?:,\d{3})+|\d{1,9})\+")


class Before(Lexicon, frozen=True):
    """Words before a figure."""

    at_least: tuple[Word, ...]
    about: tuple[Word, ...]
    nearly: tuple[Word, ...]
    below: tuple[Word, ...]
    plain: tuple[Word, ...]


class After(Lexicon, frozen=True):
    """Words after a figure."""

    at_least: tuple[Word, ...]
    about: tuple[Word, ...]


class Measures(Lexicon, frozen=True):
    """Neighbours that show a figure to be no count."""

    after: tuple[Word, ...]
    time: tuple[Word, ...]
    money_before: tuple[Word, ...]
    months: tuple[Word, ...]
    labels_before: tuple[Word, ...]


class NumberWords(Lexicon, frozen=True):
    """The shape of ``en-numbers.toml``."""

    units: dict[Word, int]
    tens: dict[Word, int]
    scales: dict[Word, int]
    vague: dict[Word, int]
    exact: dict[Word, int]
    before: Before
    after: After
    measures: Measures


@dataclass(frozen=True, slots=True)
class Figure:
    """A bare figure up to position `end`. ``low`` is what it is at least, ``best`` is unknown for a vague word."""

    low: int
    best: int | None
    high: int | None
    end: int
    plus: bool = False


@dataclass(frozen=True, slots=True)
class Grammar:
    """The lexicon, with phrases split into words."""

    words: NumberWords
    vague: Mapping[tuple[str, ...], int]
    exact: Mapping[tuple[str, ...], int]
    before: Mapping[str, tuple[tuple[str, ...], ...]]
    after: Mapping[str, tuple[tuple[str, ...], ...]]
    measures: frozenset[str]
    time: frozenset[str]
    money: frozenset[str]
    months: frozenset[str]
    labels: frozenset[str]


@cache
def load_grammar() -> Grammar:
    """Return the lexicon of numbers, loaded once a process."""
    lex = lexicon.load("en-numbers", NumberWords)
    return Grammar(
        words=lex,
        vague=_split(lex.vague),
        exact=_split(lex.exact),
        before={
            name: tuple(tuple(phrase.split()) for phrase in getattr(lex.before, name))
            for name in ("at_least", "about", "nearly", "below", "plain")
        },
        after={
            name: tuple(tuple(phrase.split()) for phrase in getattr(lex.after, name))
            for name in ("at_least", "about")
        },
        measures=frozenset(lex.measures.after),
        time=frozenset(lex.measures.time),
        money=frozenset(lex.measures.money_before),
        months=frozenset(lex.measures.months),
        labels=frozenset(lex.measures.labels_before),
    )


def _split(phrases: Mapping[str, int]) -> dict[tuple[str, ...], int]:
    """Return phrases as tuples of words, the longest first."""
    items = sorted(phrases.items(), key=lambda item: -len(item[0].split()))
    return {tuple(phrase.split()): value for phrase, value in items}


def read_modifier(line: Words, position: int, grammar: Grammar) -> tuple[str, int] | None:
    """Return the name and length of the longest modifier at `position`."""
    best: tuple[str, int] | None = None
    for name, phrases in grammar.before.items():
        length = line.longest(position, phrases)
        if length and (best is None or length > best[1]):
            best = (name, length)
    return best


def read_figure(line: Words, position: int, grammar: Grammar) -> Figure | None:
    """Return the bare figure at `position`."""
    first = line.at(position)
    for phrases, exact in ((grammar.vague, False), (grammar.exact, True)):
        for phrase, value in phrases.items():
            if (
                phrase[0] == first
                and line.has(position, phrase)
                and _really(line, position, phrase)
            ):
                end = position + len(phrase)
                return Figure(value, value if exact else None, value if exact else None, end)
    return _digits(line, position, grammar) or _in_words(line, position, grammar)


def _really(line: Words, position: int, phrase: tuple[str, ...]) -> bool:
    """Tell whether a vague word counts here: "scores" of a match and "many" after "how" do not."""
    following, before = line.at(position + len(phrase)), line.at(position - 1)
    if phrase[0] == "scores":
        return phrase == ("scores", "of") or following in {
            "dead",
            "killed",
            "injured",
            "wounded",
            "more",
            "hurt",
        }
    if phrase == ("a", "couple"):
        token = line.tokens[position + 2] if position + 2 < len(line) else None
        return token is not None and (
            token.pos_ in {"NOUN", "ADJ"} or following in {"more", "dozen"}
        )
    if phrase[0] in {"many", "numerous"}:
        return before not in {"how", "as", "so", "too", "in"}
    return phrase != ("couple", "of") or before not in {"the", "this", "that"}


def _digits(line: Words, position: int, grammar: Grammar) -> Figure | None:
    """Return a figure in digits, with its scale: "1,400", "2.5 million", "10 000"."""
    word = line.at(position)
    if match := _RANGE.fullmatch(word):
        low, high = int(match[1]), int(match[2])
        return Figure(low, None, high, position + 1) if low < high else None
    if match := _WITH_PLUS.fullmatch(word):
        value = int(match[1].replace(",", ""))
        return Figure(value, value, value, position + 1, plus=True)
    if _THOUSANDS.fullmatch(word) or PLAIN.fullmatch(word):
        value = int(re.sub(r"[.,]", "", word))
        end = position + 1
        if line.at(end) == "000" and len(word) <= 3:  # noqa: PLR2004 - "10 000"
            value, end = value * 1000, end + 1
        return _scaled(line, value, end, grammar)
    if _DECIMAL.fullmatch(word) and line.at(position + 1) in grammar.words.scales:
        scale = grammar.words.scales[line.at(position + 1)]
        value = round(float(word.replace(",", ".")) * scale)
        return Figure(value, value, value, position + 2)
    return None


def _scaled(line: Words, value: int, end: int, grammar: Grammar) -> Figure | None:
    while (scale := grammar.words.scales.get(line.at(end))) is not None:
        value, end = value * scale, end + 1
    return Figure(value, value, value, end) if value <= MAX_COUNT else None


def _in_words(line: Words, position: int, grammar: Grammar) -> Figure | None:
    """Return a figure in words: "two hundred and fifty", "twenty - three", "twenty-three", "two dozen"."""
    lex, total, part, end, seen = grammar.words, 0, 0, position, False
    while end < len(line):
        value = _word_value(line.at(end), lex)
        scale = lex.scales.get(line.at(end))
        if value is not None and (not seen or _continues(part, value)):
            part, seen = part + value, True
        elif scale is not None and seen and part:
            if scale in {100, 12}:
                part *= scale
            else:
                total, part = total + part * scale, 0
        elif not (seen and _joins(line, end, part, lex)):
            break
        end += 1
    value = total + part
    return Figure(value, value, value, end) if seen and value <= MAX_COUNT else None


def _continues(part: int, value: int) -> bool:
    """Tell whether a number word of `value` may follow `part`: "twenty" "three", "hundred" "fifty"."""
    if part == 0:
        return True
    hundreds, rest = part % 100 == 0, part % 10 == 0 and part % 100 != 10  # noqa: PLR2004
    return (hundreds and value < 100) or (rest and value < 10)  # noqa: PLR2004


def _joins(line: Words, position: int, part: int, lex: NumberWords) -> bool:
    """Tell whether a hyphen or "and" at `position` joins two number words into one figure."""
    following = _word_value(line.at(position + 1), lex)
    if following is None:
        return False
    if line.at(position) == "-":
        return _continues(part, following) and part != 0
    return line.at(position) == "and" and line.at(position - 1) in {"hundred", "thousand"}


def _word_value(word: str, lex: NumberWords) -> int | None:
    if word in lex.units:
        return lex.units[word]
    if word in lex.tens:
        return lex.tens[word]
    first, hyphen, last = word.partition("-")
    if not hyphen:
        first = next((ten for ten in lex.tens if word.startswith(ten)), "")
        last = word.removeprefix(first)
    if first in lex.tens and 0 < lex.units.get(last, 0) < 10:  # noqa: PLR2004
        return lex.tens[first] + lex.units[last]
    return None


def ranged(line: Words, core: int, figure: Figure, grammar: Grammar) -> Figure:
    """Return `figure` joined with the one that ends its range: "10 to 15", "between 5 and 7", "two or three"."""
    joint = line.at(figure.end)
    if joint not in {"-", "to", "or", "and"} or figure.best is None:
        return figure
    between = line.at(core - 1) == "between"
    if (joint == "and") is not between:
        return figure
    other = _digits(line, figure.end + 1, grammar) or _in_words(line, figure.end + 1, grammar)
    if other is None or other.best is None or other.best <= figure.low:
        return figure
    if joint == "to" and line.at(core - 1) in {"rose", "up", "from", "climbed"} and not between:
        return figure
    return Figure(figure.low, None, other.best, other.end)


def trailing(line: Words, end: int, grammar: Grammar) -> tuple[int, list[str]]:
    """Return where the words after a figure end, and what they say of it."""
    for name, phrases in grammar.after.items():
        if length := line.longest(end, phrases):
            return end + length, [name]
    return end, []


def bounded(figure: Figure, modifiers: list[str]) -> Count:
    """Return the bounds (see `schemas.report.Count`): "nearly N" bounds from above, "at least N" from below."""
    if "below" in modifiers and figure.best is not None:
        return Count(low=None, best=None, high=max(figure.best - 1, 0))
    if figure.plus or "at_least" in modifiers:
        return Count(low=figure.low, best=figure.best, high=None)
    if "nearly" in modifiers:
        top = figure.high if figure.high is not None else figure.best
        return Count(
            low=None if figure.best is not None else figure.low, best=figure.best, high=top
        )
    if "about" in modifiers:
        return Count(low=figure.low, best=figure.best, high=None)
    return Count(low=figure.low, best=figure.best, high=figure.high)
