"""Read from the parse how an event word is held: asserted, denied, negated, planned, feared, threatened, supposed.

The walk goes from the word up to its clause and on through what governs the clause. It stops where
the clause states something for itself (a relative clause, "after ..."), and it passes over verbs of
saying. A subject is not in the complement of its verb: "the attack threatens talks" threatens nothing.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from monitor.extract.events import lexicon

if TYPE_CHECKING:
    from spacy.tokens import Token


class Frame(StrEnum):
    """What governs an event word."""

    THREAT = "threat"
    PLAN = "plan"
    FEAR = "fear"
    PREVENT = "prevent"
    CALL = "call"
    DENY = "deny"
    FOILED = "foiled"
    NEGATED = "negated"
    HYPOTHETICAL = "hypothetical"


SUBJECTS = frozenset({"nsubj", "nsubj:pass", "csubj", "nsubj:outer"})
# A clause in one of these places tells something for itself, whatever governs it.
FREE_CLAUSES = frozenset({"acl:relcl", "parataxis", "appos", "discourse", "list"})
# A clause behind one of these says what is reported, whatever the parser calls it.
REPORTED = frozenset(
    {"report", "claim", "allegation", "accusation", "rumour", "rumor", "suggestion"}
)
MODALS = frozenset(
    {
        "may",
        "might",
        "could",
        "would",
        "will",
        "shall",
        "should",
        "must",
        "can",
        "wo",
        "ca",
        "'ll",
        "’ll",
        "'d",
        "’d",
    }
)
NEGATIONS = frozenset({"not", "n't", "n’t", "never", "no", "neither", "nor", "without"})
CONDITIONS = frozenset({"if", "unless", "whether", "lest", "should", "once", "until"})
_ORDER = (Frame.THREAT, Frame.PLAN, Frame.FEAR, Frame.PREVENT, Frame.CALL, Frame.DENY)
# What is protested, mourned or looked into has happened.
ANSWERING = frozenset(
    "protest condemn denounce mourn avenge investigate probe commemorate mark solve deplore lament".split()
)
# "Orders an inquiry into the attack".
INQUIRIES = frozenset("investigation inquiry enquiry probe".split())
# "Denied any part in the murder of the minister": what is denied is the part.
PARTS = frozenset("participation involvement complicity part role hand responsibility".split())
ENDS = frozenset("end halt stop".split())
# Where it was: "police secure the scene of the killings".
SCENES = frozenset("scene site aftermath".split())
# "Arrived to find that two had been shot".
FINDING = frozenset("find discover learn hear see".split())
# What is told of an attack that did not come about.
UNDONE = frozenset({"planned", "foiled", "thwarted", "averted", "impending"})
BEATEN_OFF = frozenset({"intercepted", "repelled", "repulsed"})
MAX_STEPS = 12
# Whoever is sought for what was done.
SOUGHT = frozenset(
    "suspect man woman gunman shooter attacker assailant culprit perpetrator driver person people anyone those killer teen "
    "teenager bomber individual".split()
)


def frame(token: Token, *, definite: bool) -> Frame | None:
    """Return what takes the event that `token` tells out of the asserted world, or ``None``.

    `definite` marks "the attack": plans, fears and denials do not undo what readers already know of.
    """
    own = _own_clause(token)
    if own is not None:
        return own
    if token.dep_ == "ROOT" and _infinitive(token):
        return Frame.PLAN
    here = token
    for _ in range(MAX_STEPS):
        if here.dep_ == "ROOT" or here.head.i == here.i:
            return None
        held = _step(here, token, definite=definite)
        if held is not None:
            return held
        if _stops(here) or _answers(here) or _marks_somebody(here):
            return None
        here = here.head
    return None


def _own_clause(token: Token) -> Frame | None:
    children = list(token.children)
    if any(
        c.lower_ in NEGATIONS and c.dep_ in {"advmod", "det", "cc:preconj", "neg"} for c in children
    ):
        return Frame.NEGATED
    if any(c.lower_ == "without" and c.dep_ in {"case", "mark"} for c in children):
        return Frame.NEGATED
    if (
        any(c.lower_ == "against" and c.dep_ == "case" for c in children)
        and token.head.lemma_.lower() in lexicon.cues()["prevent"]
    ):
        return Frame.PREVENT
    if any(_is_planned(c) for c in children if c.dep_ == "amod"):
        return Frame.PLAN
    predicate = any(c.dep_ == "cop" for c in children)
    return _verb_mood(token) if predicate or token.pos_ in {"VERB", "AUX"} else None


def _is_planned(word: Token) -> bool:
    """Say whether it is "a planned attack", and no "carefully planned" one."""
    return word.lower_ in UNDONE and not any(c.dep_ == "advmod" for c in word.children)


def _verb_mood(verb: Token) -> Frame | None:
    """Return the frame that modals, negation, "if" and a bare "to" give a verb's own clause."""
    if any(c.lower_ == "time" and any(g.lower_ == "no" for g in c.children) for c in verb.children):
        return Frame.NEGATED
    children = {
        c.lower_: c for c in verb.children if c.dep_ in {"aux", "aux:pass", "mark", "advmod"}
    }
    if any(word in NEGATIONS for word in children):
        return Frame.NEGATED
    if any(word in CONDITIONS and c.dep_ == "mark" for word, c in children.items()):
        return Frame.HYPOTHETICAL
    modal = any(word in MODALS and c.dep_.startswith("aux") for word, c in children.items())
    perfect = any(c.lower_ in {"have", "'ve", "’ve"} for c in verb.children)
    if modal and not (perfect and any(w in {"may", "must"} for w in children)):
        return Frame.HYPOTHETICAL
    return None


