"""HTML of a feed's entry or a page to plain text: one paragraph a line, entities decoded once.

Page furniture is not judged here: dedupe discounts what one host repeats, extraction knows its own.
"""

from __future__ import annotations

import html
import re
import unicodedata

from lxml import etree
from lxml import html as lxml_html

MAX_TEXT_CHARS = 4_000_000
"""Longer texts are cut by ``plain``; a raw topic takes messages of 5 MiB (its card)."""

_TAG = re.compile(r"<(?:[a-zA-Z!?][^<>]*|/[a-zA-Z][^<>]*)>")
_WHOLE_TAG = re.compile(
    r"""<(?:[a-zA-Z!?](?:[^<>"']|"[^"]{0,999}"|'[^']{0,999}')*|/[a-zA-Z][^<>]*)>"""
)
"""A tag whose attributes may hold ``>``; their length is limited, so that no text takes long."""
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n[ \n]*")
_SILENT = frozenset(
    "script style template noscript iframe object svg math head title textarea select button".split()
)
_BLOCKS = frozenset(
    (
        "p div br li ul ol dl dt dd h1 h2 h3 h4 h5 h6 table tr td th thead tbody section article aside header footer "
        "main nav figure figcaption blockquote pre hr form fieldset address details summary"
    ).split()
)
_SILENT_TAG = re.compile(rf"<(?:{'|'.join(sorted(_SILENT))})\b", re.IGNORECASE)
_SILENT_ELEMENT = re.compile(
    r"<(script|style|template|noscript|iframe|object|svg|math|title|textarea)\b.*?(?:</\1\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def plain(source: str) -> str:
    """Return the plain text of ``source``, which may be HTML or plain text already.

    Entities are decoded once: ``&amp;lt;`` becomes ``&lt;`` and stays so. Never raises.
    """
    cut = source[:MAX_TEXT_CHARS]
    if _TAG.search(cut):
        return tidy(_from_html(cut))
    return tidy(html.unescape(cut) if _ENTITY.search(cut) else cut)


def tidy(text: str) -> str:
    """Return text in NFC with spaces and empty lines collapsed and control characters gone."""
    kept = _CONTROLS.sub("", _readable(text))
    return _LINES.sub("\n", _SPACES.sub(" ", kept)).strip()


def one_line(source: str) -> str:
    """Return a title: plain text on one line."""
    return " ".join(plain(source).split())


def _readable(text: str) -> str:
    """Lone surrogates cannot be encoded and would stop the record at the wire."""
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", whole.encode("utf-8", "replace").decode())


def _from_html(source: str) -> str:
    """Elements nested past the parser's depth would take their text with them, so an empty result is not believed."""
    try:
        root = lxml_html.fragment_fromstring(
            source.replace("\x00", ""),
            create_parent="div",
            parser=lxml_html.HTMLParser(huge_tree=True),
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        return _stripped(source)
    text = _text_of(root)
    if text.strip() or _SILENT_TAG.search(source):
        return text
    return _stripped(source)


def _stripped(source: str) -> str:
    """Return what is left without tags, for markup that no parser makes sense of."""
    visible = _WHOLE_TAG.sub(" ", _SILENT_ELEMENT.sub(" ", source))
    return html.unescape(_TAG.sub(" ", visible))


def _text_of(root: etree._Element) -> str:
    parts: list[str] = []
    skipped = 0
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        skipped = _walk(event, node, skipped, parts)
    return "".join(parts)


def _walk(event: str, node: etree._Element, skipped: int, parts: list[str]) -> int:
    """Add what one step of the walk says to ``parts``; return how deep in silent elements it is."""
    if event in ("comment", "pi"):
        _add(node.tail, skipped, parts)
        return skipped
    tag = str(node.tag)
    if event == "start":
        skipped += tag in _SILENT
        parts.append("\n" if tag in _BLOCKS else "")
        _add(node.text, skipped, parts)
        return skipped
    skipped -= tag in _SILENT
    parts.append("\n" if tag in _BLOCKS else "")
    _add(node.tail, skipped, parts)
    return skipped


def _add(text: str | None, skipped: int, parts: list[str]) -> None:
    """Line breaks in HTML source are spaces; only elements break lines."""
    if text and not skipped:
        parts.append(re.sub(r"\s+", " ", text))
