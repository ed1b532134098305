"""Articles of 500 words a second on one core, beside the floor and the ceiling in the same run.

    python benchmarks/extract.py [--articles 120]

The floor is a page of regular expressions that finds the first keyword and the first numbers; the ceiling is the
bare parse of the same texts by the same pipeline. Also printed: seconds to load, and resident memory after all.
Times are of the process (CPU), so that a busy machine disturbs them less.
"""

from __future__ import annotations

import argparse
import random
import re
import resource
import time
from datetime import UTC, datetime

START = time.process_time()

from monitor.extract import Extractor  # noqa: E402 - loading is measured from the first import on
from monitor.extract.text import nlp  # noqa: E402
from schemas.article import Article  # noqa: E402

WORDS = 500
SEED = 20240515
SENTENCES = (
    "A car bomb exploded near a crowded market in {town} on {day}, killing at least {n} people and wounding {m} others, police said.",
    "Gunmen on motorcycles opened fire on worshippers leaving a mosque in {town}, and {n} people were taken to hospital.",
    "No group immediately claimed responsibility for the attack, which came {m} days after a similar one in the same province.",
    "The governor condemned the attack and said that security forces had been sent to the area.",
    "Officials from both countries will meet in {town} on {day} to discuss trade, water and the return of refugees.",
    "The price of bread has risen by {n} per cent since January, and shops in {town} say that they sell less of it.",
    "“We heard a loud explosion and saw smoke,” said a shopkeeper, who asked not to be named because he feared reprisals.",
    "There have been {m} attacks on the road between {town} and the border since October, according to a count by aid workers.",
    "The ministry said in a statement that {n} soldiers and {m} militants had been killed in clashes near {town} during the night.",
    "Schools, markets and offices stayed closed, and few cars were seen in the streets of {town} on {day}.",
)
TOWNS = (
    "Kirkuk",
    "Maiduguri",
    "Mogadishu",
    "Kherson",
    "Quetta",
    "Goma",
    "Cali",
    "Marawi",
    "Sanaa",
    "Port-au-Prince",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
KEYWORD = re.compile(
    r"\b(bomb|explo[ds]|attack|strike|shell|rocket|gunm[ae]n|shot|killed|clash)\w*", re.IGNORECASE
)
KILLED = re.compile(
    r"(\d+)\s+\w+(?:\s+\w+){0,3}\s+(?:killed|dead)|kill\w+\s+(?:at least\s+)?(\d+)", re.IGNORECASE
)
HURT = re.compile(
    r"(\d+)\s+\w+(?:\s+\w+){0,3}\s+(?:wounded|injured)|wound\w+\s+(?:at least\s+)?(\d+)",
    re.IGNORECASE,
)
PLACE = re.compile(r"\bin (?:the )?([A-Z]\w+)")


def article(number: int, draw: random.Random) -> Article:
    paragraphs: list[str] = []
    while sum(len(p.split()) for p in paragraphs) < WORDS:
        pick = draw.choice(SENTENCES)
        paragraphs.append(
            pick.format(
                town=draw.choice(TOWNS),
                day=draw.choice(DAYS),
                n=draw.randint(2, 40),
                m=draw.randint(2, 90),
            )
        )
    return Article(
        article_id=f"bench-{number}",
        source="bench",
        title=f"Bomb kills {draw.randint(2, 40)} in {draw.choice(TOWNS)}",
        text="\n\n".join(paragraphs),
        published=datetime(2024, 5, 15, tzinfo=UTC),
    )


def regex(given: Article) -> tuple[bool, bool, bool, bool]:
    text = f"{given.title}\n{given.text}"
    return tuple(bool(p.search(text)) for p in (KEYWORD, KILLED, HURT, PLACE))  # type: ignore[return-value]


def timed(name: str, articles: list[Article], run) -> float:  # noqa: ANN001 - any callable on the list
    before = time.process_time()
    run(articles)
    rate = len(articles) / (time.process_time() - before)
    print(f"{name:28} {rate:10.1f} articles of {WORDS} words a second")
    return rate


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=120)
    count = parser.parse_args().articles
    extractor = Extractor.load()
    extractor.read(article(0, random.Random(SEED)))
    print(f"{'load and first article':28} {time.process_time() - START:10.2f} s")
    draw = random.Random(SEED)
    articles = [article(n, draw) for n in range(count)]
    timed("regular expressions (floor)", articles, lambda given: [regex(a) for a in given])
    ours = timed("extract", articles, lambda given: list(extractor.read_many(given)))
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    bare = timed(
        "bare parse (ceiling)",
        articles,
        lambda given: list(nlp.parse(nlp.load(), (a.text for a in given))),
    )
    print(f"{'extract / bare parse':28} {ours / bare:10.2f}")
    print(f"{'resident while extracting':28} {resident:10.0f} MB")


if __name__ == "__main__":
    main()
