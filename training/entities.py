"""Read the name sets as examples for `ner`, with their different ideas of a name brought nearer.

Kept: PERSON, ORG, PLACE and MISC of proper names. Titles, articles and nationality words before a
name are cut off, as `monitor.extract.names.rules` does. The sets disagree on much else, so `ner` is one
witness among others, never the judge.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from spacy.tokens import Doc, Span
from spacy.training import Example

from training import treebanks
from training.name_lists import GIVEN, SURNAMES, TITLES, places

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from random import Random

    from spacy.language import Language

LABELS = {
    "PER": "PERSON", "person": "PERSON", "Person": "PERSON",
    "ORG": "ORG", "organization": "ORG", "Organisation": "ORG",
    "LOC": "PLACE", "place": "PLACE", "Location": "PLACE",
    "MISC": "MISC", "event": "MISC", "object": "MISC", "abstract": "MISC",
}  # fmt: skip
LONGEST_NAME = 7
_NO_SPACE_BEFORE = frozenset(".,;:!?)]}%’”") | {"'s", "n't", "'re", "'ve", "’s", "s"}
_ENTITY = re.compile(r"\((\d+)-([a-z]+)-|(\d+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """Words with the names among them as (start, end, label), end exclusive."""

    words: tuple[str, ...]
    spaces: tuple[bool, ...]
    names: tuple[tuple[int, int, str], ...]


def read_columns(path: Path, *, word: int = 0, tag: int = 1) -> Iterator[Tagged]:
    """Yield the sentences of a CoNLL file with one IO or BIO column."""
    rows: list[list[str]] = []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.strip() and not line.startswith("# "):
            rows.append(line.split("\t") if "\t" in line else line.split(" "))
        elif rows:
            whole = [row for row in rows if len(row) > max(word, tag)]
            yield _tagged([row[word] for row in whole], [row[tag].strip() for row in whole])
            rows = []


def _tagged(words: list[str], tags: list[str]) -> Tagged:
    names: list[tuple[int, int, str]] = []
    start = 0
    for position, name in enumerate(tags):
        prefix, _, kind = name.partition("-")
        if prefix == "O" or kind not in LABELS:
            continue
        before = tags[position - 1].partition("-")[2] if position else ""
        if prefix == "B" or before != kind:
            start = position
        if names and names[-1][0] == start:
            names.pop()
        names.append((start, position + 1, LABELS[kind]))
    spaces = [following not in _NO_SPACE_BEFORE for following in [*words[1:], ""]]
    trimmed = tuple(n for name in names if (n := _trimmed(words, name)) is not None)
    return Tagged(words=tuple(words), spaces=tuple(spaces), names=trimmed)


def _trimmed(words: list[str], name: tuple[int, int, str]) -> tuple[int, int, str] | None:
    """Cut articles, titles and lower-case words off the edges; `None` if no name is left."""
    start, end, label = name
    while start < end and not (words[start][:1].isupper() and words[start] not in _EDGES):
        if label == "PERSON" and words[start].lower() in {"al", "el", "bin", "van"}:
            break
        start += 1
    while end > start and not words[end - 1][:1].isalnum():
        end -= 1
    if label == "ORG" and " ".join(words[start:end]) in _PLACES:
        label = "PLACE"
    if start == end or end - start > LONGEST_NAME or not words[end - 1][:1].isupper():
        return None
    return start, end, label


_PLACES = frozenset(places())
# What stands before names in the press releases of re3d.
_EDGES = (
    TITLES
    | {"The", "A", "An", "'s", "Former", "Deputy", "Foreign", "Middle", "East"}
    | {"Iraqi", "Syrian", "Turkish", "American", "British", "Russian"}
)


def read_gum(path: Path) -> Iterator[Tagged]:
    """Yield GUM's sentences with those entities whose head is a proper noun."""
    for sentence in treebanks.read_conllu(path):
        words = [word.form for word in sentence.words]
        names = tuple(
            sorted(
                trimmed
                for start, end, label in _gum_spans(sentence)
                if (trimmed := _trimmed(words, (start, end, label)))
            )
        )
        spaces = tuple(word.space_after for word in sentence.words)
        yield Tagged(words=tuple(words), spaces=spaces, names=_without_nested(names))


