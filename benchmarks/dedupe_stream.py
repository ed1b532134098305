"""The stream on which dedupe is measured: stories, and what other outlets make of them, each operation documented.

Operations (``kind``), each seeded: ``verbatim``; ``dateline`` (dateline in front, credit at the end); ``truncated`` to 30 to
60 % of the words; ``headline`` rewritten; ``own_lead`` (one or two sentences in front); ``cut`` (20 to 30 % of the sentences
gone); ``reordered`` paragraphs; ``foreign`` (10 to 25 % of another text put in between); ``noise`` (1 to 3 % of the characters
wrong); ``correction`` (a figure changed at the same address); ``toll`` (a figure changed at another outlet); ``exact`` (the
same address polled again); ``twin`` (another incident in the same words); ``wall`` (a page of which only the outlet's login
wall was extracted); and the ``base`` stories themselves. Every outlet ends its pages with its own furniture.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import dedupe_grammar as grammar
from dedupe_grammar import Story

START = datetime(2026, 3, 2, tzinfo=UTC)
OUTLETS = 60
COPIES = (
    "verbatim", "dateline", "truncated", "headline", "own_lead", "cut", "reordered", "foreign", "noise", "toll",
)  # fmt: skip
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, kw_only=True)
class Item:
    """One article of the stream and its gold: items with the same ``story`` are copies of one another."""

    id: str
    story: str
    kind: str
    source: str
    url: str
    title: str
    text: str
    published: datetime

    def line(self) -> dict[str, str]:
        return {
            "id": self.id,
            "title": self.title,
            "text": self.text,
            "url": self.url,
            "source": self.source,
            "published": self.published.isoformat(),
        }


class Stream:
    """Makes the items; ``rng`` decides everything."""

    def __init__(self, seed: int, base: list[Story] | None = None) -> None:
        self.rng = random.Random(seed)
        self.base = base
        self.walls = [self._wall(i) for i in range(OUTLETS)]
        self.tails = [self._tail(i) for i in range(OUTLETS)]
        self.count = 0

    def items(
        self, stories: int, copies: int = 3, twins: float = 0.5, walls: float = 0.1
    ) -> list[Item]:
        """Return the stream of so many stories in order of arrival, over a day for each 2,000 of them."""
        timed = []
        for number in range(stories):
            timed += self._family(number, copies, twins, walls)
        timed.sort(key=lambda item: (item.published, item.id))
        return timed

    def _family(self, number: int, copies: int, twins: float, walls: float) -> list[Item]:
        rng = self.rng
        base = self.base[number] if self.base else grammar.story(rng)
        at = START + timedelta(minutes=0.72 * number)
        outlets = rng.sample(range(OUTLETS), copies + 4)
        first = self._item(str(number), "base", outlets[0], at, base=base, text=_text(base))
        family = [first]
        for outlet, kind in zip(outlets[1:], rng.sample(COPIES, copies), strict=False):
            family.append(
                self._copy(first, base, kind, outlet, at + timedelta(minutes=rng.uniform(1, 2000)))
            )
        later = at + timedelta(minutes=rng.uniform(1, 600))
        if rng.random() < 0.2:
            corrected = grammar.other_toll(rng, base)
            family.append(
                self._item(
                    str(number),
                    "correction",
                    outlets[0],
                    later,
                    base=corrected,
                    text=_text(corrected),
                    url=first.url,
                )
            )
        if rng.random() < 0.2:
            family.append(self._again(first, at + timedelta(minutes=rng.uniform(0.1, 0.9))))
        if rng.random() < twins:
            other = grammar.twin(rng, base)
            outlet = outlets[-1] if rng.random() < 0.7 else outlets[0]
            family.append(
                self._item(f"{number}t", "twin", outlet, later, base=other, text=_text(other))
            )
        if rng.random() < walls:
            walled = grammar.story(rng)
            text = self.walls[outlets[-2]] + (
                "\n" + _text(walled)[0][0] if rng.random() < 0.5 else ""
            )
            family.append(
                self._item(f"{number}w", "wall", outlets[-2], later, base=walled, text=text)
            )
        return family

    def _copy(self, first: Item, base: Story, kind: str, outlet: int, at: datetime) -> Item:
        rng = self.rng
        story = grammar.other_toll(rng, base) if kind == "toll" else base
        paragraphs = _text(story)
        if kind in _TEXT_OPERATIONS:
            paragraphs = _TEXT_OPERATIONS[kind](rng, base, paragraphs)
        text = _noisy(rng, _joined(paragraphs)) if kind == "noise" else paragraphs
        title = base.fill(base.headline) if kind == "headline" else None
        return self._item(first.story, kind, outlet, at, base=story, text=text, title=title)

    def _again(self, first: Item, at: datetime) -> Item:
        self.count += 1
        return Item(
            id=f"i{self.count}",
            story=first.story,
            kind="exact",
            source=first.source,
            url=first.url + "?utm_source=rss",
            title=first.title,
            text=first.text,
            published=at,
        )

    def _item(
        self,
        story: str,
        kind: str,
        outlet: int,
        at: datetime,
        *,
        base: Story,
        text: str | list[list[str]],
        title: str | None = None,
        url: str | None = None,
    ) -> Item:
        self.count += 1
        body = text if isinstance(text, str) else _joined(text)
        return Item(
            id=f"i{self.count}",
            story=story,
            kind=kind,
            source=f"Outlet {outlet}",
            url=url
            or f"https://outlet{outlet}.example/{self.rng.randrange(10**9)}/story?id={self.count}",
            title=title or base.filled_title(),
            text=body if kind == "wall" else f"{body}\n{self.tails[outlet]}",
            published=at,
        )

    def _wall(self, outlet: int) -> str:
        lines = [_plain_lines(self.rng) for _ in range(self.rng.randint(8, 14))]
        return "\n".join(
            [f"Log in to Outlet {outlet} or create a free account to go on reading.", *lines]
        )

    def _tail(self, outlet: int) -> str:
        lines = [_plain_lines(self.rng) for _ in range(self.rng.randint(1, 3))]
        return "\n".join(
            [*lines, f"Read more on Outlet {outlet} and follow us for news every day."]
        )


def _plain_lines(rng: random.Random) -> str:
    return grammar._clause(rng).capitalize() + " and " + grammar._clause(rng) + "."  # noqa: SLF001 - the same bench


def _text(story: Story) -> list[list[str]]:
    return story.paragraphs()


def _joined(paragraphs: list[list[str]]) -> str:
    return "\n".join(" ".join(p) for p in paragraphs)


def _dateline(rng: random.Random, base: Story, paragraphs: list[list[str]]) -> list[list[str]]:
    place = base.slots.get("l0") or grammar.name(rng)
    front = f"{place.upper()}, {rng.choice(('March', 'April'))} {rng.randint(1, 28)} ({grammar.name(rng)} News) - "
    return [
        [front + paragraphs[0][0], *paragraphs[0][1:]],
        *paragraphs[1:],
        [f"Writing by {grammar.filling(rng, 'p')}."],
    ]


def _truncated(rng: random.Random, _base: Story, paragraphs: list[list[str]]) -> list[list[str]]:
    words = _joined(paragraphs).split(" ")
    kept = " ".join(words[: max(1, round(len(words) * rng.uniform(0.3, 0.6)))])
    return [[line] for line in f"{kept} ...".split("\n")]


def _own_lead(rng: random.Random, base: Story, paragraphs: list[list[str]]) -> list[list[str]]:
    return [grammar.own_lead(rng, base), *paragraphs]


def _cut(rng: random.Random, _base: Story, paragraphs: list[list[str]]) -> list[list[str]]:
    share = rng.uniform(0.2, 0.3)
    places = [(i, j) for i, p in enumerate(paragraphs) for j in range(len(p))]
    gone = set(rng.sample(places, max(1, round(share * len(places)))))
    kept = [[s for j, s in enumerate(p) if (i, j) not in gone] for i, p in enumerate(paragraphs)]
    return [p for p in kept if p]


def _reordered(rng: random.Random, _base: Story, paragraphs: list[list[str]]) -> list[list[str]]:
    rest = paragraphs[1:]
    rng.shuffle(rest)
    return [paragraphs[0], *rest]


def _foreign(rng: random.Random, _base: Story, paragraphs: list[list[str]]) -> list[list[str]]:
    wanted = rng.uniform(0.10, 0.25) * sum(len(s.split()) for p in paragraphs for s in p)
    other = [s for p in grammar.story(rng).paragraphs() for s in p]
    taken: list[str] = []
    while other and sum(len(s.split()) for s in taken) < wanted:
        taken.append(other.pop())
    at = rng.randint(1, len(paragraphs))
    return [*paragraphs[:at], taken, *paragraphs[at:]]


def _noisy(rng: random.Random, text: str) -> str:
    share = rng.uniform(0.01, 0.03)
    return "".join(_wrong(rng, c) if c != "\n" and rng.random() < share else c for c in text)


def _wrong(rng: random.Random, char: str) -> str:
    return rng.choice(("", rng.choice(_LETTERS), char + rng.choice(_LETTERS), char * 2))


_TEXT_OPERATIONS = {
    "dateline": _dateline,
    "truncated": _truncated,
    "own_lead": _own_lead,
    "cut": _cut,
    "reordered": _reordered,
    "foreign": _foreign,
}
