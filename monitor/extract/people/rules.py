"""Find the groups of people that a sentence names: "at least two dozen soldiers", "a woman", "her two children", a name.

A `Group` is a noun phrase over people with its count; a `Line-up` of coordinated groups ("three policemen, a guard
and two civilians") is their tuple. Phrases are read from words and tags with the lexicon ``en-people.toml``; the
parse is not asked, since it errs most where figures and names meet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.extract.gazetteers import tables
from monitor.extract.numbers import rules as numbers
from monitor.extract.numbers.rules import Quantity, Sort
from monitor.extract.people.noun_phrases import Phrase, is_name, read_phrase
from monitor.extract.people.nouns import Nouns, is_perpetrator, is_person, load_nouns
from schemas.report import Count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.extract.words import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """person_nouns.People at the positions ``[start, end)``.

    ``head`` is the noun, ``None`` for a bare figure ("killing 14"); ``definite`` for "the three men", "he";
    ``bare`` for a plural without figure; ``more`` for "another two"; ``sure`` is false where the noun is in no list.
    """

    start: int
    end: int
    count: Count
    head: int | None = None
    nouns: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    definite: bool = False
    bare: bool = False
    more: bool = False
    sure: bool = True
    pronoun: bool = False
    perpetrator: bool = False


_PLURALS = frozenset("dozens scores hundreds thousands".split())
_GOES_ON = frozenset("of more others other additional further".split())
_BOTH_DID = frozenset("were are was died sustained suffered succumbed".split())
_LEFT_BOTH = frozenset("leaving left killing injuring wounding".split())


def scan(line: Words, quantities: tuple[Quantity, ...]) -> tuple[Group, ...]:
    """Return the groups of people in the words, in order, none within another; `quantities` are `numbers.scan`'s."""
    return tuple(_scan(line, {q.start: q for q in quantities}))


def _scan(line: Words, quantities: dict[int, Quantity]) -> Iterator[Group]:
    position = 0
    while position < len(line):
        group = _group(line, position, quantities)
        if group is None:
            quantity = quantities.get(position)
            position = quantity.end if quantity is not None else position + 1
        else:
            yield group
            position = group.end


def _group(  # noqa: PLR0911 - one return a kind of phrase
    line: Words, start: int, quantities: dict[int, Quantity]
) -> Group | None:
    """Return the group that begins at `start`."""
    nouns, word = load_nouns(), line.at(start)
    if (quantity := quantities.get(start)) is not None:
        if quantity.sort is Sort.AGE:
            return _aged(line, start, quantity.end, definite=False)
        return _counted(line, quantity, quantities) if quantity.sort is Sort.COUNT else None
    if word in nouns.one or word in nouns.many:
        return _pronoun(line, start, nouns, quantities)
    if word in nouns.nobody or line.has(start, ("no", "one")):
        end = start + (2 if word == "no" else 1)
        return Group(start=start, end=end, count=numbers.of(0), pronoun=True)
    if word == "no":
        phrase = read_phrase(line, start + 1)
        if phrase is None or not phrase.person:
            return None
        return Group(
            start=start,
            end=phrase.end,
            count=numbers.of(0),
            head=phrase.head,
            nouns=(line.at(phrase.head),),
        )
    if word == "both":
        return _both(line, start)
    if length := line.longest(start, nouns.det_one):
        return _determined(line, start, start + length, definite=False, quantities=quantities)
    if word in nouns.definite and not (word == "that" and line.tokens[start].tag_ != "DT"):
        return _determined(line, start, start + 1, definite=True, quantities=quantities)
    return _bare(line, start)


def _both(line: Words, start: int) -> Group | None:
    """Return "both pilots", "both of them" as two people; "both" of a list says nothing of its own."""
    alone = _both_alone(line, start)
    if alone:
        return Group(start=start, end=start + alone, count=numbers.of(2), definite=True)
    phrase = read_phrase(line, start + 1)
    if phrase is None or not (phrase.person and phrase.plural):
        return None
    return Group(
        start=start,
        end=phrase.end,
        count=numbers.of(2),
        head=phrase.head,
        nouns=(line.at(phrase.head),),
        definite=True,
    )


