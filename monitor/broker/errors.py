"""What can go wrong with the local Kafka: ``BrokerError``, with the fault and one line for people."""

from __future__ import annotations

from monitor.broker.rules import BrokerFault


class BrokerError(Exception):
    """The local Kafka cannot run; the text is one line that says what to do."""

    def __init__(self, fault: BrokerFault, message: str) -> None:
        super().__init__(message)
        self.fault = fault
