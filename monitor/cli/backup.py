"""Commands that keep the local Kafka's data: backup, restore."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from monitor.cli.options import ConfigPath, configured
from monitor.errors import InputError

File = Annotated[Path, typer.Argument(help="The backup, a .tar.gz.", show_default=False)]


def backup(file: File, config: ConfigPath = None) -> None:
    """Copy the local Kafka's data to one file. The monitor may run meanwhile."""
    from datetime import UTC, datetime

    from monitor.broker import backup as copying

    settings = _local(config)
    size = copying.back_up(settings, file, datetime.now(UTC))
    print(f"{file}: {size / 1e6:.1f} MB")


def restore(
    file: File,
    config: ConfigPath = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put data that is there beside, and restore.")
    ] = False,
) -> None:
    """Put the data of a backup into place. The monitor must not run."""
    from monitor.broker import backup as copying
    from monitor.broker.errors import BrokerError
    from monitor.broker.local import holding

    state_dir = _local(config)
    try:
        with holding(state_dir):
            told = copying.restore(state_dir, file, replace=replace)
    except BrokerError as exc:
        msg = f"stop the monitor first: {exc}"
        raise InputError(msg) from exc
    print(f"Restored {told.partitions} partitions as of {told.at} (news-monitor {told.version}).")


def _local(path: Path | None) -> Path:
    """Return the state directory of a monitor that runs its own Kafka.

    Raises:
        InputError: Kafka is somebody else's to keep.
    """
    settings = configured(path)
    if settings.kafka.bootstrap_servers:
        msg = "Kafka is configured elsewhere (kafka.bootstrap_servers): back it up there"
        raise InputError(msg)
    return settings.state_dir


def mount(app: typer.Typer) -> None:
    """Add the commands."""
    app.command()(backup)
    app.command()(restore)
