"""The page in a real browser: what people see, do and hear of it."""

import json
import os
from datetime import date, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from browsing import TOKEN, Served, Site, go, incident_of, needs_chromium, rows, sign_in, until
from newsroom import BOMBING, NOON, Newsroom, happened, told
from test_api import Desk

from monitor.board.store import open_store

pytestmark = [pytest.mark.slow, needs_chromium]
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")


def test_a_new_incident_appears_without_reload_and_is_announced(site, page):
    go(page, site)
    assert [r.split("·")[1].split(",")[0].strip() for r in rows(page)] == ["Aitaroun", "Kirkuk"]
    page.evaluate("window.stayed = true")
    text = "A bomb killed nine in Kirkuk."
    later = happened(text, killed=9, day=date(2026, 3, 12))
    site.publish("Wire", "Bomb kills nine", text, incidents=[later], hours=200)
    page.wait_for_selector(".row:has-text('Bomb kills nine')")
    assert len(rows(page)) == 3
    assert page.locator("li.fresh .row").inner_text().count("9 killed") == 1
    until(page, "document.getElementById('live').textContent.includes('Kirkuk')")
    until(page, "document.querySelector('.world').getAttribute('aria-label').startsWith('2 places')")  # fmt: skip
    assert page.evaluate("window.stayed")


def test_a_raised_toll_shows_on_the_open_page(site, page):
    go(page, site, f"/incidents/{incident_of(site, 'Kirkuk')}")
    assert page.locator("td.best").first.inner_text() == "6"
    text = "The toll of the bombing in Kirkuk rose to eight."
    site.publish("Gulf Wire", "Toll", text, incidents=[happened(text, killed=8)], hours=24)
    until(page, "document.querySelector('td.best').textContent === '8'")
    assert "6 → 8" in page.locator("table.changes").inner_text()


def test_filters_stand_in_the_address_and_come_back_from_it(site, page):
    go(page, site)
    page.get_by_text("Strikes", exact=True).click()
    until(page, "document.querySelectorAll('.row').length === 1")
    assert "Aitaroun" in rows(page)[0]
    assert page.url.endswith("?kind=strike")
    page.reload()
    page.wait_for_selector(".row")
    assert len(rows(page)) == 1
    page.get_by_role("button", name="Clear filters").click()
    until(page, "document.querySelectorAll('.row').length === 2")
    page.get_by_label("Country").select_option("IQ")
    until(page, "document.querySelectorAll('.row').length === 1")
    page.get_by_label("Country").select_option("")
    page.get_by_role("searchbox").fill("vegetable")
    until(page, "document.querySelectorAll('.row').length === 1")
    assert page.url.endswith("?q=vegetable")
    page.get_by_role("searchbox").fill("nowhere at all")
    page.wait_for_selector("text=Nothing fits these filters.")
    page.get_by_role("searchbox").fill("")
    page.get_by_text("More filters").click()
    page.get_by_label("Background and dismissed too").check()
    until(page, "document.querySelectorAll('.row').length === 3")


def test_days_are_chosen_by_dragging_over_the_timeline(site, page):
    for n in range(8):
        text = f"A bomb killed {n + 1} in Kirkuk."
        one = happened(text, killed=n + 1, day=(NOON + timedelta(days=4 * n + 4)).date())
        site.publish("Wire", f"Bomb {n}", text, incidents=[one], hours=24 * (4 * n + 4))
    go(page, site)
    box = page.locator(".timeline").bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.3, box["y"] + 30)
    page.mouse.up()
    until(page, "location.search.includes('since=2026-03-04')")
    until(page, "document.querySelectorAll('.row').length < 8")
    assert page.locator("input[name=since]").input_value() == "2026-03-04"


def test_the_evidence_is_highlighted_in_its_article(site, page):
    go(page, site)
    page.locator(".row:has-text('Kirkuk')").click()
    page.wait_for_selector(".report")
    page.locator(".report:has-text('Tigris Wire') button").first.click()
    page.wait_for_selector(".article mark")
    facts = page.locator(".article mark.fact").all_inner_texts()
    assert facts == ["car bomb exploded", "Kirkuk", "killing four people", "wounding 11 others"]
    assert BOMBING in page.locator(".article").inner_text()
    assert "copy of Tigris Wire" in page.locator(".report:has-text('Copy Post')").inner_text()


