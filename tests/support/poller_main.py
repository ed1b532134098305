"""A poller as a process of its own, for tests that kill it: ``python poller_main.py SETTINGS.json``."""

import asyncio
import json
import sys
from pathlib import Path

import faults
from worker_main import settings_of

from agents import poll
from agents.stopping import run_until_signal
from monitor import logs
from monitor.feeds.feed import CONTACT, Feed
from monitor.feeds.rules import PollPolicy
from monitor.feeds.setup import PollSettings


def main():
    given = json.loads(Path(sys.argv[1]).read_text())
    logs.configure("INFO", "json")
    for fault in given.get("faults", ()):
        faults.BY_NAME[fault](given)
    interval = given.get("interval_s", 1.0)
    policy = PollPolicy(private_floor_s=interval, private_interval_s=interval, cold_start=None)
    how = PollSettings(
        policy=policy,
        allow_private=("127.0.0.0/8",),
        spacing_s=0.0,
        contact=given.get("contact", CONTACT),
    )
    feeds = [Feed(url=url, name=f"Press {n}") for n, url in enumerate(given["feeds"], 1)]
    work = poll.polling(settings_of(given), how, feeds)
    asyncio.run(run_until_signal(work))


if __name__ == "__main__":
    main()
