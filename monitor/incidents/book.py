"""The incidents, tallies and classes of attacks known now, and indexes to find what a claim may be about.

The indexes are derived from the rows: by subject, day and place. So the cost of a look-up depends on what
happened there around that day and not on how much history there is.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from monitor.incidents.ages import Ages
from monitor.incidents.evidence import LATE_DAYS
from monitor.incidents.places import is_broad, plain_name
from monitor.incidents.profile import PERSONAL_TYPES, Days, Profile, together
from monitor.incidents.series import marks_of
from monitor.incidents.wording import fold
from schemas.base import Subject
from schemas.reasons import PlacePrecision, TallyMeasure
from schemas.report import Place
from schemas.state import IncidentRow, TallyRow, TrackRow

Key = tuple[str, int, str]
"""Subject, day (proleptic ordinal; 0 for keys that hold on every day), and what is looked for."""

_Mark = tuple[str, TallyMeasure, str]
"""Subject and measure of a tally, and what it is listed under."""

K = TypeVar("K")

EVERY_DAY = 0

WIDE_DAYS = 8
"""An incident whose day is known less exactly than this is listed under no day."""

LONGEST_LOOK_BACK = 62
"""Days of a claim's range that are looked up: two months, the longest that dates such as "last month" give."""

CELL_DEGREES = 0.25
"""Side of a cell of the map, 28 km: with its neighbours it covers the distances in ``places``."""

PARTS_OF_TOWNS = frozenset({PlacePrecision.SITE, PlacePrecision.DISTRICT})
"""What lies in a town, which often has its province's name: "Karrada, Baghdad"."""

SMALL_TOLL = 2
"""Figures up to this are too common to find an incident by."""

_BROAD = "*"
_ANY_PLACE = "anywhere"
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Entry:
    subject: str
    profile: Profile
    keys: tuple[Key, ...]
    articles: frozenset[str]


