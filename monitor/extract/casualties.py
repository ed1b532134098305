"""Find who was killed and who was hurt, and how many, in one sentence.

A claim pairs a word of harm with the people it befell. Five families of wording are read: the victim before the word
("three men were killed", "14 dead"), after it ("killing three"), after a noun ("the deaths of three", "the bodies of
two"), as a toll ("the death toll rose to 14") and as nobody ("no casualties"). Groups of people come from `people`;
`victims` decides which of them a word befell.

"Shot" and "stabbed" are claims with the measure ``shot``: `tolls.fold` takes off those who died of it.
`fold` (from `tolls`) makes one figure of all claims of an incident.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from monitor.extract import numbers, people, periods, stated, victims, words
from monitor.extract.facts import Casualty
from monitor.extract.harm import Form, Verb, harm
from monitor.extract.tolls import CASUALTIES, INJURED, KILLED, SHOT, Folded, fold
from monitor.extract.victims import View
from schemas.report import Count

if TYPE_CHECKING:
    from monitor.extract.facts import Reading, Sentence
    from monitor.extract.people import Group

__all__ = ["CASUALTIES", "INJURED", "KILLED", "SHOT", "Folded", "find", "fold"]

_MEASURES = {Verb.KILL: KILLED, Verb.DIE: KILLED, Verb.INJURE: INJURED, Verb.HIT: SHOT}
_RANK = {SHOT: 0, INJURED: 1, CASUALTIES: 1, KILLED: 2}
# "shot", "stabbed" tell harm alone; "beaten", "burned", "hacked" only with a fatal word.
_HITS = frozenset("shot stabbed shoot shoots stabs stab shooting stabbing knifed".split())
# "calling publicly for the assassination of": so many words may stand between the wish and the deed.
MAX_WANTED = 5
# "Four people shot at a party" were hit; "gunmen shot at a car" missed.
_BYSTANDERS = frozenset(
    "people person man men woman women boy boys girl girls child children teen teens teenager teenagers student students "
    "victims youths others residents".split()
)
_ANOTHER = frozenset({"another", "further", "additional", "second", "third", "fourth"})
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
    more: bool = False


def find(sentence: Sentence, reading: Reading) -> tuple[Casualty, ...]:
    """Return the claims of `sentence` in order; each group of people is used for one claim of a measure."""
    del reading
    line = words.of(sentence.span)
    lex = harm()
    if not any(word in lex.cues for word in line.lower):
        return ()
    view = View(line=line, lex=lex, groups=people.scan(line))
    found = _settled(sorted(_all(view), key=lambda f: f.word))
    kept = _with_additions(view, _current(view, found))
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


# "initial reports said that 10 people": so many words may stand between.
MAX_OUTDATED = 6


def _current(view: View, found: list[_Found]) -> list[_Found]:
    """Drop the claims that the sentence itself replaces: "initially 10 people had died, but the toll was seven"."""
    return [
        f
        for f in found
        if not (_is_outdated(view, f) and any(o is not f and o.measure == f.measure for o in found))
    ]


def _is_outdated(view: View, found: _Found) -> bool:
    start = found.groups[0].start
    return any(view.is_("outdated", i) for i in range(max(0, start - MAX_OUTDATED), start))


def _with_additions(view: View, found: list[_Found]) -> list[_Found]:
    """Mark the claims that add to one before them in the sentence: "two soldiers were killed and ... three guards"."""
    marked: list[_Found] = []
    for one in found:
        before = next((m for m in reversed(marked) if m.measure == one.measure), None)
        adds = before is not None and _adds(view, before, one)
        marked.append(replace(one, more=True) if adds else one)
    return marked


def _adds(view: View, first: _Found, second: _Found) -> bool:
    """Tell whether two claims of a sentence are of different people in one event."""
    a, b = first.groups[0], second.groups[0]
    if _is_also(view, second) and not first.total:
        return True
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
    vague = bool(groups) and groups[0].count.best is None and (groups[0].bare or groups[0].definite)
    if not groups or (vague and _is_general(view, position, form)):
        return None
    return _Found(measure, groups, position, uncertain=_is_uncertain(view, position))


def _measure(  # noqa: PLR0911 - one return a reading of the verb
    view: View, position: int, verb: Verb
) -> str | None:
    """Return what the verb does to its victim, ``None`` where it is no harm ("shot down a drone", "burned")."""
    line, word = view.line, view.line.at(position)
    if view.is_("fatal_before", position - 1):
        return KILLED
    if verb is not Verb.HIT:
        return _MEASURES[verb]
    if line.at(position - 1) in {"a", "the", "first", "warning"} or _is_shot_at(view, position):
        return None
    if word in {"shooting", "stabbing"} and line.tokens[position].pos_ != "VERB":
        return None
    if line.at(position + 1) == "down" and not word.startswith("gun"):
        return None
    if line.longest(position + 1, view.lex.phrases["fatal_after"]):
        return KILLED
    return SHOT if word in _HITS else None


def _is_shot_at(view: View, position: int) -> bool:
    """Tell whether somebody was shot at, and not shot at some place."""
    if view.line.at(position + 1) != "at":
        return False
    ahead = victims.adjacent(view, position)
    hit = bool(ahead) and (ahead[-1].head is None or view.line.at(ahead[-1].head) in _BYSTANDERS)
    passive = hit or _auxiliary(view, position) == "be"
    return not passive or view.line.at(position + 2) == "by"


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


def _is_general(view: View, position: int, form: Form) -> bool:
    """Tell whether a plural without figure is spoken of in general: "people are getting killed", "killing civilians"."""
    before = {view.line.at(i) for i in range(max(0, position - 3), position)}
    if before & {"was", "were", "been", "had"}:
        return False
    return form is Form.BASE or bool(
        before & {"are", "is", "get", "gets", "getting", "'re", "being"}
    )


def _is_uncertain(view: View, position: int) -> bool:
    """Tell whether they are feared or presumed dead and not known to be."""
    return any(view.line.at(i) in {"feared", "presumed"} for i in range(position - 3, position))


def _befallen(view: View, position: int, last: int, verb: Verb, form: Form) -> tuple[Group, ...]:
    """Return the groups that the verb befell; `last` is its second word where it is two."""
    aux = _auxiliary(view, position)
    if verb is Verb.DIE or (
        aux == "be" and (form is Form.PAST or view.line.at(position - 1) == "being")
    ):
        ahead = _agreeing(view, position, victims.before(view, position))
        return (*ahead, *victims.along_with(view, position)) if ahead else ()
    if (
        view.line.at(position + 1) == "and"
        and view.line.at(position + 2) in view.lex.verbs
        and last == position
    ):
        return ()
    behind = victims.after(view, last)
    if form is not Form.PAST:
        return behind
    if behind and not _is_headline_passive(view, position):
        return behind
    return () if _has_object(view, last) else victims.adjacent(view, position)


def _has_object(view: View, position: int) -> bool:
    """Tell whether the verb has an object that is no person: "lawmakers killed the bill"."""
    i = victims.skip_right(view, position)
    token = view.line.tokens[i] if i < len(view.line) else None
    return (
        token is not None
        and token.pos_ in {"DET", "PRON", "ADJ", "NOUN"}
        and not people.is_stop(view.line.at(i))
    )


def _agreeing(view: View, position: int, groups: tuple[Group, ...]) -> tuple[Group, ...]:
    """Return the one person that "was" speaks of: "Rene Lopez, an official and leader of the party, was shot"."""
    one = len(groups) > 1 and groups[0].names and groups[0].count == numbers.of(1)
    if one and any(view.line.at(i) == "was" for i in range(groups[-1].end, position)):
        return groups[:1]
    return groups


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
    if word in {"dead", "killed"} and _is_unsplit(view, position):
        yield from _unsplit(view, position)
    elif word in {"dead", "deceased"}:
        yield from _dead(view, position)
    for name, read in _READERS:
        if view.is_(name, position):
            yield from read(view, position)
    if (size := view.lex.multiples.get(word)) is not None:
        yield from _multiple(view, position, size)


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


def _is_unsplit(view: View, position: int) -> bool:
    """Tell whether it begins "dead and wounded", "killed or injured"."""
    line = view.line
    return line.at(position + 1) in {"and", "or", "/"} and line.at(position + 2) in {
        "wounded",
        "injured",
        "hurt",
    }


def _unsplit(view: View, position: int) -> Iterator[_Found]:
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
        yield _Found(CASUALTIES, victims.leftward(view, group), position)


def _of(view: View, position: int, measure: str) -> Iterator[_Found]:
    """Yield "the deaths of three soldiers", "injury to two", "the bodies of five"."""
    joint = view.line.at(position + 1)
    if any(view.is_("wanted_before", i) for i in range(max(0, position - MAX_WANTED), position)):
        return
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
                shot = {view.line.at(j) for j in range(i, position + 2)} & {
                    "gunshot",
                    "bullet",
                    "stab",
                }
                yield _Found(SHOT if shot else INJURED, groups, position)
            return
        if view.line.at(i) in {"fatal", "no", "without"}:
            return
        if view.line.at(i) == "with":
            yield from _with_wounds(view, position, i)
            return


def _with_wounds(view: View, position: int, preposition: int) -> Iterator[_Found]:
    """Yield "left 20 others with injuries", "four were taken to hospital with burns"."""
    if (left := view.ending(preposition)) is not None and view.line.at(left.start - 1) in {
        "left",
        "leaving",
        "leaves",
    }:
        yield _Found(INJURED, (left,), position)
        return
    verb = next(
        (i for i in range(preposition - 1, max(-1, preposition - 7), -1) if view.is_("treated", i)),
        None,
    )
    groups = () if verb is None else victims.before(view, verb)
    if groups:
        yield _Found(INJURED, groups, position)


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
    if line.at(position) == "dead":
        return
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


def _multiple(view: View, position: int, size: int) -> Iterator[_Found]:
    """Yield "a triple murder", "quadruple shooting"."""
    noun = view.line.at(position + 1)
    group = people.Group(start=position, end=position + 2, count=numbers.of(size))
    if noun in {"murder", "homicide", "killing", "slaying", "murders", "slayings", "killings"}:
        yield _Found(KILLED, (group,), position + 1)
    elif noun in {"shooting", "stabbing"}:
        yield _Found(SHOT, (group,), position + 1)


# Which lists of nouns make which claims.
_READERS: tuple[tuple[str, Callable[[View, int], Iterator[_Found]]], ...] = (
    ("death_nouns", partial(_of, measure=KILLED)),
    ("bodies", partial(_of, measure=KILLED)),
    ("injury_nouns", partial(_of, measure=INJURED)),
    ("wounds", _suffered),
    ("lives", _lives),
    ("death_counts", partial(_counted, measure=KILLED)),
    ("injury_counts", partial(_counted, measure=INJURED)),
    ("casualty_counts", partial(_counted, measure=CASUALTIES)),
    ("fatally_after_count", _fatally),
)


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
        more=found.more or groups[0].more or _is_also(view, found),
        another=_is_another(view, groups[0]) or _is_also(view, found),
        definite=groups[0].definite,
    )


def _is_another(view: View, group: Group) -> bool:
    """Tell whether a group adds to those before in so many words: "another two", "three more"."""
    line = view.line
    return any(
        line.at(i) in _ANOTHER or (line.at(i) == "more" and line.at(i + 1) != "than")
        for i in range(group.start, group.end + 1)
    )


def _is_also(view: View, found: _Found) -> bool:
    """Tell whether "also" before the verb adds its victims to those told before."""
    return not found.total and any(
        view.line.at(i) == "also" for i in range(found.word - 3, found.word)
    )
