"""Trees that cannot be are mended where only one other can be meant; all others are left as they are."""

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from monitor.extract.text import mends

VOCAB = spacy.blank("en").vocab
POS = {
    "NN": "NOUN",
    "NNS": "NOUN",
    "NNP": "PROPN",
    "VBD": "VERB",
    "VBN": "VERB",
    "VBG": "VERB",
    "VBZ": "VERB",
    "JJ": "ADJ",
    "DT": "DET",
    "IN": "ADP",
    "CD": "NUM",
    "PRP": "PRON",
    "WDT": "PRON",
    "CC": "CCONJ",
    ".": "PUNCT",
    ",": "PUNCT",
}


def tree(text):
    """Read "word/tag/label>head" items, the head by its word; a root is its own head."""
    items = [item.rsplit("/", 2) for item in text.split()]
    words = [word for word, _, _ in items]
    labels, heads = zip(*(last.split(">") for _, _, last in items), strict=True)
    return Doc(
        VOCAB,
        words=words,
        tags=[tag for _, tag, _ in items],
        pos=["SCONJ" if last.startswith("sconj:") else POS[tag] for _, tag, last in items],
        deps=[label.removeprefix("sconj:") for label in labels],
        heads=[words.index(head) for head in heads],
    )


def told(doc):
    return {t.text: (t.tag_, t.dep_, t.head.text) for t in doc}


MENDED = {
    "a finite verb behind the noun at the top": (
        "Keita/NNP/ROOT>Keita ,/,/punct>Keita head/NN/appos>Keita spoke/VBD/acl>Keita ././punct>Keita",
        {"spoke": ("VBD", "ROOT", "spoke"), "Keita": ("NNP", "nsubj", "spoke")},
    ),
    "the first of two verbs is the subject's": (
        "bomb/NN/nsubj>stuck stuck/JJ/ccomp>exploded to/IN/case>car car/NN/obl>stuck exploded/VBD/ROOT>exploded",
        {"bomb": ("NN", "nsubj", "exploded"), "stuck": ("JJ", "acl", "bomb")},
    ),
    "the mark in front goes with the subject": (
        (
            "Troops/NNS/nsubj>left left/VBD/ROOT>left after/IN/mark>fired shells/NNS/nsubj>fired fired/VBD/advcl>killed "
            "there/NN/obl>fired killed/VBD/advcl>left two/CD/obj>killed"
        ),
        {"shells": ("NNS", "nsubj", "killed"), "after": ("IN", "mark", "killed")},
    ),
    "a preposition on a subject is the clause's mark": (
        "He/PRP/nsubj>hurt hurt/VBD/ROOT>hurt after/IN/sconj:case>gunmen gunmen/NNS/nsubj>came came/VBD/parataxis>hurt",
        {"after": ("IN", "mark", "came"), "came": ("VBD", "advcl", "hurt")},
    ),
    "what stands behind the day of its verb": (
        (
            "Sudani/NNP/nsubj>directed directed/VBD/ROOT>directed Wednesday/NNP/obl:unmarked>directed ,/,/punct>formation "
            "the/DT/det>formation formation/NN/appos>Wednesday"
        ),
        {"formation": ("NN", "obj", "directed")},
    ),
    "a relative clause right behind an attack": (
        (
            "condemnation/NN/ROOT>condemnation of/IN/case>attack attack/NN/nmod>condemnation that/WDT/nsubj>killed "
            "killed/VBD/acl:relcl>condemnation two/CD/obj>killed"
        ),
        {"killed": ("VBD", "acl:relcl", "attack")},
    ),
    "what has a passive subject is a participle": (
        "people/NNS/nsubj:pass>slain slain/JJ/ROOT>slain",
        {"slain": ("VBN", "ROOT", "slain")},
    ),
    "a name that ends as a verb does": (
        "school/NN/ROOT>school in/IN/mark>Sagaing Sagaing/VBG/acl>school",
        {"in": ("IN", "case", "Sagaing"), "Sagaing": ("NNP", "nmod", "school")},
    ),
    "a noun with an object": (
        "Israel/NNP/compound>bombs bombs/NNS/ROOT>bombs suburb/NN/obj>bombs",
        {"bombs": ("VBZ", "ROOT", "bombs"), "Israel": ("NNP", "nsubj", "bombs")},
    ),
    "a blow between those who deal and who take it": (
        "US/NNP/compound>village jets/NNS/compound>village bomb/NN/compound>village village/NN/ROOT>village",
        {
            "bomb": ("VBP", "ROOT", "bomb"),
            "jets": ("NNS", "nsubj", "bomb"),
            "US": ("NNP", "compound", "jets"),
            "village": ("NN", "obj", "bomb"),
        },
    ),
    "what falls": (
        "Rockets/NNS/compound>land land/NN/ROOT>land near/IN/case>base base/NN/nmod>land",
        {"land": ("VBP", "ROOT", "land"), "Rockets": ("NNS", "nsubj", "land")},
    ),
}


@pytest.mark.parametrize("name", MENDED)
def test_a_tree_that_cannot_be_is_mended(name):
    before, expected = MENDED[name]
    after = told(mends.mended_trees(tree(before)))
    assert {word: after[word] for word in expected} == expected


