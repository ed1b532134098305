"""The whole system as real processes on a real Kafka, with an oracle: what ``replay`` makes of what was published.

A feed server publishes articles with known numbers, a receiver records what arrives. After a fault has ended and all
is drained, the alerts that came must be those of a run without faults, each with one webhook id, and a fresh
article must alert within seconds. Nobody lends a hand: a process that ends is started again as systemd does it.
"""

import asyncio
import os
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from unittest.mock import patch

from aiokafka import TopicPartition
from kafka_tools import Client, Process, free_port, until
from press import Receiver, _Server, rss
from proxy import Proxy
from quick_extract import ApartPool
from world import EVERY, article, silent

from agents.admin import group_lags
from agents.kafka import reader
from agents.settings import KafkaSettings, Settings
from monitor.alerts.policy import REPLAY, AlertPolicy
from monitor.articles.address import canonical
from monitor.articles.normalise import article_id
from monitor.broker import BrokerError, LocalBroker, server
from monitor.extract import Extractor
from monitor.heartbeat import is_heartbeat
from monitor.replay import Player, ReplaySettings
from schemas import codec
from schemas.article import Article
from schemas.cards import QUARANTINE, all_topics

PATIENCE = float(os.environ.get("CHAOS_PATIENCE", "2"))
"""All waits are so many times as long as on a machine of one's own: others may work on this one."""
SHARE = float(os.environ.get("CHAOS_SHARE", "1"))
"""Of the times that a fault is repeated, where the time does not allow all."""
DRAIN_S = 120.0 * PATIENCE
"""After a fault has ended all must have arrived within this (two minutes on a quiet machine)."""
FRESH_S = 30.0 * PATIENCE
"""A fresh article alerts within this (half a minute on a quiet machine)."""
LISTED = 400
"""Entries in a feed: more than are published while a poller is away."""
RESTART_S = 0.5


class Wire(_Server):
    """Feeds that grow. ``served`` are the entries that stood in an answer which was read to its end.

    With ``mirrored`` all feeds but the first have the entries under addresses of their own, as syndicated copies.
    One entry ``in_so_many`` tells of an incident, and so much time of theirs lies between two.
    """

    def __init__(self, feeds=1, *, mirrored=False, listed=LISTED, in_so_many=1, every=EVERY):
        super().__init__()
        self.mirrored = mirrored
        self.listed = listed
        self.in_so_many = in_so_many
        self.every = every
        self.entries = [[] for _ in range(feeds)]
        self.served = {}
        self.down = False
        self._lock = threading.Lock()
        self._next = 0

    @property
    def urls(self):
        return [f"{self.url}/{n}.xml" for n in range(len(self.entries))]

    def publish(self, started, count=1, feeds=None, *, fresh=False):
        """Add the next articles to each of the feeds (all of them, where none are named); the last one.

        A ``fresh`` one tells of an incident whatever its number.
        """
        with self._lock:
            for _ in range(count):
                entry = article(self._next, started, self.every)
                if self._next % self.in_so_many and not fresh:
                    entry = silent(entry)
                self._next += 1
                for number in feeds if feeds is not None else range(len(self.entries)):
                    self.entries[number].append(entry)
        return entry

    def made(self, number, started, days_old=0):
        """An article of a number of one's own, not yet in any feed."""
        return article(number, started - timedelta(days=days_old))

    def add(self, entry, feed=0):
        """Add an entry of one's own."""
        with self._lock:
            self.entries[feed].append(entry)

    @staticmethod
    def mirror(entry, number):
        """The same entry as another outlet has it."""
        return entry | {"link": entry["link"].replace("press", f"mirror{number}")}

    def get(self, request):
        number = int(request.path.strip("/").partition(".")[0])
        if self.down:
            request.answer(503)
            return
        with self._lock:
            listed = self.entries[number][-self.listed :]
        if self.mirrored and number:
            listed = [self.mirror(e, number) for e in listed]
        request.answer(200, rss(listed), "application/rss+xml")
        self.served.update((e["link"], e) for e in listed)