# "The report that he was wounded is unfounded".
UNTRUE = frozenset(
    "unfounded untrue false baseless groundless fake fabricated incorrect wrong".split()
)


def _is_refuted(here: Token) -> bool:
    """Say whether it is what a report says that is not so, or that somebody denies: "rejecting accusations that it attacked"."""
    report = here.head
    reported = report.lemma_.lower() in REPORTED and here.dep_ in {"acl", "ccomp", "acl:relcl"}
    if reported and _is_object(report) and report.head.lemma_.lower() in lexicon.cues()["deny"]:
        return True
    return reported and report.dep_ in SUBJECTS and report.head.lower_ in UNTRUE


def _is_to_end(here: Token) -> bool:
    """Say whether somebody wants it over: "requests for an end to the bombings"."""
    over = here.head.lemma_.lower() in ENDS and here.head.pos_ == "NOUN"
    return over and any(c.lower_ == "to" and c.dep_ == "case" for c in here.children)


def _is_object(report: Token) -> bool:
    """Say whether a verb takes it as what it speaks of, with a day between them or not: "denied on Friday reports that"."""
    days = any(t.lower_ == "on" for t in report.doc[report.left_edge.i : report.i])
    return report.dep_ == "obj" or (report.dep_ == "obl" and days)


def _step(here: Token, origin: Token, *, definite: bool) -> Frame | None:
    """Return the frame that `here`'s governor puts it in."""
    parent = here.head
    if here.dep_ == "csubj" and _infinitive(here) and parent.pos_ in {"ADJ", "NOUN"}:
        return Frame.PLAN
    if here.dep_ in SUBJECTS:
        verb = parent if parent.pos_ in {"VERB", "AUX"} else None
        mood = _verb_mood(verb) if verb is not None else None
        return mood if mood is Frame.HYPOTHETICAL and not definite else None
    known = definite and here.i != origin.i and _has_victim(origin)
    if not known and _is_refuted(here):
        return Frame.DENY
    if _tells_for_itself(here):
        return None
    if here.dep_ == "conj" and here.tag_ in {"VBD", "VBZ"}:
        return None
    return _unreal(here, parent) or _governed(here, parent, origin, definite=definite)


