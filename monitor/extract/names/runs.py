"""Find where names begin and end: runs of capitalised tokens with what may stand between them.

Capitals say more about names than tags do where the names are foreign, and tags say more where
everything is capitalised (headlines) or nothing tells (the first word of a sentence). Both are
used. Runs are then cut at titles and nationality words, which are no part of a name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from monitor.extract.names.words import NameWords, is_organisation, place_weight, words
from monitor.extract.people.nouns import load_nouns

MAX_NAME_TOKENS = 14
MAX_LISTED_TOKENS = 5
# In a headline in title case most words of more than three letters begin with a capital.
HEADLINE_SHARE = 0.7
HEADLINE_WORDS = 3
LONG_WORD = 4
_HYPHENS = frozenset("-‐‑–")
_PLACES_WITH_OF = frozenset({"gulf", "strait", "line", "bay", "sea", "horn", "cape", "isle"})
_LINKS = frozenset({"of", "for"})
_CONTENT_TAGS = frozenset({"NOUN", "VERB", "ADJ"})
_NAME_TAGS = frozenset({"PROPN"})
_MAYBE_NAME_TAGS = frozenset({"NOUN", "ADJ", "X", "VERB", "ADV", "INTJ", "NUM"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Tokens ``[start, end)`` of a document that may be one name, and whether a title stood before."""

    doc: Doc
    start: int
    end: int
    titled: bool = False

    @property
    def text(self) -> str:
        """The name as it stands in the text."""
        return str(self.doc[self.start : self.end].text)


def runs(sentence: Span) -> Iterator[Run]:
    """Yield the possible names of one sentence, in order, titles and nationality words cut off."""
    known = words()
    headline = _is_headline(sentence)
    position = sentence.start
    while position < sentence.end:
        end = _end_of_run(sentence, position, known, headline=headline)
        if end > position:
            yield from _cut(sentence.doc, position, end, known)
        position = max(end, position + 1)


def _is_headline(sentence: Span) -> bool:
    """Say whether capitals tell nothing here: title case or all capitals."""
    long_words = [t for t in sentence if len(t.text) >= LONG_WORD and t.is_alpha]
    small = [t for t in long_words if t.text.islower()]
    if len(long_words) < HEADLINE_WORDS or any(t.pos_ in _CONTENT_TAGS for t in small):
        return False
    return len(long_words) - len(small) >= HEADLINE_SHARE * len(long_words)


def _end_of_run(sentence: Span, start: int, known: NameWords, *, headline: bool) -> int:
    """Return where the run that begins at `start` ends; `start` itself where none begins."""
    doc = sentence.doc
    first = _after_particle(doc, start, sentence.end, known)
    listed = _end_of_listed(sentence, start)
    if listed == start and not _is_name_token(sentence, doc[first], known, headline=headline):
        return start
    end = max(first + 1, listed)
    while end < sentence.end and end - start < MAX_NAME_TOKENS:
        step = _joined(sentence, start, end, known, headline=headline)
        if step == end:
            return end
        end = step
    return end


def _end_of_listed(sentence: Span, start: int) -> int:
    """Return where a listed name of several words ends ("Human Rights Watch"); else `start`."""
    doc = sentence.doc
    if not doc[start].text[0].isupper() or doc[start].lower_ == "the":
        return start
    for end in range(min(start + MAX_LISTED_TOKENS, sentence.end), start + 1, -1):
        text = doc[start:end].text
        if doc[end - 1].text[0].isupper() and (is_organisation(text) or place_weight(text) >= 1):
            return end
    return start


def _after_particle(doc: Doc, start: int, stop: int, known: NameWords) -> int:
    """Return the token behind a small "al-" that opens a name; `start` where there is none."""
    opens = (
        start + 2 < stop
        and doc[start].text.islower()
        and doc[start].text in known.particles
        and doc[start + 1].text in _HYPHENS
        and not doc[start].whitespace_
    )
    return start + 2 if opens else start


