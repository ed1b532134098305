"""Commands on records that failed: list them, show one, send them again."""

from __future__ import annotations

from typing import Annotated

import typer

from monitor.alerts.printing import printable
from monitor.cli.asking import all_found, ask, minute, settings_of, write_json, write_table
from monitor.cli.options import AsJson, ConfigPath
from monitor.errors import InputError

quarantine_app = typer.Typer(help="Records that failed and were set aside.", no_args_is_help=True)


@quarantine_app.command("list")
def quarantine_list(config: ConfigPath = None, as_json: AsJson = False) -> None:
    """List what waits in quarantine, the oldest first."""
    from agents import admin

    settings = settings_of(config)
    found = ask(settings, admin.quarantined(settings.kafka))
    if as_json:
        write_json(found.values())
        return
    lines = [(i, q.stage, q.reason, minute(q.at), q.error[:80]) for i, q in found.items()]
    write_table(("record", "stage", "reason", "when", "error"), lines)


@quarantine_app.command("show")
def quarantine_show(record: str, config: ConfigPath = None) -> None:
    """Show one record: where it was, why it failed, its key and value."""
    from agents import admin

    settings = settings_of(config)
    found = ask(settings, admin.quarantined(settings.kafka)).get(record)
    if found is None:
        msg = f"no record {record} is in quarantine"
        raise InputError(msg)
    for name in ("topic", "partition", "offset", "stage", "reason", "error", "at", "truncated"):
        print(f"{name}: {printable(str(getattr(found, name)))}")
    print(f"key: {_shown(found.key)}")
    print(_shown(found.value))


def _shown(raw: bytes | None) -> str:
    """Return bytes of anybody as text that steers no terminal; `quarantine list --json` has them as they are."""
    return printable((raw or b"").decode("utf-8", "backslashreplace"))


@quarantine_app.command("replay")
def quarantine_replay(
    records: Annotated[list[str] | None, typer.Argument(help="Records, none for all.")] = None,
    config: ConfigPath = None,
) -> None:
    """Send records to their topics again. Byte for byte, after the cause was mended."""
    from agents import admin

    settings = settings_of(config)
    found = ask(settings, admin.quarantined(settings.kafka))
    chosen = {i: q for i, q in found.items() if not records or i in records}
    all_found(records or [], list(chosen), "record")
    count = ask(settings, admin.replay_quarantined(settings.kafka, chosen.values()))
    print(
        f"{count} records are sent again; {len(chosen) - count} were cut when they were set aside."
    )


def mount(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(quarantine_app, name="quarantine")
