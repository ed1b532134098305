"""A digest of a time, ready to send: counts, a chart of days, a map, the gravest incidents, what officials said. Pure.

Markdown for mail and chats, HTML as one file without anything to load. Words of sources are escaped in both.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from importlib import resources

from monitor.board.shapes import Incident, Said, TallySeries
from monitor.incidents.figures import value_of

GRAVEST = 15
"""Incidents that are told one by one, those with most killed."""
MOST_STATEMENTS = 15
_BARS = "▁▂▃▄▅▆▇█"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+!|<>~-])")
_SIZE = 1000.0
_WIDTH, _HEIGHT = 760, 420


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What is told of a time: its incidents, newest first, statements, tallies."""

    since: datetime
    until: datetime
    incidents: Sequence[Incident]
    statements: Sequence[Said]
    tallies: Sequence[TallySeries]

    def days(self) -> list[tuple[str, int, int]]:
        """Return each day with its incidents and killed, those without any too."""
        counts: Counter[str] = Counter()
        killed: Counter[str] = Counter()
        for one in self.incidents:
            day = one.first_published.date().isoformat()
            counts[day] += 1
            killed[day] += value_of(one.killed) or 0
        span = (self.until.date() - self.since.date()).days
        every = [(self.since.date() + timedelta(days=n)).isoformat() for n in range(span + 1)]
        return [(day, counts[day], killed[day]) for day in every]

    def countries(self) -> list[tuple[str, int, int]]:
        """Return each country with its incidents and killed, most incidents first."""
        counts: Counter[str] = Counter()
        killed: Counter[str] = Counter()
        for one in self.incidents:
            name = (one.place.country if one.place else None) or "unknown"
            counts[name] += 1
            killed[name] += value_of(one.killed) or 0
        return [(name, n, killed[name]) for name, n in sorted(counts.items(), key=_most)]

    def gravest(self) -> list[Incident]:
        """Return the incidents with most killed, then most sources, then the latest."""
        return sorted(self.incidents, key=_gravity, reverse=True)[:GRAVEST]

    def summary(self) -> str:
        """Return the counts in a sentence."""
        killed = sum(value_of(one.killed) or 0 for one in self.incidents)
        injured = sum(value_of(one.injured) or 0 for one in self.incidents)
        strikes = sum(one.kind == "strike" for one in self.incidents)
        return (
            f"{len(self.incidents)} incidents became known ({strikes} strikes, "
            f"{len(self.incidents) - strikes} attacks): {killed} killed, {injured} injured "
            "by the best figures of their sources."
        )


def _most(item: tuple[str, int]) -> tuple[int, str]:
    return (-item[1], item[0])


def _gravity(one: Incident) -> tuple[int, int, datetime]:
    return (value_of(one.killed) or 0, one.independent_sources, one.first_published)


def _title(digest: Digest) -> str:
    return f"Incidents from {digest.since:%d %B %Y} to {digest.until:%d %B %Y}"


def markdown(digest: Digest) -> str:
    """Return the digest as Markdown (CommonMark with tables)."""
    return "\n".join(_markdown(digest)) + "\n"


def _markdown(digest: Digest) -> Iterator[str]:
    yield from (f"# {_title(digest)}", "", digest.summary(), "")
    days = digest.days()
    yield from ("```text", f"incidents  {_spark([n for _, n, _ in days])}", f"killed     {_spark([k for *_, k in days])}")  # fmt: skip
    yield from (f"           {days[0][0]} to {days[-1][0]}, a sign a day", "```", "")
    yield from ("## Where", "", "| country | incidents | killed |", "| --- | ---: | ---: |")
    for name, count, killed in digest.countries():
        yield f"| {plain(name)} | {count} | {killed} |"
    yield from ("", "## The gravest", "")
    for one in digest.gravest():
        sources = ", ".join(plain(source) for source in one.sources[:4])
        yield f"- **{plain(one.headline)}** ({one.first_published:%d %b}; {sources})"
    if digest.statements:
        yield from ("", "## What was said", "")
    for said in digest.statements[:MOST_STATEMENTS]:
        who = plain(said.statement.speaker.name)
        yield f"- {said.at:%d %b}: **{who}** {said.statement.stance}: {plain(said.statement.quote)}"
    if digest.tallies:
        yield from ("", "## Running counts", "")
    for series in digest.tallies:
        values = " → ".join(str(value_of(point.value)) for point in series.points)
        yield f"- {plain(_about(series))}: {values}"


