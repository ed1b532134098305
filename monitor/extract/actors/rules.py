"""Find who acts and who suffers: armed forces, states, armed groups, and gunmen without a name.

`find` (of `actor_names`) names them; `perpetrators`, `targets` and `claimed_by` tie them to one event
by the parse (`roles`), and by the order of words where the parse ties nobody to it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from monitor.extract.actors import roles
from monitor.extract.actors.names import (
    AGENT,
    CLAIMANT,
    MAX_TARGET_TOKENS,
    find,
    group_named,
    made,
    of_responsibility,
)
from monitor.extract.actors.words import index_of_names
from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from spacy.tokens import Span, Token

    from monitor.extract.facts import Actor, Sentence

__all__ = [
    "blamed",
    "claimed_by",
    "done_to",
    "find",
    "group_named",
    "owned_up",
    "perpetrators",
    "target",
    "targets",
]

# "strikes that were, officials said, carried out by": more words stand between a deed and another's doer.
MAX_WORDS_BETWEEN = 9
MAX_WORDS_BEFORE_VERB = 5
_SELF = frozenset("it they we its their our".split())
_NOT = frozenset(("not", "n't", "n’t", "never"))


def perpetrators(
    sentence: Sentence, trigger_head: int, found: Sequence[Actor]
) -> tuple[Actor, ...]:
    """Return who did what the token `trigger_head` tells, without repeats."""
    event = _verb_of(sentence.doc[trigger_head])
    suffered = sentence.headline and roles.is_bare_passive(event)
    told = roles.by_phrases(event) if suffered else roles.agents(event, index_of_names().light)
    heads = [h for h in told if not _only_speaks(h)]
    tied = _distinct(
        actor
        for head in heads
        if (actor := _of_head(sentence, head, found)) is not None and _can_act(event, head, actor)
    )
    if tied or suffered:
        return tied
    return _by_words(sentence, event, found) or _of_deed(sentence, event, found)


def _verb_of(event: Token) -> Token:
    """Return the verb of "hacked to death" for its last word, any other word itself."""
    to_death = event.lower_ == "death" and roles.case_of(event) == "to"
    return event.head if to_death and roles.is_verb(event.head) else event


def _only_speaks(head: Token) -> bool:
    """Say whether the phrase is the subject of a verb of saying: "wounding three, an officer said"."""
    return head.dep_ == "nsubj" and head.head.lemma_ in roles.SPEECH


def _of_deed(sentence: Sentence, event: Token, found: Sequence[Actor]) -> tuple[Actor, ...]:
    """Return who did the deed that a verb of harm has as its subject: "Israeli strikes killed"."""
    for deed in roles.deeds_of(event):
        actors = _by_words(sentence, deed, found)
        if actors:
            return actors
    return ()


def _by_words(sentence: Sentence, event: Token, found: Sequence[Actor]) -> tuple[Actor, ...]:
    """Return the actor that word order gives where the parse gives none.

    "Israeli air strikes", "killed ... by gunmen", "strikes carried out by US forces", "rebels shot".
    """
    doc = sentence.doc
    for actor in found:
        between = (
            doc[actor.end : event.i] if actor.end <= event.i else doc[event.i + 1 : actor.start]
        )
        if len(between) > MAX_WORDS_BETWEEN or _names_a_site(actor, between):
            continue
        if _tells_whose(doc[actor.start : actor.end].root, event):
            continue
        if (
            actor.end <= event.i
            and all(
                token.pos_ in ("NOUN", "PROPN", "ADJ", "PUNCT") and token.text not in (",", ":")
                for token in between
            )
            and not _only_where(actor, between, event)
            and event.pos_ != "VERB"
            and (actor.state or _can_act(event, doc[actor.end - 1], actor))
        ):
            return (actor,)
        if actor.end <= event.i and _is_before_its_verb(event, between, actor):
            return (actor,)
        if actor.start > event.i and _ends_in_by(between):
            return (actor,)
    return ()


def _tells_whose(owner: Token, event: Token) -> bool:
    """Say whether it only tells whose is what was hit: "attack on Burundi bar kills two", "Indian army porter injured"."""
    thing = owner.head
    if (
        owner.dep_ != "compound"
        or thing.lemma_.lower() in roles.NOUNS_OF_DEED
        or thing.pos_ != "NOUN"
    ):
        return False
    aimed = roles.case_of(thing) in {"on", "against", "near", "outside"}
    return (
        aimed
        or (event.dep_ == "acl" and event.head.i == thing.i)
        or thing.dep_ in {"obj", "nsubj:pass"}
    )


def _names_a_site(actor: Actor, between: Span) -> bool:
    """Say whether forces only tell whose building it is: "a bomb outside an air force school kills five"."""
    root = between.doc[actor.start : actor.end].root
    owned = root.dep_ == "compound" and actor.who.country_code is None
    return owned and any(t.i == root.head.i for t in between) and root.head.lemma_.lower() in _SITES


_SITES = frozenset(
    "school academy station post base camp headquarters college barracks checkpoint hospital recruitment "
    "building compound training centre center housing residence".split()
)
# A country before one of these is where it was done: "Burkina massacre", "Mexico ambush".
_WHERE_DONE = frozenset(
    "massacre ambush shooting stabbing killing murder blast explosion shootout kidnapping abduction".split()
)


def _only_where(actor: Actor, between: Span, event: Token) -> bool:
    """Say whether a country, or a capital, only tells where: "the Congo camp shelling", "the Jakarta blast"."""
    text = actor.who.text
    if exact_key(text) in index_of_names().capitals:
        return True
    by_name = actor.who.country_code is not None and exact_key(text) in _names_of_countries()
    hit = any(t.pos_ == "NOUN" and t.lemma_.lower() not in roles.NOUNS_OF_DEED for t in between)
    if actor.state and event.lemma_.lower() not in _FROM_AFAR:
        # "US school shooting", "US mall attack": no state does these.
        by_name = by_name or any(t.lemma_.lower() in _PUBLIC for t in between)
    return by_name and (hit or event.lemma_.lower() in _WHERE_DONE)


_PUBLIC = frozenset(
    "school mall church mosque synagogue temple campus university college nightclub club bar cinema theatre theater supermarket "
    "store parade festival concert airport highway cafe restaurant subway metro train bus market".split()
)
# What states do to such places, too.
_FROM_AFAR = frozenset("strike airstrike raid bombardment shelling".split())


@cache
def _names_of_countries() -> frozenset[str]:
    """Return the names of countries that are no adjectives of them, nor initials: "Congo", not "US" or "Israeli"."""
    names = (n for c in tables.countries().values() for n in (c.name, *c.aliases))
    keys = {exact_key(name) for name in names if not name.replace(".", "").isupper()}
    return frozenset(keys - index_of_names().adjectives.keys())


def _is_before_its_verb(event: Token, between: Span, actor: Actor) -> bool:
    """Say whether the actor stands before a verb in the active: "gunmen on a motorcycle shot dead"."""
    if event.dep_ == "amod" and not len(between) and event.head.i > event.i:
        # The parser takes "warplanes bombed positions" for positions that warplanes bombed.
        return True
    shot_dead = event.i + 1 < len(event.doc) and event.nbor(1).lower_ == "dead"
    verbal = event.pos_ == "VERB" or shot_dead
    if not verbal or roles.is_passive(event) or len(between) > MAX_WORDS_BEFORE_VERB:
        return False
    broken = any(t.pos_ in ("VERB", "AUX", "SCONJ") or t.text in (",", ";", ":") for t in between)
    return actor.role in (None, AGENT) and not broken


def _ends_in_by(between: Span) -> bool:
    """Say whether the words between a deed and an actor are "carried out by the", "in an attack by"."""
    words = [token.lower_ for token in between if token.pos_ not in ("DET", "ADJ", "NUM")]
    verbs = [
        t
        for t in between
        if t.pos_ in ("VERB", "AUX") and t.lemma_ not in index_of_names().light | {"claim"}
    ]
    return bool(words) and words[-1] == "by" and not verbs


def _can_act(event: Token, head: Token, actor: Actor) -> bool:
    """Say whether what modifies a noun names its doer: "rebel attack" does, "police station attack" does not."""
    deed = head.head
    by_deed = deed != event and deed.lemma_.lower() in roles.NOUNS_OF_DEED
    if (deed != event and not by_deed) or head.dep_ not in ("compound", "amod"):
        return True
    # "Pakistan mosque bombing kills 30": the deed's noun stands between the land and the verb.
    if _only_where(actor, event.doc[actor.end : deed.i], deed):
        return False
    return by_deed or (
        actor.state
        or actor.who.text.lower() in index_of_names().generic
        or actor.who.country_code is not None
        or actor.who.text[:1].isupper()
    )


def targets(sentence: Sentence, trigger_head: int, found: Sequence[Actor]) -> tuple[Actor, ...]:
    """Return whom or what the event told by `trigger_head` was directed at, without repeats."""
    event = sentence.doc[trigger_head]
    return _distinct(
        target(sentence, head, found)
        for head in roles.patients(event, index_of_names().light)
        if head.pos_ in ("NOUN", "PROPN", "ADJ") and head.lower_ not in index_of_names().not_targets
    )


def target(sentence: Sentence, head: Token, found: Sequence[Actor]) -> Actor:
    """Return the actor that the phrase over `head` names, or one made of its words."""
    return _of_head(sentence, head, found) or _phrase(sentence, head)


def done_to(sentence: Sentence, trigger_head: int) -> list[Token]:
    """Return the heads of the phrases for those whom the word `trigger_head` befell."""
    return roles.patients(sentence.doc[trigger_head], index_of_names().light)


def claimed_by(sentence: Sentence, found: Sequence[Actor]) -> tuple[Actor, ...]:
    """Return who the sentence says claimed responsibility for an event."""
    claims = [
        token
        for token in sentence.span
        if token.lemma_ in index_of_names().claim and roles.is_verb(token) and _is_claim(token)
    ]
    heads = [head for verb in claims for head in roles.agents(verb, index_of_names().light)]
    return _distinct(
        replace(actor, role=CLAIMANT)
        for head in heads
        if (actor := _of_head(sentence, head, found)) is not None
    )


def owned_up(sentence: Sentence, found: Sequence[Actor]) -> tuple[Actor, ...]:
    """Return the groups that say that they did it: "said its fighters had carried out the bombing", "said it was behind"."""
    return _distinct(
        replace(actor, role=CLAIMANT)
        for token in sentence.span
        if token.lemma_ in roles.SPEECH and _says_it_did(token)
        for child in token.children
        if child.dep_ == "nsubj"
        # "A little-known group, Saraya al-Haq, said": its name stands behind.
        for head in (child, *(c for c in child.children if c.dep_ == "appos"))
        if (actor := _of_head(sentence, head, found)) is not None and _is_group(actor)
    )


def admitted(sentence: Sentence, found: Sequence[Actor]) -> tuple[Actor, ...]:
    """Return the forces of a state that say that they did it: "the military said it had targeted militants"."""
    return _distinct(
        actor
        for token in sentence.span
        if token.lemma_ in roles.SPEECH and _says_it_did(token)
        for head in token.children
        if head.dep_ == "nsubj"
        and (actor := _of_head(sentence, head, found)) is not None
        and actor.state
    )


# What forces say of themselves, besides verbs of harm.
_STRIKING = frozenset("target strike hit bomb shell attack bombard".split())
# What bombers say of a bomb.
_BOMBING = frozenset("plant detonate set lay explode begin start".split())


_QUOTES = frozenset('"“”')


def _says_it_did(verb: Token) -> bool:
    """Say whether the speaker tells of his own deed: "said it had taken the base and killed 60"."""
    said = _what_is_said(verb)
    if said is None or roles.is_passive(said):
        return False
    return any(
        _is_own_deed(deed, said)
        for deed in (said, *(c for c in said.children if c.dep_ == "conj" and roles.is_verb(c)))
    )


def _what_is_said(verb: Token) -> Token | None:
    """Return the verb of what is said, were it hung on the statement or outlet: "said on its channel that it had"."""
    own = next((c for c in verb.children if c.dep_ == "ccomp"), None)
    below = (
        g
        for c in verb.children
        if c.dep_ in ("obl", "xcomp", "obj") and c.pos_ in ("NOUN", "PROPN")
        for g in c.children
        if g.dep_ in ("ccomp", "acl", "acl:relcl")
        and any(m.lower_ == "that" and m.dep_ == "mark" for m in g.children)
    )
    return own or next(below, None)


def _subjects_of(deed: Token, said: Token) -> list[Token]:
    own = [c for c in deed.children if c.dep_ == "nsubj"]
    return own or [c for c in said.children if c.dep_ == "nsubj"]


def _selves(said: Token) -> frozenset[str]:
    """Return the words by which a speaker names himself; "they" of a quotation are others."""
    start = max(said.left_edge.i - 1, said.sent.start)
    quoted = any(t.text in _QUOTES for t in said.doc[start : said.i])
    return frozenset(("we", "our")) if quoted else _SELF


def _is_own_deed(said: Token, clause: Token) -> bool:
    if roles.is_passive(said):
        return False
    if any(
        c.dep_ in ("neg", "advmod") and c.lower_ in ("not", "n't", "n’t") for c in said.children
    ):
        return False
    selves = _selves(clause)
    if not any(t.lower_ in selves for c in _subjects_of(said, clause) for t in c.subtree):
        return False
    behind = any(c.lower_ == "behind" for c in said.children if c.dep_ == "case")
    objects = [c for c in said.children if c.dep_ == "obj"]
    objects += [g for c in objects for g in c.children if g.dep_ == "nmod"]
    deed = any(c.lemma_.lower() in roles.NOUNS_OF_DEED for c in objects)
    return (
        behind
        or said.lemma_ in roles.HARM | _STRIKING
        or (deed and said.lemma_ in index_of_names().light | _BOMBING)
    )


def _is_group(actor: Actor) -> bool:
    """Say whether it is a group with a name, no state's force and no gunmen."""
    generic = actor.who.text.lower().split()[-1:] if actor.who.text else []
    named = actor.who.name != actor.who.text or actor.who.text[:1].isupper()
    return not actor.state and named and not (actor.who.text.islower() and generic)


