"""Who may read and correct changes while the board runs: a token that is taken out opens nothing any more."""

from datetime import UTC, datetime

import pytest
from starlette.testclient import TestClient

from agents.board import renew
from monitor.alerts.policy import REPLAY
from monitor.board.api import Board
from monitor.board.app import make_board
from monitor.board.rules import access_of
from monitor.board.section import BoardSection
from monitor.config import Config

OLD, NEW = "reader-token-0123456789", "reader-token-9876543210"


@pytest.fixture
def board(lite):
    return Board(
        store=lite,
        access=access_of(BoardSection(tokens=(OLD,))),
        policy=REPLAY,
        clock=lambda: datetime(2026, 3, 6, tzinfo=UTC),
    )


def test_a_token_that_was_taken_out_reads_nothing_and_the_new_one_reads(board):
    client = TestClient(make_board(board), base_url="http://localhost")

    def status(token):
        headers = {"Authorization": f"Bearer {token}"}
        return client.get("/api/incidents", headers=headers).status_code

    assert (status(OLD), status(NEW)) == (200, 401)
    renew(board, Config(board={"tokens": [NEW]}))
    assert (status(OLD), status(NEW)) == (401, 200)
