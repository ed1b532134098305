"""Find running counts over a period: "55 attacks since October 17", "59 injured since these attacks began".

A tally is never an incident. It needs a figure of attacks or of people hurt and words of a period in one sentence; two
figures by country in the next sentence that come to no more than it are its parts. `series.series` makes the key
under which later values meet. Claims of one series in one article are one tally: the exact figure, then the larger.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING

from msgspec import structs

from monitor.extract import words
from monitor.extract.casualties import rules as casualties
from monitor.extract.casualties.tolls import CASUALTIES, INJURED, KILLED, SHOT, value
from monitor.extract.gazetteers import tables
from monitor.extract.numbers import rules as numbers
from monitor.extract.tallies import periods
from monitor.extract.tallies.series import country, series
from monitor.extract.tallies.words import sets
from schemas.reasons import TallyMeasure
from schemas.report import Count, Tally, TallyPart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from monitor.extract.facts import Casualty, Reading, Sentence
    from monitor.extract.numbers.rules import Quantity
    from monitor.extract.tallies.periods import Period
    from monitor.extract.words import Words

QUOTE_CHARS = 400
# Parts stand in the sentence of their tally or in one of the next two.
PARTS_REACH = 2
# "These attacks have resulted in 60 casualties" takes its period from a tally so many sentences before.
PERIOD_REACH = 3
MIN_VALUE = 2

_MEASURES = {
    KILLED: TallyMeasure.KILLED,
    INJURED: TallyMeasure.INJURED,
    SHOT: TallyMeasure.INJURED,
    CASUALTIES: TallyMeasure.CASUALTIES,
}


@dataclass(frozen=True, slots=True)
class _Counted:
    """A figure over a period in one sentence, in positions of its words."""

    what: TallyMeasure
    count: Count
    start: int
    end: int
    victims: str | None


def find(reading: Reading) -> tuple[Tally, ...]:
    """Return the running counts of an article, one for each series, in order of their first sentence."""
    found: list[tuple[int, Tally]] = []
    for sentence in reading.sentences:
        found += [(sentence.index, t) for t in _of_sentence(sentence, reading, found)]
    return _folded([tally for _, tally in found])


def _of_sentence(
    sentence: Sentence, reading: Reading, before: list[tuple[int, Tally]]
) -> list[Tally]:
    line = words.of(sentence.span)
    recent = next((t for i, t in reversed(before) if sentence.index - i <= PERIOD_REACH), None)
    if recent is None and not periods.may_count(line):
        return []
    period = periods.find(sentence, line, reading, recent)
    if period is None:
        if recent is not None:
            _give_parts(line, before, sentence)
        return []
    made = [_tally(sentence, line, c, period, recent) for c in _counted(sentence, line, reading)]
    parts = _parts(line)
    return [
        _with_parts(t, parts) if t.what is TallyMeasure.ATTACKS else t
        for t in made
        if value(t.value) >= MIN_VALUE
    ]


def _counted(sentence: Sentence, line: Words, reading: Reading) -> Iterator[_Counted]:
    yield from _attacks(line)
    yield from _times(line)
    for claim in casualties.find(sentence, reading):
        if (
            not claim.part
            and claim.measure in _MEASURES
            and value(claim.count) >= MIN_VALUE
            and _is_over_period(claim, line)
        ):
            yield _hurt(sentence, line, claim)


def _is_over_period(claim: Casualty, line: Words) -> bool:
    """Tell whether people hurt are counted over the sentence's period and not in one event of it."""
    return claim.running or periods.counts_back(line)


def _attacks(line: Words) -> Iterator[_Counted]:
    """Yield figures of attacks: "over 70 similar attacks", "one of more than 100 attacks"."""
    for quantity in numbers.scan(line):
        if quantity.sort is not numbers.Sort.COUNT:
            continue
        noun = _attack_noun(line, quantity)
        if noun is None or not line.at(noun).endswith("s"):
            continue
        if quantity.count == numbers.of(1):
            continue
        yield _Counted(
            TallyMeasure.ATTACKS,
            quantity.count,
            quantity.start,
            noun + 1,
            _against(line, noun + 1) or _targeted(line, quantity.start),
        )


