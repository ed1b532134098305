"""The disk that holds the state is full, and then it has space again."""

import asyncio
import shutil
import subprocess

import pytest
from kafka_tools import until
from rig import PATIENCE

from monitor.broker import BrokerFault
from monitor.web import MULTIPROCESS_DIR

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(900)]

DISK_MB = 768
"""Three times of what Kafka must have to be started."""
FULL_S = 20.0


@pytest.fixture
def disk(tmp_path):
    """A small file system of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "none", str(folder)]
    if shutil.which("mount") is None or subprocess.run(mount, check=False).returncode:
        pytest.skip("this user may not mount a tmpfs")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(path):
    """Write until nothing more goes onto the disk."""
    with path.open("wb", buffering=0) as ballast:
        for size in (1 << 20, 4096, 1):
            try:
                while True:
                    ballast.write(b"\0" * size)
            except OSError:
                continue


async def test_disk_is_full_and_has_space_again(up, table, disk, monkeypatch):
    """Kafka, the figures that processes share, and the logs are all on it."""
    figures = disk / "figures"
    figures.mkdir()
    monkeypatch.setenv(MULTIPROCESS_DIR, str(figures))
    rig = await up(folder=disk)
    rig.keep_broker()
    end = rig.load(3)
    await asyncio.sleep(5)
    fill(disk / "ballast")
    await until(lambda: ("kafka", BrokerFault.DISK_FULL) in rig.keeper.exits, within=90 * PATIENCE)
    for name in ("worker", "poller"):
        rig.kill(name)
    await asyncio.sleep(FULL_S)
    (disk / "ballast").unlink()
    end()
    outcome = await rig.settle()
    table.add(f"disk full, {FULL_S:g} s", 1, outcome)
    assert outcome.is_clean(), outcome
