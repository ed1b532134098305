"""Serves a process's figures and health beside its work."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from agents.leaving import leave
from agents.settings import Settings
from monitor import web
from monitor.notify import Notifier


@asynccontextmanager
async def serving(settings: Settings, check: web.HealthCheck) -> AsyncIterator[None]:
    """Serve while the block runs, where a port is set; tell systemd too, where it started this process."""
    async with beside(Notifier().follow(check)):
        if settings.http_port is None:
            yield
            return
        server = web.make_server(web.make_app(check), settings.http_bind, settings.http_port)
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
