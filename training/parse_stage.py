"""Train the shared encoder, tagger, morphology and parser, in two phases.

The first phase learns at a high rate with all variations; the second begins at the first one's
averaged weights and takes the rate down to nothing. (A single long descent does as well; two
phases were cheaper to tune, since the first one is the same for each try of the second.)
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from spacy.training.initialize import init_nlp
from spacy.training.loop import train
from spacy.util import load_config, load_model_from_config
from thinc.util import fix_random_seed

from training import corpus

if TYPE_CHECKING:
    from spacy.language import Language
    from thinc.api import Config

CONFIG = Path(__file__).with_name("pipeline.cfg")
ENDLESS = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """How long to train at which learning rates; `oracle_cut` is spaCy's length of a parser's pass."""

    steps: int
    rate: float
    rate_reaches_zero_at: int
    warmup: int
    oracle_cut: int


FIRST = Phase(steps=4000, rate=0.0015, rate_reaches_zero_at=12_000, warmup=300, oracle_cut=100)
SECOND = Phase(steps=3000, rate=0.0011, rate_reaches_zero_at=3_000, warmup=100, oracle_cut=300)


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
    training["optimizer"]["learn_rate"].update(
        warmup_steps=phase.warmup, total_steps=phase.rate_reaches_zero_at, initial_rate=phase.rate
    )
    nlp.config["corpora"]["train"]["seed"] = seed
    parser: Any = nlp.get_pipe("parser")
    parser.cfg["update_with_oracle_cut_size"] = phase.oracle_cut
    fix_random_seed(seed)
    output.mkdir(parents=True, exist_ok=True)
    train(nlp, output, stdout=sys.stdout, stderr=sys.stderr)


__all__ = ["FIRST", "SECOND", "Phase", "corpus", "initialised", "run_phase"]
