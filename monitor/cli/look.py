"""Commands that look at a configuration and at this machine: check-config, doctor, schema, webhook verify."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.asking import ask, settings_of, write_table
from monitor.cli.options import AsJson, ConfigPath, configured, opened
from monitor.errors import InputError, MonitorError

if TYPE_CHECKING:
    from monitor.doctor import Finding


def check_config(config: ConfigPath = None, as_json: AsJson = False) -> None:
    """Check the configuration. Every mistake is a line with its place (exit 78)."""
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
    """Show a JSON Schema. There is one of each topic's record, of the webhook's body and of the configuration file."""
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


def doctor(config: ConfigPath = None, as_json: AsJson = False) -> None:
    """Say what is wrong here. Looks at this machine, Kafka, the disk, the feeds and the sinks; exit 1 where something is."""
    import asyncio

    import msgspec
    from rich.text import Text

    from monitor import doctor as examining

    findings = asyncio.run(examining.examine(configured(config)))
    if examining.kafka_serves(findings):
        findings += _in_kafka(config)
    if as_json:
        print(json.dumps(msgspec.to_builtins(findings)))
    else:
        colours = {"ok": "green", "warn": "yellow", "bad": "red"}
        write_table((), ((Text(f.verdict, colours[f.verdict]), f.what, f.told) for f in findings))
    if not examining.is_well(findings):
        raise typer.Exit(1)


def _in_kafka(config: Path | None) -> list[Finding]:
    """Return what a doctor finds in Kafka: topics that are not there, stages that do not keep up."""
    from agents import admin
    from monitor import doctor as examining

    settings = settings_of(config)
    missing = ask(settings, admin.missing_topics(settings.kafka))
    found = [examining.of_topics(missing)]
    if missing:
        return found
    lags = ask(settings, admin.group_lags(settings.kafka))
    return [
        *found,
        *(
            examining.of_lag(stage, sum(x.waiting for x in of.values()))
            for stage, of in lags.items()
        ),
    ]


def webhook_verify(
    body: Annotated[str, typer.Argument(help="File with the body, - for standard input.")] = "-",
    header: Annotated[
        list[str] | None, typer.Option("--header", "-H", help="A header, 'name: value'.")
    ] = None,
    secret: Annotated[
        str, typer.Option(envvar="NEWS_MONITOR_WEBHOOK_SECRET", help="The shared secret.")
    ] = "",
) -> None:
    """Check a webhook's body and headers against a secret. Exit 1 where they do not fit."""
    from monitor.sinks import signing

    given = dict(_header(h) for h in header or [])
    with opened(body) as file:
        wrong = signing.verify(file.read(), given, signing.check_secret(secret))
    if wrong is not None:
        msg = f"not signed by this secret: {wrong}"
        raise MonitorError(msg)
    print("The signature is right.")


def _header(text: str) -> tuple[str, str]:
    name, colon, value = text.partition(":")
    if not colon:
        msg = f"a header is 'name: value', not {text!r}"
        raise InputError(msg)
    return name.strip().lower(), value.strip()


def mount(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(doctor)
    webhook = typer.Typer(help="Help for those who receive webhooks.", no_args_is_help=True)
    webhook.command("verify")(webhook_verify)
    webhook.callback()(lambda: None)
    app.add_typer(webhook, name="webhook")
    app.command("check-config")(check_config)
    app.command()(schema)