def _attack_noun(line: Words, quantity: Quantity) -> int | None:
    """Return where the noun for attacks stands that a figure counts, modifiers between them passed over."""
    attacks, position = sets()["attacks"], quantity.end
    last = None
    while position < min(len(line), quantity.end + 7):
        word, token = line.at(position), line.tokens[position]
        if word in attacks:
            last = position
        elif last is not None or (
            token.pos_ not in {"ADJ", "NOUN", "PROPN", "VERB", "CCONJ", "ADV"}
            and word not in {"-", "and", "or", ",", "such", "of", "these", "the"}
        ):
            break
        position += 1
    return last


def _times(line: Words) -> Iterator[_Counted]:
    """Yield "attacked 103 times"."""
    for quantity in numbers.scan(line):
        if line.at(quantity.end) == "times" and any(
            w in sets()["attacked_times"]
            for w in line.lower[max(0, quantity.start - 12) : quantity.start]
        ):
            yield _Counted(
                TallyMeasure.ATTACKS,
                quantity.count,
                quantity.start,
                quantity.end + 1,
                _targeted(line, quantity.start),
            )


def _hurt(sentence: Sentence, line: Words, claim: Casualty) -> _Counted:
    start = next((p for p, t in enumerate(line.tokens) if t.i == claim.start), 0)
    end = next((p + 1 for p, t in enumerate(line.tokens) if t.i == claim.end - 1), start + 1)
    victims = sentence.doc[claim.start : claim.end].text
    for position in range(end, min(end + 4, len(line))):
        if line.at(position) == "among":
            victims = _phrase(line, position + 1) or victims
    return _Counted(_MEASURES[claim.measure], claim.count, start, end, victims)


def _against(line: Words, position: int) -> str | None:
    """Return whom the attacks befell: what stands behind "against", "on", "targeting"."""
    for i in range(position, min(position + 6, len(line))):
        if line.at(i) in sets()["against"]:
            return _phrase(line, i + 1)
        if line.tokens[i].pos_ == "PUNCT":
            return None
    return None


def _targeted(line: Words, position: int) -> str | None:
    """Return the subject of "have been targeted in 55 attacks"."""
    for i in range(position - 1, -1, -1):
        if line.at(i) in sets()["attacked_times"]:
            subject = [t for t in line.tokens[i].children if t.dep_ in {"nsubj", "nsubj:pass"}]
            if subject:
                return str(line.tokens[0].doc[subject[0].left_edge.i : subject[0].i + 1].text)
    return None


def _phrase(line: Words, start: int) -> str | None:
    """Return the noun phrase from `start`, up to a preposition, a verb, a mark or "and" before an article."""
    end = start
    while end < min(len(line), start + 8):
        token = line.tokens[end]
        if token.pos_ in {"ADP", "PUNCT", "AUX", "SCONJ", "CCONJ"} or (
            token.pos_ == "VERB" and end > start
        ):
            break
        end += 1
    return (
        str(line.tokens[start].doc[line.index(start) : line.index(end - 1) + 1].text)
        if end > start
        else None
    )


def _parts(line: Words) -> tuple[TallyPart, ...]:
    """Return figures by place: "27 attacks against US forces in Iraq and 28 attacks in Syria"."""
    found: list[TallyPart] = []
    quantities = [q for q in numbers.scan(line) if q.sort is numbers.Sort.COUNT]
    for quantity, after in zip_longest(quantities, quantities[1:]):
        limit = after.start if after is not None else len(line)
        place = _place(line, quantity.end, limit)
        if place is not None:
            found.append(TallyPart(name=place, value=quantity.count))
    return tuple(found) if len(found) > 1 else ()


def _place(line: Words, start: int, limit: int) -> str | None:
    """Return the one name behind "in" between two positions."""
    for i in range(start, limit):
        if (
            line.at(i) in sets()["where"]
            and i + 1 < limit
            and line.tokens[i + 1].text[:1].isupper()
        ):
            end = i + 1
            while end < limit and line.tokens[end].text[:1].isupper():
                end += 1
            return str(line.tokens[0].doc[line.index(i + 1) : line.index(end - 1) + 1].text)
    return None


