"""The doctor says what is wrong and what to do, and changes nothing."""

import pytest

from monitor import doctor
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
