"""Decide which people a word of harm befell: those before it, those behind it, and all coordinated with them.

The parse is asked first where it names a subject that stands in a group of people; otherwise the nearest group that
no preposition governs is taken. Groups joined by "and", "as well as" or a list of commas are one line-up; an apposition
("a soldier, John Smith,") is the same person told twice; "killed two and five were hurt" is two line-ups.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from monitor.extract.numbers import rules as numbers

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.casualties.words import HarmLexicon
    from monitor.extract.numbers.rules import Quantity
    from monitor.extract.people.rules import Group
    from monitor.extract.words import Words

# A subject stands within so many words of its verb, prepositional phrases and asides between them included.
MAX_REACH = 40
# "three soldiers from the Second Division of the army and two civilians": so long may what stands between be.
MAX_ASIDE = 10

_PREPOSITIONS = frozenset(
    "of in on at by from with near inside outside against for to into among between under over behind including during "
    "via toward towards around across through per despite without about like off beside alongside except besides versus".split()
)
_JOINTS = (
    (",", "as", "well", "as"),
    (",", "along", "with"),
    ("as", "well", "as"),
    ("along", "with"),
    ("together", "with"),
    ("and", "also"),
    (",", "and"),
    (";", "and"),
    ("and",),
    ("plus",),
    ("&",),
    (";",),
    (",",),
)
_COMMA = (",",)
_CLAUSE_EDGES = frozenset(
    {";", "when", "while", "because", "although", "though", "if", "unless", ":", "whereas"}
)
_DASHES = frozenset({"-", "--", "---"})
_SAYING = frozenset(
    {"say", "says", "said", "told", "believe", "report", "reported", "confirmed", "added"}
)
_SAID = frozenset({"said", "reported", "believed", "thought", "known"})
# "four people, two women and two men": the first noun is general enough to be told again.
_GENERAL = frozenset(
    "people persons victims others civilians passengers residents relatives members children suspects teens teenagers adults".split()
)
_PARTS = frozenset({"among", "including"})
_RELATIVES = frozenset({"who", "that", "which", "whom"})


@dataclass(frozen=True, slots=True)
class View:
    """A sentence as the patterns of harm see it."""

    line: Words
    lex: HarmLexicon
    quantities: tuple[Quantity, ...]
    groups: tuple[Group, ...]

    def starting(self, position: int) -> Group | None:
        """Return the group that starts at `position`."""
        return next((g for g in self.groups if g.start == position), None)

    def ending(self, position: int) -> Group | None:
        """Return the group that ends before `position`."""
        return next((g for g in self.groups if g.end == position), None)

    def covering(self, position: int) -> Group | None:
        """Return the group that the word at `position` stands in."""
        return next((g for g in self.groups if g.start <= position < g.end), None)

    def is_(self, name: str, position: int) -> bool:
        """Tell whether the word at `position` is in the list `name` of the lexicon."""
        return self.lex.is_(name, self.line.at(position))


# --- behind and before a word --------------------------------------------------------------------


def after(view: View, position: int) -> tuple[Group, ...]:
    """Return the people that begin right after the word at `position`, adverbs and fatal words passed over."""
    group = view.starting(skip_right(view, position))
    return () if group is None else rightward(view, group)


def adjacent(view: View, position: int) -> tuple[Group, ...]:
    """Return the people that end right before the word: "14 killed", "three soldiers dead"."""
    group = view.ending(skip_left(view, position))
    if group is None or group.pronoun or not (group.sure or group.nouns):
        return ()
    return leftward(view, _governor(view, group))


def before(view: View, position: int) -> tuple[Group, ...]:
    """Return the people that are the subject of the verb at `position`; "those who were killed" are told elsewhere."""
    edge = skip_left(view, position)
    if edge < position and view.line.at(edge - 1) == "those" and view.ending(edge) is None:
        return ()
    close = view.ending(_behind_aside(view, edge))
    if close is not None and (not close.pronoun or close.count == numbers.of(0)) and close.sure:
        return leftward(view, _governor(view, close))
    group = _by_parse(view, position) or _nearest(view, position) or close
    if group is None:
        return ()
    return _lineup(view, _governor(view, _whole(view, group, position)), position)


def _whole(view: View, group: Group, position: int) -> Group:
    """Return the people of whom `group` tells in an aside how many are what: "four monks, three of them Belgians,"."""
    line = view.line
    aside = group.pronoun and line.at(group.end - 2) == "of" and line.at(group.start - 1) == ","
    shut = "," in line.lower[group.end : position]
    return (view.ending(group.start - 1) or group) if aside and shut else group


def along_with(view: View, position: int) -> tuple[Group, ...]:
    """Return the people behind "along with" after a passive verb: "were injured along with four others"."""
    for i in range(position + 1, min(position + MAX_ASIDE, len(view.line))):
        if view.line.at(i) in view.lex.verbs or view.line.at(i) in {";", "."}:
            return ()
        for joint in (("along", "with"), ("together", "with"), ("as", "well", "as")):
            if view.line.has(i, joint) and (group := view.starting(i + len(joint))) is not None:
                return rightward(view, group)
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
    free = [g for g in reversed(here) if not _is_governed(view, g) and not _speaks(view, g)]
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


def _is_governed(view: View, group: Group) -> bool:
    return view.line.at(group.start - 1) in _PREPOSITIONS


def _governor(view: View, group: Group) -> Group:
    """Return the group that governs `group` by a preposition: "members of a family", "John Smith, 24, of the town".

    "Has risen to 74, with 171 wounded" begins anew.
    """
    anew = view.line.has(group.start - 2, (",", "with"))
    if anew or not _is_governed(view, group):
        return group
    end = group.start - 1
    while end > 0 and view.ending(end) is None and _is_age(view, end - 1, end):
        end -= 1
    outer = view.ending(end)
    known = outer is not None and not outer.pronoun and (outer.sure or outer.names)
    return _governor(view, outer) if outer is not None and known else group


# --- coordination --------------------------------------------------------------------------------


def rightward(view: View, first: Group) -> tuple[Group, ...]:
    """Return `first` and the groups coordinated with it to its right."""
    groups = [first]
    while (found := _next(view, groups[-1])) is not None and not _has_own_verb(view, found):
        groups.append(found)
    return _people(view, _without_loose_end(view, groups))


def leftward(view: View, last: Group) -> tuple[Group, ...]:
    """Return the groups coordinated with `last` to its left, and `last`."""
    groups = [last]
    while (found := _previous(view, groups[0])) is not None:
        if view.lex.verbs.get(view.line.at(found.start - 1)) or _is_governed(view, found):
            break
        if not found.sure and not _is_person_beside(view, found, groups[0]):
            break
        groups.insert(0, found)
    return _people(view, _without_loose_start(view, groups))


def _is_person_beside(view: View, name: Group, group: Group) -> bool:
    """Tell whether a name may be a person's before `group`: "Smith and two others", not "Somalia, and 13"."""
    if any(word.isdigit() for word in view.line.lower[name.end : group.start]):
        return True
    if _joint(view, name, group) == (",", "and") and len(name.names[0].split()) == 1:
        return False
    return group.more or group.count == numbers.of(1) or _joint(view, name, group) == ("and",)


