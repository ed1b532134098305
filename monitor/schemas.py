"""JSON Schemas (2020-12) for receivers and editors: one for each topic's record, the webhook's body, the configuration."""

from __future__ import annotations

import json
from importlib import import_module, resources
from importlib.metadata import version
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
    found["asyncapi"] = asyncapi(found)
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


def asyncapi(found: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return one AsyncAPI 3.0 document for every topic and the webhook; schemas stand in its components.

    Source: AsyncAPI 3.0.0, "AsyncAPI Object", "Channel Object", "Operation Object".
    """
    names = [*cards(), "webhook"]
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "news-monitor",
            "version": version("news-monitor"),
            "description": "Topics between the stages, and the webhook that receivers get.",
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "channels": {_name(n): _channel(n) for n in names},
        "operations": {
            f"send_{_name(n)}": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{_name(n)}"},
                "summary": cards()[n].about if n in cards() else "Tell a receiver of an alert.",
            }
            for n in names
        },
        "components": {"schemas": {_name(n): _placed(found[n], _name(n)) for n in names}},
    }


def _name(topic: str) -> str:
    return topic.replace(".", "_")


def _channel(name: str) -> dict[str, Any]:
    card = cards().get(name)
    told = f"{card.about} Key: {card.key}, since {card.why_key}." if card else "POST, signed."
    return {
        "address": name if card else None,
        "description": told,
        "messages": {"message": {"payload": {"$ref": f"#/components/schemas/{_name(name)}"}}},
    }


def _placed(schema: Any, name: str) -> Any:
    """Return a schema (any JSON value) with its references turned to where it stands in the document."""
    if isinstance(schema, dict):
        inner = {k: _placed(v, name) for k, v in schema.items() if k not in ("$schema", "$id")}
        ref = inner.get("$ref")
        if isinstance(ref, str) and ref.startswith("#/$defs/"):
            inner["$ref"] = f"#/components/schemas/{name}" + ref.removeprefix("#")
        return inner
    if isinstance(schema, list):
        return [_placed(item, name) for item in schema]
    return schema