def _is_name_token(sentence: Span, token: Token, known: NameWords, *, headline: bool) -> bool:
    text, lower = token.text, token.lower_
    if not text[0].isupper() or lower in known.no_names or not any(c.isalpha() for c in text):
        return False
    if token.pos_ in _NAME_TAGS:
        # "Aides said": whoever they are, their capital is the sentence's.
        common = token.is_stop or lower in load_nouns().plural
        return not (common and _opens_sentence(sentence, token))
    if token.pos_ not in _MAYBE_NAME_TAGS or headline:
        return _is_known(token, known) and not token.is_stop
    if _opens_sentence(sentence, token):
        return _is_known(token, known) or _leads_name(token)
    return not token.is_stop


def _is_known(token: Token, known: NameWords) -> bool:
    text = token.text
    if token.lower_ in known.groups or text in known.given_names:
        return True
    return is_organisation(text) or place_weight(text) > 1


def _leads_name(token: Token) -> bool:
    """Say whether the first word of a sentence belongs to the name that follows it."""
    if token.i + 1 >= len(token.doc):
        return False
    following = token.nbor()
    if following.text in _HYPHENS:
        return not following.whitespace_ and token.pos_ == "X"
    return following.text[0].isupper() and following.pos_ == "PROPN" and token.is_title


def _opens_sentence(sentence: Span, token: Token) -> bool:
    """Say whether a capital tells nothing since the word opens a sentence or a quotation."""
    if token.i == sentence.start:
        return True
    before = token.nbor(-1)
    return before.is_quote or (
        before.text in {":", "-", "–", "—", "--"} and before.whitespace_ != ""
    )


def _joined(sentence: Span, start: int, end: int, known: NameWords, *, headline: bool) -> int:
    """Return the end of the run with its next part; `end` where nothing more belongs to it."""
    doc, stop = sentence.doc, sentence.end
    token = doc[end]
    if doc[end - 1].text not in _HYPHENS and token.text in _HYPHENS:
        return _after_hyphen(sentence, end, known)
    if not doc[end - 1].whitespace_:
        return end + 2 if _is_possessive_inside(sentence, start, end, known) else end
    if token.text.islower() and token.text in known.particles:
        after = _after_particle(doc, end, stop, known)
        after = after if after > end else end + 1
        inside = after < stop and doc[after].text[0].isupper() and doc[after].pos_ != "PRON"
        return after + 1 if inside else end
    if token.text in _LINKS or token.text == "in":
        return _after_link(sentence, start, end, known)
    if token.lower_ == "and":
        return _after_and(sentence, start, end)
    inside = _is_name_token(sentence, token, known, headline=headline)
    return end + 1 if inside or _is_enclosed(sentence, token, headline=headline) else end


def _is_enclosed(sentence: Span, token: Token, *, headline: bool) -> bool:
    """Say whether a capitalised word stands before a proper noun, within a name ("Kim Yo Jong")."""
    if headline or not token.text[0].isupper() or token.i + 1 >= sentence.end:
        return False
    after = token.nbor()
    return token.whitespace_ != "" and after.text[0].isupper() and after.pos_ == "PROPN"


def _after_hyphen(sentence: Span, hyphen: int, known: NameWords) -> int:
    """Return the end after "-Zaman", "-e-Taliban"; the hyphen itself before "-led", "-based"."""
    doc = sentence.doc
    glued = not doc[hyphen].whitespace_ and not doc[hyphen - 1].whitespace_
    if not glued or hyphen + 1 >= sentence.end:
        return hyphen
    after = doc[hyphen + 1]
    if after.text[0].isupper() or after.text[0].isdigit():
        return hyphen + 2
    inner = hyphen + 3 < sentence.end and doc[hyphen + 2].text in _HYPHENS
    if inner and after.text in known.particles and doc[hyphen + 3].text[0].isupper():
        return hyphen + 4
    return hyphen


def _is_possessive_inside(sentence: Span, start: int, end: int, known: NameWords) -> bool:
    """Say whether "'s" stands inside a name ("Lord's Resistance Army"), not after one ("Iraq's")."""
    doc = sentence.doc
    if doc[end].lower_ not in {"'s", "’s"} or end + 1 >= sentence.end:
        return False
    owner = doc[start:end].text
    if place_weight(owner) >= 1 or owner.lower() in known.groups or is_organisation(owner):
        return False
    tail = doc[end + 1 : min(end + 4, sentence.end)]
    capitals = [t.lower_ for t in tail if t.text[0].isupper()]
    kinds = known.organisation_words | known.place_words
    return bool(capitals) and doc[end + 1].text[0].isupper() and capitals[-1] in kinds


