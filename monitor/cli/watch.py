"""The command ``news-monitor watch``: incidents as they become known and change, live on a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from monitor.cli.asking import ask, settings_of
from monitor.cli.options import ConfigPath, configured

if TYPE_CHECKING:
    from agents.settings import Settings
    from monitor.board.queries import FoundIncident, Kept
    from monitor.board.store import Store

LOOK_S = 0.5
MAX_NEWS = 200
"""Changes told at once; after a long silence the table says the rest."""


def watch(
    config: ConfigPath = None,
    rows: Annotated[int, typer.Option(min=1, max=200, help="Incidents in the table.")] = 15,
) -> None:
    """Show incidents live. A table on a terminal, a line for each change in a pipe; Ctrl-C ends it."""
    from agents.board import store_of

    settings = settings_of(config)
    store = store_of(configured(config))
    try:
        ask(settings, _watch(settings, store, rows))
    except KeyboardInterrupt:
        return
    finally:
        store.close()


async def _watch(settings: Settings, store: Store, rows: int) -> None:
    from agents.view import following

    console = Console(highlight=False)
    async with following(settings.kafka, store) as follower:
        while await follower.behind():
            await follower.step(LOOK_S)
        known = store.standing().version
        with Live(console=console, auto_refresh=False, transient=True) as live:
            while True:
                if console.is_terminal:
                    live.update(table(store, rows), refresh=True)
                await follower.step(LOOK_S)
                now = store.standing().version
                for line in news(store, known) if now != known else ():
                    console.print(line, soft_wrap=True)
                known = now


def news(store: Store, known: int) -> Iterator[Text]:
    """Yield a line for each incident and alert that changed after a version."""
    from monitor.board.queries import changed_since

    found, alerts = changed_since(store, known, MAX_NEWS)
    for one in found:
        yield _line(one)
    for kept in alerts:
        yield _alert_line(kept)


def table(store: Store, rows: int) -> Table:
    """Return the latest incidents as a table."""
    from monitor.board.queries import Filters, incident_page

    made = Table(box=None, pad_edge=False, expand=True)
    for name in ("known", "what", "sources"):
        made.add_column(name, no_wrap=name == "known", overflow="fold")
    for one in incident_page(store, Filters(), after=None, limit=rows):
        known = one.incident
        at = known.first_published or one.updated
        made.add_row(_clock(at), _what(one), str(known.independent_sources))
    return made


def _line(one: FoundIncident) -> Text:
    if one.merged_into:
        return Text(
            f"{_clock(one.updated)}  merged  {one.incident.incident_id} -> {one.merged_into}"
        )
    return Text(f"{_clock(one.updated)}  {one.incident.kind}  ").append(_what(one))


def _alert_line(kept: Kept) -> Text:
    from monitor.alerts.printing import printable

    return Text(f"{_clock(kept.at)}  ALERT  {printable(kept.doc.title)}", style="bold")


def _what(one: FoundIncident) -> Text:
    from monitor.alerts.printing import printable
    from monitor.alerts.text import headline

    # Words of sources are hostile: no markup and nothing that steers the terminal.
    return Text(printable(headline(one.incident)))


def _clock(at: datetime) -> str:
    return f"{at.astimezone():%d %b %H:%M}"


def mount(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(watch)
