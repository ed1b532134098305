"""Dedupe against its peers: quality on a generated stream, then speed, bytes and loading with 700,000 articles.

    python benchmarks/dedupe.py                     # quality, with the peers, 2,000 stories
    python benchmarks/dedupe.py --stories 10000 --no-peers
    python benchmarks/dedupe.py --index 700000      # speed of the whole stage, index bytes, loading, memory
    python benchmarks/dedupe.py --base FILE         # stories from JSON lines {"title","text"} in place of the grammar

The operations of the stream are told in ``dedupe_stream.py``. A peer has no outcomes: what it links is a duplicate and is
dropped, so a changed toll that it links is suppressed. For dedupe, *suppressed* is a changed toll that is called exact or
whose ``changed_facts`` is false.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from dedupe_grammar import Story, read_story
from dedupe_peers import peers
from dedupe_stage import Bench
from dedupe_stream import START, Item, Stream

from agents.service import BATCH
from monitor.articles.normalise import article_from_input
from monitor.dedupe.book import DedupeBook
from monitor.dedupe.policy import DedupePolicy
from monitor.dedupe.rules import judge
from schemas.article import UniqueArticle
from schemas.fingerprint import pack, unpack
from schemas.reasons import Outcome

POLICY = DedupePolicy()


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a method says of one item: the cluster it is put in, and whether its facts are lost."""

    cluster: int | str
    suppressed: bool


def by_dedupe(items: list[Item]) -> tuple[list[Found], float]:
    bench = Bench()
    bench.start()
    spent = bench.judge([item.line() for item in items])
    found = [Found(cluster=u.cluster_id, suppressed=_is_suppressed(u)) for u in bench.said]
    return found, len(items) / spent


def _is_suppressed(unique: UniqueArticle) -> bool:
    return unique.outcome is Outcome.EXACT or (
        unique.outcome is not Outcome.NEW and not unique.changed_facts
    )


def clusters(links: list[tuple[int, float]], threshold: float) -> list[Found]:
    """Return the clusters that a peer's links of at least ``threshold`` make."""
    named: list[int] = []
    for number, (best, likeness) in enumerate(links):
        named.append(named[best] if best >= 0 and likeness >= threshold else number)
    return [Found(cluster=c, suppressed=c != n) for n, c in enumerate(named)]


