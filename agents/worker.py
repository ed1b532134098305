"""Runs stages in one process until it is told to stop: topics first, then apps, then the web server."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from importlib import import_module

import structlog

from agents.counting import Counting
from agents.emptied import leave_if_emptied
from agents.health import Watch
from agents.leaving import leave
from agents.measuring import measure_stages, measuring
from agents.provision import await_kafka, provision
from agents.rows import Rows
from agents.service import Service, Tools
from agents.serving import beside, check_port, leave_if_failed, serving
from agents.settings import Settings, from_config
from agents.stopping import run_until_signal
from agents.tracing import tracing
from agents.wire import Sender
from monitor import metrics
from monitor.config import Config
from monitor.reload import Reloading
from monitor.stage import STAGES

log = structlog.get_logger(__name__)

_QUIET = ("faust", "mode")
"""Libraries that tell of every start and stop of each of their parts, twenty for an app."""


def run(reloading: Reloading, stages: Sequence[str] = STAGES) -> None:
    """Run stages in this process until SIGTERM or SIGINT."""
    asyncio.run(run_until_signal(_following(reloading, stages), reloading.reload))


@asynccontextmanager
async def _following(reloading: Reloading, stages: Sequence[str]) -> AsyncIterator[None]:
    """Run stages while the block runs, and have them take each new configuration over."""
    async with working(from_config(reloading.config), stages) as services:
        # What delivers may refuse a sink, so it is asked first: else nothing has changed.
        takers = [service.renew for service in reversed(services) if service.renew is not None]

        def renew(config: Config) -> None:
            for take in takers:
                take(from_config(config))

        reloading.on_change(renew)
        yield


def make_services(tools: Tools, stages: Sequence[str]) -> list[Service]:
    """Return the services of stages; each stage's module is imported only where it runs."""
    return [import_module(f"agents.{stage}").build(tools) for stage in stages]


@asynccontextmanager
async def working(settings: Settings, stages: Sequence[str]) -> AsyncIterator[list[Service]]:
    """Run stages while the block runs."""
    metrics.initialise("worker")
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    check_port(settings)
    await await_kafka(settings.kafka)
    if created := await provision(settings):
        log.info("topics created", topics=list(created))
    async with AsyncExitStack() as stack:
        tracer = stack.enter_context(tracing(settings.tracing, "worker"))
        sender = Sender(settings.kafka)
        await sender.start()
        stack.push_async_callback(sender.stop)
        tools = Tools(
            settings=settings,
            sender=sender,
            rows=Rows(settings.kafka),
            metrics=Counting(),
            tracer=tracer,
        )
        services = make_services(tools, stages)
        watch = Watch(settings=settings, services=services)
        stack.push_async_callback(_stop, services)
        await asyncio.gather(*(_start(service) for service in services))
        look = partial(measure_stages, services, tools)
        await stack.enter_async_context(beside(watch.run()))
        await stack.enter_async_context(beside(leave_if_emptied(settings.kafka)))
        await stack.enter_async_context(beside(measuring("worker", settings, look)))
        await stack.enter_async_context(serving(settings, watch.health))
        # The first thing that a stop does: what else runs here may take seconds to end on a busy machine.
        stack.push_async_callback(_stop_taking, services)
        log.info("all stages run", stages=list(stages))
        yield services


async def _start(service: Service) -> None:
    if service.start is not None:
        await service.start()
    await service.app.start()
    end = asyncio.create_task(_leave_with(service))
    end.add_done_callback(leave_if_failed)
    log.info("stage runs", stage=service.stage)


async def _stop_taking(services: Sequence[Service]) -> None:
    """Stop taking records, and commit what is done; the second time nothing is left to do."""
    await asyncio.gather(*(service.app.stop() for service in services if service.app.started))


async def _stop(services: Sequence[Service]) -> None:
    """Stop taking records first, and then what the stages run beside their apps."""
    await _stop_taking(services)
    await asyncio.gather(*(service.stop() for service in services if service.stop is not None))


async def _leave_with(service: Service) -> None:
    """End the process when the stage's app has crashed: Faust would only log it and idle."""
    await service.app.wait_until_stopped()
    if (crash := service.app.crash_reason) is not None:
        leave(f"{service.stage} crashed: {crash!r}")
