"""Find the words of a sentence that name a place, before it is known which place of that name is meant.

A `Candidate` is a name with the places that have it. Names of persons and organisations that contain
a place are left out; so are adjectives ("Iraqi"), which only tell what country an article is about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monitor.extract.actors.names import group_named
from monitor.extract.gazetteers.names import exact_key
from monitor.extract.places import home, persons, phrase, unknown
from monitor.extract.places.candidate import (
    Candidate,
    begins_dateline,
    is_heading,
    is_name_word,
    is_struck,
)
from monitor.extract.places.words import ARTICLES, JOINTS, MAX_NAME_TOKENS, words
from schemas.reasons import PlacePrecision

if TYPE_CHECKING:
    from spacy.tokens import Doc, Span, Token

    from monitor.extract.facts import Sentence
    from monitor.extract.gazetteers.tables import Gazetteer
    from monitor.extract.places.persons import Namesakes

# "Harir air base": so many words in small letters may end a site's name.
MAX_SITE_WORDS = 2
# A town that is no state's or province's namesake must be this large to be known without "in" or "near".
MIN_PEOPLE_ALONE = 150_000
MIN_PEOPLE_AFTER_WEAK = 15_000
# "Daraas" is Daraa's; of shorter words too many are names of their own.
MIN_OWNER = 6
_PARTICLES = frozenset(
    "wa aw ye al el er ez es as ash ad adh ar at az an es ul de del la las los el do da dos das di e y of the and wal u i bin abu au aux sur sous en du da".split()
)


def find(sentence: Sentence, gazetteer: Gazetteer, people: Namesakes) -> list[Candidate]:
    """Return the candidates of the sentence from left to right; they do not overlap.

    `people` are the names of people and bodies that the article uses.
    """
    found: list[Candidate] = []
    position = sentence.span.start
    while position < sentence.span.end:
        candidate = _at(sentence, position, gazetteer, people)
        if candidate is not None:
            found.append(candidate)
        position = max(candidate.last if candidate else 0, position + 1)
    return found


def _at(  # noqa: C901, PLR0911 - each way a name begins is one return
    sentence: Sentence, start: int, gazetteer: Gazetteer, people: Namesakes
) -> Candidate | None:
    doc = sentence.doc
    if doc[start].lower_ == "capital":
        return _capital(sentence, start, gazetteer)
    if (division := home.division_of(doc, start)) is not None:
        return _postal(sentence, start, gazetteer, division)
    if not _may_begin(doc, start, sentence.span.start):
        return _lower_prefixed(sentence, start, gazetteer)
    for end in range(_longest(doc, start, sentence.span.end), start, -1):
        if not _may_end(doc[end - 1]):
            continue
        text = str(doc[start:end].text)
        if (longer := _longer(sentence, start, end, gazetteer)) is not None:
            return longer
        entries = gazetteer.named(text)
        if end == start + 1 and (
            doc[start].lower_ in words().common_sites
            or (doc[start].lower_ in words().modifiers and not _is_province(doc, end))
        ):
            continue
        if entries and not gazetteer.is_misspelt_initials(text):
            if exact_key(text) in gazetteer.adjectives and (
                not entries[0].known or _tells_of_what(doc, end, sentence.span.end)
            ):
                return None
            candidate = phrase.build(sentence, start, end, entries)
            if _is_place(candidate, people):
                longer = _with_article(candidate, people) or candidate
                return None if _is_patron(candidate) else longer
            break
    if exact_key(doc[start].text) in gazetteer.adjectives:
        return None
    if (owner := _without_apostrophe(sentence, start, gazetteer)) is not None:
        return owner
    return unknown.find(sentence, start, people.surnames)


def _without_apostrophe(sentence: Sentence, start: int, gazetteer: Gazetteer) -> Candidate | None:
    """Return the place of "Daraas Manshiyah district", whose apostrophe a feed has lost; Hamas is no town's."""
    text = str(sentence.doc[start].text)
    if len(text) < MIN_OWNER or not text.istitle() or not text.endswith("s"):
        return None
    if gazetteer.has_exactly(exact_key(text)) or group_named(text) is not None:
        return None
    entries = gazetteer.named(text[:-1])
    if not entries or not entries[0].known or not gazetteer.has_exactly(exact_key(text[:-1])):
        return None
    return phrase.build(sentence, start, start + 1, entries)