LEFT = {
    "a caption": "Hassan/NNP/ROOT>Hassan ,/,/punct>Hassan left/VBD/acl>Hassan ././punct>Hassan",
    "a headline without its stop": "Man/NN/ROOT>Man shot/VBD/acl>Man in/IN/case>Basra Basra/NNP/obl>shot",
    "a clause by a doer": "attack/NN/ROOT>attack claimed/VBD/acl>attack by/IN/case>group group/NN/obl:agent>claimed "
    "././punct>attack",
    "a gerund of a title in capitals": "Suspect/NN/ROOT>Suspect in/IN/mark>Killing Killing/VBG/acl>Suspect",
    "a drug raid": "drugs/NNS/compound>raid raid/NN/ROOT>raid toll/NN/appos>raid",
    "a toll of strikes": "US/NNP/compound>toll strikes/NNS/compound>toll toll/NN/nsubj>rises rises/VBZ/ROOT>rises",
    "a preposition of a noun": "He/PRP/nsubj>died died/VBD/ROOT>died after/IN/case>attack attack/NN/obl>died",
    "a clause of a place": "area/NN/ROOT>area where/WDT/advmod>took attack/NN/nsubj>took took/VBD/acl:relcl>area",
}


@pytest.mark.parametrize("name", LEFT)
def test_a_tree_that_can_be_is_left(name):
    doc = tree(LEFT[name])
    before = told(doc)
    assert told(mends.mended_trees(doc)) == before


def test_mends_that_would_make_a_circle_are_left_out():
    """A circle in the tree would end the process: spaCy walks it without end."""
    doc = tree("Gunmen/NNS/nsubj>killed killed/VBD/ROOT>killed two/CD/obj>killed")
    mend = mends.Tree(doc)
    mend.hang(doc[1], doc[2], "acl")
    mend.store()
    assert [t.head.text for t in doc] == ["killed", "killed", "killed"]
    mend.hang(doc[2], doc[2], "ROOT")
    mend.store()
    assert [t.head.text for t in doc] == ["killed", "killed", "killed"]


TAGS = st.sampled_from(["NN", "NNS", "NNP", "VBD", "VBN", "VBG", "VBZ", "JJ", "IN", "CD"])
LABELS = st.sampled_from(
    "nsubj nsubj:pass obj obl obl:unmarked nmod compound acl acl:relcl advcl ccomp case mark appos flat conj".split()
)
WORDS = st.sampled_from(
    "attack that killed shells jets bomb after Wednesday the rain , two Sagaing hit land".split()
)


@given(st.lists(st.tuples(WORDS, TAGS, LABELS, st.integers(0, 10**6)), min_size=1, max_size=14))
@settings(max_examples=400, deadline=None)
def test_any_tree_stays_a_tree_of_the_same_sentence(drawn):
    """Each token hangs on one before it that was drawn, the first on itself: a tree of any shape."""
    heads = [n and seed % n for n, (_, _, _, seed) in enumerate(drawn)]
    doc = Doc(
        VOCAB,
        words=[word for word, _, _, _ in drawn],
        tags=[tag for _, tag, _, _ in drawn],
        pos=[POS[tag] for _, tag, _, _ in drawn],
        deps=["ROOT" if not n else label for n, (_, _, label, _) in enumerate(drawn)],
        heads=heads,
    )
    mended = mends.mended_trees(doc)
    assert [(s.start, s.end) for s in mended.sents] == [(0, len(drawn))]
    assert sum(t.head.i == t.i for t in mended) == 1
    assert all(_steps_to_root(token) <= len(drawn) for token in mended)


def _steps_to_root(token):
    steps, here = 0, token
    while here.head.i != here.i and steps <= len(token.doc):
        here, steps = here.head, steps + 1
    return steps


def dep(doc, word):
    token = next(t for t in doc if t.text == word)
    return token.pos_, token.dep_, token.head.text


def test_a_force_and_a_blow_before_its_object_are_subject_and_verb():
    doc = mends.mended_trees(
        tree("Israeli/JJ/amod>targets army/NN/compound>targets targets/NNS/compound>village village/NN/ROOT>village")
    )  # fmt: skip
    assert dep(doc, "targets") == ("VERB", "ROOT", "targets")
    assert dep(doc, "army") == ("NOUN", "nsubj", "targets")
    assert dep(doc, "village") == ("NOUN", "obj", "targets")


def test_what_stands_before_a_finite_verb_as_part_of_a_noun_is_of_its_subject():
    doc = mends.mended_trees(
        tree("Israeli/JJ/amod>bombs army/NN/nsubj>bombs bombs/VBZ/ROOT>bombs village/NN/obj>bombs")
    )  # fmt: skip
    assert dep(doc, "Israeli") == ("ADJ", "amod", "army")


def test_initials_that_were_read_as_a_verb_are_its_object_or_subject():
    doc = mends.mended_trees(
        tree("army/NN/compound>attacks attacks/NNS/nsubj>RSF RSF/VBD/ROOT>RSF positions/NNS/obj>RSF")
    )  # fmt: skip
    assert dep(doc, "attacks") == ("VERB", "ROOT", "attacks")
    assert dep(doc, "RSF") == ("PROPN", "compound", "positions")
    doc = mends.mended_trees(
        tree("IED/VBD/ROOT>IED kills/VBZ/obj>IED soldiers/NNS/obj>kills")
    )  # fmt: skip
    assert dep(doc, "kills") == ("VERB", "ROOT", "kills")
    assert dep(doc, "IED") == ("PROPN", "nsubj", "kills")


def test_strikes_that_kill_stay_a_noun():
    doc = mends.mended_trees(
        tree("Israel/NNP/compound>strikes strikes/NNS/nsubj>kill kill/VBD/ROOT>kill twelve/CD/obj>kill")
    )  # fmt: skip
    assert dep(doc, "strikes") == ("NOUN", "nsubj", "kill")
