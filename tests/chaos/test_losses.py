"""Settings of Faust that lose or double records as soon as somebody turns them on (README.md has the table)."""

from pathlib import Path

import pytest

from agents.app import make_app
from agents.ledger import SLOTS
from agents.service import BATCH
from agents.settings import KafkaSettings, Settings


@pytest.fixture
def app(tmp_path):
    kafka = KafkaSettings(bootstrap_servers=("127.0.0.1:9",))
    return make_app(Settings(kafka=kafka, state_dir=tmp_path), "track")


def test_membership_is_dynamic(app):
    """A static member that is stopped while it starts leaves an assignment that the next one trusts."""
    assert not app.conf.consumer_group_instance_id


def test_exactly_once_is_off(app):
    """Over 22 kills it doubled 6,724 of 20,000 outputs."""
    assert app.conf.processing_guarantee.value == "at_least_once"


def test_a_stop_waits_for_the_records_in_work(app):
    assert app.conf.stream_wait_empty


def test_faust_keeps_no_tables_and_serves_none(app):
    assert not app.tables
    assert not app.conf.web_enabled


@pytest.mark.parametrize("file", sorted(Path(__file__).parents[2].glob("agents/*.py")), ids=str)
def test_no_agent_works_on_two_records_at_once(file):
    """With concurrency above 1 an offset is committed past a record that is still in work (#606)."""
    assert "concurrency=" not in file.read_text(encoding="utf-8")


def test_a_batch_fits_the_log_of_steps():

    assert BATCH * 2 < SLOTS