_HOLY = frozenset(
    "saint st st. sts our holy mar imam prophet sheikh sayyida sayyidah virgin".split()
)


def _is_patron(candidate: Candidate) -> bool:
    """Say whether it is who a site is named for: "the church of Saint George in Jaramana"."""
    doc, start = candidate.sentence.doc, candidate.start
    named = start > 1 and doc[start - 1].lower_ == "of" and doc[start].lower_ in _HOLY
    return named and doc[start - 2].lower_ in words().common_sites


def _with_article(candidate: Candidate, people: Namesakes) -> Candidate | None:
    """Return the unknown village of which a known name is the first word: "Aqareb es Safi village"."""
    sentence, end = candidate.sentence, candidate.end
    if end + 1 >= sentence.span.end or sentence.doc[end].lower_ not in ARTICLES:
        return None
    longer = unknown.find(sentence, candidate.start, people.surnames)
    return longer if longer is not None and longer.typed and longer.end > end else None


def _postal(
    sentence: Sentence, start: int, gazetteer: Gazetteer, division: tuple[str, str]
) -> Candidate | None:
    """Return the state that a postal code after a town's name stands for."""
    country, name = division
    entries = tuple(
        entry
        for entry in gazetteer.named(name)
        if entry.precision is PlacePrecision.ADMIN1 and entry.country == country
    )
    return phrase.build(sentence, start, start + 1, entries) if entries else None


def _longer(sentence: Sentence, start: int, end: int, gazetteer: Gazetteer) -> Candidate | None:
    """Return a place whose name has words in small letters at its end: "Benin city", "Harir base"."""
    doc = sentence.doc
    if end < sentence.span.end and doc[end].lower_ in ("city", "region"):
        named = gazetteer.named(f"{doc[start:end].text} {doc[end].lower_}")
        wanted = PlacePrecision.TOWN if doc[end].lower_ == "city" else PlacePrecision.REGION
        if any(entry.precision is wanted for entry in named):
            return phrase.build(sentence, start, end + 1, named)
    return _named_site(sentence, start, end, gazetteer)


def _named_site(sentence: Sentence, start: int, end: int, gazetteer: Gazetteer) -> Candidate | None:
    """Return a site whose name ends in small letters: "Harir base", "Harir air base"."""
    doc = sentence.doc
    for last in range(min(end + MAX_SITE_WORDS, sentence.span.end), end, -1):
        word = doc[last - 1]
        if not word.is_lower or words().types.get(word.lower_) is not PlacePrecision.SITE:
            continue
        entries = gazetteer.named(str(doc[start:last].text))
        if any(entry.precision is PlacePrecision.SITE and entry.curated for entry in entries):
            return phrase.build(sentence, start, last, entries)
    return None


def _tells_of_what(doc: Doc, end: int, limit: int) -> bool:
    """Say whether a common noun follows that the word is an adjective of: "the Saudi hospital"."""
    return end < limit and doc[end].pos_ == "NOUN" and doc[end].is_lower


