"""Commands on incidents: list, show, export. They bring the board's view up to date and ask it, board or no board."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Literal

import typer

from monitor.cli.asking import Limit, ask, minute, settings_of, write_json, write_table
from monitor.cli.options import AsJson, ConfigPath, configured
from monitor.cli.times import ago
from monitor.errors import InputError
from schemas.reasons import Kind

if TYPE_CHECKING:
    from monitor.board.queries import Filters
    from monitor.board.shapes import Incident, IncidentPage
    from monitor.board.store import Store

PAGE = 500
"""Incidents read from the view at once."""

Text = Annotated[str, typer.Option("--text", "-q", help="Words that all must be in it.")]
Kinds = Annotated[list[Kind] | None, typer.Option("--kind", help="What it is.")]
Countries = Annotated[list[str] | None, typer.Option("--country", help="ISO code, e.g. IQ.")]
Actors = Annotated[list[str] | None, typer.Option("--actor", help="A party by name.")]
Sources = Annotated[list[str] | None, typer.Option("--source", help="An outlet by name.")]
Killed = Annotated[int | None, typer.Option("--min-killed", min=0, help="Killed at least.")]
Since = Annotated[str | None, typer.Option("--since", help="A date, a time, 7d, 12h.")]
Until = Annotated[str | None, typer.Option("--until", help="A date, a time, 7d, 12h.")]
Background = Annotated[bool, typer.Option("--background", help="Background and dismissed too.")]

incidents_app = typer.Typer(help="Incidents: list, show, export.", no_args_is_help=True)


@contextmanager
def view(config: Path | None) -> Iterator[Store]:
    """Give the view, up to date with Kafka.

    Raises:
        NotReachableError: Kafka does not answer.
    """
    from agents.board import store_of
    from agents.view import catch_up

    settings = settings_of(config)
    store = store_of(configured(config))
    try:
        ask(settings, catch_up(settings.kafka, store))
        yield store
    finally:
        store.close()


def every(store: Store, filters: Filters, limit: int | None = None) -> Iterator[Incident]:
    """Yield incidents, newest first."""
    from monitor.board import queries
    from monitor.board.build import incident_of

    after: int | None = None
    left = limit
    while left is None or left > 0:
        size = PAGE if left is None else min(PAGE, left)
        page = queries.incident_page(store, filters, after=after, limit=size)
        yield from map(incident_of, page)
        if len(page) < size:
            return
        after = page[-1].num
        left = None if left is None else left - size


def _filters(
    *,
    text: str,
    kinds: list[Kind] | None,
    countries: list[str] | None,
    actors: list[str] | None,
    sources: list[str] | None,
    killed: int | None,
    since: str | None,
    until: str | None,
    background: bool,
) -> Filters:
    from monitor.board.queries import Filters

    now = datetime.now(UTC)
    return Filters(
        text=text,
        kinds=tuple(kinds or ()),
        countries=tuple(code.upper() for code in countries or ()),
        actors=tuple(actors or ()),
        sources=tuple(sources or ()),
        least_killed=killed,
        since=ago(since, "--since", now) if since else None,
        until=ago(until, "--until", now) if until else None,
        background=background,
    )


@incidents_app.command("list")
def incidents_list(
    *,
    config: ConfigPath = None,
    text: Text = "",
    kind: Kinds = None,
    country: Countries = None,
    actor: Actors = None,
    source: Sources = None,
    min_killed: Killed = None,
    since: Since = None,
    until: Until = None,
    background: Background = False,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    """List incidents, those that became known last first."""
    filters = _filters(
        text=text,
        kinds=kind,
        countries=country,
        actors=actor,
        sources=source,
        killed=min_killed,
        since=since,
        until=until,
        background=background,
    )
    with view(config) as store:
        found = list(every(store, filters, limit))
    if as_json:
        write_json(found)
        return
    lines = [
        (one.incident_id, minute(one.first_published), one.headline, one.independent_sources)
        for one in found
    ]
    write_table(("incident", "known since", "what", "sources"), lines)


@incidents_app.command("show")
def incidents_show(incident: str, config: ConfigPath = None, as_json: AsJson = False) -> None:
    """Show what is known of one incident. How it changed, on whose word, and why it alerted or did not."""
    from monitor import policies
    from monitor.board.pages import incident_page

    with view(config) as store:
        found = incident_page(store, incident, policies.alert_policy(configured(config)))
    if found is None:
        msg = f"no incident {incident} is known"
        raise InputError(msg)
    if as_json:
        write_json([found])
    else:
        _tell(found)


def _tell(page: IncidentPage) -> None:
    from monitor.alerts.text import number
    from monitor.alerts.wording import wording

    one = page.incident
    print(one.headline)
    facts = {
        "known since": minute(one.first_published),
        "by": "; ".join(one.perpetrators),
        "claimed by": "; ".join(one.claimed_by),
        "against": "; ".join(one.targets or one.victims),
        "weapon": one.weapon or "",
        "merged into": page.merged_into or "",
        "marks": ", ".join(m for m in ("background", "dismissed", "closed") if getattr(one, m)),
    }
    write_table(("fact", ""), [(name, value) for name, value in facts.items() if value])
    print()
    changes = [
        (
            minute(c.at),
            f"{c.measure}: {c.reason}",
            " -> ".join(number(count, wording()) for count in (c.before, c.after) if count),
            c.source,
            ", ".join(c.decisions),
        )
        for c in page.changes
    ]
    write_table(("when", "what", "figure", "on whose word", "alert?"), changes)
    print()
    reports = [
        (r.source, f"copy of {r.copy_of}" if r.copy_of else "independent", r.title, r.url or "")
        for r in page.reports
    ]
    write_table(("source", "", "title", "address"), reports)


@incidents_app.command("export")
def incidents_export(
    *,
    config: ConfigPath = None,
    text: Text = "",
    kind: Kinds = None,
    country: Countries = None,
    actor: Actors = None,
    source: Sources = None,
    min_killed: Killed = None,
    since: Since = None,
    until: Until = None,
    background: Background = False,
    form: Annotated[
        Literal["csv", "geojson", "jsonl", "parquet"],
        typer.Option("--format", help="csv has columns like ACLED's; so has parquet (an extra)."),
    ] = "csv",
    output: Annotated[
        str, typer.Option("--output", "-o", help="A file, - for the terminal.")
    ] = "-",
) -> None:
    """Write incidents to a file: CSV, GeoJSON, JSON lines or Parquet."""
    filters = _filters(
        text=text,
        kinds=kind,
        countries=country,
        actors=actor,
        sources=source,
        killed=min_killed,
        since=since,
        until=until,
        background=background,
    )
    with view(config) as store:
        found = every(store, filters)
        if output == "-":
            _write(found, form, sys.stdout.buffer)
            return
        try:
            with Path(output).open("wb") as file:
                _write(found, form, file)
        except OSError as exc:
            msg = f"{output}: {exc.strerror}"
            raise InputError(msg) from exc


def _write(found: Iterator[Incident], form: str, out: BinaryIO) -> None:
    from monitor.board import exports

    if form == "csv":
        out.writelines(line.encode() for line in exports.csv_lines(found))
    elif form == "jsonl":
        out.writelines(exports.json_lines(found))
    elif form == "geojson":
        out.write(exports.geojson(found) + b"\n")
    else:
        exports.write_parquet(found, out)


def mount(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(incidents_app, name="incidents")
