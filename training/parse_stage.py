"""Train the shared encoder, tagger, morphology and parser, in phases, and take the mean of the last ones.

The first phase learns at a high rate. The second begins at its averaged weights, on more and noisier
data: after the first one the parser knew its training files by heart. Later ones wander around what
the first found, and the middle of where they end reads unseen text better than each of them.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from spacy.util import load_config, load_model_from_config

from training import corpus  # noqa: F401 # registers the reader that the configuration names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.language import Language
    from thinc.api import Config

CONFIG = Path(__file__).with_name("pipeline.cfg")
ENDLESS = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """How long to train at which learning rates; `batch` counts words in the first batch.

    `oracle_cut` is spaCy's length of a parser's pass: beyond it the oracle costs a fifth of the time.
    """

    steps: int
    rate: float
    rate_reaches_zero_at: int
    warmup: int
    oracle_cut: int
    batch: int
    dropout: float = 0.2
    strange: bool = False
    names: tuple[str, ...] = ("ewt", "gum", "gum")


FIRST = Phase(
    steps=4500, rate=0.0015, rate_reaches_zero_at=12_000, warmup=300, oracle_cut=100, batch=300
)
# The second phase adds both dev files, which no figure is taken from any more, the project's own
# sentences of news twenty times (about one word in thirty), and words made strange.
SECOND = Phase(
    steps=1500,
    rate=0.001,
    rate_reaches_zero_at=2_500,
    warmup=50,
    oracle_cut=300,
    batch=1000,
    dropout=0.35,
    strange=True,
    names=("ewt", "ewt-dev", *["gum", "gum-dev"] * 3, *["news"] * 20),
)
# The third leans to GUM, whose genres and annotation are the nearer to news.
THIRD = replace(
    SECOND,
    steps=600,
    rate=0.0006,
    rate_reaches_zero_at=900,
    dropout=0.3,
    names=("ewt", "ewt-dev", *["gum", "gum-dev"] * 6, *["news"] * 25),
)
# Four short ones at a rate that hardly falls: the weights of the pipeline are the mean of what the
# last five phases end with (Izmailov and others 2018, "Averaging weights leads to wider optima").
FURTHER = replace(SECOND, steps=500, rate=0.0008, rate_reaches_zero_at=1_500)
PHASES = (FIRST, SECOND, THIRD, FURTHER, FURTHER, FURTHER, FURTHER)
AVERAGED = 5


def initialised(treebanks: Path, vectors: Path) -> Language:
    """Return the untrained pipeline with its word vectors and all labels of the training data."""
    paths = {"paths.treebanks": str(treebanks), "paths.vectors": str(vectors)}
    raw = load_config(CONFIG, overrides=paths)
    config: Config = load_model_from_config(raw, auto_fill=True).config.interpolate()
    # With an endless stream spaCy would look at 100 examples for the labels; with none, at all.
    config["training"]["max_epochs"] = 0
    return init_nlp(config)


def run_phase(nlp: Language, phase: Phase, seed: int, output: Path) -> None:
    """Train `nlp` in place; the averaged weights are written to `output`/model-last."""
    training: dict[str, Any] = nlp.config["training"]
    training["max_epochs"] = ENDLESS
    training["max_steps"] = phase.steps
    training["dropout"] = phase.dropout
    training["optimizer"]["learn_rate"].update(
        warmup_steps=phase.warmup, total_steps=phase.rate_reaches_zero_at, initial_rate=phase.rate
    )
    training["batcher"]["size"]["start"] = phase.batch
    nlp.config["corpora"]["dev"]["strange"] = False
    nlp.config["corpora"]["train"].update(seed=seed, names=list(phase.names), strange=phase.strange)
    parser: Any = nlp.get_pipe("parser")
    parser.cfg["update_with_oracle_cut_size"] = phase.oracle_cut
    output.mkdir(parents=True, exist_ok=True)
    train(nlp, output, stdout=sys.stdout, stderr=sys.stderr)


def mean(models: Sequence[Language]) -> Language:
    """Return the first of pipelines of one shape with the mean of the weights of all."""
    for name in models[0].pipe_names:
        pipes = [nlp.get_pipe(name) for nlp in models]
        if hasattr(pipes[0], "model"):
            _average([pipe.model for pipe in pipes])
    return models[0]


def _average(models: Sequence[Any]) -> None:
    """Set the weights of the first model to the mean of the same weights of all."""
    for nodes in zip(*(model.walk() for model in models), strict=True):
        for name in nodes[0].param_names:
            if all(node.has_param(name) for node in nodes):
                weights = [node.get_param(name) for node in nodes]
                nodes[0].set_param(name, sum(weights) / len(weights))
