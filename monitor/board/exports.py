"""Incidents as files: CSV with columns like ACLED's, GeoJSON (RFC 7946), JSON lines, Parquet. Pure but for Parquet.

Column names and values follow the ACLED codebook ("Data columns", "Event types"), so that sheets and scripts made
for it read ours; ``fatalities`` is the best figure, else the lower bound, else 0, which is ACLED's word for unknown.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

import msgspec

from monitor.board.shapes import Incident
from monitor.errors import MonitorError
from monitor.incidents.figures import value_of
from schemas.reasons import EventType, Kind, PlacePrecision
from schemas.report import Count

CSV_MEDIA_TYPE = "text/csv"
GEOJSON_MEDIA_TYPE = "application/geo+json"
JSONL_MEDIA_TYPE = "application/jsonl"

_STRIKES = {
    EventType.AIR_STRIKE: "Air/drone strike",
    EventType.DRONE_STRIKE: "Air/drone strike",
    EventType.SHELLING_MISSILE: "Shelling/artillery/missile attack",
    EventType.IED: "Remote explosive/landmine/IED",
    EventType.SUICIDE_BOMBING: "Suicide bomb",
    EventType.GRENADE: "Grenade",
    EventType.CHEMICAL_WEAPON: "Chemical weapon",
}
_AGAINST_CIVILIANS = {
    EventType.ABDUCTION: "Abduction/forced disappearance",
    EventType.ASSASSINATION: "Attack",
    EventType.ARMED_ATTACK: "Attack",
    EventType.STABBING: "Attack",
    EventType.VEHICLE_ATTACK: "Attack",
    EventType.ARSON: "Attack",
    EventType.OTHER_VIOLENCE: "Attack",
}
_GEO_PRECISION = {
    PlacePrecision.SITE: 1,
    PlacePrecision.TOWN: 1,
    PlacePrecision.DISTRICT: 2,
    PlacePrecision.ADMIN1: 3,
    PlacePrecision.COUNTRY: 3,
    PlacePrecision.REGION: 3,
}
_WEEK = 7

COLUMNS = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type",
    "actor1", "actor2", "country", "iso2", "admin1", "location", "latitude", "longitude", "geo_precision",
    "source", "notes", "fatalities", "killed_low", "killed_best", "killed_high", "injured_low",
    "injured_best", "injured_high", "kind", "own_event_type", "weapon", "claimed_by", "background",
    "independent_sources", "alerts", "first_published", "timestamp",
)  # fmt: skip


def record_of(one: Incident) -> dict[str, Any]:
    """Return an incident under the columns; values are texts, numbers, or ``None``."""
    kind, sub = _acled_type(one)
    day = one.date.first if one.date else one.first_published.date()
    place = one.place
    return {
        "event_id_cnty": one.incident_id,
        "event_date": day.isoformat(),
        "year": day.year,
        "time_precision": _time_precision(one),
        "disorder_type": "Political violence",
        "event_type": kind,
        "sub_event_type": sub,
        "actor1": "; ".join(one.perpetrators) or None,
        "actor2": "; ".join(one.targets or one.victims) or None,
        "country": place.country if place else None,
        "iso2": place.country_code if place else None,
        "admin1": place.admin1 if place else None,
        "location": place.name if place else None,
        "latitude": place.lat if place else None,
        "longitude": place.lon if place else None,
        "geo_precision": _GEO_PRECISION[place.precision] if place else None,
        "source": "; ".join(one.sources),
        "notes": one.headline,
        "fatalities": value_of(one.killed) or 0,
        **bounds("killed_", one.killed),
        **bounds("injured_", one.injured),
        "kind": one.kind,
        "own_event_type": one.event_type,
        "weapon": one.weapon,
        "claimed_by": "; ".join(one.claimed_by) or None,
        "background": one.background,
        "independent_sources": one.independent_sources,
        "alerts": one.alerts,
        "first_published": one.first_published.isoformat(),
        "timestamp": int(one.updated.timestamp()),
    }


def bounds(prefix: str, count: Count | None) -> dict[str, int | None]:
    """Return a figure under three columns."""
    return {prefix + part: getattr(count, part, None) for part in ("low", "best", "high")}


def _acled_type(one: Incident) -> tuple[str, str]:
    kind = EventType(one.event_type)
    if kind in _STRIKES:
        return "Explosions/Remote violence", _STRIKES[kind]
    if kind is EventType.ARMED_CLASH:
        return "Battles", "Armed clash"
    if one.kind == Kind.STRIKE:
        return "Explosions/Remote violence", "Air/drone strike"
    return "Violence against civilians", _AGAINST_CIVILIANS[kind]


def _time_precision(one: Incident) -> int:
    """Return 1 for a day, 2 for a week, 3 for longer or unknown (ACLED codebook, "Time precision")."""
    if one.date is None:
        return 3
    days = (one.date.last - one.date.first).days + 1
    return 1 if days == 1 else 2 if days <= _WEEK else 3


def _cell(value: object) -> object:
    """Return a cell that no sheet takes for a formula (OWASP, CSV Injection)."""
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    if isinstance(value, bool):
        return int(value)
    return "" if value is None else value


def csv_lines(incidents: Iterable[Incident]) -> Iterator[str]:
    """Yield the lines of a CSV file of incidents."""
    return sheet(COLUMNS, map(record_of, incidents))


def sheet(columns: Sequence[str], records: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Yield the lines of a CSV file (RFC 4180), the names of the columns first."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for record in records:
        yield _flushed(out)
        writer.writerow([_cell(record[name]) for name in columns])
    yield _flushed(out)


def _flushed(out: io.StringIO) -> str:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text


def feature_of(one: Incident) -> dict[str, Any]:
    """Return an incident as a feature of GeoJSON; its properties are the incident (of many types)."""
    place = one.place
    known = place is not None and place.lat is not None and place.lon is not None
    point = {"type": "Point", "coordinates": [place.lon, place.lat]} if known and place else None
    properties = msgspec.to_builtins(one)
    return {"type": "Feature", "id": one.incident_id, "geometry": point, "properties": properties}


def geojson(incidents: Iterable[Incident]) -> bytes:
    """Return a collection of features."""
    features = [feature_of(one) for one in incidents]
    return msgspec.json.encode({"type": "FeatureCollection", "features": features})


def json_lines(incidents: Iterable[Incident]) -> Iterator[bytes]:
    """Yield one line of JSON an incident."""
    for one in incidents:
        yield msgspec.json.encode(one) + b"\n"


def write_parquet(incidents: Iterable[Incident], out: IO[bytes]) -> None:
    """Write a Parquet file with the columns of the CSV.

    Raises:
        MonitorError: pyarrow is not installed.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415  an extra
        import pyarrow.parquet as pq  # noqa: PLC0415  the same
    except ImportError as exc:
        msg = "Parquet needs pyarrow: pip install 'news-monitor[parquet]'"
        raise MonitorError(msg) from exc
    records = [record_of(one) for one in incidents]
    whole = {"year", "time_precision", "geo_precision", "fatalities", "independent_sources", "alerts", "timestamp"}  # fmt: skip
    whole |= {f"{m}_{p}" for m in ("killed", "injured") for p in ("low", "best", "high")}
    types = {"latitude": pa.float64(), "longitude": pa.float64(), "background": pa.bool_()}
    fields = [(n, pa.int64() if n in whole else types.get(n, pa.string())) for n in COLUMNS]
    table = pa.Table.from_pylist(records, schema=pa.schema(fields))
    pq.write_table(table, out)
