"""Set up logging once a process: one event a line, JSON when piped, coloured for people on a terminal.

structlog formats everything, the standard library's records too (Faust, aiokafka, httpx log through that).
"""

from __future__ import annotations

import logging
import logging.config
import sys
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
            *_renderers(as_json=as_json, colours=terminal),
        ],
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(formatter)
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
