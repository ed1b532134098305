"""Find the names in a parsed text and say of each whether it is a person, a body or a place.

The extent comes from `name_runs`. The type is what most evidence speaks for: titles, ages and roles
beside a name, words inside it, the gazetteer, prepositions before it, what it does in the parse,
and an `ner` as one witness where the pipeline has one (the shipped one has none: it did not help,
see model/MODEL_CARD.md). The floors in tests/evaluation/test_names.py fail where a change makes the
whole worse.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from spacy.tokens import Doc, Token

from monitor.extract.names.runs import Run, runs
from monitor.extract.names.words import NameWords, is_organisation, place_weight, words


class NameLabel(StrEnum):
    """What a name is the name of."""

    PERSON = "PERSON"
    ORG = "ORG"
    PLACE = "PLACE"
    NORP = "NORP"
    MISC = "MISC"


class NameReason(StrEnum):
    """The evidence that spoke loudest for the label of a name."""

    TITLE = "title"
    GIVEN_NAME = "given_name"
    AGE = "age"
    ROLE = "role"
    SPEAKER = "speaker"
    SUFFERS = "suffers"
    NAME_SHAPE = "name_shape"
    KNOWN_ORGANISATION = "known_organisation"
    ORGANISATION_WORD = "organisation_word"
    ACRONYM = "acronym"
    ARMED = "armed"
    ARTICLE = "article"
    ACTS = "acts"
    GAZETTEER = "gazetteer"
    PLACE_WORD = "place_word"
    LOCATIVE = "locative"
    CONTAINMENT = "containment"
    TAKEN = "taken"
    NATIONALITY = "nationality"
    WITNESS = "witness"
    SAME_NAME = "same_name"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class NameSpan:
    """A name at characters ``[start_char, end_char)`` of the text, its label and the main reason."""

    start_char: int
    end_char: int
    label: NameLabel
    why: NameReason


@dataclass(frozen=True, slots=True, kw_only=True)
class _Evidence:
    label: NameLabel
    why: NameReason
    weight: float


# Chosen by hand on one half of tests/evaluation/names.jsonl, and looked at on the other.
DECISIVE = 8.0
STRONG = 3.0
FAIR = 2.0
WEAK = 1.0
HINT = 0.5
WITNESS = 1.5
SURNAME_MIN = 3
LONGEST_PERSON = 6

_ACRONYM = re.compile(r"(?:[A-Z]\.?){2,5}(?:-?\d{1,2})?|[A-Z]{1,3}-?\d{1,3}")
_INSIDE = frozenset({"in", "at", "near", "outside", "inside", "around", "across", "throughout"})
_TOWARDS = frozenset({"from", "to", "towards", "toward", "into", "between", "on", "over", "via"})
_PLACE_BEFORE_OF = frozenset({"town", "city", "village", "province", "district", "port", "suburb"})
_COMPASS = frozenset(
    {"north", "south", "east", "west", "northern", "southern", "eastern", "western", "upper"}
    | {"lower", "central", "greater"}
)
_FOLLOWING = frozenset({"of", "for", "to", "with", "from", "by"})
_MEMBERS = frozenset(
    {"fighter", "member", "spokesman", "spokeswoman", "leader", "head", "troop", "gunman"}
)
_SUBJECTS = frozenset({"nsubj", "nsubj:pass"})
_OBJECTS = frozenset({"obj", "nsubj:pass"})


def name_spans(doc: Doc) -> tuple[NameSpan, ...]:
    """Return the names of a parsed text in order; they never overlap.

    `NORP` are peoples, creeds and nationalities; `MISC` is a name whose kind nothing tells.
    """
    known = words()
    found = [run for sentence in doc.sents for run in runs(sentence)]
    typed = [(run, _judged(_evidence(run, known))) for run in found]
    return tuple(_span(run, label, why) for run, (label, why, _) in _agreed(typed))


def _span(run: Run, label: NameLabel, why: NameReason) -> NameSpan:
    tokens = run.doc[run.start : run.end]
    return NameSpan(start_char=tokens.start_char, end_char=tokens.end_char, label=label, why=why)


Judged = tuple[NameLabel, NameReason, float]


def _judged(evidence: Iterable[_Evidence]) -> Judged:
    """Return the label with the most weight, the strongest reason for it, and the weight."""
    sums: dict[NameLabel, float] = defaultdict(float)
    best: dict[NameLabel, _Evidence] = {}
    for piece in evidence:
        sums[piece.label] += piece.weight
        if piece.label not in best or piece.weight > best[piece.label].weight:
            best[piece.label] = piece
    if not sums:
        return NameLabel.MISC, NameReason.NONE, 0.0
    label = max(sums, key=lambda name: sums[name])
    return label, best[label].why, sums[label]


def _agreed(typed: list[tuple[Run, Judged]]) -> Iterator[tuple[Run, Judged]]:
    """Give later and shorter mentions the label of the surest mention: "Zulum" after "Babagana Zulum"."""
    surest: dict[str, Judged] = {}
    for run, judged in typed:
        for key in _keys(run, judged):
            if key not in surest or judged[2] > surest[key][2]:
                surest[key] = judged
    for run, judged in typed:
        other = surest.get(run.text)
        if other and other[0] is not judged[0] and other[2] >= judged[2] + WEAK:
            yield run, (other[0], NameReason.SAME_NAME, other[2])
        else:
            yield run, judged


def _keys(run: Run, judged: Judged) -> list[str]:
    """Return the forms under which a name may come again: itself, and a person's surname."""
    if judged[0] is not NameLabel.PERSON or run.end - run.start == 1:
        return [run.text]
    last = run.text.split(" ")[-1]
    return [run.text, last] if len(last) >= SURNAME_MIN else [run.text]


