"""The command ``news-monitor correct``: what an editor says is so, whatever the sources say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.asking import ask, settings_of, write_json
from monitor.cli.options import ConfigPath
from monitor.errors import InputError, MonitorError
from monitor.incidents.corrections import Wish
from schemas.reasons import CorrectionAct, CorrectionRefusal

if TYPE_CHECKING:
    from schemas.report import Count

Incident = Annotated[str, typer.Argument(help="The incident's id.", show_default=False)]
By = Annotated[
    str,
    typer.Option("--by", envvar=["NEWS_MONITOR_EDITOR", "USER"], help="Who says so."),
]
Note = Annotated[str, typer.Option("--note", help="Why; receivers of the change read it.")]

_WHY = {
    CorrectionRefusal.INCIDENT_NOT_KNOWN: "no such incident is known now",
    CorrectionRefusal.OTHER_NOT_KNOWN: "the other incident is not known now",
    CorrectionRefusal.OTHER_SUBJECT: (
        "the two are in different countries: dismiss the one whose country is wrong"
    ),
    CorrectionRefusal.SAME_INCIDENT: "an incident cannot be merged with itself",
    CorrectionRefusal.INCIDENT_DISMISSED: "one of them is dismissed: lift that first",
    CorrectionRefusal.NOT_ITS_REPORTS: "name reports of this incident (`incidents show` lists them)",
    CorrectionRefusal.NOTHING_WOULD_STAY: "these are all its reports: nothing would stay",
    CorrectionRefusal.NO_FIGURE: "that is no figure of people",
    CorrectionRefusal.NOTHING_TO_LIFT: "no such correction is in force",
    CorrectionRefusal.ALREADY_SO: "it is so already",
    CorrectionRefusal.NO_EDITOR: "say who you are with --by",
    CorrectionRefusal.TOO_LONG: "the note, the name or the list is too long",
}

correct_app = typer.Typer(help="Correct what is known of incidents.", no_args_is_help=True)


@correct_app.command()
def merge(
    incident: Incident,
    other: Annotated[str, typer.Argument(help="The one that ends in it.", show_default=False)],
    by: By,
    note: Note = "",
    config: ConfigPath = None,
) -> None:
    """Make two incidents one. Reports, figures and statements together, and no second alert."""
    _send(
        config,
        Wish(act=CorrectionAct.MERGE, incident_id=incident, by=by, note=note, other_id=other),
    )


@correct_app.command()
def split(
    incident: Incident,
    articles: Annotated[
        list[str], typer.Option("--article", help="A report that leaves it; repeat for more.")
    ],
    by: By,
    note: Note = "",
    config: ConfigPath = None,
) -> None:
    """Make an incident of its own of some of an incident's reports."""
    _send(
        config,
        Wish(
            act=CorrectionAct.SPLIT,
            incident_id=incident,
            by=by,
            note=note,
            articles=tuple(articles),
        ),
    )


@correct_app.command()
def figure(
    incident: Incident,
    measure: Annotated[str, typer.Argument(help="killed, injured or casualties.")],
    count: Annotated[str, typer.Argument(help="4, 4+ (at least), 3-6, or unknown.")],
    *,
    by: By,
    note: Note = "",
    config: ConfigPath = None,
) -> None:
    """Set a figure; it outranks all sources until it is lifted."""
    read = _count(count)
    _send(
        config,
        Wish(
            act=CorrectionAct.FIGURE,
            incident_id=incident,
            by=by,
            note=note,
            measure=measure,
            count=read,
        ),
    )


@correct_app.command()
def dismiss(incident: Incident, by: By, note: Note = "", config: ConfigPath = None) -> None:
    """Say that it is no incident. What was announced is cancelled, and nothing more is told of it."""
    _send(
        config,
        Wish(act=CorrectionAct.DISMISS, incident_id=incident, by=by, note=note),
    )


@correct_app.command()
def background(incident: Incident, by: By, note: Note = "", config: ConfigPath = None) -> None:
    """Say that it is no news: nothing more is told of it."""
    _send(
        config,
        Wish(act=CorrectionAct.BACKGROUND, incident_id=incident, by=by, note=note),
    )


@correct_app.command()
def lift(
    incident: Incident,
    act: Annotated[CorrectionAct, typer.Argument(help="figure, dismiss or background.")],
    *,
    by: By,
    measure: Annotated[
        str | None, typer.Option("--measure", help="Of a figure: killed, injured, casualties.")
    ] = None,
    note: Note = "",
    config: ConfigPath = None,
) -> None:
    """Take a correction back."""
    _send(
        config,
        Wish(
            act=CorrectionAct.LIFT,
            incident_id=incident,
            by=by,
            note=note,
            lifts=act,
            measure=measure,
        ),
    )


@correct_app.command("list")
def list_all(config: ConfigPath = None) -> None:
    """List all corrections as JSON lines. The oldest first; `replay` takes them among its articles."""
    from agents import admin

    settings = settings_of(config)
    write_json(ask(settings, admin.corrections(settings.kafka)))


def _count(text: str) -> Count | None:
    """Return the figure of a word: ``4``, ``4+``, ``3-6``, ``unknown``.

    Raises:
        InputError: it is none of these.
    """
    from schemas.report import Count

    if text == "unknown":
        return None
    low, dash, high = text.rstrip("+").partition("-")
    numbers = [low, high] if dash else [low]
    if not all(n.isascii() and n.isdigit() for n in numbers) or (dash and text.endswith("+")):
        msg = f"a figure is 4, 4+, 3-6 or unknown, not {text!r}"
        raise InputError(msg)
    if dash:
        return Count(low=int(low), best=None, high=int(high))
    return Count(low=int(low), best=int(low), high=None if text.endswith("+") else int(low))


def _send(config: ConfigPath, wish: Wish) -> None:
    """Send a correction and print it.

    Raises:
        MonitorError: it would change nothing; the text says why.
    """
    from agents import corrections

    settings = settings_of(config)
    made = ask(settings, corrections.correct(settings.kafka, wish))
    if isinstance(made, CorrectionRefusal):
        msg = f"{wish.incident_id}: {_WHY[made]}"
        raise MonitorError(msg)
    write_json([made])
