"""Read the sense of an event word from what stands around it: sport, labour, cyber, disease, fiction, a figure of speech."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from monitor.extract.events import blows, lexicon, setting
from monitor.extract.events.around import Around, cued, is_definite
from monitor.extract.events.candidates import Candidate, weapon_of
from monitor.extract.events.rules import Why
from schemas.reasons import EventType

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.events.setting import Setting

OBJECTS = frozenset({"obj", "nsubj:pass", "iobj"})
DEEDS = frozenset(
    "attack strike airstrike raid bombing blast explosion ambush shooting massacre shelling clash siege".split()
)
# Verbs whose object is the weapon; the object of any other is what was hit.
HANDLING = frozenset(
    "fire launch use drop hurl throw lob detonate deploy set plant place release activate send toss explode shoot".split()
)
# What is shot down or intercepted without a loss of life.
UNMANNED = frozenset({"drone", "missile", "rocket"})
INTERCEPTING = frozenset(
    {"intercept", "intercepts", "intercepted", "intercepting", "downs", "downed", "interception"}
)
EXPLOSIVE = frozenset({EventType.IED, EventType.GRENADE, EventType.SHELLING_MISSILE})
_SEA = re.compile(
    r"\b(?:missiles?|rockets?)\b[^.;]{0,30}\b(?:into|toward|towards) (?:the |its )?(?:open )?(?:sea|ocean|waters|eastern waters)\b"
)
SPEAKING = frozenset(
    {"say", "call", "accuse", "describe", "brand", "label", "argue", "tell", "ask"}
)
# What a walkout does and no blow: "the strike entered its third day".
OF_WALKOUTS = frozenset(
    {"enter", "last", "ground", "cripple", "paralyse", "paralyze", "disrupt", "drag"}
)
# "A bus strike" stops buses; what is struck from the air is told behind "on".
SERVICES = frozenset(
    "bus buses train rail railway metro subway tram taxi transport transportation lorry truckers postal airline ferry teachers "
    "nurses doctors workers miners pilots drivers owners employees lecturers dockers hunger rent prison-guard garbage refuse".split()
)
# Who comes to a match to kill: no word of sport.
ARMED = frozenset(
    "gunman gunmen bomber bombers militants attackers assailants grenade grenades explosives".split()
)
# "It was like a bomb went off", "as if a missile had hit".
LIKENING = frozenset({"like", "if", "though"})
# "A mock attack", whatever is told of its dead; cricket's attacks.
ACTED = frozenset({"mock", "simulated", "pretend", "rehearsed"})
BOWLED = frozenset({"spin", "pace", "seam", "bowling", "new-ball"})
# Fighting, and what is made for it.
FOR_COMBAT = frozenset({"combat", "battle", "strike"})
SHOOTING = frozenset(
    "shot shots shoot shooting fire fired gunfire firefight clash clashes clashed gunmen militants bandits attackers bullets "
    "ammunition grenades explosives bombed shelled torched abducted kidnapped".split()
)
EACH_TIME = ("every time", "each time", "whenever", "any time a", "more and more often")
# "A social time bomb"
FIGURATIVE = frozenset(
    "social economic political demographic financial environmental ticking".split()
)
ANYBODY = frozenset({"those", "anyone", "anybody", "everyone", "everybody", "all"})
# "Like a bomb went off": so many words from the likening to its word.
MAX_SIMILE = 4
LAUNCHING = frozenset({"fire", "launch", "send"})
AT_PLACES = frozenset({"in", "near", "around", "at", "across"})


def sense(candidate: Candidate, around: Around, article: Setting) -> Why | None:
    """Return the sense other than violence that the words around the candidate give it."""
    return _own_sense(candidate, around, article) or _whole_sentence_sense(
        candidate, around, article
    )


def _own_sense(candidate: Candidate, around: Around, article: Setting) -> Why | None:
    """Return the sense that the words right beside the candidate give it."""
    own, cues, strength = candidate.token.lower_, lexicon.cues(), candidate.entry.strength
    beside = _beside(candidate)
    senses = (
        (Why.CYBER, beside & cues["cyber"] or (article.about("cyber") and not around.casualties)),
        (Why.NON_LETHAL, strength in {"device", "agent"} and beside & cues["harmless"]),
        (
            Why.METAPHOR,
            strength in {"device", "agent", "weak", "device_verb"} and _is_simile(candidate),
        ),
        (Why.NON_LETHAL, candidate.entry.pos == "verb" and _non_lethal(candidate)),
        (Why.LABOUR, own.startswith("strik") and _labour(candidate, around, article)),
        (Why.INTERCEPTED, _shot_down(candidate) or _taken_down(candidate, around)),
        (Why.METAPHOR, "time bomb" in around.text and bool(beside & FIGURATIVE)),
        (Why.METAPHOR, own.startswith("bomb") and (_flops(candidate) or _with_words(candidate))),
        (Why.METAPHOR, candidate.entry.strength == "killing" and _kills_it(candidate)),
        (Why.METAPHOR, _shells_out(candidate) or _targeted_by_police(candidate)),
        (Why.JUDICIAL, own.startswith(("execut", "behead")) and cued("judicial", around)),
        (Why.NON_LETHAL, cued("warning_shots", around) and not around.casualties),
        (Why.GENERIC, candidate.entry.pos == "noun" and _names_a_band(candidate)),
        (Why.GENERIC, _of_anybody(candidate) or _asked_of_you(candidate) or _engaged_in(candidate)),
        (Why.GENERIC, _of_war(candidate, around) or _of_bereaved(candidate, around)),
        (Why.METAPHOR, _fights_for(candidate)),
        (Why.GENERIC, any(phrase in around.text for phrase in EACH_TIME)),
        (Why.ACCIDENT, candidate.event_type in EXPLOSIVE and cued("misfire", around)),
        (Why.ACCIDENT, own == "mine" and around.words & OF_MINERS),
        (Why.ACCIDENT, candidate.event_type is EventType.ARSON and around.words & SPARKS),
        (Why.DRILL, _is_controlled(candidate)),
        (Why.METAPHOR, any(phrase in around.text for phrase in WEATHER_BOMBS)),
        (Why.SPENT, cued("spent", around) or _left_over(candidate, around)),
        (Why.DRILL, _into_the_sea(candidate, around) or beside & ACTED),
        (Why.SPORT, own.startswith("attack") and beside & BOWLED),
        (Why.DISEASE, beside & cues["disease"]),
        (Why.FICTION, candidate.token.pos_ == "PROPN" and beside & setting.WORKS),
        (Why.ANIMAL, own.startswith(("attack", "kill", "maul")) and _animal(candidate, beside)),
        (Why.VERBAL, strength in {"weak", "medium"} and beside & cues["verbal"]),
        (Why.VERBAL, strength in {"weak", "medium"} and _in_words(candidate, around)),
        (Why.VERBAL, candidate.entry.pos == "verb" and _by_talkers(candidate)),
        (Why.VERBAL, blows.in_words(candidate)),
        (Why.VERBAL, strength in {"weak", "medium"} and _likened(candidate, around, article)),
    )
    return next((why for why, holds in senses if holds), None)


# A mine that people work in.
OF_MINERS = frozenset("miner miners shaft colliery gold coal copper cobalt diamond ore".split())
# What sets fire to a place without meaning it.
SPARKS = frozenset(
    "fireworks firework sparks candle candles heater lightning cigarette pyrotechnics".split()
)
# Storms are called bombs where the pressure falls fast.
WEATHER_BOMBS = ("weather bomb", "bomb cyclone", "cyclone bomb")


def _is_controlled(candidate: Candidate) -> bool:
    """Say whether those who clear bombs set it off: "a controlled explosion of a bomb found in a garden"."""
    doc, before = candidate.sentence.doc, candidate.start - 1
    return before >= candidate.sentence.span.start and doc[before].lower_ == "controlled"


# What goes off in the ground, and whom it hurts.
GOING_OFF = frozenset({"device", "device_verb", "killing", "hurting", "agent"})


def _left_over(candidate: Candidate, around: Around) -> bool:
    """Say whether what an old war left went off: "a remnant of war exploded while they herded sheep"."""
    fought = around.words & SHOOTING - {"ammunition", "grenades", "explosives", "shot"}
    return candidate.entry.strength in GOING_OFF and cued("left_over", around) and not fought


def _is_simile(candidate: Candidate) -> bool:
    """Say whether it only says what something was like: "like a bomb went off", "as if a missile had hit"."""
    doc, first = candidate.sentence.doc, candidate.sentence.span.start
    before = [t.lower_ for t in doc[max(first, candidate.start - MAX_SIMILE) : candidate.start]]
    return any(a in LIKENING and b in {"a", "an"} for a, b in pairwise(before))


def _whole_sentence_sense(candidate: Candidate, around: Around, article: Setting) -> Why | None:
    hurt, cues = bool(around.casualties), lexicon.cues()
    victims = any(c.verb == candidate.head and (c.count.best or 0) > 1 for c in around.casualties)
    armed = hurt and bool(ARMED & around.words)
    if (article.about("sport") and not (victims or armed)) or (
        not hurt and len(cues["sport"] & around.words) > 1
    ):
        return Why.SPORT
    if not hurt and (article.about("market") or len(cues["market"] & around.words) > 1):
        return Why.METAPHOR
    told_twice = len(cues["drill"] & around.words) > 1
    if told_twice or ((article.about("drill") or cued("drill", around)) and not hurt):
        return Why.DRILL
    told_in_phrase = any(phrase in around.text for phrase in cues.phrases["fiction"])
    if around.sentence.index in article.told_of_works:
        return Why.FICTION
    made_up = cues["fiction"] & around.words - _trades(around)
    fiction = article.about("fiction") or told_in_phrase or len(made_up) > 1
    return Why.FICTION if (fiction and not hurt) or _in_a_work(around) else None


# "The movie actor was in a restaurant when a bomb went off": what people do for a living is no story.
TRADES = frozenset({"actor", "actress", "director", "producer", "star", "critic"})


def _trades(around: Around) -> set[str]:
    """Return the words that only name somebody's trade: "movie actor", "film director"."""
    pairs = pairwise(around.text.split())
    return {word for pair in pairs if pair[1] in TRADES for word in pair}


