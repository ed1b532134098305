"""Makes a stage's Faust app: settings that were measured, one app and one consumer group a stage.

Faust consumes, balances partitions among workers, hands batches to agents and commits offsets. It
keeps no tables here (``agents.ledger`` says why), and sends nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import faust

from agents.kafka import MAX_REQUEST_BYTES, tls
from agents.settings import KafkaSettings, Settings

if TYPE_CHECKING:
    from faust.types.auth import CredentialsT


MOST_AT_ONCE = 200
"""Records that Faust takes from what was fetched before it looks which partitions may have more.

A partition is left out once its topic's buffer holds 3,276 records. Without a limit one fetch of small records
(9 MiB) overfills the 4,096 of the buffer; then Faust waits for place in it, and hands on nothing of the stage's
other topic either: live articles stood behind 20,000 of the backlog. So many of each of four partitions fit.
"""


def _credentials(kafka: KafkaSettings) -> CredentialsT | None:
    context = tls(kafka)
    if kafka.security_protocol.startswith("SASL"):
        return faust.SASLCredentials(
            username=kafka.sasl_username,
            password=kafka.sasl_password,
            mechanism=kafka.sasl_mechanism,
            ssl_context=context,
        )
    return faust.SSLCredentials(context) if context else None


def make_app(settings: Settings, stage: str) -> faust.App:
    """Return the app of one stage, without agents yet.

    Never set: ``consumer_group_instance_id`` (static membership: a worker that is stopped while it
    starts leaves an assignment that the next one trusts), agent ``concurrency``
    above 1 (faust-streaming #606 commits past a record in work), ``processing_guarantee``
    (``exactly_once`` is not: 6,724 of 20,000 outputs twice over 22 kills, measured).
    """
    kafka = settings.kafka
    # Faust makes this directory and keeps nothing in it, since there are no tables.
    folder = settings.state_dir / "agents" / stage
    folder.mkdir(parents=True, exist_ok=True)
    return faust.App(
        kafka.group(stage),
        broker=[f"kafka://{server}" for server in kafka.bootstrap_servers],
        broker_credentials=_credentials(kafka),
        datadir=folder,
        topic_partitions=1,
        topic_replication_factor=kafka.replication_factor,
        topic_disable_leader=True,
        topic_allow_declare=False,
        table_standby_replicas=0,
        broker_session_timeout=settings.session_timeout_s,
        broker_heartbeat_interval=settings.session_timeout_s / 3.3,
        broker_commit_interval=settings.commit_interval_s,
        consumer_max_fetch_size=MAX_REQUEST_BYTES,
        broker_max_poll_records=MOST_AT_ONCE,
        stream_wait_empty=True,
        web_enabled=False,
    )
