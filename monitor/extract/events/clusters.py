"""Tell apart the events that one sentence speaks of: "hours after a bomb killed three, gunmen attacked a post"."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from monitor.extract import words
from monitor.extract.dates import rules as dates
from monitor.extract.events.kinds import FROM_AFAR
from monitor.extract.numbers import rules as numbers
from schemas.report import DayRange

if TYPE_CHECKING:
    from datetime import date

    from spacy.tokens import Token

    from monitor.extract.facts import Casualty, Day, Reading, Sentence, Trigger

# What stands under one of these is another event than the one above it.
APART = frozenset(
    "accuse blame behind suspect tag implicate wanted responsible allege known since response retaliation retaliate revenge reprisal similar unlike coinciding follow precede recall like".split()
)
# What stands under one of these may be the cause of what stands above it; another day sets it apart.
_ANSWERS = frozenset("response retaliation retaliate respond revenge reprisal answer".split())
TEMPORAL = frozenset({"after", "following", "before", "amid", "as", "despite"})
LONG_AFTER = frozenset({"after", "before", "following"})
AGO = frozenset({"minute", "hour", "day", "week", "month", "year"})
MAX_STEPS = 12
SUBJECTS = frozenset({"nsubj", "nsubj:pass"})
# "Just two days after": so many words may open a sentence before the "after".
OPENING = 4


def split(
    sentence: Sentence,
    kept: tuple[Trigger, ...],
    reading: Reading,
    days: tuple[Day, ...],
    claims: tuple[Casualty, ...],
    *,
    off: frozenset[int],
) -> tuple[tuple[Trigger, ...], ...]:
    """Return the triggers of a sentence by event, each in order of the text; ``off`` are the heads of those set off."""
    clusters: list[list[Trigger]] = []
    for trigger in kept:
        if clusters and _is_relative(sentence, trigger):
            clusters[-1].append(trigger)
            continue
        home = next(
            (
                c
                for c in clusters
                if not any(
                    (u.head in off) != (trigger.head in off)
                    or _apart(sentence, u, trigger, reading, days)
                    or _with_own_tolls(sentence, u, trigger, claims)
                    for u in c
                )
            ),
            None,
        )
        if home is None:
            clusters.append([trigger])
        else:
            home.append(trigger)
    return tuple(tuple(cluster) for cluster in clusters)


def _is_relative(sentence: Sentence, trigger: Trigger) -> bool:
    """Say whether the trigger is the verb of "that killed four": it tells of what stands right before it."""
    doc = sentence.doc
    before = doc[trigger.head - 1] if trigger.head > sentence.span.start else None
    return (
        before is not None
        and before.lower_ in {"that", "which"}
        and doc[trigger.head].pos_ == "VERB"
    )


def set_off(sentence: Sentence, triggers: tuple[Trigger, ...]) -> frozenset[int]:
    """Return the heads of the triggers that only tell when another event was, or what it answers."""
    return reasons(sentence, triggers) | frozenset(
        t.head
        for t in triggers
        if is_set_off(sentence, t)
        or _is_answered(sentence, t, triggers)
        or _is_later(sentence, t, triggers)
    )


def reasons(sentence: Sentence, triggers: tuple[Trigger, ...]) -> frozenset[int]:
    """Return the heads of the triggers that only tell what a known event answers, and of what is told of those.

    "Claimed the attack, saying it was a response to the bombing": where the answer itself is news, the parse decides.
    """
    doc = sentence.doc
    found = {
        t.head for t in triggers if any(is_reason(a) for a in (doc[t.head], *doc[t.head].ancestors))
    }
    answers = [t for t in triggers if t.head not in found]
    return frozenset(found) if answers and all(t.definite for t in answers) else frozenset()


def _is_later(sentence: Sentence, trigger: Trigger, triggers: tuple[Trigger, ...]) -> bool:
    """Say whether others do it "an hour later" than what the sentence told before: "and an hour later gunmen shot two"."""
    doc = sentence.doc
    mark = next(
        (
            t.i
            for t in sentence.span[2:]
            if t.lower_ == "later" and t.nbor(-1).lemma_.lower() in AGO and t.i < trigger.head
        ),
        None,
    )
    if mark is None or not any(t.head < mark for t in triggers):
        return False
    joined = any(t.lower_ == "and" for t in doc[max(mark - 3, sentence.span.start) : mark])
    return joined and doc[mark + 1].pos_ in {"NOUN", "PROPN", "DET", "ADJ", "NUM"}


def _is_answered(sentence: Sentence, trigger: Trigger, triggers: tuple[Trigger, ...]) -> bool:
    """Say whether a strike answers the event: "jets bomb bases after troops are hurt", and not "three die after jets bomb"."""
    doc = sentence.doc
    clauses = (doc[trigger.head], *doc[trigger.head].ancestors)
    mark = next(
        (c for t in clauses for c in t.children if c.lower_ == "after" and c.dep_ == "mark"), None
    )
    if mark is None or mark.i > trigger.head:
        return False
    own = any(c.dep_ in SUBJECTS and c.pos_ != "PRON" for c in mark.head.children)
    return own and any(
        t.head < mark.i and t.event_type in FROM_AFAR and _has_doer(doc[t.head]) for t in triggers
    )


def _has_doer(deed: Token) -> bool:
    """Say whether its clause tells who does it."""
    verb = deed if deed.pos_ in {"VERB", "AUX"} else deed.head
    # "The strikes carried out by the United States after an attack claimed by a militia"
    by = (c for clause in deed.children if clause.dep_ == "acl" for c in clause.children)
    return any(c.dep_ == "nsubj" for c in verb.children) or any(c.dep_ == "obl:agent" for c in by)


def _apart(
    sentence: Sentence, one: Trigger, other: Trigger, reading: Reading, days: tuple[Day, ...]
) -> bool:
    doc = sentence.doc
    if _each_at_its_place(doc[one.head], doc[other.head]):
        return True
    if _each_accused(doc[one.head], doc[other.head]):
        return True
    path = path_between(doc[one.head], doc[other.head])
    if path is None:
        return _own_days_differ(sentence, one, other, reading, days)
    words = {token.lemma_.lower() for token in path[1:-1]} | _markers(path)
    if words & APART:
        return True
    if words & TEMPORAL and path[0].pos_ == path[-1].pos_ == "NOUN":
        return True
    return _own_days_differ(sentence, one, other, reading, days)


def is_reason(deed: Token) -> bool:
    """Say whether it is what another deed answers: "claimed the attack, saying it was a response to the bombing"."""
    reason = deed.head.lemma_.lower() in _ANSWERS and deed.dep_ in {"nmod", "obl"}
    return reason and any(c.lower_ in {"to", "for"} for c in deed.children if c.dep_ == "case")


def _each_accused(one: Token, other: Token) -> bool:
    """Say whether two sides are accused, each of its own: "the army accused rebels of ...; rebels accused the army of ..."."""
    verbs = [
        next((a for a in token.ancestors if a.lemma_.lower() == "accuse"), None)
        for token in (one, other)
    ]
    return None not in verbs and verbs[0] != verbs[1]


def _with_own_tolls(
    sentence: Sentence, one: Trigger, other: Trigger, claims: tuple[Casualty, ...]
) -> bool:
    """Say whether "after" parts two events with a toll each: "killing five, after shells killed three in Chaman".

    So does "while" where each has its place: "killed five in Jabalia, while four were killed near Rafah".
    """
    first, second = sorted((one.head, other.head))
    mark = next((t for t in sentence.doc[first:second] if _parts(t)), None)
    if mark is None:
        return False
    if mark.lower_ == "while":
        sides = (sentence.doc[first], sentence.doc[second])
        if not (_has_place(sides[0], mark.i) and _has_place(sides[1], sentence.span.end)):
            return False
    counted = [c for c in claims if c.verb is not None and c.count.best and not c.running]
    return any(
        a.measure == b.measure and a.count != b.count and a.start < mark.i < b.start
        for a in counted
        for b in counted
    )


def _parts(token: Token) -> bool:
    """Say whether it is the "after" or the "while" of a clause."""
    return token.lower_ in {"after", "while"} and token.dep_ == "mark"


# "Two suspects in the bombing were slain": what they are wanted for is another event than what befell them.
TAGGED = frozenset("suspect suspects tagged wanted accused implicated suspected".split())
MAX_TAGGED = 8
# What befell them, whatever a headline's parse takes it for: "suspects in fair bombing slain in raid".
BEFELL = frozenset(
    "slain killed shot dead arrested held nabbed captured neutralised neutralized".split()
)


def is_tagged(sentence: Sentence, trigger: Trigger) -> bool:
    """Say whether the event only tells what somebody is wanted for: "suspects in Yala bombing", "tagged in the bombing"."""
    doc = sentence.doc
    before = doc[max(sentence.span.start, trigger.start - MAX_TAGGED) : trigger.start]
    near = [n for n, t in enumerate(before) if t.lower_ in TAGGED]
    told = doc[trigger.head].tag_ in {"VBD", "VBN", "VBZ", "VBP"}
    if told or not near or near[-1] + 1 >= len(before):
        return False
    rest = before[near[-1] + 1 :]
    return rest[0].lower_ in {"in", "of", "over", "for"} and all(
        t.pos_ not in {"VERB", "AUX"} and t.lower_ not in BEFELL for t in rest
    )


# "in Katsina state", "at the port of Odesa": a name stands so many words behind its preposition at most.
NAME_REACH = 4
WHERE = frozenset({"in", "at", "near", "outside"})


def _each_at_its_place(one: Token, other: Token) -> bool:
    """Say whether two nouns of deeds are joined, each with a place: "the attack in Kano and the killing of nine in Jos"."""
    if one.pos_ != "NOUN" or other.pos_ != "NOUN" or other.dep_ != "conj" or other.i < one.i:
        return False
    told_apart = any(c.dep_ in {"det", "nmod:poss"} for c in other.children)
    return told_apart and _has_place(one, other.i) and _has_place(other, other.sent.end)


def reaches(
    sentence: Sentence, parts: tuple[tuple[Trigger, ...], ...], apart: frozenset[int], *, after: int
) -> list[range]:
    """Return the tokens in which each event's place is told: its own side where deeds are joined or set off, else all."""
    doc, span = sentence.doc, sentence.span
    triggers = [t for each in parts for t in each]
    heads = sorted(t.head for t in triggers)
    joined = [h for h in heads if any(_each_at_its_place(doc[o], doc[h]) for o in heads if o < h)]
    off = [t.start for t in triggers if t.head in apart]
    behind = [i for i in off if any(h < i for h in heads)]
    clauses = [t.i for t in span if _parts(t) and len(parts) > 1]
    edges = sorted({*joined, *behind[:1], *clauses[:1]})
    if not edges:
        return [range(after, span.end)] * len(parts)
    bounds = [after, *edges, span.end]
    sides = [range(a, b) for a, b in pairwise(bounds)]
    return [next(side for side in sides if part[0].head < side.stop) for part in parts]


