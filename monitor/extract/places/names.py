"""Find the words of a sentence that name a place, before it is known which place of that name is meant.

A `Candidate` is a name with the places that have it. Names of persons and organisations that contain
a place are left out; so are adjectives ("Iraqi"), which only tell what country an article is about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key
from monitor.extract.places.candidate import (
    Candidate,
    begins_dateline,
    is_heading,
    is_name_word,
)
from monitor.extract.places.words import words
from schemas.reasons import PlacePrecision

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from monitor.extract.facts import Sentence
    from monitor.extract.gazetteers.tables import Entry, Gazetteer

# "San Francisco de Macoris", "al-Hasakah", "Democratic Republic of the Congo": hyphens are tokens too.
MAX_NAME_TOKENS = 9
# A town that is no state's or province's namesake must be this large to be known without "in" or "near".
MIN_PEOPLE_ALONE = 150_000
MIN_PEOPLE_AFTER_WEAK = 15_000
_PARTICLES = frozenset(
    "wa aw ye al el as ash ad adh ar at az an es ul de del la las los el do da dos das di e y of the and wal u i bin abu au aux sur sous en du da".split()
)
_ARTICLE_PREFIX = frozenset("al el as ash ad adh ar at az an es".split())
_JOINTS = frozenset("- – ' ’ / .".split())


def find(sentence: Sentence, gazetteer: Gazetteer, persons: frozenset[str]) -> list[Candidate]:
    """Return the candidates of the sentence from left to right; they do not overlap.

    `persons` are the surnames that the article uses.
    """
    found: list[Candidate] = []
    position = sentence.span.start
    while position < sentence.span.end:
        candidate = _at(sentence, position, gazetteer, persons)
        if candidate is not None:
            found.append(candidate)
        position = max(candidate.last if candidate else 0, position + 1)
    return found


def surnames(sentence: Sentence) -> set[str]:
    """Return the last words of the names of persons in the sentence, and names after a title."""
    found = set()
    for token in sentence.span:
        if token.dep_ == "flat" and token.pos_ == "PROPN" and token.head.pos_ == "PROPN":
            found.add(token.text)
        if token.i > sentence.span.start and token.pos_ == "PROPN":
            before = token.nbor(-1)
            if before.lower_.rstrip(".") in words().titles and before.text[:1].isupper():
                found.add(token.text)
    return found


def _at(  # noqa: C901, PLR0911 - each way a name begins is one return
    sentence: Sentence, start: int, gazetteer: Gazetteer, persons: frozenset[str]
) -> Candidate | None:
    doc = sentence.doc
    if doc[start].lower_ == "capital":
        return _capital(sentence, start, gazetteer)
    if not _may_begin(doc, start, sentence.span.start):
        return _lower_prefixed(sentence, start, gazetteer)
    for end in range(_longest(doc, start, sentence.span.end), start, -1):
        if not _may_end(doc[end - 1]):
            continue
        text = str(doc[start:end].text)
        if end < sentence.span.end and doc[end].lower_ == "city":
            city = gazetteer.named(f"{text} City")
            if any(entry.precision is PlacePrecision.TOWN for entry in city):
                return _candidate(sentence, start, end + 1, city)
        entries = gazetteer.named(text)
        if entries and not gazetteer.is_misspelt_initials(text):
            if exact_key(text) in gazetteer.adjectives and not entries[0].known:
                return None
            candidate = _candidate(sentence, start, end, entries)
            if _is_place(candidate, persons):
                return candidate
            break
    if exact_key(doc[start].text) in gazetteer.adjectives:
        return None
    return _unknown(sentence, start)


def _longest(doc: Doc, start: int, limit: int) -> int:
    """Return where the tokens that can be one name end: capitals, joined by hyphens and particles."""
    end, last = start, min(start + MAX_NAME_TOKENS, limit)
    while end < last and _is_part_of_name(doc[end]):
        end += 1
    return end


def _lower_prefixed(sentence: Sentence, start: int, gazetteer: Gazetteer) -> Candidate | None:
    """Return "new York", "el Salvador": in text recased from capitals the first word may be a common one."""
    doc = sentence.doc
    if doc[start].lower_ not in words().prefixes:
        return None
    for end in range(min(start + 5, sentence.span.end), start + 1, -1):
        if not all(t.text[:1].isupper() or t.lower_ in _PARTICLES for t in doc[start + 1 : end]):
            continue
        entries = gazetteer.named(str(doc[start:end].text))
        if entries and _may_end(doc[end - 1]):
            candidate = _candidate(sentence, start, end, entries)
            return (
                candidate
                if entries[0].known
                or candidate.where
                or _best_people(candidate) >= MIN_PEOPLE_ALONE
                else None
            )
    return None


def _capital(sentence: Sentence, start: int, gazetteer: Gazetteer) -> Candidate | None:
    """Return the town meant by "the Syrian capital", "Iraq's capital"; none where its name follows."""
    doc = sentence.doc
    following = doc[start + 1 : start + 3].text
    if any(part[:1].isupper() for part in following.split()) or start == sentence.span.start:
        return None
    before = [t for t in doc[max(start - 3, sentence.span.start) : start] if t.text[:1].isupper()]
    code = gazetteer.adjectives.get(exact_key(before[-1].text)) if before else None
    if before and code is None:
        named = gazetteer.countries_named(exact_key(before[-1].text))
        code = named[0].country if named else None
    entries = gazetteer.capital_of(code) if code else ()
    return _candidate(sentence, start, start + 1, entries) if entries else None


def _may_begin(doc: Doc, start: int, first: int) -> bool:
    token = doc[start]
    if (
        start > first
        and doc[start - 1].text in _JOINTS - {"/", "."}
        and not doc[start - 1].whitespace_
        and start - 1 > first
        and not doc[start - 2].whitespace_
    ):
        return False
    if token.pos_ == "ADP" and token.lower_ in words().strong | words().weak:
        return False
    if token.text[:1].isupper():
        return True
    return (
        token.lower_ in _ARTICLE_PREFIX
        and start + 2 < len(doc)
        and doc[start + 1].text == "-"
        and doc[start + 2].text[:1].isupper()
    )


def _may_end(token: Token) -> bool:
    return bool(token.text[:1].isupper())


def _is_part_of_name(token: Token) -> bool:
    if token.text[:1].isupper() or token.text in _JOINTS:
        return True
    return token.lower_ in _PARTICLES or token.text in ("'s", "’s", "d")


def _candidate(sentence: Sentence, start: int, end: int, entries: tuple[Entry, ...]) -> Candidate:
    doc = sentence.doc
    typed, last = _type_after(doc, end, sentence.span.end)
    first = start
    if typed is None:
        typed, first = _type_before(doc, start, sentence.span.start)
    where, weak = _preposition(doc, first, sentence.span.start)
    if typed is None and _modifies(doc, end, sentence.span.end):
        where = weak = False
    elif typed is not None and typed is not PlacePrecision.SITE:
        where = True
    return Candidate(
        sentence=sentence,
        start=start,
        end=end,
        first=first,
        last=last,
        entries=entries,
        typed=typed,
        where=where,
        weak=weak,
    )


def _modifies(doc: Doc, end: int, limit: int) -> bool:
    """Say whether the name only tells of which country what follows is: "against US forces"."""
    token = doc[end - 1]
    if end < limit and doc[end].text in ("'s", "’s"):
        return True
    return (
        end < limit
        and token.dep_ in ("compound", "amod")
        and token.head.i >= end
        and doc[end].pos_ == "NOUN"
    )


def _type_after(doc: Doc, end: int, limit: int) -> tuple[PlacePrecision | None, int]:
    """Return what the word after the name says it is, and where the phrase ends."""
    position = end
    while position < limit and position < end + 3 and doc[position].lower_ in words().fillers:
        position += 1
    if position < limit and (precision := words().types.get(doc[position].lower_)):
        if (
            position + 1 < limit
            and doc[position + 1].pos_ == "NOUN"
            and doc[position].dep_ == "compound"
        ):
            return None, end
        if (
            doc[position].lower_ == "state"
            and position + 1 < limit
            and doc[position + 1].text[:1].isupper()
        ):
            return None, end
        return precision, position + 1
    return None, end


def _type_before(doc: Doc, start: int, limit: int) -> tuple[PlacePrecision | None, int]:
    """Return what "the town of", "the province of" or "the capital," before the name says."""
    if start - 2 >= limit and doc[start - 1].lower_ == "of":
        precision = words().types.get(doc[start - 2].lower_)
        if precision:
            return precision, start - 2
    if start - 1 >= limit:
        precision = words().types.get(doc[start - 1].lower_)
        if (
            precision
            and precision is not PlacePrecision.SITE
            and not doc[start - 1].text[:1].isupper()
        ):
            return precision, start - 1
    return None, start


def _preposition(doc: Doc, first: int, limit: int) -> tuple[bool, bool]:
    """Return whether a strong, and whether a weak preposition stands before the phrase."""
    position = first - 1
    while position >= limit and _is_passed_over(doc[position]):
        position -= 1
    if position < limit:
        return False, False
    word = doc[position].lower_
    if (
        word == "of"
        and position - 1 >= limit
        and f"{doc[position - 1].lower_} of" in words().strong
    ):
        return True, False
    return word in words().strong, word in words().weak


def _is_passed_over(token: Token) -> bool:
    if token.text[:1].isupper() and exact_key(token.text) in tables.load().adjectives:
        return True
    if token.lower_ in words().modifiers or token.text in ("-", "’s", "'s", '"', "“", "”", "‘"):
        return True
    return (
        token.pos_ == "DET"
        or (token.pos_ == "ADJ" and token.dep_ == "amod")
        or (token.lower_ in ("city", "town", "village", "capital", "province", "district"))
    )


def _is_place(candidate: Candidate, persons: frozenset[str]) -> bool:  # noqa: C901, PLR0911 - one line of evidence a return
    doc, sentence = candidate.sentence.doc, candidate.sentence
    best = max(candidate.entries, key=lambda entry: entry.people)
    big = candidate.entries[0].known or best.people >= MIN_PEOPLE_ALONE
    if _belongs_to_longer_name(candidate, big=big):
        return False
    if candidate.last > candidate.end and doc[candidate.last - 1].lower_ in words().streets:
        return False
    if candidate.typed and candidate.typed is not PlacePrecision.SITE:
        return True
    single = candidate.end - candidate.start == 1
    if (
        single
        and candidate.text.isupper()
        and not (candidate.entries[0].known or best.people >= MIN_PEOPLE_ALONE)
    ):
        return begins_dateline(candidate)
    if single and candidate.text in persons and not (candidate.entries[0].known or candidate.where):
        return False
    if single and candidate.text.lower().rstrip(".") in words().never:
        return False
    if is_heading(candidate):
        return True
    if single and _is_common_word(doc[candidate.start]) and not candidate.entries[0].known:
        return (
            candidate.where
            and doc[candidate.start].pos_ in ("PROPN", "NOUN")
            and candidate.start > sentence.span.start
        )
    if candidate.where or big:
        return True
    if candidate.weak:
        return best.people >= MIN_PEOPLE_AFTER_WEAK
    if _tells_whose(candidate, persons) or _is_struck(candidate, persons):
        return True
    return _is_in_list(candidate) or begins_dateline(candidate) or is_heading(candidate)


def _is_struck(candidate: Candidate, persons: frozenset[str]) -> bool:
    """Say whether a town is what a verb is done to: "shelled Kherson", "Manbij was bombed"."""
    doc = candidate.sentence.doc
    root = doc[candidate.start : candidate.end].root
    done_to = root.dep_ in ("obj", "nsubj:pass") and root.head.pos_ == "VERB"
    return (
        done_to
        and candidate.text not in persons
        and _best_people(candidate) >= MIN_PEOPLE_AFTER_WEAK
    )


def _tells_whose(candidate: Candidate, persons: frozenset[str]) -> bool:
    """Say whether a town's name stands before a common noun: "Akron police", "the Santa Monica shooting"."""
    doc, span = candidate.sentence.doc, candidate.sentence.span
    if candidate.end >= span.end or candidate.text in persons:
        return False
    following = doc[candidate.end]
    known = _best_people(candidate) >= MIN_PEOPLE_AFTER_WEAK
    return (
        known
        and following.pos_ == "NOUN"
        and bool(following.is_lower)
        and doc[candidate.start].pos_ == "PROPN"
    )