def _is_province(doc: Doc, end: int) -> bool:
    """Say whether "Northern" is a province's name: "Northern Province", and not "Northern countryside"."""
    return end < len(doc) and words().types.get(doc[end].lower_) is PlacePrecision.ADMIN1


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
            candidate = phrase.build(sentence, start, end, entries)
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
    near = doc[max(start - 3, sentence.span.start) : start]
    if start == sentence.span.start or any(token.lower_ in _NO_SEAT for token in near):
        return None
    before = [token for token in near if token.text[:1].isupper()]
    code = gazetteer.adjectives.get(exact_key(before[-1].text)) if before else None
    if before and code is None:
        named = gazetteer.countries_named(exact_key(before[-1].text))
        code = named[0].country if named else None
    if code is None or _is_named(doc[start + 1 : sentence.span.end], code, gazetteer):
        return None
    entries = gazetteer.capital_of(code)
    return phrase.build(sentence, start, start + 1, entries) if entries else None


# "The provincial capital", "IS's de facto Syrian capital" is no seat of the state.
_NO_SEAT = frozenset(
    "provincial regional state district county facto self-declared self-proclaimed former ancient commercial economic financial "
    "business industrial cultural tourist winter summer venture human".split()
)
# "The capital, Sana'a", "the capital of Yemen", "the capital city Sana'a": a name may follow behind one of these.
_BEFORE_ITS_NAME = frozenset({",", "of", "city", "-", "(", "region", "district"})
MAX_NAME_OF_CAPITAL = 3


def _is_named(behind: Span, code: str, gazetteer: Gazetteer) -> bool:
    """Say whether a place of the country stands right behind "capital": its name; a weekday or a person is none."""
    start = int(len(behind) > 0 and behind[0].lower_ in _BEFORE_ITS_NAME)
    named = (behind[start:end].text for end in range(start + 1, start + 1 + MAX_NAME_OF_CAPITAL))
    return any(
        e.country == code for text in named if text[:1].isupper() for e in gazetteer.named(text)
    )


def _may_begin(doc: Doc, start: int, first: int) -> bool:
    token = doc[start]
    if (
        start > first
        and doc[start - 1].text in JOINTS - {"/", "."}
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
        token.lower_ in ARTICLES
        and start + 2 < len(doc)
        and doc[start + 1].text == "-"
        and doc[start + 2].text[:1].isupper()
    )


def _may_end(token: Token) -> bool:
    """Say whether a name can end here; feeds write "Deir ezzor", too."""
    return bool(token.text[:1].isupper()) or _is_fused(token)


def _is_fused(token: Token) -> bool:
    """Say whether it is an Arabic article with its noun in small letters after a capital: "Deir ezzor"."""
    return (
        token.i > 0
        and bool(token.is_lower)
        and token.lower_.startswith(("ezz", "ez-", "az-", "al-", "ash-", "es-"))
        and bool(token.nbor(-1).text[:1].isupper())
    )


def _is_part_of_name(token: Token) -> bool:
    if token.text[:1].isupper() or token.text in JOINTS or _is_fused(token):
        return True
    return token.lower_ in _PARTICLES or token.text in ("'s", "’s", "d")


def _is_place(candidate: Candidate, people: Namesakes) -> bool:  # noqa: C901, PLR0911 - one line of evidence a return
    doc, sentence = candidate.sentence.doc, candidate.sentence
    best = max(candidate.entries, key=lambda entry: entry.people)
    big = candidate.entries[0].known or best.people >= MIN_PEOPLE_ALONE
    if _belongs_to_longer_name(candidate, big=big) or _is_of_people(candidate, people):
        return False
    if candidate.last > candidate.end and doc[candidate.last - 1].lower_ in words().streets:
        return False
    if candidate.text.lower().rstrip(".") in words().never:
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
    if (
        single
        and candidate.text in people.surnames
        and not (candidate.entries[0].known or candidate.where)
    ):
        return False
    if is_heading(candidate):
        return True
    if single and _is_common_word(doc[candidate.start]) and not candidate.entries[0].known:
        return (
            candidate.where
            and doc[candidate.start].pos_ in ("PROPN", "NOUN", "ADJ")
            and candidate.start > sentence.span.start
        )
    if candidate.where or big:
        return True
    if candidate.weak:
        # "A raid on Jenin refugee camp": its type word says that it is a place, however small.
        return candidate.typed is PlacePrecision.SITE or _is_known(candidate)
    if _tells_whose(candidate, people) or _is_struck(candidate, people):
        return True
    return _is_in_list(candidate) or begins_dateline(candidate) or is_heading(candidate)


