"""``news-monitor feeds``: look at feeds, add them, take them away, bring them in and out as OPML."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer

from monitor.articles.text import one_line
from monitor.cli.asking import write_table
from monitor.cli.feedmemory import Memory, kafka_memory, sqlite_memory
from monitor.cli.options import AsJson, ConfigPath, configured
from monitor.errors import InputError
from monitor.feeds import opml, sources, status
from monitor.feeds.book import FeedBook, imported
from monitor.feeds.clock import SystemClock
from monitor.feeds.feed import Feed, FullText, SourceKind
from monitor.feeds.setup import PollSettings, Previewed, preview
from monitor.hidden import without_userinfo
from schemas.codec import to_builtins
from schemas.feed import FeedState

SHOWN = 5
"""Entries in a preview."""

feeds_app = typer.Typer(help="Look at feeds, add them, take them away.", no_args_is_help=True)

Url = Annotated[str, typer.Argument(help="The feed's address.")]
File = Annotated[
    Path | None,
    typer.Option("--file", help="OPML file to change. Without it: feeds.opml in the state folder."),
]
State = Annotated[
    Path | None,
    typer.Option(
        "--state", help="State folder of `poll`. Without it: the running monitor's Kafka."
    ),
]
Private = Annotated[
    list[str] | None,
    typer.Option("--allow-private", metavar="CIDR", help="Private network that may be asked."),
]


@feeds_app.command()
def add(  # noqa: PLR0917 -- Typer reads options from the signature
    url: Url,
    name: Annotated[str, typer.Option(help="Its name; its own title without it.")] = "",
    country: Annotated[str | None, typer.Option(help="Country of the source (IQ, UA ...).")] = None,
    language: Annotated[str | None, typer.Option(help="Language (en, ar ...).")] = None,
    kind: Annotated[SourceKind | None, typer.Option(help="Who speaks in it.")] = None,
    interval: Annotated[float | None, typer.Option(help="Fixed interval in seconds.")] = None,
    full_text: Annotated[FullText | None, typer.Option(help="Fetch entries' pages.")] = None,
    proxy: Annotated[str | None, typer.Option(help="Proxy for this feed alone.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show the preview, add nothing.")
    ] = False,
    file: File = None,
    allow_private: Private = None,
    config: ConfigPath = None,
) -> None:
    """Add a feed after a look at it. Of a web page, the feed that it names."""
    if not url.lower().startswith(("http://", "https://")):
        msg = f"{without_userinfo(url)!r} is no address: it begins with https:// or http://"
        raise InputError(msg)
    settings = _settings(allow_private, config, file)
    settings = replace(settings, proxy=proxy or settings.proxy)
    seen = asyncio.run(preview(url, settings, SystemClock()))
    _show_preview(seen)
    if seen.digest.document is None:
        msg = f"{without_userinfo(url)} is no feed: {seen.digest.problem}, {seen.digest.detail}"
        raise InputError(msg)
    feed = Feed(
        url=seen.url if seen.named_by else url,
        name=name or one_line(seen.digest.document.title),
        language=language or seen.digest.document.language or None,
        country=country,
        kind=kind,
        interval_s=interval,
        full_text=full_text,
        proxy=proxy,
        site=seen.digest.document.site,
    )
    if dry_run:
        return
    new = _book(file, config).add([feed])
    print(f"added {feed.url}" if new else f"{feed.url} is there already")


def _show_preview(seen: Previewed) -> None:
    for found in seen.found:
        print(f"the page names: {found.url}  {found.title}".rstrip())
    document, selection = seen.digest.document, seen.digest.selection
    if document is None or selection is None:
        return
    rate = "" if seen.digest.items_a_day is None else f", {seen.digest.items_a_day:.1f} items a day"
    print(f"{one_line(document.title)} ({document.dialect}, {selection.total} entries{rate})")
    for entry in reversed(selection.new[-SHOWN:]):
        at = f"{entry.published:%Y-%m-%d %H:%M}" if entry.published else "no date"
        print(f"  {at}  {one_line(entry.title)}")


@feeds_app.command("list")
def list_feeds(config: ConfigPath = None, file: File = None, as_json: AsJson = False) -> None:
    """List the feeds that are polled."""
    _print_feeds(_feeds(file, config), as_json=as_json)


@feeds_app.command()
def lists(
    name: Annotated[str, typer.Argument(help="A list to show.")] = "", as_json: AsJson = False
) -> None:
    """List the lists that ship with the monitor, or the feeds of one."""
    if name:
        _print_feeds(sources.from_list(name), as_json=as_json)
        return
    counts = [(n, len(sources.from_list(n))) for n in sources.list_names()]
    if as_json:
        print("\n".join(json.dumps({"list": n, "feeds": count}) for n, count in counts))
    else:
        write_table(("list", "feeds"), counts)


def _print_feeds(feeds: Iterable[Feed], *, as_json: bool) -> None:
    if as_json:
        for feed in feeds:
            told = asdict(feed) | {"proxy": without_userinfo(feed.proxy)}
            del told["userinfo"]
            print(json.dumps(told, ensure_ascii=False))
        return
    head = ("name", "country", "language", "kind", "address")
    write_table(head, ((f.name, f.country, f.language, f.kind, f.url) for f in feeds))


@feeds_app.command("status")
def show_status(
    url: Annotated[str, typer.Argument(help="One feed; all without it.")] = "",
    state: State = None,
    file: File = None,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Show when feeds were read and are next. And why, and how their last 30 polls ended."""
    known = asyncio.run(_memory(state, config).load())
    now = datetime.now(UTC)
    feeds = [_one(url, known, file, config)] if url else _shown(known, state, file, config)
    if as_json:
        for feed in feeds:
            print(json.dumps(_status_json(feed, known.get(feed.url), now), ensure_ascii=False))
    elif url:
        print("\n".join(status.lines(feeds[0], known.get(url), now)))
    else:
        head = ("feed", "status", "last success", "next", "why", "a day", "last polls")
        write_table(head, (status.row(feed, known.get(feed.url), now) for feed in feeds))


