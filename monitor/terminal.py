"""Write to a terminal, or a pipe, that may take nothing: a person stopped it (Ctrl-S), or whoever reads it does not.

A write to such an output does not return. So texts are written by a thread of their own, one after the other, and
whoever gave one may wait for it as long as it likes. The thread ends with the process, even inside a write.
"""

from __future__ import annotations

import io
import os
import select
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, wait
from contextlib import contextmanager
from queue import SimpleQueue
from typing import TextIO


class Outlet:
    """Texts on their way to a stream, in order."""

    def __init__(self, stream: TextIO) -> None:
        """Write to ``stream``, past its buffer where it is a file: a buffer that is locked inside a write aborts the exit."""
        self._write = _writer(stream)
        self._texts: SimpleQueue[tuple[str, Future[None]]] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._given = 0
        self._ended = 0
        self.error: OSError | ValueError | None = None
        """How the latest write failed, if it did."""

    @property
    def waiting(self) -> int:
        """How many texts are not yet written."""
        return self._given - self._ended

    def put(self, text: str) -> Future[None]:
        """Give a text to be written; the result is there once it is, or fails with ``OSError`` or ``ValueError``."""
        written: Future[None] = Future()
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="outlet", daemon=True)
                self._thread.start()
            self._given += 1
            self._texts.put((text, written))
        return written

    def _run(self) -> None:
        while True:
            text, written = self._texts.get()
            try:
                self._write(text)
            except (OSError, ValueError) as exc:
                self.error = exc
                self._ended += 1
                written.set_exception(exc)
            else:
                self.error = None
                self._ended += 1
                written.set_result(None)


def _writer(stream: TextIO) -> Callable[[str], None]:
    try:
        number = stream.fileno()
    except (OSError, ValueError):
        return lambda text: _to_stream(stream, text)
    encoding = stream.encoding or "utf-8"
    return lambda text: _to_file(number, text.encode(encoding, "replace"))


def _to_stream(stream: TextIO, text: str) -> None:
    stream.write(text)
    stream.flush()


def _to_file(number: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(number, rest) :]
        except BlockingIOError:
            # Whoever shares the terminal may have made it so that it does not wait.
            select.select([], [number], [])


MOST_TEXTS = 1000
"""Texts that wait for a terminal; more are left out."""
LEAVING_S = 1.0
"""How long the end of the process waits for a terminal to take what is left."""


class Unhurried(io.TextIOBase):
    """A stream over an outlet: writing to it does not wait. It tells how many lines it left out once there is room."""

    def __init__(self, stream: TextIO) -> None:
        """Write to ``stream``, and look like it."""
        self.outlet = Outlet(stream)
        self._stream = stream
        self._last: Future[None] | None = None
        self._left_out = 0

    @property
    def encoding(self) -> str:  # type: ignore[override]  # typeshed has it as a plain attribute
        """The stream's encoding."""
        return self._stream.encoding

    def isatty(self) -> bool:
        """Tell whether it is a terminal."""
        return self._stream.isatty()

    def fileno(self) -> int:
        """Return the stream's number, for the size of the terminal."""
        return self._stream.fileno()

    def writable(self) -> bool:
        """Return that it can be written to."""
        return True

    def write(self, text: str) -> int:
        """Give a text to the outlet.

        Raises:
            OSError: an earlier one could not be written; the reader is gone.
        """
        if isinstance(self.outlet.error, OSError):
            raise self.outlet.error
        if self.outlet.waiting >= MOST_TEXTS:
            self._left_out += max(text.count("\n"), 1)
            return len(text)
        if self._left_out:
            told = f"({self._left_out} lines left out: they were not taken)\n"
            self.outlet.put(told)
            self._left_out = 0
        self._last = self.outlet.put(text)
        return len(text)

    def leave(self) -> None:
        """Wait a little until all is written."""
        if self._last is not None:
            wait([self._last], LEAVING_S)


@contextmanager
def unhurried() -> Iterator[Outlet]:
    """Have standard output and standard error not wait for who reads them; yields the outlet of the former."""
    held = sys.stdout, sys.stderr
    out, err = Unhurried(sys.stdout), Unhurried(sys.stderr)
    sys.stdout, sys.stderr = out, err
    try:
        yield out.outlet
    finally:
        sys.stdout, sys.stderr = held
        out.leave()
        err.leave()
