"""2,000 feeds on one poller: memory, share of a core, lateness; beside lemon24/reader on the same feeds in the same run.

A loopback server in a process of its own serves feeds of 30 entries with validators; each feed gets a new entry about
once an hour. The poller is ``news-monitor poll --watch`` as it stands. Its figures are taken from the operating system
and from the server's log, not from the poller. ``reader`` updates the same feeds in rounds; what a round costs it is
related to the same interval.

    python benchmarks/poller.py                    # 2,000 feeds every 10 minutes for 15 minutes
    python benchmarks/poller.py --interval 60 --minutes 4
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import psutil

from monitor.feeds.store import SqliteStore

NEWS_EVERY_S = 3600.0
ENTRIES = 30
JITTER = 1.1
"""A poll may come this much after its interval on purpose (``rules.JITTER``); what is later is late."""

BODY = (
    "A clerk at the town hall said that the road over the old bridge stays closed until further notice. "
    * 5
)


def document(number: int, version: int, now: datetime) -> bytes:
    items = []
    for n in range(version, version - ENTRIES, -1):
        at = now - timedelta(seconds=(version - n) * NEWS_EVERY_S)
        items.append(
            f"<item><title>Feed {number}, entry {n}</title><link>http://news.example/{number}/{n}</link>"
            f'<guid isPermaLink="false">{number}-{n}</guid><pubDate>{at:%a, %d %b %Y %H:%M:%S} +0000</pubDate>'
            f"<description>{BODY}</description></item>"
        )
    head = f"<title>Feed {number}</title><link>http://news.example/{number}</link>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{"".join(items)}</channel></rss>'.encode()


async def serve(port_to: multiprocessing.connection.Connection, log: str) -> None:
    began = time.time()
    lines = Path(log).open("a", encoding="ascii", buffering=1)  # noqa: SIM115, ASYNC230 -- open as long as the server

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, ValueError):
            while True:
                raw = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = raw.split(" ", 2)[1]
                number = int(path.rpartition("/")[2])
                now = time.time()
                version = int((now - began) / NEWS_EVERY_S + number / 2000) + 100
                tag = f'"{number}-{version}"'
                known = tag in raw
                body = b"" if known else document(number, version, datetime.now(UTC))
                lines.write(f"{now:.3f} {number} {304 if known else 200}\n")
                status = "304 Not Modified" if known else "200 OK"
                head = f"HTTP/1.1 {status}\r\nETag: {tag}\r\nContent-Type: application/rss+xml\r\n"
                length = "" if known else f"Content-Length: {len(body)}\r\n"
                writer.write((head + length + "\r\n").encode() + body)
                await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=4096)
    port_to.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def _server(port_to: multiprocessing.connection.Connection, log: str) -> None:
    asyncio.run(serve(port_to, log))


def _memory(process: psutil.Process) -> int:
    """Return the proportional set size where the system tells it: what two processes share counts once."""
    told = process.memory_full_info()
    return int(getattr(told, "pss", 0) or told.rss)


def family(process: psutil.Process) -> tuple[float, float]:
    """Return CPU seconds and megabytes of a process and its children."""
    cpu = memory = 0.0
    for one in (process, *process.children(recursive=True)):
        with contextlib.suppress(psutil.Error):
            times = one.cpu_times()
            cpu += times.user + times.system
            memory += _memory(one) / 1e6
    with contextlib.suppress(psutil.Error):
        gone = process.cpu_times()
        cpu += gone.children_user + gone.children_system
    return cpu, memory


def opml(port: int, feeds: int) -> str:
    lines = "".join(
        f'<outline text="{n}" xmlUrl="http://127.0.0.1:{port}/f/{n}"/>' for n in range(feeds)
    )
    return f'<opml version="2.0"><body>{lines}</body></opml>'


def requests(log: str, since: float) -> list[tuple[float, int, int]]:
    rows = (line.split() for line in Path(log).read_text("ascii").splitlines())
    return [(float(at), int(n), int(status)) for at, n, status in rows if float(at) >= since]


def lateness(folder: Path, interval: float, end: float) -> list[float]:
    """Return how late each poll was: after the end of the feed's last one, its interval and its jitter.

    From the feeds' own histories; a poll that is outstanding at the end counts too.
    """
    late = []
    for state in SqliteStore(folder).read().values():
        times = [note.at.timestamp() for note in state.history]
        late += [then - at - interval * JITTER for at, then in pairwise(times)]
        if state.next_at is not None:
            late.append(end - state.next_at.timestamp())
    return late


def ours(folder: Path, port: int, log: str, args: argparse.Namespace) -> dict[str, float]:
    (folder / "feeds.opml").write_text(opml(port, args.feeds), encoding="utf-8")
    began = time.time()
    argv = [
        "poll",
        "--feeds",
        str(folder / "feeds.opml"),
        "--state",
        str(folder / "state"),
        "--watch",
    ]
    argv += ["--allow-private", "127.0.0.0/8", "--min-interval", str(args.interval)]
    argv += ["--output", str(folder / "entries.jsonl"), "--log-level", "ERROR"]
    with subprocess.Popen([sys.executable, "-m", "monitor", *argv]) as child:
        process = psutil.Process(child.pid)
        most = 0.0
        warm_at = began + min(args.interval, args.minutes * 30)
        warm: tuple[float, float] | None = None
        while time.time() < began + args.minutes * 60:
            time.sleep(2)
            cpu, memory = family(process)
            most = max(most, memory)
            if warm is None and time.time() >= warm_at:
                warm = time.time(), cpu
        end = time.time()
        assert warm is not None
        cpu, _ = family(process)
        child.terminate()
    rows = requests(log, began)
    steady = [row for row in rows if row[0] >= warm[0]]
    late = lateness(folder / "state", args.interval, end)
    first = {}
    for at, number, _ in rows:
        first.setdefault(number, at - began)
    share = (cpu - warm[1]) / (end - warm[0])
    return {
        "polls": len(rows),
        "feeds_polled": len(first),
        "first_round_s": max(first.values()),
        "entries": sum(1 for _ in (folder / "entries.jsonl").open(encoding="utf-8")),
        "steady_polls_per_s": len(steady) / (end - warm[0]),
        "steady_share_with_body": sum(status == 200 for _, _, status in steady)
        / max(1, len(steady)),
        "core_percent": 100 * share,
        "cpu_ms_per_poll": 1000 * (cpu - warm[1]) / max(1, len(steady)),
        "memory_mb_most": most,
        "late_s_most": max(0.0, *late),
        "polled_again": len(rows) - len(first),
    }


PEER = """
import json, sys, time
import feedparser_sgmllib
sys.modules["sgmllib"] = feedparser_sgmllib  # reader's own feedparser wants it under its old name
from reader import make_reader
folder, port, feeds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
reader = make_reader(folder + "/reader.sqlite", feed_root="")
for n in range(feeds):
    reader.add_feed(f"http://127.0.0.1:{port}/f/{n}")
