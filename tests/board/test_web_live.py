"""The page in a real browser: evidence of each fact, the map's layers, and a server that goes and comes back."""

from datetime import date

import pytest
from browsing import Served, Site, go, incident_of, needs_chromium, rows, until
from newsroom import happened, told
from test_api import Desk

pytestmark = [pytest.mark.slow, needs_chromium]

TILES = "http://127.0.0.1:9/tiles/{z}/{x}/{y}.png"
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63"
    "f8cfc0f01f00050001ff89993d1d0000000049454e44ae426082"
)
"""One red pixel (PNG)."""


@pytest.mark.parametrize(
    ("name", "expected"),
    [("6", "six killed"), ("11", "wounding 11 others"), ("Kirkuk, Iraq", "Kirkuk"), ("Bombing", "car bomb exploded")],
)  # fmt: skip
def test_a_fact_leads_to_its_words_in_the_article(site, page, name, expected):
    go(page, site, f"/incidents/{incident_of(site, 'Kirkuk')}")
    page.get_by_role("button", name=name, exact=True).click()
    page.wait_for_selector("mark.told")
    assert expected in page.locator("mark.told").all_inner_texts()
    assert page.evaluate("document.activeElement.classList.contains('article')")


def test_a_fact_without_words_of_its_own_leads_to_the_quoted_sentence(site, page):
    go(page, site, f"/incidents/{incident_of(site, 'Kirkuk')}")
    page.get_by_role("button", name="car bomb", exact=True).click()
    page.wait_for_selector(".article mark")
    told_of = page.locator(".article").inner_text()
    assert "A car bomb exploded" in told_of


def test_a_change_and_a_statement_lead_to_their_article(site, page):
    go(page, site, f"/incidents/{incident_of(site, 'Kirkuk')}")
    page.locator("table.changes tr:has-text('raised') button").click()
    page.wait_for_selector("mark.told")
    assert page.locator("mark.told").inner_text() == "six killed"
    said = page.get_by_role("region", name="Statements")
    said.get_by_role("button", name="Show evidence").click()
    said.locator(".article mark").first.wait_for()
    assert "We condemn" in said.locator(".article mark").first.inner_text()


def test_what_comes_meanwhile_leaves_the_focus_and_the_evidence_where_they_are(site, page):
    go(page, site, f"/incidents/{incident_of(site, 'Kirkuk')}")
    page.locator(".report button").first.click()
    page.wait_for_selector(".article mark")
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
    text = "The toll of the bombing in Kirkuk rose to eight."
    site.publish("Gulf Wire", "Toll", text, incidents=[happened(text, killed=8)], hours=24)
    until(page, "document.querySelector('td.best').textContent === '8'")
    assert page.evaluate("document.activeElement.getAttribute('aria-expanded')") == "true"
    page.wait_for_selector(".article mark")


def test_provinces_are_drawn_of_countries_in_view_alone(site, page):
    asked = []
    page.on("request", lambda one: asked.append(one.url.rpartition("/")[2]))
    go(page, site)
    page.wait_for_selector(".province", state="attached")
    until(page, "document.querySelectorAll('.province').length === 2")
    assert sorted(name for name in asked if name.startswith("provinces-")) == [
        "provinces-IQ.json", "provinces-LB.json",
    ]  # fmt: skip
    for _ in range(8):
        page.get_by_role("button", name="Zoom out").click()
    assert page.locator(".inner").get_attribute("visibility") == "hidden"
    assert page.locator("path.disputed").get_attribute("d").startswith("M")
    dashes = page.evaluate("getComputedStyle(document.querySelector('.disputed')).strokeDasharray")
    assert dashes.startswith("3px")


def test_tiles_are_asked_for_where_they_are_configured(lite, page):
    asked = []

    def answer(route):
        asked.append((route.request.url, route.request.headers.get("referer")))
        route.fulfill(body=PICTURE, content_type="image/png")

    page.route("http://127.0.0.1:9/**", answer)
    tiles = {"url": TILES, "attribution": "Somebody <b>", "attribution_url": "https://example.org/"}
    desk = Desk(lite, told(), requests_per_minute=100_000, tiles=tiles)
    with Served(desk) as url:
        go(page, Site(desk, url))
        until(page, "[...document.querySelectorAll('.tiles img')].length > 3 && [...document.querySelectorAll('.tiles img')].every((one) => one.naturalWidth === 1)")  # fmt: skip
        assert page.locator(".attribution a").inner_text() == "Somebody <b>"
        assert page.locator(".land").is_hidden()
        assert page.locator(".disputed").evaluate("one => getComputedStyle(one).display") != "none"
        assert {referer for _, referer in asked} == {url + "/"}
        zooms = {address.split("/")[4] for address, _ in asked}
        page.get_by_role("button", name="Zoom in").click()
        page.get_by_role("button", name="Zoom in").click()
        until(page, "[...document.querySelectorAll('.tiles img')].every((one) => one.complete)")
        assert {address.split("/")[4] for address, _ in asked} > zooms
        page.goto("about:blank")


def test_without_tiles_nothing_is_loaded_from_elsewhere(site, page):
    asked = []
    page.on("request", lambda one: asked.append(one.url))
    go(page, site)
    page.wait_for_selector(".mark")
    assert all(address.startswith(site.url) for address in asked)
    assert page.locator(".tiles, .attribution").count() == 0


def test_the_page_listens_again_to_a_server_that_went_and_came_back(lite, page):
    """What came while it was away is told then."""
    desk = Desk(lite, told(), requests_per_minute=100_000)
    first = Served(desk)
    with first as url:
        site = Site(desk, url)
        go(page, site)
    page.wait_for_selector(".state:not(.open)", state="attached")
    text = "A bomb killed nine in Kirkuk."
    later = happened(text, killed=9, day=date(2026, 3, 12))
    desk.store.apply(desk.room.publish("Wire", "Nine killed", text, incidents=[later], hours=200))
    again = Desk(lite, desk.room, requests_per_minute=100_000)
    with Served(again, first.port):
        again.board.pulse.beat(lite.standing().version)
        page.wait_for_selector(".state.open", state="attached", timeout=20_000)
        page.wait_for_selector(".row:has-text('Nine killed')")
        assert len(rows(page)) == 3
        page.goto("about:blank")
    page.wrong[:] = [line for line in page.wrong if "ERR_" not in line]


def test_a_server_that_falls_silent_is_left_and_asked_again(lite, page, monkeypatch):
    """A connection that is cut without a word looks open for ever."""
    monkeypatch.setattr("monitor.board.stream.KEEP_ALIVE_S", 10_000)
    desk = Desk(lite, told(), requests_per_minute=100_000)
    asked = []
    page.on("request", lambda one: asked.append(one.url) if "/api/stream" in one.url else None)
    page.clock.install()
    with Served(desk) as url:
        go(page, Site(desk, url))
        page.clock.fast_forward(41_000)
        page.wait_for_selector(".state:not(.open)", state="attached")
        page.clock.fast_forward(5_000)
        page.wait_for_selector(".state.open", state="attached")
        assert len(asked) == 2
        page.goto("about:blank")
