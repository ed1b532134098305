"""Set up logging once a process: one event a line, JSON when piped, coloured for people on a terminal.

structlog formats everything, the standard library's records too (Faust, aiokafka, httpx log through that).
"""

from __future__ import annotations

import logging
import logging.config
import math
import os
import sys
import time
from collections.abc import Callable
from typing import Any, Literal, TextIO

import structlog

LogFormat = Literal["auto", "json", "console"]
QUIET = (
    "aiokafka",
    "httpx",
    "httpcore",
    "asyncio",
    "trafilatura",
    "htmldate",
    "charset_normalizer",
    "uvicorn",
)
"""Libraries whose information lines nobody on duty needs; their warnings stay."""


REPEATED = "aiokafka"
"""The library that tells of each try of each of its clients: 15,000 lines a minute while Kafka is away (measured)."""
REPEATS_S = 10.0
MOST_REPEATS = 3
_MOST_WORDINGS = 1000


class Repeats(logging.Filter):
    """Lets a few lines of one wording through in ten seconds; the next one tells how many were left out."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock = clock
        self._seen: dict[tuple[str, str], tuple[float, int]] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        """Tell whether a record is to be shown."""
        if not record.name.startswith(REPEATED):
            return True
        wording, now = (record.name, str(record.msg)), self._clock()
        begun, count = self._seen.get(wording, (-math.inf, 0))
        if now - begun < REPEATS_S:
            self._seen[wording] = (begun, count + 1)
            return count < MOST_REPEATS
        if len(self._seen) >= _MOST_WORDINGS:
            self._seen.clear()
        self._seen[wording] = (now, 1)
        if count > MOST_REPEATS:
            record.msg = f"{record.msg} (and {count - MOST_REPEATS} more of these)"
        return True


def _shared() -> list[Any]:
    """Return the processors for our own records and the libraries' alike (any: structlog's own union)."""
    return [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]


def _renderers(*, as_json: bool, colours: bool) -> list[Any]:
    if as_json:
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    # Not the default, which shows the values of local variables: a configuration may be among them.
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=colours, exception_formatter=plain)]


def configure(level: str = "INFO", form: LogFormat = "auto", stream: TextIO | None = None) -> None:
    """Send all records to ``stream`` (standard error), at ``level`` and above.

    ``auto`` is console on a terminal, else JSON.
    """
    stream = stream or sys.stderr
    terminal = stream.isatty()
    as_json = form == "json" or (form == "auto" and not terminal)
    formatter = structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=_shared(),
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            # https://no-color.org
            *_renderers(as_json=as_json, colours=terminal and not os.environ.get("NO_COLOR")),
        ],
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
    handler.addFilter(Repeats())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    _gather_no_more_than_is_shown()
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def _gather_no_more_than_is_shown() -> None:
    """Leave out file, thread and process of each record: a third of a line's cost (Python's Logging HOWTO, Optimization)."""
    logging._srcfile = None  # noqa: SLF001 - the name that the HOWTO gives
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
