"""Find the verbs that a tagger takes for nouns, most of them in headlines: "Israel bombs Damascus suburb", "US jets bomb village"."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.tokens import Token

    from monitor.extract.text.mends import Tree

# The labels of clauses: where a verb stands.
CLAUSES = frozenset({"ROOT", "ccomp", "advcl", "conj", "parataxis", "acl", "acl:relcl"})
# How a greedy parser labels the subject of a verb that the tagger took for a noun, and where it puts the verb.
_SUBJECT_READ_AS = frozenset({"nsubj", "compound", "nmod:desc"})
_VERBS_PLACE = CLAUSES | {"nsubj"}
_BESIDE_SUBJECT = frozenset({"punct", "advmod"})
_PAST_IS_PRESENT = frozenset("hit shot cut burst split".split())
# What a bare noun between two others may do: blows that are verbs of the same form, and who deals them.
_BLOWS = frozenset(
    "ambush ambushes attack attacks bomb bombs hit hits kidnap kidnaps pound pounds raid raids shell shells shoots stabs storm "
    "storms strike strikes target targets torch".split()
)
_BLOWS_OF_ONE = frozenset(blow for blow in _BLOWS if blow.endswith("s"))
# "Israeli army targets village": one of these, and a form that ends in s is its verb, where no other verb follows.
_ONE_FORCE = frozenset(
    "aircraft army artillery bomber coalition drone fighter force gang group gunman helicopter jet junta militant militia military "
    "man missile mob navy officer plane policeman regime rocket sniper soldier student suspect teen teenager warplane warship woman "
    "youth".split()
)
# "Car ploughs into crowd"
_RAMS = frozenset("ploughs plows rams slams crashes smashes".split())
_VEHICLES = frozenset("car bus truck lorry van driver motorist suv vehicle pickup tanker".split())
_FORCES = frozenset(
    "aircraft assailants attackers bandits bombers boats commandos drones extremists fighters forces guerrillas gunboats gunmen "
    "gunships helicopters herders houthis insurgents islamists jets jihadists maoists men militants militias militiamen missiles paramilitaries "
    "pirates planes police protesters raiders rebels rioters rockets separatists settlers ships soldiers suspects terrorists "
    "troops vigilantes warplanes warships".split()
)
_FALLS = frozenset({"land", "rain"})
_FIRED = frozenset("bombs drones missiles mortars projectiles rockets shells".split())
_OPENS_OBJECT = frozenset({"NOUN", "PROPN", "ADJ", "NUM", "DET", "PRON"})
# As what the parser takes the object of a verb that it did not see, and what hangs on nouns alone.
_LOOSE = frozenset({"flat", "appos", "vocative"})
_BEHIND_DOER = frozenset({"obj", "nmod", "appos", "list"})
_OF_NOUNS = frozenset({"amod", "compound", "nummod", "det"})
_FREE = frozenset({"ROOT", "obl", "ccomp", "parataxis", "conj", "appos"})


CONDEMNING = frozenset("condemns denounces slams deplores decries rejects".split())


def mend_name(tree: Tree, name: Token) -> None:
    """Make a verb of what the tagger took for a name: "Yunus condemns mob attack"."""
    if name.tag_ == "NNP" and any(c.dep_ == "nsubj" for c in name.lefts):
        name.pos_, name.tag_ = "VERB", "VBZ"
        for child in name.children:
            if child.dep_ in {"nmod", "flat", "appos"} and child.i > name.i:
                tree.hang(child, name, "obj")


def mend_initials(_: Tree, token: Token) -> None:
    """Make a name of initials that are a word, too, where what follows is not in capitals: "WHO condemns attack"."""
    behind = token.doc[min(token.i + 1, len(token.doc) - 1)]
    if token.text == "WHO" and token.tag_ == "WP" and not behind.text.isupper():
        token.pos_, token.tag_ = "PROPN", "NNP"


def mend_verb(tree: Tree, noun: Token) -> None:
    """Make a noun the verb that it must be: it has an object, or it is a blow between those who deal and who take it."""
    if _has_object(noun):
        _with_object(tree, noun)
    elif noun.i == 0 or noun.is_sent_start:
        return
    elif noun.lower_ in _FALLS:
        _of_shells(tree, noun)
    elif noun.lower_ in _RAMS:
        _into(tree, noun)
    elif noun.lower_ in _BLOWS and noun.i + 1 < len(noun.doc):
        _between_nouns(tree, noun)


def _has_object(noun: Token) -> bool:
    """Say whether a noun has what only a verb has: somebody right before it, and an object right behind."""
    if noun.dep_ not in _VERBS_PLACE or noun.lower_.endswith("ing"):
        return False
    objects = [c for c in noun.rights if c.dep_ == "obj"]
    before = _doers(noun)
    if len(objects) != 1 or not before or before[-1].dep_ not in _SUBJECT_READ_AS:
        return False
    if len(before) > 1 and not (noun.tag_ == "NNS" and before[-1].lower_ in _ONE_FORCE):
        return False
    between = noun.doc[noun.i + 1 : objects[0].i]
    return before[-1].right_edge.i == noun.i - 1 and not any(t.is_punct for t in between)


def _doers(noun: Token) -> list[Token]:
    return [c for c in noun.lefts if c.dep_ not in _BESIDE_SUBJECT]


def _with_object(tree: Tree, noun: Token) -> None:
    _tag(noun)
    *beside, doer = _doers(noun)
    tree.hang(doer, noun, "nsubj")
    for word in beside:
        tree.hang(word, doer, word.dep_)
    following = noun.head
    if noun.dep_ == "nsubj" and following.pos_ == "VERB":
        # "Russia shells Kherson, kills two"
        tree.hang(noun, noun if following.dep_ == "ROOT" else following.head, following.dep_)
        tree.hang(following, noun, "parataxis")


def _between_nouns(tree: Tree, noun: Token) -> None:
    doer, behind = noun.nbor(-1), noun.nbor(1)
    if doer.dep_ == "flat" and doer.head.i < doer.i:
        doer = doer.head
    able = _is_one(doer) if noun.lower_.endswith("s") else doer.lower_ in _FORCES
    if able and noun.head.i == behind.i and noun.dep_ == "nsubj" and behind.text.isupper():
        _before_initials(tree, doer, noun, behind)
        return
    if not able or behind.pos_ not in _OPENS_OBJECT:
        return
    flat = [c for c in noun.rights if c.dep_ in _LOOSE and c.left_edge == behind]
    target = flat[0] if flat else _whole(noun)
    if doer.dep_ == "ROOT" and target.head.i == doer.i and target.dep_ in _BEHIND_DOER:
        _from_doer(tree, doer, noun, target)
        return
    if doer.dep_ not in {"compound", "nsubj"}:
        return
    if not flat and (noun.dep_ != "compound" or target.left_edge.i > doer.left_edge.i):
        return
    top = noun if flat else target
    if top.dep_ not in _FREE or target.i < noun.i:
        return
    _tag(noun)
    label = "parataxis" if top.dep_ == "obl" else top.dep_
    tree.hang(noun, noun if top.dep_ == "ROOT" else top.head, label)
    tree.hang(target, noun, "obj")
    tree.hang(doer, noun, "nsubj")
    for child in (*top.lefts, *noun.lefts):
        if child.i < doer.i:
            tree.hang(child, noun if child.dep_ == "punct" else doer, child.dep_)


def _whole(noun: Token) -> Token:
    """Return the last noun of the compound that the parser made of the verb and its object: "targets weapons depot"."""
    target = noun.head
    while target.dep_ == "compound" and target.head.i > target.i:
        target = target.head
    return target


def _before_initials(tree: Tree, doer: Token, noun: Token, name: Token) -> None:
    """Take back what the parser made of initials: "Sudan army attacks RSF positions", in which nothing is RSFed."""
    target = next((c for c in name.rights if c.dep_ == "obj"), None)
    if target is None or name.pos_ != "VERB" or len(name) == 1:
        return
    _tag(noun)
    name.pos_, name.tag_ = "PROPN", "NNP"
    tree.hang(noun, noun if name.dep_ == "ROOT" else name.head, name.dep_)
    tree.hang(doer, noun, "nsubj")
    for child in (*noun.lefts, *name.children):
        if child.i not in (noun.i, doer.i):
            tree.hang(child, doer if child.i < doer.i else noun, child.dep_)
    tree.hang(name, target, "compound")


def _from_doer(tree: Tree, doer: Token, noun: Token, target: Token) -> None:
    """Move what the parser hung on the doer to the verb: "Army jets pound village", in which jets do not jet."""
    _tag(noun)
    if doer.lower_ in _FORCES:
        doer.pos_, doer.tag_ = "NOUN", "NNS"
    tree.hang(noun, noun, "ROOT")
    tree.hang(doer, noun, "nsubj")
    for child in doer.children:
        if child.i > noun.i:
            tree.hang(child, noun, child.dep_)
        elif child.dep_ == "nsubj":
            tree.hang(child, doer, "compound")
    tree.hang(target, noun, "obj")


def _take_from_initials(tree: Tree, verb: Token) -> None:
    """Give a verb the initials that the parser took for one: "Syria: IED kills two soldiers"."""
    name = verb.head
    if verb.dep_ != "obj" or name.i != verb.i - 1 or name.pos_ != "VERB":
        return
    if not name.text.isupper() or len(name) == 1:
        return
    name.pos_, name.tag_ = "PROPN", "NNP"
    tree.hang(verb, verb if name.dep_ == "ROOT" else name.head, name.dep_)
    tree.hang(name, verb, "nsubj")
    for child in name.children:
        if child.i != verb.i:
            tree.hang(child, verb, "parataxis" if child.dep_ == "nsubj" else child.dep_)


def mend_subject(tree: Tree, verb: Token) -> None:
    """Make what stands before a finite verb its subject, which alone can be there: "Israeli army bombs village"."""
    _take_from_initials(tree, verb)
    before = [c for c in verb.lefts if c.dep_ in _OF_NOUNS]
    if not before or verb.i == 0:
        return
    subject = next((c for c in verb.lefts if c.dep_ == "nsubj" and c.i > before[-1].i), None)
    if subject is None:
        if before[-1].right_edge.i != verb.i - 1 or before[-1].pos_ not in {"NOUN", "PROPN"}:
            return
        if not any(c.dep_ == "obj" for c in verb.rights):
            return
        subject = before.pop()
        tree.hang(subject, verb, "nsubj")
    for word in before:
        tree.hang(word, subject, word.dep_)


def _is_one(doer: Token) -> bool:
    initials = doer.text.isupper() and len(doer) > 1
    return initials or doer.pos_ == "PROPN" or doer.lower_ in _ONE_FORCE


def _of_shells(tree: Tree, noun: Token) -> None:
    """Make it a verb where what is fired stands before it: "Rockets land near consulate"."""
    shells = noun.nbor(-1)
    if shells.lower_ in _FIRED and shells.dep_ == "compound" and shells.head.i == noun.i:
        _tag(noun)
        tree.hang(shells, noun, "nsubj")


def _into(tree: Tree, noun: Token) -> None:
    """Make it a verb where a vehicle stands before it and "into" behind: "Car ploughs into crowd"."""
    car, behind = noun.nbor(-1), noun.doc[min(noun.i + 1, len(noun.doc) - 1)]
    if car.lower_ not in _VEHICLES or behind.lower_ != "into" or car.head.i != noun.i:
        return
    _tag(noun)
    tree.hang(car, noun, "nsubj")
    for child in noun.rights:
        if child.dep_ == "nmod":
            tree.hang(child, noun, "obl")


def _tag(noun: Token) -> None:
    """Tag it as the verb that its form is: "bombs" VBZ, "hit" VBD, "bomb" VBP."""
    noun.pos_ = "VERB"
    if noun.tag_ == "NNS" or noun.lower_ in _BLOWS_OF_ONE:
        noun.tag_ = "VBZ"
    else:
        noun.tag_ = "VBD" if noun.lower_ in _PAST_IS_PRESENT else "VBP"
