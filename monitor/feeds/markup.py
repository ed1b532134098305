"""Pure: make an XML document harmless before a parser sees it."""

from __future__ import annotations

import re
import sys

MAX_ENTITIES = 300
MAX_ENTITY_CHARS = 64
"""Old feeds define a few accented letters; longer values, and such as refer to others, are made to blow up."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Characters that XML 1.0 (section 2.2) forbids. One of them would make a strict parser drop the document."""

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_ENTITY = re.compile(r"""<!ENTITY\s+([\w.-]{1,40})\s+(?:"([^"]*)"|'([^']*)')\s*>""")
_CHARACTER = re.compile(r"&#(?:\d{1,7}|x[0-9a-fA-F]{1,6});")
_REFERENCE = re.compile(r"&#(?:(\d{1,9})|[xX]([0-9a-fA-F]{1,8}));?")
_BARE = re.compile(r"&(?!#\d{1,7};|#x[0-9a-fA-F]{1,6};|[A-Za-z][\w.-]{0,39};)")
_OPAQUE = re.compile(r"(<!\[CDATA\[.*?\]\]>|<!--.*?-->)", re.DOTALL)


def harmless(text: str) -> str:
    """Return the document without declaration, without document type but short entities, without forbidden characters."""
    clean = _FORBIDDEN.sub("", text)
    start = clean.find("<")
    body = _escaped(_DECLARATION.sub("", clean[max(start, 0) :], count=1))
    kind = re.match(r"(?:\s|<!--.{0,2000}?-->|<\?.{0,500}?\?>)*<!DOCTYPE\b", body, re.DOTALL)
    if kind is None:
        return body
    end = _end_of_doctype(body, kind.end())
    return _doctype(body[kind.end() : end]) + body[end:].lstrip()


def _escaped(text: str) -> str:
    """Return the document with references to characters that XML knows only, and bare ampersands escaped."""
    if "&" not in text:
        return text
    parts = _OPAQUE.split(text)
    parts[::2] = [_BARE.sub("&amp;", _REFERENCE.sub(_known, part)) for part in parts[::2]]
    return "".join(parts)


def _known(found: re.Match[str]) -> str:
    number = int(found[1]) if found[1] else int(found[2], 16)
    if number > sys.maxunicode or _FORBIDDEN.match(chr(number)):
        return "\ufffd"
    return f"&#{number};"


def _end_of_doctype(text: str, start: int) -> int:
    """Return where the document type ends: brackets may hold declarations, with quotes and comments in them."""
    bracket, close = text.find("[", start), text.find(">", start)
    if close < 0:
        return len(text)
    if bracket < 0 or bracket > close:
        return close + 1
    end = re.compile(r"\]\s*>").search(text, bracket)
    return end.end() if end else len(text)


def _doctype(subset: str) -> str:
    kept = [
        f'<!ENTITY {found[1]} "{value}">'
        for found in _ENTITY.finditer(subset[: MAX_ENTITIES * 200])
        if (value := found[2] or found[3] or "") and _short(value)
    ]
    return f"<!DOCTYPE feed [{''.join(kept[:MAX_ENTITIES])}]>" if kept else ""


def _short(value: str) -> bool:
    bare = _CHARACTER.sub("", value)
    return len(value) <= MAX_ENTITY_CHARS and not set(bare) & set("&%<\"'")
