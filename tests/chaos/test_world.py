"""The oracle is only as sharp as its articles: each of them must alert by itself."""

from datetime import UTC, datetime

import pytest
from world import articles, cities

from monitor.articles.normalise import article_from_input
from monitor.extract import Extractor
from monitor.replay import Player


@pytest.mark.slow
def test_every_article_of_the_load_alerts_once():
    count = 80
    given = [
        article_from_input(
            {
                "id": str(number),
                "title": one["title"],
                "text": one["text"],
                "published": one["at"].isoformat(),
                "url": one["link"],
                "source": "press",
            }
        )
        for number, one in enumerate(articles(count, datetime(2026, 3, 1, 12, tzinfo=UTC)))
    ]
    alerts = [e for e in Player(Extractor.load()).play(given) if e["type"] == "alert"]
    assert len({a["article_id"] for a in alerts}) == len(alerts) == count


def test_there_are_cities_enough_for_a_run():
    assert len(cities()) > 1000
