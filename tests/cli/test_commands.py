"""The command line: exit codes of sysexits.h, one clear line for what a person can mend, JSON for scripts."""

import json
import os
import socket
import subprocess
import sys

import pytest

from monitor.cli.parent import PARENT

pytestmark = pytest.mark.slow


def run(*args, given=b"", env=None):
    return subprocess.run(
        [sys.executable, "-m", "monitor", *args],
        input=given,
        capture_output=True,
        timeout=60,
        env={**os.environ, **(env or {})},
        check=False,
    )


COMMANDS = (
    "up worker poller broker extract replay dedupe explain poll check-config doctor feeds incidents alerts "
    "deliveries silence quarantine send-test-alert schema"
).split()


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_design_has_a_help_text(command):
    told = run(command, "--help")
    assert told.returncode == 0
    assert b"Usage: " in told.stdout


@pytest.mark.parametrize(
    "group",
    [
        "",
        "feeds",
        "incidents",
        "alerts",
        "deliveries",
        "silence",
        "quarantine",
        "correct",
        "webhook",
    ],
)
def test_a_list_of_commands_says_what_each_does_without_being_cut(group):
    told = run(*group.split(), "--help", env={"COLUMNS": "80"}).stdout.decode()
    commands = told.partition("Commands:\n")[2].splitlines()
    assert commands
    assert not [line for line in commands if line.endswith("...")]


def test_the_version_is_told():
    assert run("--version").stdout.startswith(b"news-monitor ")


def test_a_wrong_configuration_ends_with_78_and_a_line_for_each_mistake(tmp_path):
    path = tmp_path / "bad.toml"
    path.write_text("[poll]\ninterval = 5\nmin_interval_s = -1\n")
    told = run("check-config", "--config", str(path))
    assert told.returncode == 78
    lines = told.stderr.decode().splitlines()
    assert [line.split(": ")[1] for line in lines] == ["poll.interval", "poll.min_interval_s"]
    assert lines[0].startswith(f"{path}:2: ")


def test_the_configuration_is_shown_as_json_without_its_secrets(tmp_path):
    secret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3"
    path = tmp_path / "ok.toml"
    path.write_text(
        f'[[sinks]]\ntype = "webhook"\nname = "desk"\nurl = "https://e.org"\nsecrets = ["{secret}"]\n'
    )
    told = run("check-config", "--json", "--config", str(path))
    assert told.returncode == 0
    assert json.loads(told.stdout)["sinks"][0]["name"] == "desk"
    assert secret.encode() not in told.stdout


@pytest.mark.parametrize("stages", ["dedupe,cook", "", " , "])
def test_an_unknown_stage_is_told(stages):
    told = run("worker", "--stages", stages)
    assert told.returncode == 65
    assert (
        told.stderr.decode().strip().endswith("(there are dedupe, extract, track, alert, deliver)")
    )


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("poll --log-level noise", b"'noise' is not one of 'debug', 'info', 'warning', 'error'"),
        ("incidents list --kind bombing", b"'bombing' is not one of 'attack', 'strike'"),
    ],
)
def test_a_word_of_a_closed_set_is_checked_at_once(command, told):
    answer = run(*command.split())
    assert answer.returncode == 2
    assert told in b" ".join(answer.stderr.split())


def test_a_test_alert_that_no_sink_would_take_is_told(tmp_path):
    path = tmp_path / "c.toml"
    path.write_text("sinks = []\n")
    told = run("send-test-alert", "--config", str(path))
    assert told.returncode == 65
    assert told.stderr == b"news-monitor: no sink is configured that would take it\n"


@pytest.mark.parametrize(
    ("command", "table"), [("board", "board"), ("worker", "http"), ("poller", "http")]
)
def test_a_port_that_somebody_else_has_is_told_before_anything_begins(tmp_path, command, table):
    """Kafka need not even answer: a person who starts two on one machine is told at once."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        path = tmp_path / "c.toml"
        path.write_text(
            f'state_dir = "{tmp_path}"\n[kafka]\nbootstrap_servers = ["127.0.0.1:1"]\n'
            f"[{table}]\nport = {taken.getsockname()[1]}\n"
        )
        told = run(command, "--config", str(path))
    assert told.returncode == 69
    assert f"set {table}.port in the configuration" in told.stderr.decode()


def test_a_process_that_cannot_run_ends_up_with_its_reason_said_once(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        (tmp_path / "c.toml").write_text(
            f'state_dir = "{tmp_path}"\n[broker]\nport = {port}\n'
            f"[http]\nport = 0\n[board]\nenabled = false\n"
        )
        told = run("up", "--config", str(tmp_path / "c.toml"))
    assert told.returncode == 1
    assert told.stderr.decode().startswith(
        f"news-monitor: broker: port {port} or {port + 1} is taken"
    )


def test_a_file_that_is_not_there_is_told():
    told = run("extract", "/nowhere/articles.jsonl")
    assert told.returncode == 65
    assert told.stderr == b"news-monitor: /nowhere/articles.jsonl: No such file or directory\n"


def test_the_reader_of_our_output_may_leave_early():
    command = f"{sys.executable} -m monitor schema config | head -c 1"
    told = subprocess.run(["sh", "-c", command], capture_output=True, timeout=60, check=False)
    assert told.stderr == b""


def test_a_child_ends_when_its_parent_is_gone():
    """A worker that outlives a killed supervisor would work against the next one's."""
    code = (
        "import os, subprocess, sys, time\n"
        f"env = {{**os.environ, {PARENT!r}: str(os.getpid())}}\n"
        "command = [sys.executable, '-m', 'monitor', 'demo-feed', '--port', '0']\n"
        "child = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "print(child.pid, flush=True); time.sleep(3); os._exit(9)"
    )
    parent = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, timeout=30, check=False
    )
    pid = int(parent.stdout)
    waited = subprocess.run(
        [
            "sh",
            "-c",
            f"for i in $(seq 100); do kill -0 {pid} 2>/dev/null || exit 0; sleep 0.1; done; exit 1",
        ],
        check=False,
    )
    assert waited.returncode == 0