def _governed(here: Token, parent: Token, origin: Token, *, definite: bool) -> Frame | None:
    lemma = parent.lemma_.lower()
    cues = lexicon.cues()
    if lemma == "attempt" and BEATEN_OFF & {t.lower_ for t in here.sent}:
        return None  # "An attempt to attack the port with drones, which were intercepted": it was attacked.
    if here.dep_ == "ccomp" and _has_own_subject(here, parent):
        return None
    for name in _ORDER:
        if name is Frame.CALL and _is_named(parent):
            continue
        if lemma in cues[name] and _complement(here, name) and not _is_suspect(parent):
            known = definite and here.i == origin.i and origin.pos_ != "VERB"
            return None if known and not _is_called_for(here, name) else name
    if _infinitive(here) and _open(here) and (lemma not in cues["raising"] or _serves(parent)):
        return Frame.PLAN
    if (
        parent.pos_ == "VERB"
        and here.dep_ in {"obj", "xcomp", "ccomp", "nsubj:pass", "obl"}
        and not definite
    ):
        mood = _verb_mood(parent)
        return mood if here.dep_ != "obl" or mood is Frame.HYPOTHETICAL else None
    return None


# What people like is no event, nor what a word means.
_LIKING = frozenset("like enjoy love prefer hate mean".split())


def _is_habit(here: Token, parent: Token) -> bool:
    """Say whether it only tells what somebody likes or means: "those who like throwing bombs", "meaning placing bombs"."""
    return (
        here.tag_ == "VBG"
        and here.dep_ in {"xcomp", "ccomp", "obj"}
        and parent.lemma_.lower() in _LIKING
    )


def _has_own_subject(here: Token, parent: Token) -> bool:
    """Say whether a clause stands before what is feared, behind a comma: "car bomb explodes near hotel, casualties feared"."""
    feared = parent.lemma_.lower() in lexicon.cues()[Frame.FEAR]
    return feared and any(
        c.dep_ in SUBJECTS and here.right_edge.i < c.i < parent.i for c in parent.children
    )


def _unreal(here: Token, parent: Token) -> Frame | None:
    """Return the frame of what somebody rules out, wants an end to, or took something else for."""
    if _is_to_end(here):
        return Frame.CALL
    if _is_ruled_out(here, parent) or _has_no_part(here, parent):
        return Frame.DENY
    thought = _was_thought(here, parent) or _is_habit(here, parent)
    return Frame.HYPOTHETICAL if thought else None


def _is_ruled_out(here: Token, parent: Token) -> bool:
    """Say whether it is what somebody "ruled out": "the squad ruled out sabotage"."""
    out = any(c.lower_ == "out" for c in (*parent.children, *here.children))
    taken = here.dep_ in {"obj", "nsubj:pass", "ccomp", "obl"}
    return parent.lemma_.lower() == "rule" and out and taken


def _has_no_part(here: Token, parent: Token) -> bool:
    """Say whether somebody only says that he was "not involved in" it."""
    negated = any(c.lower_ in NEGATIONS for c in parent.children)
    return parent.lemma_.lower() == "involve" and negated and here.dep_ in {"obl", "nmod"}


# Who looks into it has reasons for what he thinks.
INVESTIGATING = frozenset(
    "police investigator official detective prosecutor authority analyst expert intelligence agency".split()
)


def _was_thought(here: Token, parent: Token) -> bool:
    """Say whether it is what people took something for: "residents thought a bomb had gone off"."""
    if parent.lower_ != "thought" or here.dep_ not in {"ccomp", "xcomp"}:
        return False
    who = [c for c in parent.children if c.dep_ == "nsubj"]
    return bool(who) and not any(w.lemma_.lower() in INVESTIGATING for w in who)


def _is_named(parent: Token) -> bool:
    """Say whether something is called by its name, and not called for: "what they called a missile attack"."""
    relative = parent.dep_ == "acl:relcl" and parent.head.lower_ == "what"
    return relative or any(c.lower_ == "what" for c in parent.children)


def _is_called_for(here: Token, name: Frame) -> bool:
    """Say whether it is what somebody wants done: "called for the assassination of the general", and no inquiry into it."""
    cases = {c.lower_ for c in here.children if c.dep_ == "case"}
    whom = any(
        c.dep_ == "nmod" and any(g.lower_ == "of" for g in c.children) for c in here.children
    )
    more = any(c.dep_ in {"acl", "advcl"} for c in here.children)
    return name is Frame.CALL and "for" in cases and whom and not more


def _is_suspect(parent: Token) -> bool:
    """Say whether it is somebody who is sought for what was done: "suspects involved in the shooting"."""
    person = parent.pos_ == "NOUN" or parent.dep_ in {"obj", "obl", "nmod", *SUBJECTS}
    return parent.lemma_.lower() == "suspect" and person


