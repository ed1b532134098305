"""Read the gazetteers and answer which places have a name.

Loading checks every line of the curated tables and raises `GazetteerError` with file and line.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import xxhash

from monitor.extract.gazetteers.names import exact_key, loose_key
from schemas.reasons import PlacePrecision

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

_FOLDER = Path(__file__).parent
CITIES_FILE = _FOLDER / "cities.npz"
# Where names reach English through several transliterations; elsewhere a loose key would only
# confuse (Salvador and El Salvador, Reno and Rennes).
LOOSE_COUNTRIES = frozenset(
    "IQ SY YE LB PS IL JO EG LY TN DZ MA SA AE QA KW BH OM IR AF PK SD SS SO ER ET DJ TD NE ML MR UA RU BY GE AM AZ KZ UZ TM TJ KG TR XK NG CM BD MM".split()
)
# Where names of places begin with an article that some write together with the noun.
ARABIC_COUNTRIES = frozenset("IQ SY YE LB PS JO EG LY TN DZ MA SA AE QA KW BH OM SD MR".split())
MIN_LETTERS_AFTER_ARTICLE = 4
# Six bytes: among 600,000 names a strange word meets one by chance once in 400 million look-ups.
HASH_BYTES = 6
_POPULATION_OF_CURATED = 20_000
# "Mt. Lebanon" is no part of Lebanon.
_MOUNT = re.compile(r"^Mt\.? ")


class GazetteerError(Exception):
    """A line of a gazetteer cannot be used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """A state or territory, with its ISO 3166-1 code, capital, other names and adjectives."""

    code: str
    name: str
    capital: str
    aliases: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """A first-level division. `seats` are towns in it (or ``=CODE``), by which GeoNames' codes are found."""

    country: str
    name: str
    seats: tuple[str, ...]
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One place of the gazetteer. `country` is the ISO code (empty for a region across borders).

    `curated` ones have their name as it is to be reported; `known` ones (countries, provinces, sites,
    regions) are places wherever their name stands, a town's name only where something says so.
    """

    name: str
    precision: PlacePrecision
    country: str = ""
    admin1: str = ""
    lat: float | None = None
    lon: float | None = None
    people: int = 0
    curated: bool = False
    known: bool = False


def hashed(key: str) -> int:
    """Return the hash of `HASH_BYTES` bytes under which `cities.npz` keeps a key."""
    return xxhash.xxh3_64_intdigest(key.encode()) >> (64 - 8 * HASH_BYTES)


def rows_of(file: str, columns: int) -> Iterator[tuple[str, list[str]]]:
    """Yield ``file:line`` and the cells of each line of a tab-separated table of this package.

    Raises:
        GazetteerError: A line has another number of cells, or a first or second cell is empty.
    """
    text = files("monitor.extract.gazetteers").joinpath(file).read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("\t")]
        where = f"{file}:{number}"
        if len(cells) != columns:
            message = f"{where}: {len(cells)} cells instead of {columns}: {line!r}"
            raise GazetteerError(message)
        yield where, cells


def split(cell: str) -> tuple[str, ...]:
    """Return the parts of a cell that lists several names."""
    return tuple(part.strip() for part in cell.split("|") if part.strip())


@lru_cache(maxsize=1)
def countries() -> dict[str, Country]:
    """Return the countries by code."""
    found: dict[str, Country] = {}
    for where, (code, name, capital, aliases, adjectives) in rows_of("countries.tsv", 5):
        if len(code) != 2 or code in found or not name or not capital:  # noqa: PLR2004 - ISO 3166
            message = f"{where}: bad or repeated country {code!r}"
            raise GazetteerError(message)
        found[code] = Country(
            code=code,
            name=name,
            capital=capital,
            aliases=split(aliases),
            adjectives=split(adjectives),
        )
    return found


@lru_cache(maxsize=1)
def divisions() -> tuple[Division, ...]:
    """Return the first-level divisions."""
    found: dict[tuple[str, str], Division] = {}
    for where, (country, name, seat, aliases) in rows_of("admin1.tsv", 4):
        if country not in countries() or not name or (country, name) in found:
            message = f"{where}: bad or repeated division {country} {name!r}"
            raise GazetteerError(message)
        found[country, name] = Division(
            country=country, name=name, seats=split(seat), aliases=split(aliases)
        )
    return tuple(found.values())


@lru_cache(maxsize=1)
def points() -> dict[tuple[str, str], tuple[float, float]]:
    """Return latitude and longitude of curated places that GeoNames does not have, by country and name.

    Raises:
        GazetteerError: A point is none on the globe.
    """
    found: dict[tuple[str, str], tuple[float, float]] = {}
    for where, (country, name, lat, lon) in rows_of("points.tsv", 4):
        try:
            point = float(lat), float(lon)
        except ValueError as error:
            message = f"{where}: bad point {lat!r} {lon!r}"
            raise GazetteerError(message) from error
        if abs(point[0]) > 90 or abs(point[1]) > 180 or (country, name) in found:  # noqa: PLR2004 - degrees
            message = f"{where}: bad or repeated point of {name!r}"
            raise GazetteerError(message)
        found[country, name] = point
    return found


def _widened(packed: NDArray[np.uint8]) -> NDArray[np.uint64]:
    """Return the big-endian hashes of `HASH_BYTES` bytes as 64-bit integers."""
    wide = np.zeros((len(packed) // HASH_BYTES, 8), dtype=np.uint8)
    wide[:, 8 - HASH_BYTES :] = packed.reshape(-1, HASH_BYTES)
    return wide.view(">u8").astype(np.uint64).ravel()


class Towns:
    """The towns of GeoNames: names as sorted hashes, facts as arrays."""

    def __init__(self, path: Path = CITIES_FILE) -> None:
        """Read the file that `build.py` makes."""
        with np.load(path) as stored:
            self._keys: NDArray[np.uint64] = _widened(stored["keys"])
            self._rows: NDArray[np.uint32] = stored["rows"]
            self._names = bytes(stored["names"]).decode().split("\n")
            self._countries = bytes(stored["countries"]).decode().split("\n")
            self._divisions = bytes(stored["divisions"]).decode().split("\n")
            self._country = stored["country"]
            self._division = stored["division"]
            self._lat = stored["lat"]
            self._lon = stored["lon"]
            self._people = stored["people"]

    def named(self, key: str) -> tuple[Entry, ...]:
        """Return the towns that have the key, the largest first."""
        wanted = np.uint64(hashed(key))
        first = int(np.searchsorted(self._keys, wanted))
        found = []
        while first < len(self._keys) and self._keys[first] == wanted:
            found.append(self._entry(int(self._rows[first])))
            first += 1
        return tuple(found)

    def _entry(self, row: int) -> Entry:
        return Entry(
            name=self._names[row],
            precision=PlacePrecision.TOWN,
            country=self._countries[self._country[row]],
            admin1=self._divisions[self._division[row]],
            lat=round(float(self._lat[row]), 4),
            lon=round(float(self._lon[row]), 4),
            people=int(self._people[row]),
        )


# GeoNames has the region where news name its provinces.
_REGIONS = dict.fromkeys(
    (("PH", name) for name in ("Sulu", "Basilan", "Lanao del Sur", "Maguindanao", "Tawi-Tawi")),
    "Bangsamoro",
)


def _is_twin(town: Entry, entry: Entry) -> bool:
    """Say whether a curated town is the same one as a town of GeoNames that has its name."""
    level = entry.precision in (PlacePrecision.TOWN, PlacePrecision.DISTRICT)
    around = (entry.admin1, _REGIONS.get((entry.country, entry.admin1)))
    return level and entry.country == town.country and town.admin1 in around


def _peopled(entry: Entry, cities: Sequence[Entry]) -> Entry:
    """Return a province with the people of the city that is told with "City" for its name: it is the better known one."""
    own = [c.people for c in cities if c.country == entry.country]
    province = entry.precision is PlacePrecision.ADMIN1
    return replace(entry, people=max(own)) if own and province else entry


def _located(entry: Entry, towns: Sequence[Entry]) -> Entry:
    """Return a curated place with where it lies and how large it is, as far as GeoNames has it."""
    twin = next((town for town in towns if _is_twin(town, entry)), None)
    if twin is None:
        return entry
    return replace(entry, lat=twin.lat, lon=twin.lon, people=max(entry.people, twin.people))


class Gazetteer:
    """All places, by name."""

    def __init__(self) -> None:
        """Read every table.

        Raises:
            GazetteerError: A line of a curated table is bad.
        """
        self._towns = Towns()
        self._exact: dict[str, list[Entry]] = defaultdict(list)
        self._loose: dict[str, list[Entry]] = defaultdict(list)
        self._initials: set[str] = set()
        self._dotted: set[str] = set()
        self.adjectives: dict[str, str] = {}
        self._read_countries()
        self._read_divisions()
        for file in ("towns.tsv", "sites.tsv", "regions.tsv"):
            self._read_places(file)
        self._cached = lru_cache(maxsize=32_768)(self._look_up)

    def named(self, name: str) -> tuple[Entry, ...]:
        """Return the places of that name: curated ones first, then towns, the largest first."""
        return self._cached(_MOUNT.sub("Mount ", name))

    def has_exactly(self, name: str) -> bool:
        """Say whether a place has that name, and not only one that sounds like it."""
        key = exact_key(_MOUNT.sub("Mount ", name))
        return key in self._exact or bool(self._towns.named(key))

    def is_misspelt_initials(self, text: str) -> bool:
        """Say whether the text is initials or an abbreviation in a word's letters: "Car", "Us", "Mass".

        A postal code is one behind its town alone: "PA" in a headline is the Palestinian Authority.
        """
        key = exact_key(text)
        if key in self._dotted:
            code = len(text) == 2 and text.isupper()  # noqa: PLR2004 - "PA"
            return code or not (text.endswith(".") or text.isupper())
        return key in self._initials and not text.replace(".", "").isupper()

    def capital_of(self, code: str) -> tuple[Entry, ...]:
        """Return the capital of the country, under the name it is reported by."""
        capital = countries()[code].capital
        found = [
            entry
            for entry in self.named(capital)
            if entry.country == code and entry.precision is PlacePrecision.TOWN
        ]
        return tuple(replace(entry, name=capital, curated=True) for entry in found[:1])

    def countries_named(self, key: str) -> tuple[Entry, ...]:
        """Return the country that has the exact key as a name, if one has."""
        found = self._exact.get(key, ())
        return tuple(entry for entry in found if entry.precision is PlacePrecision.COUNTRY)

    def _is_told_as_city(self, town: Entry, key: str) -> bool:
        """Say whether a town shares its name with its province and is told with "City": "Gaza" is the strip."""
        around = self._exact.get(key, ())
        city = self._exact.get(f"{key} city", ())
        return any(
            e.precision is PlacePrecision.ADMIN1 and e.country == town.country for e in around
        ) and any(e.admin1 == town.admin1 and e.country == town.country for e in city)

    def _look_up(self, name: str) -> tuple[Entry, ...]:
        key = exact_key(name)
        if not key:
            return ()
        everywhere = self._towns.named(key)
        cities = [town for town in everywhere if self._is_told_as_city(town, key)]
        towns = [town for town in everywhere if town not in cities]
        known = [_peopled(entry, cities) for entry in self._exact.get(key, ())]
        curated = [_located(entry, towns) for entry in known]
        found = (*curated, *(town for town in towns if not any(_is_twin(town, e) for e in curated)))
        if found:
            return found
        if glued := self._without_article(key):
            return glued
        loose = loose_key(name)
        return (*self._loose.get(loose, ()), *self._towns.named("~" + loose)) if loose else ()

    def _without_article(self, key: str) -> tuple[Entry, ...]:
        """Return the places of a name that is written together with its Arabic article: "Alwaer" is al-Waer."""
        bare = key.removeprefix("al")
        if bare == key or " " in key or len(bare) < MIN_LETTERS_AFTER_ARTICLE:
            return ()
        found = (*self._exact.get(bare, ()), *self._exact.get(f"al {bare}", ()))
        return tuple(entry for entry in found if entry.country in ARABIC_COUNTRIES)

    def _read_countries(self) -> None:
        for country in countries().values():
            entry = Entry(
                name=country.name,
                precision=PlacePrecision.COUNTRY,
                country=country.code,
                curated=True,
                known=True,
            )
            for name in (country.name, *country.aliases):
                self._note_initials(name)
                self._exact[exact_key(name)].append(entry)
            # Some feeds lose their apostrophes: "Syrias second city".
            for word in (*country.adjectives, f"{country.name}s"):
                self.adjectives[exact_key(word)] = country.code

    def _note_initials(self, name: str) -> None:
        if name.replace(".", "").isupper():
            self._initials.add(exact_key(name))
        elif name.endswith("."):
            self._dotted.add(exact_key(name))

    def _read_divisions(self) -> None:
        for division in divisions():
            entry = Entry(
                name=division.name,
                precision=PlacePrecision.ADMIN1,
                country=division.country,
                admin1=division.name,
                curated=True,
                known=True,
            )
            self._add(entry, (division.name, *division.aliases))
            for name in division.aliases:
                self._note_initials(name)

    def _read_places(self, file: str) -> None:
        provinces = {(division.country, division.name) for division in divisions()}
        for where, (country, admin1, name, kind, aliases) in rows_of(file, 5):
            if country and country not in countries():
                message = f"{where}: no country {country!r}"
                raise GazetteerError(message)
            if admin1 and (country, admin1) not in provinces:
                message = f"{where}: {country} has no division {admin1!r}"
                raise GazetteerError(message)
            if not name or kind not in set(PlacePrecision):
                message = f"{where}: bad name {name!r} or kind {kind!r}"
                raise GazetteerError(message)
            lat, lon = points().get((country, name), (None, None))
            entry = Entry(
                name=name,
                precision=PlacePrecision(kind),
                country=country,
                admin1=admin1,
                lat=lat,
                lon=lon,
                people=_POPULATION_OF_CURATED,
                curated=True,
                known=kind in ("site", "region"),
            )
            self._add(entry, (name, *split(aliases)))

    def _add(self, entry: Entry, names: tuple[str, ...]) -> None:
        for key in {exact_key(name) for name in names}:
            self._exact[key].append(entry)
        if entry.country in LOOSE_COUNTRIES:
            for loose in {loose_key(name) for name in names}:
                if loose:
                    self._loose[loose].append(entry)


@lru_cache(maxsize=1)
def load() -> Gazetteer:
    """Return the gazetteer, read once a process."""
    return Gazetteer()
