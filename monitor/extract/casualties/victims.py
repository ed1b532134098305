"""Decide which people a word of harm befell: those before it and those behind it, with all whom `lineups` joins to them.

The parse is asked first where it names a subject that stands in a group of people; otherwise the nearest group that
no preposition governs is taken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.casualties import lineups
from monitor.extract.numbers import rules as numbers

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.casualties.view import View
    from monitor.extract.people.rules import Group

# A subject stands within so many words of its verb, prepositional phrases and asides between them included.
MAX_REACH = 40
_CLAUSE_EDGES = frozenset(
    {";", "when", "while", "because", "although", "though", "if", "unless", ":", "whereas"}
)
_DASHES = frozenset({"-", "--", "---"})
_SAYING = frozenset(
    {"say", "says", "said", "told", "believe", "report", "reported", "confirmed", "added"}
)
_PARTS = frozenset({"among", "including"})
# Those whom the dead leave behind.
_KIN = frozenset(
    "families relatives widows parents mothers fathers wives friends colleagues comrades survivors mourners".split()
)
_SEQUELS = frozenset({"before", "after"})
_FINITE = frozenset({"VBD", "VBZ", "VBP"})
_RELATIVES = frozenset({"who", "that", "which", "whom"})


def after(view: View, position: int) -> tuple[Group, ...]:
    """Return the people that begin right after the word at `position`, adverbs and fatal words passed over."""
    group = view.starting(skip_right(view, position))
    return () if group is None else lineups.rightward(view, group)


def adjacent(view: View, position: int) -> tuple[Group, ...]:
    """Return the people that end right before the word: "14 killed", "three soldiers dead"."""
    group = view.ending(skip_left(view, position))
    if group is None or group.pronoun or not (group.sure or group.nouns):
        return ()
    return lineups.leftward(view, _bereft(view, group, position) or _governor(view, group))


def before(view: View, position: int) -> tuple[Group, ...]:
    """Return the people that are the subject of the verb at `position`; "those who were killed" are told elsewhere."""
    edge = skip_left(view, position)
    if edge < position and view.line.at(edge - 1) == "those" and view.ending(edge) is None:
        return ()
    if view.line.at(edge - 1) in _SEQUELS and (main := _subject_of_main(view, position)):
        return main
    close = view.ending(_behind_aside(view, edge))
    if close is not None and (not close.pronoun or close.count == numbers.of(0)) and close.sure:
        return lineups.leftward(view, _bereft(view, close, position) or _governor(view, close))
    group = _by_parse(view, position) or _nearest(view, position) or close
    if group is None:
        return ()
    if _is_across_clause(view, group, edge, position):
        person = _of_relative(view, edge, position)
        return () if person is None else (person,)
    return lineups.lineup(view, _governor(view, _whole(view, group, position)), position)


def _bereft(view: View, group: Group, position: int) -> Group | None:
    """Return the group that only those left behind stand above: "families of the 224 people killed"."""
    end = group.start - 1
    left = view.line.at(end) == "of" and view.line.at(end - 1) in _KIN
    return group if left and group.end == position and group.count.best else None


def _subject_of_main(view: View, position: int) -> tuple[Group, ...]:
    """Return who does what the main clause tells: "a gunman wounds three before being shot" tells that he was."""
    token, line = view.line.tokens[position], view.line
    for verb in token.ancestors:
        subjects = (c for c in verb.children if c.dep_ in {"nsubj", "nsubj:pass"})
        place = next((line.position[c.i] for c in subjects if c.i in line.position), None)
        group = None if place is None or place > position else view.covering(place)
        if group is not None:
            return (group,)
    return ()


def _of_relative(view: View, edge: int, position: int) -> Group | None:
    """Return the person whose age stands before "who": "the funeral of Dana Levin, 54, who was killed"."""
    if not _RELATIVES & set(view.line.lower[edge:position]):
        return None
    start = edge
    while start > 0 and view.ending(start) is None and lineups.is_age(view, start - 1, edge):
        start -= 1
    group = view.ending(start)
    return group if start < edge and group is not None and group.names else None


def _is_across_clause(view: View, group: Group, edge: int, position: int) -> bool:
    """Tell whether a finite verb stands between a group and "who": "hundreds attended the funeral of those who died"."""
    if not _RELATIVES & set(view.line.lower[edge:position]):
        return False
    return any(view.line.tokens[i].tag_ in _FINITE for i in range(group.end, edge))


def _whole(view: View, group: Group, position: int) -> Group:
    """Return the people of whom `group` tells in an aside how many are what: "four monks, three of them Belgians,"."""
    line = view.line
    aside = group.pronoun and line.at(group.end - 2) == "of" and line.at(group.start - 1) == ","
    shut = "," in line.lower[group.end : position]
    return (view.ending(group.start - 1) or group) if aside and shut else group


def along_with(view: View, position: int) -> tuple[Group, ...]:
    """Return the people behind "along with" after a passive verb: "were injured along with four others"."""
    if view.line.at(position + 1) == "with" and (near := view.starting(position + 2)) is not None:
        return lineups.rightward(view, near) if near.count.best else ()
    for i in range(position + 1, min(position + lineups.MAX_ASIDE, len(view.line))):
        if view.line.at(i) in view.lex.verbs or view.line.at(i) in {";", "."}:
            return ()
        for joint in (("along", "with"), ("together", "with"), ("as", "well", "as")):
            if view.line.has(i, joint) and (group := view.starting(i + len(joint))) is not None:
                return lineups.rightward(view, group)
    return ()


def skip_right(view: View, position: int) -> int:
    """Return the first position after the word that is no adverb, particle or fatal word."""
    i = position + 1
    i += view.line.longest(i, view.lex.phrases["fatal_after"])
    while (
        i < len(view.line)
        and view.is_("adverbs", i)
        and view.starting(i) is None
        and view.line.at(i) not in {"to", "all", "both", "have"}
    ):
        i += 1
    if view.line.at(i) in {"all", "both"} and view.starting(i) is None and view.starting(i + 1):
        i += 1
    return i


def skip_left(view: View, position: int) -> int:
    """Return the position just after the word that stands before the verb, its auxiliaries and its adverbs."""
    i = position
    while i > 0 and view.ending(i) is None:
        word = view.line.at(i - 1)
        if word == "and" and _is_participle(view, i - 2):
            i -= 2
            continue
        known = any(view.is_(name, i - 1) for name in ("adverbs", "be", "have"))
        if not (known or word in _RELATIVES or (word == "," and view.line.at(i) in _RELATIVES)):
            break
        i -= 1
    return i


def _is_participle(view: View, position: int) -> bool:
    """Tell whether a verb in the past stands here: "nine passengers abducted and killed"."""
    if position < 0:
        return False
    token = view.line.tokens[position]
    return view.line.at(position) in view.lex.verbs or token.tag_ in {"VBN", "VBD"}


def _behind_aside(view: View, position: int) -> int:
    """Return where an aside begins that ends before `position`: "four men - two Kurds - were", "five, among them a boy, were"."""
    if view.line.at(position - 1) == ",":
        return _before_parts(view, position)
    if view.line.at(position - 1) not in _DASHES:
        return position
    opened = (
        i
        for i in range(position - 2, max(-1, position - MAX_REACH), -1)
        if view.line.at(i) in _DASHES
    )
    return next(opened, position)


def _before_parts(view: View, position: int) -> int:
    """Return where ", among them a boy," begins, which tells of a part of those before it."""
    for i in range(position - 2, max(0, position - MAX_REACH), -1):
        if view.is_("be", i) or view.line.at(i) in view.lex.verbs:
            return position
        if view.line.at(i) == "," and view.line.at(i + 1) in _PARTS:
            return i
    return position


def _by_parse(view: View, position: int) -> Group | None:
    """Return the group that holds the subject that the parse gives the verb, or the verb it is coordinated with.

    A verb shares the subject of the one before it only where no other people stand between the two.
    """
    token = view.line.tokens[position]
    own = _subject(view, token, position)
    if own is not None or token.dep_ != "conj":
        return own
    nearest = _nearest(view, position)
    head = view.line.position.get(token.head.i, position)
    if nearest is not None and nearest.sure and not nearest.pronoun and head < nearest.start:
        return nearest
    return _subject(view, token.head, position)


def _subject(view: View, verb: Token, position: int) -> Group | None:
    line = view.line
    for child in verb.children:
        if child.dep_ in {"nsubj:pass", "nsubj"} and child.i in line.position:
            place = line.position[child.i]
            group = view.covering(place) if place < position else None
            if group is not None and group.start >= _clause_start(view, position):
                return group
    return None


def _nearest(view: View, position: int) -> Group | None:
    """Return the nearest group before the verb that no preposition governs, within the clause."""
    limit = _clause_start(view, position)
    here = [g for g in view.groups if limit <= g.start and g.end <= position]
    free = [g for g in reversed(here) if not lineups.is_governed(view, g) and not _speaks(view, g)]
    return next((g for g in free if g.sure), free[0] if free else None)


def _speaks(view: View, group: Group) -> bool:
    """Tell whether the group only tells it: "police say a man was shot"."""
    return view.line.at(group.end) in _SAYING


def _clause_start(view: View, position: int) -> int:
    """Return where the clause of the verb begins at the latest: behind a conjunction, or the dash of a dateline."""
    i = position - 1
    while i >= max(0, position - MAX_REACH):
        word = view.line.at(i)
        if word in _CLAUSE_EDGES or (word in _DASHES and view.line.tokens[i].whitespace_):
            break
        i -= 1
    return i + 1


def _governor(view: View, group: Group) -> Group:
    """Return the group that governs `group` by a preposition: "members of a family", "John Smith, 24, of the town".

    "Has risen to 74, with 171 wounded" begins anew, and so does a part of whom more is told: "including one who died".
    """
    line = view.line
    part = line.at(group.start - 1) in _PARTS and line.at(group.end) in _RELATIVES
    anew = part or line.has(group.start - 2, (",", "with"))
    if anew or not lineups.is_governed(view, group):
        return group
    end = group.start - 1
    while end > 0 and view.ending(end) is None and lineups.is_age(view, end - 1, end):
        end -= 1
    outer = view.ending(end)
    known = outer is not None and not outer.pronoun and (outer.sure or outer.names)
    return _governor(view, outer) if outer is not None and known else group
