"""The words of events bend, and a bad entry stops the start."""

import pytest

from monitor.extract import lexicon as files
from monitor.extract.events import lexicon


@pytest.mark.parametrize(
    ("verb", "forms"),
    [
        ("stab", {"stab", "stabs", "stabbed", "stabbing"}),
        ("shoot", {"shoot", "shoots", "shot", "shooting"}),
        ("raid", {"raid", "raids", "raided", "raiding"}),
        ("fire", {"fire", "fires", "fired", "firing"}),
        ("kidnap", {"kidnap", "kidnaps", "kidnapped", "kidnapping"}),
    ],
)
def test_verbs_bend(verb, forms):
    assert forms <= lexicon.verb_forms(verb)


def test_phrases_are_found_with_and_without_a_hyphen():
    assert {"car bomb", "car bombs", "drive by shooting", "gunfights"} <= set(lexicon.phrases())


def test_all_families_load_and_every_type_has_words():
    types = {entry.event_type for entries in lexicon.phrases().values() for entry in entries}
    assert len(types) == 15


def test_an_unknown_type_of_event_is_refused():
    bad = b'[[triggers]]\npos = "noun"\ntype = "quarrel"\nstrength = "strong"\nphrases = ["quarrel"]\n'
    with pytest.raises(files.LexiconError, match="quarrel"):
        files.decode(bad, lexicon.Family, name="bad.toml")
