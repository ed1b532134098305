"""What dedupe remembers: one packed row an article, and the indexes that lead from hashes to rows.

Rows are numbered in the order they were put; ``first`` is the number of the oldest that is still held. Nothing here
knows the wall clock: ``today`` is the latest day of which several articles were seen, so that one article from a feed
whose clock is wrong cannot make the rest look old.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import chain

import numpy as np

from monitor.dedupe.index import Flags, Numbers, Postings
from monitor.dedupe.policy import DedupePolicy
from monitor.dedupe.rows import Arena, Rows
from monitor.dedupe.sketch import HASH_MODULUS, HASH_SHIFT, INDEX_SHIFT
from monitor.dedupe.words import Bits
from schemas.fingerprint import (
    HEADER_BYTES,
    WINDOW_BYTES,
    Fingerprint,
    FingerprintError,
    Header,
    cluster_id,
    header_of,
    outcome_of,
    reason_of,
)

QUORUM = 20
"""Articles of a day, or later, that make it ``today``: one wrong clock does not, a burst of a feed's archive may."""

Values = Mapping[str, int | None]
"""Values by the names of their columns: ``content``, ``address``, ``guid``, ``offset``."""

_CHUNK = 16_384
_SALTS = {"content": 0x01, "address": 0x02, "guid": 0x03, "offset": 0x04}
_KEY_FACTOR = 0x9E3779B97F4A7C15
_ALL_BITS = 0xFFFFFFFFFFFFFFFF


