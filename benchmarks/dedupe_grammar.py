"""Base texts for the benchmark of dedupe: news-like stories made by a grammar from a seed.

A story is a frame, sentences with numbered slots, and what fills the slots: people, places, organisations, figures.
A *twin* is the same frame with other fillings, that is, another incident told in the same words. No sentence is
written by hand and none is anybody else's.
"""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

_SLOT = re.compile(r"\{(\w)(\d+)\}")
_NUMBER_WORDS = "two three four five six seven eight nine ten eleven twelve".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_ORGANISATIONS = (
    "Ministry Council Authority Brigade Union Agency Front Committee Movement Court".split()
)


@dataclass(frozen=True, kw_only=True)
class Story:
    """A frame and what fills it; ``slots`` maps ``p0`` (person), ``l0`` (place), ``o0`` (organisation), ``n0`` (figure)."""

    title: str
    headline: str
    sentences: tuple[tuple[str, ...], ...]
    slots: dict[str, str]
    day: str

    def fill(self, frame: str) -> str:
        return _SLOT.sub(lambda m: self.slots[m[1] + m[2]], frame).replace("{d}", self.day)

    def paragraphs(self) -> list[list[str]]:
        return [[self.fill(s) for s in paragraph] for paragraph in self.sentences]

    def filled_title(self) -> str:
        return self.fill(self.title)


@cache
def words() -> dict[str, tuple[str, ...]]:
    raw = tomllib.loads((Path(__file__).parent / "dedupe_words.toml").read_text(encoding="utf-8"))
    return {name: tuple(text.split()) for name, text in raw.items()}


def name(rng: random.Random) -> str:
    w = words()
    middle = rng.choice(w["codas"]) if rng.random() < 0.3 else ""
    return rng.choice(w["onsets"]) + middle + rng.choice(w["codas"])


def filling(rng: random.Random, kind: str) -> str:
    """Return a person, a place, an organisation or a figure."""
    if kind == "p":
        return f"{name(rng)} {name(rng)}"
    if kind == "l":
        return (
            name(rng)
            if rng.random() < 0.8
            else f"{name(rng)} {rng.choice(('City', 'Province', 'Valley', 'Hills'))}"
        )
    if kind == "o":
        return f"{name(rng)} {rng.choice(_ORGANISATIONS)}"
    return (
        rng.choice(_NUMBER_WORDS)
        if rng.random() < 0.4
        else str(rng.choice((rng.randint(2, 99), rng.randint(100, 4000))))
    )


def story(rng: random.Random) -> Story:
    """Return a new story of about 80 to 900 words."""
    counts = {
        "p": rng.randint(2, 5),
        "l": rng.randint(2, 5),
        "o": rng.randint(1, 4),
        "n": rng.randint(2, 7),
    }
    slots = {f"{k}{i}": filling(rng, k) for k, count in counts.items() for i in range(count)}
    w = words()
    total = int(min(40, max(4, rng.lognormvariate(2.8, 0.55))))
    frames = [_sentence(rng, counts) for _ in range(total)]
    frames[0] = (
        f"{_clause(rng)} in {{l0}} on {{d}}, and {{n0}} people were {rng.choice(('killed', 'wounded', 'detained', 'rescued'))}, the {{o0}} said"
    )
    verb, noun, other = rng.choice(w["verbs"]), rng.choice(w["nouns"]), rng.choice(w["nouns"])
    title = f"{{n0}} {rng.choice(('killed', 'hurt', 'held', 'saved'))} as {noun} {verb} {other} in {{l0}}"
    headline = f"{rng.choice(w['adjectives']).title()} {rng.choice(w['nouns'])}: {{o0}} {rng.choice(w['verbs'])} {noun} in {{l0}}"
    return Story(
        title=title,
        headline=headline,
        sentences=_paragraphs(rng, frames),
        slots=slots,
        day=rng.choice(_DAYS),
    )


def twin(rng: random.Random, base: Story) -> Story:
    """Return another incident in the same words: other people, places and figures; half keep the organisations."""
    kept = "" if rng.random() < 0.5 else "o"
    slots = {k: v if k[0] in kept else _other(rng, k[0], v) for k, v in base.slots.items()}
    return replace(base, slots=slots, day=rng.choice(_DAYS))


def other_toll(rng: random.Random, base: Story) -> Story:
    """Return the same story with another figure in the first slot."""
    if "n0" not in base.slots:
        return base
    return replace(base, slots=base.slots | {"n0": _other(rng, "n", base.slots["n0"])})


def own_lead(rng: random.Random, base: Story) -> list[str]:
    """Return one or two sentences that another outlet would put in front, about the same people and places."""
    counts = {k: max(1, sum(1 for s in base.slots if s[0] == k)) for k in "plon"}
    filled = replace(base, slots={f"{k}0": filling(rng, k) for k in "plon"} | base.slots)
    return [filled.fill(_sentence(rng, counts)) + "." for _ in range(rng.randint(1, 2))]


