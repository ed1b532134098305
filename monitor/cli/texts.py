"""Commands that read articles from a file or a pipe and need no Kafka: extract, replay, dedupe, explain."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from monitor.cli.options import AsJson, ConfigPath, JsonLines, configured, opened
from monitor.errors import InputError

if TYPE_CHECKING:
    from schemas.silence import Mute

Link = Annotated[
    bool, typer.Option("--link", help="Run linking too; adds incident_id to each incident.")
]

Silences = Annotated[
    str | None,
    typer.Option(
        "--silences", help="Respect these silences: JSON lines of `silence list --all --json`."
    ),
]


def extract(source: JsonLines = "-", link: Link = False, config: ConfigPath = None) -> None:
    """Read articles, write one report a line, in order.

    A line is {"id", "title", "text", "published", "url"?, "source"?}.
    """
    from monitor.extract import Extractor, stream
    from monitor.policies import extract_policy, track_policy

    settings = configured(config)
    extractor = Extractor.load(policy=extract_policy(settings))
    with opened(source) as lines:
        if link:
            from monitor.incidents import linkmany

            linkmany.run(lines, sys.stdout.buffer, extractor, track_policy(settings))
        else:
            stream.run(lines, sys.stdout.buffer, extractor)


def replay(source: JsonLines = "-", config: ConfigPath = None, silences: Silences = None) -> None:
    """Play articles, write the events of the live system.

    Staleness and cold start are off. The same input gives the same ids every time.
    """
    from dataclasses import replace

    from monitor import replay as play
    from monitor.policies import replay_settings

    settings = replay_settings(configured(config))
    if silences is not None:
        with opened(silences) as lines:
            mutes = tuple(_mute(line, silences) for line in lines if line.strip())
        settings = replace(settings, alert=replace(settings.alert, mutes=mutes))
    with opened(source) as lines:
        play.run(lines, sys.stdout.buffer, settings)


def _mute(line: bytes, name: str) -> Mute:
    from msgspec import DecodeError, json

    from schemas.silence import Mute

    try:
        return json.decode(line, type=Mute)
    except (DecodeError, UnicodeDecodeError) as exc:
        msg = f"{name}: not a silence: {exc}"
        raise InputError(msg) from exc


def dedupe(source: JsonLines = "-", config: ConfigPath = None) -> None:
    """Tell new articles, revisions and copies. One at a time: each answer is flushed."""
    from monitor.dedupe import stream
    from monitor.policies import dedupe_policy

    with opened(source) as lines:
        for answer in stream.answers(lines, dedupe_policy(configured(config))):
            sys.stdout.buffer.write(answer + b"\n")
            sys.stdout.buffer.flush()


def explain(source: JsonLines = "-", as_json: AsJson = False, config: ConfigPath = None) -> None:
    """Show what was found in an article and why. Each stage's reason, with file and line of the rule."""
    from monitor import explain as explaining
    from monitor.policies import replay_settings

    settings = replay_settings(configured(config))
    with opened(source) as article:
        explaining.run(article, sys.stdout, settings, as_json=as_json)


def mount(app: typer.Typer) -> None:
    """Add the commands."""
    for command in (extract, replay, dedupe, explain):
        app.command()(command)
