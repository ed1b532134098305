"""Words of the same kind, to make many sentences of the few news sentences annotated by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

    from training.augment import Words

_SWAP = 0.5
_CLASSES: tuple[tuple[str, str], ...] = (
    (
        "NNS",
        (
            "soldiers people civilians policemen farmers students workers pilgrims miners passengers "
            "troops worshippers villagers women children fighters protesters officers guards men girls"
        ),
    ),
    (
        "NN",
        (
            "soldier policeman civilian farmer teacher guard officer journalist driver student doctor "
            "woman man boy commander"
        ),
    ),
    (
        "NN",
        (
            "market mosque school checkpoint hospital restaurant church station hotel bus base embassy "
            "convoy post village camp"
        ),
    ),
    ("NN", "bomb mine rocket grenade missile shell device drone"),
    ("NN", "attack raid ambush clash bombing explosion blast shelling massacre assault shooting"),
    ("NN", "army militia group ministry police"),
    ("NNS", "rebels militants gunmen attackers insurgents jihadists fighters bandits rioters"),
    ("VBD", "killed wounded injured maimed hurt"),
    ("VBN", "killed wounded injured hurt"),
    ("VBG", "killing wounding injuring hurting"),
    ("VBD", "struck hit targeted attacked bombed shelled stormed raided"),
    ("VBD", "said told announced reported confirmed"),
    ("VBD", "condemned denounced deplored rejected"),
    ("CD", "two three four five six seven nine 11 12 14 20 23 31 45 120"),
    ("NNP", "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"),
    ("NNP", "January February March April June July August October November December"),
)
_MEMBERS = {(tag, word): tuple(words.split()) for tag, words in _CLASSES for word in words.split()}


def other_words(words: Words, rng: Random) -> Words:
    """Return the sentence with half of its soldiers, markets and bombs become others."""
    return tuple(
        replace(word, form=rng.choice(members), lemma="_")
        if (members := _MEMBERS.get((word.xpos, word.form))) and rng.random() < _SWAP
        else word
        for word in words
    )