class DedupeBook:
    """The state of dedupe in memory."""

    def __init__(self) -> None:
        self.rows = Rows()
        self.arena = Arena()
        self.windows = Postings()
        self.exact = Postings(filter_bits=19)
        self.sources: list[str] = []
        self.source_numbers: dict[str, int] = {}
        self.days: Counter[int] = Counter()
        self.skipped = 0

    def __len__(self) -> int:
        """Return how many articles are remembered."""
        return len(self.rows)

    @property
    def nbytes(self) -> int:
        """Bytes of rows, strings and indexes."""
        return self.rows.nbytes + self.arena.nbytes + self.windows.nbytes + self.exact.nbytes

    @property
    def today(self) -> int:
        """Return the latest day such that QUORUM articles are of it or later; 0 while there are too few."""
        seen = 0
        for day in sorted(self.days, reverse=True):
            seen += self.days[day]
            if seen >= QUORUM:
                return day
        return 0

    def put(self, key: str, row: Fingerprint | None) -> None:
        """Remember a fingerprint, or forget the one under ``key``."""
        if row is None:
            self._forget(key)
            return
        number = self._append(row)
        windows = np.frombuffer(row.windows, np.uint64)
        if len(windows):
            self.windows.add(number, windows)
        self.exact.add(number, _exact_keys(row.content, row.address, row.guid, row.offset))

    def make_room(self, articles: int) -> None:
        """Have so many articles more be put before anything is moved that ``settled`` tells of, as far as may be."""
        self.windows.make_room(articles)
        self.exact.make_room(articles)

    def load(self, records: Iterable[bytes]) -> int:
        """Read packed fingerprints in the order of their topic into the book; return how many were taken.

        Records of other versions are counted in ``skipped`` and left out; so are empty ones (tombstones).
        """
        taken = 0
        chunk: list[bytes] = []
        for record in records:
            chunk.append(record)
            if len(chunk) == _CHUNK:
                taken += self._load_chunk(chunk)
                chunk.clear()
        return taken + self._load_chunk(chunk)

    def with_values(
        self, values: Values, settled: Iterable[tuple[str, int]] | None = None
    ) -> dict[str, list[int]]:
        """Return for each of ``content``, ``address``, ``guid``, ``offset`` the numbers of the rows with this value.

        Oldest first; none for ``None``, and for 0 but in ``offset``. ``settled`` is what ``settled_with`` told.
        """
        found: dict[str, set[int]] = {name: set() for name in values}
        told = self.settled_with([values])[0] if settled is None else settled
        for name, number in chain(told, self._newest_with(values)):
            if self.rows.standing(number) and self.rows.cell(number, name) == values[name]:
                found[name].add(number)
        return {name: sorted(numbers) for name, numbers in found.items()}

    def settled_with(self, asked: Sequence[Values]) -> list[list[tuple[str, int]]]:
        """Return for each article the rows that may have one of its values, of those that the dictionary no longer holds.

        It stays true as long as ``exact.version`` stays.
        """
        wanted = [
            (who, name, _salted(name, value))
            for who, values in enumerate(asked)
            for name, value in _told(values)
        ]
        hits = self.exact.settled(np.array([key for _, _, key in wanted], np.uint64))
        found: list[list[tuple[str, int]]] = [[] for _ in asked]
        for place, number in zip(hits.asked.tolist(), hits.articles.tolist(), strict=True):
            who, name, _ = wanted[place]
            found[who].append((name, number))
        return found

    def _newest_with(self, values: Values) -> Iterator[tuple[str, int]]:
        told = _told(values)
        hits = self.exact.newest([_salted(name, value) for name, value in told])
        return ((told[place][0], entry >> INDEX_SHIFT) for place, entry in hits)

    def remembered(self, number: int) -> Fingerprint:
        """Return the row of a number (without its windows, which only the index holds)."""
        row = self.rows.row(number)
        title, figures, article, duplicate = self.arena.read(number)
        source = self.sources[row.source]
        return Fingerprint(
            article_id=article,
            source=source,
            outcome=outcome_of(row.outcome),
            reason=reason_of(row.reason),
            cluster_id=cluster_id(row.cluster),
            origin=self.sources[row.origin],
            content=row.content,
            day=row.day,
            duplicate_of=duplicate or None,
            changed_facts=bool(row.changed),
            offset=None if row.offset < 0 else row.offset,
            address=row.address,
            guid=row.guid,
            published_day=row.published,
            words=row.words,
            rate=row.rate,
            title=title,
            figures=figures,
        )

    def stale(self, policy: DedupePolicy, today: int) -> Iterator[tuple[str, Fingerprint | None]]:
        """Return what to put for the days that have gone: ``None`` deletes, a row without windows is only for exactness.

        Whoever keeps the topic sends these, in as many parts as he likes, then runs ``forget`` out for the same day.
        """
        day = self.rows.column("day").astype(np.int64)
        held = self.rows.column("alive") == 1
        gone = held & ~self._alive(day, today, policy.exact_window_days)
        for place in np.flatnonzero(gone).tolist():
            yield self.remembered(self.rows.first + place).key, None
        old = held & ~gone & ~self._alive(day, today, policy.text_window_days)
        for place in np.flatnonzero(old & (self.rows.column("windows")[: len(old)] > 0)).tolist():
            row = self.remembered(self.rows.first + place)
            yield row.key, row

    def forget(self, policy: DedupePolicy, today: int) -> Iterator[None]:
        """Drop windows and rows of the days that have gone by ``today``, in short steps.

        Between them articles may be judged and put: from the first step on nothing is found that will have gone.
        """
        day = self.rows.column("day").astype(np.int64)
        fresh = self._alive(day, today, policy.text_window_days)
        self.rows.column("windows")[~fresh] = 0
        alive = self._alive(day, today, policy.exact_window_days) & (self.rows.column("alive") == 1)
        self.rows.column("alive")[~alive] = 0
        counts = np.bincount(day[alive])
        self.days = Counter({int(d): int(counts[d]) for d in np.flatnonzero(counts)})
        yield from self.windows.sweep(partial(self._holds, "windows"))
        yield from self.exact.sweep(partial(self._holds, "alive"))
        self.rows.trim()
        self.arena.trim(self.rows.first)

    def _holds(self, column: str, numbers: Numbers) -> Flags:
        """Return for which of the rows a column is not 0; false for those that are gone."""
        places = numbers - self.rows.first
        held: Flags = (places >= 0) & (self.rows.column(column)[np.maximum(places, 0)] > 0)
        return held

    @staticmethod
    def _alive(day: Numbers, today: int, window: int) -> Flags:
        if not today:
            return np.ones(len(day), bool)
        return (day >= today - window) & (day <= today + window)

    def _forget(self, key: str) -> None:
        """Most keys that are deleted are of days of which nothing is held."""
        day, _, rest = key.partition("/")
        if not self.days[int(day)]:
            return
        content = int(rest.rpartition("/")[2], 16)
        for number in self.with_values({"content": content})["content"]:
            if self.remembered(number).key == key:
                self.rows.column("alive")[number - self.rows.first] = 0
                self.days[int(day)] -= 1

    def _append(self, row: Fingerprint) -> int:
        self.days[row.day] += 1
        number = self.rows.append(row, self._source(row.source), self._source(row.origin))
        self.arena.append(
            number,
            row.title,
            row.figures,
            row.article_id.encode(),
            (row.duplicate_of or "").encode(),
        )
        return number

    def _source(self, name: str) -> int:
        number = self.source_numbers.setdefault(name, len(self.sources))
        if number == len(self.sources):
            self.sources.append(name)
        return number

    def _load_chunk(self, records: list[bytes]) -> int:
        """Rows are read one by one, hashes all at once."""
        read = [(h, r) for r in records if r and (h := self._header(r)) is not None]
        if not read:
            return 0
        heads = [h for h, _ in read]
        first = self.rows.append_many([(h, *self._sources_of(h, r)) for h, r in read])
        for number, (head, raw) in enumerate(read, first):
            self.arena.append_packed(number, head, raw)
        self.days.update(h.day for h in heads)
        end = first + len(read)
        numbers = np.arange(first, end, dtype=np.int64)
        windows = b"".join(
            [r[HEADER_BYTES : HEADER_BYTES + WINDOW_BYTES * h.windows] for h, r in read]
        )
        held = np.repeat(numbers, [h.windows for h in heads])
        self.windows.add_many(first, end, np.frombuffer(windows, np.uint64), held)
        self.exact.add_many(first, end, *_all_exact_keys(heads, numbers))
        return len(read)

    def _sources_of(self, head: Header, raw: bytes) -> tuple[int, int]:
        """Return the numbers of source and origin, which stand at the end of a packed fingerprint."""
        at = len(raw) - head.source - head.origin
        source = raw[at : at + head.source].decode("utf-8", "replace")
        origin = raw[at + head.source :].decode("utf-8", "replace")
        return self._source(source), self._source(origin or source)

    def _header(self, raw: bytes) -> Header | None:
        try:
            return header_of(raw)
        except FingerprintError:
            self.skipped += 1
            return None