@dataclass
class Outcome:
    """What a fault did, as the closing table wants it."""

    lost: int
    repeated: int
    unknown: int
    second_ids: int
    quarantined: int
    recovery_s: float
    fresh_s: float
    alerts: int

    def is_clean(self, quarantined=0, repeated=None):
        """Whether nothing was lost, made up, given a second id or set aside; repeats only where allowed."""
        repeats = repeated is None or self.repeated <= repeated
        wrong = self.lost + self.unknown + self.second_ids
        return not wrong and self.quarantined == quarantined and repeats


@dataclass
class Keeper:
    """Starts ended processes again, and remembers how they ended. ``names`` are those it looks after."""

    processes: dict = field(default_factory=dict)
    resting: set = field(default_factory=set)
    exits: list = field(default_factory=list)

    async def keep(self):
        while True:
            for name, process in list(self.processes.items()):
                code = process.process.poll()
                if code is not None and name not in self.resting:
                    self.exits.append((name, code))
                    await asyncio.sleep(RESTART_S)
                    process.start()
            await asyncio.sleep(0.1)


class Rig:
    """``async with Rig(folder) as rig``. ``quick`` reads articles without extraction, for load that is about other parts."""

    def __init__(
        self, folder, *, feeds=1, workers=None, quick=False, proxied=False, wire=None, **more
    ):
        self.folder = folder
        self.workers = workers or {"worker": None}
        self.quick = quick
        self.policy = AlertPolicy(cold_start=False) if more.get("stale") else REPLAY
        self.more = more
        self.port = free_port()
        self.broker = LocalBroker(folder / "broker", self.port)
        self.proxy = Proxy(free_port()) if proxied else None
        self.wire = wire or Wire(feeds)
        self.receiver = Receiver()
        self.keeper = Keeper()
        self.expected = {}
        self._played = set()
        self._raw, self._read = [], 0
        self._player = None
        self._tasks = []

    @property
    def settings(self):
        kafka = KafkaSettings(bootstrap_servers=(self.broker.bootstrap,))
        return Settings(kafka=kafka, state_dir=self.folder, session_timeout_s=3.0)

    @property
    def client(self):
        return Client(self.settings.kafka)

    async def __aenter__(self):
        self.wire.__enter__()
        self.receiver.__enter__()
        try:
            await self._start_all()
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def _start_all(self):
        if self.proxy:
            await self.proxy.start(free_port())
        await self.start_broker()
        self.started = datetime.now(UTC).replace(microsecond=0)
        reading = ApartPool() if self.quick else await asyncio.to_thread(Extractor.load)
        self._player = Player(reading, ReplaySettings(alert=self.policy))
        for name, stages in self.workers.items():
            self.start_worker(name, stages)
        self.start_poller()
        self._spawn(self.keeper.keep())
        names = [name for name in self.keeper.processes if name != "poller"]
        for name in names:
            await self.until_ready(name)
        await until(
            lambda: self.keeper.processes["poller"].logged("feeds assigned"), within=90 * PATIENCE
        )

    async def __aexit__(self, *exc):
        for task in self._tasks:
            task.cancel()
        for process in self.keeper.processes.values():
            if process.process.poll() is None:
                process.kill()
        self.receiver.__exit__()
        self.wire.__exit__()
        if self.proxy:
            await self.proxy.stop()
        await asyncio.to_thread(self.broker.stop)

    def _spawn(self, work):
        task = asyncio.create_task(work)
        self._tasks.append(task)
        return task

    def start(self, name, script, **more):
        """Start a process and look after it from now on."""
        settings = self.settings
        if self.proxy:
            through = (f"127.0.0.1:{self.proxy.port}",)
            kafka = replace(settings.kafka, bootstrap_servers=through)
            settings = replace(settings, kafka=kafka)
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        process = Process(script, settings, folder, **{**self.more, **more})
        self.keeper.processes[name] = process.start()
        return process

    def start_worker(self, name, stages=None, **more):
        sink = {"name": "desk", "url": self.receiver.url, "allow_private": ["127.0.0.0/8"]}
        given = {"sinks": [sink], "apart": self.quick, **more}
        if stages:
            given["stages"] = stages
        return self.start(name, "worker_main.py", **given)

    def start_poller(self, **more):
        return self.start("poller", "poller_main.py", feeds=self.wire.urls, **more)

    async def until_ready(self, name, since=0):
        """Wait until all stages of a worker that is started run."""
        process = self.keeper.processes[name]
        await until(lambda: process.logged("all stages run") > since, within=120 * PATIENCE)

    def load(self, rate, feeds=None):
        """Publish so many articles a second from now on; returns what ends that."""

        async def go():
            begun, count = time.monotonic(), 0
            while True:
                due = int((time.monotonic() - begun) * rate)
                if due > count:
                    self.wire.publish(self.started, due - count, feeds)
                    count = due
                await asyncio.sleep(0.05)

        task = self._spawn(go())
        return task.cancel

    def kill(self, name):
        """kill -9 of a process; who looks after it starts it again."""
        process = self.keeper.processes[name].process
        if process.poll() is None:
            process.kill()
            process.wait()

    async def kill_broker(self):
        """kill -9 of Kafka; it stays away until ``start_broker``."""
        os.kill(self.broker.pid, 9)
        await asyncio.to_thread(self.broker._guard.wait)
        await asyncio.to_thread(self.broker.stop)

    async def start_broker(self):
        """Start Kafka; behind a proxy it has a second listener, which names the proxy as its address."""
        properties = server.properties
        if self.proxy:
            properties = partial(_two_listeners, properties, self.proxy)
        with patch.object(server, "properties", properties):
            await asyncio.to_thread(self.broker.start)

    async def restart_broker(self):
        """Stop Kafka in good order and start it again."""
        await asyncio.to_thread(self.broker.stop)
        await self.start_broker()

    def keep_broker(self):
        """Look after Kafka too from now on: where it ended by itself it is started again, until it runs."""

        async def keep():
            while True:
                await asyncio.sleep(RESTART_S)
                if self.broker.pid is not None and (wrong := self.broker.failure()):
                    self.keeper.exits.append(("kafka", wrong.fault))
                    await asyncio.to_thread(self.broker.stop)
                if self.broker.pid is None:
                    with suppress(BrokerError):
                        await self.start_broker()

        self._spawn(keep())

    async def terminate(self, name):
        """SIGTERM, as a service's stop: seconds until the end and the exit status. It is not started again."""
        self.keeper.resting.add(name)
        begun = time.monotonic()
        code = await asyncio.to_thread(self.keeper.processes[name].stop)
        return time.monotonic() - begun, code

    def revive(self, name):
        self.keeper.processes[name].start()
        self.keeper.resting.discard(name)

    # --- the oracle ---

    async def replayed(self):
        """Bring the oracle up to date: alerts by id, of all that is in ``articles.raw``, each version once."""
        raw = await self.raw()
        fresh = []
        for one in raw:
            key = (one.article_id, one.title, one.text)
            if key not in self._played:
                self._played.add(key)
                fresh.append(one)
        await asyncio.to_thread(self._play, fresh)
        return {one.url: one for one in raw}

    async def raw(self):
        """All articles in Kafka in their order, poison and heartbeats left out."""
        place = TopicPartition("articles.raw", 0)
        async with reader(self.settings.kafka) as consumer:
            end = (await consumer.end_offsets([place]))[place]
            consumer.assign([place])
            consumer.seek(place, self._read)
            while await consumer.position(place) < end:
                for record in (await consumer.getmany(timeout_ms=200)).get(place, ()):
                    with suppress(codec.CodecError, TypeError):
                        self._raw.append(codec.decode(record.value, Article))
            self._read = max(end, self._read)
        return [one for one in self._raw if not is_heartbeat(one)]

    def forget(self):
        """Begin the oracle anew: all that was in Kafka is gone."""
        self._played.clear()
        self._raw, self._read = [], 0
        self._player = Player(self._player._reader, ReplaySettings(alert=self.policy))

    def _play(self, articles):
        for event in self._player.play(articles):
            if event["type"] == "alert":
                self.expected[event["alert_id"]] = event["article_id"]

    async def all_polled(self):
        """Whether every entry of an answer that was read to its end is in Kafka, as it was published."""
        raw = await self.replayed()
        return all(link in raw for link in list(self.wire.served))

    def alerted(self, entry):
        """Whether the receiver has an alert of an entry."""
        links = {entry["link"], *(self.wire.mirror(entry, n)["link"] for n in range(1, 3))}
        ids = {article_id(canonical(link), "", "") for link in links}
        return any(event["data"]["article_id"] in ids for _, event in list(self.receiver.came))

    async def until_alerted(self, within, feeds=None):
        """Publish an article and return the seconds until it alerts."""
        entry = self.wire.publish(self.started, 1, feeds, fresh=True)
        begun = time.monotonic()
        try:
            await until(lambda: self.alerted(entry), within=within)
        except AssertionError:
            msg = f"{entry['link']} did not alert in {within:.0f} s: {await self.standing()}"
            raise AssertionError(msg) from None
        return time.monotonic() - begun

    async def standing(self):
        """Where all is: what was published and came, how the processes ended, and what waits for which stage."""
        found = await group_lags(self.settings.kafka)
        waiting = {stage: sum(lag.waiting for lag in of.values()) for stage, of in found.items()}
        published, came = sum(map(len, self.wire.entries)), len(self.receiver.came)
        return f"{published=} {came=} exits={self.keeper.exits} {waiting=}"

    async def settle(self, within=DRAIN_S, feeds=None):
        """Call when the fault is over: what became of everything, and whether the system is well again."""
        end = time.monotonic() + within
        recovery_s = await self.until_alerted(within, feeds)
        await until(self.all_polled, within=end - time.monotonic(), every=0.5)
        fresh_s = await self.until_alerted(FRESH_S, feeds)
        await self.replayed()
        # What comes too late or too often must have the time to come.
        while time.monotonic() < end and set(self.expected) - set(self.receiver.ids()):
            await asyncio.sleep(0.3)
            await self.replayed()
        await asyncio.sleep(1.0)
        return await self.reckoned(recovery_s, fresh_s)

    async def reckoned(self, recovery_s, fresh_s):
        """What came, held against what must come."""
        came = self.receiver.ids()
        return Outcome(
            lost=len(set(self.expected) - set(came)),
            unknown=len(set(came) - set(self.expected)),
            repeated=len(self.receiver.came) - len(came),
            second_ids=sum(len(ids) > 1 for ids in came.values()),
            quarantined=await self.quarantined(),
            recovery_s=round(recovery_s, 1),
            fresh_s=round(fresh_s, 1),
            alerts=len(came),
        )

    async def quarantined(self):
        """How many distinct records were set aside, over all topics."""
        topics = [name for name in all_topics() if name.endswith(QUARANTINE)]
        found = [await self.client.read(topic) for topic in topics]
        return sum(len({key for key, _ in records}) for records in found)


def _two_listeners(properties, proxy, data, port):
    """Kafka's properties with a listener for those who come through the proxy."""
    found = properties(data, port)
    found["listeners"] += f",PROXIED://127.0.0.1:{proxy.target}"
    found["advertised.listeners"] += f",PROXIED://127.0.0.1:{proxy.port}"
    found["listener.security.protocol.map"] += ",PROXIED:PLAINTEXT"
    return found