def _is_of_people(candidate: Candidate, people: Namesakes) -> bool:
    """Say whether it is a word of a person's name, or a body's initials: "Ruben Zamora", "Zamora said", "the UP"."""
    doc, single = candidate.sentence.doc, candidate.end - candidate.start == 1
    if not single or candidate.last > candidate.end:
        return False
    if candidate.text in people.bodies:
        return True
    if candidate.entries[0].precision is not PlacePrecision.COUNTRY and persons.is_speaker_label(
        doc, candidate.start, candidate.end
    ):
        return True
    if candidate.end < candidate.sentence.span.end and doc[candidate.end].text in people.sure:
        return is_name_word(doc[candidate.end])
    tells = (
        candidate.start > 1 and doc[candidate.start - 2 : candidate.start].text == "according to"
    )
    told_by = tells and not (candidate.entries[0].known or candidate.entries[0].curated)
    return told_by or (candidate.text in people.sure and not candidate.where)


def _is_struck(candidate: Candidate, people: Namesakes) -> bool:
    """Say whether a town is what a verb is done to: "shelled Kherson", "Manbij was bombed"."""
    doc = candidate.sentence.doc
    root = doc[candidate.start : candidate.end].root
    done_to = root.dep_ in ("obj", "nsubj:pass") and root.head.pos_ == "VERB"
    return (
        (done_to or is_struck(candidate))
        and candidate.text not in people.surnames
        and _is_known(candidate)
    )


def _tells_whose(candidate: Candidate, people: Namesakes) -> bool:
    """Say whether a town's name stands before a common noun: "Akron police", "the Santa Monica shooting"."""
    doc, span = candidate.sentence.doc, candidate.sentence.span
    if candidate.end >= span.end or candidate.text in people.surnames:
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
            return not _leads_on(doc, candidate.end, span.end)
        if candidate.last == candidate.end and is_name_word(after):
            if _begins_typed_name(doc, candidate.end, span.end):
                return True
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


def _begins_typed_name(doc: Doc, position: int, limit: int) -> bool:
    """Say whether capitals run on from here to a type word: the "Vert camp" of "Lac Vert camp"."""
    while position < limit and is_name_word(doc[position]):
        position += 1
    return position < limit and doc[position].is_lower and doc[position].lower_ in words().types


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


_ROADS = frozenset({"road", "highway", "expressway", "axis", "motorway", "railway"})
MAX_ROAD_TOKENS = 4


def _leads_on(doc: Doc, end: int, limit: int) -> bool:
    """Say whether it is where a road begins: "the Kaduna-Birnin Gwari road"."""
    behind = doc[end + 1 : min(end + 1 + MAX_ROAD_TOKENS, limit)]
    road = next((n for n, token in enumerate(behind) if token.lower_ in _ROADS), 0)
    return road > 0 and all(token.text[:1].isupper() for token in behind[:road])


def _is_in_list(candidate: Candidate) -> bool:
    """Say whether it follows a comma or "and" and is followed by one, as parts of an address do."""
    doc, span = candidate.sentence.doc, candidate.sentence.span
    before = doc[candidate.first - 1].lower_ if candidate.first > span.start else ""
    return before in (",", "and", "/", "(") and _best_people(candidate) >= MIN_PEOPLE_AFTER_WEAK


def _is_known(candidate: Candidate) -> bool:
    """Say whether news may name the town without its country: it is not small, or of this project's own list."""
    curated = any(entry.curated for entry in candidate.entries)
    return curated or _best_people(candidate) >= MIN_PEOPLE_AFTER_WEAK


def _best_people(candidate: Candidate) -> int:
    return max(entry.people for entry in candidate.entries)
