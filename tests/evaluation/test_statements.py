"""Statements of the project's own cases: who takes which stance, with floors that only rise."""

import io
import json
from pathlib import Path

import pytest

from monitor.extract import Extractor, stream

pytestmark = pytest.mark.evaluation

CASES = Path(__file__).parent.parent / "extract" / "cases" / "en-statements.jsonl"
CONDEMNING = {"condemn", "denounce", "reject"}
FLOORS = {"precision": 97.0, "recall": 97.0}


def stance(name):
    return "condemn" if name in CONDEMNING else name


def told(report):
    """Return principal and stance of what officials say; a stance on a law or a tweet is none on violence."""
    return {
        (s["speaker"]["principal"], stance(s["stance"]))
        for s in report["statements"]
        if s["official"] and (s["target"]["violent"] or s["stance"] not in CONDEMNING)
    }


def test_statements_of_officials_stay_above_their_floors():
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    out = io.BytesIO()
    articles = [{k: c[k] for k in ("id", "published", "title", "text")} for c in cases]
    stream.run([json.dumps(a).encode() for a in articles], out, Extractor.load())
    reports = {r["id"]: r for r in map(json.loads, out.getvalue().splitlines())}
    hit = missed = false = 0
    for case in cases:
        gold = {(s["principal"], s["stance"]) for s in case["gold"]["statements"]}
        found = told(reports[case["id"]])
        hit, missed, false = (
            hit + len(gold & found),
            missed + len(gold - found),
            false + len(found - gold),
        )
    figures = {"precision": 100 * hit / (hit + false), "recall": 100 * hit / (hit + missed)}
    assert len(cases) >= 80
    assert {k: round(v, 1) for k, v in figures.items() if v < FLOORS[k]} == {}
