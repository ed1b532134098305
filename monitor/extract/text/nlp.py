"""Load the project's own English pipeline and read texts with it, within limits.

`load` reads the trained weights that lie in the package (`model/`, with a card); nothing is
fetched. `parse` turns texts into parsed documents and holds every limit that keeps one hostile
article from costing more than a second: characters, tokens, letters in a row without a space,
tokens in a sentence. Offsets always refer to the text that was given: what is beyond a limit is
left off at the end (`unread_chars` says how much), never cut out of the middle.

spaCy's string store grows with each new word. A process that reads for months wraps each batch in
``with nlp.memory_zone():`` and keeps no `Doc` beyond it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from monitor.extract.text import lemmas, mends

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from spacy.tokens import Token

MODEL_DIR = Path(__file__).parent.parent / "model"

# 40,000 characters are about 6,500 words: more than the longest read a wire carries, and what a
# parse gets through in about half a second. The news stands at the top of an article.
MAX_TEXT_CHARS = 40_000
# Forty thousand brackets are forty thousand tokens; running English has five characters a token.
MAX_TOKENS = 10_000
# A run of more characters than this without a space is no word (base64, Thai, a wall of brackets).
# spaCy's tokenizer takes time quadratic in the length of a run, so such runs bypass it.
MAX_RUN_CHARS = 150
# Sentences of news have 25 words; legal and academic prose in the treebanks stays below 150.
MAX_SENTENCE_TOKENS = 200
BATCH_DOCS = 32

LINE_BREAKS = "line_breaks"
_LONG_RUN = re.compile(rf"\S{{{MAX_RUN_CHARS + 1},}}")
_SENTENCE_END = frozenset({".", "?", "!", "…", ";"})
# "C.C. Chen", "J. Smith"; a place in initials may close a sentence, and so may the hour.
_INITIALS = re.compile(r"(?:[A-Z]\.){1,3}")
_PLACES_IN_INITIALS = frozenset(
    "U.S. U.N. U.K. E.U. D.C. U.A.E. L.A. N.Y. N.J. P.M. A.M. I.D.".split()
)
# The last character of a word behind which a sentence may begin; "PM", a name or a comma is none.
_BEFORE_SENTENCE = frozenset(".?!…;:\"”“'’‘)]}—–-|•/*>")


@lru_cache(maxsize=1)
def load() -> Language:
    """Return the trained pipeline, loaded once a process.

    Raises:
        OSError: The package holds no trained pipeline (``make model`` trains it).
    """
    return spacy.load(MODEL_DIR)


def parse(nlp: Language, texts: Iterable[str]) -> Iterator[Doc]:
    """Yield one parsed document for each text, in order, batched for speed.

    Tokens carry `pos_` (UPOS), `tag_` (Penn), `morph`, `lemma_`, `dep_` (Universal Dependencies,
    ``ROOT`` for the root); `doc.sents` never cross a line break.
    """
    yield from nlp.pipe((tokenise(nlp, text) for text in texts), batch_size=BATCH_DOCS)


def tokenise(nlp: Language, text: str) -> Doc:
    """Return `text` as tokens, at most `MAX_TEXT_CHARS` and `MAX_TOKENS` of it."""
    read = text[:MAX_TEXT_CHARS]
    runs = [match.span() for match in _LONG_RUN.finditer(read)]
    doc = _tokenise_around(nlp, read, runs) if runs else nlp.tokenizer(read)
    return doc if len(doc) <= MAX_TOKENS else doc[:MAX_TOKENS].as_doc()


def unread_chars(doc: Doc, text: str) -> int:
    """Return how many characters at the end of `text` were beyond the limits of `parse`."""
    return len(text) - len(doc.text)


def _tokenise_around(nlp: Language, text: str, runs: list[tuple[int, int]]) -> Doc:
    """Tokenise what lies between the long runs; cut the runs into opaque pieces."""
    edges = [0, *(edge for run in runs for edge in run), len(text)]
    words: list[str] = []
    spaces: list[bool] = []
    for index, (start, end) in enumerate(pairwise(edges)):
        piece = text[start:end]
        if index % 2:
            cut = [piece[i : i + MAX_RUN_CHARS] for i in range(0, len(piece), MAX_RUN_CHARS)]
            words += cut
            spaces += [False] * len(cut)
        else:
            tokens = nlp.tokenizer(piece)
            words += [token.text for token in tokens]
            spaces += [bool(token.whitespace_) for token in tokens]
    return Doc(nlp.vocab, words=words, spaces=spaces)


@Language.component(LINE_BREAKS)
def line_breaks(doc: Doc) -> Doc:
    """Begin a sentence after each line break and within each overlong run of tokens, and none in mid-line behind a word.

    The parser keeps boundaries that were set before it. Without them it reads a headline into the
    paragraph that follows, and a 50,000-character line becomes one sentence.
    """
    since_end = 0
    for token in doc:
        previous = doc[token.i - 1] if token.i else None
        if token.is_space:
            token.is_sent_start = False if token.i else None
            continue
        ended = previous is not None and (_ends_line(previous) or _is_heading(previous))
        if ended or since_end >= MAX_SENTENCE_TOKENS:
            token.is_sent_start = True
            since_end = 0
        elif previous is not None and not _may_end_sentence(previous):
            token.is_sent_start = False
        since_end = 0 if token.text in _SENTENCE_END else since_end + 1
    return doc


def _may_end_sentence(token: Token) -> bool:
    """Tell whether a sentence may end here: behind punctuation, but not behind the initials of a name, "C.C. Chen"."""
    if token.text[-1] not in _BEFORE_SENTENCE:
        return False
    return _INITIALS.fullmatch(token.text) is None or token.text in _PLACES_IN_INITIALS


# "Bosnia and Herzegovina:" has so many words.
MAX_HEADING_TOKENS = 5


def _is_heading(colon: Token) -> bool:
    """Tell whether a line begins with a country and a colon: "Tunisia: Man stabs policeman" is no sentence on Tunisia."""
    if colon.text != ":":
        return False
    doc, first = colon.doc, colon.i
    while first > 0 and colon.i - first <= MAX_HEADING_TOKENS and not _ends_line(doc[first - 1]):
        first -= 1
    opens = first == 0 or _ends_line(doc[first - 1])
    name = doc[first : colon.i].text if opens and colon.i - first <= MAX_HEADING_TOKENS else ""
    return bool(name) and bool(tables.load().countries_named(exact_key(name)))


def _ends_line(token: Token) -> bool:
    """Tell whether a line or a dateline ends here: "MOSCOW, March 27. /TASS/." is no part of what follows it."""
    signed = token.text.endswith("/.")
    return signed or (bool(token.is_space) and "\n" in token.text)


# Importing the modules registers the factories that the stored pipeline names.
assert lemmas.FACTORY
assert mends.FACTORY
