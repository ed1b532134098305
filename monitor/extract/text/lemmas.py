"""Give each token its lemma from the tag and the form, the same in any letter case.

The tables are learned by ``make model`` from the treebanks and stored with the pipeline. A form
that was seen with its tag is looked up; any other takes the ending rule of its tag with the longest
match that gives a known lemma, else the longest ("succumbed", VBD: "-mbed" -> "-mb"). A table was chosen over spaCy's trainable edit trees
since "KILLED" in a headline must be the same "kill" as in the text below it: the lexicons of event
triggers are keyed by lemma.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import srsly
from spacy.language import Language

if TYPE_CHECKING:
    from collections.abc import Iterable

    from spacy.tokens import Doc, Token

FACTORY = "table_lemmatizer"
# Names keep their letters: "Al-Shabab" is no "al-shabab", and a headline's "IRAQ" is a gazetteer's
# business.
KEEPS_CASE = frozenset({"PROPN", "X", "SYM", "PUNCT"})
_FILE = "lemmas.json"


class TableLemmatizer:
    """Set `token.lemma_` from tables of forms and endings."""

    def __init__(self) -> None:
        """Begin with empty tables; `from_disk` or `learn` of the training script fills them."""
        self.forms: dict[str, str] = {}
        self.endings: dict[str, tuple[int, str]] = {}
        self._lemmas: frozenset[str] = frozenset()
        self._longest_ending = 0

    def fill(self, forms: dict[str, str], endings: dict[str, tuple[int, str]]) -> None:
        """Take `forms` ("VBD left" -> "leave") and `endings` ("VBD ied" -> cut 3, add "y")."""
        self.forms = forms
        self.endings = endings
        self._lemmas = frozenset(forms.values())
        self._longest_ending = max((len(key.split(" ", 1)[1]) for key in endings), default=0)

    def __call__(self, doc: Doc) -> Doc:
        """Set the lemma of every token."""
        known: dict[tuple[int, int, int], str] = {}
        for token in doc:
            key = (token.orth, token.tag, token.pos)
            if key not in known:
                known[key] = self.lemma(token)
            token.lemma_ = known[key]
        return doc

    def lemma(self, token: Token) -> str:
        """Return the lemma of one tagged token."""
        if token.pos_ in KEEPS_CASE or token.is_space:
            return str(token.text)
        form = token.lower_.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")
        for key in (f"{token.tag_} {form}", f"{token.pos_} {form}"):
            if key in self.forms:
                return self.forms[key]
        if token.pos_ == "ADJ" and token.is_title and not token.is_sent_start:
            return str(token.text)
        return self._by_ending(token.tag_, form)

    def _by_ending(self, tag: str, form: str) -> str:
        """Return the first guess that is a known lemma, else that of the longest ending."""
        guesses = [
            form[: len(form) - rule[0]] + rule[1]
            for length in range(min(self._longest_ending, len(form) - 1), -1, -1)
            if (rule := self.endings.get(f"{tag} {form[len(form) - length :]}"))
        ]
        return next((guess for guess in guesses if guess in self._lemmas), (guesses or [form])[0])

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the tables below `path`."""
        del exclude
        Path(path).mkdir(parents=True, exist_ok=True)
        srsly.write_json(Path(path) / _FILE, {"forms": self.forms, "endings": self.endings})

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> TableLemmatizer:
        """Read the tables from below `path`."""
        del exclude
        stored = srsly.read_json(Path(path) / _FILE)
        endings = {key: (int(cut), str(add)) for key, (cut, add) in stored["endings"].items()}
        self.fill(stored["forms"], endings)
        return self


@Language.factory(FACTORY, assigns=["token.lemma"], requires=["token.tag", "token.pos"])
def make_lemmatizer(nlp: Language, name: str) -> TableLemmatizer:
    """Return an empty lemmatizer; spaCy fills it from the stored pipeline."""
    del nlp, name
    return TableLemmatizer()