def _is_common_word(token: Token) -> bool:
    return token.pos_ not in ("PROPN", "X") or bool(token.is_stop)


def _belongs_to_longer_name(candidate: Candidate, *, big: bool) -> bool:  # noqa: PLR0911 - one neighbour a return
    """Say whether capitals before or after make it a part of another name: a person, a newspaper."""
    doc, span = candidate.sentence.doc, candidate.sentence.span
    if candidate.end < span.end:
        after = doc[candidate.end]
        if _is_hyphenated(doc, candidate.end, span.end):
            return True
        if candidate.last == candidate.end and is_name_word(after):
            return not big or after.lower_ in words().not_places or after.dep_ == "flat"
        if after.lower_ in words().not_places and not big:
            return True
    if candidate.first == candidate.start > span.start:
        before = doc[candidate.start - 1]
        is_title = before.lower_.rstrip(".") in words().titles | words().not_places
        if is_title and before.text[:1].isupper():
            return True
        if before.lower_ == "of" and candidate.start - 2 >= span.start:
            return _names_body(doc[candidate.start - 2])
        if is_name_word(before) and before.lower_ not in words().modifiers:
            return not big or doc[candidate.start].dep_ == "flat"
    return False


def _names_body(token: Token) -> bool:
    """Say whether "of" follows a body's name: "Movement of Uzbekistan", "Bank of Baghdad"."""
    lower = token.lower_
    plain = lower in words().types or lower in words().modifiers or lower in words().strong
    return is_name_word(token) and not plain and bool(token.text[:1].isupper())


