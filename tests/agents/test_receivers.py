"""The sinks of a worker change while it runs: lanes stay with those that stay."""

import pytest
from pydantic import SecretStr

from agents.deliver import Receivers
from monitor.sinks.console import ConsoleConfig
from monitor.sinks.file import FileConfig
from monitor.sinks.webhook import WebhookConfig

DESK = WebhookConfig(name="desk", url="https://desk.example/hook")
CONSOLE = ConsoleConfig(name="console")


@pytest.fixture
async def receivers():
    found = Receivers()
    assert found.take([DESK, CONSOLE]) == ([], [])
    return found


async def test_a_sink_that_stays_keeps_its_lane_untouched(receivers):
    lane, sink = receivers.lanes["desk"], receivers.lanes["desk"].sink
    gone, unused = receivers.take([DESK])
    assert [lane.sink.name for lane in gone] == ["console"]
    assert unused == []
    assert receivers.lanes == {"desk": lane}
    assert lane.sink is sink


async def test_a_sink_that_is_configured_otherwise_keeps_its_lane_and_sends_as_told_now(receivers):
    lane, old = receivers.lanes["desk"], receivers.lanes["desk"].sink
    other = DESK.model_copy(
        update={"secrets": (SecretStr("whsec_" + "A" * 32),), "max_concurrent": 7}
    )
    gone, unused = receivers.take([other, CONSOLE])
    assert (gone, unused) == ([], [old])
    assert receivers.lanes["desk"] is lane
    assert lane.sink is not old
    assert lane.most == 7


async def test_a_new_sink_gets_a_lane_and_its_wishes(receivers, tmp_path):
    book = FileConfig(name="book", path=tmp_path / "alerts.jsonl", min_interval_s=60)
    receivers.take([DESK, CONSOLE, book])
    assert list(receivers.lanes) == ["desk", "console", "book"]
    assert receivers.tellings["book"].min_interval.total_seconds() == 60


async def test_one_that_cannot_be_made_changes_nothing(receivers, monkeypatch):
    def refuse(_):
        raise ImportError("apprise")

    lanes = dict(receivers.lanes)
    monkeypatch.setattr("agents.deliver.make", refuse)
    with pytest.raises(ImportError):
        receivers.take([DESK.model_copy(update={"max_concurrent": 7})])
    assert receivers.lanes == lanes
    assert set(receivers.tellings) == {"desk", "console"}
