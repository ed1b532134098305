"""No secret of the configuration comes out: not in errors, logs, tracebacks, figures, nor what commands show."""

import io
import json
import logging
import re

import pytest
import structlog
from planted import HUSH, found_in, secret_keys, whole

from agents.poll import poll_settings
from agents.settings import from_config
from monitor import doctor, logs, web
from monitor.board.rules import access_of
from monitor.cli import feeds, look
from monitor.config import ConfigError, load
from monitor.feeds import opml, sources
from monitor.sinks.registry import make

TEXT = whole()


@pytest.fixture
def path(tmp_path):
    found = tmp_path / "news-monitor.toml"
    found.write_text(f'state_dir = "{tmp_path}"\n{TEXT}')
    return found


def test_the_search_finds_what_is_there():
    assert found_in(TEXT) == sorted(HUSH)


def test_a_secret_is_planted_in_every_place_that_the_schema_has():
    planted = {part for place in HUSH for part in place.split(".")}
    assert secret_keys() - planted == {"public_url"} & secret_keys()


def test_the_configuration_shows_none(path):
    config = load(path)
    shown = [repr(config), str(config), config.model_dump_json(), repr(config.sinks)]
    shown += [repr(from_config(config)), repr(poll_settings(config)), repr(access_of(config.board))]
    shown += [repr(sources.from_config(config)), repr([make(s) for s in from_config(config).sinks])]
    assert found_in("\n".join(shown)) == []


@pytest.mark.parametrize("as_json", [False, True])
def test_check_config_shows_none(path, capsys, as_json):
    look.check_config(path, as_json=as_json)
    told = capsys.readouterr().out
    assert "desk" in told
    assert found_in(told) == []


def test_the_feeds_are_shown_and_shared_without_their_passwords(path, capsys):
    feeds.list_feeds(path)
    feeds.list_feeds(path, as_json=True)
    told = capsys.readouterr().out
    assert "127.0.0.1:9" in told
    assert found_in(told + opml.write(sources.from_config(load(path))).decode()) == []


def test_a_feed_that_was_added_is_kept_with_its_password(path):
    (feed,) = sources.from_config(load(path))
    (again,) = opml.feeds(opml.write([feed], signed_in=True))
    assert again.signed_in(again.url) == f"http://reader:{HUSH['feeds.url']}@127.0.0.1:9"
    assert again.proxy == feed.proxy


@pytest.mark.parametrize(
    ("asked", "signed_in"),
    [
        ("http://127.0.0.1:9/moved", True),
        ("http://127.0.0.1:10/", False),
        ("https://127.0.0.1:9/", False),
        ("http://evil.example/", False),
    ],
)
def test_a_password_goes_to_its_own_origin_alone(path, asked, signed_in):
    (feed,) = sources.from_config(load(path))
    assert (HUSH["feeds.url"] in feed.signed_in(asked)) is signed_in


LINES = [n for n, line in enumerate(TEXT.splitlines()) if found_in(line)]
WRONG = {
    "unknown key": lambda line: re.sub(r"^(\w+)", r"\1x", line),
    "a number": lambda line: re.sub(r"= .*", "= 5", line, count=1) + f" # {line}",
    "in a list of lists": lambda line: re.sub(r"= (.*)$", r"= [[\1]]", line),
    "in a table": lambda line: re.sub(r"= (.*)$", r"= {x = \1}", line),
    "no TOML": lambda line: line + '"',
    "an unclosed string": lambda line: line.replace('"', "'", 1),
    "not UTF-8": lambda line: line + "\udcff",
    "an address of no web": lambda line: line.replace("http://", "ftp://"),
    "a bad port": lambda line: line.replace(":9", ":99999999"),
    "too short": lambda line: re.sub(r"hush-[\w-]+-000", "hush-short", line),
}


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("number", LINES)
def test_no_mistake_shows_one(tmp_path, number, wrong):
    lines = TEXT.splitlines()
    lines[number] = WRONG[wrong](lines[number])
    broken = tmp_path / "c.toml"
    broken.write_bytes("\n".join(lines).encode(errors="surrogateescape"))
    told = ""
    try:
        load(broken)
    except ConfigError as exc:
        told = str(exc)
    assert "hush" not in told
    assert found_in(told) == []


def test_two_equal_feeds_are_told_without_their_password(tmp_path):
    feed = f'[[feeds]]\nurl = "https://u:{HUSH["feeds.url"]}@a.example/f"\n'
    (tmp_path / "c.toml").write_text(feed * 2)
    with pytest.raises(ConfigError, match=r"https://a\.example/f stands twice"):
        load(tmp_path / "c.toml")


class Terminal(io.StringIO):
    def isatty(self):
        return True


def fail(_password, _hook):
    raise RuntimeError("fails with secrets around")  # noqa: TRY003


@pytest.mark.parametrize("form", ["json", "console"])
def test_a_traceback_in_the_log_shows_no_local_value(path, form):
    out, before = Terminal(), (logging.getLogger().handlers[:], logging.getLogger().level)
    logs.configure("INFO", form, out)
    config = load(path)
    try:
        fail(HUSH["kafka.sasl_password"], str(config.sinks[0].url))
    except RuntimeError:
        structlog.get_logger("test").exception("failed", config=config)
    finally:
        logging.getLogger().handlers[:], level = before
        logging.getLogger().setLevel(level)
        structlog.reset_defaults()
    told = out.getvalue()
    assert "fails with secrets around" in told
    assert found_in(told) == []


@pytest.mark.slow
async def test_the_doctor_and_the_figures_show_none(path):
    findings = await doctor.examine(load(path))
    assert found_in(json.dumps([repr(f) for f in findings]) + web.exposition().decode()) == []
