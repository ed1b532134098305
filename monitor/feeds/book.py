"""The operator's own file of feeds: an OPML document that commands add to and take from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from monitor.errors import InputError
from monitor.feeds import opml
from monitor.feeds.feed import Feed
from monitor.feeds.sources import from_file


@dataclass(frozen=True, slots=True)
class FeedBook:
    """The feeds in one OPML file, which need not exist yet."""

    path: Path

    def feeds(self) -> tuple[Feed, ...]:
        """Return the feeds in the file.

        Raises:
            InputError: the file cannot be read.
        """
        return from_file(self.path) if self.path.exists() else ()

    def add(self, given: Iterable[Feed]) -> tuple[Feed, ...]:
        """Add feeds, and return those that were not there before.

        Raises:
            InputError: the file cannot be read or written.
        """
        there = self.feeds()
        known = {feed.url for feed in there}
        new = tuple(feed for feed in given if feed.url not in known)
        if new:
            self._write((*there, *new))
        return new

    def remove(self, url: str) -> bool:
        """Take a feed out, and return whether it was there.

        Raises:
            InputError: the file cannot be read or written.
        """
        there = self.feeds()
        left = tuple(feed for feed in there if feed.url != url)
        if len(left) < len(there):
            self._write(left)
        return len(left) < len(there)

    def _write(self, feeds: tuple[Feed, ...]) -> None:
        """Replace the file as a whole: who reads it sees the old feeds or the new ones."""
        fresh = self.path.with_suffix(".new")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fresh.write_bytes(opml.write(feeds, signed_in=True))
            fresh.replace(self.path)
        except OSError as exc:
            msg = f"{self.path}: {exc.strerror}"
            raise InputError(msg) from exc


def imported(lines: Iterable[opml.Line], known: Iterable[str]) -> tuple[opml.Line, ...]:
    """Return each outline's fate, given the addresses that are there already."""
    there = set(known)
    return tuple(
        replace(line, fate=opml.Fate.KNOWN, detail="is there already", feed=None)
        if line.url in there and line.feed
        else line
        for line in lines
    )