def _both_alone(line: Words, start: int) -> int:
    """Return the length of "both of them", of "both" before its verb or behind "leaving"; 0 where it is no pronoun."""
    if line.at(start + 1) == "of" and line.at(start + 2) in {"them", "whom"}:
        return 3
    alone = line.at(start + 1) in _BOTH_DID or line.at(start - 1) in _LEFT_BOTH
    return int(alone and read_phrase(line, start + 1) is None)


def _pronoun(
    line: Words, start: int, nouns: Nouns, quantities: dict[int, Quantity]
) -> Group | None:
    word = line.at(start)
    if word == "her" and start + 1 in quantities:
        return _determined(line, start, start + 1, definite=True, quantities=quantities)
    if word in {"her", "us"} and (is_person(line.at(start + 1)) or line.tokens[start].text == "US"):
        if word == "us":
            return _bare(line, start)
        return _determined(line, start, start + 1, definite=True, quantities={})
    if word == "us" and line.shouted:
        return _bare(line, start)
    count = numbers.of(1) if word in nouns.one else Count(low=2, best=None, high=None)
    return Group(
        start=start,
        end=start + 1,
        count=count,
        definite=True,
        pronoun=True,
        perpetrator=word in nouns.perpetrators,
    )


def _counted(line: Words, quantity: Quantity, quantities: dict[int, Quantity]) -> Group | None:
    """Return the group that a figure counts, or the bare figure."""
    start = quantity.end
    anaphoric = False
    inner: Quantity | None = None
    if line.at(start) == "of":
        start += 1
        if line.at(start) in {"them", "whom", "us", "which"}:
            return Group(
                start=quantity.start,
                end=start + 1,
                count=quantity.count,
                definite=True,
                pronoun=True,
            )
        anaphoric = line.at(start) in {"the", "these", "those", "this", "that"}
        start += line.at(start) in load_nouns().definite
        if (inner := quantities.get(start)) is not None:
            start = inner.end
    if line.at(start) in {"more", "additional", "further"}:
        start += 1
    if (age := quantities.get(start)) is not None and age.sort is Sort.AGE:
        start = age.end
        if line.at(start - 1) == "olds":
            return Group(start=quantity.start, end=start, count=quantity.count, more=quantity.more)
    phrase = None if _stands_alone(line, quantity) else read_phrase(line, start)
    definite = (
        anaphoric
        or line.at(quantity.start) in load_nouns().definite | {"all"}
        or line.at(quantity.start - 1) in {"the", "these", "those", "his", "her", "their"}
    )
    if phrase is None or _clause_like(line, quantity, phrase):
        return Group(
            start=quantity.start,
            end=quantity.end + (line.at(quantity.end) in {"more", "additional", "further"}),
            count=quantity.count,
            definite=definite,
            more=quantity.more or line.at(quantity.end) == "more",
        )
    if phrase.thing:
        return None
    all_told = _tells_of_all(line, phrase.end) or (anaphoric and _befell_all(line, phrase.end))
    whole = inner if all_told else None
    more = quantity.more or any(_is_other(line, i) for i in range(quantity.start, phrase.end))
    return Group(
        start=quantity.start,
        end=phrase.end,
        count=(whole or quantity).count,
        head=phrase.head,
        nouns=(line.at(phrase.head),),
        names=phrase.names,
        definite=definite,
        more=more,
        sure=phrase.person,
        perpetrator=_hostile(line, phrase),
    )


def _tells_of_all(line: Words, end: int) -> bool:
    """Tell whether what follows befell all, and not the one of them who speaks: "one of the two women who were"."""
    return line.at(end) == "who" and line.at(end + 1) in {"were", "are", "have", "died", "perished"}


