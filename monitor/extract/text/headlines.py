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
    "ambush ambushes attack attacks bomb bombs hit hits kidnap kidnaps pound pounds raid raids shell shells storm storms strike "
    "strikes target targets torch".split()
)
_FORCES = frozenset(
    "aircraft assailants attackers bandits bombers boats commandos drones extremists fighters forces guerrillas gunboats gunmen "
    "gunships helicopters herders insurgents islamists jets jihadists militants militias militiamen missiles paramilitaries "
    "pirates planes police protesters raiders rebels rioters rockets separatists settlers ships soldiers suspects terrorists "
    "troops vigilantes warplanes warships".split()
)
_FALLS = frozenset({"land", "rain"})
_FIRED = frozenset("bombs drones missiles mortars projectiles rockets shells".split())
_OPENS_OBJECT = frozenset({"NOUN", "PROPN", "ADJ", "NUM", "DET", "PRON"})
_FREE = frozenset({"ROOT", "obl", "ccomp", "parataxis", "conj"})


def mend_verb(tree: Tree, noun: Token) -> None:
    """Make a noun the verb that it must be: it has an object, or it is a blow between those who deal and who take it."""
    if _has_object(noun):
        _with_object(tree, noun)
    elif noun.i == 0 or noun.is_sent_start:
        return
    elif noun.lower_ in _FALLS:
        _of_shells(tree, noun)
    elif noun.lower_ in _BLOWS and noun.i + 1 < len(noun.doc):
        _between_nouns(tree, noun)


def _has_object(noun: Token) -> bool:
    """Say whether a noun has what only a verb has: somebody right before it, and an object right behind."""
    if noun.dep_ not in _VERBS_PLACE or noun.lower_.endswith("ing"):
        return False
    objects = [c for c in noun.rights if c.dep_ == "obj"]
    before = _doers(noun)
    if len(objects) != 1 or len(before) != 1 or before[0].dep_ not in _SUBJECT_READ_AS:
        return False
    between = noun.doc[noun.i + 1 : objects[0].i]
    return before[0].right_edge.i == noun.i - 1 and not any(t.is_punct for t in between)


def _doers(noun: Token) -> list[Token]:
    return [c for c in noun.lefts if c.dep_ not in _BESIDE_SUBJECT]


def _with_object(tree: Tree, noun: Token) -> None:
    _tag(noun)
    tree.hang(_doers(noun)[0], noun, "nsubj")
    following = noun.head
    if noun.dep_ == "nsubj" and following.pos_ == "VERB":
        # "Russia shells Kherson, kills two"
        tree.hang(noun, noun if following.dep_ == "ROOT" else following.head, following.dep_)
        tree.hang(following, noun, "parataxis")


def _between_nouns(tree: Tree, noun: Token) -> None:
    doer, behind = noun.nbor(-1), noun.nbor(1)
    able = doer.lower_ in _FORCES if noun.tag_ == "NN" else doer.pos_ == "PROPN"
    if not able or doer.dep_ != "compound" or behind.pos_ not in _OPENS_OBJECT:
        return
    flat = [c for c in noun.rights if c.dep_ in {"flat", "appos"} and c.left_edge == behind]
    target = flat[0] if flat else noun.head
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
    for child in top.lefts:
        if child.i < doer.i and child.dep_ != "punct":
            tree.hang(child, doer, child.dep_)


def _of_shells(tree: Tree, noun: Token) -> None:
    """Make it a verb where what is fired stands before it: "Rockets land near consulate"."""
    shells = noun.nbor(-1)
    if shells.lower_ in _FIRED and shells.dep_ == "compound" and shells.head.i == noun.i:
        _tag(noun)
        tree.hang(shells, noun, "nsubj")


def _tag(noun: Token) -> None:
    """Tag it as the verb that its form is: "bombs" VBZ, "hit" VBD, "bomb" VBP."""
    noun.pos_ = "VERB"
    if noun.tag_ == "NNS":
        noun.tag_ = "VBZ"
    else:
        noun.tag_ = "VBD" if noun.lower_ in _PAST_IS_PRESENT else "VBP"
