"""A configuration that is wrong is refused as a whole, soon, with the key and the line of each mistake, and exit code 78."""

import subprocess
import sys

import pytest

from monitor.cli.main import main
from monitor.config import MAX_MISTAKES, ConfigError, load

SINK = '[[sinks]]\ntype = "webhook"\nname = "desk"\nurl = "https://desk.example/hook"\n'
CASES = [
    ("unknown key", b"[poll]\nintervall_s = 60\n", "poll.intervall_s", 2, "did you mean 'interval_s'"),
    ("wrong type", b"[poll]\ninterval_s = true\nworkers = 'x'\n", "poll.workers", 3, "integer"),
    ("interval", b"[poll]\ninterval_s = -5\n", "poll.interval_s", 2, "greater than or equal"),
    ("no number", b"[poll]\ninterval_s = nan\n", "poll.interval_s", 2, "less than or equal"),
    ("CIDR", b'[poll]\nallow_private = ["10.0.0.0/99"]\n', "poll.allow_private", 2, "IPv4 or IPv6"),
    ("CIDR of a sink", f'{SINK}allow_private = ["x"]\n'.encode(), "sinks[0].allow_private", 5, "IPv4"),
    ("secret", f'{SINK}secrets = ["short"]\n'.encode(), "sinks[0].secrets", 5, "base64"),
    ("secret's file", f'{SINK}secrets = ["file:/no/such"]\n'.encode(), "sinks[0].secrets[0]", 5, "No such file"),
    ("variable", f'{SINK}secrets = ["env:NO_SUCH_ONE"]\n'.encode(), "sinks[0].secrets[0]", 5, "is not set"),
    ("sink twice", (SINK + SINK).encode(), "sinks[1].name", 7, "two sinks are named 'desk'"),
    ("no such sink", b'[[watches]]\nname = "w"\nsinks = ["x"]\n', "watches[0].sinks", 3, "not there: 'x'"),
    ("feed twice", b'[[feeds]]\nurl = "https://a.example/"\n' * 2, "feeds[1].url", 4, "stands twice"),
    ("not UTF-8", b"[poll]\n# \xff\xfe\n", "", 2, "is not UTF-8"),
    ("control character", b'state_dir = "\x00"\n', "", 1, "not TOML"),
    ("key twice", b"[poll]\n[log]\n[poll]\n", "", 3, "not TOML"),
    ("deep arrays", b"a = " + b"[\n" * 20_000, "", None, "nested too deeply"),
    ("deep keys", b"a" + b".a" * 4_000 + b" = 1\n", "", None, "nested too deeply"),
    ("long line", b"a = '" + b"x" * 50_000 + b"'\n", "", 1, "over 10000 characters"),
    ("long number", b"a = " + b"9" * 5_000 + b"\n", "", None, "too long"),
    ("too large", b"# \n" * 2_000_000, "", None, "is over"),
    ("too many feeds", b"".join(b'[[feeds]]\nurl="http://a.example/%d"\n' % n for n in range(20_001)), "feeds", 1, "at most 20000"),
    ("unknown list", b'[poll]\nlists = ["iraqq"]\n', "poll.lists", 2, "no list 'iraqq'"),
    ("port", b"[http]\nport = 70000\n", "http.port", 2, "less than or equal"),
    ("kind of sink", b'[[sinks]]\ntype = "pigeon"\nname = "x"\n', "sinks[0]", 1, "does not match any of the expected tags"),
    ("quiet hours", f"{SINK}quiet_hours = {{start = 1}}\n".encode(), "sinks[0].quiet_hours.end", 5, "required"),
    ("editor without token", b'[board]\neditors = [{name = "x"}]\n', "board.editors[0].token", 2, "required"),
    ("broker", b'[kafka]\nbootstrap_servers = ["kafka:port"]\n', "kafka.bootstrap_servers[0]", 2, "match pattern"),
    ("address of a broker", b'[kafka]\nbootstrap_servers = ["kafka://k:9092"]\n', "kafka.bootstrap_servers[0]", 2, "pattern"),
    ("password of Kafka", b'[kafka]\nsasl_password = "env:NO_SUCH_ONE"\n', "kafka.sasl_password", 2, "is not set"),
]  # fmt: skip


def refused(tmp_path, raw):
    path = tmp_path / "c.toml"
    path.write_bytes(raw)
    with pytest.raises(ConfigError) as told:
        load(path)
    return told.value.mistakes


@pytest.mark.parametrize(("_why", "raw", "key", "line", "says"), CASES, ids=[c[0] for c in CASES])
def test_a_bad_file_is_refused_with_key_and_line(tmp_path, _why, raw, key, line, says):
    told = refused(tmp_path, raw)
    assert any((m.key, m.line) == (key, line) and says in m.message for m in told), told


@pytest.mark.parametrize("case", CASES, ids=[c[0] for c in CASES])
def test_the_command_ends_with_78_and_names_the_place(tmp_path, monkeypatch, capsys, case):
    _, raw, key, line, says = case
    path = tmp_path / "c.toml"
    path.write_bytes(raw)
    monkeypatch.setattr(sys, "argv", ["news-monitor", "check-config", "--config", str(path)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 78
    place = f"{path}{f':{line}' if line else ''}: {f'{key}: ' if key else ''}"
    assert any(
        told.startswith(place) and says in told for told in capsys.readouterr().err.splitlines()
    )


@pytest.mark.parametrize("name", ["secrets/none", "secrets/closed", "secrets/binary"])
def test_a_secret_that_cannot_be_read_is_told_without_its_value(tmp_path, name):
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / "closed").mkdir()
    (folder / "binary").write_bytes(b"\xff\xfehunter2")
    told = refused(tmp_path, f'{SINK}secrets = ["file:{tmp_path / name}"]\n'.encode())
    assert told[0].key == "sinks[0].secrets[0]"
    assert "cannot be read" in told[0].message
    assert "hunter2" not in told[0].message


def test_thousands_of_mistakes_are_counted_and_not_all_listed(tmp_path):
    told = refused(tmp_path, b"".join(b"k%d = 1\n" % n for n in range(5_000)))
    assert len(told) == MAX_MISTAKES + 1
    assert told[-1].message == f"and {5_000 - MAX_MISTAKES} more"


@pytest.mark.slow
@pytest.mark.parametrize("command", ["check-config", "up", "worker", "poller", "board"])
def test_a_command_with_a_bad_file_ends_with_78_and_a_line_for_each_mistake(tmp_path, command):
    path = tmp_path / "c.toml"
    path.write_text("[poll]\nintervall_s = 60\nworkers = 'x'\n")
    argv = [sys.executable, "-m", "monitor", command, "--config", str(path)]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 78
    assert f"{path}:2: poll.intervall_s: unknown key" in done.stderr + done.stdout
    assert f"{path}:3: poll.workers:" in done.stderr + done.stdout
