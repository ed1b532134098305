"""Names in 200 sentences of news from all regions, written and annotated for this project.

Titles, articles and nationality words before a name are no part of it; a base, a square or a
hospital is a place; an armed group is an organisation. The floors only rise.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from monitor.extract.names.rules import name_spans
from monitor.extract.text import nlp as pipeline

pytestmark = pytest.mark.evaluation

SENTENCES = Path(__file__).with_name("names.jsonl")
FLOORS = {"PERSON": 0.91, "ORG": 0.92, "PLACE": 0.93, "all": 0.93}


@pytest.fixture(scope="module")
def scores():
    rows = [json.loads(line) for line in SENTENCES.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 200
    docs = pipeline.parse(pipeline.load(), [row["text"] for row in rows])
    right, found, gold = Counter(), Counter(), Counter()
    for row, doc in zip(rows, docs, strict=True):
        expected = {(start, end, label) for start, end, label, _ in row["names"]}
        read = {(n.start_char, n.end_char, n.label.value) for n in name_spans(doc)}
        read = {name for name in read if name[2] in FLOORS}
        for counter, names in ((right, expected & read), (found, read), (gold, expected)):
            counter.update(name[2] for name in names)
            counter["all"] += len(names)
    return {label: 2 * right[label] / (found[label] + gold[label]) for label in FLOORS}


def test_annotations_point_at_their_names():
    """A wrong offset would count every reader as wrong."""
    for line in SENTENCES.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        assert all(row["text"][start:end] == name for start, end, _, name in row["names"])


@pytest.mark.parametrize("label", FLOORS)
def test_typed_names_reach_their_floor(scores, label):
    assert scores[label] >= FLOORS[label], {k: round(v, 3) for k, v in scores.items()}
