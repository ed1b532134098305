"""Who did it and to whom, by the parse: the tokens that are agents or patients of an event's word.

An event's word is a verb ("gunmen attacked a convoy") or a noun ("an attack by gunmen on a convoy",
"gunmen carried out an attack"). Both walk the same few edges of Universal Dependencies; what they
return are the heads of noun phrases, coordinated ones included.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.places.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from spacy.tokens import Token

# Clauses within clauses: "was killed when gunmen who had crossed the border opened fire".
MAX_DEPTH = 4
_SUBJECTS = ("nsubj", "csubj")
_PASSIVE_SUBJECTS = ("nsubj:pass", "csubj:pass")
# In a headline "soldiers killed" leaves the auxiliary out: these verbs have an object or are passive.
HARM = frozenset(
    "kill wound injure slay murder abduct kidnap assassinate behead execute massacre maim".split()
)
_RELATIVE = frozenset("who which that whom".split())
_ON = frozenset("on against at targeting upon".split())
NOUNS_OF_DEED = frozenset(
    "attack strike airstrike raid bombing bombardment shelling ambush assault blast explosion clash shooting "
    "operation offensive massacre killing fire gunfire crossfire firefight incursion siege barrage shootout "
    "gunfight abduction kidnapping stabbing murder assassination missile rocket drone shell bomb mortar".split()
)
# "condemned, including by China": what counts is the preposition after it.
_WIDENING = frozenset(("including", "especially", "notably"))
_CLASHES = frozenset(
    "clash battle fighting fight firefight gunfight shootout skirmish combat".split()
)
_DEED_PREPOSITIONS = frozenset("in by during when as with from".split())
# After a deed its doer flees; anybody else does anything.
_AFTER = frozenset("after following".split())
# "Eleven died in shelling": the subject of these did nothing.
_SUFFERING = frozenset("die perish suffer survive succumb drown collapse fall lose".split())
# "Germany appalled by attack": no doer is appalled.
_FEELING = frozenset(
    "alarm anger appal appall appalled concern devastate disgust dismay disturb grieve horrify mourn outrage reel sadden shake shock "
    "sicken stun".split()
)
# Of themselves these do nobody's deed: whose car or bomb it was that exploded did not do it.
_BURSTING = frozenset("explode burst erupt detonate".split())
_BURSTS = frozenset("blast explosion detonation bombing".split())
_AT_SITE = frozenset("in inside outside at".split())
_BURSTING_WITH = (("blow", "up"), ("go", "off"))
# "Rebels ambushed a convoy escorted by the army, killing ten": what follows is the ambush's.
_ESCORTING = frozenset("escort guard protect accompany operate own".split())
_FLIGHT = frozenset("flee escape surrender withdraw retreat".split())
SPEECH = frozenset(
    "say write tell add post tweet announce state speak comment condemn denounce report confirm describe call brand label dub term "
    "slam decry deplore".split()
)


def agents(event: Token, light: frozenset[str], depth: int = 0) -> list[Token]:
    """Return the heads of the phrases that say who did `event`; `light` are verbs that a noun's doer is subject of."""
    if depth > MAX_DEPTH:
        return []
    if is_verb(event):
        return _agents_of_verb(event, light, depth)
    return _agents_of_noun(event, light, depth)


def patients(event: Token, light: frozenset[str], depth: int = 0) -> list[Token]:
    """Return the heads of the phrases that say whom or what `event` was directed at."""
    if depth > MAX_DEPTH:
        return []
    found = (
        list(_patients_of_verb(event)) if is_verb(event) else list(_patients_of_noun(event, light))
    )
    return [token for head in found for token in coordinated(head)]


def deeds_of(verb: Token) -> list[Token]:
    """Return the nouns of deeds that a verb of harm has as subject, by "by" or "in"."""
    return [
        child
        for child in verb.children
        if child.dep_.startswith(("nsubj", "obl"))
        and child.lemma_.lower() in NOUNS_OF_DEED
        and not _is_counted_from(child)
    ]


