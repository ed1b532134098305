"""A word that guns and bombs share is a shot where the article tells of shots alone."""

from datetime import UTC, datetime

import pytest

from monitor.extract import Extractor
from schemas.article import Article


@pytest.fixture(scope="module")
def type_of():
    extractor = Extractor.load()

    def read(text):
        article = Article(
            article_id="a",
            source="s",
            title="",
            text=text,
            published=datetime(2024, 5, 15, tzinfo=UTC),
        )
        return extractor.read(article).incidents[0].event_type

    return read


@pytest.mark.parametrize(
    ("text", "event_type"),
    [
        ("A boy was shot in Tulsa on Monday when his uncle's pistol went off.", "armed_attack"),
        ("A man was shot on Monday in Akron. Neighbours heard the blast of a shotgun.", "armed_attack"),
        ("A bomb went off in Kabul on Monday. Guards shot a man who ran away.", "ied"),
        ("A blast killed two people in Quetta on Monday.", "ied"),
        ("Two men were shot in Akron on Monday. Police said the rounds struck a bus.", "armed_attack"),
    ],
)  # fmt: skip
def test_blast_of_a_gun_is_a_shot(type_of, text, event_type):
    assert type_of(text) == event_type