def _evidence(run: Run, known: NameWords) -> Iterator[_Evidence]:
    text = run.text
    if run.end - run.start == 1 and text.lower() in known.groups:
        yield _Evidence(label=NameLabel.NORP, why=NameReason.NATIONALITY, weight=DECISIVE)
    yield from _of_organisation(run, text, known)
    yield from _of_place(run, text, known)
    yield from _of_person(run, text, known)
    yield from _of_witness(run)


def _of_organisation(run: Run, text: str, known: NameWords) -> Iterator[_Evidence]:
    tokens = run.doc[run.start : run.end]
    label = NameLabel.ORG
    if is_organisation(text):
        yield _Evidence(label=label, why=NameReason.KNOWN_ORGANISATION, weight=DECISIVE)
    if len(tokens) > 1 and _has_body_word(run, known):
        yield _Evidence(label=label, why=NameReason.ORGANISATION_WORD, weight=DECISIVE)
    if _ACRONYM.fullmatch(text) and place_weight(text) < FAIR and not _among_capitals(run):
        yield _Evidence(label=label, why=NameReason.ACRONYM, weight=STRONG)
    after = run.doc[run.end] if run.end < len(run.doc) else None
    if after is not None and after.lower_ in known.organisation_followers:
        yield _Evidence(label=label, why=NameReason.ARMED, weight=STRONG)
    head = _head(run)
    if head.dep_ in _SUBJECTS and head.head.lemma_ in known.organisation_verbs:
        yield _Evidence(label=label, why=NameReason.ACTS, weight=WEAK)
    yield from _of_membership(run, text)


def _among_capitals(run: Run) -> bool:
    """Say whether the words beside are in capitals too, so that capitals tell nothing."""
    beside = [
        t for t in run.doc[max(run.start - 2, 0) : run.end + 2] if not run.start <= t.i < run.end
    ]
    return any(len(token) > 1 and token.is_alpha and token.is_upper for token in beside)


def _of_membership(run: Run, text: str) -> Iterator[_Evidence]:
    """Yield what "the X" and "fighters of the X" say."""
    before = run.doc[run.start - 1] if run.start else None
    unknown = place_weight(text) < WEAK
    if before is not None and before.lower_ == "the" and not run.titled:
        weight = FAIR if unknown else WEAK
        yield _Evidence(label=NameLabel.ORG, why=NameReason.ARTICLE, weight=weight)
        before = before.nbor(-1) if before.i else None
    if before is None or before.i == 0 or before.lower_ not in _FOLLOWING:
        return
    if unknown and before.nbor(-1).lemma_.lower() in _MEMBERS:
        yield _Evidence(label=NameLabel.ORG, why=NameReason.ARMED, weight=FAIR)


def _has_body_word(run: Run, known: NameWords) -> bool:
    """Say whether the head word of a name, before any "of" or "for", is that of a body."""
    tokens = run.doc[run.start : run.end]
    head_end = next((t.i for t in tokens if t.text in {"of", "for", "in"}), run.end)
    head = run.doc[head_end - 1].lower_
    if head in known.organisation_words:
        return True
    return tokens[0].lower_ in known.organisation_openers


def _of_place(run: Run, text: str, known: NameWords) -> Iterator[_Evidence]:
    label, tokens = NameLabel.PLACE, run.doc[run.start : run.end]
    weight = place_weight(text)
    if weight:
        sure = weight >= FAIR and len(tokens) > 1
        yield _Evidence(
            label=label, why=NameReason.GAZETTEER, weight=weight + STRONG if sure else weight
        )
    if len(tokens) > 1 and tokens[-1].lower_ in known.place_words:
        yield _Evidence(label=label, why=NameReason.PLACE_WORD, weight=STRONG + FAIR)
    if len(tokens) > 1 and tokens[1].text == "of" and tokens[0].lower_ in known.place_words:
        yield _Evidence(label=label, why=NameReason.PLACE_WORD, weight=STRONG)
    if len(tokens) > 1 and tokens[0].lower_ in _COMPASS:
        yield _Evidence(label=label, why=NameReason.PLACE_WORD, weight=FAIR)
    if len(tokens) > 1 and tokens[0].lower_ in known.place_openers:
        yield _Evidence(label=label, why=NameReason.PLACE_WORD, weight=STRONG)
    after = run.doc[run.end] if run.end < len(run.doc) else None
    if after is not None and after.lower_ in known.place_followers:
        yield _Evidence(label=label, why=NameReason.PLACE_WORD, weight=STRONG)
    head = _head(run)
    if head.dep_ in _OBJECTS and head.head.lemma_ in known.place_verbs:
        yield _Evidence(label=label, why=NameReason.TAKEN, weight=FAIR)
    yield from _of_position(run)
    if _is_contained(run):
        yield _Evidence(label=label, why=NameReason.CONTAINMENT, weight=FAIR)


