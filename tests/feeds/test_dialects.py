"""Every dialect and many scripts: a document beside what it says, both as files."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.articles.text import one_line, plain
from monitor.feeds import jsonfeed
from monitor.feeds.digest import read
from monitor.feeds.entries import oldest_first
from monitor.feeds.tasks import Task

DATA = Path(__file__).parent / "data"
NOW = datetime(2024, 3, 5, 12, tzinfo=UTC)
FILES = sorted(path.name for path in DATA.iterdir() if not path.name.endswith(".expected.json"))


def expected(name):
    return json.loads((DATA / f"{name}.expected.json").read_text(encoding="utf-8"))


def digest(name):
    told = expected(name)
    return read(
        Task(
            body=(DATA / name).read_bytes(),
            url=told.get("url", "http://news.example/feed"),
            content_type=told["content_type"],
            now=NOW,
        )
    )


def said(entry, asked):
    found = {
        "title": one_line(entry.title),
        "link": entry.link,
        "published": entry.published.isoformat() if entry.published else None,
        "content": plain(entry.content),
        "id": entry.id,
        "language": entry.language,
    }
    return {name: found[name] for name in asked}


@pytest.mark.parametrize("name", FILES)
def test_a_document_is_read_as_it_is_meant(name):
    told, found = expected(name), digest(name)
    assert found.problem is None
    assert found.document.dialect == told["dialect"]
    for field in ("hub", "topic"):
        assert getattr(found.document, field) == told.get(field, "") or field not in told
    assert list(found.document.children) == told.get("children", [])
    if "titles_include" in told:
        assert set(told["titles_include"]) <= {one_line(e.title) for e in found.selection.new}
        return
    entries = {e.row: e for e in found.selection.new}
    assert len(entries) == len(told["entries"])
    for asked in told["entries"]:
        match = [e for e in entries.values() if said(e, asked) == asked]
        assert match, (asked, [said(e, asked) for e in entries.values()])


def test_twelve_encodings_and_scripts_are_covered():
    assert sum(name.startswith("script-") for name in FILES) >= 12


def test_every_expectation_has_its_document():
    given = {p.name.removesuffix(".expected.json") for p in DATA.glob("*.expected.json")}
    assert given == set(FILES)


def test_dated_entries_leave_oldest_first():
    new = digest("rss-2.0-dates.xml").selection.new
    dates = [e.published for e in new if e.published]
    assert dates == sorted(dates)
    assert oldest_first(new)[-1].published is None


@pytest.mark.parametrize("hubs", ["5", '"x"', "{}", "[5]", '[{"url": 7}]', "null"])
def test_hubs_that_are_none_cost_a_json_feed_no_entry(hubs):
    text = f'{{"hubs": {hubs}, "items": [{{"id": "a", "title": "T"}}]}}'
    found = jsonfeed.parse(text, url="https://a.example/", now=NOW)
    assert [entry.id for entry in found.entries] == ["a"]
