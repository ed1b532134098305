"""Leaves the process at once, as ``kill -9`` would, where going on could lose a record.

Faust commits an offset although what was made of the record could not be produced, and a stop in
good order commits too (faust-streaming 0.15.3 has no setting against it). Not
committed, the record is read again by the next start, which every stage stands.
"""

from __future__ import annotations

import logging
import os
import sys
from types import TracebackType

import structlog

log = structlog.get_logger(__name__)

LEFT = 70
"""Exit status: EX_SOFTWARE of sysexits.h. The supervisor starts the worker again."""
STALLED = 75
"""Exit status of a worker that made no progress: EX_TEMPFAIL of sysexits.h."""


def leave(why: str, status: int = LEFT, **fields: object) -> None:
    """End the process without any clean-up, after one line that says why."""
    log.critical("leaving before anything is committed", why=why, **fields)
    logging.shutdown()
    sys.stderr.flush()
    os._exit(status)


class LeaveOnError:
    """``with LeaveOnError("dedupe"):`` any exception that comes out of the block ends the process."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        """Begin the block."""

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None
    ) -> None:
        if isinstance(exc, Exception):
            logging.getLogger(__name__).critical("%s failed", self._what, exc_info=exc)
            leave(f"{self._what} failed: {exc!r}")