@feeds_app.command()
def history(
    url: Url,
    state: State = None,
    config: ConfigPath = None,
    as_json: AsJson = False,
) -> None:
    """Show the last 30 polls of a feed, oldest first."""
    found = _state(url, asyncio.run(_memory(state, config).load()))
    if as_json:
        for note in found.history:
            print(json.dumps(to_builtins(note), ensure_ascii=False))
        return
    head = ("at (UTC)", "result", "status", "new", "changed", "bytes", "seconds", "detail")
    write_table(head, map(status.note_row, found.history))


@feeds_app.command()
def remove(url: Url, state: State = None, file: File = None, config: ConfigPath = None) -> None:
    """Stop polling a feed for good. It is taken out of the file; one of a list is remembered as not wanted."""
    if _book(file, config).remove(url):
        print(f"removed {url}")
        return
    _change(url, state, config, file=file, removed=True)
    print(f"removed {url} (it stands in a list or the configuration, and is not polled any more)")


@feeds_app.command()
def pause(url: Url, state: State = None, config: ConfigPath = None) -> None:
    """Stop polling a feed until `resume`."""
    _change(url, state, config, paused=True)
    print(f"paused {url}")


@feeds_app.command()
def resume(url: Url, state: State = None, config: ConfigPath = None) -> None:
    """Poll a paused or removed feed again."""
    _change(url, state, config, paused=False, removed=False, next_at=None)
    print(f"resumed {url}")


@feeds_app.command("poll")
def poll_now(url: Url, state: State = None, config: ConfigPath = None) -> None:
    """Have a feed polled at once, whatever its interval. Of a parked one, try whether it lives."""
    _change(url, state, config, next_at=None, not_before_at=None)
    print(f"{url} is due now" + (" (at the next round of `poll`)" if state else ""))