def _told(values: Values) -> list[tuple[str, int]]:
    """Return the values that there are."""
    return [(n, v) for n, v in values.items() if v is not None and (v or n == "offset")]


def _salted(column: str, value: int) -> int:
    """Return the posting of a value: its hash and, as payload, nothing. The row's column tells the rest."""
    mixed = ((value + _SALTS[column]) * _KEY_FACTOR) & _ALL_BITS
    mixed = ((mixed ^ (mixed >> 29)) * _KEY_FACTOR) & _ALL_BITS
    return ((mixed >> 32) % int(HASH_MODULUS)) << HASH_SHIFT


def _all_salted(column: str, values: Bits) -> Bits:
    """Return the postings of many values."""
    factor = np.uint64(_KEY_FACTOR)
    mixed = (values + np.uint64(_SALTS[column])) * factor
    mixed = (mixed ^ (mixed >> np.uint64(29))) * factor
    return (mixed >> np.uint64(32)) % HASH_MODULUS << np.uint64(HASH_SHIFT)


def _exact_keys(content: int, address: int, guid: int, offset: int | None) -> Bits:
    keys = [_salted("content", content)]
    keys += [_salted(name, v) for name, v in (("address", address), ("guid", guid)) if v]
    keys += [] if offset is None else [_salted("offset", offset)]
    return np.array(keys, np.uint64)


def _all_exact_keys(heads: list[Header], numbers: Numbers) -> tuple[Bits, Numbers]:
    """Return what ``_exact_keys`` returns of each header, all in one, and the number of the article of each."""
    keys, articles = [], []
    for name in _SALTS:
        values = [getattr(h, name) for h in heads]
        there = np.array(
            [v >= 0 if name == "offset" else v > 0 or name == "content" for v in values]
        )
        keys.append(_all_salted(name, np.array([max(v, 0) for v in values], np.uint64)[there]))
        articles.append(numbers[there])
    return np.concatenate(keys), np.concatenate(articles)
