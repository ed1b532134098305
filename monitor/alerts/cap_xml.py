"""Write one alert as a CAP 1.2 message in XML, for systems that relay warnings.

Source: OASIS Common Alerting Protocol 1.2, section 3.2 (elements, their order and their forms). Elements stand in the
order of its schema; times end in an offset and never in ``Z``; ids hold no space, comma, ``<`` or ``&``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from monitor.alerts.cap import grade
from monitor.alerts.printing import for_xml
from monitor.alerts.sources import link_of
from monitor.incidents.snapshot import MEASURES
from schemas.alert import Alert
from schemas.base import AlertId
from schemas.delta import IncidentSnapshot
from schemas.reasons import EventType, PlacePrecision
from schemas.report import Count, Place

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE = "application/cap+xml"
"""Registered with IANA for CAP."""
_NAMESPACES: dict[Any, str] = {None: NAMESPACE}  # lxml's stubs do not know the default namespace
SENDER = "news-monitor"
LONGEST_HEADLINE = 160
"""Characters that "headline" should fit (section 3.2.2)."""

_FORBIDDEN = re.compile(r"[\s,<&]+")
_RADIUS_KM = {
    PlacePrecision.SITE: 1.0,
    PlacePrecision.TOWN: 5.0,
    PlacePrecision.DISTRICT: 20.0,
}
"""How far around its point a place reaches. Vaguer places have no circle: their point is only their middle."""

Field = tuple[str, str | None]


def cap_xml(
    alert: Alert,
    *,
    sender: str = SENDER,
    sent_of: Mapping[AlertId, datetime] | None = None,
    web: str | None = None,
    language: str = "en",
) -> bytes:
    """Return the CAP message of an alert: UTF-8 XML, the same bytes for the same arguments.

    Args:
        alert: What is told.
        sender: Who sends it, unique in the world: an internet domain or an address.
        sent_of: When earlier alerts were sent; those that are not in it are left out of ``references``,
            since CAP names a message by sender, id and time.
        web: The page that tells more; the source's own address where it is ``None``.
        language: Language of the headline and the text (RFC 3066).
    """
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap=_NAMESPACES)
    name = _id(sender)
    _add(
        root,
        ("identifier", _id(alert.alert_id)),
        ("sender", name),
        ("sent", _time(_sent(alert))),
        ("status", alert.status.capitalize()),
        ("msgType", alert.msg_type.capitalize()),
        ("scope", "Public"),
        ("references", _references(alert, name, sent_of or {})),
        ("incidents", _id(alert.incident_id) if alert.incident_id else None),
    )
    _add_info(root, alert, web, language)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _add(parent: etree._Element, *fields: Field) -> None:
    for tag, value in fields:
        if value:
            etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}").text = for_xml(value)


def _add_info(root: etree._Element, alert: Alert, web: str | None, language: str) -> None:
    info = etree.SubElement(root, f"{{{NAMESPACE}}}info")
    grades = grade(alert)
    known = alert.incident
    _add(
        info,
        ("language", language),
        *(("category", category) for category in _categories(known)),
        ("event", known.event_type.replace("_", " ") if known else str(alert.kind)),
        ("urgency", grades.urgency.value),
        ("severity", grades.severity.value),
        ("certainty", grades.certainty.value),
        ("effective", _time(_sent(alert))),
        ("onset", _onset(known)),
        ("headline", alert.title[:LONGEST_HEADLINE]),
        ("description", "\n".join(part for part in (alert.title, alert.text) if part)),
        ("web", web or link_of(alert)),
    )
    for name, value in _parameters(alert):
        _add_named(info, "parameter", name, value)
    _add_area(info, known.place if known else None)


def _add_named(parent: etree._Element, tag: str, name: str, value: str) -> None:
    inner = etree.SubElement(parent, f"{{{NAMESPACE}}}{tag}")
    _add(inner, ("valueName", name), ("value", value))


def _add_area(info: etree._Element, place: Place | None) -> None:
    if place is None:
        return
    area = etree.SubElement(info, f"{{{NAMESPACE}}}area")
    names = dict.fromkeys(n for n in (place.name, place.admin1, place.country) if n)
    _add(area, ("areaDesc", ", ".join(names)), ("circle", _circle(place)))
    if place.country_code:
        _add_named(area, "geocode", "ISO 3166-1", place.country_code)


def _circle(place: Place) -> str | None:
    radius = _RADIUS_KM.get(place.precision)
    if radius is None or place.lat is None or place.lon is None:
        return None
    return f"{place.lat},{place.lon} {radius}"


def _categories(known: IncidentSnapshot | None) -> tuple[str, ...]:
    is_chemical = known is not None and known.event_type is EventType.CHEMICAL_WEAPON
    return ("Security", "CBRNE") if is_chemical else ("Security",)


def _parameters(alert: Alert) -> Iterator[tuple[str, str]]:
    yield "kind", str(alert.kind)
    yield "reason", str(alert.reason)
    yield "revision", str(alert.revision)
    if alert.incident is None:
        return
    for measure in MEASURES:
        count: Count | None = getattr(alert.incident, measure)
        if count is not None:
            bounds = (("low", count.low), ("best", count.best), ("high", count.high))
            yield measure, " ".join(f"{name}={n}" for name, n in bounds if n is not None)
    yield "independent_sources", str(alert.incident.independent_sources)


def _references(alert: Alert, sender: str, sent_of: Mapping[AlertId, datetime]) -> str:
    known = [(earlier, sent_of[earlier]) for earlier in alert.references if earlier in sent_of]
    return " ".join(f"{sender},{_id(earlier)},{_time(at)}" for earlier, at in known)


def _sent(alert: Alert) -> datetime:
    """Return when the alert was sent. An alert always has a time but for one made of a record without any."""
    return alert.fetched_at or alert.published or datetime.fromtimestamp(0, UTC)


def _onset(known: IncidentSnapshot | None) -> str | None:
    if known is None or known.date is None:
        return None
    day = known.date.first
    return _time(datetime(day.year, day.month, day.day, tzinfo=UTC))


def _time(at: datetime) -> str:
    """Return a time as CAP wants it: whole seconds, and ``-00:00`` for UTC (section 3.3.2)."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}-00:00"


def _id(text: str) -> str:
    return _FORBIDDEN.sub("_", text)
