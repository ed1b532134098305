"""``news-monitor up``: start ordinary processes, show how they do, print alerts, serve metrics and health.

| on a terminal | piped |
| --- | --- |
| a live line of status below the alerts | alerts only, one line each |
"""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path

import httpx
from rich.console import Console
from rich.live import Live
from rich.text import Text

from monitor import hangup, metrics
from monitor.cli.parent import PARENT
from monitor.config import ENV_PREFIX, Config, find_file
from monitor.demo.server import outlets
from monitor.errors import MonitorError
from monitor.feeds import sources
from monitor.notify import Notifier
from monitor.reload import Reloading
from monitor.supervisor import ChildFailedError, ChildSpec, ChildState, Supervisor, memory_mb
from monitor.terminal import Outlet
from monitor.web import Health, check_port, make_app, make_server

LOOK_S = 1.0
READY_S = 90.0
MOST_WAITING = 100
"""Alerts that wait for the terminal here; those after them wait in the workers, whose console sink tries again."""


def run(reloading: Reloading, *, config_path: Path | None, demo: bool, outlet: Outlet) -> None:
    """Run until SIGINT or SIGTERM; ``outlet`` is that of standard output.

    Raises:
        MonitorError: a process cannot run; the text says why.
    """
    metrics.initialise("up")
    plan = Plan(reloading.config, config_path, demo=demo)
    try:
        asyncio.run(_run(plan, reloading, outlet))
    except ChildFailedError as exc:
        # Its last words begin as ours will.
        name, _, words = str(exc).partition(": ")
        msg = f"{name}: {words.removeprefix('news-monitor: ')}"
        raise MonitorError(msg) from exc


def free_port() -> int:
    """Return a port on loopback that is free now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


class Plan:
    """Which processes to run, with which environment."""

    def __init__(self, config: Config, config_path: Path | None, *, demo: bool) -> None:
        """Choose ports and write the demo's configuration where it is asked for."""
        self.config = config
        self.demo = demo
        self.local = not config.kafka.bootstrap_servers
        self.health_ports: dict[str, int] = {}
        board = config.board
        self.board_port = (
            check_port(board.bind, board.port, "board.port") if board.enabled else None
        )
        self._demo_port = free_port() if demo else 0
        self._path = config_path or find_file(None, cwd=Path.cwd(), env=os.environ)
        if demo:
            self._path = self._demo_file()

    def specs(self) -> list[ChildSpec]:
        """Return the processes in the order in which they are started."""
        found = [self._broker()] if self.local else []
        if self.demo:
            found.append(self._spec("demo-feed", "demo-feed", "--port", str(self._demo_port)))
        names = ["worker"] if self.config.workers == 1 else _numbered(self.config.workers)
        found += [self._spec(name, "worker", port=free_port()) for name in names]
        found.append(self._spec("poller", "poller", port=free_port()))
        if self.config.board.enabled:
            found.append(self._spec("board", "board", port=free_port()))
        return found

    def _broker(self) -> ChildSpec:
        from monitor.broker.probe import serves

        async def ready() -> bool:
            return await asyncio.to_thread(serves, "127.0.0.1", self.config.broker.port)

        return self._spec("broker", "broker", ready=ready, fatal=frozenset({65, 78}))

    def _spec(
        self,
        name: str,
        *argv: str,
        port: int | None = None,
        ready: Callable[[], Awaitable[bool]] | None = None,
        fatal: frozenset[int] = frozenset({78}),
    ) -> ChildSpec:
        if port is not None:
            self.health_ports[name] = port
        command = (sys.executable, "-m", "monitor", *argv)
        env = self._env(port)
        # Those with health of their own are the monitor's own: worker, poller, board.
        return ChildSpec(
            name=name, argv=command, env=env, ready=ready, reloads=port is not None, fatal=fatal
        )

    def _env(self, port: int | None) -> Mapping[str, str]:
        env = {PARENT: str(os.getpid()), f"{ENV_PREFIX}STATE_DIR": str(self.config.state_dir)}
        if self._path is not None:
            env[f"{ENV_PREFIX}CONFIG"] = str(self._path)
        if self.local:
            server = f'["127.0.0.1:{self.config.broker.port}"]'
            env[f"{ENV_PREFIX}KAFKA__BOOTSTRAP_SERVERS"] = server
            env[f"{ENV_PREFIX}BROKER__PORT"] = str(self.config.broker.port)
        if port is not None:
            env[f"{ENV_PREFIX}HTTP__PORT"] = str(port)
        if self.board_port is not None:
            env[f"{ENV_PREFIX}BOARD__PORT"] = str(self.board_port)
        return env

    def _demo_file(self) -> Path:
        path = self.config.state_dir / "demo.toml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            "# Written by `news-monitor up --demo`.\n"
            "[poll]\nlists = []\ninterval_s = 2\nmin_interval_s = 1\n"
            'allow_private = ["127.0.0.0/8"]\nfull_text = "off"\n'
            + "".join(
                f'\n[[feeds]]\nurl = "http://127.0.0.1:{self._demo_port}{page}"\nname = "{name}"\n'
                for page, name in outlets().items()
            ),
            encoding="utf-8",
        )
        return path


def _numbered(count: int) -> list[str]:
    return [f"worker-{i}" for i in range(1, count + 1)]


