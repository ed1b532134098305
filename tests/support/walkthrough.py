"""Follows a page of the documentation: writes its files, makes its changes, runs its commands and looks at the output."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
TREES = ("agents", "monitor", "schemas", "tests")


def checkout(folder):
    """Lay a copy of the code whose large parts are links, so that a page may change what it likes."""
    for tree in TREES:
        shutil.copytree(
            ROOT / tree,
            folder / tree,
            ignore=shutil.ignore_patterns("__pycache__", "model", "gazetteers", "chaos", "data"),
        )
    for part in ("model", "gazetteers"):
        if part == "model":
            (folder / "monitor/extract" / part).symlink_to(ROOT / "monitor/extract" / part)
        else:
            shutil.copytree(ROOT / "monitor/extract" / part, folder / "monitor/extract" / part)
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def follow(page, folder):
    """Do what a page says, and return how many commands were run."""
    commands = 0
    for language, title, body in BLOCK.findall((ROOT / "docs" / page).read_text()):
        if language == "console":
            for command, expected in steps(body):
                told = run(command, folder)
                assert told.returncode == 0, f"{command}\n{told.stdout}{told.stderr}"
                said = " ".join(told.stdout.split())
                for line in expected:
                    assert " ".join(line.split()) in said, f"{command}\n{said}{told.stderr}"
                commands += 1
        elif language == "diff":
            change(folder / title, body)
        elif title:
            path = folder / title
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body)
    return commands


def steps(body):
    """The commands of a block, each with the lines that its output must hold."""
    found = []
    for line in body.splitlines():
        if line.startswith("$ "):
            found.append((line.removeprefix("$ "), []))
        elif line.strip():
            found[-1][1].append(line.strip())
    return found


def change(path, body):
    """Apply a change told as lines: what is there (' ' and '-'), and what is to be there (' ' and '+')."""
    lines = body.splitlines()
    before = "\n".join(line[1:] for line in lines if line[0] != "+")
    after = "\n".join(line[1:] for line in lines if line[0] != "-")
    text = path.read_text()
    assert text.count(before) == 1, f"{path.name}: {before!r} is there {text.count(before)} times"
    path.write_text(text.replace(before, after))


def run(command, folder):
    """Run a command of a page in the copy, with the programs of this environment."""
    programs = {
        "news-monitor": ("-m", "monitor"),
        "pytest": (
            "-m",
            "pytest",
            "-n0",
            "-p",
            "no:cacheprovider",
            "-o",
            "addopts=--import-mode=importlib",
        ),
    }
    words = shlex.split(command)
    if words[0] in programs:
        argv = [sys.executable, *programs[words[0]], *words[1:]]
    else:
        argv = ["sh", "-c", command]
    env = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"}
    return subprocess.run(
        argv, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False
    )
