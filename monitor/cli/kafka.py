"""Commands that look into a running monitor's Kafka: incidents, alerts, deliveries, quarantine, trace, test alerts."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine, Iterable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer

from monitor.cli.options import AsJson, ConfigPath, configured
from monitor.errors import InputError, MonitorError

if TYPE_CHECKING:
    from agents.settings import Settings
    from schemas.base import Record

T = TypeVar("T")
PIPE_WIDTH = 240
Limit = Annotated[int, typer.Option("--limit", min=1, help="How many at most, the latest.")]


def _settings(path: Any) -> Settings:
    """Return the agents' settings of a configuration (any: Typer's own annotated path)."""
    from agents.settings import from_config

    return from_config(configured(path))


def _ask(settings: Settings, work: Coroutine[Any, Any, T]) -> T:
    """Run something that asks Kafka.

    Raises:
        NotReachableError: Kafka does not answer.
    """
    from agents.asking import asked

    return asyncio.run(asked(settings.kafka, work))


def _write_json(records: Iterable[Record]) -> None:
    from schemas.codec import to_json

    for record in records:
        sys.stdout.buffer.write(to_json(record) + b"\n")


def _write_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from monitor.alerts.printing import printable

    table = Table(box=None, pad_edge=False)
    for name in head:
        table.add_column(name, no_wrap=name == head[0], overflow="fold")
    for row in rows:
        # Words of sources are hostile: no markup and nothing that steers the terminal.
        table.add_row(*(Text(printable(str("" if cell is None else cell))) for cell in row))
    console = Console(highlight=False)
    # A pipe has no width: nothing is cut there.
    console.print(table, width=None if console.is_terminal else PIPE_WIDTH)


def _minute(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M}" if at else ""


incidents_app = typer.Typer(help="Incidents that are known now.", no_args_is_help=True)


@incidents_app.command("list")
def incidents_list(config: ConfigPath = None, limit: Limit = 50, as_json: AsJson = False) -> None:
    """List incidents by the time of their latest report."""
    from agents import admin
    from monitor.alerts.text import headline
    from monitor.incidents.snapshot import snapshot_of

    settings = _settings(config)
    rows = _ask(settings, admin.incidents(settings.kafka))[-limit:]
    known = [snapshot_of(row) for row in rows]
    if as_json:
        _write_json(known)
        return
    seen = [_minute(row.seen_at) for row in rows]
    lines = [
        (k.incident_id, at, headline(k), k.independent_sources)
        for k, at in zip(known, seen, strict=True)
    ]
    _write_table(("incident", "latest report", "what", "sources"), lines)


@incidents_app.command("show")
def incidents_show(incident: str, config: ConfigPath = None) -> None:
    """Show what is known of one incident and each source's claim, as JSON."""
    from agents import admin
    from schemas.codec import to_json

    settings = _settings(config)
    rows = _ask(settings, admin.incidents(settings.kafka))
    found = next((row for row in rows if row.incident_id == incident), None)
    if found is None:
        msg = (
            f"no incident {incident} is known now; `news-monitor trace {incident}` finds older ones"
        )
        raise InputError(msg)
    sys.stdout.buffer.write(to_json(found) + b"\n")


alerts_app = typer.Typer(help="Alerts that were decided.", no_args_is_help=True)


def _since(text: str) -> datetime:
    """Return the time that ``--since`` means: a date, a time, or ``7d``, ``12h`` before now."""
    from datetime import timedelta

    units = {"d": "days", "h": "hours", "m": "minutes"}
    if text[:-1].isdigit() and text[-1:] in units:
        return datetime.now(UTC) - timedelta(**{units[text[-1]]: int(text[:-1])})
    try:
        at = datetime.fromisoformat(text)
    except ValueError as exc:
        msg = f"--since takes a date, a time, or something like 7d or 12h, not {text!r}"
        raise InputError(msg) from exc
    return at if at.tzinfo else at.replace(tzinfo=UTC)


Since = Annotated[str, typer.Option("--since", help="From when on: a date, a time, 7d, 12h.")]


