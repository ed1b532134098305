"""The digest tells the counts, the days, the places and the words, and no source's word becomes markup."""

import xml.etree.ElementTree as ET
from datetime import timedelta

from newsroom import NOON, Newsroom, condemned, happened, told

from monitor.board import gather, queries
from monitor.board.build import incident_of
from monitor.board.digest import html, markdown, world_map
from monitor.board.gather import between, digest_of

SINCE, UNTIL = NOON - timedelta(days=1), NOON + timedelta(days=3)


def made(store, room):
    store.apply(room.records)
    page = queries.incident_page(store, between(SINCE, UNTIL), after=None, limit=50)
    return digest_of(store, tuple(map(incident_of, page)), SINCE, UNTIL, 5)


def test_markdown_tells_it_all(lite):
    text = markdown(made(lite, told()))
    assert "2 incidents became known (1 strikes, 1 attacks): 9 killed, 11 injured" in text
    assert "| Iraq | 1 | 6 |" in text
    assert text.index("6 killed") < text.index("Aitaroun")
    assert "**Turkey** condemn:" in text
    assert "55 → 70 → 103" in text
    days = next(line for line in text.splitlines() if line.startswith("incidents  "))
    assert days.removeprefix("incidents  ") == " █   "


def test_html_holds_a_map_and_a_chart_and_loads_nothing(lite):
    text = html(made(lite, told()))
    assert text.count("<svg") == 2
    assert "Map of 2 places" in text
    assert "src=" not in text
    assert "http" not in text.replace("http-equiv", "")


def test_the_map_is_a_drawing_around_its_places(lite):
    drawing = ET.fromstring(world_map(made(lite, told()).incidents))
    x, y, width, height = map(float, drawing.get("viewBox").split())
    circles = drawing.findall(".//circle")
    assert len(circles) == 2
    for circle in circles:
        assert x < float(circle.get("cx")) < x + width
        assert y < float(circle.get("cy")) < y + height
    assert world_map(()) == ""


def test_a_time_that_has_gone_is_told_whatever_was_said_since(lite, monkeypatch):
    """`report --until 30d` must not come out empty since more was said in the last month than a page holds."""
    room = told()
    for hours in (200, 201, 202):
        again = happened("A blast.", quote="the blast", day=NOON.date() + timedelta(days=8))
        said = condemned("We condemn the blast.", name=f"State {hours}")
        room.publish("Late Post", "A blast", "A blast.", incidents=[again], statements=[said], hours=hours)  # fmt: skip
    monkeypatch.setattr(gather, "MAX_PAGE", 2)
    assert [one.statement.speaker.name for one in made(lite, room).statements] == ["Turkey"]


def test_hostile_words_stay_words(lite):
    room = Newsroom()
    bad = "<script>alert(1)</script> [x](javascript:y) | *z*"
    text = f"{bad} killed two."
    room.publish(bad, bad, text, incidents=[happened(text, killed=2, quote=bad)])
    digest = made(lite, room)
    assert "<script" not in html(digest)
    assert "<script" not in markdown(digest).replace("\\<script", "")
    assert "\\[x\\]\\(javascript:y\\) \\| \\*z\\*" in markdown(digest)


def test_nothing_happened(lite):
    digest = made(lite, Newsroom())
    assert "0 incidents became known" in markdown(digest)
    assert "<svg" in html(digest)
