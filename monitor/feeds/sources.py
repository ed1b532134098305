"""Which feeds to poll: an OPML file, or the configuration's lists, files and feeds together."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.errors import InputError
from monitor.feeds import opml
from monitor.feeds.feed import Feed, FullText

if TYPE_CHECKING:
    from monitor.config import Config

OWN_FILE = "feeds.opml"
LISTS = "monitor.feeds.lists"


def from_file(path: Path) -> tuple[Feed, ...]:
    """Return the feeds of an OPML file.

    Raises:
        InputError: it cannot be read, or is no OPML.
    """
    try:
        return opml.feeds(path.read_bytes())
    except OSError as exc:
        msg = f"{path}: {exc.strerror}"
        raise InputError(msg) from exc
    except opml.OpmlError as exc:
        msg = f"{path}: {exc}"
        raise InputError(msg) from exc


def list_names() -> tuple[str, ...]:
    """Return the names of the lists that ship with the monitor."""
    files = resources.files(LISTS).iterdir()
    return tuple(sorted(f.name.removesuffix(".opml") for f in files if f.name.endswith(".opml")))


def from_list(name: str) -> tuple[Feed, ...]:
    """Return the feeds of a list that ships with the monitor.

    Raises:
        InputError: there is no such list.
    """
    if name not in list_names():
        msg = f"no list {name!r} (there are {', '.join(list_names())})"
        raise InputError(msg)
    return opml.feeds(resources.files(LISTS).joinpath(f"{name}.opml").read_bytes())


def from_config(config: Config) -> tuple[Feed, ...]:
    """Return the feeds of the configuration; the operator's own word on a feed goes before a list's.

    Raises:
        InputError: a list or a file is missing or wrong.
    """
    own = (
        Feed(
            url=f.url,
            name=f.name or "",
            country=f.country,
            language=f.language,
            kind=f.kind,
            interval_s=f.interval_s,
            full_text=FullText(f.full_text) if f.full_text else None,
            proxy=f.proxy,
        )
        for f in config.feeds
    )
    added = from_file(own_file(config)) if own_file(config).exists() else ()
    files = (feed for path in config.poll.opml for feed in from_file(path))
    lists = (feed for name in config.poll.lists for feed in from_list(name))
    return unique((*own, *added, *files, *lists))


def own_file(config: Config) -> Path:
    """Return the file in which ``news-monitor feeds add`` keeps feeds."""
    return config.state_dir / OWN_FILE


def stamp(config: Config) -> tuple[tuple[str, int, int], ...]:
    """Return what changes when one of the files changes that feeds are read from: their sizes and times."""
    found = []
    for path in (own_file(config), *config.poll.opml):
        with suppress(OSError):
            told = path.stat()
            found.append((str(path), told.st_size, told.st_mtime_ns))
    return tuple(found)


def unique(feeds: Iterable[Feed]) -> tuple[Feed, ...]:
    """Return feeds with each address once, the first of its kind."""
    found: dict[str, Feed] = {}
    for feed in feeds:
        found.setdefault(feed.url, feed)
    return tuple(found.values())
