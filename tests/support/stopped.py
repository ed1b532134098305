"""A terminal that a person stops and lets go on, as Ctrl-S and Ctrl-Q do."""

import os
import pty
import termios
from contextlib import contextmanager


class Terminal:
    """``stream`` is what a program writes to."""

    def __init__(self):
        self._shown, self._number = pty.openpty()
        self.stream = os.fdopen(self._number, "w", encoding="utf-8")

    def stop(self):
        termios.tcflow(self._number, termios.TCOOFF)

    def go_on(self):
        termios.tcflow(self._number, termios.TCOON)

    def shown(self, until):
        """Return what is shown, up to a word."""
        told = ""
        while until not in told:
            told += os.read(self._shown, 65536).decode().replace("\r\n", "\n")
        return told

    def close(self):
        self.go_on()
        os.close(self._shown)
        self.stream.close()


@contextmanager
def terminal():
    made = Terminal()
    try:
        yield made
    finally:
        made.close()
