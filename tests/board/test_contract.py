"""The API keeps to its own description, whatever is asked: schemathesis makes up the questions."""

from datetime import UTC, datetime
from unittest import SkipTest

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis.errors import Unsatisfiable
from newsroom import told
from schemathesis import GenerationMode

from monitor.alerts.policy import REPLAY
from monitor.board.api import Board
from monitor.board.app import make_board
from monitor.board.openapi import document
from monitor.board.rules import access_of
from monitor.board.section import BoardSection
from monitor.board.store import open_store

pytestmark = pytest.mark.slow

TOKEN = "editor-token-0123456789"


# The stream never ends; it has tests of its own.
SCHEMA = schemathesis.openapi.from_dict(document()).exclude(path="/api/stream")
OPERATIONS = {result.ok().label: result.ok() for result in SCHEMA.get_all_operations()}


@pytest.fixture(scope="module")
def application(tmp_path_factory):
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('view') / 'view.sqlite'}")
    store.prepare("a cluster")
    store.apply(told().records)
    editors = [{"name": "Noor", "token": TOKEN}]
    section = BoardSection(hosts=["testserver"], editors=editors, requests_per_minute=1_000_000)

    async def publish(correction):
        """Let it go: what becomes of it is tested elsewhere."""

    board = Board(
        store=store,
        access=access_of(section),
        policy=REPLAY,
        clock=lambda: datetime(2026, 3, 6, tzinfo=UTC),
        publish=publish,
    )
    yield make_board(board)
    store.close()


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
@pytest.mark.parametrize("label", OPERATIONS)
def test_every_answer_is_as_described(application, label, mode, monkeypatch):
    monkeypatch.setattr("monitor.board.guard.WRITES_PER_MINUTE", 1_000_000)

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=OPERATIONS[label].as_strategy(generation_mode=mode))
    def ask(case):
        case.call_and_validate(app=application, headers={"Authorization": f"Bearer {TOKEN}"})

    try:
        ask()
    except (SkipTest, Unsatisfiable):
        pytest.skip("nothing wrong can be asked of it")
