"""Serve /metrics, /healthz, /readyz and /status of a process, on loopback unless configured otherwise."""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Awaitable, Callable, Collection, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

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


def is_answered(host: str, hosts: Collection[str]) -> bool:
    """Return whether a ``Host`` is answered: an address, a name without a dot (localhost, a container's), or one of ``hosts``.

    DNS rebinding: a page of a name that resolves to this machine would read what is here as its own, and only this
    header tells. Such a name has a dot.
    """
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return False
    if not name or name in hosts:
        return bool(name)
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return "." not in name
    return True


class _Guard:
    """ASGI middleware: answers names of its own only, and takes no body, since no page here reads one."""

    def __init__(self, app: ASGIApp, hosts: Collection[str]) -> None:
        self._app = app
        self._hosts = {name.lower() for name in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        app = self._app
        if not is_answered(headers.get("host", "localhost"), self._hosts):
            app = _refusal("another name than this machine's", 421)
        elif headers.get("content-length", "0") != "0" or "transfer-encoding" in headers:
            app = _refusal("no body is taken here", 413)
        await app(scope, receive, send)


def _refusal(told: str, status: int) -> Response:
    # Closed, so that nothing of a body is waited for.
    return PlainTextResponse(f"{told}\n", status_code=status, headers={"Connection": "close"})


def make_app(check: HealthCheck, hosts: Collection[str] = ()) -> Starlette:
    """Return the web application of one process; ``hosts`` are names that it is reached by."""

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
    routes = [Route(path, page) for path, page in pages.items()]
    return Starlette(routes=routes, middleware=[Middleware(_Guard, hosts=hosts)])


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
