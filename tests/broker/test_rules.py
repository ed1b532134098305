"""Kafka's own words on what is wrong, as it wrote them when it was broken on purpose."""

from pathlib import Path

import pytest

from monitor.broker.rules import BrokerFault, Where, diagnose, saying

WHERE = Where(port=9092, folder=Path("state/kafka"), log=Path("state/kafka/kafka.log"))


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (
            "org.apache.kafka.common.KafkaException: Socket server failed to bind to 127.0.0.1:9092: Address already in use.",
            BrokerFault.PORT_IN_USE,
        ),
        ("java.io.IOException: No space left on device", BrokerFault.DISK_FULL),
        (
            "ERROR Error while writing ... KafkaStorageException: CorruptRecord after java.io.IOException: No space left on device",
            BrokerFault.DISK_FULL,
        ),
        (
            "Failed to acquire lock on file .lock in data. A Kafka instance in another process is using this directory.",
            BrokerFault.ALREADY_RUNNING,
        ),
        (
            "org.apache.kafka.common.errors.CorruptRecordException: Record size 0 is less than the minimum",
            BrokerFault.DATA_CORRUPT,
        ),
        ("RuntimeException: node ID not found in meta.properties", BrokerFault.DATA_CORRUPT),
        ("java.nio.file.AccessDeniedException: data/.lock", BrokerFault.NOT_WRITABLE),
        ("Terminating due to java.lang.OutOfMemoryError: Java heap space", BrokerFault.NO_MEMORY),
        ("", BrokerFault.ENDED),
        ("something nobody has seen", BrokerFault.ENDED),
    ],
)
def test_log_tells_fault(line, fault):
    assert diagnose(line) is fault


@pytest.mark.parametrize("fault", list(BrokerFault))
def test_every_fault_has_one_line_that_says_what_to_do(fault):
    line = saying(fault, WHERE)
    assert "\n" not in line
    assert "{" not in line
    assert 20 < len(line) < 220
