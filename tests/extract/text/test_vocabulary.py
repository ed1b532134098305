"""Which words of a text in capitals are common ones, and which are names."""

import pytest

from monitor.extract.text import recase, vocabulary

# A few forms as a treebank has them: the rest is from the word list, or built.
VOCABULARY = vocabulary.Vocabulary(
    frozenset("the of a in and were by assassinate deport magistrate morale park".split())
)

COMMON = [
    ("assassinated", "the past of a known verb"),
    ("deporting", "a known verb's participle"),
    ("magistrates", "the plural of a known noun"),
    ("bandits", "a word of the list"),
    ("redeported", "a prefix before one"),
    ("parliamentarianism", "an ending that no name has"),
    ("candidacies", "an ending that no name has, in the plural"),
]
NAMES = [
    ("colombians", "a people"),
    ("morales", "a town and a surname, were it built like a plural"),
    ("parker", "a surname built like a doer"),
    ("beijing", "a town that ends like a participle"),
    ("xylopia", "nothing that anybody knows"),
    ("preston", "short, and a town"),
]


@pytest.mark.parametrize(("word", "why"), COMMON)
def test_common_words(word, why):
    assert word in VOCABULARY, why


@pytest.mark.parametrize(("word", "why"), NAMES)
def test_names_are_no_common_words(word, why):
    assert word not in VOCABULARY, why


def test_a_wire_in_capitals_keeps_its_names_and_no_others():
    text = "BANDITS FROM MORALES AND THE U.S. CONSUL WERE AMBUSHED BY COLOMBIANS IN A CANDIDACY."
    assert recase.recase(text, VOCABULARY) == (
        "Bandits From Morales and the U.S. Consul were ambushed by Colombians in a candidacy."
    )