_BEFELL = frozenset(
    "killed slain murdered massacred martyred wounded injured abducted kidnapped shot".split()
)
_TOLD_OF = frozenset("in when by during after at on near last this".split()) | frozenset(
    f"{day}day" for day in "mon tues wednes thurs fri satur sun yester to".split()
)


def _befell_all(line: Words, end: int) -> bool:
    """Tell whether a participle stands behind them: "the funerals of 12 of the 14 people killed in Sunday's bombing"."""
    return line.at(end) in _BEFELL and line.at(end + 1) in _TOLD_OF


def _stands_alone(line: Words, quantity: Quantity) -> bool:
    """Tell whether a bare plural of counting counts nobody that follows: "Hundreds mourn slain reporter"."""
    behind = line.at(quantity.end)
    return line.at(quantity.end - 1) in _PLURALS and behind not in _GOES_ON


def _is_other(line: Words, position: int) -> bool:
    """Tell whether the word sets people apart from those told before: "others", "three more", not "more than"."""
    word = line.at(position)
    return word in {"others", "other", "another", "additional"} or (
        word == "more" and line.at(position + 1) != "than"
    )


def _hostile(line: Words, phrase: Phrase) -> bool:
    return is_perpetrator(line.at(phrase.head))


def _clause_like(line: Words, quantity: Quantity, phrase: Phrase) -> bool:
    """Tell whether what follows a bare figure is no noun of it: "14 Monday", "four Taliban attack"."""
    return not phrase.person and line.at(quantity.end) in load_nouns().stops


def _determined(  # noqa: PLR0911 - one return a kind of phrase
    line: Words, start: int, after: int, *, definite: bool, quantities: dict[int, Quantity]
) -> Group | None:
    """Return the group with a determiner: "a soldier" is one, "the soldiers" are known already."""
    nouns = load_nouns()
    if (quantity := quantities.get(after)) is not None and quantity.sort is Sort.AGE:
        return _aged(line, start, quantity.end, definite=definite)
    if (quantity := quantities.get(after)) is not None:
        inner = _counted(line, quantity, quantities) if quantity.sort is Sort.COUNT else None
        return inner if inner is None else _replaced(inner, start=start, definite=definite)
    phrase = read_phrase(line, after)
    if phrase is None:
        if line.at(start) != "another" and after - start < 2:  # noqa: PLR2004 - "a third"
            return None
        return Group(start=start, end=after, count=numbers.of(1), more=True)
    word = line.at(phrase.head)
    if word in nouns.sets:
        return _of_set(line, start, phrase, nouns.sets[word], definite=definite)
    if word in nouns.collectives and not phrase.person:
        return _collective(line, start, phrase, quantities)
    if phrase.thing or not (phrase.person or (phrase.names and definite)):
        return None
    count = (
        Count(low=2, best=None, high=None)
        if phrase.plural
        and not phrase.names
        and line.at(after - 1) not in {"a", "an", "one", "another"}
        else numbers.of(1)
    )
    return Group(
        start=start,
        end=phrase.end,
        count=count,
        head=phrase.head,
        nouns=(word,),
        names=phrase.names,
        definite=definite,
        more=line.at(start) == "another"
        or any(
            line.at(i) in {"other", "another", "second", "third", "fourth", "fifth"}
            for i in range(start, phrase.end)
        ),
        perpetrator=_hostile(line, phrase),
    )


def _aged(line: Words, start: int, after: int, *, definite: bool) -> Group | None:
    """Return "a 21 - year - old woman", "the 18 - year - old": one person with an age."""
    if line.at(after - 1) not in {"old", "olds"}:
        return None
    phrase = read_phrase(line, after)
    if phrase is None or not phrase.person or phrase.head > after + 3:
        named = _named(line, after)
        if named is not None:
            return _replaced(named, start=start, definite=definite)
        if line.at(start)[:1].isdigit():
            return None
        return Group(start=start, end=after, count=numbers.of(1), definite=definite)
    several = phrase.plural and line.at(start) not in {"a", "an", "one", "another"}
    count = Count(low=2, best=None, high=None) if several else numbers.of(1)
    return Group(
        start=start, end=phrase.end, count=count, head=phrase.head, nouns=(line.at(phrase.head),), names=phrase.names,
        definite=definite, perpetrator=_hostile(line, phrase), bare=several,
    )  # fmt: skip


