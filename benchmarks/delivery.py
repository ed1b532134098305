"""Alerts to webhooks, measured on this machine: how many, how soon, and what a dead endpoint costs.

    python benchmarks/delivery.py [--alerts 2000] [--seconds 30] [--rate 20] [--waiting 10000]

Broker and worker are processes of their own, as under ``up``; the receivers are on loopback, in this process.

1. Load: so many alerts at once to five healthy endpoints, until the last has arrived at all.
2. Latency: alerts at a steady rate to five endpoints, one of which hangs and one of which refuses; from the moment
   in which Kafka is sent the alert to its first attempt at each healthy one.
3. Backlog: alerts for an endpoint that refuses; memory of the worker before, with all waiting, and a while later.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import psutil

sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))

from endpoints import Endpoint, hangs_once, takes
from kafka_tools import Client, Process, free_port, until
from made_alerts import known, made

from agents.kafka import make_producer
from agents.provision import provision
from agents.settings import KafkaSettings, Settings
from monitor.broker import LocalBroker
from schemas import codec

ENDPOINTS = 5
NOTED = '"outcome": "passed", "reason": "pending"'
"""The worker's log line of a delivery that it has taken up."""
COUNTRIES = ("IQ", "SY", "YE", "LB", "PS", "AF", "PK", "SO")


def alert(number: int) -> tuple[bytes, bytes]:
    """A message of an alert: three of each incident, in eight countries."""
    subject = f"country:{COUNTRIES[number % len(COUNTRIES)]}"
    incident = f"inc-{number // 3}"
    now = datetime.now(UTC)
    record = made(
        number,
        subject=subject,
        incident_id=incident,
        incident=known(incident_id=incident),
        fetched_at=now,
        published=now,
    )
    return subject.encode(), codec.encode(record)


def sinks(endpoints: list[Endpoint]) -> list[dict[str, object]]:
    return [
        {"name": f"desk-{n}", "url": e.url, "allow_private": ["127.0.0.0/8"]}
        for n, e in enumerate(endpoints)
    ]


class Worker:
    def __init__(self, settings: Settings, folder: Path, endpoints: list[Endpoint]) -> None:
        self.process = Process(
            "worker_main.py", settings, folder, stages=["deliver"], sinks=sinks(endpoints)
        )

    async def __aenter__(self) -> Self:
        self.process.start()
        await until(lambda: self.process.logged("stage runs"), within=120)
        await asyncio.sleep(3)
        return self

    async def __aexit__(self, *exc: object) -> None:
        self.process.kill()

    @property
    def seen(self) -> psutil.Process:
        return psutil.Process(self.process.process.pid)

    def cpu_s(self) -> float:
        return sum(self.seen.cpu_times()[:2])

    def rss_mb(self) -> float:
        return self.seen.memory_info().rss / 1e6


async def load(settings: Settings, folder: Path, count: int) -> None:
    endpoints = [Endpoint() for _ in range(ENDPOINTS)]
    for one in endpoints:
        await one.__aenter__()
    async with Worker(settings, folder, endpoints) as worker:
        spent, begun = worker.cpu_s(), time.monotonic()
        await Client(settings.kafka).send("alerts", [alert(n) for n in range(count)])
        await until(lambda: all(len(e.taken) == count for e in endpoints), within=900)
        took = time.monotonic() - begun
        posts = sum(len(e.posts) for e in endpoints)
        print(f"load: {count} alerts to {ENDPOINTS} endpoints in {took:.1f} s")
        print(
            f"  {posts / took:.0f} posts a second, {posts - count * ENDPOINTS} of them repeats; "
            f"worker {(worker.cpu_s() - spent) / posts * 1000:.2f} ms of processor a post; "
            f"memory {worker.rss_mb():.0f} MB; load average {psutil.getloadavg()[0]:.1f}"
        )
        print(f"  connections opened: {sum(e.opened for e in endpoints)}")
    for one in endpoints:
        await one.__aexit__()


