"""Find who was killed and who was hurt, and how many, in one sentence.

A claim pairs a word of harm with the people it befell. Five families of wording are read: the victim before the word
("three men were killed", "14 dead"), after it ("killing three"), after a noun ("the deaths of three", "the bodies of
two"), as a toll ("the death toll rose to 14") and as nobody ("no casualties"). Groups of people come from `people`;
`victims` decides which of them a word befell.

"Shot" and "stabbed" are claims with the measure ``shot``: `tolls.fold` takes off those who died of it.
`fold` (from `tolls`) makes one figure of all claims of an incident.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.extract import numbers, people, periods, stated, victims, words
from monitor.extract.facts import Casualty
from monitor.extract.harm import Form, Verb, harm
from monitor.extract.tolls import CASUALTIES, INJURED, KILLED, SHOT, Folded, fold
from monitor.extract.victims import View
from schemas.report import Count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.extract.facts import Reading, Sentence
    from monitor.extract.people import Group

__all__ = ["CASUALTIES", "INJURED", "KILLED", "SHOT", "Folded", "find", "fold"]

_MEASURES = {Verb.KILL: KILLED, Verb.DIE: KILLED, Verb.INJURE: INJURED, Verb.HIT: SHOT}
_RANK = {SHOT: 0, INJURED: 1, CASUALTIES: 1, KILLED: 2}
# "shot", "stabbed" tell harm alone; "beaten", "burned", "hacked" only with a fatal word.
_HITS = frozenset("shot stabbed shoot shoots stabs stab shooting stabbing knifed".split())
_CAPTURES = frozenset(
    "captured detained arrested apprehended capture detain captures capturing detaining kidnapped".split()
)


@dataclass(frozen=True, slots=True)
class _Found:
    """A claim in positions: the groups it befell, the word of harm, and what the wording says of it."""

    measure: str
    groups: tuple[Group, ...]
    word: int
    total: bool = False
    uncertain: bool = False


def find(sentence: Sentence, reading: Reading) -> tuple[Casualty, ...]:
    """Return the claims of `sentence` in order; each group of people is used for one claim of a measure."""
    del reading
    line = words.of(sentence.span)
    lex = harm()
    if not any(word in lex.cues for word in line.lower):
        return ()
    view = View(line=line, lex=lex, groups=people.scan(line))
    kept = _settled(sorted(_all(view), key=lambda f: f.word))
    correction = any(line.longest(i, lex.phrases["corrections"]) for i in range(len(line)))
    return tuple(c for one in kept for c in _claims(sentence, view, one, correction=correction))


def _all(view: View) -> Iterator[_Found]:
    """Yield all claims; what stands within a stated zero makes no other claim."""
    denied: set[int] = set()
    for measure, count, start, end in stated.zeros(view):
        denied |= set(range(start, end))
        yield _Found(measure, (people.Group(start=start, end=end, count=count),), end - 1)
    for measure, figure, position in stated.tolls(view):
        group = people.Group(start=figure.start, end=figure.end, count=figure.count)
        yield _Found(measure, (group,), position, total=True)
    for position, word in enumerate(view.line.lower):
        if position in denied:
            continue
        verb = view.lex.verbs.get(word)
        found = [] if verb is None else [f for f in [_verb(view, position, *verb)] if f is not None]
        yield from found or _noun(view, position, word)


def _settled(found: list[_Found]) -> list[_Found]:
    """Return the claims with each group in one of them: shot, then killed, is killed; a toll's figure is the toll's."""
    kept: list[_Found] = []
    for one in found:
        clash = next((k for k in kept if _clashes(k, one)), None)
        if clash is None:
            kept.append(one)
        elif _RANK[one.measure] > _RANK[clash.measure] and not clash.total:
            kept[kept.index(clash)] = one
    return kept


def _clashes(first: _Found, second: _Found) -> bool:
    zero = numbers.of(0)
    if first.measure != second.measure and first.groups[0].count == second.groups[0].count == zero:
        return False
    return bool({g.start for g in first.groups} & {g.start for g in second.groups})


# --- verbs ---------------------------------------------------------------------------------------


def _verb(view: View, position: int, verb: Verb, form: Form) -> _Found | None:
    """Return the claim of the verb of harm at `position`."""
    measure = _measure(view, position, verb)
    if measure is None or not _is_fact(view, position, form) or _is_alternative(view, position):
        return None
    mixed = _mixed(view, position)
    if mixed is not None:
        measure = CASUALTIES
    groups = _befallen(view, position, mixed or position, verb, form)
    if not groups:
        return None
    return _Found(measure, groups, position, uncertain=_is_uncertain(view, position))


def _measure(view: View, position: int, verb: Verb) -> str | None:
    """Return what the verb does to its victim, ``None`` where it is no harm ("shot down a drone", "burned")."""
    line, word = view.line, view.line.at(position)
    if view.is_("fatal_before", position - 1):
        return KILLED
    if verb is not Verb.HIT:
        return _MEASURES[verb]
    if line.at(position + 1) == "at" or line.at(position - 1) in {"a", "the", "first", "warning"}:
        return None
    if line.at(position + 1) == "down" and not word.startswith("gun"):
        return None
    if line.longest(position + 1, view.lex.phrases["fatal_after"]):
        return KILLED
    return SHOT if word in _HITS else None


def _mixed(view: View, position: int) -> int | None:
    """Return the second word of "killed or wounded", "killed and injured 20": people hurt, not split."""
    line = view.line
    first, second = view.lex.verbs[line.at(position)], view.lex.verbs.get(line.at(position + 2))
    if second is None or line.at(position + 1) not in {"or", "and", "/"}:
        return None
    return position + 2 if {first[0], second[0]} == {Verb.KILL, Verb.INJURE} else None


def _is_alternative(view: View, position: int) -> bool:
    """Tell whether it is one side of "killed or captured": nobody knows how many died."""
    line = view.line
    right = line.at(position + 1) in {"or", "/"} and line.at(position + 2) in _CAPTURES
    return right or (line.at(position - 1) in {"or", "/"} and line.at(position - 2) in _CAPTURES)


def _is_fact(view: View, position: int, form: Form) -> bool:
    """Tell whether the verb tells what happened: not negated, not possible, not wanted, not threatened."""
    line = view.line
    i = position - 1
    while i >= 0 and any(view.is_(name, i) for name in ("adverbs", "be", "have", "negations")):
        if view.is_("negations", i):
            return False
        if line.at(i) == "to":
            return view.is_("factual_before_to", i - 1)
        i -= 1
    if view.is_("modals", i) or (line.at(i) == "may" and not line.tokens[i].text.istitle()):
        return False
    return not (form is Form.BASE and line.at(i) in {"to", "and", "or"})


def _is_uncertain(view: View, position: int) -> bool:
    """Tell whether they are feared or presumed dead and not known to be."""
    return any(view.line.at(i) in {"feared", "presumed"} for i in range(position - 3, position))


def _befallen(view: View, position: int, last: int, verb: Verb, form: Form) -> tuple[Group, ...]:
    """Return the groups that the verb befell; `last` is its second word where it is two."""
    aux = _auxiliary(view, position)
    if verb is Verb.DIE or (
        aux == "be" and (form is Form.PAST or view.line.at(position - 1) == "being")
    ):
        return victims.before(view, position)
    behind = victims.after(view, last)
    if form is not Form.PAST:
        return behind
    if behind and not _is_headline_passive(view, position):
        return behind
    return victims.adjacent(view, position)


def _is_headline_passive(view: View, position: int) -> bool:
    """Tell whether "14 killed, 30 wounded" has its victims before it: a bare figure or group, and a mark behind."""
    ahead = view.ending(victims.skip_left(view, position))
    if ahead is None:
        return False
    gap = view.line.at(position + 1)
    return gap in {",", "(", "-", ":"} or (ahead.head is None and not ahead.names)


def _auxiliary(view: View, position: int) -> str | None:
    """Return "be" or "have" where a form of it stands before the verb, adverbs between them apart."""
    line = view.line
    for i in range(position - 1, -1, -1):
        word = line.at(i)
        if view.is_("be", i) and not (word == "'s" and line.tokens[i].tag_ == "POS"):
            return "be"
        if view.is_("have", i):
            return "have"
        if not view.is_("adverbs", i):
            return _shared_auxiliary(view, i)
    return None


def _shared_auxiliary(view: View, joint: int) -> str | None:
    """Return the auxiliary of the verb before "and" at `joint`: "were shot and killed"."""
    line = view.line
    if line.at(joint) not in {"and", ",", "or", "then"} or view.starting(joint + 1) is not None:
        return None
    j = joint - 1 - (line.at(joint - 1) in {",", "and"})
    if j < 0 or (line.tokens[j].tag_ not in {"VBN", "VBD"} and line.at(j) not in view.lex.verbs):
        return None
    return _auxiliary(view, j)


# --- nouns, adjectives ---------------------------------------------------------------------------


def _noun(view: View, position: int, word: str) -> Iterator[_Found]:
    """Yield the claims of nouns and adjectives of harm at `position`."""
    if word == "dead" or view.covering(position) is not None:
        yield from _attributive(view, position, word)
    if word in {"dead", "deceased"}:
        yield from _dead(view, position)
    if view.is_("death_nouns", position) or view.is_("bodies", position):
        yield from _of(view, position, KILLED)
    if view.is_("injury_nouns", position):
        yield from _of(view, position, INJURED)
    if view.is_("wounds", position):
        yield from _suffered(view, position)
    if view.is_("lives", position):
        yield from _lives(view, position)
    for name, measure in (
        ("death_counts", KILLED),
        ("injury_counts", INJURED),
        ("casualty_counts", CASUALTIES),
    ):
        if view.is_(name, position) and word != "dead":
            yield from _counted(view, position, measure)
    if view.is_("fatally_after_count", position):
        yield from _fatally(view, position)


def _attributive(view: View, position: int, word: str) -> Iterator[_Found]:
    """Yield "two dead insurgents", "four wounded soldiers"."""
    group = view.covering(position)
    if group is None or group.head is None or position >= group.head:
        return
    if word in {"dead", "slain"}:
        yield _Found(KILLED, (group,), position)
    elif word in {"wounded", "injured"} and not group.definite:
        yield _Found(INJURED, (group,), position)


def _dead(view: View, position: int) -> Iterator[_Found]:
    """Yield "four people dead", "was found dead"; "the dead" counts nobody."""
    line = view.line
    if line.at(position - 1) in {"the", "of"} or view.covering(position) is not None:
        return
    groups = victims.adjacent(view, position)
    verbs = {"found", "pronounced", "declared", "lay", "lying", "confirmed", "left"}
    if not groups and any(
        view.is_("be", i) or line.at(i) in verbs for i in range(position - 3, position)
    ):
        groups = victims.before(view, position)
    if groups:
        yield _Found(KILLED, groups, position, uncertain=_is_uncertain(view, position))


def _of(view: View, position: int, measure: str) -> Iterator[_Found]:
    """Yield "the deaths of three soldiers", "injury to two", "the bodies of five"."""
    joint = view.line.at(position + 1)
    if joint != "of" and not (joint in {"to", "among"} and measure == INJURED):
        return
    group = view.starting(position + 2)
    if group is not None and not group.pronoun:
        yield _Found(measure, victims.rightward(view, group), position)


def _suffered(view: View, position: int) -> Iterator[_Found]:
    """Yield "three men suffered gunshot wounds"."""
    for i in range(position - 1, max(-1, position - 7), -1):
        if view.is_("suffered", i):
            groups = victims.before(view, i) if _is_fact(view, i, Form.PAST) else ()
            if groups:
                yield _Found(INJURED, groups, position)
            return
        if view.line.at(i) in {"fatal", "no", "without"}:
            return


def _lives(view: View, position: int) -> Iterator[_Found]:
    """Yield "claimed the lives of 12 people", "12 people lost their lives", "claimed 12 lives"."""
    line = view.line
    claim = next(
        (i for i in range(position - 1, max(-1, position - 6), -1) if view.is_("claim_lives", i)),
        None,
    )
    if line.at(position + 1) == "of":
        group = view.starting(position + 2)
        if group is not None and (claim is not None or line.at(position - 2) == "loss"):
            yield _Found(KILLED, victims.rightward(view, group), position)
        return
    if claim is None or not _is_fact(view, claim, Form.PAST):
        return
    counted = view.covering(position)
    if counted is not None and counted.start > claim and not counted.definite:
        yield _Found(KILLED, (counted,), position)
    elif line.at(claim) in {"lost", "lose", "losing"}:
        groups = victims.before(view, claim)
        if groups:
            yield _Found(KILLED, groups, position)


def _counted(view: View, position: int, measure: str) -> Iterator[_Found]:
    """Yield "12 fatalities", "60 casualties", "three bodies": a figure before the noun."""
    line = view.line
    for quantity in numbers.scan(line):
        if (
            quantity.sort is not numbers.Sort.COUNT
            or not quantity.end <= position <= quantity.end + 3
        ):
            continue
        between = range(quantity.end, position)
        if all(
            line.tokens[i].pos_ in {"ADJ", "NOUN", "PROPN"} or line.at(i) == "of" for i in between
        ):
            group = people.Group(
                start=quantity.start, end=position + 1, count=quantity.count, more=quantity.more
            )
            yield _Found(measure, (group,), position)


def _fatally(view: View, position: int) -> Iterator[_Found]:
    """Yield "one fatally" behind a claim of people shot."""
    group = view.ending(position) or view.ending(position - 1)
    if group is not None and view.line.at(position + 1) not in view.lex.verbs:
        yield _Found(KILLED, (group,), position)


# --- claims --------------------------------------------------------------------------------------


def _claims(
    sentence: Sentence, view: View, found: _Found, *, correction: bool
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
    found: _Found,
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
        running=groups[0].count != numbers.of(1) and periods.is_running(view, found.word),
        correction=correction,
        total=found.total,
        more=groups[0].more,
        definite=groups[0].definite,
    )
