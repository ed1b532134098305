"""Options that many commands share, and reading of input files."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer

from monitor.config import Config, find_file, load
from monitor.errors import InputError

if TYPE_CHECKING:
    from monitor.reload import Reloading

ConfigPath = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="Configuration file (TOML).", show_default=False),
]
JsonLines = Annotated[
    str, typer.Argument(help="File of JSON lines, - for standard input.", metavar="[FILE|-]")
]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON, for scripts.")]


def reloading(path: Path | None) -> Reloading:
    """Return the configuration that a process runs with, to be read again; logs are set up as it says.

    Raises:
        ConfigError: it is wrong.
    """
    from monitor import logs
    from monitor.reload import Reloading

    def set_up_logs(config: Config) -> None:
        logs.configure(config.log.level, config.log.format)

    # A file that was there stays the one that is read: where it is gone, that is a mistake, and no return to defaults.
    place = find_file(path, cwd=Path.cwd(), env=os.environ)
    found = load(place)
    set_up_logs(found)
    return Reloading(found, partial(load if place else configured, place), set_up_logs)


def configured(path: Path | None) -> Config:
    """Return the configuration that a command runs with.

    Raises:
        ConfigError: it is wrong.
    """
    return load(find_file(path, cwd=Path.cwd(), env=os.environ))


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """Give the bytes of a file, or of standard input for ``-``.

    Raises:
        InputError: the file cannot be opened.
    """
    if name == "-":
        yield sys.stdin.buffer
        return
    with ExitStack() as stack:
        try:
            file = stack.enter_context(Path(name).open("rb"))
        except OSError as exc:
            msg = f"{name}: {exc.strerror}"
            raise InputError(msg) from exc
        yield file
