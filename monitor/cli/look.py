"""Commands that look at the monitor: check-config, schema, and what is mounted from elsewhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.options import AsJson, ConfigPath, configured, opened
from monitor.errors import InputError, MonitorError

if TYPE_CHECKING:
    from monitor.config import Config
    from monitor.doctor import Finding


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


def doctor(config: ConfigPath = None, as_json: AsJson = False) -> None:
    """Say what is wrong with this machine, the broker, the disk, the feeds and the sinks (exit 1)."""
    import asyncio

    import msgspec
    from rich.console import Console
    from rich.table import Table

    from monitor import doctor as examining

    settings = configured(config)
    findings = asyncio.run(examining.examine(settings))
    if examining.kafka_serves(findings):
        findings += _in_kafka(settings)
    if as_json:
        print(json.dumps(msgspec.to_builtins(findings)))
    else:
        table = Table(box=None, show_header=False)
        colours = {"ok": "green", "warn": "yellow", "bad": "red"}
        for found in findings:
            style = colours[found.verdict]
            table.add_row(f"[{style}]{found.verdict}[/]", found.what, found.told)
        Console(highlight=False).print(table)
    if not examining.is_well(findings):
        raise typer.Exit(1)


def _in_kafka(config: Config) -> list[Finding]:
    """Return what a doctor finds in Kafka: topics that are not there, stages that do not keep up."""
    import asyncio

    from agents import admin
    from agents.asking import asked
    from agents.settings import from_config
    from monitor import doctor as examining

    kafka = from_config(config).kafka

    async def look() -> list[Finding]:
        missing = await admin.missing_topics(kafka)
        found = [examining.of_topics(missing)]
        if not missing:
            for stage, lags in (await admin.group_lags(kafka)).items():
                waiting = sum(lag.waiting for lag in lags.values())
                found.append(examining.of_lag(stage, waiting))
        return found

    return asyncio.run(asked(kafka, look()))


def webhook_verify(
    body: Annotated[str, typer.Argument(help="File with the body, - for standard input.")] = "-",
    header: Annotated[
        list[str] | None, typer.Option("--header", "-H", help="A header, 'name: value'.")
    ] = None,
    secret: Annotated[
        str, typer.Option(envvar="NEWS_MONITOR_WEBHOOK_SECRET", help="The shared secret.")
    ] = "",
) -> None:
    """Check a webhook's body and headers against a secret (exit 1 where they do not fit)."""
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
