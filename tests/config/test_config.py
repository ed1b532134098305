"""The configuration is checked as a whole: each mistake with its key and its line, secrets unseen."""

from pathlib import Path

import pytest

from monitor.config import Config, ConfigError, find_file, load
from monitor.policies import alert_policy

SECRET = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"


def write(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "news-monitor.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def mistakes(tmp_path, text):
    with pytest.raises(ConfigError) as caught:
        load(write(tmp_path, text))
    return [(m.line, m.key) for m in caught.value.mistakes], str(caught.value)


def test_without_a_file_it_runs_locally_with_built_in_feeds_and_the_console():
    config = load(None)
    assert config.kafka.bootstrap_servers == ()
    assert config.poll.lists == ("default",)
    assert [s.name for s in config.sinks] == ["console"]


def test_all_mistakes_are_told_at_once_with_their_lines(tmp_path):
    text = """
state_dirr = "x"

[kafka]
bootstrap_server = ["x:1"]

[poll]
interval_s = "often"

[[sinks]]
type = "console"
name = "one"

[[sinks]]
type = "webhook"
name = "two"
url = "ftp://example.org"
"""
    found, _ = mistakes(tmp_path, text)
    assert found == [
        (2, "state_dirr"),
        (5, "kafka.bootstrap_server"),
        (8, "poll.interval_s"),
        (17, "sinks[1].url"),
    ]


@pytest.mark.parametrize(
    ("key", "near"), [("state_dirr", "state_dir"), ("sink", "sinks"), ("brokr", "broker")]
)
def test_an_unknown_key_gets_the_nearest_name(tmp_path, key, near):
    _, told = mistakes(tmp_path, f'{key} = "x"\n')
    assert f"did you mean '{near}'?" in told


CASES = [
    ("not toml", "a = ", 1),
    ("not UTF-8", b'a = "\xff"', 1),
    ("unknown kind of sink", '[[sinks]]\ntype = "pigeon"\nname = "x"\n', 1),
    (
        "bad network",
        '[[sinks]]\ntype = "webhook"\nname = "x"\nurl = "http://e.org"\nallow_private = ["x"]\n',
        5,
    ),
    (
        "two sinks of one name",
        '[[sinks]]\ntype="console"\nname="a"\n[[sinks]]\ntype="console"\nname="a"\n',
        6,
    ),
    ("one feed twice", '[[feeds]]\nurl="http://e.org/f"\n[[feeds]]\nurl="http://e.org/f"\n', 4),
    (
        "unset variable",
        '[[sinks]]\ntype="webhook"\nname="x"\nurl="http://e.org"\nsecrets=["env:NM_NOT_SET"]\n',
        5,
    ),
    (
        "no secret file",
        '[[sinks]]\ntype="webhook"\nname="x"\nurl="http://e.org"\nsecrets=["file:/nowhere"]\n',
        5,
    ),
]


@pytest.mark.parametrize(("_why", "text", "line"), CASES, ids=[c[0] for c in CASES])
def test_a_mistake_is_one_line_with_its_place(tmp_path, _why, text, line):
    found, told = mistakes(tmp_path, text)
    assert found[0][0] == line
    assert len(told.splitlines()) == len(found)


def test_a_file_of_many_megabytes_is_refused(tmp_path):
    _, told = mistakes(tmp_path, b"#" * (5 * 1024 * 1024))
    assert "over" in told


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(ConfigError, match="No such file"):
        load(tmp_path / "none.toml")


def test_a_secret_is_read_from_the_environment_and_never_shown(tmp_path, monkeypatch):
    monkeypatch.setenv("NM_SECRET", SECRET)
    text = '[[sinks]]\ntype="webhook"\nname="x"\nurl="http://e.org"\nsecrets=["env:NM_SECRET"]\n'
    config = load(write(tmp_path, text))
    assert config.sinks[0].secrets[0].get_secret_value() == SECRET
    assert SECRET not in repr(config)


def test_a_bad_secret_is_not_shown_in_the_error(tmp_path):
    text = '[[sinks]]\ntype="webhook"\nname="x"\nurl="http://e.org"\nsecrets=["hunter2hunter2"]\n'
    _, told = mistakes(tmp_path, text)
    assert "hunter2" not in told


def test_the_environment_goes_before_the_file(tmp_path, monkeypatch):
    monkeypatch.setenv("NEWS_MONITOR_BROKER__PORT", "30001")
    assert load(write(tmp_path, "[broker]\nport = 30000\n")).broker.port == 30001


def test_a_mistake_in_the_environment_names_the_variable(monkeypatch):
    monkeypatch.setenv("NEWS_MONITOR_BROKER__PORT", "80")
    with pytest.raises(ConfigError, match="NEWS_MONITOR_BROKER__PORT"):
        load(None)


def test_the_file_given_goes_before_the_variable_and_the_usual_places(tmp_path):
    usual = write(tmp_path, "")
    env = {"NEWS_MONITOR_CONFIG": "/named.toml"}
    assert find_file(Path("/given.toml"), cwd=tmp_path, env=env) == Path("/given.toml")
    assert find_file(None, cwd=tmp_path, env=env) == Path("/named.toml")
    assert find_file(None, cwd=tmp_path, env={}) == usual


def test_ten_thousand_feeds_are_read(tmp_path):
    text = "".join(f'[[feeds]]\nurl = "http://e.org/{i}"\n' for i in range(10_000))
    assert len(load(write(tmp_path, text)).feeds) == 10_000


def test_it_has_a_json_schema_for_editors():
    schema = Config.model_json_schema()
    assert schema["additionalProperties"] is False
    assert "kafka" in schema["properties"]


def test_a_watch_becomes_the_policy_of_the_alert_rules(tmp_path):
    text = """
[alert]
max_age_h = 0

[[watches]]
name = "iraq-desk"
countries = ["IQ"]
kinds = ["attack", "strike"]
min_killed = 1
boxes = [{south = 29.0, west = 38.7, north = 37.4, east = 48.6}]
quiet_hours = {start = 23:00:00, end = 06:00:00, zone = "Asia/Baghdad", unless_killed = 10}
"""
    policy = alert_policy(load(write(tmp_path, text)))
    (watch,) = policy.watches
    assert policy.max_age is None
    assert (watch.name, watch.countries, watch.min_killed) == ("iraq-desk", ("IQ",), 1)
    assert watch.boxes[0].north == 37.4
    assert watch.quiet_hours.unless_killed == 10


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ('sinks = ["none"]', "watches[0].sinks"),
        ('kinds = ["birthday"]', "watches[0].kinds[0]"),
        (
            'quiet_hours = {start = 23:00:00, end = 06:00:00, zone = "Mars/Base"}',
            "watches[0].quiet_hours.zone",
        ),
        ("min_kiled = 3", "watches[0].min_kiled"),
    ],
)
def test_a_wrong_watch_is_told(tmp_path, line, key):
    found, _ = mistakes(tmp_path, f'[[watches]]\nname = "desk"\n{line}\n')
    assert found[0][1] == key
