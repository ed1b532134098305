"""What a name is, where it ends, and why it is taken for a person, a body or a place."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.extract.names.rules import NameLabel, NameReason, name_spans
from monitor.extract.text import nlp as pipeline

PERSON, ORG, PLACE, NORP = NameLabel.PERSON, NameLabel.ORG, NameLabel.PLACE, NameLabel.NORP


@pytest.fixture(scope="module")
def nlp():
    return pipeline.load()


def read(nlp, text):
    doc = next(pipeline.parse(nlp, [text]))
    return [(text[n.start_char : n.end_char], n.label, n.why) for n in name_spans(doc)]


CASES = [
    ("Governor Layla al-Tamimi resigned.", "Layla al-Tamimi", PERSON, NameReason.TITLE),
    ("The cleric Rustam Ghazal was shot.", "Rustam Ghazal", PERSON, NameReason.TITLE),
    ("The mayor, Ondrej Vesely, was hurt.", "Ondrej Vesely", PERSON, NameReason.ROLE),
    ("The dead man was Bako Zerihun, 34.", "Bako Zerihun", PERSON, NameReason.AGE),
    ("It was claimed by Hamas.", "Hamas", ORG, NameReason.KNOWN_ORGANISATION),
    ("He joined the Ministry of Justice.", "Ministry of Justice", ORG, NameReason.ORGANISATION_WORD),
    ("The Karbala Youth Brigade fled.", "Karbala Youth Brigade", ORG, NameReason.ORGANISATION_WORD),
    ("Troops of the QRTV left.", "QRTV", ORG, NameReason.ACRONYM),
    ("A bomb went off in Baghdad.", "Baghdad", PLACE, NameReason.LOCATIVE),
    ("A shell hit Tell Marda.", "Tell Marda", PLACE, NameReason.PLACE_WORD),
    ("They met in Zubair Square.", "Zubair Square", PLACE, NameReason.PLACE_WORD),
    ("Kenyan troops left.", "Kenyan", NORP, NameReason.NATIONALITY),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name", "label", "why"), CASES, ids=[c[0] for c in CASES])
def test_name_has_its_label_for_its_reason(nlp, text, name, label, why):
    assert (name, label, why) in read(nlp, text)


NOT_NAMES = [
    "Police said the army had left on Monday.",
    "At least 12 people were killed.",
    "Nobody claimed responsibility; it was Ramadan.",
]


@pytest.mark.parametrize("text", NOT_NAMES)
def test_common_words_days_and_offices_are_no_names(nlp, text):
    assert read(nlp, text) == []


def test_a_surname_alone_is_the_person_named_before(nlp):
    """ "Najaf" is a city, but not where it is the second half of a minister's name."""
    names = read(nlp, "Minister Tariq Najaf resigned. Aides said Najaf was ill.")
    assert [(name, label) for name, label, _ in names] == [
        ("Tariq Najaf", PERSON),
        ("Najaf", PERSON),
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.text(max_size=200)
    | st.lists(st.sampled_from("Al - of the 's Baghdad , in".split())).map(" ".join)
)
def test_names_lie_in_the_text_and_never_overlap(text):
    doc = next(pipeline.parse(pipeline.load(), [text]))
    edges = [0, *(edge for n in name_spans(doc) for edge in (n.start_char, n.end_char)), len(text)]
    assert edges == sorted(edges)