def _gum_spans(sentence: treebanks.Sentence) -> Iterator[tuple[int, int, str]]:
    opened: dict[str, tuple[int, str]] = {}
    for position, word in enumerate(sentence.words):
        misc = next((m[7:] for m in word.misc.split("|") if m.startswith("Entity=")), "")
        for number, kind, closed in _opened_and_closed(misc):
            if number:
                opened[number] = (position, kind)
            if closed and closed in opened:
                start, label = opened.pop(closed)
                if label in LABELS and _proper_head(sentence, start, position + 1):
                    yield start, position + 1, LABELS[label]


def _opened_and_closed(misc: str) -> Iterator[tuple[str, str, str]]:
    """Yield (opened, kind, closed); a bracket without a number closes what it opened."""
    stack: list[str] = []
    position = 0
    while position < len(misc):
        if match := re.compile(r"\((\d+)-([a-z]+)").match(misc, position):
            stack.append(match[1])
            yield match[1], match[2], ""
            position = match.end()
        elif misc[position] == ")":
            before = re.search(r"(?:^|\))(\d+)$", misc[:position])
            if before:
                yield "", "", before[1]
            elif stack:
                yield "", "", stack.pop()
            position += 1
        else:
            position += 1


def _proper_head(sentence: treebanks.Sentence, start: int, end: int) -> bool:
    inside = sentence.words[start:end]
    if any(word.upos in {"VERB", "AUX", "PRON"} or word.form == "," for word in inside):
        return False
    return any(word.upos == "PROPN" and not start < word.head <= end for word in inside)


def _without_nested(names: tuple[tuple[int, int, str], ...]) -> tuple[tuple[int, int, str], ...]:
    """Keep the longest of names that overlap."""
    kept: list[tuple[int, int, str]] = []
    for name in sorted(names, key=lambda n: (n[0] - n[1], n)):
        if all(name[1] <= start or name[0] >= end for start, end, _ in kept):
            kept.append(name)
    return tuple(sorted(kept))


def swapped(tagged: Tagged, rng: Random, share: float) -> Tagged:
    """Put other persons and places in a share of the names."""
    words: list[str] = []
    spaces: list[bool] = []
    names: list[tuple[int, int, str]] = []
    position = 0
    for start, end, label in tagged.names:
        words += tagged.words[position:start]
        spaces += tagged.spaces[position:start]
        other = _other_name(label, end - start, rng) if rng.random() < share else None
        pieces = other or list(tagged.words[start:end])
        gaps = [p != "-" and (pieces[i + 1 :] or ["-"])[0] != "-" for i, p in enumerate(pieces)]
        names.append((len(words), len(words) + len(pieces), label))
        words += pieces
        spaces += [*gaps[:-1], tagged.spaces[end - 1]] if other else tagged.spaces[start:end]
        position = end
    words += tagged.words[position:]
    spaces += tagged.spaces[position:]
    return replace(tagged, words=tuple(words), spaces=tuple(spaces), names=tuple(names))


def _other_name(label: str, length: int, rng: Random) -> list[str] | None:
    if label == "PERSON" and length <= 3:
        parts = [rng.choice(GIVEN), rng.choice(SURNAMES)] if length > 1 else [rng.choice(SURNAMES)]
        if length == 3:
            parts.insert(1, rng.choice(GIVEN))
        return " ".join(parts).replace("-", " - ").split()
    if label == "PLACE" and length == 1:
        return [rng.choice(places())]
    return None


def example(nlp: Language, tagged: Tagged) -> Example:
    """Return an example whose prediction starts from the raw text."""
    reference = Doc(nlp.vocab, words=list(tagged.words), spaces=list(tagged.spaces))
    reference.set_ents([Span(reference, s, e, label=label) for s, e, label in tagged.names])
    return Example(nlp.make_doc(reference.text), reference)
