"""Mend what no Universal Dependencies tree has, where the rest of the tree says what was meant.

A greedy parser commits itself word by word: it takes "Keita, the head of the mission, spoke" for a
name with a clause behind it, and then meets the full stop. The guidelines rule such shapes out (a
finite clause needs a mark or a relative word to hang on a noun, a noun takes no object), so each of
them is an error whatever the words are; headlines, which no treebank of prose holds, have some more.
These mends are few: a shape is mended only where it can be nothing else, and a tree without one is
passed on untouched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from spacy.attrs import DEP, HEAD, LOWER, TAG
from spacy.language import Language

from monitor.extract.text import headlines

if TYPE_CHECKING:
    from collections.abc import Callable

    from spacy.tokens import Doc, Token

FACTORY = "mended_trees"
_FINITE = frozenset({"VBD", "VBP", "VBZ"})
_NOMINAL = frozenset({"NOUN", "PROPN", "PRON"})
_OWN_SUBJECT = frozenset({"nsubj", "nsubj:pass", "csubj", "csubj:pass", "expl"})
_COMPLETE = _OWN_SUBJECT | {"aux", "aux:pass", "cop", "cc"}
_MARKS = frozenset(
    "after although as because before if once since that though until when while".split()
)
# "Ali Hassan, left, and his son": the side of a picture.
_IN_CAPTIONS = "left"
_STOPS = frozenset('.?!"”')
# "Stuck" and "fired" may be either; "kills" is no participle.
_READ_AS_FINITE = frozenset({"VBD", "VBN", "JJ"})
_BEFORE_VERB = frozenset({"ccomp", "advcl"})
# "Two were found slain": the treebanks hardly know the word.
_ALWAYS_PARTICIPLE = "slain"
_WHEN = frozenset({"obl:unmarked", "nmod:unmarked", "obl:tmod"})
# Of these a relative clause right behind tells, whatever they are a part of.
_ATTACKS = frozenset(
    "assault attack blast bombing explosion massacre raid shelling shooting strike".split()
)
_HARM = frozenset(
    "claimed damaged destroyed hit hits injured killed kills left ripped rocked struck targeted targets took wounded".split()
)


class Tree:
    """The heads and labels of a document, to be changed and stored at once."""

    def __init__(self, doc: Doc) -> None:
        """Begin with the tree of `doc` as it is."""
        self.doc = doc
        self._changed: dict[int, tuple[int, str]] = {}

    def hang(self, token: Token, head: Token, label: str) -> None:
        """Note that `token` hangs on `head`, on itself where it is the root."""
        self._changed[token.i] = (head.i, label)

    def store(self) -> None:
        """Write what was noted to the document, but for sentences in which it would make no tree."""
        if not self._changed:
            return
        for start, end in {(s.start, s.end) for i in self._changed for s in (self.doc[i].sent,)}:
            if not self._is_tree(start, end):
                self._changed = {i: c for i, c in self._changed.items() if not start <= i < end}
        # spaCy's stubs say floats and integers; both are the array that it gives.
        told: Any = self.doc.to_array([HEAD, DEP])
        strings = self.doc.vocab.strings
        for index, (head, label) in self._changed.items():
            told[index] = (np.int64(head - index).astype(np.uint64), strings.add(label))
        self.doc.from_array([HEAD, DEP], told)

    def _is_tree(self, start: int, end: int) -> bool:
        """Say whether all tokens of a sentence hang, by way of others of it, on its one root."""
        heads = [self._changed.get(i, (self.doc[i].head.i, ""))[0] for i in range(start, end)]
        roots = {start + n for n, head in enumerate(heads) if head == start + n}
        if len(roots) != 1 or not all(start <= head < end for head in heads):
            return False
        reached = set(roots)
        for index in range(start, end):
            path = []
            here = index
            while here not in reached and here not in path:
                path.append(here)
                here = heads[here - start]
            if here not in reached:
                return False
            reached.update(path)
        return True


@Language.component(FACTORY)
def mended_trees(doc: Doc) -> Doc:
    """Mend the tree and the tags of a parsed document; sentences stay as they are."""
    tree = Tree(doc)
    strings = doc.vocab.strings
    labels = {strings[label]: mend for label, mend in _BY_LABEL.items()}
    tags = {strings[tag]: mend for tag, mend in _BY_TAG.items()}
    words = {strings[word]: mend for word, mend in _BY_WORD.items()}
    told = doc.to_array([LOWER, TAG, DEP])
    by = (words, tags, labels)
    suspects = np.any([np.isin(told[:, n], list(one)) for n, one in enumerate(by)], axis=0)
    for index in map(int, np.flatnonzero(suspects)):
        for one, value in zip(by, told[index], strict=True):
            if (mend := one.get(value)) is not None:
                mend(tree, doc[index])
    tree.store()
    slain = told[:, 0] == strings[_ALWAYS_PARTICIPLE]
    for index in map(int, np.flatnonzero(slain)):
        doc[index].pos_, doc[index].tag_ = "VERB", "VBN"
    return doc


def _finite_clause(tree: Tree, verb: Token) -> None:
    """Make a finite verb behind the noun at the top its predicate: "Keita, the head of the mission, spoke"."""
    noun = verb.head
    if (
        verb.tag_ not in _FINITE
        or noun.dep_ != "ROOT"
        or noun.i > verb.i
        or noun.pos_ not in _NOMINAL
    ):
        return
    if any(child.dep_ in _OWN_SUBJECT or child.dep_ == "obl:agent" for child in verb.children):
        return
    if any(child.dep_ in _OWN_SUBJECT or child.dep_ == "cop" for child in noun.children):
        return
    if verb.lower_ == _IN_CAPTIONS or verb.sent.text.rstrip()[-1:] not in _STOPS:
        return
    tree.hang(verb, verb, "ROOT")
    tree.hang(noun, verb, "nsubj")
    for child in noun.children:
        if child.i > verb.i:
            tree.hang(child, verb, child.dep_)


def _led_astray(tree: Tree, verb: Token) -> None:
    """Hang the first of two verbs on the subject: "a bomb stuck to a car exploded", "shells fired from there killed two".

    Right before a finite verb without a subject of its own ends a clause that has one, and nothing
    parts the two.
    """
    if verb.dep_ not in headlines.CLAUSES or any(
        child.dep_ in _COMPLETE for child in verb.children
    ):
        return
    clause = next((c for c in _ends_before(verb) if c.dep_ in _BEFORE_VERB), None)
    if clause is None or clause.tag_ not in _READ_AS_FINITE:
        return
    if any(child.dep_.startswith(("aux", "cop")) for child in clause.children):
        return
    subjects = [child for child in clause.children if child.dep_ in _OWN_SUBJECT]
    if [one.dep_ for one in subjects] != ["nsubj"]:
        return
    subject = subjects[0]
    if any(t.is_punct for t in verb.doc[subject.i : verb.i]):
        return
    if clause.head.i != verb.i:
        if clause.head not in verb.ancestors:
            return
        tree.hang(verb, clause.head, clause.dep_)
    tree.hang(subject, verb, "nsubj")
    tree.hang(clause, subject, "acl")
    for child in clause.children:
        if child.i < subject.left_edge.i:
            tree.hang(child, verb, child.dep_)


def _subject_of_clause(tree: Tree, verb: Token) -> None:
    """Give a verb the noun that opened its clause: "was killed when a bomb, planted by rebels, exploded"."""
    if verb.dep_ != "conj" or any(child.dep_ in _COMPLETE for child in verb.children):
        return
    for noun in verb.head.children:
        marks = [c for c in noun.lefts if c.lower_ in _MARKS and c.dep_ in {"mark", "advmod"}]
        clause = noun.dep_ == "advcl" and noun.pos_ in _NOMINAL and noun.i < verb.i
        if clause and len(marks) == 1 and not any(c.dep_ in _COMPLETE for c in noun.children):
            tree.hang(verb, verb.head, "advcl")
            tree.hang(noun, verb, "nsubj")
            tree.hang(marks[0], verb, marks[0].dep_)
            return


def _finite_verb(tree: Tree, verb: Token) -> None:
    headlines.mend_subject(tree, verb)
    _led_astray(tree, verb)
    _subject_of_clause(tree, verb)


def _ends_before(verb: Token) -> list[Token]:
    """Return the tokens whose subtree ends right before the verb, the lowest first."""
    if verb.i == 0 or verb.is_sent_start:
        return []
    last = verb.doc[verb.i - 1]
    found = []
    for token in (last, *last.ancestors):
        if token.right_edge.i != last.i or token.i == verb.i:
            break
        found.append(token)
    return found


def _object_behind_day(tree: Tree, noun: Token) -> None:
    """Hang on the verb what stands behind its day: "directed today, Wednesday, the formation of a committee"."""
    if noun.head.dep_ not in _WHEN or noun.pos_ != "NOUN":
        return
    verb = noun.head.head
    owns = any(child.dep_ in {"obj", "ccomp", "xcomp"} for child in verb.children)
    definite = any(child.lower_ == "the" for child in noun.children)
    if definite and verb.pos_ == "VERB" and not owns:
        tree.hang(noun, verb, "obj")


def _clause_of_attack(tree: Tree, verb: Token) -> None:
    """Hang a clause on the attack right before it: "condemnation of the attack that killed two"."""
    if verb.lower_ not in _HARM:
        return
    relative = next((c for c in verb.lefts if c.lower_ in {"that", "which"}), None)
    if relative is None or relative.i == 0:
        return
    before = relative.nbor(-1)
    if before.lower_ in _ATTACKS and verb.head in before.ancestors and before.i < verb.i:
        tree.hang(verb, before, "acl:relcl")


def _participle(tree: Tree, subject: Token) -> None:
    """Make what has a passive subject a participle: "50 people were slain"."""
    del tree
    if subject.head.pos_ == "ADJ":
        subject.head.pos_, subject.head.tag_ = "VERB", "VBN"


def _mark_on_subject(tree: Tree, mark: Token) -> None:
    """Make what hangs on a subject as its preposition the mark of the clause: "after he and three others were shot"."""
    subject = mark.head
    verb = subject.head
    told = mark.lower_ in _MARKS and mark.pos_ == "SCONJ" and verb.pos_ in {"VERB", "AUX"}
    if not told or not subject.dep_.startswith("nsubj"):
        return
    tree.hang(mark, verb, "mark")
    if verb.dep_ == "parataxis":
        tree.hang(verb, verb.head, "advcl")


def _name_in_ing(tree: Tree, token: Token) -> None:
    """Make a capital in mid-sentence behind a preposition a name: "a school in Sagaing"."""
    if not token.is_title or token.is_sent_start or token.i == 0:
        return
    marks = [child for child in token.children if child.dep_ == "mark" and child.tag_ == "IN"]
    before = token.doc[token.i - 1]
    if marks != [before] or not token.doc[max(before.i - 1, 0)].is_lower:
        return
    if any(child.dep_ in {"obj", "nsubj"} for child in token.children):
        return
    token.pos_, token.tag_ = "PROPN", "NNP"
    tree.hang(before, token, "case")
    tree.hang(token, token.head, "nmod" if token.head.pos_ in _NOMINAL else "obl")


_BY_LABEL: dict[str, Callable[[Tree, Token], None]] = {
    "acl": _finite_clause,
    "acl:relcl": _clause_of_attack,
    "appos": _object_behind_day,
    "nsubj:pass": _participle,
    "case": _mark_on_subject,
}


_BY_TAG: dict[str, Callable[[Tree, Token], None]] = {
    "VBG": _name_in_ing,
    "NN": headlines.mend_verb,
    "NNS": headlines.mend_verb,
    **dict.fromkeys(_FINITE, _finite_verb),
}


# Most names are none of these: a word is looked up, so that not every name is looked at.
_BY_WORD: dict[str, Callable[[Tree, Token], None]] = {
    "who": headlines.mend_initials,
    **dict.fromkeys(headlines.CONDEMNING, headlines.mend_name),
}
