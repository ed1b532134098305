"""A new configuration is taken over as a whole or not at all; what waits for a restart is said."""

import pytest
from prometheus_client import REGISTRY
from structlog.testing import CapturingLogger

from monitor.cli import options
from monitor.config import Config, ConfigError, load
from monitor.errors import InputError
from monitor.reload import AT_ONCE, Reloading, _keys, judge

DESK = '[[sinks]]\ntype = "webhook"\nname = "desk"\nurl = "https://desk.example/hook"\n'
CASES = [
    ("nothing", "", (), ()),
    ("a feed", '[[feeds]]\nurl = "https://a.example/f"\n', ("feeds",), ()),
    ("a sink", DESK, ("sinks",), ()),
    ("a watch", '[[watches]]\nname = "iraq"\ncountries = ["IQ"]\n', ("watches",), ()),
    ("the level of logs", '[log]\nlevel = "DEBUG"\n', ("log.level",), ()),
    ("how often feeds are polled", "[poll]\ninterval_s = 900\n", ("poll.interval_s",), ()),
    ("who may read the board", f'[board]\ntokens = ["{"t" * 20}"]\n', ("board.tokens",), ()),
    ("the broker", '[kafka]\nbootstrap_servers = ["k:9092"]\n', (), ("kafka.bootstrap_servers",)),
    ("the state's folder", 'state_dir = "/var/x"\n', (), ("state_dir",)),
    ("a port", "[http]\nport = 9000\n", (), ("http.port",)),
    ("what is stale", "[alert]\nmax_age_h = 2\n", (), ("alert.max_age_h",)),
    ("both kinds", f"workers = 3\n{DESK}", ("sinks",), ("workers",)),
]  # fmt: skip


def read(folder, text):
    path = folder / "news-monitor.toml"
    path.write_text(text)
    return load(path)


@pytest.mark.parametrize(
    ("_what", "text", "at_once", "after_restart"), CASES, ids=[c[0] for c in CASES]
)
def test_what_is_taken_over_at_once_and_what_waits(tmp_path, _what, text, at_once, after_restart):
    old, new = load(None), read(tmp_path, text)
    change = judge(old, new)
    assert (change.at_once, change.after_restart) == (at_once, after_restart)
    assert judge(change.config, new).at_once == ()
    assert judge(change.config, new).after_restart == after_restart


def test_every_key_that_is_taken_over_at_once_exists():
    assert {key for key, _ in _keys(load(None))} >= AT_ONCE


def test_what_waits_for_a_restart_stays_as_it_is(tmp_path):
    old = load(None)
    change = judge(old, read(tmp_path, "[poll]\ninterval_s = 900\nworkers = 2\n"))
    assert change.config.poll == old.poll.model_copy(update={"interval_s": 900.0})
    assert isinstance(change.config, Config)


def test_a_secret_that_was_replaced_in_its_file_takes_effect(tmp_path):
    secret = tmp_path / "secret"
    text = f'{DESK}secrets = ["file:{secret}"]\n'
    secret.write_text("whsec_" + "A" * 32)
    old = read(tmp_path, text)
    secret.write_text("whsec_" + "B" * 32)
    change = judge(old, read(tmp_path, text))
    assert change.at_once == ("sinks",)
    assert change.config.sinks[0].secrets[0].get_secret_value() == "whsec_" + "B" * 32


class Scene:
    """A configuration in a file, and what takes it over."""

    def __init__(self, folder, refuse=None):
        self.path = folder / "news-monitor.toml"
        self.path.write_text("")
        self.taken = []
        self.reloading = Reloading(load(self.path), lambda: load(self.path))
        if refuse is not None:
            self.reloading.on_change(refuse)
        self.reloading.on_change(self.taken.append)

    def write(self, text):
        self.path.write_text(text)
        self.reloading.reload()


@pytest.fixture
def said(monkeypatch):
    log = CapturingLogger()
    monkeypatch.setattr("monitor.reload.log", log)
    return log.calls


def in_force():
    return REGISTRY.get_sample_value("news_monitor_config_last_reload_successful")


def test_a_good_one_is_in_force_and_said(tmp_path, said):
    scene = Scene(tmp_path)
    scene.write(DESK)
    assert said == [("info", ("configuration read again",), {"at_once": ["sinks"]})]
    assert [sink.name for sink in scene.reloading.config.sinks] == ["desk"]
    assert [config.sinks for config in scene.taken] == [scene.reloading.config.sinks]
    assert in_force() == 1


def test_a_bad_one_is_refused_with_key_and_line_until_it_is_mended(tmp_path, said):
    scene = Scene(tmp_path)
    scene.write(DESK)
    kept = scene.reloading.config
    scene.write(DESK + "[poll]\nintervall_s = 4\n")
    told = f"{scene.path}:6: poll.intervall_s: unknown key, did you mean 'interval_s'?"
    assert said[-1].method_name == "error"
    assert said[-1].kwargs == {"mistakes": [told]}
    assert scene.reloading.config is kept
    assert len(scene.taken) == 1
    assert in_force() == 0
    scene.write(DESK)
    assert in_force() == 1


@pytest.mark.parametrize(
    "reason", [InputError("feeds.opml: no OPML"), ImportError("apprise"), ConfigError(None, ())]
)
def test_one_that_cannot_be_carried_out_is_refused_too(tmp_path, reason):
    def refuse(_):
        raise reason

    scene = Scene(tmp_path, refuse)
    scene.write(DESK)
    assert [sink.name for sink in scene.reloading.config.sinks] == ["console"]
    assert not scene.taken
    assert in_force() == 0


@pytest.fixture
def from_folder(tmp_path, monkeypatch):
    """A process that found its configuration in the working directory."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NEWS_MONITOR_CONFIG", raising=False)
    monkeypatch.setattr("monitor.logs.configure", lambda *_: None)
    monkeypatch.setattr("platformdirs.user_config_dir", lambda _: str(tmp_path / "none"))
    return lambda: options.reloading(None)


def test_a_file_that_is_gone_is_a_mistake_and_no_return_to_the_defaults(tmp_path, from_folder):
    (tmp_path / "news-monitor.toml").write_text(DESK)
    reloading = from_folder()
    (tmp_path / "news-monitor.toml").unlink()
    reloading.reload()
    assert [sink.name for sink in reloading.config.sinks] == ["desk"]
    assert in_force() == 0


def test_a_file_that_was_not_there_is_found(tmp_path, from_folder):
    reloading = from_folder()
    (tmp_path / "news-monitor.toml").write_text(DESK)
    reloading.reload()
    assert [sink.name for sink in reloading.config.sinks] == ["desk"]


def test_what_waits_for_a_restart_is_said_each_time(tmp_path, said):
    scene = Scene(tmp_path)
    for _ in range(2):
        scene.write("workers = 2\n")
        assert (said[-1].method_name, said[-1].kwargs) == ("warning", {"keys": ["workers"]})
