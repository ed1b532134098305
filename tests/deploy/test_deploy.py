"""What is deployed is valid, and speaks only of metrics that exist."""

import json
from importlib.util import find_spec
from pathlib import Path

import yaml
from deployed import DEPLOY, ROOT
from jsonschema import Draft7Validator

from monitor.config import load


def vendored(name):
    """Read a schema that check-jsonschema brings, without importing its command line."""
    package = Path(find_spec("check_jsonschema").origin).parent
    return json.loads((package / "builtin_schemas" / "vendor" / name).read_text())


def test_the_compose_file_follows_the_compose_specification():
    given = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    errors = Draft7Validator(vendored("compose-spec.json")).iter_errors(given)
    assert [e.message for e in errors] == []


def test_files_that_compose_mounts_are_there():
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"].values()
    mounts = [m.split(":")[0] for s in services for m in s.get("volumes", []) if m.startswith("./")]
    assert mounts
    assert [m for m in mounts if not (ROOT / m).exists()] == []


def test_the_example_configuration_is_right():
    assert load(DEPLOY / "config/news-monitor.toml").poll.lists == ("default",)


def test_the_monitor_in_compose_is_locked_down_and_watched():
    given = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    services = given["services"]
    assert set(services) == {"kafka", "monitor", "prometheus", "alertmanager", "grafana"}
    monitor = services["monitor"]
    assert monitor["read_only"] is True
    assert monitor["cap_drop"] == ["ALL"]
    assert [v.split(":")[0] for v in services["kafka"]["volumes"]] == ["kafka"]
    for name, service in services.items():
        assert ":latest" not in service.get("image", ""), name
        # Whoever wants a port on all addresses says so himself.
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ())), name
