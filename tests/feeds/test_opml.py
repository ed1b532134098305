"""OPML in and out: nested, dirty, and equal after a round trip."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds import opml, sources
from monitor.feeds.book import FeedBook, imported
from monitor.feeds.feed import Feed, FullText, SourceKind
from monitor.feeds.opml import Fate, OpmlError

NESTED = b"""<?xml version="1.0"?><opml version="1.0"><head><title>x</title></head><body>
<outline text="Iraq"><outline text="Local">
  <outline text="One" type="rss" xmlUrl="http://one.example/feed" htmlUrl="http://one.example/" language="ar"/>
  <outline title="Two" XMLURL="feed://two.example/rss"/>
</outline></outline>
<outline text="One again" xmlUrl="http://one.example/feed"/>
<outline text="Three" xmlUrl="ftp://three.example/feed"/>
<outline text="Four" xmlUrl="feed:https://four.example/feed"><outline text="Inside" xmlUrl="http://in.example/"/></outline>
<outline text="Bad" xmlUrl="http://bad.example/" xmlns:nm="urn:news-monitor:opml:1" nm:interval="soon"/>
<outline text="A folder"/>
</body></opml>"""


def test_each_outline_has_its_fate():
    found = opml.read(NESTED)
    assert [(line.url, line.fate) for line in found] == [
        ("http://one.example/feed", Fate.TAKEN),
        ("https://two.example/rss", Fate.TAKEN),
        ("http://one.example/feed", Fate.TWICE),
        ("ftp://three.example/feed", Fate.NOT_WEB),
        ("https://four.example/feed", Fate.TAKEN),
        ("http://in.example/", Fate.TAKEN),
        ("http://bad.example/", Fate.BAD_VALUE),
    ]
    assert found[0].number == 3
    assert found[0].feed.folder == ("Iraq", "Local")


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=20)
FEEDS = st.builds(
    Feed,
    url=st.integers(0, 10**6).map(lambda n: f"https://news.example/{n}?a=1&b=2"),
    name=TEXT,
    language=st.sampled_from([None, "ar", "en"]),
    country=st.sampled_from([None, "IQ"]),
    kind=st.sampled_from([None, *SourceKind]),
    interval_s=st.sampled_from([None, 60.0, 900.0]),
    full_text=st.sampled_from([None, *FullText]),
    proxy=st.sampled_from([None, "http://proxy.example:3128"]),
    site=st.sampled_from(["", "https://news.example/"]),
    folder=st.lists(TEXT, max_size=3).map(tuple),
)


@given(st.lists(FEEDS, unique_by=lambda f: f.url, max_size=8))
def test_what_is_written_is_read_again_equal(feeds):
    again = opml.feeds(opml.write(feeds))
    assert sorted(again, key=lambda f: f.url) == sorted(feeds, key=lambda f: f.url)
    assert opml.write(again) == opml.write(opml.feeds(opml.write(again)))


@pytest.mark.parametrize(
    "raw", [b"", b"hello", b"<rss/>", b"<opml/>", b"\xff\xfe\x00", b"<html><body/></html>"]
)
def test_what_is_no_opml_is_told(raw):
    with pytest.raises(OpmlError):
        opml.feeds(raw)


def test_entities_and_depth_do_no_harm():
    bomb = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><body><outline text="&a;" xmlUrl="http://x.example/"/></body></opml>'
    (feed,) = opml.feeds(bomb)
    assert "root" not in feed.name
    deep = b"<opml><body>" + b"<outline text='x'>" * 5000 + b"</body></opml>"
    assert opml.feeds(deep) == ()


@pytest.mark.parametrize("name", sources.list_names())
def test_each_shipped_source_has_language_country_and_kind(name):
    found = sources.from_list(name)
    assert found
    for feed in found:
        assert feed.name
        assert feed.language
        assert feed.kind in set(SourceKind)
        assert feed.country or feed.kind == SourceKind.UN


def test_the_lists_are_there():
    assert set(sources.list_names()) == {
        "default",
        "iraq",
        "middle-east",
        "ukraine",
        "sudan",
        "sahel",
        "south-asia",
        "world",
    }
    assert len(sources.from_list("default")) == 20


def test_the_book_takes_feeds_in_and_out(tmp_path):
    book = FeedBook(tmp_path / "state" / "feeds.opml")
    one, two = Feed(url="http://a.example/"), Feed(url="http://b.example/", folder=("x",))
    assert book.add([one, two]) == (one, two)
    assert book.add([one]) == ()
    assert book.remove(one.url)
    assert not book.remove(one.url)
    assert [feed.url for feed in book.feeds()] == [two.url]


def test_an_import_tells_what_is_there_already():
    fates = imported(opml.read(NESTED), ["http://one.example/feed"])
    assert fates[0].fate is Fate.KNOWN
    assert fates[0].feed is None
