"""What the agents are told: one frozen object, filled from the configuration by the command line."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from monitor import policies
from monitor.alerts.payload import HERE, Origin
from monitor.alerts.policy import AlertPolicy
from monitor.config import Config
from monitor.dedupe.policy import DedupePolicy
from monitor.extract.policy import Policy
from monitor.incidents.policy import TrackPolicy
from monitor.sections import KafkaSection, TracingSection
from monitor.sinks.base import SinkConfig
from schemas.cards import QUARANTINE

REBUILT_STAGES = ("extract", "track", "alert")
"""The stages that a rebuild runs anew over the unique articles."""
REBUILT_TOPICS = frozenset(
    {"incident.mentions", "incident.deltas", "track.rows", "alert.rows", "alerts"}
)
"""What those stages write. Articles, fingerprints, feeds and deliveries stay what they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaSettings:
    """Which Kafka, and how to get in. ``topic_prefix`` stands in front of every topic and group.

    ``generation`` stands before the topics that a rebuild makes anew, and the groups of the stages that make them.
    """

    bootstrap_servers: tuple[str, ...]
    security_protocol: str = "PLAINTEXT"
    sasl_mechanism: str = "PLAIN"
    sasl_username: str | None = None
    sasl_password: str | None = field(default=None, repr=False)
    ssl_cafile: Path | None = None
    ssl_certfile: Path | None = None
    ssl_keyfile: Path | None = None
    replication_factor: int = 1
    topic_prefix: str = ""
    generation: str = ""

    def topic(self, name: str) -> str:
        """Return the name that a card's topic has in this Kafka."""
        rebuilt = name.removesuffix(QUARANTINE) in REBUILT_TOPICS
        return self.topic_prefix + (self.generation if rebuilt else "") + name

    def group(self, stage: str) -> str:
        """Return the consumer group of a stage: one for each, so that workers may run different stages."""
        generation = self.generation if stage in REBUILT_STAGES else ""
        return f"{self.topic_prefix}{generation}news-monitor.{stage}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractSettings:
    """The child processes that read articles."""

    workers: int = 1
    deadline_s: float = 20.0
    memory_bytes: int = 1536 << 20
    novelty_window: timedelta = Policy().novelty_window


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a worker needs.

    ``partitions`` sets other counts than the cards' for topics by name (only before they exist).
    ``session_timeout_s`` is how long a dead worker's partitions wait for another one; ``stall_after_s``
    is how long a worker may make no progress while records wait, before it ends itself. ``silent`` sends no
    alert on, and remembers it as announced.
    """

    kafka: KafkaSettings
    state_dir: Path
    extract: ExtractSettings = ExtractSettings()
    sinks: tuple[SinkConfig, ...] = ()
    dedupe: DedupePolicy = field(default_factory=DedupePolicy)
    track: TrackPolicy = field(default_factory=TrackPolicy)
    alert: AlertPolicy = field(default_factory=AlertPolicy)
    partitions: dict[str, int] = field(default_factory=dict)
    session_timeout_s: float = 10.0
    commit_interval_s: float = 0.5
    stall_after_s: float = 300.0
    http_bind: str = "127.0.0.1"
    http_port: int | None = None
    http_hosts: tuple[str, ...] = ()
    silent: bool = False
    origin: Origin = HERE
    tracing: TracingSection = field(default_factory=TracingSection)


def from_config(config: Config) -> Settings:
    """Return the settings that a configuration gives; without brokers of its own, the local Kafka's address."""
    return Settings(
        kafka=_kafka(config.kafka, f"127.0.0.1:{config.broker.port}"),
        state_dir=config.state_dir,
        extract=ExtractSettings(
            workers=config.extract.workers,
            deadline_s=config.extract.deadline_s,
            memory_bytes=config.extract.memory_mb << 20,
            novelty_window=policies.extract_policy(config).novelty_window,
        ),
        sinks=tuple(sink for sink in config.sinks if sink.enabled),
        dedupe=policies.dedupe_policy(config),
        track=policies.track_policy(config),
        alert=policies.alert_policy(config),
        http_bind=config.http.bind,
        http_port=config.http.port,
        http_hosts=config.http.hosts,
        origin=policies.origin(config),
        tracing=config.tracing,
    )


def _kafka(section: KafkaSection, local: str) -> KafkaSettings:
    password = section.sasl_password
    return KafkaSettings(
        bootstrap_servers=section.bootstrap_servers or (local,),
        security_protocol=section.security_protocol,
        sasl_mechanism=section.sasl_mechanism,
        sasl_username=section.sasl_username,
        sasl_password=password.get_secret_value() if password else None,
        ssl_cafile=section.ssl_cafile,
        ssl_certfile=section.ssl_certfile,
        ssl_keyfile=section.ssl_keyfile,
        replication_factor=section.replication_factor,
        topic_prefix=section.topic_prefix,
        generation=section.generation,
    )
