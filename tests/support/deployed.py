"""What the tests of deployed files share: the metrics that exist, and the tools that this machine has."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY

import monitor.metrics  # noqa: F401  registers the metrics

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
RULES = yaml.safe_load((DEPLOY / "prometheus/rules.yml").read_text())
ALL_RULES = [r for g in RULES["groups"] for r in g["rules"]]
ALERTS = {r["alert"]: r for r in ALL_RULES if "alert" in r}
RECORDED = {r["record"] for r in ALL_RULES if "record" in r}
PREFIX = "news_monitor"


def metrics():
    """Each sample name with its labels' names."""
    found = {name: set() for name in RECORDED}
    for figure in {REGISTRY._names_to_collectors[n] for n in REGISTRY._names_to_collectors}:
        name = getattr(figure, "_name", "")
        if not name.startswith(PREFIX):
            continue
        labels = set(figure._labelnames)
        ends = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
        for end in ends[figure._type]:
            found[name + end] = labels | ({"le"} if end == "_bucket" else set())
    return found


def unknown(expression):
    """The names in an expression that no metric and no recording rule has."""
    used = set(re.findall(rf"\b{PREFIX}[a-z0-9_:]*", expression))
    return used - set(metrics())


def unknown_labels(expression):
    """Labels that an expression asks of metrics which do not have them."""
    known = metrics() | {"up": {"job", "instance"}}
    asked = re.findall(r"\b([a-z][a-zA-Z0-9_:]*)\{([^}]*)\}", expression)
    return {
        f"{name}: {label}"
        for name, matchers in asked
        for label in re.findall(r"([a-z_]+)\s*[=!]", matchers)
        if label not in known.get(name, set()) | {"job", "instance"}
    }


def tool(name):
    """The path of a program; without it the test is skipped and says so."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed on this machine")
    return path


def run(*argv, stdin=None, cwd=DEPLOY):
    return subprocess.run(argv, input=stdin, capture_output=True, text=True, cwd=cwd, check=False)
