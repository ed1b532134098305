"""Views to test on: each in SQLite, and in a PostgreSQL of the test's own where the machine has one."""

import getpass
import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).parent))

from browsing import browser, page, site  # noqa: F401  fixtures

from monitor.board.store import open_store

ORIGIN = "a cluster"


def postgres_programs():
    """The folder of PostgreSQL's programs, the newest version's; Debian keeps them out of the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def unprivileged():
    """Whom PostgreSQL can run as: it refuses to be root."""
    if os.geteuid():
        return getpass.getuser()
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), None)


@pytest.fixture(scope="session")
def postgres():
    """The address of a PostgreSQL server of our own, ended with the tests."""
    programs, user = postgres_programs(), unprivileged()
    if programs is None or user is None:
        pytest.skip(
            "PostgreSQL is not installed (Debian: postgresql), or there is only root to run it"
        )
    # Not pytest's own folder: another user must be able to get there.
    folder = Path(tempfile.mkdtemp(prefix="board-pg-"))
    shutil.chown(folder, user)
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port = sock.getsockname()[1]
    as_user = {"user": user} if not os.geteuid() else {}

    def run(*command):
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
        subprocess.run(list(map(str, command)), check=True, timeout=60, **quiet, **as_user)

    data, options = (
        folder / "data",
        f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -k {folder}",
    )
    run(
        programs / "initdb",
        "-D",
        data,
        "-U",
        "board",
        "-A",
        "trust",
        "-N",
        "-E",
        "UTF8",
        "--locale=C",
    )
    run(programs / "pg_ctl", "-D", data, "-l", folder / "log", "-o", options, "-w", "start")
    yield f"postgresql+pg8000://board@127.0.0.1:{port}/postgres"
    run(programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
    shutil.rmtree(folder, ignore_errors=True)


def emptied(url):
    """A database without tables of an earlier test."""
    store = open_store(url)
    with store.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    store.close()
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def url(request, tmp_path):
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'view.sqlite'}"
    return emptied(request.getfixturevalue("postgres"))


@pytest.fixture
def store(url):
    """A view with nothing in it."""
    opened = open_store(url)
    opened.prepare(ORIGIN)
    yield opened
    opened.close()


@pytest.fixture
def lite(tmp_path):
    """A view with nothing in it, in SQLite alone: for what does not depend on the database."""
    opened = open_store(f"sqlite:///{tmp_path / 'view.sqlite'}")
    opened.prepare(ORIGIN)
    yield opened
    opened.close()
