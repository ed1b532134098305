"""Fills pages from the code at each build, so that they cannot tell what is not so: settings, topics, metrics."""

import re

from prometheus_client import REGISTRY

import monitor.metrics  # noqa: F401  registers the metrics
from monitor.config import ENV_PREFIX, Config
from monitor.reload import AT_ONCE
from schemas.cards import all_topics, cards

PLACE = re.compile(r"^<!-- filled by hooks\.py: (\w+) -->$", re.MULTILINE)


def on_page_markdown(markdown, **_):
    """Put what a page asks for in its place."""
    return PLACE.sub(lambda found: FILLERS[found[1]](), markdown)


def configuration():
    """Every key of the configuration: the tables of the file, one after the other."""
    schema = Config.model_json_schema()
    tables, rest = [], []
    for name, field in schema["properties"].items():
        inner = inner_of(field, schema)
        if inner:
            many = field.get("type") == "array"
            for one in inner:
                tables += sections(name, one, schema, many=many)
        else:
            rest.append(row(name, name, field, schema, required=()))
    return "## Top of the file\n\n" + HEAD + "\n".join(rest) + "\n\n" + "\n\n".join(tables)


HEAD = "| key | type | default | what it does |\n| --- | --- | --- | --- |\n"


def inner_of(field, schema):
    """The objects that a field holds: none for a plain value, several for a list of kinds."""
    given = field.get("items", field)
    refs = [given, *given.get("allOf", ()), *given.get("anyOf", ()), *given.get("oneOf", ())]
    found = [schema["$defs"][r["$ref"].rsplit("/", 1)[-1]] for r in refs if "$ref" in r]
    return [one for one in found if one.get("type") == "object"]


def sections(name, one, schema, *, many):
    """A table of the file, and those within it."""
    yield section(name, one, schema, many=many)
    for key, field in one.get("properties", {}).items():
        for inner in inner_of(field, schema):
            yield from sections(f"{name}.{key}", inner, schema, many=field.get("type") == "array")


def section(name, one, schema, *, many):
    properties = one.get("properties", {})
    kind = properties.get("type", {}).get("const")
    title = f"[[{name}]]" if many else f"[{name}]"
    title += f' with `type = "{kind}"`' if kind else ""
    rows = [
        row(f"{name}.{key}", key, field, schema, one.get("required", ()))
        for key, field in properties.items()
        if key != "type" or not kind
    ]
    about = (one.get("description") or "").split("\n\n")[0].replace("\n", " ")
    return f"## {title}\n\n{about}\n\n{HEAD}" + "\n".join(rows)


def row(path, key, field, schema, required):
    default = "required" if key in required else f"`{shown(field.get('default'))}`"
    if default == "`none`" and "default" not in field:
        default = "chosen at the start"
    about = field.get("description", "").replace("\n", " ").replace("|", "\\|")
    if "." in path and "[" not in path:
        variable = ENV_PREFIX + path.upper().replace(".", "__")
        about += f" `{variable}`" if path.split(".")[0] in SECTIONS else ""
    return f"| `{key}` | {type_of(field, schema)} | {default} | {about.strip()} |"


def at_once():
    """The keys that a reload takes over."""
    return ", ".join(f"`{key}`" for key in sorted(AT_ONCE)) + "."


SECTIONS = {
    name
    for name, field in Config.model_json_schema()["properties"].items()
    if field.get("type") != "array"
}


def shown(value):
    if value is None:
        return "none"
    if isinstance(value, bool):
        return str(value).lower()
    text = (
        "[...]"
        if isinstance(value, list) and any(isinstance(v, dict) for v in value)
        else str(value)
    )
    return text.replace("|", "\\|")


def type_of(field, schema):
    """A few words: the type, its choices, its bounds."""
    choices = field.get("enum") or [f["const"] for f in field.get("anyOf", ()) if "const" in f]
    if choices:
        return ", ".join(f"`{choice}`" for choice in choices)
    if "anyOf" in field:
        return " or ".join(
            dict.fromkeys(type_of(f, schema) for f in field["anyOf"] if f.get("type") != "null")
        )
    if "$ref" in field:
        return type_of(schema["$defs"][field["$ref"].rsplit("/", 1)[-1]], schema)
    if field.get("type") == "array":
        return "list of " + type_of(field.get("items", {}), schema)
    low, high = (
        field.get(k, field.get(x))
        for k, x in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum"))
    )
    bounds = f", {low:g} to {high:g}" if low is not None and high is not None else ""
    bounds = bounds or (f", from {low:g}" if low is not None else "")
    return (field.get("format") or field.get("type") or "table") + bounds


def topics():
    """What is kept for how long."""
    lines = ["| topic | holds | kept | partitions |", "| --- | --- | --- | --- |"]
    lines += [
        f"| `{card.name}` | {card.about} | {kept(card)} | {card.partitions if not card.like else 'as `' + card.like + '`'} |"
        for card in cards().values()
    ]
    waiting = next(card for name, card in all_topics().items() if name not in cards())
    lines.append(
        f"| `<topic>.quarantine` | Records that failed, with the reason. | {kept(waiting)} | 1 |"
    )
    return "\n".join(lines)


def kept(card):
    if "compact" in card.config.get("cleanup.policy", ""):
        return "the latest of each key"
    milliseconds = int(card.config.get("retention.ms", 7 * 86_400_000))
    return f"{milliseconds / 86_400_000:g} days"


def metrics():
    """Every figure with its help and labels."""
    lines = ["| metric | labels | what it tells |", "| --- | --- | --- |"]
    found = {id(c): c for c in REGISTRY._names_to_collectors.values()}.values()
    for one in found:
        name = getattr(one, "_name", "")
        if name.startswith("news_monitor_"):
            end = "_total" if one._type == "counter" else ""
            labels = ", ".join(f"`{label}`" for label in one._labelnames)
            lines.append(f"| `{name}{end}` | {labels} | {one._documentation} |")
    return "\n".join(lines)


FILLERS = {
    "at_once": at_once,
    "configuration": configuration,
    "topics": topics,
    "metrics": metrics,
}
