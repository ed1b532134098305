"""The units are valid, sandboxed, and of the kind that the monitor speaks to."""

import configparser
import re
import shutil

import pytest
from deployed import DEPLOY, run, tool

UNITS = sorted((DEPLOY / "systemd").glob("*.service"))


@pytest.fixture(params=UNITS, ids=lambda path: path.name)
def unit(request, tmp_path):
    """A copy that names a program which is here: systemd looks for it."""
    copy = tmp_path / request.param.name
    text = request.param.read_text()
    copy.write_text(
        re.sub(r"^ExecStart=\S+", f"ExecStart={shutil.which('true')}", text, flags=re.MULTILINE)
    )
    return copy


def settings(path):
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str
    read.read(path)
    return read["Service"]


def test_systemd_takes_the_unit(unit):
    told = run(tool("systemd-analyze"), "verify", str(unit))
    assert (told.returncode, told.stderr.strip()) == (0, "")


def test_the_unit_is_sandboxed_as_systemd_measures_it(unit):
    """Below 2.5 of 10 is what systemd calls OK; a unit with nothing set has 9.6."""
    told = run(tool("systemd-analyze"), "security", "--offline=true", "--threshold=25", str(unit))
    assert told.returncode == 0, told.stdout[-400:]


def test_the_unit_waits_for_the_monitor_and_watches_it(unit):
    given = settings(unit)
    assert given["Type"] == "notify"
    assert given["NotifyAccess"] == "main"
    assert int(given["WatchdogSec"]) >= 60
    assert given["RestartPreventExitStatus"] == "78"
    assert int(given["TimeoutStopSec"]) > 30


def test_a_reload_sends_the_signal_that_reads_the_configuration_again(unit):
    """SIGHUP to the main process alone: `up` tells its children of what is right."""
    assert settings(unit)["ExecReload"] == "/bin/kill -HUP $MAINPID"
