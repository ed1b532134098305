"""What must hold for any input: no crash, no swallowed fact, the same answer for the same history."""

import random
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from monitor.dedupe import index
from monitor.dedupe.book import DedupeBook
from monitor.dedupe.policy import DedupePolicy
from monitor.dedupe.previews import preview
from monitor.dedupe.rules import judge
from schemas.article import Article
from schemas.fingerprint import pack
from schemas.reasons import Outcome

POLICY = DedupePolicy()
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
WORDS = "police said a bomb near the market in Mosul killed four people and wounded 11 on Monday . \n Tal Afar".split(
    " "
)

texts = st.one_of(
    st.text(max_size=200), st.lists(st.sampled_from(WORDS), max_size=80).map(" ".join)
)
times = st.one_of(
    st.none(),
    st.integers(-60_000_000_000, 250_000_000_000).map(lambda s: EPOCH + timedelta(seconds=s)),
)
articles = st.builds(
    Article,
    article_id=st.sampled_from(["a", "b", "c", "d"]),
    source=st.sampled_from(["", "Wire A", "wire a", "Daily B"]),
    title=texts,
    text=texts,
    url=st.sampled_from(
        [None, "", "https://example.org/1", "https://example.org/2", "not an address"]
    ),
    guid=st.sampled_from([None, "1", "2"]),
    published=times,
    fetched_at=times,
)


def facts(article):
    """What an article tells, the amount of white space aside."""
    return " ".join(article.title.split()), " ".join(article.text.split())


def run(given_articles, offsets=False, batch=0):
    """Judge articles in order; ``batch`` of them are looked up together, none with 0."""
    book, outcomes = DedupeBook(), []
    numbered = [(a, n if offsets else None) for n, a in enumerate(given_articles)]
    for start in range(0, len(numbered), batch or 1):
        some = numbered[start : start + (batch or 1)]
        seen = preview(book, some, POLICY) if batch else [None]
        for (article, offset), one in zip(some, seen, strict=True):
            step = judge(book, article, POLICY, offset=offset, preview=one)
            for key, row in step.rows:
                book.put(key, row)
            outcomes.append(step.outputs[0])
    return book, outcomes


@settings(max_examples=120, deadline=None)
@given(st.lists(articles, max_size=12))
def test_every_article_gets_an_outcome_and_none_that_differs_is_exact(given_articles):
    """Only ``exact`` stops an article: its title and text must have been told by an earlier one, word for word."""
    _, outcomes = run(given_articles)
    told = []
    for article, said in zip(given_articles, outcomes, strict=True):
        assert said.outcome is not Outcome.EXACT or facts(article) in told
        assert (said.duplicate_of is None) is (said.outcome is Outcome.NEW)
        told.append(facts(article))


@settings(max_examples=60, deadline=None)
@given(st.lists(articles, max_size=12), st.integers(1, 5), st.sampled_from([2, 3, 100]))
def test_what_is_looked_up_together_is_judged_as_if_alone(given_articles, batch, flush):
    """However articles are batched, and wherever in a batch the index moves what was looked up."""
    _, alone = run(given_articles)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "FLUSH", flush)
        _, together = run(given_articles, batch=batch)
    assert together == alone


daily = st.builds(
    lambda article, day, which: replace(
        article, article_id=f"{which}", published=EPOCH + timedelta(days=day), fetched_at=None
    ),
    articles,
    st.integers(1, 20),
    st.integers(0, 99),
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(daily, min_size=10, max_size=30),
    st.integers(2, 40),
    st.integers(0, 9),
    st.integers(1, 8),
)
def test_days_forgotten_in_parts_are_judged_as_if_forgotten_at_once(
    given_articles, today, first, flush
):
    """Articles that come between the parts get the answers that they would get after the last."""

    def judged(*, at_once):
        book, outcomes, forgetting = DedupeBook(), [], iter(())
        for number, article in enumerate(given_articles):
            if number == first:
                forgetting = book.forget(POLICY, today)
                list(forgetting if at_once else islice(forgetting, 1))
            list(islice(forgetting, 1))
            step = judge(book, article, POLICY)
            for key, row in step.rows:
                book.put(key, row)
            outcomes.append(step.outputs[0])
        list(forgetting)
        return outcomes, [book.remembered(n) for n in book.rows.numbers()], len(book.windows)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(index, "FLUSH", flush)
        patch.setattr(index, "TIERS", (2 * flush, 4 * flush, 8 * flush))
        patch.setattr(index, "_SWEPT_AT_ONCE", 16)
        assert judged(at_once=False) == judged(at_once=True)


@settings(max_examples=40, deadline=None)
@given(st.lists(articles, max_size=12), st.randoms(use_true_random=False))
def test_reading_again_after_a_crash_changes_no_outcome(given_articles, rng):
    """Whatever part of the raw records is read again, in order, with the rows kept, each gets the answer it had."""
    book, outcomes = run(given_articles, offsets=True)
    start = rng.randint(0, len(given_articles))
    for number in range(start, len(given_articles)):
        step = judge(book, given_articles[number], POLICY, offset=number)
        assert step.outputs[0] == outcomes[number]


@settings(max_examples=40, deadline=None)
@given(st.lists(articles, max_size=12))
def test_a_restart_changes_no_outcome(given_articles):
    """The book that is read from the topic judges like the one that was in memory."""
    half = len(given_articles) // 2
    rows, book = [], DedupeBook()
    for number, article in enumerate(given_articles[:half]):
        step = judge(book, article, POLICY, offset=number)
        for key, row in step.rows:
            book.put(key, row)
            rows.append(pack(row))
    again = DedupeBook()
    again.load(rows)
    for number, article in enumerate(given_articles[half:], half):
        one, other = (
            judge(book, article, POLICY, offset=number),
            judge(again, article, POLICY, offset=number),
        )
        assert one == other
        for key, row in one.rows:
            book.put(key, row)
            again.put(key, row)


@pytest.mark.parametrize("seed", range(5))
def test_shuffled_repeats_stay_exact(make, text, seed):
    """Whatever comes first, each article has one telling that is not exact, and all its repeats are."""
    rng = random.Random(seed)
    originals = [
        make(n, text=text.replace("market", f"market number {n} of {n * 7}"), title=f"Blast {n}")
        for n in range(8)
    ]
    stream = [a for a in originals for _ in range(3)]
    rng.shuffle(stream)
    _, outcomes = run(stream)
    exact = [o.article.article_id for o in outcomes if o.outcome is Outcome.EXACT]
    assert sorted(exact) == sorted(a.article_id for a in originals for _ in range(2))
