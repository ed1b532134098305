"""Registered readers: the treebanks as streams of spaCy examples, varied anew each epoch."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import registry

from training import treebanks
from training.augment import Pool, other_words_of_kind, pool_of, strange_forms, vary
from training.news_words import other_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from spacy.language import Language

    from training.treebanks import Sentence

# How often the next paragraph joins the document after a line break, and which.
JOIN = 0.4
BREAKS = ("\n", "\n\n", "\n\n", " \n")
MAX_WORDS_JOINED = 160
# Where the project's own annotated sentences lie, under the name "news".
OWN = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class _Noise:
    """What the variation of words draws from; `strange` switches it on."""

    counts: Counter[str]
    pool: Pool
    strange: bool


@registry.readers("news_monitor.treebanks.v1")  # type: ignore[untyped-decorator] # spaCy has no types here.
def make_reader(
    folder: str, names: list[str], split: str, seed: int, *, varied: bool, strange: bool
) -> Callable[[Language], Iterator[Example]]:
    """Return a corpus: one pass over the named treebanks each time it is called.

    `split` completes a name ("ewt" -> "ewt-train") that does not tell its own ("ewt-dev").
    """
    rng = Random(seed)

    @lru_cache(maxsize=1)
    def stored() -> list[tuple[Sentence, ...]]:
        files = [_file(Path(folder), name, split) for name in names]
        return [
            group for file in files for group in treebanks.paragraphs(treebanks.read_conllu(file))
        ]

    @lru_cache(maxsize=1)
    def noise() -> _Noise:
        all_words = [sentence.words for group in stored() for sentence in group]
        counts = Counter(word.form.lower() for words in all_words for word in words)
        return _Noise(counts=counts, pool=pool_of(all_words), strange=strange)

    def read(nlp: Language) -> Iterator[Example]:
        groups = stored()
        if varied:
            groups = _joined(groups, rng)
            rng.shuffle(groups)
        for group in groups:
            yield _example(nlp, _varied(group, noise(), rng) if varied else group)

    return read


def _file(folder: Path, name: str, split: str) -> Path:
    stem = name if "-" in name else f"{name}-{split}"
    return (OWN if name == "news" else folder) / f"{stem}.conllu"


def _joined(groups: list[tuple[Sentence, ...]], rng: Random) -> list[tuple[Sentence, ...]]:
    result: list[tuple[Sentence, ...]] = []
    for group in groups:
        words = sum(len(s.words) for s in group)
        fits = result and sum(len(s.words) for s in result[-1]) + words <= MAX_WORDS_JOINED
        if fits and rng.random() < JOIN:
            result[-1] += (replace(group[0], starts_paragraph=True), *group[1:])
        else:
            result.append(group)
    return result


def _varied(group: tuple[Sentence, ...], noise: _Noise, rng: Random) -> tuple[Sentence, ...]:
    return tuple(
        _with_break(
            replace(sentence, words=_varied_words(sentence, noise, rng)),
            rng.choice(BREAKS)
            if position + 1 < len(group) and group[position + 1].starts_paragraph
            else None,
        )
        for position, sentence in enumerate(group)
    )


def _varied_words(sentence: Sentence, noise: _Noise, rng: Random) -> tuple[treebanks.Word, ...]:
    if sentence.sent_id.startswith("news-"):
        return vary(other_words(sentence.words, rng), rng)
    words = sentence.words
    if noise.strange:
        words = strange_forms(other_words_of_kind(words, noise.pool, rng), noise.counts, rng)
    return vary(words, rng)


def _with_break(sentence: Sentence, line_break: str | None) -> Sentence:
    """Add a line break as spaCy sees it: a token of white space that hangs on the word before."""
    if line_break is None:
        return sentence
    space = treebanks.Word(
        form=line_break.strip(" "),
        lemma=line_break.strip(" "),
        upos="SPACE",
        xpos="_SP",
        feats="_",
        head=len(sentence.words),
        deprel="dep",
        space_after=False,
        misc="_",
    )
    last = replace(sentence.words[-1], space_after=line_break.startswith(" "))
    return replace(sentence, words=(*sentence.words[:-1], last, space))


def _example(nlp: Language, group: tuple[Sentence, ...]) -> Example:
    return raw_text(nlp, treebanks.to_doc(nlp.vocab, group))


def raw_text(nlp: Language, doc: Doc) -> Example:
    """Return an example whose prediction starts from the text."""
    return Example(nlp.make_doc(doc.text), doc)


def gold_tokens(nlp: Language, doc: Doc) -> Example:
    """Return an example whose prediction starts from the gold tokens."""
    spaces = [bool(token.whitespace_) for token in doc]
    bare = Doc(nlp.vocab, words=[token.text for token in doc], spaces=spaces)
    return Example(bare, doc)
