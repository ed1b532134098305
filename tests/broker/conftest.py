"""Free pairs of ports for brokers of the tests."""

import random
import socket

import pytest


def _free(port):
    with socket.socket() as sock:
        try:
            sock.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@pytest.fixture
def free_port():
    """A port whose neighbour is free too: Kafka's controller listens there. Below the ephemeral range."""
    tried = (random.randrange(20_000, 32_000) for _ in range(200))
    return next(port for port in tried if _free(port) and _free(port + 1))