def _replaced(group: Group, *, start: int, definite: bool) -> Group:
    return Group(
        start=start, end=group.end, count=group.count, head=group.head, nouns=group.nouns, names=group.names,
        definite=definite or group.definite, bare=group.bare, more=group.more, sure=group.sure,
        pronoun=group.pronoun, perpetrator=group.perpetrator,
    )  # fmt: skip


def _of_set(line: Words, start: int, phrase: Phrase, size: int, *, definite: bool) -> Group:
    return Group(
        start=start,
        end=phrase.end,
        count=numbers.of(size),
        head=phrase.head,
        nouns=(line.at(phrase.head),),
        definite=definite,
    )


def _collective(
    line: Words, start: int, phrase: Phrase, quantities: dict[int, Quantity]
) -> Group | None:
    """Return "a family of four" as four people, "a group of insurgents" as two or more."""
    if line.at(phrase.end) != "of":
        return None
    quantity = quantities.get(phrase.end + 1)
    inner = (
        _counted(line, quantity, quantities)
        if quantity is not None and quantity.sort is Sort.COUNT
        else _bare(line, phrase.end + 1)
    )
    return None if inner is None else _replaced(inner, start=start, definite=False)


def _bare(line: Words, start: int) -> Group | None:
    """Return a plural without figure ("soldiers") or a singular of headlines and names ("Soldier", "John Smith")."""
    if line.at(start) in load_nouns().stops or not (line.at(start)[:1].isalpha()):
        return None
    phrase = read_phrase(line, start)
    if phrase is None:
        return None
    if phrase.person:
        several = phrase.plural and not phrase.names
        count = Count(low=2, best=None, high=None) if several else numbers.of(1)
        return Group(
            start=start, end=phrase.end, count=count, head=phrase.head, nouns=(line.at(phrase.head),), names=phrase.names,
            bare=several, perpetrator=_hostile(line, phrase), definite=False,
        )  # fmt: skip
    return _named(line, start)


# Small words within names: "Saleh al - Arouri", "Ursula von der Leyen".
_PARTICLES = frozenset(
    {
        "al",
        "el",
        "ul",
        "ad",
        "as",
        "ash",
        "ur",
        "bin",
        "ibn",
        "bint",
        "abu",
        "de",
        "del",
        "da",
        "dos",
        "van",
        "von",
        "der",
        "ben",
        "-",
    }
)


def _named(line: Words, start: int) -> Group | None:
    """Return a run of capitalised words as the name of one person; whether it is one, the verb must tell."""
    end = start
    while end < len(line) and (_is_proper(line, end) or (end > start and _is_particle(line, end))):
        end += 1
    if end == start:
        return None
    if end == start + 1 and _is_people(line.at(start)):
        count = Count(low=2, best=None, high=None)
        return Group(start=start, end=end, count=count, names=(), sure=False)
    name = line.tokens[start].doc[line.index(start) : line.index(end - 1) + 1].text
    return Group(start=start, end=end, count=numbers.of(1), names=(name,), sure=False)


def _is_people(word: str) -> bool:
    """Tell whether it is the plural of a nationality: nobody is called "Panamanians"."""
    return word.endswith("s") and word in tables.load().adjectives


def _is_proper(line: Words, position: int) -> bool:
    stop = line.at(position) in load_nouns().stops
    return is_name(line, position) and line.tokens[position].pos_ == "PROPN" and not stop


def _is_particle(line: Words, position: int) -> bool:
    """Tell whether a particle stands here with more of the name behind it."""
    after = position
    while line.at(after) in _PARTICLES:
        after += 1
    return (
        position < after < len(line) and line.tokens[after].text[:1].isupper() and not line.shouted
    )
