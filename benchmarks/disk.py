"""Bytes that an article leaves on the broker's disk, topic by topic, measured on the real local Kafka.

    python benchmarks/disk.py [--articles 2000]

Articles of the generated stream (``dedupe_stream``: copies, corrections, twins, of 410 words) go through dedupe, extraction,
track, alert and delivery to a receiver that refuses. Then the segments of each topic are measured. Of compacted topics the
latest row under each key is counted, which is what stays; their log of steps is left out, as it has 1,024 slots. An article that *tells* is one that made a mention: all of the stream
tell of violence, while of the world's news about one in ten does; so what comes after extraction is given for such a one.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dedupe_stream import Item, Stream
from pipeline import READS, Client, Process, drained, free_port, until

from agents.deliveries import KEPT_ENDED
from agents.provision import provision
from agents.settings import KafkaSettings, Settings
from monitor.articles.normalise import article_from_entry
from monitor.broker import LocalBroker
from monitor.incidents.policy import TrackPolicy
from schemas import codec
from schemas.cards import Card, cards
from schemas.mention import Mention

TELLING = 0.1
"""The share of the world's news that tells of violence, statements on it or tolls, roughly."""
BEFORE_READING = ("articles.raw", "articles.unique", "articles.backlog", "dedupe.fingerprints")
DAYS_OPEN = TrackPolicy().hot_age.days
"""For so long rows of incidents, and of what was announced of them, are kept after their last report."""
DAYS_OF_FINGERPRINTS = 30
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A topic after the run: what was written, and of that what compaction leaves."""

    card: Card
    records: int
    written: int
    left: int
    rows: int

    @property
    def days(self) -> float:
        """For how long it is kept."""
        if "compact" not in self.card.config.get("cleanup.policy", ""):
            return int(self.card.config.get("retention.ms", 7 * DAY_MS)) / DAY_MS
        return DAYS_OF_FINGERPRINTS if self.card.name == "dedupe.fingerprints" else DAYS_OPEN

    def kept(self, each: float, a_day: float) -> float:
        """Return the bytes that stay where so many articles come in a day, of which each leaves so much."""
        if self.card.name == "delivery.rows":
            return KEPT_ENDED * self.card.partitions * self.left / self.rows
        return each * self.days * a_day


def message_of(item: Item, now: datetime) -> tuple[bytes, bytes]:
    record = article_from_entry(
        feed="bench",
        source=item.source,
        title=item.title,
        content=item.text,
        link=item.url,
        published=now,
        fetched_at=now + timedelta(seconds=30),
    )
    return record.source.encode(), codec.encode(record)


def size_of(data: Path, topic: str) -> int:
    segments = (f for folder in data.glob(f"{topic}-[0-9]*") for f in folder.glob("*.log"))
    return sum(segment.stat().st_size for segment in segments)


async def measured(client: Client, data: Path, card: Card) -> Measured:
    records = await client.read(card.name)
    written = await asyncio.to_thread(size_of, data, card.name)
    size = sum(len(key or b"") + len(value or b"") for key, value in records)
    latest = {
        key: len(key or b"") + len(value or b"")
        for key, value in records
        if not (key or b"").startswith(b"l:")
    }
    compact = "compact" in card.config.get("cleanup.policy", "")
    left = int(written * sum(latest.values()) / size) if compact and size else written
    return Measured(card=card, records=len(records), written=written, left=left, rows=len(latest))


async def run(settings: Settings, folder: Path, count: int) -> list[Measured]:
    client, now = Client(settings.kafka), datetime.now(UTC)
    given = Stream(1).items(count // 4)[:count]
    sinks = [{"name": "desk", "url": "http://127.0.0.1:9/", "allow_private": ["127.0.0.0/8"]}]
    worker = Process("worker_main.py", settings, folder, sinks=sinks, extract_workers=1).start()
    try:
        await until(lambda: worker.logged("stage runs") == len(READS), within=900)
        await client.send("articles.raw", [message_of(item, now) for item in given])
        await until(lambda: drained(settings), within=3600, every=1.0)
    finally:
        worker.kill()
    data = folder / "kafka" / "data"
    return [await measured(client, data, card) for card in cards().values()]


def telling(mentions: list[tuple[bytes, bytes]]) -> int:
    return len({codec.decode(value, Mention).article.article_id for _, value in mentions})


def show(found: list[Measured], articles: int, told: int) -> None:
    print(f"{articles} articles, {told} of them told of something")
    print("| topic | records | bytes a record | bytes an article | days | 10,000 a day, GB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: |")
    total = 0.0
    for one in found:
        if not one.records:
            continue
        early = one.card.name in BEFORE_READING
        each = one.left / (articles if early else max(1, told))
        kept = one.kept(each, 10_000 * (1 if early else TELLING)) / 1e9
        total += kept
        a_record = one.written / one.records
        print(
            f"| `{one.card.name}` | {one.records} | {a_record:.0f} | {each:.0f}"
            f"{'' if early else ' (that tells)'} | {one.days:g} | {kept:.2f} |"
        )
    print(f"in all, 10,000 articles a day: {total:.1f} GB")


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=int, default=2000)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="news-monitor-bench-"))
    with LocalBroker(folder, free_port()) as broker:
        kafka = KafkaSettings(bootstrap_servers=(broker.bootstrap,))
        settings = Settings(kafka=kafka, state_dir=folder, session_timeout_s=3.0)
        await provision(settings)
        found = await run(settings, folder, given.articles)
        told = telling(await Client(kafka).read("incident.mentions"))
        show(found, given.articles, told)


if __name__ == "__main__":
    asyncio.run(main())
