"""Readings of a few sentences, parsed by the pipeline in the package: what the tests of the readers share."""

from datetime import UTC, datetime

import pytest

from monitor.extract import Extractor
from monitor.extract.facts import Reading, Sentence
from monitor.extract.text import nlp
from schemas.article import Article


def _reading(*paragraphs, published="2024-05-15T10:00", offset=None):
    """Return the reading of an article with these paragraphs, published on Wednesday, May 15, 2024."""
    docs = nlp.parse(nlp.load(), paragraphs)
    spans = [(n, span) for n, doc in enumerate(docs) for span in doc.sents if span.text.strip()]
    sentences = tuple(
        Sentence(index=index, paragraph=paragraph, field="text", offset=0, span=span)
        for index, (paragraph, span) in enumerate(spans)
    )
    return Reading(
        article_id="test",
        source="test",
        published=published and datetime.fromisoformat(published).replace(tzinfo=UTC),
        utc_offset_minutes=offset,
        sentences=sentences,
    )


@pytest.fixture(scope="session")
def make_reading():
    return _reading


@pytest.fixture(scope="session")
def assembled():
    """A text, and a title, of Wednesday, May 15, 2024, as the extractor puts it together."""
    extractor = Extractor.load()

    def read(text, title=""):
        published = datetime(2024, 5, 15, tzinfo=UTC)
        return extractor.assembly(
            Article(article_id="a", source="s", title=title, text=text, published=published)
        )

    return read
