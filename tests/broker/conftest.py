"""A free pair of ports for the brokers of the tests."""

import kafka_tools
import pytest


@pytest.fixture
def free_port():
    """A port whose neighbour is free too: Kafka's controller listens there."""
    return kafka_tools.free_port()
