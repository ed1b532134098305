"""Examples of every message that somebody else may read: what was once written can still be read.

An example is never changed, only added to: ``alerts.v1.json`` stays when a ``v2`` comes.
"""

import json
from importlib import import_module
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from monitor.schemas import all_schemas
from schemas import codec
from schemas.cards import cards, quarantine_of

FOLDER = Path(__file__).parents[2] / "schemas" / "examples"
EXAMPLES = sorted(FOLDER.glob("*.json"))
CARDS = cards() | {"quarantine": quarantine_of(cards()["articles.raw"])}
READ_BY_OTHERS = {
    "articles.raw",
    "articles.unique",
    "incident.corrections",
    "incident.mentions",
    "incident.deltas",
    "alerts",
    "deliveries",
    "feeds",
    "quarantine",
    "webhook",
}


def topic_of(path):
    return path.name.rsplit(".v", 1)[0]


def record_of(topic):
    module, _, name = CARDS[topic].record.rpartition(".")
    return getattr(import_module(module), name)


MESSAGES = [p for p in EXAMPLES if topic_of(p) != "webhook"]


def test_every_message_that_others_read_has_an_example_and_none_is_left_over():
    assert {topic_of(path) for path in EXAMPLES} == READ_BY_OTHERS


@pytest.mark.parametrize("path", MESSAGES, ids=lambda p: p.name)
def test_an_example_is_read_and_written_without_loss(path):
    kind = record_of(topic_of(path))
    record, unknown = codec.decode_noting(path.read_bytes(), kind)
    assert unknown == ()
    assert codec.decode(codec.encode(record), kind) == record


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.name)
def test_an_example_follows_its_schema(path):
    topic = topic_of(path)
    if topic == "quarantine":
        pytest.skip("no schema is published for what only the monitor's own commands read")
    errors = Draft202012Validator(all_schemas()[topic]).iter_errors(json.loads(path.read_bytes()))
    assert [e.message for e in errors] == []