def _in_a_work(around: Around) -> bool:
    """Say whether a film, a novel or a game is what the sentence is about."""
    root = around.sentence.span.root
    return any(
        c.lower_ in setting.WORKS and not _of_several(c)
        for c in (root, *root.children)
        if c is root or c.dep_ in {"nsubj", "nsubj:pass"} or _is_in_this(c)
    )


def _is_in_this(token: Token) -> bool:
    """Say whether it is "in this gripping film": what is told goes on inside of it."""
    words = {child.lower_ for child in token.children if child.dep_ in {"case", "det"}}
    return "in" in words and bool(words & {"this", "the"})


def _of_several(token: Token) -> bool:
    """Say whether it is "a series of attacks", and no series on television."""
    of = (c for c in token.children if any(g.lower_ == "of" for g in c.children))
    return token.lower_ == "series" and any(c.tag_ == "NNS" for c in of)


def _likened(candidate: Candidate, around: Around, article: Setting) -> bool:
    """Say whether something else is called an attack, in an article without violence: "a tax is an attack on workers"."""
    token = candidate.token
    if candidate.entry.pos != "noun" or article.violent > 1 or around.casualties:
        return False
    below = {t.i for t in token.subtree}
    if any(p.locative and p.start in below and not p.dateline for p in around.places):
        # "Condemned what it described as an attack on a mosque in Idlib": it has its place.
        return False
    called = any(c.dep_ == "cop" for c in token.children) and not is_definite(token)
    as_one = any(c.lower_ == "as" and c.dep_ in {"case", "mark"} for c in token.children)
    return called or as_one