def blamed(sentence: Sentence, found: Sequence[Actor]) -> tuple[Actor, ...]:
    """Return on whom the sentence says a deed is blamed: "blaming the RSF", "pinned the attack on rebels"."""
    heads = [head for token in sentence.span for head in _blamed_by(token)]
    return _distinct(_of_head(sentence, head, found) or _below(head, found) for head in heads)


def _blamed_by(verb: Token) -> list[Token]:
    if verb.lemma_ not in index_of_names().blame or not roles.is_verb(verb):
        return []
    if any(c.dep_ in ("neg", "advmod") and c.lower_ in _NOT for c in verb.children):
        return []
    after = [c for c in verb.children if c.i > verb.i]
    named = [c for c in after if c.dep_ in ("obj", "nsubj:pass")]
    on = [c for c in after if c.dep_ in ("obl", "nmod") and roles.case_of(c) in ("on", "to")]
    if on and verb.lemma_ != "accuse":
        return [token for head in on for token in roles.coordinated(head)]
    if verb.lemma_ not in ("blame", "suspect", "accuse"):
        return []
    told = any(
        t.lemma_.lower() in roles.NOUNS_OF_DEED | roles.HARM for c in after for t in c.subtree
    )
    if verb.lemma_ == "accuse" and not told:
        return []
    return [
        token
        for head in named
        for token in roles.coordinated(head)
        if head.lemma_.lower() not in roles.NOUNS_OF_DEED
    ]