def f1(items: list[Item], found: list[Found]) -> float:
    pairs: Callable[[Iterable[int]], int] = lambda counts: sum(n * (n - 1) // 2 for n in counts)  # noqa: E731
    both = pairs(Counter((i.story, f.cluster) for i, f in zip(items, found, strict=True)).values())
    said = pairs(Counter(f.cluster for f in found).values())
    gold = pairs(Counter(i.story for i in items).values())
    return 2 * both / (said + gold)


def scores(items: list[Item], found: list[Found]) -> dict[str, float]:
    """Return the measures of the issue; shares are between 0 and 1."""
    first: dict[str, int] = {}
    hits: dict[str, list[bool]] = defaultdict(list)
    seen: set[int | str] = set()
    for number, (item, said) in enumerate(zip(items, found, strict=True)):
        if item.story not in first:
            first[item.story] = number
            hits[
                "twin merged"
                if item.kind == "twin"
                else "wall lost"
                if item.kind == "wall"
                else "new lost"
            ].append(said.cluster in seen)
        else:
            hits[item.kind].append(said.cluster == found[first[item.story]].cluster)
            if item.kind in ("toll", "correction"):
                hits["toll suppressed"].append(said.suppressed)
        seen.add(said.cluster)
    return {"pair F1": f1(items, found)} | {k: float(np.mean(v)) for k, v in sorted(hits.items())}


def quality(items: list[Item], with_peers: bool) -> dict[str, dict[str, float]]:
    found, speed = by_dedupe(items)
    table = {"dedupe": scores(items, found) | {"articles / CPU s": speed}}
    for peer in peers() if with_peers else ():
        begun = time.process_time()
        links = [peer.add(item.text) for item in items]
        speed = len(items) / (time.process_time() - begun)
        best = max(peer.thresholds, key=lambda t: f1(items, clusters(links, t)))
        table[peer.name] = scores(items, clusters(links, best)) | {
            "articles / CPU s": speed,
            "threshold": best,
        }
    return table


def show(table: dict[str, dict[str, float]]) -> None:
    rows = list(dict.fromkeys(chain.from_iterable(table.values())))
    print("| measure | " + " | ".join(table) + " |\n| --- |" + " ---: |" * len(table))
    for row in rows:
        values = (
            f"{v:.4f}"
            if (v := t.get(row)) is not None and v <= 1
            else ""
            if v is None
            else f"{v:,.0f}"
            for t in table.values()
        )
        print(f"| {row} | " + " | ".join(values) + " |")


def records(samples: list[Item], count: int, rng: random.Random) -> Iterable[bytes]:
    """Yield packed fingerprints over seven days: those of real sketches, each with hashes of its own.

    Fingerprints of ``samples`` (base stories only, none of them a copy) are the patterns: so the number of windows and all
    lengths are those of distinct articles, the worst case, as copies keep no windows.
    """
    book, patterns = DedupeBook(), []
    for item in samples:
        step = judge(book, article_from_input(item.line()), POLICY)
        patterns += [pack(row) for _, row in step.rows]
    draw = np.random.default_rng(rng.randrange(2**32))
    rows = [unpack(p) for p in patterns]
    low = np.uint64((1 << 33) - 1)
    for number in range(count):
        row = rows[number % len(rows)]
        windows = np.frombuffer(row.windows, np.uint64)
        fresh = draw.integers(0, (1 << 31) - 1, len(windows), np.uint64) << np.uint64(33) | (
            windows & low
        )
        fresh.sort()
        content, address, guid, cluster = (int(x) for x in draw.integers(1, 2**63, 4, np.uint64))
        changed = {
            "article_id": f"{address:024x}",
            "windows": fresh.tobytes(),
            "content": content,
            "address": address,
            "guid": guid,
            "cluster_id": f"{cluster:016x}",
            "day": row.day - 6 + number * 7 // count,
            "published_day": row.day - 6 + number * 7 // count,
            "offset": number,
        }
        yield pack(type(row)(**{f: changed.get(f, getattr(row, f)) for f in row.__struct_fields__}))


def speed(index: int, stories: int, seed: int) -> dict[str, float]:
    """Return articles a CPU second, index bytes an article, seconds to load, bytes of the topic."""
    items, others = Stream(seed).items(stories), Stream(seed + 1).items(stories)
    base = [i for i in items if i.kind == "base"]
    packed = list(records(base, index, random.Random(seed)))
    size = sum(map(len, packed))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    bench, begun, wall = Bench(packed), time.process_time(), time.perf_counter()
    book = bench.start()
    load_cpu, load_wall = time.process_time() - begun, time.perf_counter() - wall
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    packed.clear()
    loaded, nbytes = len(book), book.nbytes
    # All are fetched on the last day of the index, so that none of its days goes meanwhile.
    day = {"fetched_at": START.isoformat()}
    lines = [item.line() | day for item in items]
    bench.judge(lines[:BATCH])
    spent = bench.judge(lines[BATCH:])
    alone = bench.judge_alone([item.line() | day for item in others])
    return {
        "articles in the index": loaded,
        "index bytes an article": nbytes / loaded,
        "state, MB": nbytes / 1e6,
        "topic bytes an article": size / index,
        "load, s of CPU": load_cpu,
        "load, s": load_wall,
        "memory grown by load, MB": (peak - before) / 1024,
        "words a base story": float(np.mean([len(i.text.split()) for i in base])),
        "articles / CPU s, stage": (len(items) - BATCH) / spent,
        "articles / CPU s, judged": len(others) / alone,
    }


def stories_of(path: Path) -> list[Story]:
    lines = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())
    return [read_story(line.get("title") or "", line["text"]) for line in lines]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--stories", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--index", type=int, help="measure speed with so many articles in the index"
    )
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--base", type=Path, help="stories from JSON lines in place of the grammar")
    args = parser.parse_args()
    if args.index:
        for name, value in speed(args.index, args.stories, args.seed).items():
            print(f"{name:28} {value:,.2f}")
        return
    base = stories_of(args.base) if args.base else None
    items = Stream(args.seed, base).items(min(args.stories, len(base)) if base else args.stories)
    print(f"{len(items)} articles, {Counter(i.kind for i in items)}\n")
    show(quality(items, not args.no_peers))


if __name__ == "__main__":
    main()
