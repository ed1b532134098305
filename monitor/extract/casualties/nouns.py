"""Read nouns and adjectives of harm: "the deaths of three", "14 dead", "the bodies of two", "60 casualties"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from monitor.extract.casualties import lineups, victims
from monitor.extract.casualties.tolls import CASUALTIES, INJURED, KILLED, SHOT
from monitor.extract.casualties.verbs import Found, is_fact, is_general_kind, is_uncertain
from monitor.extract.casualties.words import Form, Verb
from monitor.extract.numbers import rules as numbers
from monitor.extract.people import rules as people
from monitor.extract.people.nouns import is_person

if TYPE_CHECKING:
    from monitor.extract.casualties.view import View


# "calling publicly for the assassination of": so many words may stand between the wish and the deed.
MAX_WANTED = 5
# "were taken to the regional hospital in critical condition"
MAX_TAKEN = 7
# "the murder on Tuesday, 3 May, of": so many words may a date have.
MAX_DATE = 6
# "taken to St. Mary's General Hospital": so long is the name of a hospital.
MAX_NAME = 6
# "the 2024 protest killings"
_YEAR = re.compile(r"(?:19|20)\d\d")
_SENDING = frozenset("sent sends sending took takes taking put puts putting landed rushed".split())


# --- nouns, adjectives ---------------------------------------------------------------------------


def read_noun(view: View, position: int, word: str) -> Iterator[Found]:
    """Yield the claims of nouns and adjectives of harm at `position`."""
    if word == "dead" or view.covering(position) is not None:
        yield from _attributive(view, position, word)
    if word in {"dead", "killed"} and _is_unsplit(view, position):
        yield from _unsplit(view, position)
    elif word in {"dead", "deceased"}:
        yield from _dead(view, position)
    yield from _among(view, position, word)
    for name, read in _READERS:
        if view.is_(name, position):
            yield from read(view, position)
    if (size := view.lex.multiples.get(word)) is not None:
        yield from _multiple(view, position, size)


def _attributive(view: View, position: int, word: str) -> Iterator[Found]:
    """Yield "two dead insurgents", "four wounded soldiers"; "wounded soldiers" in general are no figure."""
    group = view.covering(position)
    if group is None or group.head is None or position >= group.head:
        return
    if word in {"dead", "slain"}:
        yield Found(KILLED, (group,), position)
    elif word in {"wounded", "injured"} and not (group.definite or is_general_kind(view, group)):
        yield Found(INJURED, (group,), position)


def _dead(view: View, position: int) -> Iterator[Found]:
    """Yield "four people dead", "was found dead"; "the dead" counts nobody."""
    line = view.line
    told = line.at(position - 1) in {"the", "of"} or line.at(position - 1) in view.lex.verbs
    if told or view.covering(position) is not None:
        return
    groups = victims.adjacent(view, position)
    verbs = {"found", "pronounced", "declared", "lay", "lying", "confirmed", "left"}
    if not groups and any(
        view.is_("be", i) or line.at(i) in verbs for i in range(position - 3, position)
    ):
        groups = tuple(g for g in victims.before(view, position) if not _finds(view, g, position))
    if groups:
        yield Found(KILLED, groups, position, uncertain=is_uncertain(view, position))


def _finds(view: View, group: people.Group, position: int) -> bool:
    """Tell whether they are who found somebody else dead: "officers found Garcia dead", not "two men found shot dead"."""
    between = view.line.tokens[group.end + 1 : position]
    found = view.line.at(group.end) in {"found", "find", "finds", "discovered", "pronounced"}
    return found and any(token.pos_ in {"PROPN", "NOUN", "PRON"} for token in between)


# "Among the injured are Ana Berg, 53, and Luis Gil": they are some of them.
_AMONG = {"dead": KILLED, "killed": KILLED, "injured": INJURED, "wounded": INJURED}


def _among(view: View, position: int, word: str) -> Iterator[Found]:
    """Yield those who are told to be "among the injured": at least so many there are."""
    line, measure = view.line, _AMONG.get(word)
    told = line.at(position - 2) == "among" and line.at(position - 1) in {"the", "those"}
    verb = next((i for i in range(position + 1, position + 3) if view.is_("be", i)), None)
    group = None if verb is None else view.starting(verb + 1)
    if measure is None or not told or group is None or group.pronoun or group.definite:
        return
    listed = lineups.rightward(view, replace(group, more=False))
    yield Found(
        measure, tuple(replace(g, count=numbers.at_least(g.count)) for g in listed), position
    )


def _is_unsplit(view: View, position: int) -> bool:
    """Tell whether it begins "dead and wounded", "killed or injured"."""
    line = view.line
    return line.at(position + 1) in {"and", "or", "/"} and line.at(position + 2) in {
        "wounded",
        "injured",
        "hurt",
    }


def _unsplit(view: View, position: int) -> Iterator[Found]:
    """Yield "19 people, including dead and wounded", "20 dead and wounded": how many of each is not told."""
    i = position
    while i > 0 and view.line.at(i - 1) in {
        ",",
        "including",
        "both",
        "between",
        "(",
        "either",
        "were",
        "some",
        "as",
    }:
        i -= 1
    group = view.ending(i)
    if group is not None and not group.pronoun:
        yield Found(CASUALTIES, lineups.leftward(view, group), position)


def _of(view: View, position: int, measure: str) -> Iterator[Found]:
    """Yield "the deaths of three soldiers", "injury to two", "the bodies of five"."""
    if measure == KILLED:
        position = _before_of(view, position)
    joint = view.line.at(position + 1)
    if _is_wanted(view, position):
        return
    if joint != "of" and not (joint in {"to", "among"} and measure == INJURED):
        return
    group = view.starting(position + 2)
    if group is None or group.pronoun or (group.bare and view.is_("crimes", position)):
        return
    yield Found(measure, lineups.rightward(view, group), position)


def _is_wanted(view: View, position: int) -> bool:
    """Tell whether the death was wished or planned: "called for the murder of", not "called after the murder of"."""
    for i in range(position - 1, max(-1, position - MAX_WANTED - 1), -1):
        if view.line.at(i) in {"after", "following", "over", "since"}:
            return False
        if view.is_("wanted_before", i):
            return True
    return False


def _before_of(view: View, position: int) -> int:
    """Return where "of" is awaited behind a noun of death: a date may stand between, "the murder on 3 May of"."""
    line = view.line
    if line.at(position + 1) not in {"in", "on", "last", "this", "yesterday"}:
        return position
    behind = range(position + 2, position + 2 + MAX_DATE)
    of = next((i for i in behind if line.at(i) == "of"), None)
    dated = of is not None and all(
        line.tokens[i].pos_ in {"PROPN", "NUM", "NOUN", "ADP", "PUNCT", "DET"}
        for i in range(position + 1, of)
    )
    return of - 1 if of is not None and dated and line.at(of - 1) not in {"the", "a"} else position


def _whose(view: View, position: int) -> Iterator[Found]:
    """Yield "the six monks' murder", "the minister's assassination"; "the army's killing of two" is of two others."""
    line = view.line
    noun = line.tokens[position + 1].pos_ == "NOUN" if position + 1 < len(line) else False
    if line.at(position - 1) not in {"'s", "'", "’s", "’"} or noun or line.at(position + 1) == "of":
        return
    group = view.ending(position - 1) or view.covering(position)
    if group is None or group.pronoun or group.bare or group.perpetrator:
        return
    person = group.sure or bool(group.names) or is_person(line.at(position - 2))
    if group.count.best is not None and person:
        yield Found(KILLED, (group,), position)


# "Four others sustained gunshot wounds": others than those who died of theirs.
_OTHERS = frozenset({"other", "others", "another"})


def _suffered(view: View, position: int) -> Iterator[Found]:
    """Yield "three men suffered gunshot wounds"."""
    for i in range(position - 1, max(-1, position - 7), -1):
        if view.is_("suffered", i):
            groups = victims.before(view, i) if is_fact(view, i, Form.PAST) else ()
            if groups:
                shot = {view.line.at(j) for j in range(i, position + 2)} & {
                    "gunshot",
                    "bullet",
                    "stab",
                }
                survived = any(
                    view.line.at(j) in _OTHERS for j in range(groups[0].start, groups[-1].end)
                )
                yield Found(SHOT if shot and not survived else INJURED, groups, position)
            return
        if view.line.at(i) in {"fatal", "no", "without"}:
            return
        if view.line.at(i) in {"with", "for"}:
            yield from _with_wounds(view, position, i)
            return


def _in_condition(view: View, position: int) -> Iterator[Found]:
    """Yield "three others are in a serious condition", "left two in critical condition"."""
    line = view.line
    i = position - 1
    while i > 0 and view.is_("conditions", i):
        i -= 1
    if line.at(i) != "in" or i == position - 1:
        return
    taken = next(
        (j for j in range(i - 1, max(-1, i - MAX_TAKEN), -1) if view.is_("treated", j)), None
    )
    near = () if taken is not None else victims.adjacent(view, i)
    behind = i if view.is_("be", i - 1) else taken
    groups = near or (() if behind is None else victims.before(view, behind))
    if groups and not (groups[0].pronoun and groups[0].count != numbers.of(1)):
        yield Found(INJURED, groups, position)


def _to_hospital(view: View, position: int) -> Iterator[Found]:
    """Yield "four people were taken to hospital", "sent four people to the hospital"; not of those who died there.

    Beside the dead they are the injured; alone, all who were hurt, some of whom may die.
    """
    line = view.line
    if line.has(position - 1, ("in",)):
        yield from _in_hospital(view, position - 1)
        return
    words = range(position - 1, max(-1, position - MAX_NAME), -1)
    to = next((i for i in words if line.at(i) == "to"), 0)
    if not to or any(_tells_death(view, i) for i in range(position, len(line))):
        return
    groups = _sent(view, to)
    if not groups or groups[0].pronoun or groups[0].definite or groups[0].count.best is None:
        return
    survived = groups[0].more or any(_tells_death(view, i) for i in range(position))
    yield Found(INJURED if survived else SHOT, groups, position)


def _in_hospital(view: View, preposition: int) -> Iterator[Found]:
    """Yield "three are in hospital", "two dead, three in hospital"."""
    near = victims.adjacent(view, preposition)
    if near and near[0].count.best and not near[0].definite:
        yield Found(INJURED, near, preposition + 1)


# "are still being", "undergoing", "remain in intensive": what stands before "treated", "treatment" and "care".
_CARED = frozenset("being under undergoing receiving intensive".split())


def _in_care(view: View, position: int) -> Iterator[Found]:
    """Yield "14 people are still being treated", "31 were under treatment"; not those treated for an illness."""
    line = view.line
    if line.at(position - 1) not in _CARED or line.at(position + 1) == "for":
        return
    groups = victims.before(view, position)
    if not groups or groups[0].pronoun or groups[0].definite or groups[0].count.best is None:
        return
    if not any(_tells_death(view, i) for i in range(len(line))):
        yield Found(INJURED, groups, position)


def _sent(view: View, to: int) -> tuple[people.Group, ...]:
    """Return those who were taken "to" a hospital, or whom something sent there."""
    sent = view.ending(to)
    if sent is not None and view.line.at(sent.start - 1) in _SENDING:
        return (sent,)
    return victims.before(view, to - 1) if view.is_("treated", to - 1) else ()


def _tells_death(view: View, position: int) -> bool:
    """Tell whether the word says that somebody died or was killed."""
    word = view.line.at(position)
    verb = view.lex.verbs.get(word)
    return word in {"dead", "deceased"} or (verb is not None and verb[0] in {Verb.DIE, Verb.KILL})


def _with_wounds(view: View, position: int, preposition: int) -> Iterator[Found]:
    """Yield "left 20 others with injuries", "four were taken to hospital with burns"."""
    if (left := view.ending(preposition)) is not None and view.line.at(left.start - 1) in {
        "left",
        "leaving",
        "leaves",
    }:
        yield Found(INJURED, (left,), position)
        return
    verb = next(
        (i for i in range(preposition - 1, max(-1, preposition - 7), -1) if view.is_("treated", i)),
        None,
    )
    groups = () if verb is None else victims.before(view, verb)
    if groups:
        yield Found(INJURED, groups, position)


def _lives(view: View, position: int) -> Iterator[Found]:
    """Yield "claimed the lives of 12 people", "12 people lost their lives", "claimed 12 lives"."""
    line = view.line
    claim = next(
        (i for i in range(position - 1, max(-1, position - 6), -1) if view.is_("claim_lives", i)),
        None,
    )
    if line.at(position + 1) == "of":
        group = view.starting(position + 2)
        if group is not None and (claim is not None or line.at(position - 2) == "loss"):
            yield Found(KILLED, lineups.rightward(view, group), position)
        return
    if claim is None or not is_fact(view, claim, Form.PAST):
        return
    counted = view.covering(position)
    if counted is not None and counted.start > claim and not counted.definite:
        yield Found(KILLED, (counted,), position)
    elif line.at(claim) in {"lost", "lose", "losing"}:
        groups = victims.before(view, claim)
        if groups:
            yield Found(KILLED, groups, position)


def _limb(view: View, position: int) -> Iterator[Found]:
    """Yield "a soldier lost his foot", "lost both legs"."""
    for i in range(position - 1, max(-1, position - MAX_LIMB), -1):
        if view.line.at(i) in {"lost", "lose", "loses", "losing"}:
            groups = victims.before(view, i) if is_fact(view, i, Form.PAST) else ()
            if groups:
                yield Found(INJURED, groups, position)
            return


def _martyrdom(view: View, position: int) -> Iterator[Found]:
    """Yield "four policemen embraced martyrdom": South Asian and Arab media say so of those who were killed."""
    if view.line.at(position - 1) in _EMBRACED and is_fact(view, position - 1, Form.PAST):
        groups = victims.before(view, position - 1)
        if groups:
            yield Found(KILLED, groups, position)


def _counted(view: View, position: int, measure: str) -> Iterator[Found]:
    """Yield "12 fatalities", "60 casualties", "three bodies": a figure before the noun."""
    line = view.line
    if line.at(position) == "dead":
        return
    for quantity in view.quantities:
        if (
            quantity.sort is not numbers.Sort.COUNT
            or not quantity.end <= position <= quantity.end + 3
        ):
            continue
        between = range(quantity.end, position)
        if between and _YEAR.fullmatch(line.at(quantity.core)):
            continue
        if all(
            line.tokens[i].pos_ in {"ADJ", "NOUN", "PROPN"} or line.at(i) == "of" for i in between
        ):
            group = people.Group(
                start=quantity.start, end=position + 1, count=quantity.count, more=quantity.more
            )
            yield Found(measure, (group,), position)


def _fatally(view: View, position: int) -> Iterator[Found]:
    """Yield "one fatally" behind a claim of people shot."""
    group = view.ending(position) or view.ending(position - 1)
    if group is not None and view.line.at(position + 1) not in view.lex.verbs:
        yield Found(KILLED, (group,), position)


def _multiple(view: View, position: int, size: int) -> Iterator[Found]:
    """Yield "a triple murder", "quadruple shooting"."""
    noun = view.line.at(position + 1)
    group = people.Group(start=position, end=position + 2, count=numbers.of(size))
    if noun in {"murder", "homicide", "killing", "slaying", "murders", "slayings", "killings"}:
        yield Found(KILLED, (group,), position + 1)
    elif noun in {"shooting", "stabbing"}:
        yield Found(SHOT, (group,), position + 1)


# "lost a part of his left leg"
MAX_LIMB = 7
_EMBRACED = frozenset("embraced embracing attained achieved received".split())
# Which lists of nouns make which claims.
_READERS: tuple[tuple[str, Callable[[View, int], Iterator[Found]]], ...] = (
    ("death_nouns", partial(_of, measure=KILLED)),
    ("murders", _whose),
    ("bodies", partial(_of, measure=KILLED)),
    ("injury_nouns", partial(_of, measure=INJURED)),
    ("wounds", _suffered),
    ("condition", _in_condition),
    ("hospitals", _to_hospital),
    ("care", _in_care),
    ("lives", _lives),
    ("martyrdom", _martyrdom),
    ("limbs", _limb),
    ("death_counts", partial(_counted, measure=KILLED)),
    ("injury_counts", partial(_counted, measure=INJURED)),
    ("casualty_counts", partial(_counted, measure=CASUALTIES)),
    ("fatally_after_count", _fatally),
)
