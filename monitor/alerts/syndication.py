"""Write alerts as an Atom feed or a JSON Feed, newest first, for readers that pull.

Sources: RFC 4287 (Atom), JSON Feed 1.1. Ids are the alerts' own, so that a reader knows an entry again wherever the
board stands. An alert's words are plain text: nothing of a source becomes markup.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from lxml import etree

from monitor.alerts.cap import grade
from monitor.alerts.printing import for_xml
from monitor.alerts.sources import link_of
from schemas.alert import Alert

ATOM = "http://www.w3.org/2005/Atom"
ATOM_MEDIA_TYPE = "application/atom+xml"
_NAMESPACES: dict[Any, str] = {None: ATOM}  # lxml's stubs do not know the default namespace
JSON_FEED = "https://jsonfeed.org/version/1.1"
JSON_FEED_MEDIA_TYPE = "application/feed+json"

_encoder = msgspec.json.Encoder(order="deterministic")
_NEVER = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """What a feed of alerts is: its title, its own address, the page it belongs to, and each alert's page.

    ``page_of`` gives ``None`` where an alert has no page; its source's address stands there then.
    """

    title: str
    self_url: str
    home_url: str
    page_of: Callable[[Alert], str | None] = lambda _: None


def atom(alerts: Iterable[Alert], channel: Channel) -> bytes:
    """Return an Atom feed: UTF-8 XML, the same bytes for the same alerts."""
    told = newest_first(alerts)
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap=_NAMESPACES)
    _add(feed, "id", channel.self_url)
    _add(feed, "title", channel.title)
    _add(feed, "updated", _time(told_at(told[0]) if told else _NEVER))
    _link(feed, "self", channel.self_url)
    _link(feed, "alternate", channel.home_url)
    _add(etree.SubElement(feed, f"{{{ATOM}}}author"), "name", "news-monitor")
    for alert in told:
        _entry(feed, alert, channel)
    written: bytes = etree.tostring(feed, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def json_feed(alerts: Iterable[Alert], channel: Channel) -> bytes:
    """Return a JSON Feed: UTF-8 JSON, the same bytes for the same alerts."""
    return _encoder.encode(
        {
            "version": JSON_FEED,
            "title": channel.title,
            "home_page_url": channel.home_url,
            "feed_url": channel.self_url,
            "authors": [{"name": "news-monitor"}],
            "items": [_item(alert, channel) for alert in newest_first(alerts)],
        }
    )


def newest_first(alerts: Iterable[Alert]) -> Sequence[Alert]:
    """Return the alerts by when they were told, the newest first; by id where that is the same."""
    return sorted(alerts, key=lambda alert: (told_at(alert), alert.alert_id), reverse=True)


def told_at(alert: Alert) -> datetime:
    """Return when the monitor learned what an alert tells."""
    return alert.fetched_at or alert.published or _NEVER


def _entry(feed: etree._Element, alert: Alert, channel: Channel) -> None:
    entry = etree.SubElement(feed, f"{{{ATOM}}}entry")
    _add(entry, "id", "urn:news-monitor:alert:" + alert.alert_id)
    _add(entry, "title", alert.title)
    _add(entry, "updated", _time(told_at(alert)))
    _add(entry, "published", _time(told_at(alert)))
    if link := channel.page_of(alert) or link_of(alert):
        _link(entry, "alternate", link)
    for tag in _tags(alert):
        etree.SubElement(entry, f"{{{ATOM}}}category", term=tag)
    _add(entry, "summary", alert.text)


def _item(alert: Alert, channel: Channel) -> dict[str, Any]:
    link, source = channel.page_of(alert), link_of(alert)
    fields = {
        "id": alert.alert_id,
        "url": link or source,
        "external_url": source if link else None,
        "title": alert.title,
        "content_text": alert.text,
        "date_published": _time(told_at(alert)),
        "tags": _tags(alert),
    }
    return {name: value for name, value in fields.items() if value is not None}


def _tags(alert: Alert) -> list[str]:
    place = alert.incident.place if alert.incident else None
    country = place.country_code if place else None
    tags = (str(alert.kind), str(alert.reason), grade(alert).severity.value.lower(), country)
    marks = () if alert.status == "actual" else (alert.status,)
    return [tag for tag in (*marks, *tags) if tag]


def _add(parent: etree._Element, tag: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{tag}").text = for_xml(text)


def _link(parent: etree._Element, rel: str, href: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", rel=rel, href=for_xml(href))


def _time(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