def _other(rng: random.Random, kind: str, value: str) -> str:
    while (found := filling(rng, kind)) == value:
        pass
    return found


def _paragraphs(rng: random.Random, frames: list[str]) -> tuple[tuple[str, ...], ...]:
    parts, at = [], 0
    while at < len(frames):
        size = rng.randint(1, 3)
        parts.append(tuple(f[0].upper() + f[1:] + "." for f in frames[at : at + size]))
        at += size
    return tuple(parts)


def _noun(rng: random.Random) -> str:
    w = words()
    article = rng.choice(("the", "the", "a", "its", "their", "another", "this"))
    noun = rng.choice(w["nouns"])
    if rng.random() < 0.55:
        noun = f"{rng.choice(w['adjectives'])} {noun}"
    return f"{article} {noun}"


def _clause(rng: random.Random) -> str:
    w = words()
    adverb = f"{rng.choice(w['adverbs'])} " if rng.random() < 0.25 else ""
    return f"{_noun(rng)} {adverb}{rng.choice(w['verbs'])} {_noun(rng)} {rng.choice(w['places_after'])} {_noun(rng)}"


def _slot(rng: random.Random, counts: dict[str, int], kind: str) -> str:
    return f"{{{kind}{rng.randrange(counts[kind])}}}"


def _sentence(rng: random.Random, counts: dict[str, int]) -> str:
    """Return a frame of 12 to 35 words, most with one to three slots."""
    w = words()
    s = lambda kind: _slot(rng, counts, kind)  # noqa: E731 - short for the table below
    link, told = rng.choice(w["links"]), rng.choice(w["reporters"])
    forms = (
        lambda: f"{_clause(rng)} in {s('l')}, {told} {s('p')}, {_noun(rng)} of the {s('o')}",
        lambda: f"{s('p')} {rng.choice(w['verbs'])} {_noun(rng)} {link} {_clause(rng)}",
        lambda: (
            f"{link} {_clause(rng)}, {s('p')} {told} that {s('n')} {rng.choice(w['nouns'])}s {rng.choice(w['verbs'])} {_noun(rng)}"
        ),
        lambda: f"{_clause(rng)} {link} {_clause(rng)} near {s('l')}",
        lambda: (
            f"about {s('n')} {rng.choice(w['nouns'])}s {rng.choice(w['verbs'])} {_noun(rng)} between {s('l')} and {s('l')}, {link} {_clause(rng)}"
        ),
        lambda: (
            f"the {s('o')} {rng.choice(w['verbs'])} {_noun(rng)}, {link} {_noun(rng)} {rng.choice(w['verbs'])} {_noun(rng)}"
        ),
        lambda: f"{_clause(rng)}, {link} {_clause(rng)}",
        lambda: (
            f"in {s('l')}, {_clause(rng)} and {rng.choice(w['adverbs'])} {rng.choice(w['verbs'])} {_noun(rng)}"
        ),
    )
    return rng.choice(forms)()


_NAMES = re.compile(r"(?<=[a-z0-9,;:)\"’”] )(?:[A-Z][\w’'-]*\w)(?: (?:[A-Z][\w’'-]*\w))*")
_FIGURES = re.compile(
    r"\b(?:\d[\d,.]*\d|\d|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b"
)
_SENTENCE_END = re.compile(r"(?<=[a-z0-9)\"”][.!?]) +(?=[A-Z\"“])")


def read_story(title: str, text: str) -> Story:
    """Return the story of a text from a file: its names and figures become slots, so that twins can be made of it."""
    slots: dict[str, str] = {}
    keys: dict[str, str] = {}

    def key(kind: str, value: str) -> str:
        if value not in keys:
            keys[value] = f"{kind}{sum(k[0] == kind for k in slots)}"
            slots[keys[value]] = value
        return "{" + keys[value] + "}"

    def named(match: re.Match[str]) -> str:
        kept = match[0] in _DAYS or len(match[0]) < 3
        return match[0] if kept else key("p" if " " in match[0] else "l", match[0])

    safe = text.replace("{", "(").replace("}", ")")
    paragraphs = []
    for paragraph in safe.split("\n"):
        sentences = [
            _FIGURES.sub(lambda m: key("n", m[0]), _NAMES.sub(named, s))
            for s in _SENTENCE_END.split(paragraph)
        ]
        paragraphs.append(tuple(s for s in sentences if s.strip()))
    head = title.replace("{", "(").replace("}", ")")
    for value, slot in sorted(keys.items(), key=lambda pair: -len(pair[0])):
        head = re.sub(rf"(?<![\w{{]){re.escape(value)}(?![\w}}])", "{" + slot + "}", head)
    headline = " ".join(reversed(head.split(" ")))
    return Story(
        title=head,
        headline=headline,
        sentences=tuple(p for p in paragraphs if p),
        slots=slots,
        day="",
    )
