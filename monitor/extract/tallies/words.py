"""The words that counts over a period are told by: ``en-tallies.toml``."""

from __future__ import annotations

from functools import cache

from monitor.extract import lexicon
from monitor.extract.lexicon import Lexicon, Word


class TallyWords(Lexicon, frozen=True):
    """The shape of ``en-tallies.toml``."""

    attacks: tuple[Word, ...]
    attacked_times: tuple[Word, ...]
    against: tuple[Word, ...]
    where: tuple[Word, ...]
    period: tuple[Word, ...]
    forces: tuple[Word, ...]
    said: tuple[Word, ...]
    attack_back: tuple[Word, ...]


@cache
def tally_words() -> TallyWords:
    """Return the word lists, loaded once."""
    return lexicon.load("en-tallies", TallyWords)


@cache
def sets() -> dict[str, frozenset[str]]:
    """Return each list by its name, for looking words up."""
    lex = tally_words()
    return {name: frozenset(getattr(lex, name)) for name in TallyWords.__struct_fields__}