def _about(series: TallySeries) -> str:
    tally = series.tally
    since = f" since {tally.since:%d %B %Y}" if tally.since else ""
    return f"{tally.what}{f' on {tally.victims}' if tally.victims else ''}{since}"


def _spark(values: Sequence[int]) -> str:
    most = max([*values, 1])
    top = len(_BARS) - 1
    return "".join(_BARS[math.ceil(value / most * top)] if value else " " for value in values)


def plain(text: str) -> str:
    """Return a source's words for Markdown: on one line, every sign that means something escaped."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


_STYLE = """
body{font:15px/1.45 system-ui,sans-serif;max-width:780px;margin:24px auto;padding:0 12px;color:#1c2327;background:#fffefb}
h1{font-size:22px}h2{font-size:16px;margin-top:28px}table{border-collapse:collapse}td,th{text-align:start;padding:3px 18px 3px 0;border-bottom:1px solid #dcdad2}
td.n{text-align:end;font-variant-numeric:tabular-nums}svg{max-width:100%;height:auto;display:block}small{color:#566168}
"""


def html(digest: Digest) -> str:
    """Return the digest as one HTML file that loads nothing."""
    return "".join(_html(digest))


def _html(digest: Digest) -> Iterator[str]:
    title = escape(_title(digest))
    yield f"<!doctype html>\n<html lang=en><meta charset=utf-8><title>{title}</title>"
    yield "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<style>{_STYLE}</style><h1>{title}</h1><p>{escape(digest.summary())}</p>"
    yield world_map(digest.incidents)
    yield "<h2>By day</h2>" + chart(digest.days())
    yield "<h2>Where</h2><table><tr><th>country<th>incidents<th>killed</tr>"
    for name, count, killed in digest.countries():
        yield f"<tr><td>{escape(name)}<td class=n>{count}<td class=n>{killed}</tr>"
    yield "</table><h2>The gravest</h2><ul>"
    for one in digest.gravest():
        sources = escape(", ".join(one.sources[:4]))
        yield f"<li>{escape(one.headline)} <small>{one.first_published:%d %b} · {sources}</small></li>"
    yield "</ul>"
    yield from _html_words(digest)
    yield "</html>\n"


def _html_words(digest: Digest) -> Iterator[str]:
    if digest.statements:
        yield "<h2>What was said</h2><ul>"
        for said in digest.statements[:MOST_STATEMENTS]:
            words = said.statement
            yield f"<li>{said.at:%d %b}: <b>{escape(words.speaker.name)}</b> {escape(words.stance)}: {escape(words.quote)}</li>"
        yield "</ul>"
    if digest.tallies:
        yield "<h2>Running counts</h2><ul>"
        for series in digest.tallies:
            values = " → ".join(str(value_of(point.value)) for point in series.points)
            yield f"<li>{escape(_about(series))}: {escape(values)}</li>"
        yield "</ul>"


def chart(days: Sequence[tuple[str, int, int]]) -> str:
    """Return incidents as bars above a line and killed below it, a pair a day (SVG)."""
    height = 60
    step = _WIDTH / max(len(days), 1)
    most = max([1, *(n for _, n, _ in days)])
    worst = max([1, *(k for *_, k in days)])
    bars = []
    for n, (day, count, killed) in enumerate(days):
        up, down = count / most * height, killed / worst * height
        x, width = n * step, max(step - 1.5, 0.5)
        bars.append(f'<g><title>{day}: {count} incidents, {killed} killed</title><rect x="{x:.1f}" y="{height - up:.1f}" width="{width:.1f}" height="{up:.1f}" fill="#566168"/><rect x="{x:.1f}" y="{height + 1}" width="{width:.1f}" height="{down:.1f}" fill="#8f2a17"/></g>')  # fmt: skip
    label = f"Up to {most} incidents and {worst} killed a day"
    return f'<svg viewBox="0 0 {_WIDTH} {2 * height + 2}" role="img" aria-label="{label}">{"".join(bars)}</svg><small>{label}</small>'


def world_map(incidents: Iterable[Incident]) -> str:
    """Return a map of the places (SVG), as much of the world as they need."""
    spots: Counter[tuple[float, float]] = Counter()
    for one in incidents:
        if one.place is not None and one.place.lat is not None and one.place.lon is not None:
            spots[_projected(one.place.lon, one.place.lat)] += 1
    if not spots:
        return ""
    x, y, width = _window(spots)
    scale = width / _WIDTH
    circles = "".join(
        f'<circle cx="{px:.2f}" cy="{py:.2f}" r="{(3 + 2 * math.sqrt(n)) * scale:.3f}"/>'
        for (px, py), n in spots.most_common()
    )
    land, border, disputed = outlines()
    line = f'fill="none" stroke="#aaa595" stroke-width="{0.8 * scale:.3f}"'
    return (
        f'<svg viewBox="{x:.2f} {y:.2f} {width:.2f} {width * _HEIGHT / _WIDTH:.2f}" role="img" '
        f'aria-label="Map of {len(spots)} places"><path d="{land}" fill="#e6e2d6"/><path d="{border}" {line}/>'
        f'<path d="{disputed}" {line} stroke-dasharray="{3 * scale:.3f}"/>'
        f'<g fill="#b23a22" fill-opacity=".6" stroke="#fffefb" stroke-width="{scale:.3f}">{circles}</g></svg>'
    )


def _window(spots: Iterable[tuple[float, float]]) -> tuple[float, float, float]:
    """Return the left, the top and the width of what the map shows."""
    points = list(spots)
    xs, ys = [x for x, _ in points], [y for _, y in points]
    ratio = _WIDTH / _HEIGHT
    width = max((max(xs) - min(xs)) * 1.2, (max(ys) - min(ys)) * 1.2 * ratio, 60.0)
    middle = ((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2)
    return middle[0] - width / 2, middle[1] - width / ratio / 2, width


def _projected(lon: float, lat: float) -> tuple[float, float]:
    """Return a point of Web Mercator on a square of 1000, as the page's ``geo.js`` does."""
    bounded = math.radians(min(max(lat, -84.0), 84.0))
    y = math.log(math.tan(math.pi / 4 + bounded / 2))
    return (lon + 180) / 360 * _SIZE, _SIZE / 2 - y / (2 * math.pi) * _SIZE


def outlines() -> tuple[str, str, str]:
    """Return the paths of land, borders and disputed borders, from the file of the page."""
    text = (resources.files("monitor.board") / "web/world-110.json").read_text(encoding="utf-8")
    world = json.loads(text)
    lines = [_points(line, world["scale"], world["origin"]) for line in world["lines"]]

    def own(number: int) -> list[tuple[float, float]]:
        return lines[number] if number >= 0 else lines[~number][::-1]

    rings = (_drawn([p for n in ring for p in own(n)]) + "Z" for ring in world["rings"])
    border, disputed = ("".join(_drawn(own(n)) for n in world[k]) for k in ("border", "disputed"))
    return "".join(rings), border, disputed


def _points(
    line: str, scale: Sequence[float], origin: Sequence[float]
) -> list[tuple[float, float]]:
    steps = list(_steps(line))
    x = y = 0
    found = []
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        found.append(_projected(x * scale[0] + origin[0], y * scale[1] + origin[1]))
    return found


def _steps(line: str) -> Iterator[int]:
    """Undo ``monitor.board.outlines.encode``."""
    value = shift = 0
    for letter in line:
        bits = ord(letter) - 63
        value |= (bits & 31) << shift
        shift += 5
        if bits < 32:  # noqa: PLR2004  five bits a letter, the sixth says that more follow
            yield ~(value >> 1) if value & 1 else value >> 1
            value = shift = 0


def _drawn(points: Sequence[tuple[float, float]]) -> str:
    """Return a path; what crosses the edge of the map goes on beyond it."""
    beyond, before = 0.0, points[0][0]
    letters: list[str] = []
    for x, y in points:
        beyond += _SIZE * ((before - x > _SIZE / 2) - (x - before > _SIZE / 2))
        before = x
        letters.append(f"{'L' if letters else 'M'}{x + beyond:.1f},{y:.1f}")
    return "".join(letters)
