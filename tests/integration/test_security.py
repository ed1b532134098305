"""TLS, client certificates and passwords against a real Kafka: admin client, producer, readers and Faust alike."""

import asyncio
import shutil
from dataclasses import replace

import pytest
from aiokafka.errors import KafkaError
from press import Receiver
from secure_kafka import PASSWORD, USER, SecureKafka

from agents import admin, worker
from agents.kafka import admin as admin_client
from agents.settings import KafkaSettings, Settings
from monitor.sinks.webhook import WebhookConfig
from schemas.reasons import Attempt

pytestmark = [
    pytest.mark.kafka,
    pytest.mark.timeout(180),
    pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not on this machine"),
]


@pytest.fixture(scope="module")
def secure(tmp_path_factory):
    with SecureKafka(tmp_path_factory.mktemp("secure")) as running:
        yield running


def settings_of(secure, protocol, mechanism="PLAIN", password=PASSWORD, *, certificate=False):
    return KafkaSettings(
        bootstrap_servers=(f"127.0.0.1:{secure.ports[protocol]}",),
        security_protocol=protocol,
        sasl_mechanism=mechanism,
        sasl_username=USER,
        sasl_password=password,
        ssl_cafile=secure.cafile if protocol.endswith("SSL") else None,
        ssl_certfile=secure.certfile if certificate else None,
        ssl_keyfile=secure.keyfile if certificate else None,
        topic_prefix=f"{protocol}-{mechanism}.".lower(),
    )


WAYS = [
    ("SASL_PLAINTEXT", "PLAIN", False),
    ("SASL_SSL", "PLAIN", False),
    ("SSL", "PLAIN", True),
]


@pytest.mark.parametrize(("protocol", "mechanism", "certificate"), WAYS)
async def test_an_alert_goes_its_whole_way(secure, tmp_path, protocol, mechanism, certificate):
    """Topics are made, a Faust worker joins its group, reads, commits and delivers."""
    kafka = settings_of(secure, protocol, mechanism, certificate=certificate)
    with Receiver() as receiver:
        sink = WebhookConfig(name="desk", url=receiver.url, allow_private=("127.0.0.0/8",))
        settings = Settings(kafka=kafka, state_dir=tmp_path, sinks=(sink,), session_timeout_s=3.0)
        async with worker.working(settings, ("deliver",)):
            alert = await admin.send_test_alert(kafka, "Through the lock")
            found = await admin.await_delivered(kafka, alert.alert_id, 1, 30)
    assert [d.outcome for d in found] == [Attempt.DELIVERED]
    assert await admin.missing_topics(kafka) == ()


async def test_scram_is_taken_after_its_user_was_made(secure):
    """SCRAM's users live in Kafka, so the first one is made by somebody who is in already."""
    await asyncio.to_thread(secure.add_scram_user)
    for mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-512"):
        async with admin_client(settings_of(secure, "SASL_SSL", mechanism)) as client:
            assert await client.list_topics() is not None


@pytest.mark.parametrize(
    "wrong",
    [
        lambda s: settings_of(s, "SASL_SSL", password="wrong"),
        lambda s: settings_of(s, "SSL"),
        lambda s: replace(settings_of(s, "SASL_SSL"), ssl_cafile=None),
    ],
    ids=["wrong password", "no client certificate", "unknown authority"],
)
async def test_who_may_not_come_in_is_told_so(secure, wrong):
    with pytest.raises((KafkaError, OSError)):
        async with admin_client(wrong(secure)) as client:
            await client.list_topics()
