"""Floors for the figures of the cases: who was killed and hurt, when, and the running counts. They only rise."""

import json
from pathlib import Path

import pytest

from monitor.extract.extractor import Extractor
from monitor.extract.stream import parse

CASES = Path(__file__).parents[1] / "extract" / "cases" / "en-figures.jsonl"
# What the cases gave when the floor was last raised.
FLOORS = {"killed": 126, "injured": 126, "day": 126, "tally": 8}


def best(count):
    if not isinstance(count, dict):
        return count
    return count.get("low") if count.get("best") is None else count["best"]


def agrees(gold, found):
    """Tell whether a figure is right: unknown and nobody are alike, a vague word lies within its bounds."""
    value = found and (found.low if found.best is None else found.best)
    if gold is None:
        return value in {None, 0}
    if isinstance(gold, dict):
        return value is not None and gold["low"] <= value <= gold["high"]
    return value == gold


def on_the_day(gold, found):
    days = gold.get("date_any_of") or [gold["date"]]
    return found.date is not None and any(
        found.date.first.isoformat() <= day <= found.date.last.isoformat() for day in days
    )


def figures():
    extractor = Extractor.load()
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    articles = [
        parse(json.dumps({k: c[k] for k in ("id", "published", "title", "text")}).encode(), 1)
        for c in cases
    ]
    return list(zip(cases, extractor.read_many(articles), strict=True))


@pytest.mark.evaluation
def test_figures_of_the_cases_keep_their_floors():
    right = dict.fromkeys(FLOORS, 0)
    for case, report in figures():
        gold = case["gold"]
        for told, found in zip(gold["incidents"], report.incidents, strict=False):
            right["killed"] += agrees(told["killed"], found.killed)
            right["injured"] += agrees(told["injured"], found.injured)
            right["day"] += on_the_day(told, found)
        values = [best({"low": t.value.low, "best": t.value.best}) for t in report.tallies]
        right["tally"] += sum(t["value"] in values for t in gold.get("tallies", []))
    assert {name: right[name] >= floor for name, floor in FLOORS.items()} == dict.fromkeys(
        FLOORS, True
    ), right
