"""Which series is a tally of? A series is what is counted, of whom, where and since when.

Outlets word each of these differently or leave one out, so series are compared part by part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from monitor.incidents.policy import TrackPolicy
from monitor.incidents.wording import fold, tokens
from schemas.report import Tally
from schemas.state import TallyRow

WEEK = 7
"""Days of one mark of a start."""


def match(tally: Tally, rows: Iterable[TallyRow], policy: TrackPolicy) -> TallyRow | None:
    """Return the known series that a tally continues, the best match where several would do."""
    fitting = [(_fit(row, tally, policy), row) for row in rows]
    found = [(fit, row) for fit, row in fitting if fit > 0]
    return max(found, key=lambda f: (f[0], f[1].tally_id))[1] if found else None


def is_same(a: Tally, b: Tally, policy: TrackPolicy) -> bool:
    """Return whether two tallies of one report are of one series."""
    return a.what is b.what and _fit(a, b, policy) > 0


def _fit(known: TallyRow | Tally, tally: Tally, policy: TrackPolicy) -> float:
    """Return how well two series agree; 0 where they contradict each other or share too little."""
    victims = _victims(known.victims, tally.victims)
    area = _area(known.area, tally.area)
    since = _since(known, tally, policy)
    if min(victims, area, since) < 0 or victims + area + since < ENOUGH:
        return 0.0
    return victims + area + since


ENOUGH = 1.5
"""Agreement that makes one series: the start and the victims or the area; or victims and area; each counts one."""


def _victims(a: str | None, b: str | None) -> float:
    if not a or not b:
        return 0.5 if not a and not b else 0.25
    return 1.0 if _group(a) & _group(b) else -1.0


_ALIKE = {
    "american": "us",
    "americans": "us",
    "u": "us",
    "usa": "us",
    "troops": "forces",
    "personnel": "forces",
    "soldiers": "forces",
    "servicemembers": "forces",
    "israeli": "israel",
    "israelis": "israel",
    "palestinian": "palestine",
    "palestinians": "palestine",
}
"""Words that outlets put for each other; "forces" and its like name nobody and are left out."""


_PHRASES = {
    "united states": "us",
    "united kingdom": "uk",
    "international coalition": "coalition",
    "global coalition": "coalition",
}


def _group(victims: str) -> frozenset[str]:
    plain = f" {fold(victims.replace('U.S.', 'US'))} "
    for phrase, word in _PHRASES.items():
        plain = plain.replace(f" {phrase} ", f" {word} ")
    words = {_ALIKE.get(w, w) for w in tokens([plain])}
    return frozenset(words - {"forces"}) or frozenset(words)


def _area(a: Sequence[str], b: Sequence[str]) -> float:
    if not a or not b:
        return 0.25
    mine, theirs = {fold(x) for x in a}, {fold(x) for x in b}
    if mine == theirs:
        return 1.0
    return 0.5 if mine <= theirs or theirs <= mine else -1.0


def _since(known: TallyRow | Tally, tally: Tally, policy: TrackPolicy) -> float:
    if known.since is None or tally.since is None:
        return 0.25
    return 1.0 if abs(known.since - tally.since) <= policy.tally_since_slack else -1.0


def marks_of(known: TallyRow | Tally) -> Iterator[str]:
    """Yield what a series is listed under. Nothing that shares no mark is one series: none of its parts counts one whole."""
    if known.victims:
        yield from ("of:" + word for word in _group(known.victims))
    if known.area:
        yield "in:" + ",".join(sorted({fold(name) for name in known.area}))
    if known.since:
        yield _week(known.since.toordinal())


def asked_marks(tally: Tally, policy: TrackPolicy) -> frozenset[str]:
    """Return the marks under which a series that a tally may continue is listed."""
    marks = set(marks_of(tally))
    if tally.since:
        slack, day = policy.tally_since_slack.days, tally.since.toordinal()
        marks.update(_week(d) for d in (*range(day - slack, day + slack, WEEK), day + slack))
    return frozenset(marks)


def _week(day: int) -> str:
    return f"since:{day // WEEK}"
