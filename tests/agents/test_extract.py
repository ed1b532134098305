"""Articles are read beside each other and sent in order; what fails costs no neighbour."""

import asyncio

import pytest
from memory_kafka import Books, MemoryKafka
from quick_extract import EACH, report_of

from agents.extract import Behind, Extracting
from monitor.articles.normalise import article_from_entry
from monitor.children import ChildDied, DeadlineExceeded, OutOfMemory, TaskFailed
from schemas import codec
from schemas.article import Article, UniqueArticle
from schemas.mention import Mention
from schemas.quarantine import Quarantined
from schemas.reasons import DedupeReason, Outcome

SOURCE, OUT = "articles.unique", "incident.mentions"


def unique(number):
    article = article_from_entry(
        feed="f",
        source="s",
        title=f"t{number}",
        content="text",
        link=f"https://press.example/{number}",
    )
    return UniqueArticle(
        article=article, outcome=Outcome.NEW, reason=DedupeReason.FIRST_SEEN, cluster_id="c"
    )


class Children:
    """Answers as a pool does; earlier articles take longer, and some fail as told."""

    def __init__(self, failures=None):
        self.failures = failures or {}
        self.asked = []

    async def ask(self, raw):
        article = codec.decode(raw, Article)
        number = int(article.title[1:])
        self.asked.append(number)
        for _ in range(20 - number):
            await asyncio.sleep(0)
        planned = self.failures.get(number, [])
        if planned:
            raise planned.pop(0)
        return codec.encode(report_of(article))


async def run(numbers, failures=None, extra=()):
    kafka, books, children = MemoryKafka(), Books(), Children(failures)
    for number in numbers:
        kafka.put(SOURCE, unique(number))
    for raw in extra:
        kafka.put(SOURCE, raw)
    taker = Extracting(ask=children.ask, sender=kafka, metrics=books)
    await taker.batch(kafka.inbound(SOURCE, 0))
    sent = [codec.decode(v, Mention).article.title for _, v in kafka.topics[OUT, 0]]
    aside = [
        codec.decode(v, Quarantined).reason for _, v in kafka.topics[f"{SOURCE}.quarantine", 0]
    ]
    return sent, aside, books, children


async def test_mentions_leave_in_the_order_of_arrival():
    numbers = [n * EACH for n in range(6)]
    sent, aside, books, _ = await run(numbers)
    assert sent == [f"t{n}" for n in numbers]
    assert aside == []
    assert books.outcomes["passed", ""] == 6


async def test_mentions_leave_while_the_articles_behind_them_are_still_read():
    kafka, children, gate = MemoryKafka(), Children(), asyncio.Event()

    async def ask(raw):
        if codec.decode(raw, Article).title == "t6":
            await gate.wait()
        return await children.ask(raw)

    for number in (0, 3, 6, 9):
        kafka.put(SOURCE, unique(number))
    taker = Extracting(ask=ask, sender=kafka, metrics=Books())
    batch = asyncio.create_task(taker.batch(kafka.inbound(SOURCE, 0)))
    for _ in range(100):
        await asyncio.sleep(0)
    assert len(kafka.topics[OUT, 0]) == 2
    assert not batch.done()
    gate.set()
    await batch
    sent = [codec.decode(v, Mention).article.title for _, v in kafka.topics[OUT, 0]]
    assert sent == ["t0", "t3", "t6", "t9"]


async def test_article_that_says_nothing_is_dropped_with_a_reason():
    sent, _, books, _ = await run([1, 2])
    assert sent == []
    assert books.outcomes["dropped", "nothing_said"] == 2


@pytest.mark.parametrize(
    ("failures", "reason", "times"),
    [
        ([DeadlineExceeded("slow")], "deadline", 1),
        ([TaskFailed("raised")], "stage_raised", 1),
        ([OutOfMemory("big")], "child_died", 1),
        ([ChildDied("one"), ChildDied("two")], "child_died", 2),
    ],
)
async def test_failing_article_is_set_aside_and_its_neighbours_go_on(failures, reason, times):
    sent, aside, books, children = await run([0, 3, 6], {3: list(failures)})
    assert sent == ["t0", "t6"]
    assert aside == [reason]
    assert children.asked.count(3) == times
    assert books.entered == books.count("passed") + books.count("quarantined") == 3


async def test_article_whose_child_was_killed_is_read_by_another():
    sent, aside, _, children = await run([0, 3], {3: [ChildDied("killed")]})
    assert sent == ["t0", "t3"]
    assert aside == []
    assert children.asked.count(3) == 2


async def test_what_is_no_article_never_reaches_a_child():
    _, aside, _, children = await run([0], extra=[b"{", None])
    assert aside == ["not_decoded", "tombstone"]
    assert children.asked == [0]


async def test_backlog_waits_while_live_articles_are_in_work_and_goes_on_after_them():
    """A live article waits for one of the backlog's at most; the backlog is read in the end, all of it."""
    kafka, children = MemoryKafka(), Children()
    live, reading = (Extracting(ask=children.ask, sender=kafka, metrics=Books()) for _ in range(2))
    behind = Behind(reading=reading, live=live, at_once=1)
    for number in range(1, 4):
        kafka.put(SOURCE, unique(number))
        kafka.put("articles.backlog", unique(10 + number))
    await asyncio.gather(
        live.batch(kafka.inbound(SOURCE, 0)), behind.batch(kafka.inbound("articles.backlog", 0))
    )
    assert children.asked == [1, 2, 3, 11, 12, 13]


async def test_backlog_lets_live_articles_go_before_its_next_one():
    kafka, children = MemoryKafka(), Children()
    live, reading = (Extracting(ask=children.ask, sender=kafka, metrics=Books()) for _ in range(2))
    behind = Behind(reading=reading, live=live, at_once=1)
    for number in (11, 12, 13):
        kafka.put("articles.backlog", unique(number))
    kafka.put(SOURCE, unique(1))
    await asyncio.gather(
        behind.batch(kafka.inbound("articles.backlog", 0)), live.batch(kafka.inbound(SOURCE, 0))
    )
    assert children.asked == [11, 1, 12, 13]
