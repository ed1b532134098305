"""Read Universal Dependencies treebanks into spaCy documents.

The treebanks are gold tokens; the pipeline tokenises raw text. Documents keep the *original text*
(``SpaceAfter=No`` and multiword tokens respected) and the gold tokens, and spaCy aligns the two
when it trains and scores. Paragraphs become documents, since that is what the extractor feeds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from spacy.tokens import Doc

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from spacy.vocab import Vocab

# A paragraph longer than this is cut between sentences: long examples cost more memory than they
# teach, and the extractor's own paragraphs are rarely longer.
MAX_WORDS_IN_DOC = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One syntactic word of a CoNLL-U sentence; `head` is 0 for the root."""

    form: str
    lemma: str
    upos: str
    xpos: str
    feats: str
    head: int
    deprel: str
    space_after: bool
    misc: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence, and whether it begins a paragraph or document."""

    sent_id: str
    words: tuple[Word, ...]
    starts_paragraph: bool


def read_conllu(path: Path) -> Iterator[Sentence]:
    """Yield the sentences of a CoNLL-U file in order."""
    lines: list[str] = []
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                lines.append(line.rstrip("\n"))
            elif lines:
                yield _sentence(lines)
                lines = []
    if lines:
        yield _sentence(lines)


def _sentence(lines: list[str]) -> Sentence:
    comments = [line for line in lines if line.startswith("#")]
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    sent_id = next(c.split("=", 1)[1].strip() for c in comments if c.startswith("# sent_id"))
    starts = any(c.startswith(("# newdoc", "# newpar")) for c in comments)
    return Sentence(sent_id=sent_id, words=tuple(_words(rows)), starts_paragraph=starts)


def _words(rows: list[list[str]]) -> Iterator[Word]:
    """Yield the words, with the spacing of a multiword token given to its last word."""
    inside_until = 0
    range_has_space = True
    for row in rows:
        number = row[0]
        if "." in number:  # An empty node of the enhanced graph is no word of the text.
            continue
        has_space = "SpaceAfter=No" not in row[9]
        if "-" in number:
            inside_until, range_has_space = int(number.split("-")[1]), has_space
            continue
        position = int(number)
        if position <= inside_until:
            has_space = range_has_space and position == inside_until
        yield Word(
            form=row[1],
            lemma=row[2],
            upos=row[3],
            xpos=row[4],
            feats=row[5],
            head=int(row[6]),
            deprel=row[7],
            space_after=has_space,
            misc=row[9],
        )


def paragraphs(sentences: Iterator[Sentence]) -> Iterator[tuple[Sentence, ...]]:
    """Group consecutive sentences by paragraph, cut at `MAX_WORDS_IN_DOC`."""
    group: list[Sentence] = []
    words = 0
    for sentence in sentences:
        too_long = words + len(sentence.words) > MAX_WORDS_IN_DOC
        if group and (sentence.starts_paragraph or too_long):
            yield tuple(group)
            group, words = [], 0
        group.append(sentence)
        words += len(sentence.words)
    if group:
        yield tuple(group)


def to_doc(vocab: Vocab, group: tuple[Sentence, ...]) -> Doc:
    """Return the gold document of one paragraph: text, tags, morphology, lemmas and tree."""
    words = [word for sentence in group for word in sentence.words]
    spaces = [word.space_after for word in words]
    heads: list[int] = []
    for sentence in group:
        offset = len(heads)
        heads += [
            offset + (word.head - 1 if word.head else index)
            for index, word in enumerate(sentence.words)
        ]
        # Sentences are never glued together, except by a line break.
        spaces[offset + len(sentence.words) - 1] = sentence.words[-1].upos != "SPACE"
    return Doc(
        vocab,
        words=[word.form for word in words],
        spaces=spaces,
        tags=[word.xpos for word in words],
        pos=[word.upos for word in words],
        morphs=["" if word.feats == "_" else word.feats for word in words],
        lemmas=[word.lemma for word in words],
        heads=heads,
        deps=["ROOT" if word.head == 0 else word.deprel for word in words],
    )


def read_docs(vocab: Vocab, path: Path) -> Iterator[Doc]:
    """Yield one gold document for each paragraph of a treebank file."""
    for group in paragraphs(read_conllu(path)):
        yield to_doc(vocab, group)
