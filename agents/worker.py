"""Runs stages in one process until it is told to stop: topics first, then apps, then the web server."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import import_module
from typing import Any

import structlog

from agents.counting import Counting
from agents.health import Watch
from agents.leaving import leave
from agents.provision import await_kafka, provision
from agents.rows import Rows
from agents.service import Service, Tools
from agents.settings import STAGES, Settings, from_config
from agents.wire import Sender
from monitor import metrics, web
from monitor.config import Config

log = structlog.get_logger(__name__)

STOP_S = 25.0
"""A stop in good order takes 1 to 2 s; what takes longer is ended hard, and nothing is lost by that."""

_QUIET = ("faust", "mode")
"""Libraries that tell of every start and stop of each of their parts, twenty for an app."""


def run(config: Config, stages: Sequence[str] = STAGES) -> None:
    """Run stages in this process until SIGTERM or SIGINT."""
    asyncio.run(_run_until_signal(from_config(config), stages))


async def _run_until_signal(settings: Settings, stages: Sequence[str]) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with working(settings, stages):
        await stop.wait()
        log.info("stopping", stages=list(stages))
        # A batch that never ends must not keep the process: kill -9 is safe by design.
        loop.call_later(STOP_S, leave, "the stop took too long")
    log.info("stopped")


def make_services(tools: Tools, stages: Sequence[str]) -> list[Service]:
    """Return the services of stages; each stage's module is imported only where it runs."""
    return [import_module(f"agents.{stage}").build(tools) for stage in stages]


@asynccontextmanager
async def working(settings: Settings, stages: Sequence[str]) -> AsyncIterator[list[Service]]:
    """Run stages while the block runs."""
    metrics.initialise()
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    await await_kafka(settings.kafka)
    if created := await provision(settings):
        log.info("topics created", topics=list(created))
    async with AsyncExitStack() as stack:
        sender = Sender(settings.kafka)
        await sender.start()
        stack.push_async_callback(sender.stop)
        tools = Tools(
            settings=settings, sender=sender, rows=Rows(settings.kafka), metrics=Counting()
        )
        services = make_services(tools, stages)
        watch = Watch(settings=settings, services=services)
        for service in services:
            await _start(service, stack)
        await _in_background(watch.run(), stack)
        if settings.http_port is not None:
            server = web.make_server(
                web.make_app(watch.health), settings.http_bind, settings.http_port
            )
            await _in_background(server.serve(), stack)
        yield services


async def _start(service: Service, stack: AsyncExitStack) -> None:
    if service.start is not None:
        await service.start()
    if service.stop is not None:
        stack.push_async_callback(service.stop)
    await service.app.start()
    stack.push_async_callback(service.app.stop)
    await _in_background(_leave_with(service), stack)
    log.info("stage runs", stage=service.stage)


async def _leave_with(service: Service) -> None:
    """End the process when the stage's app has crashed: Faust would only log it and idle."""
    await service.app.wait_until_stopped()
    if (crash := service.app.crash_reason) is not None:
        leave(f"{service.stage} crashed: {crash!r}")


async def _in_background(work: Coroutine[Any, Any, None], stack: AsyncExitStack) -> None:
    task = asyncio.create_task(work)

    async def end() -> None:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task

    task.add_done_callback(_leave_if_failed)
    stack.push_async_callback(end)


def _leave_if_failed(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (exc := task.exception()) is not None:
        leave(f"background task failed: {exc!r}")
