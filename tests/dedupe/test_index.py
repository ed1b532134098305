"""The index finds what was put, through flushes, merges and clean-ups."""

import numpy as np
import pytest

from monitor.dedupe import index
from monitor.dedupe.index import RECENT, Postings

RNG = np.random.default_rng(1)


def keys(*hashes, payload=7):
    return np.array(sorted(h << 33 | payload for h in hashes), np.uint64)


def found(postings, *hashes, payload=7):
    hits = postings.find(keys(*hashes, payload=payload))
    return sorted(
        zip(hits.asked.tolist(), hits.articles.tolist(), hits.payloads.tolist(), strict=True)
    )


@pytest.fixture
def small(monkeypatch):
    """Flushes and merges within some hundred articles."""
    monkeypatch.setattr(index, "FLUSH", 8)
    monkeypatch.setattr(index, "TIERS", (16, 64, 128))
    monkeypatch.setattr(index, "MAX_SPAN", 128)
    return Postings(filter_bits=6)


def test_a_posting_is_found_with_its_payload():
    postings = Postings()
    postings.add(0, keys(5, 9))
    assert found(postings, 9, 10) == [(0, 0, 7)]


def test_nothing_is_lost_by_flushes_and_merges(small):
    for article in range(1000):
        small.add(article, keys(article, 10_000 + article % 50))
    assert len(small) == 2000
    assert all(found(small, n) == [(0, n, 7)] for n in range(0, 1000, 37))
    assert len(small.segments) < 20
    assert sorted(a for _, a, _ in found(small, 10_007)) == list(range(7, 1000, 50))


def test_bulk_and_single_additions_agree(small):
    articles = np.repeat(np.arange(500), 3)
    hashes = RNG.integers(0, 2**31 - 1, 1500).astype(np.uint64)
    small.add_many(0, 500, hashes << np.uint64(33) | np.uint64(7), articles)
    assert all(
        found(small, int(h)) == [(0, int(a), 7)]
        for a, h in zip(articles[:99], hashes[:99], strict=True)
    )


def test_the_largest_hash_is_found(small):
    small.add(0, keys(2**31 - 2))
    small.flush()
    assert found(small, 2**31 - 2) == [(0, 0, 7)]


def test_a_long_list_gives_its_newest(small):
    """Lists of furniture and of templates grow without end; only the newest are worth a look."""
    small.add_many(0, 100, np.full(100, 5 << 33 | 7, np.uint64), np.arange(100))
    assert [a for _, a, _ in found(small, 5)] == list(range(100 - RECENT, 100))


def test_of_a_long_list_those_with_the_same_names_come_first(small):
    """A copy of one of many articles of a template must still find its original."""
    payloads = np.where(np.arange(100) == 3, 9 << 4, 7 << 4).astype(np.uint64)
    small.add_many(0, 100, np.uint64(5 << 33) | payloads, np.arange(100))
    assert [a for _, a, _ in found(small, 5, payload=9 << 4)] == [3]


def test_what_is_cleaned_away_is_not_found(small):
    for article in range(100):
        small.add(article, keys(article))
    for _ in small.sweep(lambda numbers: numbers % 2 == 1):
        pass
    assert len(small) == 50
    assert found(small, 4) == []
    assert found(small, 5) == [(0, 5, 7)]


@pytest.mark.parametrize("before", [3, 60, 1000], ids=["little", "some", "much that grows no more"])
def test_cleaning_goes_in_small_steps_between_which_all_is_found_and_added(
    small, monkeypatch, before
):
    """With 700,000 articles all at once took up to 2.5 seconds, in which no news went on."""
    monkeypatch.setattr(index, "_SWEPT_AT_ONCE", 8)
    looked = []

    def stands(numbers):
        looked.append(len(numbers))
        return (numbers % 3 > 0) | (numbers >= before)

    for article in range(before):
        small.add(article, keys(article))
    added = before
    for _ in small.sweep(stands):
        small.add(added, keys(added))
        added += 1
        for article in (1, before // 2, before - 1, added - 2, added - 1):
            there = found(small, article) == [(0, article, 7)]
            assert there or not stands(np.array([article])).all()
    assert max(looked) <= 8
    assert len(small) == added - (before + 2) // 3
    assert [a for a in range(added) if not found(small, a)] == list(range(0, before, 3))
    fresh = Postings(filter_bits=6)._grown
    for segment in small.segments[: small._told]:
        fresh.mark(segment.keys)
    assert (small._grown.blocks == fresh.blocks).all()


def test_articles_too_short_for_a_posting_leave_nothing_to_look_through(small):
    none = np.zeros(0, np.uint64)
    for article in range(20):
        small.add(article, none)
    assert found(small, 5) == []
    small.add(20, keys(5))
    for _ in small.sweep(lambda numbers: numbers > 3):
        pass
    assert found(small, 5) == [(0, 20, 7)]