def _complement(here: Token, name: Frame) -> bool:
    """Say whether `here` stands where the governing word takes what is feared, planned, denied ..."""
    if here.dep_ in {"obj", "xcomp", "ccomp", "acl", "iobj", "compound", "nsubj:pass"}:
        return True
    cases = {c.lower_ for c in here.children if c.dep_ in {"case", "mark"}}
    if here.dep_ in {"nmod", "obl", "nmod:poss"}:
        wanted = {"of", "to", "for", "about", "that", "over", "from", "against", "with"}
        if name in {Frame.THREAT, Frame.CALL}:
            wanted = {"of", "to", "for", "against", "with"}
        return bool(cases & wanted)
    return False


def _open(here: Token) -> bool:
    """Say whether an infinitive tells what is yet to be done: not "is said to have dropped"."""
    perfect = any(c.lower_ == "have" for c in here.children)
    return here.dep_ in {"advcl", "acl", "xcomp", "ccomp"} and not perfect


def _serves(parent: Token) -> bool:
    """Say whether it is told what something is for: "rockets are used to attack cities", not "was used to kill him"."""
    present = any(c.lower_ in {"is", "are", "'s", "'re"} for c in parent.children)
    return parent.lemma_.lower() == "use" and present


def _infinitive(token: Token) -> bool:
    """Say whether the verb stands behind its own "to"; a past tense is none: "men said to be rebels kidnapped ten"."""
    return token.tag_ in {"VB", "VBN"} and any(
        c.lower_ == "to" and c.dep_ in {"mark", "aux"} for c in token.children
    )


def _stops(here: Token) -> bool:
    """Say whether what governs the clause says nothing about it any more."""
    if here.dep_ == "ccomp" and here.head.lemma_.lower() in FINDING and _infinitive(here.head):
        return True
    return _tells_for_itself(here) or (here.dep_ == "conj" and here.tag_ in {"VBD", "VBZ"})


# "In response to an attack": what is answered has happened.
ANSWERS = frozenset({"response", "retaliation", "reprisal", "revenge", "reaction", "answer"})


def _answers(here: Token) -> bool:
    """Say whether it is what somebody answers to, whether he has done so yet or not: "to protest the murder of"."""
    before = [t.lower_ for t in here.doc[max(here.left_edge.i - 1, 0) : here.left_edge.i + 1]]
    if before[-1:] in (["to"], ["for"]) and before[0] in ANSWERS:
        return True
    if here.dep_ in {"nmod", "obl"}:
        return _leaves_it_standing(here)
    return here.head.lemma_.lower() in ANSWERING and here.dep_ in {"obj", "nsubj:pass"}


def _leaves_it_standing(here: Token) -> bool:
    """Say whether what it hangs on is about a deed that was done: its scene, an inquiry into it, somebody's part in it."""
    about = here.head.lemma_.lower()
    if about in INQUIRIES:
        return any(c.lower_ == "into" for c in here.children)
    return about in SCENES or (about in PARTS and _has_victim(here))


def _has_victim(deed: Token) -> bool:
    """Say whether a deed's victim is told: "the murder of presidency minister Antonio Rodriguez"."""
    of = [c for c in deed.children if any(g.lower_ == "of" for g in c.children)]
    return any(t.pos_ == "PROPN" for c in of for t in c.subtree)


def _marks_somebody(here: Token) -> bool:
    """Say whether it only tells who is meant: "asked for help to find two men involved in the shooting"."""
    person = here.head.lemma_.lower() in SOUGHT
    return here.dep_ in {"acl", "acl:relcl"} and person


def _tells_for_itself(here: Token) -> bool:
    """Say whether a clause is one of its own; "reports that it had bombed" holds what is reported."""
    told = here.head if here.head.dep_ != "nmod" else here.head.head
    if here.dep_ == "acl:relcl" and {here.head.lemma_.lower(), told.lemma_.lower()} & REPORTED:
        return False
    return here.dep_ in FREE_CLAUSES or (here.dep_ == "advcl" and not _infinitive(here))
