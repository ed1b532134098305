"""Tell the day of an event from the days on which it was told, judged, or somebody arrested or still in hospital."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from monitor.extract.events import hindsight, lexicon
from monitor.extract.people.nouns import is_person

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.events.candidates import Candidate
    from monitor.extract.facts import Day, Sentence, Trigger
    from monitor.extract.gather import Facts

# What police do about a shooting, and how those are who were hurt in it: on another day, it may be.
TAKING = frozenset("arrest apprehend nab catch identify hunt search seek surrender".split())
STILL = frozenset("recover remain continue stay lie".split())
CLAUSES = frozenset({"acl", "acl:relcl"})
# How a day hangs on a noun, and a phrase that ends in a day on its verb.
BESIDE = frozenset({"nmod", "compound", "nmod:unmarked", "nmod:npmod", "appos"})
UNDER_VERB = frozenset(
    {"obl", "obl:npmod", "obl:unmarked", "obl:tmod", "nmod:unmarked", "advmod", "nmod", "obj"}
)


def event_days(sentence: Sentence, kept: tuple[Trigger, ...], facts: Facts) -> tuple[Day, ...]:
    """Return the days of the sentence that may be an event's: not when somebody said so, nor since when."""
    here = facts.days_in.get(sentence.index, ())
    heads = {t.head for t in kept}
    here = tuple(replace(d, since=d.since and not _owns_event(sentence, d, heads)) for d in here)
    able = [d for d in here if not (d.since or d.vague or d.from_dateline)]
    able = [d for d in able if not any(_in_brackets_behind(sentence, d, other) for other in able)]
    able = [d for d in able if len(able) == 1 or not _is_night_alone(sentence, d)]
    said = [d for d in able if is_said(sentence, d, kept)]
    beside = [d for d in said if _touches_saying(sentence, d)]
    return tuple(d for d in able if d not in (beside or said))


def _touches_saying(sentence: Sentence, day: Day) -> bool:
    """Say whether a verb of saying stands right beside the day: "today confirmed a strike on Sunday", "said on Monday"."""
    doc, first = sentence.doc, day.start - 1
    while first > sentence.span.start and doc[first].lower_ in {"on", "late", "early"}:
        first -= 1
    beside = [doc[i] for i in (first, day.end) if sentence.span.start <= i < sentence.span.end]
    return any(t.lemma_.lower() in lexicon.cues()["saying"] for t in beside)


def _owns_event(sentence: Sentence, day: Day, heads: set[int]) -> bool:
    """Say whether an event is named by its day: "missing since Tuesday's attack", "since the October 30 attack"."""
    doc = sentence.doc
    if doc[max(day.start - 1, 0)].lower_ == "the" and day.end in heads:
        return True
    return day.end < sentence.span.end and (
        doc[day.end].text in {"'s", "’s"} or doc[day.end - 1].text in {"'s", "’s"}
    )


def _is_night_alone(sentence: Sentence, day: Day) -> bool:
    """Say whether it is "overnight", which another day beside it makes exact."""
    return str(sentence.doc[day.start : day.end].text).lower() == "overnight"


def _in_brackets_behind(sentence: Sentence, day: Day, other: Day) -> bool:
    """Say whether `other` tells in brackets which day `day` is: "this morning (Tuesday)"."""
    doc = sentence.doc
    return 0 < other.start - day.end <= 2 and doc[other.start - 1].text in {"(", "["}  # noqa: PLR2004


def _follows_saying(sentence: Sentence, day: Day) -> bool:
    """Say whether the day stands between a verb of saying and what is said: "the FBI said Friday that"."""
    after = sentence.doc[day.end].lower_ if day.end < sentence.span.end else ""
    return after == "that" and _touches_saying(sentence, day)


def _is_behind_that(day: Day, saying: Token) -> bool:
    """Say whether the day is of what is said: "it was reported today that on 10 March rebels ..."."""
    return any(t.lower_ == "that" for t in saying.doc[saying.i + 1 : day.start])


_OPENS_QUOTE = frozenset(':“"«')