def is_verb(token: Token) -> bool:
    """Say whether the token is a verb, or an adjective that stands as a passive one ("were wounded")."""
    if token.pos_ == "VERB":
        return True
    return any(child.dep_ in ("nsubj:pass", "aux:pass") for child in token.children)


def is_passive(verb: Token) -> bool:
    """Say whether the verb stands in the passive, or is a participle after its noun ("troops killed in")."""
    if any(child.dep_ in ("nsubj:pass", "aux:pass") for child in verb.children):
        return True
    if verb.lower_ == "slain" and not _has(verb, "obj"):
        return True
    shot_dead = verb.lower_ == "shot" and any(c.lower_ == "dead" for c in verb.children)
    bare = (verb.lemma_ in HARM or shot_dead) and verb.tag_ in ("VBD", "VBN")
    open_clause = _has(verb, "xcomp") and not shot_dead
    if bare and _has(verb, "nsubj") and not (open_clause or _has(verb, "obj", "aux", "ccomp")):
        return True
    return (
        verb.tag_ == "VBN"
        and verb.dep_ in ("acl", "amod", "acl:relcl")
        and not _has(verb, "nsubj", "aux", "obj")
    )


def is_bare_passive(verb: Token) -> bool:
    """Say whether a past form has neither object nor auxiliary: headlines tell what is suffered so, "Soldiers ambushed"."""
    past = verb.pos_ == "VERB" and verb.tag_ in ("VBD", "VBN")
    return past and not _has(verb, "obj", "aux", "xcomp", "ccomp")


def coordinated(head: Token) -> list[Token]:
    """Return the head and what "and" joins to it."""
    return [
        head,
        *(child for child in head.children if child.dep_ == "conj" and child.pos_ != "VERB"),
    ]


def case_of(token: Token) -> str:
    """Return the preposition before the phrase, empty for none; "by" for "by President X" whose title holds it."""
    cases = _cases(token) or [
        case for child in token.children if child.dep_ == "nmod:desc" for case in _cases(child)
    ]
    if cases and cases[0] in _WIDENING:
        cases = cases[1:]
    if not cases and token.dep_ == "obl:agent":
        return "by"
    return cases[0] if cases else ""


def _cases(token: Token) -> list[str]:
    return [child.lower_ for child in token.children if child.dep_ == "case" and child.i < token.i]


def _has(token: Token, *labels: str) -> bool:
    return any(child.dep_ in labels for child in token.children)


def _subjects(verb: Token) -> list[Token]:
    """Return the subjects of an active verb; a relative pronoun stands for the noun before it."""
    found = []
    for child in verb.children:
        if child.dep_ in _SUBJECTS:
            found += coordinated(verb.head if _is_relative(child, verb) else child)
    return found


def _is_relative(child: Token, verb: Token) -> bool:
    return child.lower_ in _RELATIVE and verb.dep_.startswith("acl")


def by_phrases(event: Token) -> list[Token]:
    """Return the doers after "by" below the token."""
    return [
        token
        for child in event.children
        if child.dep_ in ("obl:agent", "obl", "nmod") and case_of(child) == "by"
        for token in coordinated(child)
        if token.lemma_.lower() not in NOUNS_OF_DEED
    ]


def _agents_of_verb(verb: Token, light: frozenset[str], depth: int) -> list[Token]:
    by = by_phrases(verb)
    if by:
        return by
    for deed in deeds_of(verb):
        if case_of(deed) == "by" and (found := agents(deed, light, depth + 1)):
            return found
    if not is_passive(verb):
        subjects = _subjects(verb)
        if _bursts(verb) and not _has(verb, "obj"):
            subjects = [one for one in subjects if one.lemma_.lower() in NOUNS_OF_DEED]
        if subjects:
            return _unless_deed(subjects, light, depth)
        inherited = _inherited(verb, light, depth)
        if inherited:
            return inherited
    return _of_circumstance(verb, light, depth)


