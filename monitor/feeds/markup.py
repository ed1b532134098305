"""Pure: make an XML document harmless before a parser sees it."""

from __future__ import annotations

import re

MAX_ENTITIES = 300
MAX_ENTITY_CHARS = 64
"""Old feeds define a few accented letters; longer values, and such as refer to others, are made to blow up."""

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Characters that XML 1.0 (section 2.2) forbids. One of them would make a strict parser drop the document."""

_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>")
_ENTITY = re.compile(r"""<!ENTITY\s+([\w.-]{1,40})\s+(?:"([^"]*)"|'([^']*)')\s*>""")
_CHARACTER = re.compile(r"&#(?:\d{1,7}|x[0-9a-fA-F]{1,6});")


def harmless(text: str) -> str:
    """Return the document without declaration, without document type but short entities, without forbidden characters."""
    clean = _FORBIDDEN.sub("", text)
    start = clean.find("<")
    body = _DECLARATION.sub("", clean[max(start, 0) :], count=1)
    kind = re.match(r"(?:\s|<!--.{0,2000}?-->|<\?.{0,500}?\?>)*<!DOCTYPE\b", body, re.DOTALL)
    if kind is None:
        return body
    end = _end_of_doctype(body, kind.end())
    return _doctype(body[kind.end() : end]) + body[end:].lstrip()


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
