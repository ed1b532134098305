"""One real Kafka for all tests that need it; each test has topics of its own through a prefix."""

import pytest
from kafka_tools import Client, Process, free_port, numbers

from agents.settings import KafkaSettings, Settings
from monitor.broker import LocalBroker


@pytest.fixture(scope="session")
def broker(tmp_path_factory):
    with LocalBroker(tmp_path_factory.mktemp("kafka"), free_port()) as running:
        yield running


@pytest.fixture
def settings(broker, tmp_path):
    kafka = KafkaSettings(bootstrap_servers=(broker.bootstrap,), topic_prefix=f"t{next(numbers)}.")
    return Settings(kafka=kafka, state_dir=tmp_path, session_timeout_s=3.0, commit_interval_s=0.2)


@pytest.fixture
def client(settings):
    return Client(settings.kafka)


@pytest.fixture
def start(settings, tmp_path):
    """Start a process of ``tests/support`` with the test's topics; all are ended with the test."""
    started = []

    def start(script, using=settings, **more):
        started.append(Process(script, using, tmp_path, **more).start())
        return started[-1]

    yield start
    for process in started:
        if process.process.poll() is None:
            process.kill()


@pytest.fixture
def start_worker(start):
    """Start a worker."""
    return lambda **more: start("worker_main.py", **more)