def test_why_it_alerted_or_did_not_is_told(site, page):
    go(page, site, f"/incidents/{incident_of(site, 'Mogadishu')}")
    assert "no alert: background" in page.get_by_role("region", name="Alerts").inner_text()
    go(page, site, f"/incidents/{incident_of(site, 'Kirkuk')}")
    changes = page.locator("table.changes").inner_text()
    assert "toll raised" in changes
    assert "new condemnation" in changes


def test_an_editor_merges_two_incidents(site, page):
    text = "A bomb killed nine in Kirkuk."
    later = happened(text, killed=9, day=date(2026, 3, 12))
    site.publish("Wire", "Bomb kills nine", text, incidents=[later], hours=200)
    second, _, first = (i["incident_id"] for i in site.desk.items("/api/incidents"))
    go(page, site, f"/incidents/{first}")
    assert page.get_by_role("region", name="Correct this").count() == 0
    sign_in(page)
    form = page.locator("form[data-act=merge]")
    form.get_by_role("textbox").fill(second)
    form.get_by_role("button").click()
    page.wait_for_selector("text=Sent. It shows here when the rules have taken it.")
    site.settle()
    page.wait_for_selector("section[aria-label='Merge history']")
    assert second in page.locator("section[aria-label='Merge history']").inner_text()
    go(page, site, f"/incidents/{second}")
    assert first in page.locator(".head .error").inner_text()
    go(page, site)
    assert len(rows(page)) == 2


def test_an_editor_sets_a_figure_and_takes_it_back(site, page):
    name = incident_of(site, "Kirkuk")
    go(page, site, f"/incidents/{name}")
    sign_in(page)
    form = page.locator("form[data-act=figure]")
    form.get_by_label("best").fill("5")
    form.get_by_role("button").click()
    page.wait_for_selector("text=Sent.")
    site.settle()
    until(page, "document.querySelector('td.best').textContent === '5'")
    page.get_by_role("button", name="Take back").click()
    page.wait_for_selector("text=Sent.")
    site.settle()
    until(page, "document.querySelector('td.best').textContent === '6'")


def test_a_refused_correction_says_why(site, page):
    go(page, site, f"/incidents/{incident_of(site, 'Kirkuk')}")
    sign_in(page)
    form = page.locator("form[data-act=merge]")
    form.get_by_role("textbox").fill("inc-0123")
    form.get_by_role("button").click()
    page.wait_for_selector("text=other not known")


def test_everything_is_reached_by_keyboard(site, page):
    go(page, site)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.classList.contains('row')"):
            break
    assert page.evaluate("document.activeElement.classList.contains('row')")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    page.wait_for_selector(".report")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-expanded') === 'false'"):
            break
    page.keyboard.press("Enter")
    page.wait_for_selector(".article")
    page.go_back()
    page.wait_for_selector(".row")


def test_the_map_is_moved_by_keyboard(site, page):
    go(page, site)
    page.wait_for_selector(".mark")
    page.locator(".map").focus()
    before = page.locator(".lines").get_attribute("transform")
    for key in ("+", "ArrowLeft"):
        page.keyboard.press(key)
        after = page.locator(".lines").get_attribute("transform")
        assert after != before
        before = after


def test_arabic_runs_from_right_to_left(site, page):
    go(page, site)
    page.get_by_role("button", name="العربية").click()
    page.wait_for_selector("text=الحوادث")
    assert page.evaluate("document.documentElement.dir") == "rtl"
    assert page.evaluate("document.documentElement.lang") == "ar"
    time, what = (page.locator(f".row {part}").first.bounding_box() for part in (".time", ".what"))
    assert time["x"] > what["x"]
    assert "غارة جوية" in rows(page)[0]
    page.reload()
    page.wait_for_selector("text=الحوادث")
    assert page.evaluate("document.body.scrollWidth <= innerWidth")