def _below(head: Token, found: Sequence[Actor]) -> Actor | None:
    """Return the actor named in the phrase over the token: "dissidents of the FARC"."""
    inside = {token.i for token in head.subtree}
    return next((a for a in found if a.start in inside and not a.state), None)


def _is_claim(verb: Token) -> bool:
    """Say whether somebody claims, and does so: not "no group has claimed", not "denied"."""
    if any(
        child.dep_ in ("neg", "advmod") and child.lower_ in ("not", "n't", "never")
        for child in verb.children
    ):
        return False
    if verb.dep_ in ("acl", "acl:relcl") and verb.lemma_ == "claim":
        return True
    return of_responsibility(verb) or (
        verb.lemma_ == "claim" and any(c.dep_ == "nsubj:pass" for c in verb.children)
    )


def _of_head(sentence: Sentence, head: Token, found: Sequence[Actor]) -> Actor | None:
    """Return the actor whose words hold the token, else one made of a person's noun."""
    owner = _who_says_its(head)
    for actor in found:
        if actor.start <= head.i < actor.end and (owner is None or not actor.who.text.islower()):
            return actor
    inside = [a for a in found if a.end <= head.i and _left_edge(head) <= a.start]
    if inside and head.lower_ in index_of_names().forces | index_of_names().generic | _BRANCHES:
        return inside[-1]
    if owner is not None:
        return next((a for a in found if a.start <= owner.i < a.end), None)
    if head.lower_ in index_of_names().people and head.pos_ == "NOUN" and head.dep_ != "compound":
        return _phrase(sentence, head)
    if head.pos_ == "PROPN" and head.dep_ in ("nsubj", "obl", "nmod") and _is_person(head):
        return _phrase(sentence, head)
    return None


