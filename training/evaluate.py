"""Print the pipeline's figures on the test files: python -m training.evaluate [--model DIR]."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import TYPE_CHECKING

import spacy
from spacy.scorer import Scorer

from monitor.extract.text import nlp as pipeline
from training import corpus, entities, treebanks

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.training import Example

FIGURES = ("dep_uas", "dep_las", "tag_acc", "pos_acc", "morph_acc", "lemma_acc", "sents_f")
NAMES = ("PERSON", "ORG", "PLACE")


def evaluate(nlp: Language, folder: Path) -> None:
    """Print a line for each test file, from raw text and from gold tokens, and the names' F1."""
    print(f"{'':18}" + "".join(f"{name:>11}" for name in FIGURES))
    for name in ("gum", "ewt"):
        docs = list(treebanks.read_docs(nlp.vocab, folder / f"{name}-test.conllu"))
        _line(f"{name} test, raw", nlp, [corpus.raw_text(nlp, doc) for doc in docs])
        _line(f"{name} test, gold", nlp, [corpus.gold_tokens(nlp, doc) for doc in docs])
    if "ner" in nlp.pipe_names:
        _names(nlp, folder)
    _speed(nlp, folder)


def _line(title: str, nlp: Language, examples: list[Example]) -> None:
    for example in examples:
        example.predicted = nlp(example.predicted)
    scores = Scorer(nlp).score(examples) | Scorer.score_token_attr(examples, "lemma")
    print(f"{title:18}" + "".join(f"{100 * scores[name]:11.2f}" for name in FIGURES))


def _names(nlp: Language, folder: Path) -> None:
    test = entities.read_columns(folder / "uner-ewt-test.iob2", word=1, tag=2)
    examples: list[Example] = [entities.example(nlp, tagged) for tagged in test]
    for example in examples:
        example.predicted = nlp(example.predicted)
        kept = [span for span in example.predicted.ents if span.label_ in NAMES]
        example.predicted.set_ents(kept)
    scores = Scorer.score_spans(examples, "ents")
    each = {label: round(100 * scores["ents_per_type"][label]["f"], 1) for label in NAMES}
    print(f"ner alone, UNER test: F1 {100 * scores['ents_f']:.1f} {each}")


def _speed(nlp: Language, folder: Path) -> None:
    docs = treebanks.read_docs(nlp.vocab, folder / "gum-test.conllu")
    texts = [doc.text for doc in docs]
    list(pipeline.parse(nlp, texts))
    begun = time.perf_counter()
    tokens = sum(len(doc) for doc in pipeline.parse(nlp, texts))
    print(f"speed: {tokens / (time.perf_counter() - begun):,.0f} tokens a second")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--treebanks", type=Path, required=True, help="Folder of the treebanks.")
    parser.add_argument("--model", type=Path, default=pipeline.MODEL_DIR)
    options = parser.parse_args()
    evaluate(spacy.load(options.model), options.treebanks)


if __name__ == "__main__":
    main()
