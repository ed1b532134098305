"""2,000 feeds on one poller: memory, share of a core, lateness; beside lemon24/reader on the same feeds in the same run.

A loopback server in a process of its own serves feeds of 30 entries with validators; each feed gets a new entry about
once an hour. The poller is ``news-monitor poll --watch`` as it stands; ``reader`` updates the same feeds at the same time,
a round each interval, begun a quarter of an interval later. All figures are taken from the operating system and from the
server's log, not from the pollers: a feed is late by what passed between two requests for it beyond the interval.

    python benchmarks/poller.py                    # 2,000 feeds every 10 minutes for 25 minutes
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
import time
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import psutil

NEWS_EVERY_S = 3600.0
ENTRIES = 30
OURS, PEERS = "f", "g"
"""First parts of the paths by which the server's log tells the two pollers apart."""

NAMES = {OURS: "news_monitor", PEERS: "reader"}
OK = 200
LATE_S = 30.0
"""No feed may be later than this, its jitter included."""

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
                who, _, last = path.lstrip("/").partition("/")
                number = int(last)
                now = time.time()
                version = int((now - began) / NEWS_EVERY_S + number / 2000) + 100
                tag = f'"{number}-{version}"'
                known = tag in raw
                body = b"" if known else document(number, version, datetime.now(UTC))
                lines.write(f"{now:.3f} {who} {number} {304 if known else 200}\n")
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
        f'<outline text="{n}" xmlUrl="http://127.0.0.1:{port}/{OURS}/{n}"/>' for n in range(feeds)
    )
    return f'<opml version="2.0"><body>{lines}</body></opml>'


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request in the server's log."""

    at: float
    feed: int
    status: int


def requests(log: str, who: str) -> list[Asked]:
    rows = (line.split() for line in Path(log).read_text("ascii").splitlines())
    return [
        Asked(at=float(at), feed=int(feed), status=int(status))
        for at, by, feed, status in rows
        if by == who
    ]


def lateness(rows: list[Asked], interval: float, end: float) -> dict[str, float]:
    """Return how late polls were, the ones that are outstanding at the end among them; below 0 is early."""
    times: dict[int, list[float]] = defaultdict(list)
    for row in rows:
        times[row.feed].append(row.at)
    late = [b - a - interval for held in times.values() for a, b in pairwise(held)]
    late += [after for held in times.values() if (after := end - held[-1] - interval) > 0]
    late.sort()
    if not late:
        return {}
    return {
        "gaps": len(late),
        "late_s_p50": late[len(late) // 2],
        "late_s_p99": late[len(late) * 99 // 100],
        "late_s_max": late[-1],
        "late_over_30_s": sum(seconds > LATE_S for seconds in late),
    }


@dataclass(kw_only=True)
class Watched:
    """What a process and its children cost, looked at while it runs. ``warm`` is after the first round."""

    process: psutil.Process
    warm_after_s: float
    began: float = field(default_factory=time.time)
    most_mb: float = 0.0
    warm: tuple[float, float] | None = None
    last: tuple[float, float] = (0.0, 0.0)

    def look(self) -> None:
        cpu, memory = family(self.process)
        self.most_mb = max(self.most_mb, memory)
        self.last = time.time(), cpu
        if self.warm is None and self.last[0] >= self.began + self.warm_after_s:
            self.warm = self.last

    def figures(self, rows: list[Asked], interval: float) -> dict[str, float]:
        """Return what is told of either poller."""
        assert self.warm is not None
        seconds, cpu = self.last[0] - self.warm[0], self.last[1] - self.warm[1]
        steady = [row for row in rows if row.at >= self.warm[0]]
        first: dict[int, float] = {}
        for row in rows:
            first.setdefault(row.feed, row.at - self.began)
        return {
            "polls": len(rows),
            "feeds_polled": len(first),
            "first_round_s": max(first.values()) - min(first.values()),
            "steady_polls_per_s": len(steady) / seconds,
            "steady_share_with_body": sum(row.status == OK for row in steady) / len(steady),
            "core_percent": 100 * cpu / seconds,
            "cpu_ms_per_poll": 1000 * cpu / len(steady),
            "memory_mb_most": self.most_mb,
        } | lateness(rows, interval, self.last[0])


def our_command(folder: Path, port: int, args: argparse.Namespace) -> list[str]:
    (folder / "feeds.opml").write_text(opml(port, args.feeds), encoding="utf-8")
    return [
        *(sys.executable, "-m", "monitor", "poll", "--watch"),
        *("--feeds", str(folder / "feeds.opml"), "--state", str(folder / "state")),
        *("--allow-private", "127.0.0.0/8", "--min-interval", str(args.interval)),
        *("--output", str(folder / "entries.jsonl"), "--log-level", "ERROR"),
    ]


PEER = """
import sys, time
import feedparser_sgmllib
sys.modules["sgmllib"] = feedparser_sgmllib  # reader's own feedparser wants it under its old name
from reader import make_reader
folder, base, feeds, interval = sys.argv[1], sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
reader = make_reader(folder + "/reader.sqlite", feed_root="")
for n in range(feeds):
    reader.add_feed(f"{base}/{n}")
due = time.time()
while True:
    reader.update_feeds(workers=10, scheduled=False)
    due += interval
    time.sleep(max(0.0, due - time.time()))
"""


def peer_command(folder: Path, port: int, args: argparse.Namespace) -> list[str]:
    base = f"http://127.0.0.1:{port}/{PEERS}"
    given = (str(folder), base, str(args.feeds), str(args.interval))
    return [sys.executable, "-c", PEER, *given]


def watched(
    command: list[str], args: argparse.Namespace
) -> tuple[subprocess.Popen[bytes], Watched]:
    child = subprocess.Popen(command)
    process = psutil.Process(child.pid)
    return child, Watched(process=process, warm_after_s=min(args.interval, args.minutes * 20) * 0.7)


def compared(folder: Path, port: int, log: str, args: argparse.Namespace) -> dict[str, object]:
    """Let both poll the same feeds for the time given, and return the figures of each."""
    begin = time.time()
    running = {OURS: watched(our_command(folder, port, args), args)}
    try:
        while time.time() < begin + args.minutes * 60:
            time.sleep(2)
            if (
                PEERS not in running
                and not args.no_peer
                and time.time() > begin + args.interval / 4
            ):
                running[PEERS] = watched(peer_command(folder, port, args), args)
            for _, watch in running.values():
                watch.look()
    finally:
        for child, _ in running.values():
            child.terminate()
            child.wait()
    return {
        NAMES[who]: watch.figures(requests(log, who), args.interval)
        for who, (_, watch) in running.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--feeds", type=int, default=2000)
    parser.add_argument("--interval", type=float, default=600.0)
    parser.add_argument("--minutes", type=float, default=25.0)
    parser.add_argument("--no-peer", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log = str(folder / "requests.log")
        receiver, sender = multiprocessing.Pipe(duplex=False)
        server = multiprocessing.Process(target=_server, args=(sender, log), daemon=True)
        server.start()
        try:
            result: dict[str, object] = {"feeds": args.feeds, "interval_s": args.interval}
            result |= {"cores": os.cpu_count(), "load_before": os.getloadavg()[0]}
            result |= compared(folder, receiver.recv(), log, args)
            result["load_after"] = os.getloadavg()[0]
        finally:
            server.terminate()
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