class IncidentBook:
    """Rows of the track stage under their keys, with the indexes."""

    def __init__(self) -> None:
        self._rows: dict[str, TrackRow] = {}
        self._entries: dict[str, _Entry] = {}
        self._index: defaultdict[Key, set[str]] = defaultdict(set)
        self._articles: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._applied: Counter[str] = Counter()
        self._tallies: defaultdict[_Mark, set[str]] = defaultdict(set)
        self._ages: defaultdict[type[TrackRow], Ages] = defaultdict(Ages)
        self._latest: defaultdict[str, datetime] = defaultdict(lambda: NEVER)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    @property
    def open_incidents(self) -> int:
        """How many incidents may still change."""
        return len(self._entries)

    def get(self, key: str) -> TrackRow | None:
        """Return the row under a key."""
        return self._rows.get(key)

    def put(self, key: str, row: TrackRow | None) -> None:
        """Set the row under ``key``, or delete it where ``row`` is ``None``."""
        self._forget(key)
        if row is None:
            return
        self._rows[key] = row
        self._applied.update(row.applied)
        self._ages[type(row)].note(key, row.seen_at or NEVER)
        if isinstance(row, IncidentRow):
            self._list(key, row)
            self._latest[row.subject] = max(self._latest[row.subject], row.seen_at or NEVER)
        elif isinstance(row, TallyRow):
            for mark in marks_of(row):
                self._tallies[row.subject, row.what, mark].add(key)

    def is_in_order(self, subject: Subject, at: datetime) -> bool:
        """Return whether no incident of a subject was ever seen at this time or later."""
        return at > self._latest[subject]

    def is_applied(self, mention_id: str) -> bool:
        """Return whether a mention has been applied already, to any row that is still here."""
        return self._applied[mention_id] > 0

    def incident(self, key: str) -> IncidentRow:
        """Return an incident that a look-up named."""
        row = self._rows[key]
        assert isinstance(row, IncidentRow)
        return row

    def profile(self, key: str) -> Profile:
        """Return what is compared of an incident."""
        return self._entries[key].profile

    def articles(self, key: str) -> frozenset[str]:
        """Return the articles that an incident has claims of."""
        return self._entries[key].articles

    def of_article(self, subject: Subject, article_id: str) -> tuple[str, ...]:
        """Return the incidents that an article has claims in, sorted."""
        return tuple(sorted(self._articles.get((subject, article_id), ())))

    def tallies(
        self, subject: Subject, what: TallyMeasure, marks: Iterable[str]
    ) -> tuple[TallyRow, ...]:
        """Return the tallies of one measure that have one of the marks (``series``), sorted by id."""
        keys = {key for mark in marks for key in self._tallies.get((subject, what, mark), ())}
        rows = (self._rows[key] for key in sorted(keys))
        return tuple(row for row in rows if isinstance(row, TallyRow))

    def candidates(self, subject: Subject, profile: Profile, limit: int) -> tuple[str, ...]:
        """Return the incidents that a claim may be about, those of its days first, then those of days around."""
        near = self.near(subject, profile, limit)
        if len(near) == limit or profile.days is None:
            return near
        hits: Counter[str] = Counter()
        for key in _asked_around(subject, profile):
            hits.update(self._index.get(key, ()))
        for key in _word_keys(subject, profile):
            found = self._index.get(key, ())
            if len(found) <= COMMON_WORD:
                hits.update(found)
        far = sorted(hits.keys() - set(near), key=lambda k: (-hits[k], k))
        return (*near, *far[: limit - len(near)])

    def near(self, subject: Subject, profile: Profile, limit: int) -> tuple[str, ...]:
        """Return the incidents of the days of a claim that it may be about, those that share most with it first."""
        hits: Counter[str] = Counter()
        for key in _asked(subject, profile):
            hits.update(self._index.get(key, ()))
        return tuple(sorted(hits, key=lambda k: (-hits[k], k))[:limit])

    def expired(self, kind: type[TrackRow], before: datetime, limit: int) -> tuple[str, ...]:
        """Return up to ``limit`` rows of one kind last seen before a time, the oldest first, whatever their subject."""
        return self._ages[kind].oldest(before, limit, self._seen_at)

    def _seen_at(self, key: str) -> datetime | None:
        row = self._rows.get(key)
        return None if row is None else row.seen_at or NEVER

    def _list(self, key: str, row: IncidentRow) -> None:
        profile = together(row.claims)
        articles = frozenset(claim.article_id for claim in row.claims)
        keys = tuple(_listed(row.subject, profile))
        self._entries[key] = _Entry(row.subject, profile, keys, articles)
        for index_key in keys:
            self._index[index_key].add(key)
        for article_id in articles:
            self._articles[row.subject, article_id].add(key)

    def _forget(self, key: str) -> None:
        row = self._rows.pop(key, None)
        if row is None:
            return
        self._applied.subtract(row.applied)
        for mention in row.applied:
            if self._applied[mention] <= 0:
                del self._applied[mention]
        if isinstance(row, TallyRow):
            for mark in marks_of(row):
                _drop(self._tallies, (row.subject, row.what, mark), key)
        entry = self._entries.pop(key, None)
        if entry is None:
            return
        for index_key in entry.keys:
            _drop(self._index, index_key, key)
        for article_id in entry.articles:
            _drop(self._articles, (entry.subject, article_id), key)


def _drop(index: dict[K, set[str]], index_key: K, key: str) -> None:
    held = index.get(index_key)
    if held is None:
        return
    held.discard(key)
    if not held:
        del index[index_key]


def _days(days: Days | None, before: int, after: int) -> Iterable[int]:
    if days is None:
        return ()
    last = days.last + timedelta(days=after)
    first = max(days.first - timedelta(days=before), last - timedelta(days=LONGEST_LOOK_BACK))
    return range(first.toordinal(), last.toordinal() + 1)


def _listed(subject: str, profile: Profile) -> Iterator[Key]:
    """Yield the keys under which an incident is found."""
    days: Iterable[int] = _days(profile.days, 0, 0)
    if profile.days is None or profile.days.width > WIDE_DAYS:
        days = (EVERY_DAY,)
    marks = {_ANY_PLACE, *_marks(profile)}
    for place in profile.places:
        marks.update(_where(place))
    if all(is_broad(place) for place in profile.places):
        marks.add(_BROAD)
    for day in days:
        yield from ((subject, day, mark) for mark in marks)
    yield from _timeless(subject, profile)
    yield from _word_keys(subject, profile)


def _asked(subject: str, profile: Profile) -> Iterator[Key]:
    """Yield the keys under which an incident that a claim may be about would be listed.

    An exact place finds what is there and what has no exact place; actors and figures are only asked for without one.
    Words on an attack in a country may be on any that is known there.
    """
    if profile.days is not None:
        marks = _around(profile)
        if all(is_broad(place) for place in profile.places):
            marks.update(_marks(profile))
            marks.update([_ANY_PLACE] if profile.spoken else ())
        for day in (*_days(profile.days, 1, 1), EVERY_DAY):
            yield from ((subject, day, mark) for mark in marks)
    yield from _timeless(subject, profile)