def _alerts(settings: Settings, since: str) -> list[Any]:
    """Return the alerts since a time (of records of the agents, which this module imports late)."""
    from agents import admin

    after = _since(since)
    found = _ask(settings, admin.alerts(settings.kafka))
    return [alert for at, alert in found if at >= after]


@alerts_app.command("list")
def alerts_list(
    config: ConfigPath = None, since: Since = "7d", limit: Limit = 100, as_json: AsJson = False
) -> None:
    """List alerts in the order in which they were decided."""
    found = _alerts(_settings(config), since)[-limit:]
    if as_json:
        _write_json(found)
        return
    lines = [(a.alert_id, _minute(a.fetched_at or a.published), a.kind, a.title) for a in found]
    _write_table(("alert", "fetched", "kind", "title"), lines)


@alerts_app.command("show")
def alerts_show(alert: str, config: ConfigPath = None) -> None:
    """Show one alert as the webhook's body tells it."""
    from monitor.alerts import payload

    found = next((a for a in _alerts(_settings(config), "3650d") if a.alert_id == alert), None)
    if found is None:
        msg = f"no alert {alert}"
        raise InputError(msg)
    sys.stdout.buffer.write(payload.body(found) + b"\n")


@alerts_app.command("replay")
def alerts_replay(
    sink: Annotated[str, typer.Option("--sink", help="Name of the sink.")],
    config: ConfigPath = None,
    since: Since = "24h",
) -> None:
    """Deliver the alerts since a time to a sink again, under the same webhook ids."""
    from agents import admin

    settings = _settings(config)
    _known_sink(settings, sink)
    count = _ask(settings, admin.deliver_again(settings.kafka, _alerts(settings, since), sink))
    print(f"{count} alerts are delivered to {sink} again.")


def _known_sink(settings: Settings, sink: str) -> None:
    names = [s.name for s in settings.sinks]
    if sink not in names:
        msg = f"no sink is named {sink!r}; there are {', '.join(names) or 'none'}"
        raise InputError(msg)


deliveries_app = typer.Typer(help="Deliveries of alerts to sinks.", no_args_is_help=True)