def _beside(candidate: Candidate) -> set[str]:
    """Return the words that modify the candidate, and those up to two before it."""
    doc, first = candidate.sentence.doc, candidate.sentence.span.start
    before = {doc[i].lower_ for i in range(max(first, candidate.start - 2), candidate.start)}
    children = {
        c.lower_
        for c in candidate.token.children
        if c.dep_ in {"amod", "compound", "nmod", "flat"}
        and not candidate.start <= c.i < candidate.end
    }
    words = before | children
    return words | {part for word in words if "-" in word for part in word.split("-")}


def _labour(candidate: Candidate, around: Around, article: Setting) -> bool:
    """A strike over pay: "on strike", strikers, or labour's words without a weapon of war."""
    token = candidate.token
    if candidate.weapon is not None or (
        candidate.entry.pos == "verb" and any(c.dep_ == "obj" for c in token.children)
    ):
        return False
    if token.dep_ == "obl" and token.head.lemma_.lower() in {"go", "walk"}:
        return True
    hurt = any(not c.running for c in around.casualties)
    on_strike = any(
        c.lower_ == "on" and c.dep_ == "case" for c in token.children
    ) and not is_definite(token)
    called = token.head.lemma_.lower() in {
        "call", "go", "begin", "stage", "end", "suspend", "extend", "vote", "ballot",
    }  # fmt: skip
    cues = len(lexicon.cues()["labour"] & around.words)
    war = {
        "air",
        "missile",
        "drone",
        "military",
        "forces",
        "airstrike",
        "troops",
        "bombing",
        "rocket",
    } & around.words
    service = _of_service(token)
    if hurt or (war and not service):
        return False
    lasts = token.dep_ == "nsubj" and token.head.lemma_.lower() in OF_WALKOUTS
    if service or (lasts and token.tag_ == "NN"):
        return True
    return (on_strike and cues > 0) or cues > 1 or (called and cues > 0) or article.about("labour")