# "The Islamic State's Khorasan branch said".
_BRANCHES = frozenset("branch affiliate wing arm chapter offshoot".split())
# What an army says of "its drones", "their fighters".
_ITS = frozenset(
    "drone missile jet warplane plane helicopter rocket artillery troop force soldier fighter navy".split()
)


def _who_says_its(head: Token) -> Token | None:
    """Return who tells of its own weapons: the "military" of "Ukraine's military said its drones had struck"."""
    owners = [head, *(c for c in head.children if c.dep_ == "nmod:poss")]
    its = next((t for t in owners if t.lower_ in ("its", "their")), None)
    mine = its is not None and its.head.lemma_.lower() in _ITS
    verb = next((t for t in head.ancestors if t.lemma_ in roles.SPEECH), None) if mine else None
    return next((c for c in verb.children if c.dep_ == "nsubj"), None) if verb is not None else None


def _is_person(head: Token) -> bool:
    """Say whether it is a name of several words, all of them written as names."""
    parts = [child for child in head.children if child.dep_ == "flat"]
    return bool(parts) and all(t.text[:1].isupper() for t in (head, *parts))


def _left_edge(head: Token) -> int:
    return int(head.left_edge.i)


def _phrase(sentence: Sentence, head: Token) -> Actor:
    """Return the noun with what stands before it, and its name after it, as an actor."""
    doc = sentence.doc
    tail = max(
        (c.right_edge.i for c in head.children if c.dep_ in ("flat", "fixed") and c.i > head.i),
        default=head.i,
    )
    start = max(head.left_edge.i, tail - MAX_TARGET_TOKENS, sentence.span.start)
    while start < head.i and (
        doc[start].pos_ in ("DET", "PRON", "ADP", "PUNCT", "CCONJ", "SCONJ", "ADV", "SPACE", "PART")
        or doc[start].lower_ in ("a", "an", "the", "least", "more", "than", "about", "some")
    ):
        start += 1
    return made(sentence, start, int(tail) + 1, str(doc[start : tail + 1].text))


def _distinct(actors: Iterable[Actor | None]) -> tuple[Actor, ...]:
    """Return the actors without repeats of a name, in order."""
    by_name: defaultdict[str, list[Actor]] = defaultdict(list)
    for actor in actors:
        if actor is not None:
            by_name[exact_key(actor.who.name)].append(actor)
    return tuple(group[0] for name, group in by_name.items() if name)
