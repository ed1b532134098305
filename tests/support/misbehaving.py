"""Ten receivers, each with a fault of its own, a deliverer that is killed at seeded moments, and what must hold then."""

import asyncio
import random
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from endpoints import (
    Endpoint,
    answers_by_the_byte,
    answers_without_end,
    asks_to_wait,
    fails_twice,
    hangs_once,
    is_gone,
    own_certificate,
    points_at,
    takes,
    takes_and_loses_the_answer,
)
from kafka_tools import Client, Process, until
from made_alerts import known, made

from agents import admin
from monitor.sinks.rules import webhook_id
from schemas import codec
from schemas.reasons import Attempt

BEHAVIOURS = {
    "healthy": takes,
    "fails": fails_twice,
    "hangs": hangs_once,
    "busy": asks_to_wait,
    "forgets": takes_and_loses_the_answer,
    "away": takes,
    "endless": answers_without_end,
    "drips": answers_by_the_byte,
}
"""Those that take everything in the end; ``away`` refuses until half of the alerts are out."""
NOTICE = b'"type":"news.monitor.sink.disabled.v1"'
WHILE_IT_RUNS = 0.75
AT_ONCE = 4
"""Attempts of one sink that a kill can cut off."""


def message(number):
    """Two alerts of each incident, in three partitions or so."""
    subject, incident = f"country:{'IQ SY YE LB PS'.split()[number % 5]}", f"inc-{number // 2}"
    alert = made(
        number, subject=subject, incident_id=incident, incident=known(incident_id=incident)
    )
    return subject.encode(), codec.encode(alert)


@dataclass
class Scene:
    """The receivers, the deliverer and Kafka. ``patience`` stretches the waits on a busy machine."""

    settings: object
    folder: object
    patience: float = 1.0
    endpoints: dict = field(default_factory=dict)
    elsewhere: Endpoint = field(default_factory=Endpoint)
    kills: int = 0
    loads: int = 0
    sent: int = 0
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def __aenter__(self):
        await self._stack.enter_async_context(self.elsewhere)
        self.endpoints = {name: Endpoint(behave=b) for name, b in BEHAVIOURS.items()}
        self.endpoints["moved"] = Endpoint(behave=points_at(self.elsewhere.url))
        self.endpoints["gone"] = Endpoint(behave=is_gone)
        self.endpoints["untrusted"] = Endpoint(tls=own_certificate(self.folder))
        for name, endpoint in self.endpoints.items():
            if name == "away":
                async with endpoint:
                    pass
            else:
                await self._stack.enter_async_context(endpoint)
        self.worker = Process(
            "worker_main.py",
            self.settings,
            self.folder,
            stages=["deliver"],
            sinks=[
                {
                    "name": n,
                    "url": e.url,
                    "allow_private": ["127.0.0.0/8"],
                    # On a busy machine a receiver that is slow for a second does not hang.
                    "timeout_s": self.patience,
                }
                for n, e in self.endpoints.items()
            ],
        ).start()
        self._stack.callback(self.worker.kill)
        return self

    async def __aexit__(self, *exc):
        await self._stack.aclose()

    async def runs(self):
        """Wait until the deliverer has begun, the first time."""
        await until(lambda: self.worker.logged("stage runs"), within=60 * self.patience)

    async def send(self, count):
        given = [message(n) for n in range(self.sent, self.sent + count)]
        await Client(self.settings.kafka).send("alerts", given)
        self.sent += count

    async def open_the_closed(self):
        await self._stack.enter_async_context(self.endpoints["away"])

    async def kill_after(self, seconds, *, running):
        """Kill the deliverer so long after it was started, or after its partitions are loaded."""
        if running:
            await until(lambda: self._loaded() > self.loads, within=60 * self.patience)
        await asyncio.sleep(seconds)
        self.worker.kill()
        self.kills += 1
        self.loads = self._loaded()
        self.worker.start()

    def _loaded(self):
        return self.worker.logged('"rows loaded"')

    def ids(self, sink):
        return {webhook_id(f"alr-{n}", sink) for n in range(self.sent)}

    async def settles(self):
        """Wait until all who take anything have taken everything."""
        waiting = [n for n in BEHAVIOURS if not self.ids(n) <= set(self.endpoints[n].taken)]
        end = asyncio.get_running_loop().time() + 120 * self.patience
        while waiting:
            assert asyncio.get_running_loop().time() < end, f"not all has come to {waiting}"
            await asyncio.sleep(0.2)
            waiting = [n for n in waiting if not self.ids(n) <= set(self.endpoints[n].taken)]

    async def check(self):
        """What must hold, whatever was killed when."""
        for name, endpoint in self.endpoints.items():
            bodies = endpoint.bodies()
            others = set(bodies) - self.ids(name)
            assert all(NOTICE in body for i in others for body in bodies[i]), f"{name}: another id"
            # A kill may come before it is known that the sink is gone, and another alert shows it then.
            assert len(others) <= 1 + self.kills
            assert all(len(b) == 1 for b in bodies.values()), f"{name} got other bytes"
        assert self.elsewhere.posts == [], "a redirect was followed"
        assert self.repeats("healthy") <= AT_ONCE * self.kills
        assert len(self.endpoints["gone"].posts) <= AT_ONCE * (self.kills + 1)
        await until(self._all_known, within=60 * self.patience, every=0.5)

    def repeats(self, name):
        return sum(self.endpoints[name].taken.values()) - len(self.endpoints[name].taken)

    async def _all_known(self):
        """Nothing is lost: of every alert it is known for each sink whether it came, waits or failed."""
        found = await admin.deliveries(self.settings.kafka)
        outcomes = {name: {} for name in self.endpoints}
        for delivery in found:
            if delivery.webhook_id in self.ids(delivery.sink):
                outcomes[delivery.sink][delivery.webhook_id] = delivery.outcome
        if any(set(outcomes[n]) != self.ids(n) for n in outcomes):
            return False
        ended = {name: set(outcomes[name].values()) for name in outcomes}
        waits = {Attempt.PENDING, Attempt.RETRY}
        assert ended["moved"] <= waits
        assert ended["untrusted"] <= waits
        return ended["gone"] == {Attempt.DISABLED} and all(
            ended[name] == {Attempt.DELIVERED} for name in BEHAVIOURS
        )


async def play(scene, *, alerts, kills, seed):
    """Send alerts while the deliverer is killed at seeded moments; the closed receiver opens half way."""
    rng = random.Random(seed)
    await scene.runs()
    parts = max(1, kills)
    for part in range(parts):
        await scene.send(alerts // parts + (part < alerts % parts))
        if part == parts // 2:
            await scene.open_the_closed()
        if part < kills:
            # One kill in four comes while the deliverer starts.
            running = rng.random() < WHILE_IT_RUNS
            await scene.kill_after(rng.uniform(0.05, 3.0), running=running)
    await scene.settles()
    await scene.check()