def _has_place(deed: Token, limit: int) -> bool:
    """Say whether a name stands behind "in" or the like between the deed and the token `limit`."""
    doc = deed.doc
    return any(
        t.lower_ in WHERE
        and any(n.text[:1].isupper() for n in doc[t.i + 1 : min(t.i + NAME_REACH, limit)])
        for t in doc[deed.i + 1 : limit]
    )


def is_set_off(sentence: Sentence, trigger: Trigger) -> bool:
    """Say whether the event only tells when another was: "hours after a bomb killed three".

    It goes by the order of words: to the comma where the sentence opens with it, else to its end.
    """
    doc, span = sentence.doc, sentence.span
    mark = next((t for t in span[1:] if t.i <= trigger.head and _is_long_after(t)), None)
    if mark is None:
        return False
    if any(c.dep_ == "obj" and c.pos_ == "PRON" for c in doc[trigger.head].children):
        # "Hours after militants stormed it": what the sentence tells already.
        return False
    opens = mark.i - span.start <= OPENING
    return not opens or all(t.text != "," for t in doc[mark.i : trigger.head])


def hours_before(sentence: Sentence, trigger: Trigger, day: DayRange | None) -> DayRange | None:
    """Return the day of an event, or that and the one before: "on Wednesday, hours after jets struck the town"."""
    if day is None or not is_set_off(sentence, trigger):
        return day
    counted = days_before(sentence, trigger, day.last)
    if counted is not None and _unit_before(sentence, trigger) in LONG_UNITS:
        return counted
    return DayRange(first=day.first - timedelta(days=1), last=day.last)


