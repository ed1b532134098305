"""Read noun phrases from words and tags: where the head stands, whether it is a person, and the name behind it.

The parse is not asked: it errs most where figures, titles and names meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.extract.people.nouns import Nouns, is_person, load_nouns

if TYPE_CHECKING:
    from monitor.extract.words import Words


# "at least eight suspected Taliban improvised explosive device" + noun: no noun phrase of news is longer.
MAX_PHRASE = 12


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase without its determiner: where its head stands, where it ends, and the name behind it."""

    head: int
    end: int
    person: bool
    plural: bool
    thing: bool
    names: tuple[str, ...] = ()


def read_phrase(line: Words, start: int) -> Phrase | None:
    """Return the noun phrase whose first word (no determiner) is at `start`."""
    nouns, end, last = load_nouns(), start, None
    while end < min(len(line), start + MAX_PHRASE) and _inside(line, end, last, nouns):
        if _nominal(line, end, nouns):
            last = end
        end += 1
    if last is None:
        return None
    return _headed(line, start, last, nouns)


def _inside(  # noqa: PLR0911 - one return a kind of word
    line: Words, position: int, last: int | None, nouns: Nouns
) -> bool:
    """Tell whether the word at `position` may stand in a noun phrase that began before it."""
    token, word = line.tokens[position], line.at(position)
    if word in {"-", "'s", "'", '"', "“", "”", "``"}:
        return position + 1 < len(line) and (last is not None or word != "'s")
    if word == "and":
        return last is not None and _joins_modifiers(line, position, nouns)
    if word in _COUNTING or (last is not None and word in _SUFFERED):
        return False
    if word in nouns.stops:
        return (
            last is None and word in nouns.modifiers and _leads_to_person(line, position + 1, nouns)
        )
    if is_person(word) or word in nouns.modifiers or word in nouns.things:
        return True
    if token.tag_ == "VBG" or token.pos_ in {"VERB", "AUX"}:
        return last is None and token.tag_ == "VBN" and _leads_to_person(line, position + 1, nouns)
    if token.pos_ in {"ADJ", "NOUN", "PROPN"} or token.tag_ in {"NN", "NNS", "NNP", "JJ"}:
        return token.is_alpha or "-" in word or "." in word
    return False


# A phrase with one of these in it is two: "the operation" "several insurgents".
_COUNTING = frozenset(
    {
        "several",
        "many",
        "some",
        "dozens",
        "scores",
        "hundreds",
        "thousands",
        "both",
        "numerous",
        "multiple",
    }
)


# "Four other persons sustained gunshot wounds": a verb, whatever the tagger takes it for.
_SUFFERED = frozenset({"sustained", "suffered", "received"})


def _leads_to_person(line: Words, position: int, nouns: Nouns) -> bool:
    """Tell whether a noun for people follows within three words, stops apart."""
    for i in range(position, position + 3):
        if is_person(line.at(i)):
            return True
        if line.at(i) in nouns.stops or not line.at(i).isalpha() or line.tokens[i].tag_ == "VBD":
            return False
    return False


def _joins_modifiers(line: Words, position: int, nouns: Nouns) -> bool:
    """Tell whether "and" joins two modifiers of one noun: "Afghan and coalition forces", not two nouns."""
    before, following = line.tokens[position - 1], line.at(position + 1)
    if is_person(line.at(position - 1)) and not is_person(line.at(position + 2)):
        return False
    return (
        before.pos_ in {"ADJ", "PROPN"}
        and not is_person(following)
        and _leads_to_person(line, position + 1, nouns)
    )


def _nominal(line: Words, position: int, nouns: Nouns) -> bool:
    token, word = line.tokens[position], line.at(position)
    return (
        is_person(word)
        or word in nouns.things
        or word in nouns.collectives
        or token.pos_ in {"NOUN", "PROPN"}
    )


def _headed(line: Words, start: int, last: int, nouns: Nouns) -> Phrase:
    """Return the phrase from `start` to `last`: its head is the last noun, or the noun before a name."""
    head = last
    names: tuple[str, ...] = ()
    if not is_person(line.at(last)) and not line.shouted:
        named = last
        while named > start and is_name(line, named - 1) and not is_person(line.at(named - 1)):
            named -= 1
        if named > start and is_name(line, named) and is_person(line.at(named - 1)):
            head = named - 1
            names = (line.tokens[named].doc[line.index(named) : line.index(last) + 1].text,)
    word = line.at(head)
    if line.at(head) in nouns.collectives and not is_person(word):
        return Phrase(head=head, end=last + 1, person=False, plural=False, thing=False)
    return Phrase(
        head=head,
        end=last + 1,
        person=is_person(word),
        plural=word in nouns.plural or line.tokens[head].tag_ in {"NNS", "NNPS"},
        thing=word in nouns.things and not is_person(word),
        names=names,
    )


def is_name(line: Words, position: int) -> bool:
    """Tell whether the word may be part of a name by its capital; in text in capitals none tells."""
    token = line.tokens[position]
    return (
        not line.shouted
        and token.text[:1].isupper()
        and token.pos_ in {"PROPN", "NOUN", "X", "ADJ"}
    )