@deliveries_app.command("list")
def deliveries_list(
    config: ConfigPath = None,
    failed: Annotated[
        bool, typer.Option("--failed", help="Only those that have failed for good.")
    ] = False,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """List deliveries as they stand, the oldest first."""
    from agents import admin
    from schemas.reasons import Attempt

    settings = _settings(config)
    wanted = (Attempt.FAILED, Attempt.DISABLED) if failed else tuple(Attempt)
    found = _ask(settings, admin.deliveries(settings.kafka, wanted))[-limit:]
    if as_json:
        _write_json(found)
        return
    lines = [(d.webhook_id, d.sink, d.outcome, d.attempts, _minute(d.at), d.detail) for d in found]
    _write_table(("delivery", "sink", "outcome", "attempts", "latest", "answer"), lines)


@deliveries_app.command("retry")
def deliveries_retry(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids, none for all failed ones.")] = None,
    config: ConfigPath = None,
) -> None:
    """Try failed deliveries again now, under the same webhook ids."""
    from agents import admin
    from schemas.reasons import Attempt

    settings = _settings(config)
    failed = _ask(settings, admin.deliveries(settings.kafka, (Attempt.FAILED, Attempt.DISABLED)))
    chosen = [d for d in failed if not ids or d.webhook_id in ids]
    _all_found(ids or [], [d.webhook_id for d in chosen], "failed delivery")
    print(f"{_ask(settings, admin.retry(settings.kafka, chosen))} deliveries are tried again.")


def _all_found(asked: Sequence[str], found: Sequence[str], what: str) -> None:
    if missing := sorted(set(asked) - set(found)):
        msg = f"no {what} {', '.join(missing)}"
        raise InputError(msg)


quarantine_app = typer.Typer(help="Records that failed and were set aside.", no_args_is_help=True)


@quarantine_app.command("list")
def quarantine_list(config: ConfigPath = None, as_json: AsJson = False) -> None:
    """List what waits in quarantine, the oldest first."""
    from agents import admin

    settings = _settings(config)
    found = _ask(settings, admin.quarantined(settings.kafka))
    if as_json:
        _write_json(found.values())
        return
    lines = [(i, q.stage, q.reason, _minute(q.at), q.error[:80]) for i, q in found.items()]
    _write_table(("record", "stage", "reason", "when", "error"), lines)


@quarantine_app.command("show")
def quarantine_show(record: str, config: ConfigPath = None) -> None:
    """Show one record: where it was, why it failed, its key and value."""
    from agents import admin

    settings = _settings(config)
    found = _ask(settings, admin.quarantined(settings.kafka)).get(record)
    if found is None:
        msg = f"no record {record} is in quarantine"
        raise InputError(msg)
    for name in ("topic", "partition", "offset", "stage", "reason", "error", "at", "truncated"):
        print(f"{name}: {getattr(found, name)}")
    print(f"key: {(found.key or b'').decode('utf-8', 'backslashreplace')}")
    print((found.value or b"").decode("utf-8", "backslashreplace"))


@quarantine_app.command("replay")
def quarantine_replay(
    records: Annotated[list[str] | None, typer.Argument(help="Records, none for all.")] = None,
    config: ConfigPath = None,
) -> None:
    """Send records to their topics again, byte for byte, after the cause was mended."""
    from agents import admin

    settings = _settings(config)
    found = _ask(settings, admin.quarantined(settings.kafka))
    chosen = {i: q for i, q in found.items() if not records or i in records}
    _all_found(records or [], list(chosen), "record")
    count = _ask(settings, admin.replay_quarantined(settings.kafka, chosen.values()))
    print(
        f"{count} records are sent again; {len(chosen) - count} were cut when they were set aside."
    )


def send_test_alert(
    title: Annotated[str, typer.Option("--title", help="What stands in the alert.")] = "Test alert",
    sink: Annotated[str | None, typer.Option("--sink", help="Only to this sink.")] = None,
    config: ConfigPath = None,
    wait_s: Annotated[float, typer.Option("--wait", help="Seconds to wait for answers.")] = 20.0,
) -> None:
    """Send a test alert the whole way through Kafka to the sinks, and tell how each took it."""
    from agents import admin
    from schemas.reasons import Attempt

    settings = _settings(config)
    if sink is not None:
        _known_sink(settings, sink)
    names = (sink,) if sink else tuple(s.name for s in settings.sinks)
    alert = _ask(settings, admin.send_test_alert(settings.kafka, title, sinks=names))
    found = _ask(
        settings, admin.await_delivered(settings.kafka, alert.alert_id, len(names), wait_s)
    )
    for delivery in found:
        print(f"{delivery.sink}: {delivery.outcome} {delivery.detail}".rstrip())
    taken = [d for d in found if d.outcome is Attempt.DELIVERED]
    if len(taken) < len(names):
        msg = f"{len(taken)} of {len(names)} sinks took it within {wait_s:g} s"
        raise MonitorError(msg)


def trace(wanted: str, config: ConfigPath = None, as_json: AsJson = False) -> None:
    """Show the way of an article, an incident or an alert through the topics."""
    from agents import admin

    settings = _settings(config)
    steps = _ask(settings, admin.trace(settings.kafka, wanted))
    if not steps:
        msg = f"nothing of {wanted} is in Kafka"
        raise InputError(msg)
    if as_json:
        _write_json(step.record for step in steps)
        return
    lines = [
        (f"{s.at:%Y-%m-%d %H:%M:%S}", s.topic, s.partition, s.offset, _about(s.record))
        for s in steps
    ]
    _write_table(("written", "topic", "partition", "offset", "what"), lines)


def _about(record: Record) -> str:
    """Return a few words about a record on its way."""
    fields = (
        "sink",
        "source",
        "outcome",
        "kind",
        "measure",
        "reason",
        "subject",
        "title",
        "detail",
    )
    return " ".join(str(v) for name in fields if (v := getattr(record, name, None)))


def mount(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(incidents_app, name="incidents")
    app.add_typer(alerts_app, name="alerts")
    app.add_typer(deliveries_app, name="deliveries")
    app.add_typer(quarantine_app, name="quarantine")
    app.command("send-test-alert")(send_test_alert)
    app.command()(trace)