def _lineup(view: View, group: Group, position: int) -> tuple[Group, ...]:
    """Return the line-up of a subject: to its left, and to its right as far as the verb."""
    left = leftward(view, group)
    if all(g.start != group.start for g in left):
        return left
    groups = [group]
    while (found := _next(view, groups[-1])) is not None and found.end <= position:
        groups.append(found)
    return _people(view, [*(g for g in left if g.start < group.start), *groups])


def _next(view: View, group: Group) -> Group | None:
    """Return the group that a joint connects to `group` on its right."""
    return next((g for g in view.groups if g.start > group.end and _joined(view, group, g)), None)


def _previous(view: View, group: Group) -> Group | None:
    """Return the group that a joint connects to `group` on its left."""
    return next(
        (g for g in reversed(view.groups) if g.end < group.start and _joined(view, g, group)), None
    )


def _joint(view: View, left: Group, right: Group) -> tuple[str, ...]:
    """Return the joint right before `right`, the empty one where there is none."""
    between = view.line.lower[left.end : right.start]
    return next((j for j in _JOINTS if tuple(between[-len(j) :]) == j), ())


def _joined(view: View, left: Group, right: Group) -> bool:
    """Tell whether the words between two groups coordinate them: a joint, behind an age or a phrase of place."""
    joint = _joint(view, left, right)
    if not joint or any(g.pronoun and g.count != numbers.of(1) for g in (left, right)):
        return False
    if right.pronoun and joint in {(";",), _COMMA}:
        return False
    end = right.start - len(joint)
    if right.head is None and right.count.best is None and not right.more:
        return False
    if left.end == end or _is_age(view, left.end, end):
        return True
    if not right.sure or joint == _COMMA:
        return False
    nearer = any(left.end <= g.start < end and g.sure and not g.bare for g in view.groups)
    return not nearer and _is_aside(view, left.end, end)


def _is_age(view: View, start: int, end: int) -> bool:
    words = view.line.lower[start:end]
    return all(
        w in {",", "(", ")", "aged", "age", "ages", "both", "-", "year", "old"} or w.isdigit()
        for w in words
    )