def _area(line: Words) -> tuple[str, ...]:
    """Return the countries that the sentence names behind "in" and the like."""
    names: list[str] = []
    i = 0
    while i < len(line):
        if line.at(i) in sets()["where"]:
            names += _listed(line, i + 1)
        i += 1
    return tuple(dict.fromkeys(names))


def _listed(line: Words, start: int) -> list[str]:
    names, end = [], start
    while end < len(line) and (line.tokens[end].text[:1].isupper() or line.at(end) in {"and", ","}):
        code = country(line.at(end))
        if code is not None:
            names.append(tables.countries()[code].name)
        elif line.at(end) not in {"and", ","}:
            break
        end += 1
    return names


def _source(sentence: Sentence, line: Words) -> str | None:
    """Return who gives the figure: behind "according to", or the subject of a verb of saying."""
    for i in range(len(line)):
        if line.has(i, ("according", "to")):
            return _phrase(line, i + 2)
    for token in line.tokens:
        if token.lower_ in sets()["said"]:
            subject = next((c for c in token.children if c.dep_ == "nsubj"), None)
            if subject is not None and subject.pos_ in {"PROPN", "NOUN"}:
                return str(sentence.doc[subject.left_edge.i : subject.i + 1].text)
    return None


def _tally(
    sentence: Sentence, line: Words, counted: _Counted, period: Period, recent: Tally | None
) -> Tally:
    area = _area(line) or (recent.area if recent is not None else ())
    victims = _antecedent(counted.victims, line)
    if victims is None and recent is not None:
        victims = recent.victims
    start, end = line.spanned(counted.start, counted.end)
    return Tally(
        what=counted.what,
        value=counted.count,
        victims=victims,
        area=area,
        since=period.since,
        since_text=period.text or None,
        source=_source(sentence, line),
        series=series(counted.what, victims, area, period.since, whole_year=period.whole_year),
        quote=sentence.text.strip()[:QUOTE_CHARS],
        evidence=(sentence.evidence(start, end, counted.what.value),),
    )


def _antecedent(victims: str | None, line: Words) -> str | None:
    """Return the victims with "its" and "their" replaced by the country that the sentence speaks of first."""
    if victims is None or victims.split()[0].lower() not in {"its", "their", "our", "his"}:
        return victims
    code = next((c for w in line.lower if (c := country(w)) is not None), None)
    rest = victims.split(maxsplit=1)[1:]
    return f"{tables.countries()[code].name} {rest[0]}" if code is not None and rest else victims


def _with_parts(tally: Tally, parts: tuple[TallyPart, ...]) -> Tally:
    smaller = tuple(p for p in parts if value(p.value) < value(tally.value))
    if len(smaller) < 2 or sum(value(p.value) for p in smaller) > value(tally.value):  # noqa: PLR2004
        return tally
    return structs.replace(tally, parts=smaller)


def _give_parts(line: Words, before: list[tuple[int, Tally]], sentence: Sentence) -> None:
    """Give the parts that a sentence states to the tally of attacks just before it."""
    parts = _parts(line)
    for position in range(len(before) - 1, -1, -1):
        index, tally = before[position]
        if (
            sentence.index - index <= PARTS_REACH
            and tally.what is TallyMeasure.ATTACKS
            and not tally.parts
            and parts
        ):
            before[position] = (index, _with_parts(tally, parts))
            return


def _folded(found: list[Tally]) -> tuple[Tally, ...]:
    """Return one tally for each series: the exact figure before a bound, then the larger."""
    by_series: dict[str, Tally] = {}
    for tally in found:
        known = by_series.get(tally.series)
        if known is None or _weight(tally) > _weight(known):
            by_series[tally.series] = tally
    return tuple(by_series.values())


def _weight(tally: Tally) -> tuple[bool, int]:
    return numbers.exact(tally.value), value(tally.value)
