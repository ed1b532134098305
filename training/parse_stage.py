"""Train the shared encoder, tagger, morphology and parser, in two phases.

The first phase learns at a high rate. The second begins at its averaged weights and takes the rate
down to nothing, on more and noisier data: after the first one the parser knew its training files
by heart.
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
    steps=4000, rate=0.0015, rate_reaches_zero_at=12_000, warmup=300, oracle_cut=100, batch=300
)
# The second phase adds EWT's dev file, which no figure is taken from, the project's own sentences
# of news twenty times (about one word in thirty), and words made strange.
SECOND = Phase(
    steps=1000,
    rate=0.001,
    rate_reaches_zero_at=2_000,
    warmup=50,
    oracle_cut=300,
    batch=1000,
    dropout=0.35,
    strange=True,
    names=("ewt", "ewt-dev", "gum", "gum", "gum", *["news"] * 20),
)
# The third leans to GUM, whose genres and annotation are the nearer to news.
THIRD = replace(
    SECOND,
    steps=400,
    rate=0.0006,
    rate_reaches_zero_at=800,
    dropout=0.3,
    names=("ewt", "ewt-dev", *["gum"] * 6, *["news"] * 25),
)
PHASES = (FIRST, SECOND, THIRD)


def initialised(treebanks: Path) -> Language:
    """Return the untrained pipeline with the labels of the whole of the training data."""
    raw = load_config(CONFIG, overrides={"paths.treebanks": str(treebanks)})
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
