"""The board as a process: the view that follows Kafka, and the web application over it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import structlog
import uvicorn

from agents.corrections import TOPIC
from agents.emptied import leave_if_emptied
from agents.provision import await_kafka, provision
from agents.serving import beside, check_port, listening, serving
from agents.settings import from_config
from agents.stopping import run_until_signal
from agents.view import Follower, following
from agents.wire import Sender, message, utc_now
from monitor import metrics, policies, web
from monitor.board.api import Board
from monitor.board.app import make_board
from monitor.board.rules import access_of
from monitor.board.section import BoardSection
from monitor.board.store import Store, local_url, open_store
from monitor.config import Config
from monitor.reload import Reloading
from schemas.correction import Correction

log = structlog.get_logger(__name__)

WAIT_S = 0.5
"""How long a step waits for records where none are there; those that come end it at once."""
TIDY_S = 3600.0
STOP_S = 2
"""Streams never end by themselves: so long after a stop they are cut."""


def run(reloading: Reloading) -> None:
    """Run the board until SIGTERM or SIGINT."""
    asyncio.run(run_until_signal(_following(reloading), reloading.reload))


@asynccontextmanager
async def _following(reloading: Reloading) -> AsyncIterator[None]:
    """Run the board while the block runs, and have it take each new configuration over."""
    async with running(reloading.config) as board:
        reloading.on_change(partial(renew, board))
        yield


def renew(board: Board, config: Config) -> None:
    """Have a board heed a new configuration: who may read and correct, and what is told."""
    board.access = access_of(config.board)
    board.policy = policies.alert_policy(config)


def store_of(config: Config) -> Store:
    """Return the view's database that a configuration names."""
    database = config.board.database
    return open_store(database.get_secret_value() if database else local_url(config.state_dir))


@asynccontextmanager
async def running(config: Config) -> AsyncIterator[Board]:
    """Run the board while the block runs."""
    settings = from_config(config)
    metrics.initialise("board")
    check_port(settings)
    web.check_port(config.board.bind, config.board.port, "board.port")
    await await_kafka(settings.kafka)
    await provision(settings)
    store = store_of(config)
    async with AsyncExitStack() as stack:
        stack.callback(store.close)
        sender = Sender(settings.kafka)
        await sender.start()
        stack.push_async_callback(sender.stop)
        follower = await stack.enter_async_context(following(settings.kafka, store))
        view = View(follower=follower, store=store, keep=keep_of(config))
        board = make(config, store, sender)
        await stack.enter_async_context(beside(view.follow(board)))
        await stack.enter_async_context(beside(leave_if_emptied(settings.kafka)))
        await stack.enter_async_context(listening(_server(board, config.board)))
        await stack.enter_async_context(serving(settings, view.health))
        log.info("board runs", view=store.standing().view)
        yield board


def make(config: Config, store: Store, sender: Sender) -> Board:
    """Return the board of a configuration over a view."""

    async def publish(correction: Correction) -> None:
        await sender.send([message(TOPIC, correction.subject, correction)])

    return Board(
        store=store,
        access=access_of(config.board),
        policy=policies.alert_policy(config),
        clock=utc_now,
        publish=publish,
        public_url=config.board.public_url,
        embed=config.board.embed,
        tiles=config.board.tiles,
    )


def keep_of(config: Config) -> timedelta | None:
    """Return for how long the view keeps what changes no more, ``None`` for good."""
    return timedelta(days=config.board.keep_days) if config.board.keep_days else None


def _server(board: Board, section: BoardSection) -> uvicorn.Server:
    return web.make_server(make_board(board), section.bind, section.port, stop_s=STOP_S)


@dataclass(slots=True, kw_only=True)
class View:
    """Keeps the view up to date, and tells how it is."""

    follower: Follower
    store: Store
    keep: timedelta | None = None
    up_to_date: bool = False

    async def follow(self, board: Board) -> None:
        """Follow Kafka until cancelled, and tell the board's readers of each change."""
        tidied = 0.0
        while True:
            taken = await self.follower.step(WAIT_S)
            board.pulse.beat((await asyncio.to_thread(self.store.standing)).version)
            if taken:
                continue
            metrics.board_caught_up.set_to_current_time()
            if not self.up_to_date or asyncio.get_running_loop().time() - tidied > TIDY_S:
                await asyncio.to_thread(self._tidy, utc_now())
                tidied = asyncio.get_running_loop().time()
            self.up_to_date = True

    def _tidy(self, now: datetime) -> None:
        self.store.tidy(now)
        if self.keep is not None:
            self.store.forget_before(now - self.keep)

    async def health(self) -> web.Health:
        """Return how the view is: ready once it has caught up."""
        why = () if self.up_to_date else ("view: still reading what is in Kafka",)
        now = await asyncio.to_thread(self.store.standing)
        return web.Health(
            ready=self.up_to_date, why=why, details={"view": now.view, "version": now.version}
        )
