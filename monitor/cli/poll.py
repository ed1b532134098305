"""``news-monitor poll``: poll feeds without Kafka; new entries leave as JSON lines."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path
from typing import Annotated, BinaryIO

import msgspec
import typer

from monitor import logs
from monitor.articles.normalise import MAX_TITLE_CHARS
from monitor.articles.text import one_line, plain
from monitor.cli.options import ConfigPath, configured
from monitor.errors import InputError
from monitor.feeds.addresses import AddressPolicy
from monitor.feeds.clock import SystemClock
from monitor.feeds.feed import Feed, FullText
from monitor.feeds.poller import Poller
from monitor.feeds.rules import PollPolicy
from monitor.feeds.setup import PollSettings, open_poller
from monitor.feeds.sighting import Sighting
from monitor.feeds.sources import from_config, from_file
from monitor.feeds.store import SqliteStore
from monitor.sections import LogLevel

Write = Callable[[bytes], None]


class EntryLine(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One entry as it leaves. ``undated``: ``published`` is the time of the fetch. ``html`` is the feed's own markup."""

    feed: str
    id: str
    link: str
    title: str
    published: str
    content: str
    published_raw: str = ""
    undated: bool = False
    revision: bool = False
    known_at_start: bool = False
    language: str = ""
    html: str = ""


def poll(  # noqa: PLR0917 -- Typer reads options from the signature
    feeds: Annotated[
        Path | None,
        typer.Option("--feeds", help="OPML file. Without it: the configuration's feeds."),
    ] = None,
    state: Annotated[
        Path, typer.Option("--state", help="Folder that remembers what was seen.")
    ] = Path(".news-monitor"),
    once: Annotated[bool, typer.Option("--once/--watch", help="One round, or on and on.")] = True,
    output: Annotated[str, typer.Option("--output", help="File to append to, or -.")] = "-",
    allow_private: Annotated[
        list[str] | None,
        typer.Option("--allow-private", metavar="CIDR", help="Private network that may be polled."),
    ] = None,
    clock_offset: Annotated[
        float, typer.Option("--clock-offset", metavar="SECONDS", help="Move the clock, for tests.")
    ] = 0.0,
    min_interval: Annotated[
        float | None,
        typer.Option(
            "--min-interval",
            metavar="SECONDS",
            min=0.0,
            help="Shortest interval; private hosts are polled at it, public ones never below 60 s.",
        ),
    ] = None,
    cold_start: Annotated[
        float, typer.Option(metavar="HOURS", help="On a feed's first fetch, mark what is older.")
    ] = 24.0,
    proxy: Annotated[str | None, typer.Option(help="Proxy for all requests.")] = None,
    full_text: Annotated[
        FullText, typer.Option(help="Fetch entries' pages for their text.")
    ] = FullText.OFF,
    log_level: Annotated[
        LogLevel, typer.Option(case_sensitive=False, help="What is logged at least.")
    ] = "WARNING",
    config: ConfigPath = None,
) -> None:
    """Poll feeds without Kafka, write entries as JSON lines."""
    logs.configure(level=log_level)
    settings = PollSettings(
        policy=policy_of(min_interval, cold_start),
        allow_private=tuple(allow_private or ()),
        proxy=proxy,
        full_text=full_text,
    )
    check_networks(settings.allow_private)
    found = from_file(feeds) if feeds else from_config(configured(config))
    clock = SystemClock(clock_offset)
    with lines_to(output) as write:
        asyncio.run(_run(found, SqliteStore(state), settings, clock, write, once=once))


def check_networks(cidrs: tuple[str, ...]) -> None:
    """Refuse what is no network.

    Raises:
        InputError: one is none.
    """
    try:
        AddressPolicy.of(cidrs)
    except ValueError as exc:
        msg = f"--allow-private: {exc}"
        raise InputError(msg) from exc


def policy_of(min_interval: float | None, cold_start_h: float) -> PollPolicy:
    """Return the policy of the command line: a given floor is also the interval on private hosts."""
    policy = PollPolicy(cold_start=timedelta(hours=cold_start_h))
    if min_interval is None:
        return policy
    return replace(policy, private_floor_s=min_interval, private_interval_s=max(min_interval, 0.1))


@contextmanager
def lines_to(name: str) -> Iterator[Write]:
    """Give what writes lines to a file (appending) or to standard output, each batch flushed.

    Raises:
        InputError: the file cannot be written.
    """
    if name == "-":
        yield lambda raw: _write(sys.stdout.buffer, raw)
        return
    try:
        with Path(name).open("ab") as file:
            yield lambda raw: _write(file, raw)
    except OSError as exc:
        msg = f"{name}: {exc.strerror}"
        raise InputError(msg) from exc


def _write(file: BinaryIO, raw: bytes) -> None:
    file.write(raw)
    file.flush()
    if file.seekable() and file is not sys.stdout.buffer:
        os.fsync(file.fileno())


def line(sighting: Sighting) -> EntryLine:
    """Return the line of an entry: title and content as plain text, entities decoded once."""
    entry = sighting.entry
    text = sighting.text or plain(entry.content)
    return EntryLine(
        feed=sighting.feed.url,
        id=entry.id or entry.link or entry.row[-1],
        link=entry.link,
        title=one_line(entry.title)[:MAX_TITLE_CHARS],
        published=sighting.published.astimezone(UTC).isoformat(),
        content=text,
        published_raw=entry.published_raw,
        undated=entry.published is None,
        revision=sighting.revision,
        known_at_start=sighting.known_at_start,
        language=sighting.spoken,
        html=entry.content if entry.content != text else "",
    )


async def _run(
    feeds: tuple[Feed, ...],
    store: SqliteStore,
    settings: PollSettings,
    clock: SystemClock,
    write: Write,
    *,
    once: bool,
) -> None:
    lost: list[OSError] = []

    async def emit(sightings: tuple[Sighting, ...]) -> None:
        try:
            write(b"".join(msgspec.json.encode(line(s)) + b"\n" for s in sightings))
        except OSError as exc:
            # Nobody takes what we find: it stays unsent, and polling on would only burden publishers.
            lost.append(exc)
            poller.stop()
            raise

    async with open_poller(settings, store=store, emit=emit, clock=clock) as poller:
        poller.set_feeds(feeds)
        _stop_on_signals(poller)
        await (poller.run_once() if once else poller.run())
    if lost:
        raise lost[0]


def _stop_on_signals(poller: Poller) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, poller.stop)
