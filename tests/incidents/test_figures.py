"""What is known of a figure follows from what was said, whoever said it in whatever order it arrived."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.incidents.figures import Figure, fold_figures
from schemas.report import Count


def exact(n):
    return Count(low=n, best=n, high=n)


def least(n):
    return Count(low=n, best=n, high=None)


def said(source, count, *, origin=None, correction=False):
    origin = origin or source
    return Figure(
        count=count, source=source, origin=origin, copy=origin != source, correction=correction
    )


DOZENS = Count(low=12, best=None, high=None)

CASES = [
    ("nobody said anything", [], None),
    ("one source", [said("a", exact(4))], exact(4)),
    ("another source says more", [said("a", exact(4)), said("b", exact(6))], exact(6)),
    (
        "another source says less: a dispute widens the range",
        [said("a", exact(6)), said("b", exact(4))],
        Count(low=4, best=6, high=6),
    ),
    (
        "a dispute goes back and forth and stays what it was",
        [said("a", exact(6)), said("b", exact(4)), said("a", exact(6)), said("b", exact(4))],
        Count(low=4, best=6, high=6),
    ),
    ("a source takes its own figure back", [said("a", exact(6)), said("a", exact(4))], exact(4)),
    (
        "a source takes back what another source still says",
        [said("a", exact(6)), said("b", exact(6)), said("a", exact(4))],
        Count(low=4, best=6, high=6),
    ),
    (
        "words of correction end all earlier claims",
        [said("a", exact(6)), said("b", exact(6)), said("c", exact(4), correction=True)],
        exact(4),
    ),
    (
        "words of correction beside a higher figure end nothing",
        [said("a", exact(6)), said("b", exact(9), correction=True)],
        exact(9),
    ),
    ("at least", [said("a", least(5))], least(5)),
    ("at least five and exactly five", [said("a", least(5)), said("b", exact(5))], exact(5)),
    (
        "at least four after exactly six of the same source contradicts nothing",
        [said("a", exact(6)), said("a", least(4))],
        exact(6),
    ),
    (
        "a copy with more is its origin's word",
        [said("a", exact(5)), said("b", exact(7), origin="a")],
        exact(7),
    ),
    (
        "a copy with less is an older version",
        [said("a", exact(7)), said("b", exact(5), origin="a")],
        Count(low=5, best=7, high=7),
    ),
    ("a vague word alone gives bounds", [said("a", DOZENS)], DOZENS),
    ("a number after a vague word", [said("a", DOZENS), said("b", exact(45))], exact(45)),
    ("a vague word after a number", [said("a", exact(45)), said("b", DOZENS)], exact(45)),
    ("a stated zero is known", [said("a", exact(0))], exact(0)),
]


@pytest.mark.parametrize(("figures", "known"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_figure(figures, known):
    assert fold_figures(figures) == known


def test_more_than_a_hundred_never_lowers_a_running_count():
    figures = [said("a", exact(103)), said("a", least(100))]
    assert fold_figures(figures, running=True) == exact(103)


counts = st.one_of(st.integers(0, 50).map(exact), st.integers(0, 50).map(least))
figures = st.builds(
    said,
    st.sampled_from("abc"),
    counts,
    origin=st.sampled_from([None, "a"]),
    correction=st.booleans(),
)


@given(st.lists(figures, max_size=12))
def test_bounds_are_in_order(stated):
    known = fold_figures(stated)
    if known is None:
        return
    assert known.low <= known.best
    assert known.high is None or known.best <= known.high


@given(st.lists(figures, min_size=1, max_size=12))
def test_saying_the_last_thing_again_changes_nothing(stated):
    assert fold_figures([*stated, stated[-1]]) == fold_figures(stated)


@given(st.lists(st.builds(said, st.sampled_from("abcdef"), counts), min_size=1, max_size=8))
def test_without_corrections_the_best_is_somebodys_last_word(stated):
    last = {f.source: f.count.best for f in stated}
    known = fold_figures(stated)
    assert known.best in {f.count.best for f in stated}
    assert known.best >= max(min(last.values()), 0)
