"""The command ``news-monitor silence``: what an editor wants to hear nothing of for a while."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from monitor.cli.asking import ask, minute, settings_of, write_json, write_table
from monitor.cli.options import AsJson, ConfigPath
from monitor.cli.times import ahead
from monitor.errors import InputError
from schemas.reasons import AlertKind
from schemas.silence import Mute

MOST_VALUES = 200
MOST_CHARS = 200
"""A silence stays far below what a record may have."""

silence_app = typer.Typer(
    help="Silences: hear nothing of something for a while.", no_args_is_help=True
)

Values = list[str] | None
MATCHED = ("countries", "places", "kinds", "actors", "incidents", "sources", "sinks")


@silence_app.command("add")
def silence_add(
    *,
    until: Annotated[str, typer.Option("--until", help="Its end: a time, or 2h, 3d from now on.")],
    country: Annotated[Values, typer.Option("--country", help="ISO 3166-1 code or name.")] = None,
    place: Annotated[Values, typer.Option("--place", help="Province, town or site.")] = None,
    kind: Annotated[
        list[AlertKind] | None, typer.Option("--kind", help="What the alert announces.")
    ] = None,
    actor: Annotated[Values, typer.Option("--actor", help="Part of a party's name.")] = None,
    incident: Annotated[Values, typer.Option("--incident", help="An incident's id.")] = None,
    source: Annotated[Values, typer.Option("--source", help="An outlet.")] = None,
    sink: Annotated[
        Values, typer.Option("--sink", help="Only for this sink; none: for all.")
    ] = None,
    everything: Annotated[
        bool, typer.Option("--everything", help="Match all there is: a silence without a match.")
    ] = False,
    start: Annotated[
        str, typer.Option("--from", help="Its beginning: a time, or 2h from now on.")
    ] = "0m",
    why: Annotated[str, typer.Option("--why", help="For those who look at it later.")] = "",
    by: Annotated[
        str, typer.Option("--by", envvar=["NEWS_MONITOR_EDITOR", "USER"], help="Who says so.")
    ] = "",
    config: ConfigPath = None,
) -> None:
    """Add a silence and print its id. Each option may stand several times; what matches all options is not told."""
    from agents import outgoing

    now = datetime.now(UTC)
    given = {
        "countries": tuple(country or ()),
        "places": tuple(place or ()),
        "kinds": tuple(kind or ()),
        "actors": tuple(actor or ()),
        "incidents": tuple(incident or ()),
        "sources": tuple(source or ()),
        "sinks": tuple(sink or ()),
    }
    _check(given, everything=everything)
    mute = _mute(given, ahead(start, "--from", now), ahead(until, "--until", now), now, (by, why))
    settings = settings_of(config)
    unknown = set(mute.sinks) - {one.name for one in settings.sinks}
    if unknown:
        msg = f"no sink is named {', '.join(sorted(unknown))}"
        raise InputError(msg)
    ask(settings, outgoing.silence(settings.kafka, mute))
    print(mute.mute_id)


def _check(given: dict[str, tuple[str, ...]], *, everything: bool) -> None:
    """Refuse what would silence everything by mistake, and what is too long.

    Raises:
        InputError: it is so.
    """
    values = [value for several in given.values() for value in several]
    if not any(several for name, several in given.items() if name != "sinks") and not everything:
        msg = "say what is to be silenced, or --everything"
        raise InputError(msg)
    if len(values) > MOST_VALUES or any(len(value) > MOST_CHARS for value in values):
        msg = f"a silence has {MOST_VALUES} values of {MOST_CHARS} characters at most"
        raise InputError(msg)
    if not all(value.strip() for value in values):
        msg = "an empty value would match everything"
        raise InputError(msg)


def _mute(
    given: dict[str, tuple[str, ...]],
    start: datetime,
    end: datetime,
    now: datetime,
    told: tuple[str, str],
) -> Mute:
    from msgspec import convert

    from monitor.incidents.ids import digest

    if end <= max(start, now):
        msg = "the silence would be over before it begins"
        raise InputError(msg)
    by, why = told
    number = digest("silence", str(given), start.isoformat(), end.isoformat(), now.isoformat())
    fields = {"mute_id": f"sil-{number}", "starts_at": start, "ends_at": end, "made_at": now}
    return convert({**fields, **given, "made_by": by[:MOST_CHARS], "why": why[:1000]}, Mute)


@silence_app.command("list")
def silence_list(
    config: ConfigPath = None,
    every: Annotated[bool, typer.Option("--all", help="Those too that are over.")] = False,
    as_json: AsJson = False,
) -> None:
    """List silences by when they begin. As JSON they can be given to `replay --silences`."""
    from agents import outgoing

    settings, now = settings_of(config), datetime.now(UTC)
    known = ask(settings, outgoing.mutes(settings.kafka))
    found = [mute for mute in known if every or mute.ends_at > now]
    if as_json:
        write_json(found)
        return
    lines = [
        (m.mute_id, minute(m.starts_at), minute(m.ends_at), _matched(m), m.made_by, m.why)
        for m in found
    ]
    write_table(("silence", "from", "until", "what", "by", "why"), lines)


def _matched(mute: Mute) -> str:
    named = ((name, getattr(mute, name)) for name in MATCHED)
    told = [f"{name}: {', '.join(values)}" for name, values in named if values]
    return "; ".join(told) or "everything"


@silence_app.command("expire")
def silence_expire(
    ids: Annotated[list[str], typer.Argument(help="Ids of silences.")], config: ConfigPath = None
) -> None:
    """End silences now."""
    from agents import outgoing
    from monitor.cli.asking import all_found

    settings, now = settings_of(config), datetime.now(UTC)
    known = ask(settings, outgoing.mutes(settings.kafka))
    chosen = [mute for mute in known if mute.mute_id in ids and mute.ends_at > now]
    all_found(ids, [mute.mute_id for mute in chosen], "silence in force")
    for mute in chosen:
        ask(settings, outgoing.expire(settings.kafka, mute, now))
    print(f"{len(chosen)} silences are over.")
