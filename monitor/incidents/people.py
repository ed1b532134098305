"""Who is named in an article? Full names of persons, which two articles on one crime share and others do not.

A name is told by its capitals, in any part of the text; what speaks for the police, the courts or the paper itself is
left out, since one spokesman tells of all that happens in a city. Wrong names cost little: they are not shared.
"""

from __future__ import annotations

import re

from monitor.incidents.wording import COMMON, OFFICES, fold

MAX_PEOPLE = 24
"""Names kept of an article, the first ones; bounds the record."""

MAX_SCANNED = 8_000
"""Characters read; what comes later is background and furniture."""

_WORD = r"[A-ZÀ-ÖØ-ÞĆČĐŁŚŞŠŻŽİΑ-ΩА-Я][^\W\d_A-Z][^\W\d_]{0,30}(?:['’-][^\W\d_]{1,30}){0,2}"
"""One part of a name. Each character has one way to match, and each part an end: the text is hostile."""

_ARTICLE = r"(?:a[lnrstdz]|ash|el)"
"""The article of an Arabic surname, which one outlet writes and another leaves out: "al-Maliki", "Maliki"."""

_RUN = re.compile(rf"\b{_WORD}(?:(?: [A-Z]\.| [JS]r\.)? (?:{_ARTICLE}-)?{_WORD})+")
"""Capitalised words in a row, with initials between them."""

_SPOKEN_FOR = re.compile(
    r",? (?:a |an |the |is |staff |[A-Z][a-z]+ ){0,4}"
    r"(?i:police|sheriff|department|spokes|county|chief|public information|deputy|writer|reporter)"
)
"""What follows the name of who speaks for an office, or who wrote the article."""

_RANKS = OFFICES | frozenset(
    """by det lt sgt maj col gen cpl capt cmdr chief mayor sheriff deputy officer detective sergeant lieutenant captain
    major commander spokesman spokeswoman spokesperson reporter writer correspondent photographer editor attorney
    prosecutor superintendent commissioner councilman councilwoman alderman director coroner examiner president agent
    reverend rev pastor bishop judge senator sen rep governor gov congressman dr""".split()
)
"""What stands before the name of somebody in office, or of who wrote the article."""

_OPENINGS = COMMON | frozenset(
    """a an the of in on at to for as so if no he she we it they his her its my their them these those there here
    who how why what before when""".split()
)
"""Words with a capital that stand before a name and not in it, as at the beginning of a sentence."""

_NO_NAMES = frozenset(
    """class agency
    corporation corp inc media images image post journal times tribune sentinel constitution network entertainment
    headlines headline caption story photo photos video live watch read full click follow sign loading comments pending
    previous next updated posted
    memorial children childrens hospitals clinic apartment apartments village plaza mall market club bar restaurant
    library parkway blvd ave rd dr ln place hills heights lawn beach rock rouge highlands township fire rescue
    elementary middle academy association foundation union league society institute bureau administration commission
    committee board task conduct new san santa los las fort saint mount lake river valley creek springs island bay
    african asian latino hispanic white black european mexican christian muslim islamic jewish catholic baptist methodist
    junior senior international national global nations human rights watch amnesty law criminal southern northern eastern western""".split()
)
"""Words of names that are no person's: of papers, places, streets, bodies and faiths."""

_POSSESSIVE = re.compile("['’]s$")
"""What stands between a country and its province, and after a name that owns something."""

_LEADING_ARTICLE = re.compile(rf"^{_ARTICLE}-", re.IGNORECASE)

_SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv"])


def people(text: str) -> dict[str, int]:
    """Return the first and last names of persons in a text, folded ("jane doe"), the first ones, and where each begins."""
    found: dict[str, int] = {}
    for match in _RUN.finditer(text[:MAX_SCANNED]):
        name = _name(match[0])
        if name and not _is_in_office(text, match):
            found.setdefault(name, match.start())
        if len(found) == MAX_PEOPLE:
            break
    return found


def _name(run: str) -> str | None:
    """Return the first and last name in a run of capitalised words, ``None`` where it is no person's."""
    parts = [word for word in run.split() if not word.endswith(".")]
    if any(_POSSESSIVE.search(part) for part in parts[:-1]):
        return None
    words = [fold(_LEADING_ARTICLE.sub("", _POSSESSIVE.sub("", part))) for part in parts]
    if words[-1] in _SUFFIXES:
        words.pop()
    while words and words[0] in _OPENINGS:
        words.pop(0)
    if len(words) not in _LENGTHS or not _NO_PART.isdisjoint(words):
        return None
    return f"{words[0]} {words[-1]}"


_LENGTHS = range(2, 4)
"""Words of a name; a longer run is a headline or a list."""

_NO_PART = _NO_NAMES | _RANKS | _OPENINGS


def _is_in_office(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - _BEFORE) : match.start()].split()
    return bool(before and fold(before[-1]) in _RANKS) or bool(_SPOKEN_FOR.match(text, match.end()))


_BEFORE = 25
"""Characters looked at for a rank before a name."""