def _bursts(verb: Token) -> bool:
    """Say whether it is what a bomb does: it explodes, blows up, goes off."""
    lemma = verb.lemma_.lower()
    return lemma in _BURSTING or any(
        lemma == word and any(c.lower_ == particle for c in verb.children)
        for word, particle in _BURSTING_WITH
    )


def _unless_deed(subjects: list[Token], light: frozenset[str], depth: int) -> list[Token]:
    """Return the subjects; for "the attack killed five" who made the attack."""
    found = []
    for subject in subjects:
        deed = subject.pos_ in ("NOUN", "PROPN") and subject.lemma_.lower() in NOUNS_OF_DEED
        found += agents(subject, light, depth + 1) if deed else [subject]
    return found


def _inherited(verb: Token, light: frozenset[str], depth: int) -> list[Token]:
    """Return the doer of a clause that has no subject of its own; an escort hurts nobody."""
    head = verb.head
    if head.lemma_ in _ESCORTING and head.dep_.startswith("acl"):
        head = head.head.head
    if head == verb:
        return []
    if verb.dep_ == "acl" and verb.tag_ in ("VBG", "VB"):
        return coordinated(head)
    if verb.dep_ == "conj" and is_verb(head) and not is_passive(head):
        return agents(head, light, depth + 1)
    clause = verb.dep_ in ("advcl", "xcomp") and head.lemma_ not in SPEECH | _SUFFERING
    if clause and is_verb(head):
        return agents(head, light, depth + 1)
    return []


def _of_circumstance(verb: Token, light: frozenset[str], depth: int) -> list[Token]:
    """Return who did what the verb's circumstance tells: "killed in an attack by", "killed when gunmen attacked"."""
    for child in verb.children:
        told = child.dep_ == "advcl" and is_verb(child) and not _is_counted_from(child)
        if told and (_has(child, "nsubj") or by_phrases(child)):
            found = agents(child, light, depth + 1)
            if found:
                return found
        if (
            child.dep_ == "obl"
            and child.lemma_.lower() in NOUNS_OF_DEED
            and case_of(child) in _DEED_PREPOSITIONS
        ):
            found = agents(child, light, depth + 1)
            if found:
                return found
    return []


_UNITS = frozenset("minute hour day week month".split())


def _is_counted_from(other: Token) -> bool:
    """Say whether a deed only tells from when hours or days are counted: "hours after raids", "after jets struck"."""
    marks = (
        c for c in other.children if c.dep_ in ("mark", "case") and c.lower_ in ("after", "before")
    )
    return any(m.i > 0 and m.nbor(-1).lemma_.lower() in _UNITS for m in marks)


def _agents_of_noun(noun: Token, light: frozenset[str], depth: int) -> list[Token]:
    by = by_phrases(noun)
    if by:
        return by
    if noun.lemma_.lower() in _CLASHES and (sides := _sides(noun)):
        return sides
    for child in noun.children:
        if (
            child.dep_.startswith("acl")
            and is_verb(child)
            and child.lemma_ in light | {"claim", "blame"}
        ):
            doers = [] if child.lemma_ == "blame" else _subjects_not(child, noun)
            found = by_phrases(child) or doers or _blamed(child)
            if found:
                return found
    own = [
        child for child in noun.children if child.dep_ in ("compound", "amod", "nmod:poss", "nmod")
    ]
    modifiers = [child for child in own if child.dep_ != "nmod" or case_of(child) == "from"]
    if modifiers:
        return [token for child in modifiers for token in coordinated(child)] + _of_light_verb(
            noun, light, depth
        )
    return _of_light_verb(noun, light, depth)


