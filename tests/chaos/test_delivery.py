"""Ten misbehaving receivers and a deliverer that is killed at fifty seeded moments: nothing lost, one id, the same bytes."""

import os

import pytest
from kafka_tools import free_port
from misbehaving import Scene, play

from agents.provision import provision
from agents.settings import KafkaSettings, Settings
from monitor.broker import LocalBroker

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(3600)]

KILLS = 50
SEED = int(os.environ.get("CHAOS_SEED", "1"))
PATIENCE = float(os.environ.get("CHAOS_PATIENCE", "2"))


async def test_fifty_kills_lose_no_alert_and_make_no_second_id(tmp_path):
    with LocalBroker(tmp_path / "kafka", free_port()) as broker:
        kafka = KafkaSettings(bootstrap_servers=(broker.bootstrap,))
        settings = Settings(
            kafka=kafka, state_dir=tmp_path, session_timeout_s=3.0, commit_interval_s=0.2
        )
        await provision(settings)
        async with Scene(settings, tmp_path, patience=PATIENCE) as scene:
            await play(scene, alerts=100, kills=KILLS, seed=SEED)
