"""Commands on what goes out: alerts, their deliveries, the sinks, test alerts."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.asking import Limit, all_found, ask, minute, settings_of, write_json, write_table
from monitor.cli.options import AsJson, ConfigPath
from monitor.cli.times import ago
from monitor.errors import InputError, MonitorError

if TYPE_CHECKING:
    from agents.outgoing import SinkSummary
    from agents.settings import Settings
    from monitor.sinks.base import SinkConfig
    from schemas.alert import Alert
    from schemas.delivery import Delivery
    from schemas.reasons import AlertKind, Attempt
    from schemas.sink import SinkState

alerts_app = typer.Typer(help="Alerts that were decided.", no_args_is_help=True)


Since = Annotated[str, typer.Option("--since", help="From when on: a date, a time, 7d, 12h.")]


def _alerts(settings: Settings, since: str) -> list[Alert]:
    """Return the alerts since a time."""
    from agents import admin

    after = ago(since, "--since", datetime.now(UTC))
    found = ask(settings, admin.alerts(settings.kafka))
    return [alert for at, alert in found if at >= after]


@alerts_app.command("list")
def alerts_list(
    config: ConfigPath = None, since: Since = "7d", limit: Limit = 100, as_json: AsJson = False
) -> None:
    """List alerts in the order in which they were decided."""
    found = _alerts(settings_of(config), since)[-limit:]
    if as_json:
        write_json(found)
        return
    lines = [(a.alert_id, minute(a.fetched_at or a.published), a.kind, a.title) for a in found]
    write_table(("alert", "fetched", "kind", "title"), lines)


@alerts_app.command("show")
def alerts_show(alert: str, config: ConfigPath = None) -> None:
    """Show one alert as the webhook's body tells it."""
    from monitor.alerts import payload

    settings = settings_of(config)
    found = next((a for a in _alerts(settings, "3650d") if a.alert_id == alert), None)
    if found is None:
        msg = f"no alert {alert}"
        raise InputError(msg)
    sys.stdout.buffer.write(payload.body(found, origin=settings.origin) + b"\n")


@alerts_app.command("replay")
def alerts_replay(
    sink: Annotated[str, typer.Option("--sink", help="Name of the sink.")],
    config: ConfigPath = None,
    since: Since = "24h",
) -> None:
    """Deliver alerts since a time to a sink again. Under the same webhook ids; silences hold."""
    from agents import admin, outgoing

    settings = settings_of(config)
    chosen = _sink_of(settings, sink)
    found = [a for a in _alerts(settings, since) if not a.sinks or sink in a.sinks]
    mutes = ask(settings, outgoing.mutes(settings.kafka))
    count = ask(settings, admin.deliver_again(settings, found, chosen, mutes))
    print(f"{count} alerts are delivered to {sink} again.")


def _sink_of(settings: Settings, name: str) -> SinkConfig:
    """Return a sink of the configuration by its name.

    Raises:
        InputError: there is none of that name.
    """
    found = next((sink for sink in settings.sinks if sink.name == name), None)
    if found is None:
        names = ", ".join(sink.name for sink in settings.sinks)
        msg = f"no sink is named {name!r}; there are {names or 'none'}"
        raise InputError(msg)
    return found


deliveries_app = typer.Typer(help="Deliveries of alerts to sinks.", no_args_is_help=True)

OneSink = Annotated[str | None, typer.Option("--sink", help="Only of this sink.")]


@deliveries_app.command("list")
def deliveries_list(
    *,
    config: ConfigPath = None,
    failed: Annotated[
        bool, typer.Option("--failed", help="Only those that have failed for good.")
    ] = False,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Only those that will be tried or told later.")
    ] = False,
    sink: OneSink = None,
    limit: Limit = 100,
    as_json: AsJson = False,
) -> None:
    """List deliveries as they stand, the oldest first."""
    found = _deliveries(settings_of(config), _outcomes(failed=failed, waiting=waiting), sink)
    if as_json:
        write_json(found[-limit:])
        return
    lines = [
        (d.webhook_id, d.sink, d.outcome, d.attempts, minute(d.at), minute(d.next_at), _why(d))
        for d in found[-limit:]
    ]
    write_table(("delivery", "sink", "outcome", "attempts", "latest", "next", "answer"), lines)


def _outcomes(*, failed: bool, waiting: bool) -> tuple[Attempt, ...]:
    from schemas.reasons import Attempt

    chosen: tuple[Attempt, ...] = (Attempt.FAILED, Attempt.DISABLED) if failed else ()
    chosen += (Attempt.PENDING, Attempt.HELD, Attempt.RETRY) if waiting else ()
    return chosen or tuple(Attempt)


def _deliveries(
    settings: Settings, outcomes: Sequence[Attempt], sink: str | None
) -> list[Delivery]:
    from agents import admin

    if sink is not None:
        _sink_of(settings, sink)
    found = ask(settings, admin.deliveries(settings.kafka, outcomes))
    return [d for d in found if sink in (None, d.sink)]


