"""Articles of the project's own making, and a bench on which they are judged one after the other."""

from datetime import UTC, datetime, timedelta

import pytest

from monitor.articles.address import canonical
from monitor.dedupe.book import DedupeBook
from monitor.dedupe.policy import DedupePolicy
from monitor.dedupe.rules import judge
from schemas.article import Article

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
TITLE = "Car bomb kills four in Tal Afar market"
TEXT = (
    "A car bomb exploded near a crowded market in the northern city of Tal Afar on Tuesday, killing four people and "
    "wounding at least 11, police said.\n"
    "The vehicle was parked outside a bakery on the road that leads to the hospital, a police colonel said on condition "
    "of anonymity. Ambulances carried the wounded away while soldiers closed the street to traffic.\n"
    "No group claimed responsibility for the blast, but fighters of Islamic State have carried out similar attacks "
    "around Tal Afar. The governor of Nineveh, Mahmoud Al-Jubouri, called for calm and promised an investigation into "
    "how the vehicle passed three checkpoints between Sinjar and Tal Afar."
)


def article(number, *, title=TITLE, text=TEXT, url=None, source="Wire A", days=0, **more):
    return Article(
        article_id=f"a{number}",
        source=source,
        title=title,
        text=text,
        url=canonical(url or f"https://wire-a.example/story/{number}"),
        published=NOON + timedelta(days=days),
        **more,
    )


@pytest.fixture
def make():
    """A maker of articles."""
    return article


@pytest.fixture
def text():
    return TEXT


class Bench:
    """A book and the articles judged against it, rows put after each as an agent would."""

    def __init__(self):
        self.book = DedupeBook()
        self.policy = DedupePolicy()

    def __call__(self, given, offset=None):
        step = judge(self.book, given, self.policy, offset=offset)
        for key, row in step.rows:
            self.book.put(key, row)
        return step.outputs[0]


@pytest.fixture
def bench():
    return Bench()