def only_dates(sentence: Sentence, kept: tuple[Trigger, ...]) -> range:
    """Return the words that only tell when it was, by something harmless: "hours before envoys were to meet in Istanbul"."""
    mark = next((t for t in sentence.span[1:] if _is_long_after(t)), None)
    if mark is None:
        return range(0)
    end = next((t.i for t in sentence.span if t.i > mark.i and t.text == ","), sentence.span.end)
    told = any(mark.i < t.head < end for t in kept)
    return range(0) if told else range(mark.i, end)


# How many days one of these is, and how far a count of them is off. Days are counted from any of those told.
DAYS_IN = {"week": (7, 3), "month": (30, 20), "year": (365, 200)}
# What no reader of days has counted from yet: "two days after" is the day that it means.
LONG_UNITS = frozenset({"month", "year"})
# "Months after": two at least.
UNCOUNTED = 2


def days_before(sentence: Sentence, trigger: Trigger, base: date | None) -> DayRange | None:
    """Return the days of an event that is so long before another: "six months after drones struck the port"."""
    if base is None or not is_set_off(sentence, trigger):
        return None
    mark = next(t for t in sentence.span[1:] if t.i <= trigger.head and _is_long_after(t))
    unit = mark.nbor(-1)
    if mark.lower_ == "before" or unit.lemma_.lower() not in DAYS_IN:
        return None
    count = _counted(unit)
    length, slack = DAYS_IN[unit.lemma_.lower()]
    if base.toordinal() <= length * (count or UNCOUNTED) + slack:
        return None
    middle = base - timedelta(days=length * (count or UNCOUNTED))
    return DayRange(first=middle - timedelta(days=slack), last=middle + timedelta(days=slack // 2))


def _unit_before(sentence: Sentence, trigger: Trigger) -> str:
    """Return the unit of time by which an event that is set off lies before another."""
    mark = next(t for t in sentence.span[1:] if t.i <= trigger.head and _is_long_after(t))
    return mark.nbor(-1).lemma_.lower()


MAX_COUNTED = 200


def _counted(unit: Token) -> int | None:
    """Return how many of a unit of time are told, ``None`` for no number: "six months", "a week"."""
    told = next((c for c in unit.children if c.dep_ in {"nummod", "det"} and c.i < unit.i), None)
    if told is None:
        return None
    if told.lower_ in {"a", "an", "the"}:
        return 1
    quantity = next(iter(numbers.scan(words.of(unit.doc[told.left_edge.i : unit.i]))), None)
    best = None if quantity is None else quantity.count.best
    return best if best is not None and best <= MAX_COUNTED else None


def is_long_before(sentence: Sentence, trigger: Trigger) -> bool:
    """Say whether the event only dates another by days that nobody counts: "days after 20 people were killed in Ruwi"."""
    if not is_set_off(sentence, trigger):
        return False
    mark = next(t for t in sentence.span[1:] if t.i <= trigger.head and _is_long_after(t))
    unit = mark.nbor(-1)
    counted = any(c.dep_ in {"nummod", "det"} for c in unit.children)
    return not counted and unit.lemma_.lower() not in {"minute", "hour"}


def is_days_after(sentence: Sentence) -> bool:
    """Say whether days or weeks part two events of the sentence: they need not have one place."""
    parted = (t.nbor(-1).lemma_.lower() for t in sentence.span[1:] if _is_long_after(t))
    return any(unit not in {"minute", "hour"} for unit in parted)


def path_between(one: Token, other: Token) -> list[Token] | None:
    """Return the tokens from the lower of two words up to the higher, ``None`` where neither governs the other."""
    for low, high in ((one, other), (other, one)):
        path = [low]
        for _ in range(MAX_STEPS):
            if path[-1].i == high.i:
                return path
            if path[-1].head.i == path[-1].i:
                break
            path.append(path[-1].head)
    return None


def _markers(path: list[Token]) -> set[str]:
    """Return the prepositions and conjunctions by which the words of a path hang on each other."""
    return {
        c.lower_
        for token in path[:-1]
        for c in token.children
        if c.dep_ in {"case", "mark", "advmod", "amod"}
    }


def _is_long_after(mark: Token) -> bool:
    """Say whether the word sets two events apart by a time: "hours after", "two days before"."""
    return mark.lower_ in LONG_AFTER and mark.nbor(-1).lemma_.lower() in AGO


def _own_days_differ(
    sentence: Sentence, one: Trigger, other: Trigger, reading: Reading, days: tuple[Day, ...]
) -> bool:
    if len(days) < 2:  # noqa: PLR2004 - one day cannot differ
        return False
    first, second = (nearest_day(sentence, t, reading, days) for t in (one, other))
    return (
        first is not None
        and second is not None
        and (first.last < second.first or second.last < first.first)
    )


def nearest_day(
    sentence: Sentence, trigger: Trigger, reading: Reading, days: tuple[Day, ...]
) -> DayRange | None:
    """Return the day among `days`, all of this sentence, that the parse ties to the trigger."""
    return dates.told_of_event(sentence, trigger.head, reading, days)