def _of_service(token: Token) -> bool:
    """Say whether it is a service that stands still: "the bus strike", "a strike of truck owners"."""
    own = [
        c
        for c in token.children
        if c.tag_ != "NNP"
        and (c.dep_ in {"compound", "nmod:poss"} or any(g.lower_ == "of" for g in c.children))
    ]
    told = {c.lower_ for c in own} | {g.lower_ for c in own for g in c.children}
    return bool(told & SERVICES)


def _non_lethal(candidate: Candidate) -> bool:
    """Say whether what was fired is tear gas, water or the like."""
    if candidate.token.lemma_.lower() not in HANDLING:
        return False
    harmless = lexicon.cues()["harmless"]
    fired = [c for c in candidate.token.children if c.dep_ == "obj"]
    return any(f.lower_ in harmless or any(c.lower_ in harmless for c in f.children) for f in fired)


def _shot_down(candidate: Candidate) -> bool:
    """Say whether what was shot down is a drone or a missile, or "the plane" that is known already."""
    token = candidate.token
    if token.lemma_.lower() not in {"shoot", "down", "intercept"} or not any(
        c.lower_ == "down" for c in token.children
    ):
        return False
    hit = [c for c in token.children if c.dep_ in OBJECTS]
    hit += [c for h in hit if h.pos_ == "NUM" for c in h.children if c.dep_ == "nmod"]
    return any(
        (w := weapon_of(h)) is not None and (w.name in UNMANNED or is_definite(h)) for h in hit
    )


def _taken_down(candidate: Candidate, around: Around) -> bool:
    """Say whether it is a weapon, or its launch, of which the sentence tells that it was intercepted and hurt nobody."""
    if any((c.count.low or 0) > 0 for c in around.casualties) or not _takes_down(around):
        return False
    token, doc = candidate.token, candidate.sentence.doc
    if token.dep_ == "conj" and token.head.lower_ in INTERCEPTING:
        return True  # "Intercepted and destroyed".
    before = doc[token.i - 1] if token.i > candidate.sentence.span.start else token
    launched = token.tag_ in {"VBN", "VBD"} and token.lemma_.lower() in LAUNCHING
    behind = doc[token.i + 1] if token.i + 1 < candidate.sentence.span.end else token
    flying = before if launched else token
    weapon = weapon_of(flying)
    if weapon is None or weapon.name not in UNMANNED:
        return False
    return launched or behind.lemma_.lower() in LAUNCHING