def _is_aside(view: View, start: int, end: int) -> bool:
    """Tell whether the positions hold one prepositional phrase, or a name in commas."""
    line = view.line
    if end - start > MAX_ASIDE:
        return False
    if line.at(start) not in _PREPOSITIONS and line.at(start) not in {",", "("}:
        return False
    open_at = next((i for i in range(start, end) if line.at(i) == "("), end)
    shut_at = next((i for i in range(open_at, end) if line.at(i) == ")"), open_at)
    return not any(
        line.tokens[i].pos_ in {"VERB", "AUX", "SCONJ"} or line.at(i) in {";", "and", "including"}
        for i in (*range(start, open_at), *range(shut_at, end))
    )


def _has_own_verb(view: View, group: Group) -> bool:
    """Tell whether a coordinated group begins a clause of its own: "killed two and five were hurt"."""
    i = group.end
    while i < len(view.line) and view.is_("adverbs", i) and view.line.at(i) not in _SAID:
        i += 1
    if view.line.at(i) in view.lex.verbs or any(
        view.is_(n, i) for n in ("be", "have", "dead", "hurt")
    ):
        return True
    token = view.line.tokens[i] if i < len(view.line) else None
    return token is not None and token.tag_ in {"VBD", "VBZ", "VBP", "MD"}


def _without_loose_end(view: View, groups: list[Group]) -> list[Group]:
    """Drop what only a comma ties to the end: a list ends in "and", a place name behind a comma is no victim."""
    joints = [_joint(view, a, b) for a, b in pairwise(groups)]
    while joints and joints[-1] == _COMMA and not _is_counted(groups[-1]):
        joints.pop()
        groups = groups[:-1]
    return groups


def _is_counted(group: Group) -> bool:
    return group.sure and not group.bare and not group.definite and group.count != numbers.of(1)


def _people(view: View, groups: list[Group]) -> tuple[Group, ...]:
    """Return the groups, those that only say who another is joined with it: "a soldier, John Smith,"."""
    if len(groups) == 2 and _joint(view, *groups) == _COMMA and _are_one(groups):  # noqa: PLR2004
        return (_merged(*groups),)
    if len(groups) == 2 and _joint(view, *groups) == _COMMA and _is_explained(groups):  # noqa: PLR2004
        return (groups[0],)
    if len(groups) > 1 and _sums_to_first(groups) and _joint(view, groups[0], groups[1]) == _COMMA:
        return (groups[0],)
    kept = groups[:1]
    for group in groups[1:]:
        if _is_covered(view, kept[-1], group):
            continue
        if _joint(view, kept[-1], group) == _COMMA and _same_person(view, kept[-1], group):
            kept[-1] = _merged(kept[-1], group)
        else:
            kept.append(group)
    return tuple(kept)


def _is_explained(groups: list[Group]) -> bool:
    """Tell whether a plural only says who the figure before it counts: "three victims, men aged 18 to 35,"."""
    return groups[0].count.best is not None and groups[0].count != numbers.of(1) and groups[1].bare


def _is_covered(view: View, counted: Group, group: Group) -> bool:
    """Tell whether a figure counts both nouns: "17 soldiers and members of a task force"."""
    several = (counted.count.best or counted.count.low or 0) > 1 and not counted.bare
    return (
        several
        and group.bare
        and group.start == counted.end + 1
        and view.line.at(counted.end) == "and"
    )


def _are_one(groups: list[Group]) -> bool:
    """Tell whether two groups are each one person: with a comma alone between them they are the same one."""
    return all(g.count == numbers.of(1) for g in groups)


def _merged(first: Group, second: Group) -> Group:
    return replace(first, names=first.names or second.names, nouns=first.nouns or second.nouns)


def _without_loose_start(view: View, groups: list[Group]) -> list[Group]:
    """Drop a capitalised word before a figure that only a comma ties to it: "Last Memorial Day, four people"."""
    if len(groups) == 2 and not groups[0].sure and groups[1].count != numbers.of(1):  # noqa: PLR2004
        return groups[1:] if _joint(view, groups[0], groups[1]) == _COMMA else groups
    return groups


def _sums_to_first(groups: list[Group]) -> bool:
    """Tell whether the later groups tell who the first are: "four people, two women and two men"."""
    rest = [g.count.best for g in groups[1:]]
    first = groups[0].count.best
    if not set(groups[0].nouns) <= _GENERAL:
        return False
    return (
        first is not None and first > 1 and None not in rest and sum(r or 0 for r in rest) == first
    )


def _same_person(view: View, first: Group, second: Group) -> bool:
    the = second.definite and view.line.at(second.start) in {"the", "this", "that"}
    one = numbers.of(1)
    if first.count != one or second.count != one:
        return first.count == second.count and the
    return bool(first.names) != bool(second.names) or the
