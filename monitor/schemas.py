"""JSON Schemas (2020-12) for receivers and editors: one for each topic's record, the webhook's body, the configuration."""

from __future__ import annotations

import json
from importlib import import_module, resources
from typing import Any

import msgspec

from monitor.config import Config
from schemas.cards import Card, cards

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def all_schemas() -> dict[str, dict[str, Any]]:
    """Return every schema by name: topics by their names, then ``webhook`` and ``config``."""
    found = {card.name: _of_topic(card) for card in cards().values()}
    webhook = resources.files("schemas") / "json" / "webhook.json"
    found["webhook"] = json.loads(webhook.read_text(encoding="utf-8"))
    return found | {"config": {"$schema": DIALECT, **Config.model_json_schema()}}


def _of_topic(card: Card) -> dict[str, Any]:
    module, _, name = card.record.rpartition(".")
    record = getattr(import_module(module), name)
    inner = msgspec.json.schema(record, ref_template="#/$defs/{name}")
    definitions = inner.pop("$defs", {})
    return {
        "$schema": DIALECT,
        "title": f"Message of the topic {card.name}",
        "description": card.about,
        "type": "object",
        "properties": {"v": {"const": 1}, "data": inner},
        "required": ["v", "data"],
        "$defs": definitions,
    }
