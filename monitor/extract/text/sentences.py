"""Make an article a `Reading`: its title and paragraphs in sentences, page furniture left out.

All repairs (line wraps joined, capitals recased, mark-up blanked) keep every character at its place,
so the offset of a token in a parsed block is its offset in the article.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise

from spacy.tokens import Doc, Span

from monitor.extract.facts import Reading, Sentence
from monitor.extract.text import furniture, recase
from schemas.article import Article

TITLE, TEXT = "title", "text"
_PARAGRAPH_GAP = re.compile(r"\n[ \t\xa0]*\n\s*|\n(?=[ \t]{2,}\S)")
_LINE = re.compile(r"[^\n]+")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
_BLOCK_TAG = re.compile(
    r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|td|table|blockquote|section|article)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"<(script|style)\b[^<>]{0,500}>.{0,20000}?</\1\s*>", re.IGNORECASE | re.DOTALL
)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,500}>")
_ENTITY = re.compile(r"&(?:#\d{1,6}|#x[0-9a-fA-F]{1,5}|[a-zA-Z]{2,8});")
_ENTITIES = {
    "&amp;": "&",
    "&quot;": '"',
    "&apos;": "'",
    "&#39;": "'",
    "&#039;": "'",
    "&rsquo;": "’",
    "&lsquo;": "‘",
    "&ldquo;": "“",
    "&rdquo;": "”",
    "&#8217;": "’",
    "&#8216;": "‘",
    "&#8220;": "“",
    "&#8221;": "”",
    "&#8211;": "–",
    "&ndash;": "–",
    "&#8212;": "—",
    "&mdash;": "—",
}
# Wire copy is wrapped at 60 to 80 columns; a paragraph in one line is longer, a heading shorter.
MIN_WRAP, MAX_WRAP = 45, 110
# "NAIROBI (Reuters) -", "KABUL, Afghanistan, March 3 (AP) --", "ISLAMABAD:": names and a day, then what closes them.
_NAME = r"(?:[A-Z][\w.'’-]*|[0-9]{1,4}|al-[A-Z]\w+|de|del|la|el|of)"
_DATELINE = re.compile(
    rf"\s*(?:{_NAME}(?:[ ,/]+{_NAME}){{0,7}}[ ,]*(?:\([^()\n]{{2,40}}\))?\s*(?:--|[-–—])|[A-Z][A-Z' -]{{3,30}}:)"
    r"\s+(?=[\"'“‘\[A-Z0-9])"
)
# What stands over a text is a line of so many words, and ends without a stop.
MIN_HEADING_WORDS, MAX_HEADING_WORDS = 3, 20
_STOPS = ".?!:;,)\"'’”-–—"
_SENTENCE_GAP = re.compile(r"(?<=[.?!])[\"'”’)]?\s{2,}(?=\S)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of an article that is parsed for itself: ``text`` stands at ``offset`` of ``field``."""

    field: str
    paragraph: int
    offset: int
    text: str
    headline: bool = False


def plain(text: str) -> str:
    """Return `text`, of the same length, with mark-up and control characters blanked out."""
    if "<" in text:
        text = _HIDDEN.sub(_blank, text)
        text = _BLOCK_TAG.sub(lambda match: "\n\n".ljust(len(match.group())), text)
        text = _TAG.sub(_blank, text)
    if "&" in text:
        text = _ENTITY.sub(lambda m: _ENTITIES.get(m.group(), " ").ljust(len(m.group())), text)
    return _CONTROL.sub(" ", text)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def blocks(
    title: str, text: str, common: Container[str], keep: Callable[[str], bool] | None = None
) -> tuple[Block, ...]:
    """Return what is to be parsed of an article: the title, then each paragraph that is no furniture."""
    found = (
        [Block(field=TITLE, paragraph=0, offset=0, text=_title(title, common), headline=True)]
        if title.strip()
        else []
    )
    said = {title.strip().casefold()} if title.strip() else set()
    for number, (offset, paragraph) in enumerate(_paragraphs(plain(text)), start=1):
        stripped = paragraph.strip()
        if stripped.casefold() in said or (keep is None and furniture.is_furniture(stripped)):
            continue
        said.add(stripped.casefold())
        found += _cut(number, offset, _repaired(paragraph, common))
    if len(found) > 1 and found[0].field == TEXT and _is_heading(found[0], found[1]):
        found[0] = replace(found[0], headline=True)
    return tuple(found)


def _is_heading(first: Block, second: Block) -> bool:
    """Say whether the first line of an article without a title stands for one: short, and no sentence with its stop."""
    words = len(first.text.split())
    line = MIN_HEADING_WORDS <= words <= MAX_HEADING_WORDS and first.text[0].isupper()
    return line and first.paragraph != second.paragraph and first.text[-1] not in _STOPS


