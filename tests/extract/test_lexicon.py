"""A bad entry in a lexicon stops the start and is named; it never changes what is read in silence."""

from pathlib import Path

import msgspec
import pytest

from monitor.extract import lexicon
from monitor.extract.casualties import words as harm
from monitor.extract.dates import words as date_words
from monitor.extract.lexicon import Lexicon, LexiconError, Name, Word
from monitor.extract.numbers import numerals
from monitor.extract.people import nouns as person_nouns
from monitor.extract.tallies.words import TallyWords


class Shape(Lexicon, frozen=True):
    words: tuple[Word, ...]
    figures: dict[Word, int] = msgspec.field(default_factory=dict)
    names: tuple[Name, ...] = ()


GOOD = b'words = ["killed", "shot dead"]\nnames = ["New York"]\n[figures]\ndozen = 12\n'
BAD = [
    (b'words = ["Killed"]', "words[0]", "capitals"),
    (b'words = [" killed"]', "words[0]", "a blank before"),
    (b'words = ["shot  dead"]', "words[0]", "two blanks"),
    (b'words = [""]', "words[0]", "an empty word"),
    (b'words = ["killed", "killed"]', "'killed' is given twice", "a word twice"),
    (b'words = ["killed", 3]', "int", "a figure for a word"),
    (b'words = ["killed"]\nwrods = ["x"]', "wrods", "a key misspelled"),
    (b"figures = {}", "words", "a list left out"),
    (b'words = ["killed"', "x.toml", "no TOML"),
    (b'words = ["a"]\nfigures = { dozen = "twelve" }', "int", "a word for a figure"),
    (b"words = ['\xff']", "x.toml", "no UTF-8"),
]


def test_good_lexicon_is_read_in_its_shape():
    read = lexicon.decode(GOOD, Shape, name="x.toml")
    assert read == Shape(words=("killed", "shot dead"), figures={"dozen": 12}, names=("New York",))


@pytest.mark.parametrize(("data", "told", "why"), BAD, ids=[b[2] for b in BAD])
def test_bad_entry_is_refused_and_named(data, told, why):
    with pytest.raises(LexiconError, match=r"x\.toml") as caught:
        lexicon.decode(data, Shape, name="x.toml")
    assert told in str(caught.value)


def test_missing_lexicon_is_refused_by_name():
    with pytest.raises(LexiconError, match=r"en-nothing\.toml"):
        lexicon.load("en-nothing", Shape)


def test_every_shipped_lexicon_has_its_shape():
    """The five lexicons of figures are read by their readers; a broken one fails here before it ships."""
    shapes = {
        "en-numbers": numerals.NumberWords,
        "en-people": person_nouns.People,
        "en-harm": harm.Harm,
        "en-dates": date_words.DateWords,
        "en-tallies": TallyWords,
    }
    for name, shape in shapes.items():
        assert Path(lexicon.LEXICONS_DIR / f"{name}.toml").is_file()
        assert isinstance(lexicon.load(name, shape), shape)