def _takes_down(around: Around) -> bool:
    """Say whether the sentence tells that something was shot down or intercepted."""
    return bool(INTERCEPTING & around.words) or "shot down" in around.text


def _flops(candidate: Candidate) -> bool:
    """Say whether "bomb" is what a play or a policy does: a verb with a subject that is no force, and nothing hit."""
    token = candidate.token
    subjects = [c for c in token.children if c.dep_ == "nsubj"]
    if candidate.entry.pos != "verb" or not subjects:
        return False
    hit = any(
        c.dep_ in {"obj", "aux:pass"} or any(g.lower_ in AT_PLACES for g in c.children)
        for c in token.children
    )
    armed = lexicon.cues()["armed"]
    return not hit and not any(
        s.pos_ != "NOUN" or s.lower_ in armed or weapon_of(s) is not None for s in subjects
    )


def _in_words(candidate: Candidate, around: Around) -> bool:
    """Say whether somebody is attacked by what is said: "attacked the minister, saying ...", "over the budget"."""
    if candidate.entry.pos != "verb" or around.casualties or candidate.token.tag_ == "VBN":
        return False
    by_saying = any(
        c.dep_ == "advcl" and c.tag_ == "VBG" and c.lemma_.lower() in SPEAKING
        for c in candidate.token.children
    )
    return by_saying and any(c.dep_ == "obj" for c in candidate.token.children)


def _into_the_sea(candidate: Candidate, around: Around) -> bool:
    """Say whether a missile is only tested: "fired a ballistic missile into the sea"."""
    if candidate.event_type not in {EventType.SHELLING_MISSILE, EventType.ARMED_ATTACK}:
        return False
    return not around.casualties and bool(_SEA.search(around.sentence.text))


def _by_talkers(candidate: Candidate) -> bool:
    """Say whether those who attack only talk: "attacked by analysts", "ambushed by questions"."""
    return any(
        child.dep_ in {"obl:agent", "obl", "nsubj"}
        and child.lemma_.lower() in lexicon.cues()["talkers"]
        for child in candidate.token.children
    )


def _shells_out(candidate: Candidate) -> bool:
    """Say whether it is money that is paid: "Israel shells out billions on roads"."""
    token = candidate.token
    behind = token.nbor(1).lower_ if token.i + 1 < len(token.doc) else ""
    return token.lower_.startswith("shell") and behind == "out"


def _targeted_by_police(candidate: Candidate) -> bool:
    """Say whether police only look for somebody: "police target speeding drivers"."""
    token = candidate.token
    police = any(c.dep_ == "nsubj" and c.lower_ == "police" for c in token.children)
    return candidate.entry.pos == "verb" and token.lemma_.lower() == "target" and police


def _kills_it(candidate: Candidate) -> bool:
    """Say whether it is "killed it", what comedians do."""
    return any(c.dep_ == "obj" and c.lower_ == "it" for c in candidate.token.children)


def _names_a_band(candidate: Candidate) -> bool:
    """Say whether it only says what people or things are for: "a kidnapping cell", "a combat outpost"."""
    token, cues = candidate.token, lexicon.cues()
    named = cues["bands"] | cues["arms"] if token.lower_ in FOR_COMBAT else cues["bands"]
    return token.dep_ == "compound" and token.head.lemma_.lower() in named


def _of_anybody(candidate: Candidate) -> bool:
    """Say whether it is told of a class of people: "all those who have been abducted"."""
    token = candidate.token
    return token.dep_ == "acl:relcl" and token.head.lower_ in ANYBODY


# A longer question tells of what happened before it asks.
MAX_QUESTION = 24