def _title(title: str, common: Container[str]) -> str:
    return _repaired(furniture.without_outlet(plain(title).replace("\n", " ")), common)


def _repaired(paragraph: str, common: Container[str]) -> str:
    masked = furniture.mask(paragraph)
    return recase.recase(masked, common) if recase.in_capitals(masked) else masked


def _cut(number: int, offset: int, text: str) -> list[Block]:
    """Cut a paragraph behind its dateline, which is no part of the sentence, and where typists leave two blanks."""
    dateline = _DATELINE.match(text)
    begin = [dateline.end()] if dateline else []
    gaps = [m.end() for m in _SENTENCE_GAP.finditer(text, *begin)]
    edges = [0, *begin, *gaps, len(text)]
    pieces = [(start, text[start:end]) for start, end in pairwise(edges)]
    return [
        Block(
            field=TEXT, paragraph=number, offset=offset + start + _indent(piece), text=piece.strip()
        )
        for start, piece in pieces
        if piece.strip()
    ]


def _indent(piece: str) -> int:
    return len(piece) - len(piece.lstrip())


def _paragraphs(text: str) -> Iterable[tuple[int, str]]:
    start = 0
    for gap in [*_PARAGRAPH_GAP.finditer(text), None]:
        end = gap.start() if gap else len(text)
        yield from _lines(start, text[start:end])
        start = gap.end() if gap else end


def _lines(start: int, chunk: str) -> Iterable[tuple[int, str]]:
    """Yield the chunk in one piece where its lines are wrapped, else line by line."""
    lines = list(_LINE.finditer(chunk))
    if len(lines) > 1 and _wrapped([line.group().rstrip() for line in lines]):
        yield start, chunk.replace("\n", " ")
        return
    yield from ((start + line.start(), line.group()) for line in lines if line.group().strip())


def _wrapped(lines: list[str]) -> bool:
    """Say whether all lines but the last are about as long as each other, and of a typist's width."""
    widths = [len(line) for line in lines[:-1]]
    if max(len(line) for line in lines) > MAX_WRAP:
        return False
    return sum(width >= MIN_WRAP for width in widths) >= 0.8 * len(widths)


def reading(
    article: Article,
    blocks: Iterable[Block],
    docs: Iterable[Doc],
    language: str | None,
    max_sentences: int,
) -> Reading:
    """Return the reading of an article from its blocks and their parses, in the same order."""
    found: list[Sentence] = []
    for block, doc in zip(blocks, docs, strict=True):
        found += [
            Sentence(
                index=0,
                paragraph=block.paragraph,
                field=block.field,
                offset=block.offset,
                span=span,
                headline=block.headline,
            )
            for span in _sentences(doc)
            if str(span.text).strip()
        ]
    numbered = tuple(
        replace(sentence, index=index) for index, sentence in enumerate(found[:max_sentences])
    )
    return Reading(
        article_id=article.article_id,
        source=article.source,
        published=_utc(article.published),
        utc_offset_minutes=article.utc_offset_minutes,
        sentences=numbered,
        title=article.title,
        language=language,
        source_country=article.source_country,
    )


# "Around 10 p.m. Saturday": the stop behind the hour ends no sentence.
_HOUR = re.compile(r"\b[ap]\.?m\.$", re.IGNORECASE)
_THEN_A_DAY = re.compile(
    r"(?:(?:on )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|(?:on )?[A-Z][a-z]{2,8}\.? \d{1,2})\b(?!['’]s)"
)
_VERBAL = frozenset({"VERB", "AUX"})


def _sentences(doc: Doc) -> Iterator[Span]:
    """Yield the sentences of a parse; one that was cut behind "p.m.", where its day follows, in one piece."""
    waiting: Span | None = None
    for span in doc.sents:
        if waiting is not None and _goes_on(waiting, span):
            waiting = doc[waiting.start : span.end]
            continue
        if waiting is not None:
            yield waiting
        waiting = span
    if waiting is not None:
        yield waiting


def _goes_on(first: Span, second: Span) -> bool:
    """Say whether `second` begins with the day of the hour at the end of `first`; "Monday was quiet" begins anew."""
    told = _THEN_A_DAY.match(second.text)
    if told is None or not _HOUR.search(first.text.rstrip()):
        return False
    behind = second.char_span(0, told.end(), alignment_mode="expand")
    following = second[len(behind) :] if behind is not None else second
    return not following or following[0].pos_ not in _VERBAL


def _utc(published: datetime | None) -> datetime | None:
    if published is None:
        return None
    return published.replace(tzinfo=UTC) if published.tzinfo is None else published.astimezone(UTC)
