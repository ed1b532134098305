"""Entries and JSON lines to articles: good ones kept as they stand, bad ones told by field."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.articles.normalise import (
    ArticleError,
    FieldError,
    NotAnObjectError,
    TooLargeError,
    article_from_entry,
    article_from_input,
    article_id,
    parse_time,
)
from monitor.articles.text import MAX_TEXT_CHARS
from schemas.article import Article
from schemas.codec import decode, encode
from schemas.reasons import TextOrigin

LINE = {
    "id": "x1",
    "title": "T &amp; U",
    "text": "<b>a</b>  b",
    "published": "2026-03-01T10:00:00+03:00",
}


def test_a_line_keeps_text_and_title_as_they_stand():
    """Evidence is told in characters of the text that was given."""
    article = article_from_input(LINE)
    assert (article.article_id, article.title, article.text) == ("x1", "T &amp; U", "<b>a</b>  b")


def test_published_is_utc_and_its_offset_is_kept():
    article = article_from_input(LINE)
    assert article.published == datetime(2026, 3, 1, 7, tzinfo=UTC)
    assert article.utc_offset_minutes == 180


def test_without_source_the_host_is_the_source():
    assert article_from_input(LINE | {"url": "https://www.example.org/a"}).source == "example.org"


def test_without_id_the_address_makes_it():
    line = {k: v for k, v in LINE.items() if k != "id"}
    one = article_from_input(line | {"url": "https://example.org/a?utm_source=x"})
    other = article_from_input(line | {"url": "http://www.example.org/a/"})
    assert one.article_id == other.article_id
    assert one.article_id == article_id("https://example.org/a", "", "")


@pytest.mark.parametrize("missing", ["title", "text", "published", "url", "source"])
def test_a_missing_field_is_empty(missing):
    assert article_from_input({**LINE, missing: None}).article_id == "x1"


@pytest.mark.parametrize(
    ("bad", "error", "told"),
    [
        (["x"], NotAnObjectError, "list"),
        ("x", NotAnObjectError, "str"),
        (None, NotAnObjectError, "NoneType"),
        ({**LINE, "id": 5}, FieldError, '"id"'),
        ({**LINE, "title": ["x"]}, FieldError, '"title"'),
        ({**LINE, "text": {"x": 1}}, FieldError, '"text"'),
        ({**LINE, "published": 1_700_000_000}, FieldError, '"published"'),
        ({**LINE, "url": 5.5}, FieldError, '"url"'),
        ({**LINE, "text": "x" * (MAX_TEXT_CHARS + 1)}, TooLargeError, "4000001"),
    ],
)
def test_what_is_wrong_is_told_by_field(bad, error, told):
    with pytest.raises(error, match=told):
        article_from_input(bad)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-01", datetime(2026, 3, 1, tzinfo=UTC)),
        ("2026-03-01T10:00:00Z", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("2026-03-01 10:00:00", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 10:00:00 +0000", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("Sun, 01 Mar 2026 10:00:00 GMT", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("", None),
        ("yesterday", None),
        ("0000-00-00", None),
        ("9999-12-31T23:59:59-14:00", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("99999999999999999999", None),
    ],
)
def test_times(text, expected):
    assert parse_time(text) == expected


def test_an_unreadable_date_leaves_the_article_undated_with_its_words():
    article = article_from_input(LINE | {"published": "some day"})
    assert (article.published, article.published_raw) == (None, "some day")


def test_a_lone_surrogate_keeps_the_length():
    """One character stands for one, so that spans hold, and the record can be written."""
    article = article_from_input(LINE | {"text": "a\ud800b"})
    assert len(article.text) == 3
    assert decode(encode(article), Article) == article


@given(
    st.dictionaries(
        st.sampled_from(
            ["id", "title", "text", "published", "url", "source", "guid", "fetched_at"]
        ),
        st.one_of(st.none(), st.integers(), st.text(max_size=40)),
    )
)
def test_a_line_is_an_article_or_a_clear_error(line):
    try:
        article = article_from_input(line)
    except ArticleError as exc:
        assert str(exc)  # noqa: PT017 - either way is fine, a bare crash is not
        return
    assert decode(encode(article), Article) == article


def entry(**more):
    fields = {
        "feed": "https://example.org/rss",
        "source": "Example",
        "title": "Six &amp; <b>seven</b>",
        "content": "<p>One.</p><p>Two &lt;3.</p>",
        "link": "https://www.example.org/a?utm_medium=rss",
        "guid": "g1",
    }
    return article_from_entry(**(fields | more))


def test_an_entry_is_cleaned():
    article = entry()
    assert (article.title, article.text) == ("Six & seven", "One.\nTwo <3.")
    assert (article.url, article.given_url) == (
        "https://example.org/a",
        "https://www.example.org/a?utm_medium=rss",
    )


def test_an_entry_at_another_address_of_the_page_is_the_same_article():
    there = entry(canonical_link="https://example.org/real/7")
    assert there.url == "https://example.org/real/7"


def test_a_page_cannot_pass_for_another_host_s():
    """rel=canonical of a hostile page must not take another outlet's id."""
    assert entry(canonical_link="https://victim.example/story").url == "https://example.org/a"


def test_an_entry_without_link_is_known_by_source_and_guid():
    assert entry(link=None).article_id == entry(link=None, content="other").article_id
    assert entry(link=None).article_id != entry(link=None, source="Other").article_id


def test_an_entry_with_an_empty_text_says_so():
    assert entry(content="<img src=x>").text_origin is TextOrigin.NONE


def test_an_entry_s_time_is_utc():
    at = datetime(2026, 3, 1, 10, tzinfo=timezone(timedelta(hours=3)))
    article = entry(published=at)
    assert (article.published, article.utc_offset_minutes) == (
        datetime(2026, 3, 1, 7, tzinfo=UTC),
        180,
    )
