"""The pipeline in the package: it loads offline, keeps its limits and reads what news depends on."""

import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.extract.text import nlp as pipeline

MAX_MODEL_BYTES = 25_000_000


@pytest.fixture(scope="module")
def nlp():
    return pipeline.load()


def read(nlp, text):
    return next(pipeline.parse(nlp, [text]))


def test_loads_from_the_package_without_network(monkeypatch):
    """A monitor in a closed network starts like any other."""

    def refuse(*args, **kwargs):
        pytest.fail("loading opened a socket")

    monkeypatch.setattr(socket, "socket", refuse)
    pipeline.load.cache_clear()
    assert {"tagger", "morphologizer", "parser"} <= set(pipeline.load().pipe_names)
    assert pipeline.load() is pipeline.load()


def test_model_is_small_and_has_its_card():
    """Git keeps every version of the weights; a licence without its notice is no licence."""
    files = [path for path in pipeline.MODEL_DIR.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) <= MAX_MODEL_BYTES
    card = (pipeline.MODEL_DIR / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "CC BY-SA 4.0" in card


GOLDEN_EDGES = [
    (
        "the agent of a passive is found",
        "The sites were targeted by air strikes carried out by US forces.",
        {("sites", "nsubj:pass", "targeted"), ("forces", "obl:agent", "carried")},
    ),
    (
        "a time phrase hangs together",
        "A drone hit the base in the early hours of Wednesday.",
        {("hours", "obl", "hit"), ("early", "amod", "hours"), ("Wednesday", "nmod", "hours")},
    ),
    (
        "a number counts its victims, and these were killed",
        "At least 12 people were killed and 30 others wounded when a bomb exploded.",
        {("12", "nummod", "people"), ("people", "nsubj:pass", "killed")},
    ),
    (
        "the object of a participle",
        "A suicide bomber struck a market, killing a soldier.",
        {("bomber", "nsubj", "struck"), ("market", "obj", "struck"), ("soldier", "obj", "killing")},
    ),
    (
        "who condemns what",
        "The foreign minister condemned the attack on the embassy.",
        {("minister", "nsubj", "condemned"), ("attack", "obj", "condemned")},
    ),
    (
        "a name of three words hangs on its first",
        "Governor Ahmed al-Jubouri said the road was closed.",
        {("closed", "ccomp", "said"), ("road", "nsubj:pass", "closed")},
    ),
]


@pytest.mark.parametrize(
    ("text", "edges"), [c[1:] for c in GOLDEN_EDGES], ids=[c[0] for c in GOLDEN_EDGES]
)
def test_parse_has_the_edges_the_grammar_rests_on(nlp, text, edges):
    doc = read(nlp, text)
    assert edges <= {(token.text, token.dep_, token.head.text) for token in doc}


LEMMAS = [
    ("killed", "Three men were killed.", "kill"),
    ("KILLED", "THREE MEN WERE KILLED.", "kill"),
    ("shelled", "Troops shelled the town.", "shell"),
    ("succumbed", "He succumbed to his wounds.", "succumb"),
    ("strikes", "The strikes destroyed a bridge.", "strike"),
    ("people", "Many people fled.", "person"),
    ("died", "Two children died.", "die"),
    ("stabbed", "A man stabbed the guard.", "stab"),
    ("raids", "The raids wounded nine.", "raid"),
]


@pytest.mark.parametrize(("word", "text", "lemma"), LEMMAS, ids=[row[0] for row in LEMMAS])
def test_lemma_is_the_same_in_any_letter_case(nlp, word, text, lemma):
    assert {token.lemma_ for token in read(nlp, text) if token.text == word} == {lemma}


def test_a_line_break_ends_a_sentence(nlp):
    """A headline without a full stop must not be read into the paragraph below it."""
    doc = read(nlp, "Rocket hits base in Anbar\n\nThe army said nobody was hurt")
    assert [sentence.text.strip() for sentence in doc.sents] == [
        "Rocket hits base in Anbar",
        "The army said nobody was hurt",
    ]


def test_a_dateline_that_an_agency_signs_ends_a_sentence(nlp):
    doc = nlp("MINSK, May 3. /Lake Agency/. Foreign Ministry Spokesman Pavel Orlov condemned it.")
    assert [s.text for s in doc.sents][-1].startswith("Foreign Ministry Spokesman")


def test_no_sentence_begins_in_mid_line_behind_a_word(nlp):
    (doc,) = pipeline.parse(nlp, ["President Zardari and PM Shehbaz condemned the killings."])
    assert len(list(doc.sents)) == 1


def test_empty_text_is_an_empty_document(nlp):
    assert [len(doc) for doc in pipeline.parse(nlp, ["", "", "One."])] == [0, 0, 2]


HOSTILE = [
    ("two megabytes", "Gunmen killed five people. " * 80_000),
    ("one line of 50,000 letters", "x" * 50_000),
    ("brackets", "(" * 50_000),
    ("spaced brackets", "( " * 25_000),
    ("short runs of brackets", ("(" * 140 + " ") * 300),
    ("line of 50,000 characters without a stop", "the man and " * 4_200),
    ("line breaks", "\n" * 50_000),
    ("apostrophes", "'s" * 20_000),
    ("combining marks", "e\u0301\u0327" * 10_000),
    ("no spaces", "巴格达发生爆炸" * 6_000),
    ("right to left", "انفجار في بغداد " * 3_000),
    ("controls", "".join(map(chr, range(32))) * 500),
    ("urls", "http://a.b/c?d=e&f=g%20" * 2_000),
    ("lone surrogate replaced", "\ufffd\u200b\u202e" * 5_000),
]


@pytest.mark.slow
@pytest.mark.parametrize("text", [case[1] for case in HOSTILE], ids=[case[0] for case in HOSTILE])
def test_hostile_text_stays_within_the_limits(nlp, text):
    """No text may cost more than its share: the limits are what bounds the time."""
    doc = read(nlp, text)
    assert text.startswith(doc.text)
    assert len(doc.text) <= pipeline.MAX_TEXT_CHARS
    assert len(doc) <= pipeline.MAX_TOKENS
    assert pipeline.unread_chars(doc, text) == len(text) - len(doc.text)
    longest = max(len(sentence) for sentence in doc.sents)
    assert longest <= pipeline.MAX_SENTENCE_TOKENS + 1


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read_whole_and_in_sentences(text):
    """Offsets point into the text that was given, whatever it holds."""
    doc = read(pipeline.load(), text)
    assert doc.text == text
    assert sum(len(sentence) for sentence in doc.sents) == len(doc)
    assert all(text[token.idx : token.idx + len(token)] == token.text for token in doc)


def test_reading_in_a_memory_zone_leaves_no_words_behind(nlp):
    """A monitor reads for months; the string store must not keep every name it ever met."""
    before = len(nlp.vocab.strings)
    for batch in range(3):
        with nlp.memory_zone():
            text = " ".join(
                f"Zqx{batch}{number} struck Vrk{batch}{number}." for number in range(40)
            )
            assert len(read(nlp, text)) > 100
    assert len(nlp.vocab.strings) <= before + 5