def _is_hyphenated(doc: Doc, end: int, limit: int) -> bool:
    """Say whether a hyphen ties the name to what follows: "London-based", "Iran-backed", "Al-Shabaab"."""
    if end + 1 >= limit or doc[end].text not in ("-", "–") or doc[end].whitespace_:
        return False
    return not doc[end - 1].whitespace_


def _is_in_list(candidate: Candidate) -> bool:
    """Say whether it follows a comma or "and" and is followed by one, as parts of an address do."""
    doc, span = candidate.sentence.doc, candidate.sentence.span
    before = doc[candidate.first - 1].lower_ if candidate.first > span.start else ""
    return before in (",", "and", "/", "(") and _best_people(candidate) >= MIN_PEOPLE_AFTER_WEAK


def _best_people(candidate: Candidate) -> int:
    return max(entry.people for entry in candidate.entries)


def _unknown(sentence: Sentence, start: int) -> Candidate | None:  # noqa: PLR0911 - one reason against it a return
    """Return a candidate without entries for "in Khalaf village", "the town of Khalaf"."""
    doc, limit = sentence.doc, sentence.span.end
    end = start
    while end < limit and end - start < MAX_NAME_TOKENS and _continues(doc, end, start):
        end += 1
    while end > start and not doc[end - 1].text[:1].isupper():
        end -= 1
    if end == start:
        return None
    candidate = _candidate(sentence, start, end, ())
    if candidate.text.lower().rstrip(".") in words().never:
        return None
    if candidate.typed is None or doc[start].pos_ not in ("PROPN", "NOUN", "ADJ", "X"):
        return None
    after_name = candidate.last > candidate.end
    if candidate.typed is PlacePrecision.SITE and not (
        after_name and (candidate.where or candidate.weak)
    ):
        return None
    if after_name and doc[candidate.last - 1].lower_ in words().streets:
        return None
    if not after_name and doc[start - 1].lower_ != "of":
        return None
    return candidate


def _continues(doc: Doc, position: int, start: int) -> bool:
    token = doc[position]
    if token.lower_ in words().types and position > start:
        return False
    if token.text[:1].isupper():
        return token.pos_ in ("PROPN", "NOUN", "ADJ", "X", "DET", "NUM")
    return (
        position >= start
        and (
            token.text in ("-", "'", "’")
            or token.lower_ in _ARTICLE_PREFIX | {"de", "del", "la", "el", "e", "i"}
        )
        and position + 1 < len(doc)
    )
