"""Look at this machine, the broker, the disk, the feeds and the sinks, and say what is wrong and what to do."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from monitor import metrics, web
from monitor.broker.probe import serves
from monitor.config import Config
from monitor.errors import NotReachableError
from monitor.extract.text import nlp
from monitor.hidden import without_userinfo
from monitor.sinks.base import SinkConfig

LEAST_FREE_BYTES = 2 << 30
"""A week of 100,000 articles a day takes less; below it Kafka may stop in the night."""
CONNECT_S = 5.0
MOST_WAITING = 500
"""As the alert ConsumerLagGrowing has it."""
MOST_TOLD = 5
KAFKA_PORT = 9092
"""That of a broker whose address names none."""
KAFKA = ("Kafka", "local Kafka")
"""What the findings about the broker are called."""


class Verdict(StrEnum):
    """How a check ended."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at, and what to do where it is not well."""

    what: str
    verdict: Verdict
    told: str


def _ok(what: str, told: str) -> Finding:
    return Finding(what=what, verdict=Verdict.OK, told=told)


def _bad(what: str, told: str) -> Finding:
    return Finding(what=what, verdict=Verdict.BAD, told=told)


def _warn(what: str, told: str) -> Finding:
    return Finding(what=what, verdict=Verdict.WARN, told=told)


async def examine(config: Config) -> list[Finding]:
    """Return all findings but those of what is in Kafka; nothing is changed, connections are opened and closed."""
    local = [_python(), _state(config.state_dir), _disk(config.state_dir), _model()]
    local.append(_port("metrics port", config.http.bind, config.http.port, "http.port"))
    if config.board.enabled:
        local.append(_port("board port", config.board.bind, config.board.port, "board.port"))
    kafka = await asyncio.to_thread(_kafka, config)
    sinks = await asyncio.gather(*(_sink(s) for s in config.sinks if s.enabled))
    feeds = await asyncio.gather(
        *(_reach(f.url, f"feed {f.name or without_userinfo(f.url)}") for f in config.feeds[:50])
    )
    return [*local, *kafka, *sinks, *feeds]


def _python() -> Finding:
    told = ".".join(map(str, sys.version_info[:3]))
    return _ok("python", told)


def _state(folder: Path) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / ".doctor"
        probe.write_bytes(b"x")
        probe.unlink()
    except OSError as exc:
        return _bad("state directory", f"{folder} cannot be written: {exc.strerror}; set state_dir")
    return _ok("state directory", str(folder))


def _disk(folder: Path) -> Finding:
    free = metrics.free_bytes(folder)
    told = f"{free / 1e9:.1f} GB free for {folder}"
    return _ok("disk", told) if free >= LEAST_FREE_BYTES else _bad("disk", told + "; make room")


def _model() -> Finding:
    if (nlp.MODEL_DIR / "meta.json").is_file():
        return _ok("language model", "in the package")
    return _bad("language model", "not in the package: install it anew, or run make model")


def _port(what: str, bind: str, port: int, key: str) -> Finding:
    try:
        web.check_port(bind, port, key)
    except NotReachableError as exc:
        return _warn(what, f"{exc}; fine if that is the monitor")
    return _ok(what, f"{bind}:{port} is free")


def _kafka(config: Config) -> list[Finding]:
    if servers := config.kafka.bootstrap_servers:
        return [_server(s, config) for s in servers]
    found = [_jars()]
    if serves("127.0.0.1", config.broker.port):
        return [*found, _ok("local Kafka", f"serves on port {config.broker.port}")]
    return [*found, _warn("local Kafka", "does not run; `news-monitor up` starts it")]


def _server(server: str, config: Config) -> Finding:
    parts = urlsplit(f"//{server}")
    host, port = parts.hostname or "", parts.port or KAFKA_PORT
    if config.kafka.security_protocol == "PLAINTEXT":
        ok = serves(host, port, CONNECT_S)
    else:
        ok = _connects(host, port)
    return _ok("Kafka", server) if ok else _bad("Kafka", f"{server} does not answer")


def of_topics(missing: Collection[str]) -> Finding:
    """Return whether all topics are there; ``missing`` are the names of those that are not."""
    if not missing:
        return _ok("topics", "all there")
    names = ", ".join(sorted(missing)[:MOST_TOLD])
    told = f"not there: {names}{' ...' if len(missing) > MOST_TOLD else ''}"
    return _warn("topics", told + "; the next worker or poller that starts creates them")


def of_lag(stage: str, waiting: int) -> Finding:
    """Return whether a stage keeps up; ``waiting`` is how many records it has still to read."""
    what = f"stage {stage}"
    if waiting <= MOST_WAITING:
        return _ok(what, f"{waiting} records wait")
    return _warn(what, f"{waiting} records wait; does its worker run? See deploy/RUNBOOK.md")


def _jars() -> Finding:
    from monitor.broker.jars import have  # noqa: PLC0415  resolves a Java at import

    if have(None):
        return _ok("Kafka's jars", "on this machine")
    return _warn(
        "Kafka's jars", "not here yet: the first start fetches them (45 MB, needs a network)"
    )


def _connects(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), timeout=CONNECT_S).close()
    except (OSError, UnicodeError):
        # No name at all has empty labels, or such of over 63 characters.
        return False
    return True


async def _reach(url: str, what: str) -> Finding:
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as exc:
        return _bad(what, f"its address is none: {exc}")
    ok = await asyncio.to_thread(_connects, parts.hostname or "", port)
    return _ok(what, "reached") if ok else _bad(what, f"{parts.hostname}:{port} cannot be reached")


async def _sink(config: SinkConfig) -> Finding:
    what = f"sink {config.name}"
    url = getattr(config, "url", None)
    if url is not None:
        return await _reach(str(url), what)
    path = getattr(config, "path", None)
    if path is not None and not os.access(Path(path).parent, os.W_OK):
        return _bad(what, f"{Path(path).parent} cannot be written")
    return _ok(what, "nothing to reach")


def kafka_serves(findings: Iterable[Finding]) -> bool:
    """Tell whether a Kafka was reached."""
    return any(f.what in KAFKA and f.verdict is Verdict.OK for f in findings)


def is_well(findings: Iterable[Finding]) -> bool:
    """Tell whether nothing is bad; warnings are fine."""
    return all(f.verdict is not Verdict.BAD for f in findings)
