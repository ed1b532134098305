"""Read the name of a person out of the words of an office: "Foreign Minister Abbas Araghchi" is Abbas Araghchi."""

from __future__ import annotations

import re

from monitor.extract.actors import rules as actors
from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from monitor.extract.officials.words import (
    INNER_NAMES,
    PARTS,
    TIME_WORDS,
    index_of_offices,
    is_office_word,
)

_PARTICLE = r"(?:al|el|ben|bin|ibn|bint|abu|de|del|la|von|van|der|da|dos|di|ul|ur|ud|e|y)"
_NAME = rf"(?:{_PARTICLE}-)?[A-ZÀ-ÖØ-Þ][\w.’'‘-]*"
_CAPITALISED = re.compile(rf"\b{_NAME}(?:\s+(?:{_PARTICLE}\s+)*{_NAME})*")


_LOCAL = r"(?:deputy )?(?:governor|mayor|prefect)"
_GOVERNS = re.compile(rf"\b{_LOCAL} of (?:the )?$", re.IGNORECASE)
_GOVERNED = re.compile(rf"(?:['’]s)? {_LOCAL}\b")


def person_in(text: str, body: tuple[str, str] | None, group: tuple[str, str] | None) -> str:
    """Return the name of the person in the phrase, empty for none.

    A person is the last run of capitals that is no office, country, body or group; one of two words
    and more is preferred to a single word.
    """
    runs = [
        _bare_name(match.group())
        for part in PARTS.split(_without_countries(text))
        for match in _CAPITALISED.finditer(part)
        if not _is_governed(part, match)
    ]
    names = [
        run
        for run in runs
        if run and run.lower() not in TIME_WORDS and not _is_no_person(run, body, group)
    ]
    full = [name for name in names if " " in name]
    return (full or names or [""])[-1]


def _is_governed(part: str, match: re.Match[str]) -> bool:
    """Say whether it is where somebody governs: "the governor of Plateau state", "the Kharkiv governor"."""
    if _GOVERNS.search(part[: match.start()]) and _bare_name(match.group()) == match.group():
        return True
    return " " not in match.group() and bool(_GOVERNED.match(part[match.end() :]))


def _is_no_person(run: str, body: tuple[str, str] | None, group: tuple[str, str] | None) -> bool:
    key = exact_key(run)
    if body and (key in index_of_offices().bodies or key in exact_key(body[1]).split()):
        return True
    if group and (actors.group_named(run) or key in exact_key(group[0])):
        return True
    return key in index_of_offices().capitals or (run.isupper() and len(run) > 1 and "." not in run)


def _without_countries(text: str) -> str:
    """Return the phrase without the names of countries of several words: "Saudi Arabia's minister"."""
    for match in _CAPITALISED.finditer(text):
        words = match.group().replace("’s", "").replace("'s", "").split()
        for size in range(len(words), 1, -1):
            name = " ".join(words[:size])
            if tables.load().countries_named(exact_key(name)):
                text = text.replace(name, " ", 1)
                break
    return text


def _bare_name(run: str) -> str:
    """Return the run of capitals without the offices, titles and countries it begins with."""
    words = run.replace("’s", "").replace("'s", "").split()
    last_office = max(
        (
            i
            for i, word in enumerate(words)
            if is_office_word(word) and not _is_inner_name(words, i)
        ),
        default=-1,
    )
    return " ".join(words[last_office + 1 :])


def _is_inner_name(words: list[str], position: int) -> bool:
    """Say whether a title stands within a name: the Sheikh of "Hassan Sheikh Mohamud"."""
    inner = words[position].lower() in INNER_NAMES and 0 < position < len(words) - 1
    return inner and not is_office_word(words[position - 1])
