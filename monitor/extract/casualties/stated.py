"""Read figures that are stated as such: tolls ("the death toll rose to 14") and zeros ("no casualties")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.actors.roles import NOUNS_OF_DEED
from monitor.extract.casualties.tolls import CASUALTIES, INJURED, KILLED
from monitor.extract.numbers import rules as numbers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.extract.casualties.view import View
    from monitor.extract.numbers.rules import Quantity
    from schemas.report import Count

# "the death toll from the two blasts in the northern city has now risen to at least 14": so far from toll to figure.
MAX_TOLL_REACH = 30
_DEATHS = frozenset(
    {"death", "dead", "deaths", "fatalities", "killed", "fatality", "body", "martyrs", "bodies"}
)
_INJURIES = frozenset({"injured", "wounded", "injuries", "injury"})
_HURT = frozenset({"casualty", "casualties"})
# A toll without a word of death beside it is one of deaths.
_PLAIN_TOLL_AFTER = frozenset(
    {"the", "a", "official", "latest", "final", "its", "provisional", "overall", "total"}
)


def tolls(view: View) -> Iterator[tuple[str, Quantity, int]]:
    """Yield measure, figure and position of each toll: "bringing the number of dead to 30"."""
    line = view.line
    for position, word in enumerate(line.lower):
        number = view.is_("numbers_of", position) and line.at(position + 1) == "of"
        if not (number or view.is_("tolls", position)):
            continue
        measure = _toll_measure(view, position, is_toll=word in view.lex.sets["tolls"])
        quantity = None if measure is None else _toll_figure(view, position)
        if measure is None or quantity is None:
            continue
        hurt = _INJURIES & set(line.lower[quantity.end : quantity.end + 2])
        if not (hurt and measure == KILLED):
            yield measure, quantity, position


def _toll_measure(view: View, position: int, *, is_toll: bool) -> str | None:
    """Return what a toll counts, ``None`` where "the number of" or "count" counts something else."""
    line = view.line
    around = range(position - 2, position) if is_toll else range(position + 2, position + 6)
    nearby = {line.at(i) for i in around}
    for words, measure in ((_HURT, CASUALTIES), (_INJURIES, INJURED), (_DEATHS, KILLED)):
        if nearby & words:
            return measure
    before = line.at(position - 1)
    opening = position == 0 or before in _PLAIN_TOLL_AFTER or before in NOUNS_OF_DEED
    plain = line.at(position) == "toll" and opening
    return KILLED if plain else None


def _toll_figure(view: View, position: int) -> Quantity | None:
    """Return the figure that a toll has now: not the one it rose "from"."""
    line = view.line
    for quantity in view.quantities:
        if quantity.start <= position or quantity.sort is not numbers.Sort.COUNT:
            continue
        if quantity.start - position > MAX_TOLL_REACH:
            return None
        if line.at(quantity.start - 1) == "from":
            continue
        if view.is_("toll_verbs", quantity.start - 1) or view.is_("toll_verbs", quantity.start - 2):
            return quantity
        return None
    return None


def zeros(view: View) -> Iterator[tuple[str, Count, int, int]]:
    """Yield measure, count 0 and positions of each stated zero: "no casualties", "without loss of life"."""
    position = 0
    while position < len(view.line):
        end = position + 1
        if view.is_("none_before", position):
            end, measures = _nothing(view, position)
            yield from ((measure, numbers.of(0), position, end) for measure in measures)
        position = end


def _nothing(view: View, position: int) -> tuple[int, tuple[str, ...]]:
    """Return where the words of "no" at `position` end, and which measures they deny.

    "No immediate word on casualties" denies nothing; "no other casualties" denies nothing that is told before.
    """
    measures: list[str] = []
    i, end = position + 1, position + 1
    while i < len(view.line) and view.is_("none_between", i):
        word = view.line.at(i)
        if view.is_("none_unless", i):
            return end, ()
        denied = _denied(word)
        if denied:
            measures += denied
            end = i + 1
        i += 1
    return end, tuple(dict.fromkeys(measures))


def _denied(word: str) -> tuple[str, ...]:
    if word in {"casualties", "casualty", "injuries", "injury", "wounded", "injured"}:
        return (KILLED, INJURED)
    return (KILLED,) if word in {"deaths", "death", "fatalities", "loss", "victims", "dead"} else ()
