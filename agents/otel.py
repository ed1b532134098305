"""Traces by OpenTelemetry: spans to a collector (OTLP over HTTP) or to a file. An extra: ``news-monitor[otel]``.

Nothing global is set: the provider belongs to the process's tracer alone. Names of attributes are those of the log.
The SDK's own variables hold too, e.g. ``OTEL_EXPORTER_OTLP_HEADERS`` for a collector that wants a token.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version

from opentelemetry import context, trace
from opentelemetry.context import Context
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased
from opentelemetry.trace import SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from agents.tracing import NOTHING, Span
from agents.wire import Headers, Outbound
from monitor.sections import TracingSection

NAME = "news-monitor"
MAX_KEPT = 10_000
"""Deliveries whose place in their trace is remembered; the longest forgotten one begins no span."""
EXPORT_S = 5.0
"""A collector that does not answer may hold up a stop by this, of the 25 s that it may take."""

_propagator = TraceContextTextMapPropagator()


class OtelSpan:
    """A span of OpenTelemetry."""

    def __init__(self, span: trace.Span) -> None:
        """Take a span that has begun."""
        self._span = span

    def carried(self, messages: Sequence[Outbound], **told: str) -> Sequence[Outbound]:
        """Return messages with the context of this span in their headers; ``told`` become its attributes."""
        for name, value in told.items():
            self._span.set_attribute(f"news_monitor.{name}", value)
        if told.get("outcome") == "quarantined":
            self._span.set_status(StatusCode.ERROR, told.get("reason"))
        carrier: dict[str, str] = {}
        _propagator.inject(carrier, trace.set_span_in_context(self._span, Context()))
        headers = tuple((name, value.encode()) for name, value in carrier.items())
        return [replace(message, headers=(*message.headers, *headers)) for message in messages]


class Otel:
    """Makes spans of OpenTelemetry."""

    def __init__(self, provider: TracerProvider) -> None:
        """Make spans by a provider."""
        self._tracer = provider.get_tracer(NAME)
        self._kept: OrderedDict[str, Context] = OrderedDict()

    def begin(self, stage: str, since: datetime) -> AbstractContextManager[Span]:
        """Make the first span of a trace; it began at ``since``."""
        return self._made(stage, Context(), SpanKind.PRODUCER, since)

    def span(self, stage: str, headers: Headers) -> AbstractContextManager[Span]:
        """Make a span in the trace that a record came with."""
        known = {name: value.decode("ascii", "replace") for name, value in headers}
        parent = _propagator.extract(known, Context())
        if not trace.get_current_span(parent).get_span_context().is_valid:
            return nullcontext(NOTHING)
        return self._made(stage, parent, SpanKind.CONSUMER)

    def keep(self, key: str) -> None:
        """Remember where we are in the trace."""
        if not trace.get_current_span().get_span_context().is_valid:
            return
        self._kept[key] = context.get_current()
        self._kept.move_to_end(key)
        if len(self._kept) > MAX_KEPT:
            self._kept.popitem(last=False)

    def resume(self, stage: str, key: str) -> AbstractContextManager[Span]:
        """Make a span where ``keep`` was called last with this key."""
        parent = self._kept.get(key)
        return (
            nullcontext(NOTHING) if parent is None else self._made(stage, parent, SpanKind.CLIENT)
        )

    @contextmanager
    def _made(
        self, stage: str, parent: Context, kind: SpanKind, since: datetime | None = None
    ) -> Iterator[Span]:
        began = None if since is None else int(since.timestamp() * 1e9)
        with self._tracer.start_as_current_span(
            stage, context=parent, kind=kind, start_time=began
        ) as span:
            yield OtelSpan(span)


@contextmanager
def exporting(section: TracingSection, process: str) -> Iterator[Otel]:
    """Give a tracer whose spans go where the configuration says; those that wait are sent at the end of the block."""
    resource = Resource.create(
        {"service.name": NAME, "service.version": version(NAME), "service.instance.id": process}
    )
    sampler = ParentBased(TraceIdRatioBased(section.ratio))
    provider = TracerProvider(sampler=sampler, resource=resource, shutdown_on_exit=False)
    with _file_of(section) as file:
        if file is not None:
            provider.add_span_processor(BatchSpanProcessor(file))
        if section.endpoint is not None:
            exporter = OTLPSpanExporter(endpoint=section.endpoint, timeout=EXPORT_S)
            provider.add_span_processor(BatchSpanProcessor(exporter))
        try:
            yield Otel(provider)
        finally:
            provider.shutdown()


@contextmanager
def _file_of(section: TracingSection) -> Iterator[ConsoleSpanExporter | None]:
    if section.file is None:
        yield None
        return
    with section.file.open("a", encoding="utf-8") as out:
        yield ConsoleSpanExporter(out=out, formatter=lambda span: f"{span.to_json(indent=None)}\n")
