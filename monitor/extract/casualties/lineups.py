"""Join groups of people that one word of harm befell: by "and", by a list of commas, an apposition as the same person."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from monitor.extract.numbers import rules as numbers

if TYPE_CHECKING:
    from monitor.extract.casualties.view import View
    from monitor.extract.people.rules import Group

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
_SAID = frozenset({"said", "reported", "believed", "thought", "known"})
# "four people, two women and two men": the first noun is general enough to be told again.
_GENERAL = frozenset(
    "people persons victims others civilians passengers residents relatives members children suspects teens teenagers adults".split()
)


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
        found = _counted_members(view, found) or found
        if view.lex.verbs.get(view.line.at(found.start - 1)) or is_governed(view, found):
            break
        if not found.sure and not _is_person_beside(view, found, groups[0]):
            break
        groups.insert(0, found)
    return _people(view, _without_loose_start(view, groups))


def _counted_members(view: View, group: Group) -> Group | None:
    """Return those whom a name only tells more of: "seven members of the police and a major", "the minister for refugees"."""
    governed = view.line.at(group.start - 1) in _PREPOSITIONS
    outer = view.ending(group.start - 1) if governed else None
    return outer if outer is not None and outer.count.best and not outer.pronoun else None


def _is_person_beside(view: View, name: Group, group: Group) -> bool:
    """Tell whether a name may be a person's before `group`: "Smith and two others", not "Somalia, and 13"."""
    if not name.names:
        return False
    if _joint(view, name, group) == (";",) and not group.names:
        return False
    if any(word.isdigit() for word in view.line.lower[name.end : group.start]):
        return True
    if _joint(view, name, group) == (",", "and") and len(name.names[0].split()) == 1:
        return False
    return group.more or group.count == numbers.of(1) or _joint(view, name, group) == ("and",)


def lineup(view: View, group: Group, position: int) -> tuple[Group, ...]:
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
    """Return the group that a joint connects to `group` on its left; the name in "an aide of Borno and two" is none."""
    return next(
        (
            g
            for g in reversed(view.groups)
            if g.end < group.start
            and (g.sure or not is_governed(view, g))
            and _joined(view, g, group)
        ),
        None,
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
    if left.end == end or is_age(view, left.end, end):
        return True
    if not right.sure or joint == _COMMA:
        return False
    nearer = any(
        left.end <= g.start < end and g.sure and not g.bare and view.line.at(g.start - 2) != "rank"
        for g in view.groups
    )
    return not nearer and _is_aside(view, left.end, end)


def is_age(view: View, start: int, end: int) -> bool:
    """Tell whether the positions hold an age and the marks around it alone: ", 24 ,"."""
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
    groups = _without_ages(view, groups)
    if len(groups) == 2 and _joint(view, *groups) == _COMMA and _are_one(groups):  # noqa: PLR2004
        return (_merged(*groups),)
    if len(groups) == 2 and _joint(view, *groups) == _COMMA and _is_explained(groups):  # noqa: PLR2004
        return (groups[0],)
    if len(groups) > 1 and _sums_to_first(groups) and _joint(view, groups[0], groups[1]) == _COMMA:
        return (groups[0],)
    if _tells_of_whom(groups):
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


MAX_AGE = 110
_BETWEEN_AGES = frozenset({",", "and"})


def _without_ages(view: View, groups: list[Group]) -> list[Group]:
    """Drop as many bare numbers behind a comma as people were counted before them: "two men, 26 and 21,"."""
    for group in groups:
        end = _end_of_ages(view, group)
        groups = [g for g in groups if not group.end <= g.start < end]
    return groups


def _end_of_ages(view: View, group: Group) -> int:
    """Return where the ages of a group of people end, one for each; the group's own end where it has none."""
    line, end, ages = view.line, group.end, 0
    if line.at(end) != ",":
        return end
    while line.at(end) in _BETWEEN_AGES or (
        line.at(end).isdecimal() and int(line.at(end)) <= MAX_AGE
    ):
        ages += line.at(end).isdecimal()
        end += 1
    return end if ages > 1 and ages == group.count.best else group.end


_OF_ALL_AGES = frozenset({"men", "women", "children", "boys", "girls", "babies", "elderly"})


def _tells_of_whom(groups: list[Group]) -> bool:
    """Tell whether one figure counts a bare list of ages and sexes: "about a dozen men, women and children"."""
    counted = (groups[0].count.best or groups[0].count.low or 0) > 1 and not groups[0].bare
    rest = {noun for g in groups for noun in g.nouns}
    return counted and len(groups) > 1 and all(g.bare for g in groups[1:]) and rest <= _OF_ALL_AGES


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
    named = all(g.names and g.count == numbers.of(1) for g in groups[1:])
    if not (named or set(groups[0].nouns) <= _GENERAL):
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


def is_governed(view: View, group: Group) -> bool:
    """Tell whether a preposition stands right before the group."""
    return view.line.at(group.start - 1) in _PREPOSITIONS
