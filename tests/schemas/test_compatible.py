"""What a receiver could rely on it can still rely on: bodies of today are valid under each schema that was released.

``schemas/json/released`` holds the webhook's schema as each version had it. A file there is never changed; a release
adds one.
"""

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "schemas" / "json"
NOW = json.loads((FOLDER / "webhook.json").read_text())
RELEASED = sorted((FOLDER / "released").glob("webhook-*.json"))
CLOSED = ("const", "pattern", "format", "minimum", "maximum", "minItems")


def resolved(schema, root):
    ref = schema.get("$ref", "")
    return root["$defs"][ref.removeprefix("#/$defs/")] if ref else schema


def types(schema):
    found = schema.get("type", [])
    return set(found if isinstance(found, list) else [found])


def breaks(old, new, roots, path="", seen=frozenset()):
    """Yield what a receiver that checks by the old schema would refuse, or miss, in what the new one allows."""
    refs = (old.get("$ref"), new.get("$ref"))
    if refs in seen:
        return
    if refs[0]:
        seen |= {refs}
    old, new = resolved(old, roots[0]), resolved(new, roots[1])
    yield from (f"{path}: {what}" for what in own_breaks(old, new))
    for name, inner, other in inner_pairs(old, new):
        if other is None:
            yield f"{path}{name}: gone"
        else:
            yield from breaks(inner, other, roots, path + name, seen)


def own_breaks(old, new):
    if missing := set(old.get("required", ())) - set(new.get("required", ())):
        yield f"{sorted(missing)} is no longer always there"
    if types(old) and not types(new) <= types(old):
        yield "another type"
    if "enum" in old and not set(new.get("enum", [None])) <= set(old["enum"]):
        yield "values that were not there"
    yield from (f"another {word}" for word in CLOSED if word in old and new.get(word) != old[word])
    if len(old.get("oneOf", ())) != len(new.get("oneOf", ())):
        yield "other choices"


def inner_pairs(old, new):
    """Yield each schema within the old one with what stands in its place."""
    for name, inner in old.get("properties", {}).items():
        yield f".{name}", inner, new.get("properties", {}).get(name)
    if "items" in old:
        yield "[]", old["items"], new.get("items")
    for one, other in zip(old.get("oneOf", ()), new.get("oneOf", ()), strict=False):
        yield "", one, other


def test_a_release_is_there():
    assert RELEASED


@pytest.mark.parametrize("path", RELEASED, ids=lambda p: p.stem)
def test_what_was_released_still_holds(path):
    old = json.loads(path.read_text())
    assert list(breaks(old, NOW, (old, NOW))) == []


def without(name):
    changed = json.loads(json.dumps(NOW))
    changed["$defs"]["Data"]["required"].remove(name)
    return changed


def altered(where, **more):
    changed = json.loads(json.dumps(NOW))
    changed["$defs"][where[0]]["properties"][where[1]].update(more)
    return changed


CHANGES = [
    ("an optional field is added", altered(("Data", "text"), description="x"), 0),
    ("a field may be missing", without("headline"), 1),
    ("a field has another type", altered(("Data", "headline"), type="integer"), 1),
    ("a field may be null", altered(("Data", "headline"), type=["string", "null"]), 1),
    ("a new word", altered(("Data", "msg_type"), enum=["alert", "update", "cancel", "x"]), 1),
    ("a word less", altered(("Data", "msg_type"), enum=["alert", "update"]), 0),
    ("deep within", altered(("Place", "lat"), minimum=-900), 1),
]


@pytest.mark.parametrize(("_why", "changed", "count"), CHANGES, ids=[c[0] for c in CHANGES])
def test_a_change_is_seen(_why, changed, count):
    assert len(list(breaks(NOW, changed, (NOW, changed)))) == count
