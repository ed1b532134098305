"""Serves a process's figures and health beside its work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import structlog
import uvicorn

from agents.leaving import leave
from agents.settings import Settings
from monitor import web
from monitor.notify import Notifier

log = structlog.get_logger(__name__)


def check_port(settings: Settings) -> None:
    """See, before anything is begun, whether the port for figures and health can be had.

    Raises:
        NotReachableError: another process has it; two on one machine need ports of their own.
    """
    if settings.http_port is not None:
        web.check_port(settings.http_bind, settings.http_port, "http.port")


@asynccontextmanager
async def serving(settings: Settings, check: web.HealthCheck) -> AsyncIterator[None]:
    """Serve while the block runs, where a port is set; tell systemd too, where it started this process."""
    async with beside(Notifier().follow(check)):
        if settings.http_port is None:
            yield
            return
        port = web.check_port(settings.http_bind, settings.http_port, "http.port")
        app = web.make_app(check, settings.http_hosts)
        server = web.make_server(app, settings.http_bind, port)
        log.info("figures and health are served", bind=settings.http_bind, port=port)
        async with listening(server):
            yield


@asynccontextmanager
async def listening(server: uvicorn.Server) -> AsyncIterator[None]:
    """Run a server while the block runs, and stop it in good order."""
    task = asyncio.create_task(server.serve())
    task.add_done_callback(leave_if_failed)
    try:
        yield
    finally:
        server.should_exit = True
        await asyncio.wait([task])


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Do something that never ends while the block runs; the process ends where it fails."""
    task = asyncio.create_task(work)
    task.add_done_callback(leave_if_failed)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])


def leave_if_failed(task: asyncio.Task[None]) -> None:
    """End the process where a task that must go on has failed; to be used as its done callback."""
    if not task.cancelled() and (exc := task.exception()) is not None:
        leave(f"background task failed: {exc!r}")
