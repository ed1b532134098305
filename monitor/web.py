"""Serve /metrics, /healthz, /readyz and /status of a process, on loopback unless configured otherwise."""

from __future__ import annotations

import os
import socket
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from monitor.errors import NotReachableError
from monitor.sharing import MULTIPROCESS_DIR


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How a process is. ``alive`` false: restart it. ``ready`` false: do not count on it yet. ``why`` says what is missing."""

    alive: bool = True
    ready: bool = True
    why: tuple[str, ...] = ()
    details: dict[str, object] = field(default_factory=dict)


HealthCheck = Callable[[], Awaitable[Health]]


def exposition() -> bytes:
    """Return the figures in Prometheus's text format: of all processes where they share a folder, else of this one."""
    if MULTIPROCESS_DIR not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # prometheus-client has no types here
    return generate_latest(registry)


def make_app(check: HealthCheck) -> Starlette:
    """Return the web application of one process."""

    async def metrics(_: Request) -> Response:
        return Response(exposition(), media_type=CONTENT_TYPE_LATEST)

    async def healthz(_: Request) -> Response:
        health = await check()
        return _answer(health, ok=health.alive)

    async def readyz(_: Request) -> Response:
        health = await check()
        return _answer(health, ok=health.alive and health.ready)

    async def status(_: Request) -> Response:
        health = await check()
        told = {"alive": health.alive, "ready": health.ready, "why": list(health.why)}
        return JSONResponse(told | {"details": health.details})

    pages = {"/metrics": metrics, "/healthz": healthz, "/readyz": readyz, "/status": status}
    return Starlette(routes=[Route(path, page) for path, page in pages.items()])


def _answer(health: Health, *, ok: bool) -> Response:
    told = {"status": "ok" if ok else "failing", "why": list(health.why)}
    return JSONResponse(told, status_code=200 if ok else 503)


def check_port(bind: str, port: int, key: str) -> int:
    """Return the port to serve at: the one given, or a free one for 0. ``key`` is its name in the configuration.

    Raises:
        NotReachableError: somebody else has it.
    """
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family) as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((bind, port))
        except OSError as exc:
            msg = (
                f"port {port} on {bind} is in use ({exc.strerror}); "
                f"set {key} in the configuration, or stop what has it"
            )
            raise NotReachableError(msg) from exc
        found: int = sock.getsockname()[1]
        return found


def make_server(
    app: Starlette, host: str, port: int, *, stop_s: int | None = None
) -> uvicorn.Server:
    """Return a server to be run with ``await server.serve()`` inside a loop that handles its own signals.

    No header of a request is believed to tell where it came from. Connections that are busy are cut
    ``stop_s`` seconds after a stop; ``None`` waits for them.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=stop_s,
    )
    return _QuietServer(config)


class _QuietServer(uvicorn.Server):
    """uvicorn without its signal handlers: the process that embeds it has its own."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Capture none."""
        yield
