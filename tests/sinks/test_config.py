"""What a sink may be told in the configuration, and what is refused with its key."""

from datetime import time, timedelta

import pytest

from agents.deliver import telling_of
from monitor.config import ConfigError, load
from monitor.sinks.times import Digest

SINK = """
[[sinks]]
type = "webhook"
name = "desk"
url = "https://desk.example/"
"""


def loaded(tmp_path, text):
    path = tmp_path / "news-monitor.toml"
    path.write_text(SINK + text)
    (sink,) = load(path).sinks
    return sink


def test_a_receiver_is_told_at_once_unless_it_says_otherwise(tmp_path):
    telling = telling_of(loaded(tmp_path, ""))
    assert (telling.min_interval, telling.digest, telling.quiet_hours) == (timedelta(0), None, None)
    assert telling.language == "en"


def test_what_a_receiver_chooses(tmp_path):
    text = """
language = "ar"
min_interval_s = 600
max_per_second = 0.5
quiet_hours = {start = 23:00:00, end = 06:00:00, zone = "Asia/Baghdad", unless_killed = 10}
"""
    sink = loaded(tmp_path, text)
    telling = telling_of(sink)
    assert (telling.language, telling.min_interval) == ("ar", timedelta(minutes=10))
    assert (telling.quiet_hours.end, telling.quiet_hours.unless_killed) == (time(6), 10)
    assert sink.max_per_second == 0.5


def test_a_digest_at_hours_of_the_day(tmp_path):
    sink = loaded(tmp_path, 'digest = {at = [08:00:00, 18:00:00], zone = "Asia/Baghdad"}')
    assert telling_of(sink).digest == Digest(at=(time(8), time(18)), zone="Asia/Baghdad")


WRONG = [
    ('language = "tlh"', "sinks[0].language", "there are ar, en"),
    ("digest = {}", "sinks[0].digest", "either every_min or at"),
    ("digest = {every_min = 5, at = [08:00:00]}", "sinks[0].digest", "either every_min or at"),
    (
        "digest = {every_min = 5}\nmin_interval_s = 60",
        "sinks[0].digest",
        "leave min_interval_s out",
    ),
    ('digest = {every_min = 5, zone = "Mars/Base"}', "sinks[0].digest.zone", "no such time zone"),
    ("max_per_second = 0", "sinks[0].max_per_second", "greater than 0"),
    ("quiet_hours = {start = 23:00:00}", "sinks[0].quiet_hours.end", "required"),
]


@pytest.mark.parametrize(("line", "key", "told"), WRONG, ids=[w[0] for w in WRONG])
def test_a_wrong_choice_is_told_with_its_key(tmp_path, line, key, told):
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, line)
    (mistake,) = caught.value.mistakes
    assert mistake.key == key
    assert told in mistake.message
