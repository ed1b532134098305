"""A poller as a process of its own, for tests that kill it: ``python poller_main.py SETTINGS.json``."""

import asyncio
import json
import signal
import sys
from pathlib import Path

from worker_main import settings_of

from agents import poll
from monitor import logs
from monitor.feeds.feed import Feed
from monitor.feeds.rules import PollPolicy
from monitor.feeds.setup import PollSettings


def main():
    given = json.loads(Path(sys.argv[1]).read_text())
    logs.configure("INFO", "json")
    interval = given.get("interval_s", 1.0)
    policy = PollPolicy(private_floor_s=interval, private_interval_s=interval, cold_start=None)
    how = PollSettings(policy=policy, allow_private=("127.0.0.0/8",), spacing_s=0.0)
    feeds = [Feed(url=url, name=f"Press {n}") for n, url in enumerate(given["feeds"], 1)]
    asyncio.run(until_signal(settings_of(given), how, feeds))


async def until_signal(settings, how, feeds):
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with poll.polling(settings, how, feeds):
        await stop.wait()


if __name__ == "__main__":
    main()
