"""The view and the board over a real Kafka: caught up, made anew, corrected."""

import json
import os
import subprocess
import sys

import httpx
import pytest
from kafka_tools import free_port, until

from agents.provision import provision
from agents.view import catch_up, origin_of
from monitor.board import queries
from monitor.board.queries import Filters
from monitor.board.store import open_store
from schemas import codec
from schemas.correction import Correction
from schemas.delta import Delta, IncidentSnapshot
from schemas.reasons import CorrectionAct, DeltaReason, EventType, Kind
from schemas.state import Claim, IncidentRow

pytestmark = pytest.mark.kafka
TOKEN = "editor-token-0123456789"


def example(name):
    """A delta of an incident, as the track stage writes one."""
    known = IncidentSnapshot(
        incident_id=name, kind=Kind.ATTACK, event_type=EventType.IED, independent_sources=1
    )
    return Delta(
        delta_id=f"del-{name}", subject="country:IQ", article_id="a", measure="incident",
        reason=DeltaReason.CREATED, incident_id=name, source="Wire", incident=known,
    )  # fmt: skip


def row(name):
    claim = Claim(article_id="a", ordinal=0, source="Wire", origin="Wire")
    return IncidentRow(
        incident_id=name, subject="country:IQ", made_by="a", made_ordinal=0, claims=(claim,)
    )


async def tell(client, *names):
    await client.send("incident.deltas", [(b"country:IQ", codec.encode(example(n))) for n in names])
    rows = [(f"r:{n}".encode(), codec.encode(row(n))) for n in names]
    await client.send("track.rows", rows)


def known(store):
    page = queries.incident_page(store, Filters(), after=None, limit=50)
    return sorted(found.incident.incident_id for found in page)


async def test_a_view_catches_up_goes_on_and_is_made_anew_for_another_kafka(
    settings, client, tmp_path
):
    await provision(settings)
    store = open_store(f"sqlite:///{tmp_path / 'view.sqlite'}")
    await tell(client, "inc-1", "inc-2")
    await client.send("incident.deltas", [(b"k", b"no delta"), (b"heartbeat:x", b"{}")])
    await catch_up(settings.kafka, store)
    assert known(store) == ["inc-1", "inc-2"]
    view, version = store.standing().view, store.standing().version
    await tell(client, "inc-3")
    await catch_up(settings.kafka, store)
    assert known(store) == ["inc-1", "inc-2", "inc-3"]
    assert store.standing().view == view
    assert store.standing().version > version
    assert store.standing().origin == await origin_of(settings.kafka)
    store.prepare("another cluster")
    await catch_up(settings.kafka, store)
    assert known(store) == ["inc-1", "inc-2", "inc-3"]
    assert store.standing().view != view
    store.close()


class Command:
    """The board as a process of its own, with the command that people run."""

    def __init__(self, settings, folder):
        kafka = settings.kafka
        self.url = f"http://127.0.0.1:{(port := free_port())}"
        self.config = folder / "news-monitor.toml"
        self.config.write_text(
            f'state_dir = "{folder / "state"}"\n'
            f'[kafka]\nbootstrap_servers = ["{kafka.bootstrap_servers[0]}"]\n'
            f'topic_prefix = "{kafka.topic_prefix}"\n'
            f"[http]\nport = {free_port()}\n[board]\nport = {port}\n"
            f'[[board.editors]]\nname = "Noor"\ntoken = "env:BOARD_TOKEN"\n'
        )
        self.env = os.environ | {"BOARD_TOKEN": TOKEN}
        self.log = (folder / "board.log").open("wb")

    def argv(self, *words):
        return [sys.executable, "-m", "monitor", *words, "--config", str(self.config)]

    def __enter__(self):
        self.process = subprocess.Popen(
            self.argv("board"), env=self.env, stdout=self.log, stderr=self.log
        )
        return self

    def __exit__(self, *exc):
        self.process.terminate()
        assert self.process.wait(30) == 0

    def listed(self):
        try:
            found = httpx.get(f"{self.url}/api/incidents", timeout=5).json()["items"]
        except httpx.HTTPError:
            return []
        return sorted(one["incident_id"] for one in found)

    def correct(self, **wish):
        headers = {"Authorization": f"Bearer {TOKEN}"}
        return httpx.post(f"{self.url}/api/corrections", json=wish, headers=headers, timeout=10)

    def run(self, *words):
        told = subprocess.run(
            self.argv(*words), env=self.env, capture_output=True, timeout=60, check=False
        )
        assert told.returncode == 0, told.stderr
        return told.stdout.decode()


async def test_the_board_serves_what_comes_and_sends_what_editors_say(settings, client, tmp_path):
    await provision(settings)
    await tell(client, "inc-1")
    with Command(settings, tmp_path) as board:
        await until(lambda: board.listed() == ["inc-1"], within=60, every=0.2)
        await tell(client, "inc-2")
        await until(lambda: board.listed() == ["inc-1", "inc-2"], within=20, every=0.1)
        answer = board.correct(act="dismiss", incident_id="inc-1", note="a drill")
        assert answer.status_code == 202, answer.text
        ((_, sent),) = await client.read("incident.corrections", 1)
        said = codec.decode(sent, Correction)
        assert (said.act, said.by, said.note) == (CorrectionAct.DISMISS, "Noor", "a drill")
        lines = board.run("incidents", "list", "--json").splitlines()
        assert sorted(json.loads(line)["incident_id"] for line in lines) == ["inc-1", "inc-2"]
        assert "created" in board.run("incidents", "show", "inc-2")
        assert len(board.run("incidents", "export", "--format", "csv").splitlines()) == 3
        assert board.run("report", "--since", "1d").startswith("# Incidents from")
