"""Say what a stance is about: its words, and which incident of the article it is, if it is one."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from monitor.extract.officials import words as office_words
from monitor.extract.statements.words import is_violent_phrase, words
from schemas.reasons import Kind, PlacePrecision, Stance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Token

    from monitor.extract.facts import Reading
    from monitor.extract.statements.cue import Cue
    from schemas.report import ReportedIncident

MAX_TARGET_TOKENS = 24
_CUT = frozenset("acl:relcl advcl parataxis ccomp discourse".split())
_CLASS = (
    "these attacks",
    "such attacks",
    "attacks on",
    "attacks against",
    "attacks targeting",
    "all attacks",
    "such acts",
    "all forms",
    "any attack",
    "all acts",
    "these acts",
    "such crimes",
    "attacks",
    "violence",
    "terrorism",
)
_THIS = frozenset("this these that those such".split())
_DEEDS = frozenset("action deed act atrocity tragedy".split())
# Who condemns "the terrorists" in a report of their attack condemns the attack.
_DOERS = frozenset(
    "attacker perpetrator assailant terrorist killer bomber gunman culprit murderer".split()
)
_STRIKES = frozenset(
    "strike strikes airstrike airstrikes bombardment shelling raid raids bombing missile".split()
)


def home_of(reading: Reading, incidents: Sequence[ReportedIncident]) -> str:
    """Return the country that an office named without a country belongs to, empty where unclear.

    It is the one whose capital the article comes from, if the article names it; else the one that it names most.
    Where its first incident happened counts twice: a visit abroad is an aside.
    """
    if reading.source_country:
        return reading.source_country
    gazetteer = tables.load()
    counts: Counter[str] = Counter()
    opening, _ = _opening(reading)
    for sentence in reading.sentences:
        for token in sentence.span:
            # "MEXICO CITY -" is where somebody writes: it names no country that the text is about.
            if sentence.field == "text" and sentence.offset + token.idx in opening:
                continue
            proper = token.text[:1].isupper() and not gazetteer.is_misspelt_initials(token.text)
            if proper and not _is_of_deed(token):
                key = exact_key(token.text)
                named = gazetteer.countries_named(key)
                counts[gazetteer.adjectives.get(key) or (named[0].country if named else "")] += 1
    dateline = _dateline(reading)
    if counts[dateline] and dateline:
        return dateline
    where = (i.place.country_code for i in incidents if i.place and i.place.country_code)
    counts[next(where, "")] += 2
    del counts[""]
    return max(counts, key=lambda code: counts[code], default="")


def _is_of_deed(token: Token) -> bool:
    """Say whether it only tells whose deed something is: the "Israeli" of "the Israeli attack"."""
    following = token.nbor() if token.i + 1 < len(token.doc) else token
    return following.lower_ in words().violence or following.lower_ in _OF_ENEMY


_OF_ENEMY = frozenset("occupation aggression aggressions violations".split())
MAX_DATELINE = 40
_DATELINE = re.compile(
    r"\s*([^\W\d_][\w'’ .]+?)\s*(?:,[^-–—(]{0,20})?(?:\([^)]*\)\s*)?[-–—:]{1,2}(?:\s|$)"
)


def _dateline(reading: Reading) -> str:
    """Return the country whose capital opens the text, as in "ANKARA (AA) -"; empty for none."""
    _, town = _opening(reading)
    return office_words.index_of_offices().capitals.get(exact_key(town), "")


def _opening(reading: Reading) -> tuple[range, str]:
    """Return the characters of the dateline in the text, and the town that it names; none where it has no dateline."""
    first = next((s for s in reading.sentences if s.field == "text"), None)
    found = _DATELINE.match(first.text[:MAX_DATELINE]) if first is not None else None
    if first is None or found is None:
        return range(0), ""
    begins = first.offset + int(first.span.start_char)
    return range(begins, begins + found.end()), found[1]


def text_of(cue: Cue) -> str:
    """Return the words of what the stance is about, without the clauses that follow."""
    if cue.target is None:
        return ""
    head, last = cue.heads[0], cue.heads[-1]
    left_out = {
        token.i
        for node in last.subtree
        for child in node.children
        if child.dep_ in _CUT and child.i > last.i
        for token in child.subtree
    }
    begins = cue.token + 1 if cue.token < head.i else 0
    start = max(head.left_edge.i, head.i - MAX_TARGET_TOKENS, begins)
    end = min(max(head.right_edge.i, last.right_edge.i) + 1, last.i + MAX_TARGET_TOKENS)
    kept = [
        token
        for token in cue.sentence.doc[start:end]
        if token.i not in left_out and not (token.dep_ in ("case", "cc") and token.head == head)
    ]
    text = "".join(token.text_with_ws for token in kept)
    return " ".join(text.split()).strip(' ,;:.“”"')


def is_violent(cue: Cue, incidents: Sequence[ReportedIncident] = ()) -> bool:
    """Say whether what the stance is about is violence; a pronoun may stand for it."""
    if cue.stance is Stance.CLAIM:
        return True
    if cue.target is None or cue.in_other_words or told_in_target(cue, incidents) is not None:
        return True
    return any(_can_be_incident(head) or is_violent_phrase(head) for head in cue.heads)


def is_class(text: str) -> bool:
    """Say whether the words mean a class of attacks and no single one."""
    lower = f"{text.lower()} "
    return any(lower.startswith(f"{phrase} ") for phrase in _CLASS) or "these attacks" in lower


def incident_of(cue: Cue, incidents: Sequence[ReportedIncident]) -> int | None:
    """Return the ordinal of the incident a stance is about; ``None`` for a class, a policy, or none known."""
    if not incidents:
        return None
    told = told_in_target(cue, incidents)
    if told is not None:
        return told
    text = text_of(cue)
    if is_class(text) and not _is_definite_one(text):
        return None
    head = cue.sentence.doc[cue.target] if cue.target is not None else None
    owned = cue.stance is Stance.CLAIM or (cue.stance is Stance.DENY and _is_part_in(head))
    if head is not None and not _can_be_incident(head) and not owned:
        return None
    before = _told_before(cue, incidents) if head is not None and head.pos_ == "PRON" else None
    return _nearest(incidents, text) if before is None else before


def _told_before(cue: Cue, incidents: Sequence[ReportedIncident]) -> int | None:
    """Return the incident told last before the sentence: what "This is a war crime" speaks of."""
    here = cue.sentence.evidence(cue.token, cue.token + 1, "")
    told = [
        (piece.start, incident.ordinal)
        for incident in incidents
        if not incident.background
        for piece in incident.evidence
        if piece.fact == "trigger" and piece.field == here.field and piece.start < here.start
    ]
    return max(told)[1] if told else None


def told_in_target(cue: Cue, incidents: Sequence[ReportedIncident]) -> int | None:
    """Return the incident one of whose words of evidence stands inside the target."""
    for head in cue.heads:
        span = cue.sentence.evidence(head.left_edge.i, head.right_edge.i + 1, "")
        for incident in incidents:
            for piece in incident.evidence:
                inside = (
                    piece.field == span.field
                    and span.start <= piece.start
                    and piece.end <= span.end
                )
                if inside and piece.fact == "trigger":
                    return incident.ordinal
    return None


def _is_definite_one(text: str) -> bool:
    return text.lower().startswith(("the attacks in", "the attacks of", "the attacks that"))


def _is_part_in(head: Token | None) -> bool:
    """Say whether it is the "involvement" that is denied."""
    return head is not None and head.lemma_.lower() in ("responsibility", "involvement", "role")


def _can_be_incident(head: Token) -> bool:
    if head.lemma_.lower() in _DOERS:
        return any(c.lower_ in {"the", "those"} for c in head.children)
    if head.lower_ in words().violence or head.pos_ in ("PRON", "DET"):
        return True
    pointing = {c.lower_ for c in head.children}
    if head.lemma_ == "incident":
        return bool(pointing & _THIS or "the" in pointing)
    return head.lemma_ in _DEEDS and bool(pointing & _THIS)


def _nearest(incidents: Sequence[ReportedIncident], text: str) -> int | None:
    """Return the incident that fits best: its place in the target, its kind, told before, not background."""
    key = exact_key(text)

    def rank(incident: ReportedIncident) -> tuple[bool, bool, bool, int]:
        place = incident.place
        names = (
            [place.name, place.admin1]
            if place and place.precision is not PlacePrecision.COUNTRY
            else []
        )
        placed = any(name and exact_key(name) in key for name in names)
        strike = bool(set(key.split()) & _STRIKES)
        return (
            not placed,
            incident.background,
            (incident.kind is Kind.STRIKE) != strike,
            incident.ordinal,
        )

    current = [incident for incident in incidents if not incident.background] or []
    pool = current or list(incidents)
    best = min(pool, key=rank, default=None)
    return best.ordinal if best else None