def _asked_around(subject: str, profile: Profile) -> Iterator[Key]:
    """Yield the keys for reports that state no day, which may be of what happened up to two weeks before."""
    assert profile.days is not None
    before = 1 if profile.days.stated else LATE_DAYS
    marks = [mark for place in profile.places for mark in _near(place)]
    for day in _days(profile.days, before, LATE_DAYS):
        yield from ((subject, day, mark) for mark in marks)


def _around(profile: Profile) -> set[str]:
    return {_BROAD, *(mark for place in profile.places for mark in _near(place))}


INDEXED_WORDS = 14
"""Proper names of a report under which its incident is listed: the longest, which tend to be the rarest."""

INDEXED_REPORTS = 3
"""Reports of an incident whose proper names are listed."""

COMMON_WORD = 64
"""A name that more open incidents of a country share tells nothing."""


def _word_keys(subject: str, profile: Profile) -> Iterator[Key]:
    """Yield the keys of proper names, places and actors left out, for violence between people."""
    if not profile.types <= PERSONAL_TYPES or not profile.own:
        return
    words: set[str] = set()
    for own in profile.own[:INDEXED_REPORTS]:
        words.update(sorted(own, key=lambda word: (-len(word), word))[:INDEXED_WORDS])
    yield from ((subject, EVERY_DAY, "word:" + word) for word in words)


def _timeless(subject: str, profile: Profile) -> Iterator[Key]:
    yield from ((subject, EVERY_DAY, "wire:" + wire) for wire in profile.wires)
    names = {name for name in profile.names if " " in name} | profile.people
    yield from ((subject, EVERY_DAY, "name:" + name) for name in names)


def _marks(profile: Profile) -> Iterator[str]:
    """Yield what may tie reports without an exact place: actors, targets and figures above a few."""
    yield from ("actor:" + word for word in profile.actors)
    yield from ("target:" + word for word in profile.targets)
    yield from (f"killed:{n}" for n in {toll for toll, _ in profile.killed} if n > SMALL_TOLL)


def _where(place: Place) -> Iterator[str]:
    """Yield the marks of a place as an incident has it."""
    if is_broad(place):
        yield _BROAD
        return
    yield "at:" + plain_name(place.name)
    province = _province(place)
    if province:
        yield "in:" + province
    if place.precision is PlacePrecision.ADMIN1:
        yield "all:" + province
        yield "a province"
    elif not province:
        yield "no province"
    elif place.precision in PARTS_OF_TOWNS:
        yield "at:" + province
        yield from _town_in_name(place)
    if place.lat is not None and place.lon is not None:
        yield _cell(place.lat, place.lon)
    elif province and place.precision is not PlacePrecision.ADMIN1:
        yield "lost:" + province


def _near(place: Place) -> Iterator[str]:
    """Yield the marks of the places that this one may be told by."""
    if is_broad(place):
        return
    yield "at:" + plain_name(place.name)
    province = _province(place)
    if place.precision is PlacePrecision.ADMIN1:
        yield "in:" + province
        yield "no province"
        return
    if province:
        yield "all:" + province
        yield ("in:" if place.lat is None else "lost:") + province
    else:
        yield "a province"
    if province and place.precision in PARTS_OF_TOWNS:
        yield "at:" + province
        yield from _town_in_name(place)
    if place.lat is not None and place.lon is not None:
        steps = (-CELL_DEGREES, 0.0, CELL_DEGREES)
        yield from (_cell(place.lat + y, place.lon + x) for y in steps for x in steps)


def _town_in_name(place: Place) -> Iterator[str]:
    """Yield the mark of the town in a site's name: "Koya camp" is told as Koya, too."""
    town = " ".join(fold(place.name).split()[:-1])
    if town:
        yield "at:" + town


def _province(place: Place) -> str:
    return fold(place.name if place.precision is PlacePrecision.ADMIN1 else place.admin1 or "")


def _cell(lat: float, lon: float) -> str:
    return f"cell:{int(lat // CELL_DEGREES)},{int(lon // CELL_DEGREES)}"
