"""Find the places that an article names, and the one where an event happened.

A name is looked up in the gazetteers; which of several places of that name is meant is decided by
what stands around it ("Hit, Anbar province"), by the countries the article is about, and by size.
A name that no gazetteer has is a place where a word says so ("Khalaf village", "Andar district").
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monitor.extract.facts import PlaceName
from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from schemas.reasons import PlacePrecision
from schemas.report import Place

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from monitor.extract.facts import Reading, Sentence
    from monitor.extract.gazetteers.tables import Entry, Gazetteer

MAX_NAME_TOKENS = 8
LOCATIVE = frozenset(
    [
        "in",
        "at",
        "near",
        "on",
        "around",
        "outside",
        "inside",
        "into",
        "across",
        "within",
        "from",
        "to",
        "toward",
        "towards",
        "over",
        "off",
        "throughout",
        "between",
        "through",
        "of",
        "above",
        "along",
    ]
)
TYPE_WORDS: dict[str, PlacePrecision] = {
    **dict.fromkeys(
        ("province", "governorate", "state", "oblast", "region", "department"),
        PlacePrecision.ADMIN1,
    ),
    **dict.fromkeys(
        ("district", "county", "subdistrict", "area", "municipality", "township", "division"),
        PlacePrecision.DISTRICT,
    ),
    **dict.fromkeys(
        ("village", "town", "city", "neighborhood", "neighbourhood", "settlement", "suburb"),
        PlacePrecision.TOWN,
    ),
    **dict.fromkeys(
        ("airport", "base", "camp", "crossing", "checkpoint", "hospital", "bridge", "market",
         "mosque", "church", "school", "embassy", "station", "prison", "airbase"),
        PlacePrecision.SITE,
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidate:
    """Tokens of a sentence that may name a place, and the places of that name."""

    sentence: Sentence
    start: int
    end: int
    entries: tuple[Entry, ...]
    precision: PlacePrecision | None = None
    locative: bool = False


def find(reading: Reading) -> tuple[PlaceName, ...]:
    """Return the places named in the article, in order of their sentences."""
    gazetteer = tables.load()
    candidates = [c for s in reading.sentences for c in _candidates(s, gazetteer)]
    context = _context(reading, candidates, gazetteer)
    return tuple(_name(c, _choose(c, context)) for c in candidates)


def _candidates(sentence: Sentence, gazetteer: Gazetteer) -> list[_Candidate]:
    doc = sentence.doc
    found: list[_Candidate] = []
    position = sentence.span.start
    while position < sentence.span.end:
        candidate = _at(sentence, doc, position, gazetteer)
        if candidate:
            found.append(candidate)
        position = candidate.end if candidate else position + 1
    return found


def _at(sentence: Sentence, doc: Doc, start: int, gazetteer: Gazetteer) -> _Candidate | None:
    if not doc[start].text[:1].isupper():
        return None
    for end in range(min(start + MAX_NAME_TOKENS, sentence.span.end), start, -1):
        if not doc[end - 1].text[:1].isupper():
            continue
        entries = gazetteer.named(doc[start:end].text)
        if entries and _is_place(doc, start, end, entries):
            return _Candidate(
                sentence=sentence,
                start=start,
                end=end,
                entries=entries,
                locative=_is_locative(doc, start),
            )
    return None


def _is_place(doc: Doc, start: int, end: int, entries: tuple[Entry, ...]) -> bool:
    if entries[0].curated:
        return True
    return _is_locative(doc, start) and (end - start > 1 or len(doc[start].text) > 2)  # noqa: PLR2004


def _is_locative(doc: Doc, start: int) -> bool:
    before = start - 1
    while before >= 0 and doc[before].pos_ in ("DET", "ADJ"):
        before -= 1
    return before >= 0 and doc[before].lower_ in LOCATIVE


def _context(reading: Reading, candidates: list[_Candidate], gazetteer: Gazetteer) -> Counter[str]:
    """Return how much the article is about each country."""
    weights: Counter[str] = Counter()
    if reading.source_country:
        weights[reading.source_country] += 1
    for sentence in reading.sentences:
        for token in sentence.span:
            code = (
                gazetteer.adjectives.get(exact_key(token.text))
                if token.text[:1].isupper()
                else None
            )
            if code:
                weights[code] += 1
    for candidate in candidates:
        codes = {entry.country for entry in candidate.entries if entry.country}
        if len(codes) == 1 or candidate.entries[0].precision is PlacePrecision.COUNTRY:
            weights[candidate.entries[0].country] += 2
    return weights


def _choose(candidate: _Candidate, context: Counter[str]) -> Entry:
    def weight(entry: Entry) -> tuple[float, int]:
        return (entry.curated * 2 + min(context[entry.country], 6), entry.people)

    return max(candidate.entries, key=weight)


def _name(candidate: _Candidate, entry: Entry) -> PlaceName:
    return PlaceName(
        sentence=candidate.sentence.index,
        start=candidate.start,
        end=candidate.end,
        place=_place(entry),
        locative=candidate.locative,
    )


def _place(entry: Entry) -> Place:
    country = tables.countries().get(entry.country)
    return Place(
        name=entry.name,
        admin1=entry.admin1 or None,
        country=country.name if country else None,
        country_code=entry.country or None,
        lat=entry.lat,
        lon=entry.lon,
        precision=entry.precision,
    )


def of_event(
    sentence: Sentence, trigger_head: int, reading: Reading, found: tuple[PlaceName, ...]
) -> Place | None:
    """Return where the event told by the token `trigger_head` of `sentence` happened."""
    del reading
    here = [name for name in found if name.sentence == sentence.index]
    nearest = sorted(here, key=lambda name: (not name.locative, abs(name.start - trigger_head)))
    return nearest[0].place if nearest else None


def contains(outer: Place, inner: Place) -> bool:
    """Return whether `inner` lies in `outer` or is the same place."""
    if exact_key(outer.name) == exact_key(inner.name):
        return outer.country_code == inner.country_code
    if outer.precision is PlacePrecision.COUNTRY:
        return outer.country_code == inner.country_code
    if outer.precision is PlacePrecision.ADMIN1:
        return outer.country_code == inner.country_code and outer.name == inner.admin1
    return False
