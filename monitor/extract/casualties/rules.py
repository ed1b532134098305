"""Find who was killed and who was hurt, and how many, in one sentence.

A claim pairs a word of harm with the people it befell. Five families of wording are read: the victim before the word
("three men were killed", "14 dead"), after it ("killing three"), after a noun ("the deaths of three", "the bodies of
two"), as a toll ("the death toll rose to 14") and as nobody ("no casualties"). Groups of people come from `people`;
`victims` decides which of them a word befell.

"Shot" and "stabbed" are claims with the measure ``shot``: `tolls.fold` takes off those who died of it.
`fold` (from `tolls`) makes one figure of all claims of an incident.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.extract import words
from monitor.extract.casualties import periods, stated
from monitor.extract.casualties.nouns import read_noun
from monitor.extract.casualties.tolls import CASUALTIES, INJURED, KILLED, SHOT, Folded, fold
from monitor.extract.casualties.verbs import Found, read_verb
from monitor.extract.casualties.view import View
from monitor.extract.casualties.words import harm
from monitor.extract.facts import Casualty
from monitor.extract.numbers import rules as numbers
from monitor.extract.people import rules as people
from schemas.report import Count

if TYPE_CHECKING:
    from monitor.extract.facts import Reading, Sentence
    from monitor.extract.numbers.rules import Quantity
    from monitor.extract.people.rules import Group
    from monitor.extract.words import Words

__all__ = ["CASUALTIES", "INJURED", "KILLED", "SHOT", "Folded", "find", "fold"]
_RANK = {SHOT: 0, INJURED: 1, CASUALTIES: 1, KILLED: 2}
_ANOTHER = frozenset({"another", "further", "additional"})


def find(sentence: Sentence, reading: Reading) -> tuple[Casualty, ...]:
    """Return the claims of `sentence` in order; each group of people is used for one claim of a measure."""
    del reading
    line = words.of(sentence.span)
    lex = harm()
    if not any(word in lex.cues for word in line.lower):
        return ()
    told = numbers.scan(line)
    quantities = tuple(q for q in told if not _is_taken_back(line, q))
    view = View(line=line, lex=lex, quantities=quantities, groups=people.scan(line, quantities))
    found = _settled(sorted(_all(view), key=lambda f: f.word))
    kept = _with_additions(view, _current(view, found))
    correction = len(quantities) < len(told) or _is_corrected(view)
    return tuple(c for one in kept for c in _claims(sentence, view, one, correction=correction))


def _is_corrected(view: View) -> bool:
    """Tell whether the sentence says by a word of its own that it takes a figure back."""
    line = view.line
    return any(line.longest(i, view.lex.phrases["corrections"]) for i in range(len(line)))


def _is_taken_back(line: Words, quantity: Quantity) -> bool:
    """Tell whether it is the figure that another one takes the place of: the 30 of "21 people, and not 30, were killed"."""
    counted = quantity.sort is numbers.Sort.COUNT and (quantity.count.best or 0) > 1
    behind = line.at(quantity.start - 2) in {",", "and", "("}
    return counted and behind and line.at(quantity.start - 1) == "not"


def _all(view: View) -> Iterator[Found]:
    """Yield all claims; what stands within a stated zero makes no other claim."""
    denied: set[int] = set()
    for measure, count, start, end in stated.zeros(view):
        denied |= set(range(start, end))
        yield Found(measure, (people.Group(start=start, end=end, count=count),), end - 1)
    for measure, figure, position in stated.tolls(view):
        group = people.Group(start=figure.start, end=figure.end, count=figure.count)
        yield Found(measure, (group,), position, total=True)
    for position, word in enumerate(view.line.lower):
        if position in denied:
            continue
        verb = view.lex.verbs.get(word)
        found = (
            [] if verb is None else [f for f in [read_verb(view, position, *verb)] if f is not None]
        )
        yield from found or read_noun(view, position, word)


def _settled(found: list[Found]) -> list[Found]:
    """Return the claims with each group in one of them: shot, then killed, is killed; a toll's figure is the toll's."""
    kept: list[Found] = []
    for one in found:
        clash = next((k for k in kept if _clashes(k, one)), None)
        if clash is None:
            kept.append(one)
        elif _RANK[one.measure] > _RANK[clash.measure] and not clash.total:
            kept[kept.index(clash)] = one
    return kept


def _clashes(first: Found, second: Found) -> bool:
    zero = numbers.of(0)
    if first.measure != second.measure and first.groups[0].count == second.groups[0].count == zero:
        return False
    return bool({g.start for g in first.groups} & {g.start for g in second.groups})


# "initial reports said that 10 people": so many words may stand between.
MAX_OUTDATED = 6


def _current(view: View, found: list[Found]) -> list[Found]:
    """Drop the claims that the sentence itself replaces: "initially 10 people had died, but the toll was seven"."""
    return [
        f
        for f in found
        if not (_is_outdated(view, f) and any(o is not f and o.measure == f.measure for o in found))
    ]


def _is_outdated(view: View, found: Found) -> bool:
    start = found.groups[0].start
    return any(view.is_("outdated", i) for i in range(max(0, start - MAX_OUTDATED), start))


def _with_additions(view: View, found: list[Found]) -> list[Found]:
    """Mark the claims that add to one before them in the sentence: "two soldiers were killed and ... three guards"."""
    marked: list[Found] = []
    for one in found:
        before = next((m for m in reversed(marked) if m.measure == one.measure), None)
        adds = before is not None and _adds(view, before, one)
        marked.append(replace(one, more=True) if adds else one)
    return marked


def _adds(view: View, first: Found, second: Found) -> bool:
    """Tell whether two claims of a sentence are of different people in one event."""
    a, b = first.groups[0], second.groups[0]
    if _is_also(view, second) and not first.total:
        return True
    if view.is_("condition", second.word) and not b.more:
        return False
    if first.total or second.total or a.pronoun or b.pronoun or a.definite or b.definite:
        return False
    if a.count == b.count and a.nouns == b.nouns and not b.more and not (a.names and b.names):
        return False
    if {numbers.of(0)} & {a.count, b.count} or a.start > b.start:
        return False
    between = range(first.groups[-1].end, b.start)
    return any(view.line.at(i) in {"and", ","} for i in between) and not any(
        view.is_("separators", i) for i in between
    )


# --- claims --------------------------------------------------------------------------------------


def _claims(
    sentence: Sentence, view: View, found: Found, *, correction: bool
) -> Iterator[Casualty]:
    """Yield the claim over the victims, and another over attackers among them."""
    for hostile in (False, True):
        groups = tuple(g for g in found.groups if g.perpetrator is hostile)
        if groups:
            yield _claim(sentence, view, found, groups, found.measure, correction=correction)
    first = found.groups[0]
    if found.measure == INJURED and first.count == numbers.of(0) and first.pronoun:
        yield _claim(sentence, view, found, found.groups, KILLED, correction=correction)


def _claim(
    sentence: Sentence,
    view: View,
    found: Found,
    groups: tuple[Group, ...],
    measure: str,
    *,
    correction: bool,
) -> Casualty:
    count = groups[0].count
    for group in groups[1:]:
        count = numbers.added(count, group.count)
    if found.uncertain:
        count = Count(
            low=None, best=None, high=count.high if count.high is not None else count.best
        )
    start, end = view.line.spanned(groups[0].start, groups[-1].end)
    return Casualty(
        sentence=sentence.index,
        start=start,
        end=end,
        measure=measure,
        count=count,
        verb=view.line.index(found.word),
        victims=tuple(dict.fromkeys(noun for g in groups for noun in g.nouns)),
        names=tuple(dict.fromkeys(name for g in groups for name in g.names)),
        perpetrator=groups[0].perpetrator,
        running=groups[0].count != numbers.of(1) and periods.is_running(view, found.word, count),
        correction=correction,
        total=found.total,
        more=found.more or groups[0].more or _is_also(view, found),
        another=_is_another(view, groups[0])
        or (_is_also(view, found) and (count == numbers.of(1) or _is_whose(view, groups[0]))),
        definite=groups[0].definite,
    )


def _is_another(view: View, group: Group) -> bool:
    """Tell whether a group adds to those before in so many words: "another two", "three more"."""
    line = view.line
    return any(
        line.at(i) in _ANOTHER or (line.at(i) == "more" and line.at(i + 1) != "than")
        for i in range(group.start, group.end + 1)
    )


def _is_whose(view: View, group: Group) -> bool:
    """Tell whether a group are people of somebody told before: "his bodyguard and driver"."""
    return view.line.at(group.start) in {"his", "her", "their"} and not group.pronoun


def _is_also(view: View, found: Found) -> bool:
    """Tell whether "also" before the verb adds its victims to those told before."""
    return not found.total and any(
        view.line.at(i) == "also" for i in range(found.word - 3, found.word)
    )