@feeds_app.command("import")
def bring_in(
    source: Annotated[Path, typer.Argument(help="OPML file.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done.")] = False,
    file: File = None,
    config: ConfigPath = None,
) -> None:
    """Add the feeds of an OPML file. A line tells each one's fate."""
    try:
        found = opml.read(source.read_bytes())
    except OSError as exc:
        msg = f"{source}: {exc.strerror}"
        raise InputError(msg) from exc
    except opml.OpmlError as exc:
        msg = f"{source}: {exc}"
        raise InputError(msg) from exc
    book = _book(file, config)
    fates = imported(found, (feed.url for feed in book.feeds()))
    for line in fates:
        print(
            f"{line.fate:9} line {line.number}: {line.url}"
            + (f" ({line.detail})" if line.detail else "")
        )
    taken = [line.feed for line in fates if line.feed is not None]
    if not dry_run:
        book.add(taken)
    print(f"{len(taken)} of {len(fates)} feeds {'would be ' if dry_run else ''}taken")


@feeds_app.command("export")
def bring_out(
    target: Annotated[str, typer.Argument(help="File, - for standard output.")] = "-",
    file: File = None,
    config: ConfigPath = None,
) -> None:
    """Write all feeds as OPML."""
    raw = opml.write(_feeds(file, config))
    if target == "-":
        sys.stdout.buffer.write(raw)
        return
    try:
        Path(target).write_bytes(raw)
    except OSError as exc:
        msg = f"{target}: {exc.strerror}"
        raise InputError(msg) from exc


def _settings(allow: Sequence[str] | None, config: Path | None, file: Path | None) -> PollSettings:
    if file is not None and config is None:
        return PollSettings(allow_private=tuple(allow or ()))
    poll = configured(config).poll
    return PollSettings(
        allow_private=(*poll.allow_private, *(allow or ())),
        contact=poll.user_agent_contact,
        proxy=poll.proxy,
    )


def _book(file: Path | None, config: Path | None) -> FeedBook:
    return FeedBook(file or sources.own_file(configured(config)))


def _feeds(file: Path | None, config: Path | None) -> tuple[Feed, ...]:
    return sources.from_file(file) if file else sources.from_config(configured(config))


def _memory(state: Path | None, config: Path | None) -> Memory:
    return sqlite_memory(state) if state else kafka_memory(configured(config))


def _shown(
    known: dict[str, FeedState], state: Path | None, file: Path | None, config: Path | None
) -> list[Feed]:
    """Return the feeds to show: a state folder without a file of feeds tells by itself which it knows."""
    if state is not None and file is None:
        return [Feed(url=url) for url in known]
    return list(_feeds(file, config))


def _one(url: str, known: dict[str, FeedState], file: Path | None, config: Path | None) -> Feed:
    if url in known:
        return Feed(url=url)
    found = next((feed for feed in _feeds(file, config) if feed.url == url), None)
    if found is None:
        msg = f"no feed {url} (`news-monitor feeds list` shows them)"
        raise InputError(msg)
    return found


def _state(url: str, known: dict[str, FeedState]) -> FeedState:
    found = known.get(url)
    if found is None:
        msg = f"{url} was never polled"
        raise InputError(msg)
    return found


def _change(
    url: str, state: Path | None, config: Path | None, *, file: Path | None = None, **fields: Any
) -> None:
    """Change fields of a feed's state (any: FeedState's own types, checked when it is written).

    Raises:
        InputError: no such feed is known or configured.
    """
    memory = _memory(state, config)

    async def change() -> None:
        known = await memory.load()
        _one(url, known, file, config)
        await memory.save(msgspec.structs.replace(known.get(url) or FeedState(url=url), **fields))

    asyncio.run(change())


def _status_json(feed: Feed, state: FeedState | None, now: datetime) -> dict[str, Any]:
    """Return a feed's status for scripts, without what only the poller needs."""
    told = to_builtins(state) if state else {}
    told.pop("seen", None)
    following, why = status.next_poll(state, now) if state else ("now", "")
    return {"url": feed.url, "name": feed.name, "status": str(status.status_of(state)),
            "next": following, "why": why, **told}  # fmt: skip
