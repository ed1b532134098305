"""Follows an article through the stages as one trace, where the configuration asks for it.

``poll`` begins a trace for each article, each stage adds a span, and the context goes on in Kafka's headers (W3C Trace
Context). What comes without context has no span: heartbeats, and what is sent again after a crash.
``agents.otel`` knows OpenTelemetry, and is imported only where traces are wanted; else all here does nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from typing import Protocol, Self

from agents.wire import Headers, Outbound
from monitor.errors import InputError
from monitor.sections import TracingSection


class Span(Protocol):
    """One stage's work on one record."""

    def carried(self, messages: Sequence[Outbound], **told: str) -> Sequence[Outbound]:
        """Return messages with the context of this span in their headers; ``told`` is what the span tells."""
        ...


class Tracer(Protocol):
    """Makes spans."""

    def begin(self, stage: str, since: datetime) -> AbstractContextManager[Span]:
        """Make the first span of a trace; it began at ``since``."""
        ...

    def span(self, stage: str, headers: Headers) -> AbstractContextManager[Span]:
        """Make a span in the trace that a record came with."""
        ...

    def keep(self, key: str) -> None:
        """Remember where we are in the trace, for what is done later and comes with no record."""
        ...

    def resume(self, stage: str, key: str) -> AbstractContextManager[Span]:
        """Make a span where ``keep`` was called last with this key."""
        ...


class _Nothing:
    """A span that is none."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End nothing."""

    def carried(self, messages: Sequence[Outbound], **told: str) -> Sequence[Outbound]:  # noqa: ARG002  the protocol's
        """Return the messages as they are."""
        return messages


NOTHING = _Nothing()


class NoTraces:
    """Traces nothing."""

    def begin(self, stage: str, since: datetime) -> _Nothing:  # noqa: ARG002  the protocol's
        """Make no span."""
        return NOTHING

    def span(self, stage: str, headers: Headers) -> _Nothing:  # noqa: ARG002  the protocol's
        """Make no span."""
        return NOTHING

    def keep(self, key: str) -> None:
        """Remember nothing."""

    def resume(self, stage: str, key: str) -> _Nothing:  # noqa: ARG002  the protocol's
        """Make no span."""
        return NOTHING


NO_TRACES = NoTraces()


@contextmanager
def tracing(section: TracingSection, process: str) -> Iterator[Tracer]:
    """Give the tracer that a configuration asks for; what it holds is sent at the end of the block.

    Raises:
        InputError: traces are wanted and OpenTelemetry is not installed.
    """
    if section.endpoint is None and section.file is None:
        yield NO_TRACES
        return
    try:
        from agents import otel  # noqa: PLC0415  an extra that most do not install
    except ImportError as exc:
        msg = "tracing needs OpenTelemetry: pip install news-monitor[otel]"
        raise InputError(msg) from exc
    with otel.exporting(section, process) as tracer:
        yield tracer
