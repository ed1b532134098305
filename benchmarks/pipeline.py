"""The whole path, measured on this machine: articles a second, seconds from feed to webhook, where the time goes.

    python benchmarks/pipeline.py [--articles 3000] [--seconds 60] [--rate 5]

Broker, worker and poller are processes of their own, as under ``up``; feed and receiver are on loopback.

1. Throughput without extraction: articles are sent to ``articles.raw`` at once and go through dedupe, extract
   (with a report made up in no time), track, alert and deliver, to a webhook. Until every stage has read all.
2. Latency with extraction: a feed grows by ``--rate`` articles a second and is polled every second; from its change
   to the webhook's call, for the first alert of each article.

Shares are of the time that the stages spend on records, as the worker's metrics tell it.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from kafka_tools import Client, Process, free_port, until
from press import Press, Receiver, article

from agents.lag import lags
from agents.provision import provision
from agents.settings import KafkaSettings, Settings
from monitor.articles.normalise import article_from_entry
from monitor.broker import LocalBroker
from schemas import codec
from schemas.article import Article

READS = {
    "dedupe": ("articles.raw",),
    "extract": ("articles.unique",),
    "track": ("incident.mentions",),
    "alert": ("incident.deltas",),
    "deliver": ("alerts", "deliveries"),
}
WORDS = "the of minister road said region police water market school river council north".split()


async def drained(settings: Settings) -> bool:
    kafka = settings.kafka
    found = await asyncio.gather(*(lags(kafka, kafka.group(s), t) for s, t in READS.items()))
    return not any(lag.waiting for one in found for lag in one.values())


def made(count: int) -> list[tuple[bytes, bytes]]:
    """Messages of articles of about 2,500 characters that are no copies of each other."""
    rng = random.Random(1)
    started = datetime.now(UTC)
    messages = []
    for number in range(count):
        entry = article(number, started)
        filler = " ".join(f"{rng.choice(WORDS)}{rng.randrange(2000)}" for _ in range(250))
        record = article_from_entry(
            feed="bench",
            source=f"Press {number % 20}",
            title=entry["title"],
            content=f"{entry['text']} {filler}",
            link=entry["link"],
            published=entry["at"],
            fetched_at=started,
        )
        messages.append((record.source.encode(), codec.encode(record)))
    return messages


async def shares(port: int) -> str:
    async with httpx.AsyncClient() as http:
        text = (await http.get(f"http://127.0.0.1:{port}/metrics")).text
    found = re.findall(r'stage_duration_seconds_sum\{stage="(\w+)"\} ([\d.e+-]+)', text)
    spent = {stage: float(seconds) for stage, seconds in found if float(seconds)}
    total = sum(spent.values())
    return "  ".join(f"{stage} {seconds / total:.0%}" for stage, seconds in spent.items())


def cpu_s(pid: int) -> float:
    """Processor seconds of a process with its children."""
    tree = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(sum(p.cpu_times()[:2]) for p in tree)


def sinks(receiver: Receiver) -> list[dict[str, object]]:
    return [{"name": "desk", "url": receiver.url, "allow_private": ["127.0.0.0/8"]}]


async def running(worker: Process) -> None:
    await until(lambda: worker.logged("stage runs") == len(READS), within=120)


async def throughput(settings: Settings, folder: Path, broker: LocalBroker, count: int) -> None:
    port, client, messages = free_port(), Client(settings.kafka), made(count)
    with Receiver() as receiver:
        worker = Process(
            "worker_main.py", settings, folder, quick=True, http_port=port, sinks=sinks(receiver)
        ).start()
        try:
            await running(worker)
            spent = cpu_s(worker.process.pid), cpu_s(broker.pid)
            begun = time.monotonic()
            await client.send("articles.raw", messages)
            await until(lambda: drained(settings), within=900, every=0.5)
            took = time.monotonic() - begun
            used = cpu_s(worker.process.pid) - spent[0], cpu_s(broker.pid) - spent[1]
            print(
                f"without extraction: {count} articles in {took:.1f} s: {count / took:.0f} a second"
            )
            print(
                f"  {len(receiver.came)} webhook calls; load average {psutil.getloadavg()[0]:.1f}"
            )
            print(
                f"  processor: worker {used[0] / count * 1000:.1f} ms, broker {used[1] / count * 1000:.1f} ms an article"
            )
            print(f"  share of each stage: {await shares(port)}")
            print(
                f"  memory of the worker: {psutil.Process(worker.process.pid).memory_info().rss >> 20} MiB"
            )
        finally:
            worker.kill()


async def latency(
    settings: Settings, folder: Path, rate: float, seconds: int, workers: int
) -> None:
    port, client = free_port(), Client(settings.kafka)
    with Press() as press, Receiver() as receiver:
        worker = Process(
            "worker_main.py",
            settings,
            folder,
            http_port=port,
            sinks=sinks(receiver),
            extract_workers=workers,
        ).start()
        poller = Process("poller_main.py", settings, folder, feeds=[press.url]).start()
        try:
            await running(worker)
            await until(lambda: poller.logged("feed polled"), within=60)
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                press.publish()
                await asyncio.sleep(1 / rate)
            await until(lambda: drained(settings), within=300, every=0.5)
            raw = [codec.decode(v, Article) for _, v in await client.read("articles.raw")]
            address = {a.article_id: a.url for a in raw}
            first: dict[str, float] = {}
            for (_, event), at in zip(receiver.came, receiver.times, strict=True):
                url = address[event["data"]["article_id"]]
                first.setdefault(url, (at - press.times[url]).total_seconds())
            waits = sorted(first.values())
            p99 = waits[int(0.99 * (len(waits) - 1))]
            print(
                f"at {rate:g} articles a second for {seconds} s: {len(press.articles)} articles, {len(raw)} read"
            )
            print(
                f"  feed's change to webhook: p50 {statistics.median(waits):.2f} s, p99 {p99:.2f} s ({len(waits)} articles that alerted)"
            )
            print(
                f"  load average {psutil.getloadavg()[0]:.1f}; share of each stage: {await shares(port)}"
            )
        finally:
            worker.kill()
            poller.kill()


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=3000)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--rate", type=float, default=5)
    parser.add_argument("--extract-workers", type=int, default=1)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="news-monitor-bench-"))
    with LocalBroker(folder, free_port()) as broker:

        async def measured(prefix: str, work: Callable[[Settings], Awaitable[None]]) -> None:
            kafka = KafkaSettings(bootstrap_servers=(broker.bootstrap,), topic_prefix=prefix)
            settings = Settings(kafka=kafka, state_dir=folder, session_timeout_s=3.0)
            await provision(settings)
            await work(settings)

        await measured("a.", lambda s: throughput(s, folder, broker, given.articles))
        await measured(
            "b.",
            lambda s: latency(s, folder, given.rate, given.seconds, given.extract_workers),
        )


if __name__ == "__main__":
    asyncio.run(main())
