"""Commands that look at the monitor: check-config, schema, and what is mounted from elsewhere."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from monitor.cli.options import AsJson, ConfigPath, configured
from monitor.errors import InputError


def check_config(config: ConfigPath = None, as_json: AsJson = False) -> None:
    """Check the configuration as a whole; every mistake is a line with its place (exit 78)."""
    settings = configured(config)
    if as_json:
        print(settings.model_dump_json(indent=2))
        return
    sinks = ", ".join(s.name for s in settings.sinks if s.enabled)
    kafka = ", ".join(settings.kafka.bootstrap_servers) or f"local, port {settings.broker.port}"
    print("The configuration is right.")
    print(f"Kafka: {kafka}. Sinks: {sinks or 'none'}. State: {settings.state_dir}")


def schema(
    name: Annotated[str, typer.Argument(help="A schema's name; none lists them.")] = "",
) -> None:
    """Show a JSON Schema: of a topic's record, of the webhook's body, of the configuration file."""
    from monitor.schemas import all_schemas

    found = all_schemas()
    if not name:
        for known, told in found.items():
            print(f"{known:28} {told.get('title') or told.get('description', '')}".rstrip())
        return
    if name not in found:
        msg = f"no schema named {name!r}; there are {', '.join(found)}"
        raise InputError(msg)
    print(json.dumps(found[name], indent=2, ensure_ascii=False))


def mount(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("check-config")(check_config)
    app.command()(schema)
