"""Find who was killed and who was hurt, and how many, in one sentence.

A claim pairs a word of harm with the people it befell. Five families of wording are read, each by one
function: the victim before the word ("three men were killed", "14 dead"), after it ("killing three"), after a noun
("the deaths of three", "the bodies of two"), as a toll ("the death toll rose to 14") and as nobody ("no casualties").
Groups of people come from `people`; which of them a verb takes is decided from the parse where it names a subject
in one of the groups, else from the nearest group that no preposition governs.

"Shot" and "stabbed" are claims with the measure ``shot``: `tolls.fold` takes off those who died of it.
`fold` (from `tolls`) makes one figure of all claims of an incident.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.extract import numbers, people, words
from monitor.extract.facts import Casualty
from monitor.extract.harm import Form, HarmLexicon, Verb, harm
from monitor.extract.tolls import CASUALTIES, INJURED, KILLED, SHOT, Folded, fold
from schemas.report import Count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.extract.facts import Reading, Sentence
    from monitor.extract.people import Group
    from monitor.extract.words import Words

__all__ = ["CASUALTIES", "INJURED", "KILLED", "SHOT", "Folded", "find", "fold"]

# A subject stands within so many words of its verb, prepositional phrases and asides between them included.
MAX_REACH = 40
# "the death toll from the two blasts in the northern city has now risen to at least 14": so far from toll to figure.
MAX_TOLL_REACH = 18

_PREPOSITIONS = frozenset(
    "of in on at by from with near inside outside against for to into among between under over behind including after before during than via toward towards around across through as per despite since without about like".split()
)
_JOINTS = (
    (",",),
    ("and",),
    (",", "and"),
    ("as", "well", "as"),
    (",", "as", "well", "as"),
    ("along", "with"),
    ("plus",),
    ("&",),
    ("and", "also"),
    ("together", "with"),
    ("and", "then"),
)
_BOUNDARIES = frozenset(
    {";", "when", "while", "because", "although", "though", "if", "unless", ":"}
)
_MEASURES = {Verb.KILL: KILLED, Verb.DIE: KILLED, Verb.INJURE: INJURED, Verb.HIT: SHOT}


@dataclass(frozen=True, slots=True)
class _Found:
    """A claim in positions: the groups it befell, the word of harm, and what the wording says of it."""

    measure: str
    groups: tuple[Group, ...]
    word: int
    total: bool = False
    uncertain: bool = False
    part: bool = False


@dataclass(frozen=True, slots=True)
class _View:
    """A sentence as the patterns see it."""

    line: Words
    lex: HarmLexicon
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


def find(sentence: Sentence, reading: Reading) -> tuple[Casualty, ...]:
    """Return the claims of `sentence` in order; each word and each group is used for one claim."""
    del reading
    line = words.of(sentence.span)
    view = _View(line=line, lex=harm(), groups=people.scan(line))
    found = sorted(_all(view), key=lambda f: (f.word, f.groups[0].start if f.groups else f.word))
    running, correction = _is_running(view), _is_correction(view)
    return tuple(
        claim
        for one in _once(found)
        for claim in _claims(sentence, view, one, running=running, correction=correction)
    )


def _all(view: _View) -> Iterator[_Found]:
    yield from _tolls(view)
    yield from _nobody(view)
    for position, word in enumerate(view.line.lower):
        if (verb := view.lex.verbs.get(word)) is not None:
            found = _verb(view, position, *verb)
            if found is not None:
                yield found
        else:
            yield from _noun(view, position, word)


def _once(found: list[_Found]) -> list[_Found]:
    """Drop claims over groups that an earlier claim of the same measure took."""
    kept: list[_Found] = []
    for one in found:
        same = [
            k
            for k in kept
            if k.measure == one.measure or {k.measure, one.measure} <= {KILLED, SHOT, INJURED}
        ]
        taken = {g.start for k in same for g in k.groups}
        if one.groups and any(g.start in taken for g in one.groups):
            kept = _settle(kept, one)
            continue
        kept.append(one)
    return kept


def _settle(kept: list[_Found], one: _Found) -> list[_Found]:
    """Where two words befell the same people, the graver measure stands: shot, then killed."""
    rank = {SHOT: 0, INJURED: 1, CASUALTIES: 1, KILLED: 2}
    starts = {g.start for g in one.groups}
    out = []
    for k in kept:
        clash = starts & {g.start for g in k.groups}
        if clash and rank[one.measure] > rank[k.measure] and not k.total:
            out.append(one)
            one = k
        else:
            out.append(k)
    return out


# --- verbs ---------------------------------------------------------------------------------------


def _verb(view: _View, position: int, verb: Verb, form: Form) -> _Found | None:
    """Return the claim of the verb of harm at `position`."""
    measure = _measure(view, position, verb)
    if measure is None or not _is_fact(view, position, form):
        return None
    if verb is not Verb.DIE:
        mixed = _mixed(view, position)
        if mixed is not None:
            measure, position = CASUALTIES, mixed
    groups = _befallen(view, position, verb, form)
    if not groups:
        return None
    return _Found(
        measure=measure, groups=groups, word=position, uncertain=_is_uncertain(view, position)
    )


def _measure(view: _View, position: int, verb: Verb) -> str | None:
    """Return what the verb does to its victim, ``None`` where it is no harm ("shot down a drone", "burned")."""
    line, lex = view.line, view.lex
    word = line.at(position)
    fatal = line.longest(position + 1, lex.phrases["fatal_after"]) > 0 or lex.is_(
        "fatal_before", line.at(position - 1)
    )
    if verb is not Verb.HIT:
        return (
            KILLED
            if fatal and verb is Verb.INJURE and line.at(position - 1) in {"fatally", "mortally"}
            else _MEASURES[verb]
        )
    if line.at(position + 1) == "at" or line.at(position - 1) in {"a", "the", "first", "warning"}:
        return None
    if line.at(position + 1) == "down" and word not in {"gunned", "gunning", "guns"}:
        return None
    if fatal:
        return KILLED
    return (
        SHOT
        if word
        in {"shot", "stabbed", "shoot", "shoots", "stabs", "stab", "shooting", "stabbing", "knifed"}
        else None
    )


def _mixed(view: _View, position: int) -> int | None:
    """Return the second word of "killed or wounded", "killed and injured 20": people hurt, not split."""
    line, lex = view.line, view.lex
    joint, second = line.at(position + 1), lex.verbs.get(line.at(position + 2))
    first = lex.verbs[line.at(position)]
    if (
        second is None
        or joint not in {"or", "and", "/"}
        or {first[0], second[0]} != {Verb.KILL, Verb.INJURE}
    ):
        return None
    return position + 2


def _is_fact(view: _View, position: int, form: Form) -> bool:
    """Tell whether the verb tells what happened: not negated, not possible, not wanted, not threatened."""
    line, lex = view.line, view.lex
    i = position - 1
    while i >= 0 and (
        lex.is_("adverbs", line.at(i)) or lex.is_("be", line.at(i)) or lex.is_("have", line.at(i))
    ):
        if lex.is_("negations", line.at(i)):
            return False
        if line.at(i) == "to":
            return _is_factual_to(view, i, form)
        i -= 1
    word = line.at(i)
    if word == "may" and not line.tokens[i].text.istitle():
        return False
    return not (lex.is_("modals", word) or lex.is_("negations", word)) and not (
        form is Form.BASE and word in {"to", "and", "or"} and not line.shouted
    )


def _is_factual_to(view: _View, to: int, form: Form) -> bool:
    """Tell whether "to" before the verb follows a word that makes it a fact."""
    before = view.line.at(to - 1)
    return view.lex.is_("factual_before_to", before) or (
        form is not Form.BASE and before in {"led", "due"}
    )


def _is_uncertain(view: _View, position: int) -> bool:
    """Tell whether they are feared, presumed or believed dead and not known to be."""
    return any(view.line.at(i) in {"feared", "presumed"} for i in range(position - 3, position))


def _befallen(view: _View, position: int, verb: Verb, form: Form) -> tuple[Group, ...]:
    """Return the groups that the verb befell."""
    line = view.line
    aux = _auxiliary(view, position)
    if verb is Verb.DIE:
        return _before(view, position)
    if form in {Form.BASE, Form.PRESENT, Form.GERUND}:
        return () if aux == "be" and line.at(position - 1) == "being" else _after(view, position)
    if aux == "be":
        return _before(view, position)
    after = _after(view, position)
    if after and aux != "have" and _adjacent(view, position):
        return _before(view, position) if _is_headline_passive(view, position) else after
    if after:
        return after
    return _adjacent(view, position)


def _is_headline_passive(view: _View, position: int) -> bool:
    """Tell whether "N killed, M ..." has its victims before it: a figure or group directly before, none as agent."""
    before = view.ending(_skip_left(view, position))
    after = view.starting(_skip_right(view, position))
    return before is not None and before.head is None and after is not None and after.head is None


def _auxiliary(view: _View, position: int) -> str | None:
    """Return "be" or "have" where a form of it stands before the verb, adverbs between them apart."""
    line, lex = view.line, view.lex
    i = position - 1
    while i >= 0:
        word = line.at(i)
        if lex.is_("be", word) and not (word == "'s" and line.tokens[i].tag_ == "POS"):
            return "be"
        if lex.is_("have", word) and line.at(i + 1) != "to":
            return "have"
        if not lex.is_("adverbs", word):
            return _shared_auxiliary(view, i)
        i -= 1
    return None


def _shared_auxiliary(view: _View, i: int) -> str | None:
    """Return the auxiliary of a verb that stands before "and": "were shot and killed"."""
    line = view.line
    if line.at(i) not in {"and", ",", "or", "then"}:
        return None
    j = i - 1
    if line.at(j) in {",", "and"}:
        j -= 1
    token = line.tokens[j] if j >= 0 else None
    if token is None or (
        token.tag_ not in {"VBN", "VBD"} and view.lex.verbs.get(line.at(j)) is None
    ):
        return None
    if view.starting(i + 1) is not None:
        return None
    return _auxiliary(view, j)


def _skip_right(view: _View, position: int) -> int:
    """Return the first position after the verb that is no adverb, particle or fatal word."""
    line, lex = view.line, view.lex
    i = position + 1
    i += line.longest(i, lex.phrases["fatal_after"])
    while (
        i < len(line)
        and lex.is_("adverbs", line.at(i))
        and view.starting(i) is None
        and line.at(i) not in {"to", "all", "both", "have"}
    ):
        i += 1
    if (
        line.at(i) in {"all", "both"}
        and view.starting(i) is None
        and view.starting(i + 1) is not None
    ):
        i += 1
    return i


def _after(view: _View, position: int) -> tuple[Group, ...]:
    """Return the groups that begin right after the verb."""
    group = view.starting(_skip_right(view, position))
    return () if group is None else _rightward(view, group)


def _skip_left(view: _View, position: int) -> int:
    """Return the position just after the word that stands before the verb, its auxiliaries and its adverbs."""
    line, lex = view.line, view.lex
    i = position
    while i > 0 and view.ending(i) is None:
        word = line.at(i - 1)
        if not (
            lex.is_("adverbs", word)
            or lex.is_("be", word)
            or lex.is_("have", word)
            or word in {"who", "that", "which"}
        ):
            break
        i -= 1
    return i


def _adjacent(view: _View, position: int) -> tuple[Group, ...]:
    """Return the groups that end right before the verb: "14 killed", "three soldiers dead"."""
    group = view.ending(_skip_left(view, position))
    if group is None or group.pronoun or not (group.sure or group.nouns):
        return ()
    return _leftward(view, _governor(view, group))


def _before(view: _View, position: int) -> tuple[Group, ...]:
    """Return the groups that are the subject of the verb at `position`."""
    group = _by_parse(view, position) or _nearest(view, position)
    return () if group is None else _leftward(view, group)


def _by_parse(view: _View, position: int) -> Group | None:
    """Return the group that holds the subject that the parse gives the verb."""
    token = view.line.tokens[position]
    for candidate in (token, token.head):
        if candidate is not token and token.dep_ != "conj":
            break
        for child in candidate.children:
            if (
                child.dep_ in {"nsubj:pass", "nsubj", "nsubjpass"}
                and child.i < token.i
                and child.i in view.line.position
            ):
                group = view.covering(view.line.position[child.i])
                if group is not None:
                    return group
    return None


def _nearest(view: _View, position: int) -> Group | None:
    """Return the nearest group before the verb that no preposition governs, within the clause."""
    limit = _clause_start(view, position)
    here = [g for g in view.groups if limit <= g.start and g.end <= position]
    for group in reversed(here):
        if not _is_governed(view, group):
            return group
    return None


def _clause_start(view: _View, position: int) -> int:
    i = position - 1
    while i >= max(0, position - MAX_REACH) and view.line.at(i) not in _BOUNDARIES:
        i -= 1
    return i + 1


def _is_governed(view: _View, group: Group) -> bool:
    word = view.line.at(group.start - 1)
    return word in _PREPOSITIONS and word not in {"after", "as", "before", "than"}


def _governor(view: _View, group: Group) -> Group:
    """Return the group that governs `group` by a preposition: "members of a family", "three men from the town"."""
    if not _is_governed(view, group):
        return group
    outer = view.ending(group.start - 1)
    return group if outer is None or outer.pronoun else _governor(view, outer)


# --- coordination --------------------------------------------------------------------------------


def _rightward(view: _View, first: Group) -> tuple[Group, ...]:
    """Return `first` and the groups coordinated with it to its right."""
    groups = [first]
    while (following := _next(view, groups[-1])) is not None:
        if _has_own_verb(view, following):
            break
        groups.append(following)
    return _without_appositions(view, groups)


def _leftward(view: _View, last: Group) -> tuple[Group, ...]:
    """Return the groups coordinated with `last` to its left, and `last`."""
    groups = [last]
    while (previous := _previous(view, groups[0])) is not None:
        if view.lex.verbs.get(view.line.at(previous.start - 1)) is not None or _is_governed(
            view, previous
        ):
            break
        groups.insert(0, previous)
    return _without_appositions(view, groups)


def _next(view: _View, group: Group) -> Group | None:
    """Return the group that a joint connects to `group` on its right."""
    return next((g for g in view.groups if g.start > group.end and _joined(view, group, g)), None)


def _previous(view: _View, group: Group) -> Group | None:
    """Return the group that a joint connects to `group` on its left."""
    return next(
        (g for g in reversed(view.groups) if g.end < group.start and _joined(view, g, group)), None
    )


def _joined(view: _View, left: Group, right: Group) -> bool:
    """Tell whether the words between two groups coordinate them: a joint, behind an age or a phrase of place."""
    between = view.line.lower[left.end : right.start]
    for joint in sorted(_JOINTS, key=len, reverse=True):
        if tuple(between[-len(joint) :]) == joint:
            return _is_aside(view, left.end, right.start - len(joint))
    return False


def _is_aside(view: _View, start: int, end: int) -> bool:
    """Tell whether the positions hold nothing, an age (", 24"), or a short prepositional phrase."""
    line = view.line
    inner = line.lower[start:end]
    if not inner:
        return True
    if all(word in {",", "(", ")", "aged", "age", "and"} or word.isdigit() for word in inner):
        return True
    if len(inner) > 8 or inner[0] not in {"from", "of", "in", "with", "at", "on"}:  # noqa: PLR2004
        return False
    return not any(
        line.tokens[i].pos_ in {"VERB", "AUX"} or line.at(i) in {";", "and"}
        for i in range(start, end)
    )


def _has_own_verb(view: _View, group: Group) -> bool:
    """Tell whether a coordinated group begins a clause of its own: "killed two and five were hurt"."""
    line, lex = view.line, view.lex
    i = group.end
    while i < len(line) and lex.is_("adverbs", line.at(i)):
        i += 1
    word = line.at(i)
    if (
        lex.is_("be", word)
        or lex.is_("have", word)
        or word in lex.verbs
        or lex.is_("dead", word)
        or lex.is_("hurt", word)
    ):
        return True
    token = line.tokens[i] if i < len(line) else None
    return token is not None and (
        token.tag_ in {"VBD", "VBZ", "VBP", "MD"} or word in {"who", "remained", "remain"}
    )


def _without_appositions(view: _View, groups: list[Group]) -> tuple[Group, ...]:
    """Drop groups that only say who another is: "a soldier, John Smith,", "Alaudin, the Taliban leader"."""
    kept = groups[:1]
    for group in groups[1:]:
        comma_only = view.line.lower[kept[-1].end : group.start][-1:] == (",",)
        if comma_only and _same_person(kept[-1], group):
            continue
        kept.append(group)
    return tuple(kept)


def _same_person(first: Group, second: Group) -> bool:
    one = numbers.of(1)
    if first.count != one or second.count != one:
        return first.count == second.count and second.definite
    return bool(first.names) != bool(second.names) or second.definite


# --- nouns, adjectives ---------------------------------------------------------------------------


def _noun(view: _View, position: int, word: str) -> Iterator[_Found]:
    """Yield the claims of nouns and adjectives of harm at `position`."""
    lex = view.lex
    if word == "dead":
        yield from _dead(view, position)
    if lex.is_("death_nouns", word):
        yield from _of(view, position, KILLED)
    if lex.is_("injury_nouns", word):
        yield from _of(view, position, INJURED)
        yield from _suffered(view, position)
    if lex.is_("bodies", word):
        yield from _of(view, position, KILLED)
    if word in {"lives", "life"}:
        yield from _lives(view, position)
    for name, measure in (
        ("death_counts", KILLED),
        ("injury_counts", INJURED),
        ("casualty_counts", CASUALTIES),
    ):
        if lex.is_(name, word) and word != "dead":
            yield from _counted(view, position, measure)
    if lex.is_("fatally_after_count", word):
        yield from _fatally(view, position)


def _dead(view: _View, position: int) -> Iterator[_Found]:
    """Yield "four people dead", "was found dead"; "the dead" counts nobody."""
    line = view.line
    if line.at(position - 1) in {"the", "of"} or view.covering(position) is not None:
        group = view.covering(position)
        if group is not None and group.head is not None and position < group.head:
            yield _Found(measure=KILLED, groups=(group,), word=position)
        return
    groups = _adjacent(view, position)
    if not groups and any(
        view.lex.is_("be", line.at(i))
        or line.at(i) in {"found", "pronounced", "declared", "lay", "lying"}
        for i in range(position - 3, position)
    ):
        groups = _before(view, position)
    if groups:
        yield _Found(
            measure=KILLED, groups=groups, word=position, uncertain=_is_uncertain(view, position)
        )


def _of(view: _View, position: int, measure: str) -> Iterator[_Found]:
    """Yield "the deaths of three soldiers", "injury to two", "the bodies of five"."""
    line = view.line
    joint = line.at(position + 1)
    if joint not in {"of", "to", "among"} or (joint != "of" and measure != INJURED):
        return
    group = view.starting(position + 2)
    if group is not None and not group.pronoun:
        yield _Found(measure=measure, groups=_rightward(view, group), word=position)


def _suffered(view: _View, position: int) -> Iterator[_Found]:
    """Yield "three men suffered gunshot wounds"."""
    line, lex = view.line, view.lex
    for i in range(position - 1, max(-1, position - 7), -1):
        if lex.is_("suffered", line.at(i)):
            groups = _before(view, i) if _is_fact(view, i, Form.PAST) else ()
            if groups:
                yield _Found(measure=INJURED, groups=groups, word=position)
            return
        if line.at(i) in {"fatal", "no", "without"}:
            return


def _lives(view: _View, position: int) -> Iterator[_Found]:
    """Yield "claimed the lives of 12 people", "12 people lost their lives", "claimed 12 lives"."""
    line, lex = view.line, view.lex
    if line.at(position + 1) == "of":
        group = view.starting(position + 2)
        if group is not None and any(
            lex.is_("claim_lives", line.at(i)) or line.at(i) == "loss"
            for i in range(position - 4, position)
        ):
            yield _Found(measure=KILLED, groups=_rightward(view, group), word=position)
        return
    for i in range(position - 1, max(-1, position - 5), -1):
        if lex.is_("claim_lives", line.at(i)):
            group = view.starting(i + 1)
            if group is not None and group.end >= position:
                yield _Found(measure=KILLED, groups=(group,), word=position)
            elif line.at(i) in {"lost", "lose", "losing"} and _is_fact(view, i, Form.PAST):
                groups = _before(view, i)
                if groups:
                    yield _Found(measure=KILLED, groups=groups, word=position)
            return


def _counted(view: _View, position: int, measure: str) -> Iterator[_Found]:
    """Yield "12 fatalities", "60 casualties", "three bodies": a figure before the noun."""
    for quantity in numbers.scan(view.line):
        if (
            quantity.sort is not numbers.Sort.COUNT
            or not quantity.end <= position <= quantity.end + 3
        ):
            continue
        if all(
            view.line.tokens[i].pos_ in {"ADJ", "NOUN", "PROPN", "VERB"} or view.line.at(i) == "of"
            for i in range(quantity.end, position)
        ):
            group = people.Group(
                start=quantity.start, end=position + 1, count=quantity.count, more=quantity.more
            )
            yield _Found(measure=measure, groups=(group,), word=position)


def _fatally(view: _View, position: int) -> Iterator[_Found]:
    """Yield "one fatally" behind a claim of people shot."""
    group = view.ending(position) or view.ending(position - 1)
    if group is not None and view.line.at(position + 1) not in view.lex.verbs:
        yield _Found(measure=KILLED, groups=(group,), word=position)


# --- tolls and nobody ----------------------------------------------------------------------------


def _tolls(view: _View) -> Iterator[_Found]:
    """Yield "the death toll rose to 14", "bringing the number of dead to 30"."""
    line, lex = view.line, view.lex
    for position, word in enumerate(line.lower):
        if lex.is_("tolls", word) or (
            lex.is_("numbers_of", word) and line.at(position + 1) == "of"
        ):
            measure = _toll_measure(view, position)
            quantity = None if measure is None else _toll_figure(view, position)
            if measure is not None and quantity is not None:
                group = people.Group(start=quantity.start, end=quantity.end, count=quantity.count)
                yield _Found(measure=measure, groups=(group,), word=position, total=True)


def _toll_measure(view: _View, position: int) -> str | None:
    """Return what a toll counts, ``None`` where "the number of" counts something else."""
    line, lex = view.line, view.lex
    is_toll = lex.is_("tolls", line.at(position))
    around = range(position - 2, position) if is_toll else range(position + 2, position + 6)
    nearby = {line.at(i) for i in around}
    if nearby & {"casualty", "casualties"}:
        return CASUALTIES
    if nearby & {"injured", "wounded", "injuries", "injury"}:
        return INJURED
    if nearby & {
        "death",
        "dead",
        "deaths",
        "fatalities",
        "killed",
        "fatality",
        "body",
        "victims",
        "martyrs",
        "bodies",
    }:
        return KILLED
    return (
        KILLED
        if is_toll
        and line.at(position) == "toll"
        and line.at(position - 1) in {"the", "a", "official", "latest", "final"}
        else None
    )


def _toll_figure(view: _View, position: int) -> numbers.Quantity | None:
    """Return the figure that a toll has now: not the one it rose "from"."""
    line = view.line
    for quantity in numbers.scan(line):
        if quantity.start <= position or quantity.sort is not numbers.Sort.COUNT:
            continue
        if quantity.start - position > MAX_TOLL_REACH:
            return None
        if line.at(quantity.start - 1) == "from":
            continue
        before = {line.at(quantity.start - 1), line.at(quantity.start - 2)}
        return quantity if before & view.lex.sets["toll_verbs"] else None
    return None


def _nobody(view: _View) -> Iterator[_Found]:
    """Yield the stated zeros: "no casualties", "without loss of life"."""
    line, lex = view.line, view.lex
    position = 0
    while position < len(line):
        if lex.is_("none_before", line.at(position)):
            end, measures = _nothing(view, position)
            for measure in measures:
                group = people.Group(start=position, end=end, count=numbers.of(0))
                yield _Found(measure=measure, groups=(group,), word=end - 1)
            position = max(end, position + 1)
        else:
            position += 1


def _nothing(view: _View, position: int) -> tuple[int, tuple[str, ...]]:
    """Return what "no" at `position` denies of casualties, and where its words end."""
    line, lex = view.line, view.lex
    measures: list[str] = []
    i, end = position + 1, position + 1
    while i < len(line) and lex.is_("none_between", line.at(i)):
        word = line.at(i)
        if lex.is_("none_unless", word):
            return end, ()
        if word in {"casualties", "injuries", "injury"} or (word == "casualty"):
            measures += [KILLED, INJURED]
            end = i + 1
        elif word in {"deaths", "death", "fatalities", "loss", "victims"}:
            measures.append(KILLED)
            end = i + 1
        i += 1
    return end, tuple(dict.fromkeys(measures))


# --- claims --------------------------------------------------------------------------------------


def _claims(
    sentence: Sentence, view: _View, found: _Found, *, running: bool, correction: bool
) -> Iterator[Casualty]:
    """Yield the claim over the victims, and another over attackers among them."""
    for hostile in (False, True):
        groups = tuple(g for g in found.groups if g.perpetrator is hostile)
        if not groups:
            continue
        yield _claim(
            sentence, view, found, groups, hostile=hostile, running=running, correction=correction
        )
    if (
        found.measure == INJURED
        and found.groups[0].count == numbers.of(0)
        and found.groups[0].pronoun
    ):
        yield _claim(
            sentence,
            view,
            _Found(measure=KILLED, groups=found.groups, word=found.word),
            found.groups,
            hostile=False,
            running=running,
            correction=correction,
        )


def _claim(
    sentence: Sentence,
    view: _View,
    found: _Found,
    groups: tuple[Group, ...],
    *,
    hostile: bool,
    running: bool,
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
        measure=found.measure,
        count=count,
        verb=view.line.index(found.word),
        part=found.part,
        victims=tuple(dict.fromkeys(noun for g in groups for noun in g.nouns)),
        names=tuple(dict.fromkeys(name for g in groups for name in g.names)),
        perpetrator=hostile,
        running=running,
        correction=correction,
        total=found.total,
        more=groups[0].more,
        definite=groups[0].definite,
    )


def _is_running(view: _View) -> bool:
    """Tell whether the sentence counts over a period."""
    line, lex = view.line, view.lex
    if any(line.longest(i, lex.phrases["running"]) for i in range(len(line))):
        return True
    return any(
        line.at(i) == "since"
        and (
            line.tokens[i + 1].is_digit
            or line.tokens[i + 1].pos_ in {"PROPN", "DET", "NOUN", "ADJ"}
            if i + 1 < len(line)
            else False
        )
        for i in range(len(line))
    )


def _is_correction(view: _View) -> bool:
    line, lex = view.line, view.lex
    return any(line.longest(i, lex.phrases["corrections"]) for i in range(len(line)))