def _after_link(sentence: Span, start: int, link: int, known: NameWords) -> int:
    """Return the end after "of Interior", "for Human Rights", "in the Islamic Maghreb"."""
    doc = sentence.doc
    after = link + 1
    while after < sentence.end and doc[after].lower_ == "the":
        after += 1
    if after >= sentence.end or not doc[after].text[0].isupper():
        return link
    head = doc[link - 1].lower_
    if doc[link].text == "in":
        return after + 1 if is_organisation(doc[start:link].text) and after > link + 1 else link
    if head in known.organisation_words or head in _PLACES_WITH_OF:
        return after + 1
    return link


def _after_and(sentence: Span, start: int, link: int) -> int:
    """Return the end after "and Baluchestan" where the gazetteer knows the whole name."""
    doc = sentence.doc
    for end in range(min(link + 3, sentence.end), link + 1, -1):
        if doc[end - 1].text[0].isupper() and place_weight(doc[start:end].text) >= 1:
            return end
    return link


def _cut(doc: Doc, start: int, end: int, known: NameWords) -> Iterator[Run]:
    """Yield the names in a run: before its last title, and after it."""
    if _is_body(doc, start, end, known):
        yield Run(doc=doc, start=start, end=end)
        return
    last_title = _last_title(doc, start, end, known)
    if last_title is None:
        yield from _without_groups(doc, start, end, known, titled=_title_before(doc, start, known))
        return
    before = last_title
    while before > start and doc[before - 1].lower_ in known.titles:
        before -= 1
    if before > start:
        yield from _without_groups(doc, start, before, known, titled=False)
    if last_title + 1 < end:
        yield from _without_groups(doc, last_title + 1, end, known, titled=True)


def _is_body(doc: Doc, start: int, end: int, known: NameWords) -> bool:
    """Say whether a run is a known name or ends like that of a body, so that titles belong to it."""
    last = doc[end - 1].lower_
    text = doc[start:end].text
    if is_organisation(text) or (end - start > 1 and place_weight(text) > 0):
        return True
    has_link = any(token.text in _LINKS for token in doc[start:end])
    heads = [t.lower_ for t in doc[start:end] if t.nbor().text in _LINKS] if has_link else []
    return end - start > 1 and (
        last in known.organisation_words or any(h in known.organisation_words for h in heads)
    )


def _last_title(doc: Doc, start: int, end: int, known: NameWords) -> int | None:
    titles = [i for i in range(start, end) if doc[i].lower_ in known.titles]
    return titles[-1] if titles else None


def _title_before(doc: Doc, start: int, known: NameWords) -> bool:
    """Say whether a title or role in lower case stands right before ("cleric Muqtada al-Sadr")."""
    if start == 0 or not doc[start - 1].whitespace_:
        return False
    before = doc[start - 1]
    return before.text.islower() and (before.text in known.titles or before.text in known.roles)


def _without_groups(
    doc: Doc, start: int, end: int, known: NameWords, *, titled: bool
) -> Iterator[Run]:
    """Yield a run without the nationality words at its front, and these as runs of their own."""
    while start < end and doc[start].lower_ in known.groups and not _is_fixed(doc, start, end):
        yield Run(doc=doc, start=start, end=start + 1)
        start += 1
        while start < end and doc[start].text in _HYPHENS:
            start += 1
    if start < end and not (end - start == 1 and _is_common(doc[start].lower_, known)):
        yield Run(doc=doc, start=start, end=end, titled=titled)


def _is_common(word: str, known: NameWords) -> bool:
    """Say whether a word alone is no name though it may be part of one ("Police said")."""
    return word in known.organisation_words or word in known.roles or word in known.titles


def _is_fixed(doc: Doc, start: int, end: int) -> bool:
    """Say whether a nationality word is part of a name ("Arab League", "Karen Hills")."""
    text = doc[start:end].text
    return end - start > 1 and (is_organisation(text) or place_weight(text) >= 1)
