"""The doctor says what is wrong and what to do, and changes nothing."""

import socket

import pytest
from kafka_tools import free_port

from monitor import doctor
from monitor.config import Config
from monitor.doctor import Finding, Verdict


@pytest.mark.parametrize(
    ("finding", "verdict", "told"),
    [
        (doctor.of_topics(()), Verdict.OK, "all there"),
        (doctor.of_topics(("alerts", "feeds")), Verdict.WARN, "alerts, feeds; the next worker"),
        (doctor.of_topics(tuple("abcdefgh")), Verdict.WARN, "a, b, c, d, e ..."),
        (doctor.of_lag("track", 3), Verdict.OK, "3 records wait"),
        (doctor.of_lag("track", 501), Verdict.WARN, "501 records wait; does its worker run?"),
    ],
)
def test_a_finding_tells_what_to_do(finding, verdict, told):
    assert finding.verdict is verdict
    assert told in finding.told


@pytest.mark.parametrize(
    ("what", "verdict", "serves"),
    [
        ("Kafka", Verdict.OK, True),
        ("local Kafka", Verdict.OK, True),
        ("local Kafka", Verdict.WARN, False),
        ("disk", Verdict.OK, False),
    ],
)
def test_topics_are_looked_at_where_a_kafka_answers(what, verdict, serves):
    assert doctor.kafka_serves([Finding(what=what, verdict=verdict, told="")]) is serves


def config_of(tmp_path, **sections):
    return Config(state_dir=tmp_path, broker={"port": free_port()}, **sections)


async def told_of(what, config):
    return next(f for f in await doctor.examine(config) if f.what == what)


@pytest.mark.parametrize("port", [":99999", ":x"])
async def test_a_feed_whose_address_has_no_port_that_there_is_is_bad(tmp_path, port):
    config = config_of(tmp_path, feeds=[{"url": f"http://e.example{port}/", "name": "desk"}])
    assert (await told_of("feed desk", config)).verdict is Verdict.BAD


async def test_a_feed_whose_host_can_be_no_name_is_bad(tmp_path):
    config = config_of(tmp_path, feeds=[{"url": "http://a..b/", "name": "desk"}])
    assert (await told_of("feed desk", config)).verdict is Verdict.BAD


@pytest.mark.parametrize(
    ("server", "asked"),
    [("kafka", ("kafka", 9092)), ("kafka:1", ("kafka", 1)), ("[::1]", ("::1", 9092))],
)
async def test_a_broker_without_a_port_is_looked_for_at_kafkas_own(
    tmp_path, monkeypatch, server, asked
):
    monkeypatch.setattr(doctor, "serves", lambda host, port, _timeout_s: (host, port) == asked)
    config = config_of(tmp_path, kafka={"bootstrap_servers": [server]})
    assert (await told_of("Kafka", config)).verdict is Verdict.OK


@pytest.mark.parametrize("bind", ["127.0.0.1", "::1"])
async def test_a_port_that_is_taken_is_told_and_a_free_one_too(tmp_path, bind):
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family) as taken:
        taken.bind((bind, 0))
        taken.listen()
        port = taken.getsockname()[1]
        config = config_of(tmp_path, board={"bind": bind, "port": port}, http={"port": 0})
        found = await told_of("board port", config)
        assert found.verdict is Verdict.WARN
        assert "set board.port" in found.told
    assert (await told_of("board port", config)).verdict is Verdict.OK
