"""The tables of the configuration file, but those of sinks, watches and the board."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, SecretStr, field_validator

from monitor.alerts.payload import SOURCE
from monitor.feeds.addresses import AddressPolicy
from monitor.feeds.feed import CONTACT
from monitor.feeds.sources import list_names
from monitor.hidden import Address, MaybeAddress
from monitor.table import Table

BrokerAddress = Annotated[
    str, Field(pattern=r"^(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?$", max_length=300)
]


class KafkaSection(Table):
    """Which Kafka. Without ``bootstrap_servers`` the monitor runs a local one."""

    bootstrap_servers: tuple[BrokerAddress, ...] = Field(
        default=(), description="host:port of brokers."
    )
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = "PLAINTEXT"
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "PLAIN"
    sasl_username: str | None = None
    sasl_password: SecretStr | None = None
    ssl_cafile: Path | None = Field(default=None, description="CA certificates (PEM).")
    ssl_certfile: Path | None = Field(default=None, description="Client certificate (PEM).")
    ssl_keyfile: Path | None = Field(default=None, description="Client key (PEM).")
    replication_factor: int = Field(default=1, ge=1, le=9)
    topic_prefix: str = Field(default="", pattern=r"^[a-z0-9.-]{0,64}$")
    generation: str = Field(
        default="",
        pattern=r"^([a-z0-9-]{1,16}\.)?$",
        description="Which incidents to work on: what `news-monitor rebuild` filled; ends with a dot.",
    )


class BrokerSection(Table):
    """The local Kafka."""

    port: int = Field(
        default=29092, ge=1024, le=65534, description="It and the next port are used."
    )
    heap_mb: int = Field(default=256, ge=128, le=16384)


class HttpSection(Table):
    """Metrics and health. Loopback unless you say otherwise."""

    bind: str = "127.0.0.1"
    port: int = Field(default=8642, ge=0, le=65535, description="0: any free port.")
    hosts: tuple[str, ...] = Field(
        default=(),
        description="Names in `Host` that are answered, besides addresses and names without a dot.",
    )


LogLevel = Literal["DEBUG", "INFO", "WARNING", "ERROR"]


class LogSection(Table):
    """Logs go to standard error."""

    level: LogLevel = "INFO"
    format: Literal["auto", "json", "console"] = "auto"


class ExtractSection(Table):
    """Extraction runs in child processes."""

    workers: int = Field(default=1, ge=1, le=64, description="Child processes.")
    deadline_s: float = Field(default=20.0, gt=0, le=300, description="Seconds for one article.")
    memory_mb: int = Field(default=1536, ge=512, le=65536, description="Limit for one child.")


class AlertmakingSection(Table):
    """When people are told."""

    max_age_h: float | None = Field(
        default=24.0,
        ge=0,
        description="Articles older than this when fetched make no alert; 0 turns it off.",
    )
    novelty_days: int = Field(default=7, ge=1, le=60, description="Older incidents are background.")
    source: str = Field(
        default=SOURCE,
        pattern=r"^[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]{1,200}$",
        description="CloudEvents `source` of alerts, a URI reference that names this monitor.",
    )

    @field_validator("max_age_h")
    @classmethod
    def _off(cls, value: float | None) -> float | None:
        return value or None


class FeedSection(Table):
    """One feed of your own."""

    url: Address = Field(pattern=r"^https?://", max_length=2048)
    name: str | None = None
    country: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    language: str | None = None
    kind: str | None = None
    interval_s: float | None = Field(default=None, ge=1)
    full_text: Literal["off", "on", "auto"] | None = None
    proxy: MaybeAddress = None


class PollSection(Table):
    """Which feeds are polled, and how."""

    lists: tuple[str, ...] = Field(default=("default",), description="Built-in lists of feeds.")
    opml: tuple[Path, ...] = Field(default=(), description="OPML files with more feeds.")
    interval_s: float = Field(default=600.0, ge=1, le=86_400)
    min_interval_s: float = Field(default=60.0, ge=0.2, le=86_400)
    allow_private: tuple[str, ...] = Field(
        default=(), description="Private networks (CIDR) that may be polled."
    )

    @field_validator("lists")
    @classmethod
    def _known(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if unknown := [name for name in value if name not in list_names()]:
            msg = f"no list {unknown[0]!r} (there are {', '.join(list_names())})"
            raise ValueError(msg)
        return value

    @field_validator("allow_private")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        AddressPolicy.of(value)
        return value

    user_agent_contact: str = Field(
        default=CONTACT,
        description="Address in the User-Agent by which publishers reach you.",
    )
    full_text: Literal["off", "on", "auto"] = "auto"
    cold_start_h: float | None = Field(
        default=24.0,
        ge=0,
        description="On a feed's first fetch, older entries are taken as known; 0 turns it off.",
    )

    @field_validator("cold_start_h")
    @classmethod
    def _off(cls, value: float | None) -> float | None:
        return value or None

    proxy: MaybeAddress = None
    workers: int = Field(default=1, ge=1, le=16, description="Child processes that parse feeds.")
    websub_callback: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="Public address under which hubs reach this machine (WebSub); none: polling only.",
    )
    websub_bind: str = "127.0.0.1"
    websub_port: int = Field(default=8644, ge=1, le=65535)


class TracingSection(Table):
    """Traces of articles on their way through the stages (OpenTelemetry), where one of the first two is set. Needs the extra `otel`."""

    endpoint: MaybeAddress = Field(
        default=None,
        pattern=r"^https?://",
        description="Where a collector takes them (OTLP over HTTP), e.g. http://127.0.0.1:4318/v1/traces.",
    )
    file: Path | None = Field(
        default=None, description="File that spans are appended to, one JSON object a line."
    )
    ratio: float = Field(default=1.0, ge=0, le=1, description="Share of articles that are traced.")
