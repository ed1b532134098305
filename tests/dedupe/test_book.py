"""What dedupe remembers: found again, after loading too, and forgotten by day."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.dedupe.book import QUORUM, DedupeBook
from monitor.dedupe.policy import DedupePolicy
from schemas.base import ArticleId, ClusterId
from schemas.fingerprint import Fingerprint, pack
from schemas.reasons import DedupeReason, Outcome

POLICY = DedupePolicy()
DAY = 20_000


def row(number=1, **more):
    fields = {
        "article_id": ArticleId(f"a{number}"),
        "source": "wire a",
        "outcome": Outcome.NEW,
        "reason": DedupeReason.FIRST_SEEN,
        "cluster_id": ClusterId(f"{number:016x}"),
        "origin": "Wire A",
        "content": 1000 + number,
        "day": DAY,
        "offset": number,
        "address": 2000 + number,
        "guid": 3000 + number,
        "published_day": DAY,
        "words": 100,
        "rate": 1,
        "windows": (number << 33 | 5).to_bytes(8, "little"),
        "title": b"\x01\x00\x02\x00",
        "figures": b"\x03\x04",
    }
    return Fingerprint(**(fields | more))


def filled(rows, *, load=False):
    book = DedupeBook()
    if load:
        assert book.load(pack(r) for r in rows) == len(rows)
        return book
    for each in rows:
        book.put(each.key, each)
    return book


def seen(book, **values):
    return [book.remembered(n) for ns in book.with_values(values).values() for n in ns]


@pytest.mark.parametrize("load", [False, True])
def test_a_row_is_found_by_each_of_its_hashes(load):
    rows = [row(n) for n in range(1, 200)]
    book = filled(rows, load=load)
    for name in ("content", "address", "guid", "offset"):
        assert seen(book, **{name: getattr(rows[50], name)}) == [replace_windows(rows[50])]


def replace_windows(given):
    """Windows are held by the index alone."""
    return Fingerprint(
        **({f: getattr(given, f) for f in given.__struct_fields__} | {"windows": b""})
    )


def test_loading_and_putting_give_the_same_book():
    """After a restart the judgement must be what it would have been."""
    rows = [row(n, offset=None if n % 3 else n) for n in range(1, 3000)]
    put, loaded = filled(rows), filled(rows, load=True)
    assert len(put) == len(loaded) == 2999
    assert put.days == loaded.days
    assert [put.remembered(n) for n in (0, 1500, 2998)] == [
        loaded.remembered(n) for n in (0, 1500, 2998)
    ]
    assert len(put.windows) == len(loaded.windows)


def test_what_is_no_fingerprint_is_skipped_and_counted():
    """A newer version's records must not stop an older worker from starting."""
    good = pack(row(1))
    book = DedupeBook()
    assert book.load([b"", b"\x00", b"\x02" + good[1:], good[:-1], good + b"x", good]) == 1
    assert book.skipped == 4


def test_the_version_put_last_is_told_last():
    book = filled([row(1), row(2, address=2001)])
    assert [r.article_id for r in seen(book, address=2001)] == ["a1", "a2"]


def test_a_deleted_row_is_not_found_again():
    book = filled([row(1), row(2)])
    book.put(row(1).key, None)
    assert not seen(book, content=1001)
    assert seen(book, content=1002)


def test_deleting_what_is_not_there_changes_nothing():
    book = filled([row(1)])
    book.put(row(7).key, None)
    book.put(row(7, day=9).key, None)
    assert seen(book, content=1001)


def test_one_wrong_clock_does_not_make_today():
    """A feed whose clock says 2150 must not make the rest look old."""
    book = filled([row(n) for n in range(1, QUORUM + 1)] + [row(99, day=60_000)])
    assert book.today == DAY
    assert [r for _, r in book.stale(POLICY, book.today)] == [None]


def test_days_that_have_gone_lose_their_windows_and_then_their_rows():
    old, older = [row(1, day=DAY - 8)], [row(2, day=DAY - 31)]
    book = filled(older + old + [row(n) for n in range(10, 10 + QUORUM)])
    stale = dict(book.stale(POLICY, DAY))
    assert stale == {older[0].key: None, old[0].key: replace_windows(old[0])}
    for _ in book.forget(POLICY, DAY):
        # What will have gone is found no more from the first step on.
        assert not seen(book, content=1002)
        assert seen(book, content=1001) == [replace_windows(old[0])]
    assert len(book) == 1 + QUORUM
    assert not list(book.stale(POLICY, DAY))
    assert not seen(book, content=1002)
    assert seen(book, content=1001) == [replace_windows(old[0])]
    assert not len(book.windows.find(windows_of(old[0])))
    assert len(book.windows.find(windows_of(row(10)))) == 1


def windows_of(given):
    return np.frombuffer(given.windows, np.uint64)


def test_rows_that_were_put_after_a_clean_up_are_found():
    """Numbers of rows go on rising after old ones are cut off."""
    book = filled([row(1, day=DAY - 40)] + [row(n) for n in range(10, 10 + QUORUM)])
    for _ in book.forget(POLICY, DAY):
        pass
    book.put(row(77).key, row(77))
    assert seen(book, content=1077) == [replace_windows(row(77))]
    assert len(book.windows.find(windows_of(row(77)))) == 1


def test_the_book_stays_small():
    """The bar is 500 bytes an article with some 35 windows each; this one has them all."""
    many = [
        row(n, windows=b"".join((n * 40 + w << 33).to_bytes(8, "little") for w in range(40)))
        for n in range(5000)
    ]
    book = filled(many, load=True)
    assert (book.nbytes - DedupeBook().nbytes) / len(book) < 600


@given(
    st.builds(
        row,
        article_id=st.text(max_size=30),
        source=st.text(max_size=20),
        origin=st.text(min_size=1, max_size=20),
        outcome=st.sampled_from(Outcome),
        reason=st.sampled_from(DedupeReason),
        content=st.integers(0, 2**64 - 1),
        address=st.integers(0, 2**64 - 1),
        offset=st.one_of(st.none(), st.integers(0, 2**63 - 1)),
        day=st.integers(0, 65_535),
        changed_facts=st.booleans(),
        duplicate_of=st.one_of(st.none(), st.text(min_size=1, max_size=30)),
    )
)
def test_any_row_comes_back_as_it_was(given_row):
    book = filled([given_row], load=True)
    assert book.remembered(0) == replace_windows(given_row)


def test_policy_is_frozen():
    with pytest.raises(AttributeError):
        POLICY.min_words = 3
    assert replace(POLICY, min_words=3).min_words == 3
