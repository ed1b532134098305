"""A real browser on a board that is served on loopback: fixtures and what tests of the page have in common."""

import asyncio
import shutil
import threading
import time
from dataclasses import dataclass

import pytest
from newsroom import told
from test_api import Desk

from monitor.incidents.corrections import mention_of
from monitor.web import check_port, make_server

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync"
).split()
TOKEN = "editor-token-0123456789"
needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="Chromium is not installed (Debian: chromium)"
)


@pytest.fixture(scope="module")
def browser():
    """A running Chromium. For a module and no longer: while it runs, no test of this process has a loop of its own."""
    sync_api = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
    with sync_api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield running
        running.close()


@dataclass
class Site:
    """A board that is served on loopback, with the newsroom behind it."""

    desk: Desk
    url: str

    def publish(self, *args, **more):
        """Have something come from Kafka, as the board's process would."""
        self.desk.board.pulse.beat(self.desk.store.apply(self.desk.room.publish(*args, **more)))

    def settle(self):
        """Have the track stage take what editors sent."""
        for correction in self.desk.sent:
            version = self.desk.store.apply(self.desk.room.correct(mention_of(correction)))
            self.desk.board.pulse.beat(version)
        self.desk.sent.clear()


class Served:
    """The web application in a thread with a loop of its own; a beat of the pulse is handed over to that loop."""

    def __init__(self, desk, port=0):
        self.port = check_port("127.0.0.1", port, "a test's port")
        self.desk = desk
        self.loop = asyncio.new_event_loop()
        self.server = make_server(desk.client.app, "127.0.0.1", self.port, stop_s=1)
        self.thread = threading.Thread(target=self._run)
        beat = desk.board.pulse.beat
        desk.board.pulse.beat = lambda version: self.loop.call_soon_threadsafe(beat, version)

    def _run(self):
        self.loop.run_until_complete(self._serve())
        self.loop.close()

    async def _serve(self):
        await self.server.serve()
        # As the end of its process would.
        for connection in list(self.server.server_state.connections):
            connection.transport.abort()

    def __enter__(self):
        self.thread.start()
        while not self.server.started:
            self.thread.join(0.01)
        return f"http://127.0.0.1:{self.port}"

    def __exit__(self, *exc):
        self.server.should_exit = True
        self.thread.join(10)


@pytest.fixture
def site(lite):
    desk = Desk(lite, told(), requests_per_minute=100_000)
    with Served(desk) as url:
        yield Site(desk, url)


@pytest.fixture
def page(browser):
    """A page that fails the test on any error of its own."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", timezone_id="UTC")  # fmt: skip
    opened = context.new_page()
    opened.set_default_timeout(10_000)
    wrong = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    opened.wrong = wrong
    yield opened
    context.close()
    assert [w for w in wrong if "404" not in w and "409" not in w] == []


def rows(page):
    return [row.inner_text() for row in page.locator(".row .what").all()]


def until(page, held, within=10.0):
    """Wait until an expression holds. Playwright's own way evaluates words, which the page's CSP forbids."""
    end = time.monotonic() + within
    while not page.evaluate(held):
        assert time.monotonic() < end, held
        page.wait_for_timeout(50)


def go(page, site, path="/"):
    page.goto(site.url + path)
    page.wait_for_selector(".row, .page, .items li, .tally, .empty")
    page.wait_for_selector(".state.open", state="attached")


def incident_of(site, name):
    items = site.desk.items("/api/incidents?background=true")
    return next(i["incident_id"] for i in items if i["place"]["name"] == name)


def sign_in(page):
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Token").fill(TOKEN)
    page.locator("dialog").get_by_role("button", name="Sign in").click()
    page.wait_for_selector("text=Sign out (Noor)")