def _why(delivery: Delivery) -> str:
    """Return what was answered, or why it waits or ended where nobody answered."""
    return delivery.detail or delivery.reason


@deliveries_app.command("retry")
def deliveries_retry(
    ids: Annotated[list[str] | None, typer.Argument(help="Ids, none for all failed ones.")] = None,
    sink: OneSink = None,
    config: ConfigPath = None,
) -> None:
    """Try failed deliveries again now. Under the same webhook ids; those that wait too, where they are named."""
    from agents import admin

    settings = settings_of(config)
    found = _deliveries(settings, _outcomes(failed=True, waiting=bool(ids)), sink)
    chosen = [d for d in found if not ids or d.webhook_id in ids]
    all_found(ids or [], [d.webhook_id for d in chosen], "delivery that failed or waits")
    print(f"{ask(settings, admin.retry(settings.kafka, chosen))} deliveries are tried again.")


@deliveries_app.command("sinks")
def deliveries_sinks(config: ConfigPath = None, as_json: AsJson = False) -> None:
    """Show how each sink stands. Whether it takes what it is sent, since when not, and what waits for it."""
    from agents import outgoing
    from schemas.reasons import Attempt

    settings = settings_of(config)
    names = [sink.name for sink in settings.sinks]
    found = ask(settings, outgoing.sink_summaries(settings.kafka, names))
    if as_json:
        for one in found:
            print(json.dumps(_as_json(one)))
        return
    lines = [
        (
            one.sink,
            _standing(one.state),
            one.counts[Attempt.PENDING] + one.counts[Attempt.RETRY],
            one.counts[Attempt.HELD],
            one.counts[Attempt.FAILED] + one.counts[Attempt.DISABLED],
        )
        for one in found
    ]
    write_table(("sink", "state", "waiting", "held", "failed"), lines)


def _standing(state: SinkState | None) -> str:
    if state is None or (state.failing_since is None and state.disabled_at is None):
        return "ok"
    if state.disabled_at is None:
        return f"failing since {minute(state.failing_since)}"
    return f"disabled at {minute(state.disabled_at)}: {state.reason}"


def _as_json(summary: SinkSummary) -> dict[str, object]:
    from schemas.codec import to_builtins

    state = to_builtins(summary.state) if summary.state else None
    return {"sink": summary.sink, "state": state, "deliveries": summary.counts}


@deliveries_app.command("enable")
def deliveries_enable(sink: str, config: ConfigPath = None) -> None:
    """Deliver to a disabled sink again. What failed meanwhile is sent by `deliveries retry --sink SINK`."""
    from agents import outgoing

    settings = settings_of(config)
    _sink_of(settings, sink)
    if not ask(settings, outgoing.enable(settings.kafka, sink, datetime.now(UTC))):
        print(f"{sink} is not disabled.")
        return
    missed = _deliveries(settings, _outcomes(failed=True, waiting=False), sink)
    print(f"{sink} gets alerts again.")
    if missed:
        print(f"{len(missed)} were not delivered: news-monitor deliveries retry --sink {sink}")


def send_test_alert(
    title: Annotated[str, typer.Option("--title", help="What stands in the alert.")] = "Test alert",
    sink: Annotated[str | None, typer.Option("--sink", help="Only to this sink.")] = None,
    kind: Annotated[
        str, typer.Option("--kind", help="attack, strike, condemnation or update.")
    ] = "attack",
    config: ConfigPath = None,
    wait_s: Annotated[float, typer.Option("--wait", help="Seconds to wait for answers.")] = 20.0,
) -> None:
    """Send a test alert to the sinks. It goes the whole way through Kafka; how each took it is told."""
    from agents import admin
    from schemas.reasons import Attempt

    settings = settings_of(config)
    chosen = _kind_of(kind)
    if sink is not None:
        _sink_of(settings, sink)
    names = (sink,) if sink else tuple(s.name for s in settings.sinks)
    if not names:
        msg = "no sink is configured that would take it"
        raise InputError(msg)
    sending = admin.send_test_alert(settings.kafka, title, sinks=names, kind=chosen)
    alert = ask(settings, sending)
    found = ask(settings, admin.await_delivered(settings.kafka, alert.alert_id, len(names), wait_s))
    for delivery in found:
        print(f"{delivery.sink}: {delivery.outcome} {_why(delivery)}".rstrip())
    taken = [d for d in found if d.outcome is Attempt.DELIVERED]
    if len(taken) < len(names):
        msg = f"{len(taken)} of {len(names)} sinks took it within {wait_s:g} s"
        raise MonitorError(msg)


def _kind_of(name: str) -> AlertKind:
    from monitor.alerts.rehearsal import KINDS

    found = next((kind for kind in KINDS if kind == name), None)
    if found is None:
        msg = f"--kind is one of {', '.join(KINDS)}, not {name!r}"
        raise InputError(msg)
    return found


def mount(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(alerts_app, name="alerts")
    app.add_typer(deliveries_app, name="deliveries")
    app.command("send-test-alert")(send_test_alert)
