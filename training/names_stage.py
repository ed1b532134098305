"""Train `ner` on the finished encoder, which stays as it is.

It costs a tenth of the time that an encoder of its own would, at training and at reading. It is
one witness beside the gazetteer and the context, so a point of its F1 is worth little.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from spacy.util import minibatch
from thinc.api import Adam
from thinc.util import fix_random_seed

from training import entities, templates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from spacy.language import Language
    from spacy.training import Example

    from training.entities import Tagged

# F1 on UNER dev: 37.5 after 250 steps, 39.7 after 500, 43.8 after 1,250 and 43.9 after 1,500.
STEPS = 400
BATCH = 48
DROPOUT = 0.3
SWAPPED = 0.5
TEMPLATE_ROUNDS = 25
MODEL: dict[str, Any] = {
    "@architectures": "spacy.TransitionBasedParser.v2",
    "state_type": "ner",
    "extra_state_tokens": False,
    "hidden_width": 64,
    "maxout_pieces": 2,
    "use_upper": True,
    "nO": None,
}


def add_names(nlp: Language, folder: Path, seed: int) -> None:
    """Add a trained `ner` to the pipeline."""
    fix_random_seed(seed)
    rng = Random(seed)
    tagged = [
        *entities.read_gum(folder / "gum-train.conllu"),
        *entities.read_columns(folder / "ner" / "wikigold.conll"),
        *entities.read_columns(folder / "ner" / "re3d.conll"),
    ]
    tagged = [sentence for sentence in tagged if len(sentence.words) > 1]
    others = list(nlp.pipe_names)
    ner: Any = nlp.add_pipe("ner", config={"model": {**MODEL, "tok2vec": _listener(nlp)}})
    examples = [entities.example(nlp, sentence) for sentence in tagged]
    ner.initialize(lambda: examples, nlp=nlp)
    optimizer = Adam(0.001, L2=0.01, L2_is_weight_decay=True, grad_clip=1.0, use_averages=True)
    batches = _batches(nlp, tagged, rng)
    for _ in range(STEPS):
        nlp.update(
            next(batches), sgd=optimizer, drop=DROPOUT, exclude=others, annotates=["tok2vec"]
        )
    # The averages stay as the weights: they are what the figures are measured with.
    ner.model.use_params(optimizer.averages).__enter__()


def _listener(nlp: Language) -> dict[str, Any]:
    encoder: Any = nlp.get_pipe("tok2vec")
    width = encoder.model.get_dim("nO")
    return {"@architectures": "spacy.Tok2VecListener.v1", "width": width, "upstream": "*"}


def _batches(nlp: Language, tagged: list[Tagged], rng: Random) -> Iterator[list[Example]]:
    """Yield batches for ever, with other names in each round."""
    while True:
        sentences = [entities.swapped(sentence, rng, SWAPPED) for sentence in tagged]
        sentences += templates.fill(nlp, rng, TEMPLATE_ROUNDS)
        rng.shuffle(sentences)
        for batch in minibatch(sentences, size=BATCH):  # type: ignore[no-untyped-call]
            yield [entities.example(nlp, sentence) for sentence in batch]
