"""The table of word vectors that the pipeline is trained over."""

import numpy as np
import pytest
import spacy

from training import word_vectors

WORDS = ("police", "soldiers", "bomb", "troops", "grenade")
DATA = np.array([[1, 0], [0.6, 0.8], [0, -1], [0.7, 0.9], [0.1, -2]], dtype=np.float32)


@pytest.fixture
def vocab():
    vocab = spacy.blank("en").vocab
    vocab.vectors = word_vectors.pruned(list(WORDS), DATA, rows=3)
    return vocab


def rows_of(vocab, *words):
    return vocab.vectors.find(keys=[vocab.strings.add(word) for word in words]).tolist()


def test_a_frequent_word_has_its_own_vector_and_a_rare_one_that_of_its_like(vocab):
    assert rows_of(vocab, *WORDS) == [0, 1, 2, 1, 2]
    assert vocab.vectors.shape == (3, 2)


def test_a_word_that_is_not_in_the_table_has_none(vocab):
    assert rows_of(vocab, "drone") == [-1]


def test_the_encoder_looks_words_up_whatever_their_case(vocab):
    doc = spacy.tokens.Doc(vocab, words=["SOLDIERS", "Soldiers"])
    assert vocab.vectors.find(keys=doc.to_array(vocab.vectors.attr)).tolist() == [1, 1]
