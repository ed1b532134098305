"""Tell page furniture (links, captions, bylines, buttons) from what an article says.

The lines are data (``furniture.toml``), so that a newsroom can add those of an outlet it follows.
"""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).with_suffix(".toml")
# A caption or a button is short; a paragraph that happens to begin with "Watch" is not furniture.
MAX_LINE_CHARS = 500


class FurnitureError(ValueError):
    """An entry of ``furniture.toml`` is no regular expression."""


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    data = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return (
        _joined(data["lines"], re.IGNORECASE),
        _joined(data["masks"], 0),
        re.compile(rf"\s+(?:[-–—|]|_)\s+(?:{'|'.join(data['outlets'])})\s*$", re.IGNORECASE),
    )


def _joined(entries: list[str], flags: int) -> re.Pattern[str]:
    for entry in entries:
        try:
            re.compile(entry)
        except re.error as error:
            message = f"{FILE.name}: {entry!r} is no regular expression: {error}"
            raise FurnitureError(message) from error
    return re.compile("|".join(f"(?:{entry})" for entry in entries), flags)


def is_furniture(line: str) -> bool:
    """Say whether a line of an article is part of the page and not of the article."""
    stripped = line.strip()
    if len(stripped) > MAX_LINE_CHARS:
        return False
    return _patterns()[0].fullmatch(stripped) is not None


def mask(text: str) -> str:
    """Return `text`, of the same length, with editors' marks such as "[TEXT]" blanked out."""
    return _patterns()[1].sub(lambda match: " " * len(match.group()), text)


def without_outlet(title: str) -> str:
    """Return the title, cut short before the outlet's name that pages put behind it."""
    while (tail := _patterns()[2].search(title)) is not None and title[: tail.start()].strip():
        title = title[: tail.start()].rstrip()
    return title