def _asked_of_you(candidate: Candidate) -> bool:
    """Say whether somebody is asked, or has had enough: "what do you feel after killing so many?", "enough people killed"."""
    sentence, token = candidate.sentence, candidate.token
    enough = token.dep_ in {"acl", "acl:relcl"} and any(
        c.lower_ == "enough" for c in token.head.children
    )
    short = len(sentence.span) <= MAX_QUESTION
    asked = short and not sentence.headline and sentence.text.rstrip().endswith("?")
    return enough or (asked and any(t.lower_ == "you" for t in sentence.span))


def _engaged_in(candidate: Candidate) -> bool:
    """Say whether it is what somebody does as a habit: "terrorists who engage in kidnapping"."""
    verb = candidate.token.head
    return verb.lemma_.lower() == "engage" and verb.tag_ in {"VBP", "VBZ"}


# Who died in it did not die in one event.
WARS = frozenset({"war", "conflict", "combat", "insurgency"})
# "Relatives of the missing and murdered": those left behind.
BEREAVED = frozenset("relative mother father family widow wife orphan parent committee".split())
# A noun and what is joined to it, so many steps up at most.
MAX_JOINED = 4


def _untold(around: Around) -> bool:
    """Say whether the sentence tells neither a day nor how many were hurt."""
    return not around.days and all(c.count.best is None for c in around.casualties)


def _of_war(candidate: Candidate, around: Around) -> bool:
    """Say whether those are meant who died in a war: "the number of people killed in the war", "soldiers killed in combat"."""
    token = candidate.token
    if candidate.entry.pos == "noun":
        bare = token.lower_ == "combat" and not any(
            c.dep_ in {"det", "amod"} for c in token.children
        )
        return bare and _untold(around)
    fell = (c for c in token.children if c.dep_ == "obl" and c.lemma_.lower() in WARS)
    within = any(g.lower_ == "in" for c in fell for g in c.children)
    return candidate.entry.strength == "killing" and within and _untold(around)


def _of_bereaved(candidate: Candidate, around: Around) -> bool:
    """Say whether it only tells whose relatives speak: "mothers of prisoners and murdered people"."""
    token, noun = candidate.token, candidate.token.head
    if token.tag_ != "VBN" or token.dep_ not in {"amod", "acl"} or not _untold(around):
        return False
    if any(c.dep_ == "obl" and c.lemma_.lower() in DEEDS for c in token.children):
        return False
    for _ in range(MAX_JOINED):
        if noun.dep_ == "nmod" and noun.head.lemma_.lower() in BEREAVED:
            return True
        if noun.dep_ not in {"conj", "nmod"}:
            return False
        noun = noun.head
    return False


# What people fight for with words and votes.
CAUSES = frozenset(
    "change climate democracy dignity equality freedom future independence justice life peace recognition reform right rights survival "
    "title wage wages".split()
)


def _fights_for(candidate: Candidate) -> bool:
    """Say whether it is a fight for a cause: "we are fighting for human rights"."""
    token = candidate.token
    if token.lemma_.lower() not in {"fight", "battle"}:
        return False
    ends = (c for c in token.children if c.dep_ in {"obl", "nmod"})
    return any(
        end.lower_ in CAUSES and any(g.lower_ == "for" for g in end.children) for end in ends
    )


def _with_words(candidate: Candidate) -> bool:
    """Say whether it is "bombarded with lies", "with questions": no weapon, and nothing with a body."""
    return any(
        c.dep_ == "obl"
        and any(g.lower_ == "with" for g in c.children)
        and c.lower_ in lexicon.cues()["words_thrown"]
        for c in candidate.token.children
    )


def _animal(candidate: Candidate, beside: set[str]) -> bool:
    animals = lexicon.cues()["animal"]
    noun = candidate.entry.pos == "noun"
    roles = {"nmod", "compound", "nmod:poss"} if noun else {"nsubj", "obl:agent"}
    by = {c.lower_ for c in candidate.token.children if c.dep_ in roles}
    return bool(animals & (by | beside if noun else by))