class Screen:
    """What a person sees: alerts as they come, and on a terminal one line of status below them."""

    def __init__(self, console: Console, outlet: Outlet) -> None:
        """Write to ``console``, whose texts go through ``outlet``."""
        self.console = console
        self.alerts = 0
        self.left_out = 0
        self.status = Text("starting")
        self.live = Live(self.status, console=console, auto_refresh=False, transient=True)
        self._outlet = outlet

    async def on_line(self, name: str, line: str) -> None:
        """Print what a worker's console sink wrote; while the terminal takes nothing, the worker waits and loses nothing.

        Where the worker ends meanwhile, this is cancelled, and what it had told counts as left out.
        """
        if name.startswith("worker") and line:
            self.alerts += 1
            try:
                while self._outlet.waiting >= MOST_WAITING:  # noqa: ASYNC110  a thread writes
                    await asyncio.sleep(LOOK_S)
            except asyncio.CancelledError:
                self.left_out += 1
                raise
            self.console.print(Text(line), soft_wrap=True)

    def show(self, text: str) -> None:
        """Set the line of status; the latest one is enough for a terminal that takes nothing."""
        self.status = Text(text, style="dim", overflow="ellipsis", no_wrap=True)
        if self._outlet.waiting:
            return
        if self.left_out:
            told = (
                f"(alerts left out: {self.left_out}; `news-monitor incidents` has what they told)"
            )
            self.console.print(Text(told), soft_wrap=True)
            self.left_out = 0
        self.live.update(self.status, refresh=True)


async def _run(plan: Plan, reloading: Reloading, outlet: Outlet) -> None:
    config = plan.config
    console = Console(highlight=False)
    screen = Screen(console, outlet)
    supervisor = Supervisor(plan.specs(), config.state_dir / "logs", screen.on_line)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, supervisor.stop)
    # Read whole before any child is told: what is wrong is refused for all of them.
    reloading.on_change(sources.from_config)
    reloading.on_change(lambda _: supervisor.reload())
    hangup.heed(loop, reload=reloading.reload, stop=supervisor.stop)
    watch = Watch(supervisor, plan)
    port = check_port(config.http.bind, config.http.port, "http.port")
    server = make_server(make_app(watch.health, config.http.hosts), config.http.bind, port)
    serving = asyncio.create_task(server.serve())
    _say_where(console, plan, port)
    showing = asyncio.create_task(_show(screen, watch))
    telling = asyncio.create_task(Notifier().follow(watch.health))
    try:
        if console.is_terminal:
            with screen.live:
                await supervisor.run()
        else:
            await supervisor.run()
    finally:
        showing.cancel()
        telling.cancel()
        await watch.close()
        server.should_exit = True
        await serving


def _say_where(console: Console, plan: Plan, port: int) -> None:
    config = plan.config
    base = f"http://{config.http.bind}:{port}"
    if plan.board_port is not None:
        own = f"http://{config.board.bind}:{plan.board_port}"
        console.print(f"board: {config.board.public_url or own}/", soft_wrap=True)
    console.print(f"news-monitor: metrics {base}/metrics, health {base}/healthz", soft_wrap=True)
    console.print(f"state and logs in {config.state_dir}; stop with Ctrl-C", soft_wrap=True)


async def _show(screen: Screen, watch: Watch) -> None:
    while True:
        health = await watch.health()
        screen.show(watch.line(health, screen.alerts))
        await asyncio.sleep(LOOK_S)


class Watch:
    """Looks at the children: whether they live, and what they say of themselves."""

    def __init__(self, supervisor: Supervisor, plan: Plan) -> None:
        """Ask each child at the port that the plan gave it."""
        self._supervisor = supervisor
        self._ports = plan.health_ports
        self._client = httpx.AsyncClient(timeout=2.0, trust_env=False)
        self._since = time.monotonic()
        self._ready_once = False

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.aclose()

    async def health(self) -> Health:
        """Return how the whole is: ready when every child says so, alive while every child runs."""
        told = dict(
            zip(self._ports, await asyncio.gather(*map(self._ask, self._ports)), strict=True)
        )
        down = [c.spec.name for c in self._supervisor.children if not c.running]
        unready = [name for name, status in told.items() if not status.get("ready")]
        failing = [name for name, status in told.items() if status.get("alive") is False]
        self._ready_once = self._ready_once or not (down or unready)
        starting = not self._ready_once and time.monotonic() - self._since < READY_S
        why = [f"{name} is not running" for name in down]
        why += [f"{name} is not ready" for name in unready if name not in down]
        why += [f"{n}: {w}" for n, s in told.items() for w in _words(s.get("why"))]
        return Health(
            alive=starting or not (down or failing),
            ready=not (down or unready),
            why=tuple(why),
            details={
                "children": {c.spec.name: _child(c) for c in self._supervisor.children},
                **told,
            },
        )

    async def _ask(self, name: str) -> dict[str, object]:
        try:
            answer = await self._client.get(f"http://127.0.0.1:{self._ports[name]}/status")
            status: dict[str, object] = answer.json()
        except (httpx.HTTPError, ValueError):
            return {"ready": False}
        return status

    def line(self, health: Health, alerts: int) -> str:
        """Return the line of status for a terminal."""
        state = "watching" if health.ready else "starting: " + ", ".join(health.why[:2])
        up_s = int(time.monotonic() - self._since)
        clock = f"{up_s // 3600}:{up_s // 60 % 60:02}:{up_s % 60:02}"
        memory = memory_mb(self._supervisor.children)
        return f"{clock}  {state}  |  alerts {alerts}  |  memory {memory:.0f} MB"


def _words(value: object) -> list[str]:
    return [str(v) for v in value] if isinstance(value, list) else []


def _child(child: ChildState) -> dict[str, object]:
    return {"running": child.running, "starts": child.starts, "last_exit": child.last_exit}