async def latency(settings: Settings, folder: Path, rate: float, seconds: int) -> None:
    healthy = [Endpoint() for _ in range(ENDPOINTS - 2)]
    hanging, refusing = Endpoint(behave=hangs_once), Endpoint()
    for one in (*healthy, hanging, refusing):
        await one.__aenter__()
    await refusing.__aexit__()
    sent: dict[str, float] = {}
    endpoints = [*healthy, hanging, refusing]
    async with (
        Worker(settings, folder, endpoints) as worker,
        make_producer(settings.kafka) as producer,
    ):
        begun, spent = time.monotonic(), worker.cpu_s()
        for number in range(int(rate * seconds)):
            key, value = alert(number)
            sent[f"alr-{number}"] = time.time()
            await producer.send(settings.kafka.topic("alerts"), key=key, value=value)
            await asyncio.sleep(max(0.0, begun + (number + 1) / rate - time.monotonic()))
        await until(lambda: all(len(e.taken) == len(sent) for e in healthy), within=300)
        used = worker.cpu_s() - spent
        waits = sorted(
            post.at.timestamp() - sent[codec_id(post.body)] for e in healthy for post in e.posts
        )
        print(f"latency: {rate:g} alerts a second for {seconds} s, one endpoint hangs, one refuses")
        print(
            f"  alert to first attempt at the {len(healthy)} others: p50 {statistics.median(waits) * 1000:.0f} ms, "
            f"p99 {waits[int(0.99 * (len(waits) - 1))] * 1000:.0f} ms, most {waits[-1] * 1000:.0f} ms"
        )
        print(
            f"  worker {used / (time.monotonic() - begun):.0%} of a core; "
            f"load average {psutil.getloadavg()[0]:.1f}"
        )
    for one in (*healthy, hanging):
        await one.__aexit__()


def codec_id(body: bytes) -> str:
    """The alert's id in a body whose keys are sorted."""
    return body.split(b'"alert_id":"', 1)[1].split(b'"', 1)[0].decode()


async def backlog(settings: Settings, folder: Path, count: int, seconds: int) -> None:
    dead = Endpoint()
    async with dead:
        pass
    async with Worker(settings, folder, [dead]) as worker:
        before = worker.rss_mb()
        client = Client(settings.kafka)
        figures = []
        for begin in range(0, count, 2000):
            end = min(count, begin + 2000)
            await client.send("alerts", [alert(n) for n in range(begin, end)])
            await until(lambda e=end: worker.process.logged(NOTED) >= e, within=900, every=1)
            figures.append(f"{worker.rss_mb():.0f}")
        full, later, spent = worker.rss_mb(), [], worker.cpu_s()
        for _ in range(seconds // 15):
            await asyncio.sleep(15)
            later.append(f"{worker.rss_mb():.0f}")
        busy = (worker.cpu_s() - spent) / seconds
        print(f"backlog: {count} alerts for an endpoint that refuses")
        print(f"  memory: before {before:.0f} MB; growing {' '.join(figures)}; full {full:.0f} MB")
        print(f"  every 15 s after that: {' '.join(later)} MB; {busy:.0%} of a core")
        dead.behave = takes
        begun = time.monotonic()
        async with dead:
            await until(lambda: len(dead.taken) == count, within=1800, every=0.5)
            took = time.monotonic() - begun
            print(
                f"  back again: all {len(dead.taken)} taken after {took:.0f} s, "
                f"{len(dead.posts) - count} repeats; memory {worker.rss_mb():.0f} MB"
            )


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--alerts", type=int, default=2000)
    parser.add_argument("--seconds", type=int, default=30)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--waiting", type=int, default=10_000)
    parser.add_argument("--watch", type=int, default=60)
    parser.add_argument("--only", choices=("load", "latency", "backlog"))
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="news-monitor-bench-"))
    work = {
        "load": lambda s: load(s, folder, given.alerts),
        "latency": lambda s: latency(s, folder, given.rate, given.seconds),
        "backlog": lambda s: backlog(s, folder, given.waiting, given.watch),
    }
    with LocalBroker(folder, free_port()) as broker:
        for name, measure in work.items():
            if given.only not in (None, name):
                continue
            kafka = KafkaSettings(bootstrap_servers=(broker.bootstrap,), topic_prefix=f"{name}.")
            settings = Settings(kafka=kafka, state_dir=folder, session_timeout_s=3.0)
            await provision(settings)
            await measure(settings)


if __name__ == "__main__":
    asyncio.run(main())
