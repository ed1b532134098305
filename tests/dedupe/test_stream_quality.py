"""Floors of quality on the generated stream of the benchmark; they only rise."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

import dedupe as benchmark
from dedupe_stream import Stream

FLOORS = {
    "pair F1": 0.99,
    "truncated": 0.96,
    "noise": 0.95,
    "cut": 0.98,
    "dateline": 0.98,
    "foreign": 0.98,
    "headline": 0.97,
    "own_lead": 0.98,
    "reordered": 0.98,
    "verbatim": 0.99,
    "toll": 0.98,
    "correction": 0.99,
    "exact": 1.0,
}
CEILINGS = {"new lost": 0.001, "twin merged": 0.011, "wall lost": 0.0, "toll suppressed": 0.01}


@pytest.fixture(scope="module")
def scores():
    items = Stream(11).items(500)
    return benchmark.scores(items, benchmark.by_dedupe(items)[0])


@pytest.mark.evaluation
@pytest.mark.parametrize("measure", FLOORS)
def test_a_measure_does_not_fall(scores, measure):
    assert scores[measure] >= FLOORS[measure]


@pytest.mark.evaluation
@pytest.mark.parametrize("measure", CEILINGS)
def test_a_loss_does_not_rise(scores, measure):
    assert scores[measure] <= CEILINGS[measure]
