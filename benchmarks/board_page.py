"""What the board's first view costs with 10,000 incidents: bytes, seconds to its rows and to its map, processor time.

``python benchmarks/board_page.py`` fills a view as ``benchmarks/board.py`` does, serves it on loopback from a process of
its own and opens it in Debian's Chromium, each time without a cache. The browser's time is that of the page's main
thread, which a busy machine does not change; the seconds are as the clock tells them, beside the machine's load.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil
from board import BATCH, deltas
from playwright.sync_api import Browser, sync_playwright

from monitor.alerts.policy import REPLAY
from monitor.board.api import Board
from monitor.board.app import make_board
from monitor.board.rules import access_of
from monitor.board.section import BoardSection
from monitor.board.store import local_url, open_store
from monitor.web import check_port, make_server

FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
TRIES = 7
SEEN = """
window.seen = {};
const look = (name, what) => {
  if (document.querySelector(what)) window.seen[name] = performance.now();
  else requestAnimationFrame(() => look(name, what));
};
look("rows", ".row");
look("map", ".mark");
"""


def serve(port: int, count: int) -> None:
    store = open_store(local_url(Path(tempfile.mkdtemp())))
    store.prepare("benchmark")
    rest = deltas(count)
    while batch := list(islice(rest, BATCH)):
        store.apply(batch)
    board = Board(
        store=store,
        access=access_of(BoardSection(requests_per_minute=1_000_000)),
        policy=REPLAY,
        clock=lambda: datetime.now(UTC),
    )
    asyncio.run(make_server(make_board(board), "127.0.0.1", port).serve())


def opened(browser: Browser, url: str) -> dict[str, Any]:
    """Open the page once; the values are numbers."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    told = context.new_cdp_session(page)
    told.send("Performance.enable", {"timeDomain": "threadTicks"})
    answers: list[Any] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108  Playwright marks it
    page.add_init_script(SEEN)
    page.goto(url)
    page.wait_for_selector(".mark")
    page.wait_for_selector(".bar")
    page.wait_for_timeout(500)
    seen = page.evaluate("window.seen")
    figures = {m["name"]: m["value"] for m in told.send("Performance.getMetrics")["metrics"]}
    sizes = [a.request.sizes() for a in answers if "/api/stream" not in a.url]
    context.close()
    return {
        "rows": seen["rows"],
        "map": seen["map"],
        "cpu": figures["TaskDuration"] * 1000,
        "bytes": sum(s["responseBodySize"] + s["responseHeadersSize"] for s in sizes),
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--incidents", type=int, default=10_000)
    parser.add_argument("--serve", type=int, help="Serve on this port, and do nothing else.")
    given = parser.parse_args()
    if given.serve:
        serve(given.serve, given.incidents)
        return
    port = check_port("127.0.0.1", 0, "a port")
    command = [sys.executable, __file__, "--serve", str(port), "--incidents", str(given.incidents)]
    server = subprocess.Popen(command)
    try:
        measure(f"http://127.0.0.1:{port}/", psutil.Process(server.pid))
    finally:
        server.kill()


def measure(url: str, server: psutil.Process) -> None:
    while True:
        try:
            urlopen(url).close()
            break
        except OSError:
            time.sleep(0.5)
    print(
        f"{'rows ms':>8} {'map ms':>8} {'page cpu ms':>12} {'server cpu ms':>14} {'bytes':>8} {'load':>6}"
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for _ in range(TRIES):
            before = sum(server.cpu_times()[:2])
            found = opened(browser, url)
            own = (sum(server.cpu_times()[:2]) - before) * 1000
            print(
                f"{found['rows']:8.0f} {found['map']:8.0f} {found['cpu']:12.0f} {own:14.0f} "
                f"{found['bytes']:8} {os.getloadavg()[0]:6.1f}"
            )
        browser.close()


if __name__ == "__main__":
    main()