for _ in range(3):
    began = time.time(), time.process_time()
    reader.update_feeds(workers=10, scheduled=False)
    print(json.dumps([time.time() - began[0], time.process_time() - began[1]]), flush=True)
"""


def peer(folder: Path, port: int, args: argparse.Namespace) -> dict[str, float]:
    """Let lemon24/reader update the same feeds: a first round, and rounds in which little is new."""
    argv = [sys.executable, "-c", PEER, str(folder), str(port), str(args.feeds)]
    most = [0.0]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        process = psutil.Process(child.pid)

        def watch() -> None:
            with contextlib.suppress(psutil.Error):
                while child.poll() is None:
                    most[0] = max(most[0], family(process)[1])
                    time.sleep(0.5)

        threading.Thread(target=watch, daemon=True).start()
        rounds = [json.loads(line) for line in child.stdout]
    wall, cpu = rounds[-1]
    return {
        "first_round_s": rounds[0][0],
        "round_s": wall,
        "core_percent": 100 * cpu / args.interval,
        "cpu_ms_per_poll": 1000 * cpu / args.feeds,
        "memory_mb_most": most[0],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--feeds", type=int, default=2000)
    parser.add_argument("--interval", type=float, default=600.0)
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--peer-only", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = str(folder / "requests.log")
        receiver, sender = multiprocessing.Pipe(duplex=False)
        server = multiprocessing.Process(target=_server, args=(sender, log), daemon=True)
        server.start()
        port = receiver.recv()
        try:
            result = {"feeds": args.feeds, "interval_s": args.interval, "cores": os.cpu_count()}
            result["load_before"] = os.getloadavg()[0]
            if not args.peer_only:
                result["news_monitor"] = ours(folder, port, log, args)
                print(json.dumps(result["news_monitor"]), file=sys.stderr, flush=True)
            if not args.no_peer:
                result["reader"] = peer(folder, port, args)
            result["load_after"] = os.getloadavg()[0]
        finally:
            server.terminate()
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
