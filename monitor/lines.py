"""Find the line of a key in a TOML text, which the standard library's parser does not tell."""

from __future__ import annotations

import re
from functools import lru_cache

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]\r\n]+?)\s*\]\]?\s*(?:#.*)?$")
_KEY = re.compile(
    r"""^\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*="""
)

Path = tuple[str | int, ...]


def line_of(text: str, path: Path) -> int | None:
    """Return the line (from 1) on which ``path`` is set, else that of the nearest table around it, else ``None``.

    ``path`` is as pydantic tells it: keys, and indexes of arrays of tables. Lines inside multi-line strings may
    look like keys; that can only lead to a neighbouring line, never to an error.
    """
    lines = _lines(text)
    for length in range(len(path), 0, -1):
        found = lines.get(path[:length])
        if found is not None:
            return found
    return None


@lru_cache(maxsize=1)
def _lines(text: str) -> dict[Path, int]:
    found: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = _table(header[1], _parts(header[2]), counts)
            found.setdefault(table, number)
            if isinstance(table[-1], int):
                # What is said of the whole array is said where it begins.
                found.setdefault(table[:-1], number)
        elif key := _KEY.match(line):
            found.setdefault(table + _parts(key[1]), number)
    return found


def _table(brackets: str, name: Path, counts: dict[Path, int]) -> Path:
    """Return the path of a table that a header opens; ``counts`` holds how many of each array came before."""
    path: Path = ()
    for i, part in enumerate(name):
        path = (*path, part)
        last = i == len(name) - 1
        if last and brackets == "[[":
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _parts(dotted: str) -> Path:
    return tuple(p.strip().strip("\"'") for p in re.findall(r"""[\w-]+|"[^"]*"|'[^']*'""", dotted))
