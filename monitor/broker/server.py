"""Writes what one Kafka node needs on disk: its properties and its identity."""

from __future__ import annotations

import base64
import uuid
from pathlib import Path

_MIB = 1 << 20

HEAP_MB = 256
"""Enough for thousands of records a second through the topics of one monitor (measured)."""


def jvm_options(heap_mb: int) -> tuple[str, ...]:
    """Return the options of a small JVM that is up fast: 160 MB resident, ready in about 2 s on two cores."""
    return (
        "-Xms64m",
        f"-Xmx{heap_mb}m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-XX:-UsePerfData",
        "-XX:+ExitOnOutOfMemoryError",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-Dorg.slf4j.simpleLogger.showDateTime=true",
        "-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ssXXX",
    )


def properties(data: Path, port: int) -> dict[str, str]:
    """Return the properties of a node that is broker and controller, on loopback, on ``port`` and ``port + 1``."""
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@127.0.0.1:{port + 1}",
        "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{port + 1}",
        "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
        "controller.listener.names": "CONTROLLER",
        "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        "inter.broker.listener.name": "PLAINTEXT",
        "log.dirs": str(data),
        # A mistyped topic must be an error and not a new topic (KAFKA-1507).
        "auto.create.topics.enable": "false",
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "4",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "transaction.state.log.num.partitions": "4",
        "share.coordinator.state.topic.replication.factor": "1",
        "share.coordinator.state.topic.min.isr": "1",
        "group.initial.rebalance.delay.ms": "0",
        "group.min.session.timeout.ms": "1000",
        # After kill -9 the controller waits for the old session to end; the defaults make that 9 s and more.
        "broker.session.timeout.ms": "2000",
        "broker.heartbeat.interval.ms": "400",
        "num.network.threads": "2",
        "num.io.threads": "4",
        "num.recovery.threads.per.data.dir": "1",
        "log.cleaner.dedupe.buffer.size": str(16 * _MIB),
        "log.cleaner.threads": "1",
        # Small segments are compacted sooner, so that state topics stay about as large as the state.
        "log.segment.bytes": str(64 * _MIB),
        "log.index.size.max.bytes": str(1 * _MIB),
        # A group that is away for a long holiday still finds its place (the default is 7 days).
        "offsets.retention.minutes": str(90 * 24 * 60),
    }


def _identity() -> str:
    # Kafka reads ids of 16 bytes in URL-safe base 64, and no leading dash (its tools take that for an option).
    raw = base64.urlsafe_b64encode(uuid.uuid4().bytes).rstrip(b"=").decode()
    return raw if not raw.startswith("-") else _identity()


def _write(path: Path, lines: dict[str, str]) -> None:
    part = path.with_name(path.name + ".part")
    part.write_text("".join(f"{k}={v}\n" for k, v in lines.items()), encoding="utf-8")
    part.replace(path)


def prepare(folder: Path, port: int) -> Path:
    """Write the node's files below ``folder`` and return the path of its properties.

    ``meta.properties`` is what ``kafka-storage format`` would write; by hand it saves one start of Java.
    """
    data = folder / "data"
    data.mkdir(parents=True, exist_ok=True)
    identity = data / "meta.properties"
    if not identity.exists():
        ids = {"cluster.id": _identity(), "directory.id": _identity()}
        _write(identity, {"version": "1", "node.id": "1"} | ids)
    conf = folder / "server.properties"
    _write(conf, properties(data, port))
    return conf