def _sides(clash: Token) -> list[Token]:
    """Return the two sides of "clashes between A and B", and who clashed "with" another."""
    for child in clash.children:
        case = case_of(child)
        if child.dep_ in ("nmod", "obl") and case in ("between", "among"):
            return coordinated(child)
        if child.dep_ in ("nmod", "obl") and case == "with":
            verb = clash.head
            return (_subjects(verb) if is_verb(verb) else []) + coordinated(child)
    verb = clash.head
    follows = clash.i + 1 < len(clash.doc) and clash.nbor(1).lower_ == "with"
    return _subjects(verb) if follows and is_verb(verb) and clash.dep_ == "obl" else []


def _subjects_not(verb: Token, noun: Token) -> list[Token]:
    return [subject for subject in _subjects(verb) if subject != noun]


def _blamed(verb: Token) -> list[Token]:
    return [
        token
        for child in verb.children
        if child.dep_ in ("obl", "nmod") and case_of(child) in ("on", "to")
        for token in coordinated(child)
    ]


def _of_light_verb(noun: Token, light: frozenset[str], depth: int) -> list[Token]:
    """Return the doer where the noun is the object or subject of "carry out", "launch", "be blamed on"."""
    verb = noun.head
    if not is_verb(verb) or noun.dep_ not in ("obj", "nsubj:pass", "obl", "nmod"):
        return []
    if verb.lemma_ in light and noun.dep_ in ("obj", "nsubj:pass"):
        return _agents_of_verb(verb, light, depth + 1)
    # "In an attack the army blamed on the RSF": the parse makes the attack a where of the blame.
    if verb.lemma_ in ("blame", "attribute", "pin") and (
        noun.dep_ in ("obj", "nsubj:pass") or (noun.dep_ == "obl" and noun.i < verb.i)
    ):
        return _blamed(verb)
    if verb.lemma_ == "claim" and noun.dep_ == "obj":
        return _subjects(verb)
    told = case_of(noun) in _DEED_PREPOSITIONS or (
        verb.lemma_ in _FLIGHT and case_of(noun) in _AFTER
    )
    acts = not is_passive(verb) and verb.lemma_ not in SPEECH | _SUFFERING | _FEELING
    if noun.dep_ == "obl" and told and acts:
        return _unless_deed(_subjects(verb), light, depth)
    return []


def _patients_of_verb(verb: Token) -> Iterator[Token]:
    for child in verb.children:
        passive = child.dep_ in (*_PASSIVE_SUBJECTS, "nsubj") and is_passive(verb)
        if child.dep_ == "obj" or passive:
            yield verb.head if _is_relative(child, verb) else child
        if child.dep_ == "obl" and case_of(child) in _ON and child.ent_type_ != "DATE":
            yield child
        if _bursts(verb) and _is_where_it_burst(child):
            yield child
    if is_passive(verb) and verb.dep_ == "acl":
        yield verb.head


def _is_where_it_burst(child: Token) -> bool:
    """Say whether it is the site in which a bomb goes off: "detonated a vest inside a church"."""
    site = child.lemma_.lower() in words().common_sites
    return site and child.dep_ in ("obl", "nmod") and case_of(child) in _AT_SITE


def _patients_of_noun(noun: Token, light: frozenset[str]) -> Iterator[Token]:
    for child in noun.children:
        if child.dep_ in ("nmod", "obl") and case_of(child) in _ON | {"of"}:
            yield child
        if noun.lemma_.lower() in _BURSTS and _is_where_it_burst(child):
            yield child
        if child.dep_ in ("acl", "acl:relcl") and child.lemma_ in ("target", "hit", "strike"):
            yield from (token for token in _patients_of_verb(child) if token != noun)
    verb = noun.head
    if is_verb(verb) and verb.lemma_ in light and noun.dep_ in ("obj", "nsubj:pass"):
        for child in verb.children:
            if child.dep_ == "obl" and case_of(child) in _ON:
                yield child
    if is_verb(verb) and noun.dep_ in ("nsubj", "obl") and verb.lemma_ in (
        "target", "hit", "strike", "destroy", "damage", "attack", "kill", "wound", "injure",
    ):  # fmt: skip
        yield from (token for token in _patients_of_verb(verb) if token != noun)
