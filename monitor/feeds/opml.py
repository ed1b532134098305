"""OPML 2.0 in and out (opml.org/spec2): nested outlines keep their folders, and what was read is written again equal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from lxml import etree

from monitor.feeds.charset import decode
from monitor.feeds.feed import Feed, FullText
from monitor.feeds.markup import harmless
from monitor.hidden import without_userinfo

NAMESPACE = "urn:news-monitor:opml:1"
"""Ours, for what OPML has no attribute for: country, kind, interval, full text, proxy."""

MAX_FILE_BYTES = 32 << 20
MAX_DEPTH = 50
MAX_NAME_CHARS = 300
_OURS = f"{{{NAMESPACE}}}"


class OpmlError(ValueError):
    """The bytes are no OPML; the message says why."""


class Fate(StrEnum):
    """What became of an outline."""

    TAKEN = "taken"
    TWICE = "twice"
    KNOWN = "known"
    NOT_WEB = "not_web"
    BAD_VALUE = "bad_value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One outline that names a feed: where it stood, what became of it, and the feed where it was taken."""

    number: int
    url: str
    fate: Fate
    detail: str = ""
    feed: Feed | None = None


def read(raw: bytes) -> tuple[Line, ...]:
    """Return what became of each outline with an ``xmlUrl``, in order.

    Raises:
        OpmlError: it is no OPML.
    """
    root = _root(raw)
    body = root.find("body") if root.tag == "opml" else None
    if body is None:
        msg = f"no OPML: the document is <{root.tag}> without an OPML body"
        raise OpmlError(msg)
    seen: set[str] = set()
    return tuple(_line(node, folder, seen) for node, folder in _outlines(body, ()))


def feeds(raw: bytes) -> tuple[Feed, ...]:
    """Return the feeds of an OPML document.

    Raises:
        OpmlError: it is no OPML.
    """
    return tuple(line.feed for line in read(raw) if line.feed is not None)


def _root(raw: bytes) -> etree._Element:
    if len(raw) > MAX_FILE_BYTES:
        msg = f"over {MAX_FILE_BYTES} bytes"
        raise OpmlError(msg)
    root = _tree(harmless(decode(raw)))
    if root is None:
        msg = "not XML"
        raise OpmlError(msg)
    return root


def _tree(text: str) -> etree._Element | None:
    """Return the root, ``None`` where a lenient parser found nothing at all."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _attribute(node: etree._Element, name: str) -> str:
    """Return an attribute whatever case it is written in: ``xmlurl`` and ``XMLURL`` are met too."""
    exact = node.get(name)
    given = ((str(k), str(v)) for k, v in node.attrib.items())
    loose = next((v for k, v in given if k.lower() == name.lower()), "")
    return (loose if exact is None else str(exact)).strip()


def _outlines(
    node: etree._Element, folder: tuple[str, ...]
) -> Iterator[tuple[etree._Element, tuple[str, ...]]]:
    if len(folder) > MAX_DEPTH:
        return
    for child in node.iterchildren("outline"):
        if _attribute(child, "xmlUrl"):
            yield child, folder
            inside = folder
        else:
            name = _attribute(child, "text") or _attribute(child, "title")
            inside = (*folder, name[:MAX_NAME_CHARS])
        yield from _outlines(child, inside)


def _line(node: etree._Element, folder: tuple[str, ...], seen: set[str]) -> Line:
    url = _attribute(node, "xmlUrl")
    number = _line_of(node)
    for scheme in ("feed://", "feed:"):
        if url.startswith(scheme):
            rest = url.removeprefix(scheme)
            url = rest if rest.startswith("http") else f"https://{rest}"
    if not url.lower().startswith(("http://", "https://")):
        return Line(number=number, url=url, fate=Fate.NOT_WEB, detail="neither http nor https")
    if url in seen:
        return Line(number=number, url=url, fate=Fate.TWICE, detail="stands further up too")
    seen.add(url)
    try:
        feed = _feed(node, url, folder)
    except ValueError as exc:
        return Line(number=number, url=url, fate=Fate.BAD_VALUE, detail=str(exc))
    return Line(number=number, url=url, fate=Fate.TAKEN, feed=feed)


def _line_of(node: etree._Element) -> int:
    at: object = node.sourceline
    return at if isinstance(at, int) else 0


def _feed(node: etree._Element, url: str, folder: tuple[str, ...]) -> Feed:
    ours = {k: node.get(_OURS + k) for k in ("country", "kind", "interval", "fullText", "proxy")}
    return Feed(
        url=url,
        name=(_attribute(node, "text") or _attribute(node, "title"))[:MAX_NAME_CHARS],
        language=_attribute(node, "language") or None,
        country=ours["country"],
        kind=ours["kind"],
        interval_s=float(ours["interval"]) if ours["interval"] else None,
        full_text=FullText(ours["fullText"]) if ours["fullText"] else None,
        proxy=ours["proxy"],
        site=_attribute(node, "htmlUrl"),
        folder=folder,
    )


def write(given: Iterable[Feed], title: str = "news-monitor", *, signed_in: bool = False) -> bytes:
    """Return an OPML document with the feeds in their folders; with their passwords only where ``signed_in`` is set."""
    root = etree.Element("opml", {"version": "2.0"}, nsmap={"nm": NAMESPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    folders: dict[tuple[str, ...], etree._Element] = {(): body}
    for feed in given:
        parent = _folder(folders, feed.folder)
        etree.SubElement(parent, "outline", _attributes(feed, signed_in=signed_in))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _folder(
    folders: dict[tuple[str, ...], etree._Element], path: tuple[str, ...]
) -> etree._Element:
    if path not in folders:
        parent = _folder(folders, path[:-1])
        folders[path] = etree.SubElement(parent, "outline", {"text": path[-1]})
    return folders[path]


def _attributes(feed: Feed, *, signed_in: bool) -> dict[str, str]:
    given = {
        "text": feed.name or feed.url,
        "type": "rss",
        "xmlUrl": feed.signed_in(feed.url) if signed_in else feed.url,
        "htmlUrl": feed.site,
        "language": feed.language,
        f"{_OURS}country": feed.country,
        f"{_OURS}kind": feed.kind,
        f"{_OURS}interval": f"{feed.interval_s:g}" if feed.interval_s else None,
        f"{_OURS}fullText": feed.full_text,
        f"{_OURS}proxy": feed.proxy if signed_in else without_userinfo(feed.proxy),
    }
    return {name: str(value) for name, value in given.items() if value}