def _is_quoted(day: Day, saying: Token) -> bool:
    """Say whether the day is of the words quoted: 'said in a statement: "Early this morning troops were hit"'."""
    return any(t.text in _OPENS_QUOTE for t in saying.doc[saying.i + 1 : day.start])


def _is_told(event: Token, saying: Token) -> bool:
    """Say whether the clause that "police said" hangs on tells the event."""
    return saying.head in (event, *event.ancestors) and saying not in event.ancestors


def _governors(sentence: Sentence, day: Day) -> tuple[Token, Token]:
    """Return the head of the phrase that ends in the day, and the verb or the noun that this hangs on."""
    head = sentence.doc[day.start : day.end].root
    while head.dep_ in BESIDE and head.head.pos_ in {"NOUN", "PROPN"}:
        head = head.head
    verb = head.head if head.dep_ in UNDER_VERB else head
    if verb.dep_ in {"nsubj", "nsubj:pass"}:
        verb = verb.head
    return head, verb


def is_said(
    sentence: Sentence, day: Day, kept: tuple[Trigger, ...] | tuple[Candidate, ...]
) -> bool:
    """Say whether a day tells when something was said or judged: "Police said on Monday that ..."."""
    head, verb = _governors(sentence, day)
    lemma = verb.lemma_.lower()
    if _follows_saying(sentence, day) or _is_of_what_followed(sentence, day, verb, kept):
        return True
    # "The October 30 attack": the parse may hang it on the verb of saying.
    if any(t.head in (verb.i, head.i) for t in kept):
        return False
    cues = lexicon.cues()
    court = lemma in cues["judged"] or lemma in cues["tried"]
    if court or hindsight.is_remembered(sentence):
        return not any(token.text.isdigit() for token in sentence.doc[day.start : day.end])
    if lemma not in cues["saying"] or _is_behind_that(day, verb) or _is_quoted(day, verb):
        return False
    return _is_told_by(verb, sentence, kept)


def _is_told_by(
    verb: Token, sentence: Sentence, kept: tuple[Trigger, ...] | tuple[Candidate, ...]
) -> bool:
    """Say whether a verb of saying tells the events."""
    if verb.dep_ == "parataxis" and any(_is_told(sentence.doc[t.head], verb) for t in kept):
        return True
    below = {
        token.i
        for child in verb.children
        if child.dep_ in {"ccomp", "xcomp", "advcl", "parataxis", "obj", "nmod", "obl"}
        for token in child.subtree
    }
    return any(t.head in below for t in kept)


def _is_of_what_followed(
    sentence: Sentence,
    day: Day,
    verb: Token,
    kept: tuple[Trigger, ...] | tuple[Candidate, ...],
) -> bool:
    """Say whether a day tells of an arrest or of how the hurt are, and the event stands below it without a day.

    "Police caught a man early Tuesday in a shooting", "a man accused of shooting two was on the run Tuesday",
    "he was in hospital Tuesday after he was shot".
    """
    heads = [sentence.doc[t.head] for t in kept]
    if not heads or any(_holds(h, day) for h in heads):
        return False
    state = verb.lemma_.lower() in STILL or any(c.dep_ == "cop" for c in verb.children)
    return all(
        _is_below(h, verb, day, taking=verb.lemma_.lower() in TAKING, state=state) for h in heads
    )


def _holds(head: Token, day: Day) -> bool:
    """Say whether the day stands in the phrase of `head`."""
    return bool(head.left_edge.i <= day.start <= head.right_edge.i)


def _is_below(event: Token, verb: Token, day: Day, *, taking: bool, state: bool) -> bool:
    """Say whether the event stands in a phrase below `verb` that does not hold the day and tells what came before."""
    for low in (event, *event.ancestors):
        if low.i == verb.i:
            return False
        if _holds(low, day):
            return False
        if low.dep_ in CLAUSES and is_person(low.head.lower_) and verb in low.ancestors:
            return True
        if low.head.i != verb.i:
            continue
        marks = {c.lower_ for c in low.children if c.dep_ in {"mark", "case"}}
        return (state and "after" in marks) or (taking and bool(marks & {"in", "over", "after"}))
    return False