@pytest.mark.parametrize("path", ["/", "/incidents/{}", "/statements", "/tallies", "/alerts"])
@pytest.mark.parametrize(("scheme", "language"), [("light", "en"), ("dark", "ar")])
def test_axe_finds_nothing_serious(site, page, path, scheme, language):
    page.emulate_media(color_scheme=scheme)
    go(page, site, path.format(incident_of(site, "Kirkuk")) + f"?lang={language}")
    if "{" in path:
        sign_in_quietly(page)
        page.locator(".report button").first.click()
        page.wait_for_selector(".article mark")
    page.wait_for_timeout(200)
    found = axe.Axe().run(page).response["violations"]
    serious = [
        (one["id"], [node["target"] for node in one["nodes"]][:3])
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
    assert serious == []


def sign_in_quietly(page):
    """With the token already in the tab, so that the editor's forms are looked at too."""
    page.evaluate(f"sessionStorage.setItem('board-token', '{TOKEN}')")
    page.reload()
    page.wait_for_selector(".editor")


@pytest.mark.parametrize("path", ["/", "/incidents/{}"])
def test_a_phone_needs_no_scrolling_sideways(site, page, path):
    page.set_viewport_size({"width": 360, "height": 740})
    go(page, site, path.format(incident_of(site, "Kirkuk")))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_embedded_it_is_the_list_and_the_map(site, page):
    go(page, site, "/?embed&country=IQ")
    assert not page.locator("#top").is_visible()
    assert not page.locator(".filters").is_visible()
    assert len(rows(page)) == 1
    with page.context.expect_page() as opened:
        page.locator(".row").click()
    opened.value.wait_for_selector(".report")


def test_hostile_words_are_only_words(lite, page):
    room = Newsroom()
    bad = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"
    text = f"{bad} A bomb killed two."
    one = happened(text, killed=2, quote=bad, marks=(("killed", "killed two"),), weapon=bad)
    room.publish(bad, bad, text, incidents=[one], url="javascript:document.title='owned'")
    desk = Desk(lite, room, requests_per_minute=100_000)
    with Served(desk) as url:
        site = Site(desk, url)
        go(page, site)
        assert bad in page.locator(".row .title").inner_text()
        page.locator(".row").click()
        page.wait_for_selector(".report")
        page.locator(".report button").click()
        page.wait_for_selector(".article mark")
        assert page.locator("main img, main script").count() == 0
        links = page.locator("a.outside")
        assert links.count() == 0
        assert "owned" not in page.title()
        page.goto("about:blank")


def test_links_to_sources_tell_nothing_and_carry_no_trust(site, page):
    go(page, site, f"/incidents/{incident_of(site, 'Kirkuk')}")
    link = page.locator(".report a.outside").first
    assert link.get_attribute("rel") == "noopener noreferrer nofollow"
    assert link.get_attribute("href").startswith("https://tigris-wire.example/")


def test_a_board_that_is_read_with_a_token_asks_for_it(lite, page):
    desk = Desk(lite, told(), tokens=["reader-token-0123456789"], requests_per_minute=100_000)
    with Served(desk) as url:
        page.goto(url)
        page.get_by_label("Token").fill("reader-token-0123456789")
        page.locator("dialog").get_by_role("button", name="Sign in").click()
        page.wait_for_selector(".row")
        page.wait_for_selector(".state.open")
        # A page that is left does not listen again to a server that has gone.
        page.goto("about:blank")
    page.wrong[:] = [line for line in page.wrong if "401" not in line]


@pytest.fixture(scope="module")
def crowded(tmp_path_factory):
    """A view of 10,000 incidents of one town each."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('view') / 'view.sqlite'}")
    store.prepare("a cluster")
    desk = Desk(store, many(10_000), requests_per_minute=100_000)
    with Served(desk) as url:
        yield Site(desk, url)
    store.close()


def many(count):
    """A stand-in for a newsroom with many incidents; each delta is written as the track stage writes one."""
    path = Path(__file__).parents[2] / "benchmarks/board.py"
    namespace = {"__name__": "benchmark"}
    exec(compile(path.read_text(), str(path), "exec"), namespace)

    return SimpleNamespace(records=list(namespace["deltas"](count)))


def test_the_first_view_of_ten_thousand_incidents_is_light(crowded, page):
    """Issue 11: under 200 kB, finer outlines and provinces of a near view included; time is told elsewhere."""
    sizes = {}
    page.on("response", lambda answer: sizes.setdefault(answer.url, answer))
    go(page, crowded)
    page.wait_for_selector(".mark")
    page.wait_for_selector(".bar")
    until(page, "performance.getEntriesByName(location.origin + '/static/world-50.json').length")
    received = sum(
        answer.request.sizes()["responseBodySize"] + answer.request.sizes()["responseHeadersSize"]
        for url, answer in sizes.items()
        if "/api/stream" not in url
    )
    assert len(rows(page)) == 50
    assert received < 200_000, json.dumps({u: a.request.sizes()["responseBodySize"] for u, a in sizes.items() if "stream" not in u})  # fmt: skip


if os.environ.get("BOARD_SCREENSHOT"):

    def test_screenshot(site, page):
        """Write the README's picture: ``BOARD_SCREENSHOT=path pytest tests/board/test_web.py -k screenshot``."""
        go(page, site)
        page.wait_for_selector(".mark")
        page.screenshot(path=os.environ["BOARD_SCREENSHOT"])