def _of_position(run: Run) -> Iterator[_Evidence]:
    """Yield what the preposition before a name says of it; "in northern X" counts like "in X"."""
    position = run.start - 1
    while position >= 0 and run.doc[position].pos_ in {"ADJ", "DET"}:
        position -= 1
    if position < 0:
        return
    before = run.doc[position].lower_
    if before in _INSIDE:
        weight = STRONG
    elif before in _TOWARDS:
        weight = WEAK
    elif before == "of" and position and run.doc[position - 1].lower_ in _PLACE_BEFORE_OF:
        weight = STRONG
    else:
        return
    yield _Evidence(label=NameLabel.PLACE, why=NameReason.LOCATIVE, weight=weight)


def _is_contained(run: Run) -> bool:
    """Say whether a known place follows after a comma, or stood before one ("Datta Khel, Punjab")."""
    doc = run.doc
    if run.end + 1 < len(doc) and doc[run.end].text == ",":
        after = doc[run.end + 1]
        if after.text[0].isupper() and place_weight(after.text) >= FAIR:
            return after.i + 1 >= len(doc) or doc[after.i + 1].text in {",", ".", ";"}
    if run.start > 1 and doc[run.start - 1].text == ",":
        before = doc[run.start - 2]
        return before.text[0].isupper() and place_weight(before.text) > 0 and not run.titled
    return False


def _of_person(run: Run, text: str, known: NameWords) -> Iterator[_Evidence]:
    label, tokens = NameLabel.PERSON, run.doc[run.start : run.end]
    if run.titled:
        yield _Evidence(label=label, why=NameReason.TITLE, weight=DECISIVE - WEAK)
    several, head = " " in text, _head(run)
    if tokens[0].text in known.given_names:
        weight = STRONG if several else WEAK
        yield _Evidence(label=label, why=NameReason.GIVEN_NAME, weight=weight)
    if several and any(t.lower_ in known.particles for t in tokens[1:]):
        yield _Evidence(label=label, why=NameReason.NAME_SHAPE, weight=WEAK)
    if several and len(tokens) <= LONGEST_PERSON:
        if all(token.pos_ == "PROPN" for token in tokens if token.is_alpha):
            yield _Evidence(label=label, why=NameReason.NAME_SHAPE, weight=HINT)
        if head.dep_ == "obj" and head.head.lemma_ in known.person_objects:
            yield _Evidence(label=label, why=NameReason.SUFFERS, weight=FAIR)
    if _age_follows(run):
        yield _Evidence(label=label, why=NameReason.AGE, weight=STRONG + FAIR)
    if _role_beside(run, known):
        yield _Evidence(label=label, why=NameReason.ROLE, weight=STRONG)
    if _speaks(run, known):
        yield _Evidence(label=label, why=NameReason.SPEAKER, weight=FAIR if several else WEAK)


def _age_follows(run: Run) -> bool:
    doc = run.doc
    return (
        run.end + 1 < len(doc)
        and doc[run.end].text == ","
        and doc[run.end + 1].text.isdigit()
        and len(doc[run.end + 1].text) <= 2  # noqa: PLR2004 - years of age
    )


def _role_beside(run: Run, known: NameWords) -> bool:
    """Say whether a role stands in apposition: "the mayor, X", "X, a teacher at ..."."""
    doc = run.doc
    before = doc[run.start - 1] if run.start else None
    if before is not None and before.text == "," and before.i:
        return doc[before.i - 1].lower_ in known.roles or _role_follows(run, known)
    return _role_follows(run, known)


def _role_follows(run: Run, known: NameWords) -> bool:
    doc = run.doc
    if run.end + 1 >= len(doc) or doc[run.end].text != ",":
        return False
    window = doc[run.end + 1 : min(run.end + 6, len(doc))]
    for token in window:
        if token.lower_ in known.roles:
            return True
        if token.is_punct or token.pos_ in {"VERB", "ADP"}:
            return False
    return False


def _speaks(run: Run, known: NameWords) -> bool:
    head = _head(run)
    return head.dep_ in _SUBJECTS and head.head.lemma_ in known.person_verbs


def _head(run: Run) -> Token:
    """Return the token by which the name hangs in the parse."""
    return run.doc[run.start : run.end].root


def _of_witness(run: Run) -> Iterator[_Evidence]:
    kinds = {token.ent_type_ for token in run.doc[run.start : run.end] if token.ent_type_}
    for kind in sorted(kinds & {"PERSON", "ORG", "PLACE"}):
        weight = WITNESS / len(kinds)
        yield _Evidence(label=NameLabel(kind), why=NameReason.WITNESS, weight=weight)
