"""How two places lie to each other decides more than anything else whether reports are of one incident."""

import pytest
from report_records import place

from monitor.incidents.places import Relation, are_near_at_sea, relate
from monitor.incidents.targets import is_at_sea
from schemas.reasons import PlacePrecision

P = PlacePrecision
BAGHDAD = place("Baghdad", "Baghdad", lat=33.34, lon=44.40)
KARRADA = place("Karrada", "Baghdad", P.DISTRICT, 33.30, 44.43)
SADR_CITY = place("Sadr City", "Baghdad", P.DISTRICT, 33.39, 44.46)
AIRPORT = place("Baghdad Airport", "Baghdad", P.SITE, 33.26, 44.23)
DIYALA = place("Diyala", "Diyala", P.ADMIN1)
BAQUBAH = place("Baqubah", "Diyala", lat=33.75, lon=44.64)
IRAQ = place("Iraq", precision=P.COUNTRY)

QURNA = place("Al-Qurna", "Basra", P.DISTRICT, 31.01, 47.44)
VALLEY = place("Wadi Zghaitoun", "Kirkuk")
KIRKUK = place("Kirkuk", "Kirkuk", lat=35.47, lon=44.39)
CAMP = place("Al-Mawasi", "Gaza Strip", lat=31.355, lon=34.255)
KHAN_YUNIS = place("Khan Yunis", "Gaza Strip", lat=31.340, lon=34.306)
RED_SEA = place("Red Sea", precision=P.REGION, code=None)
DONBAS = place("Donbas", precision=P.REGION)

CASES = [
    (
        "one name, with the Arabic article and without",
        QURNA,
        place("Qurna", "Basra"),
        Relation.SAME,
    ),
    ("a valley on no map, and a town of its province", VALLEY, KIRKUK, Relation.UNLOCATED),
    ("two villages on no map", VALLEY, place("Daquq al-Jadida", "Kirkuk"), Relation.OTHER),
    ("a camp beside a town", CAMP, KHAN_YUNIS, Relation.NEAR),
    (
        "a quarter by its name",
        place("Hamburg-Altona, Hamburg", "Hamburg", lat=53.55, lon=9.93),
        place("Hamburg", "Hamburg", lat=53.55, lon=9.99),
        Relation.CONTAINED,
    ),
    ("one sea", RED_SEA, RED_SEA, Relation.SAME_PROVINCE),
    ("one land that is broad", DONBAS, DONBAS, Relation.BROAD),
    ("the same town", BAGHDAD, BAGHDAD, Relation.SAME),
    ("a quarter of the town", KARRADA, BAGHDAD, Relation.CONTAINED),
    ("two quarters", KARRADA, SADR_CITY, Relation.OTHER),
    ("a site in the town", AIRPORT, BAGHDAD, Relation.CONTAINED),
    ("a town in its province", BAQUBAH, DIYALA, Relation.CONTAINED),
    ("a town in another province", BAGHDAD, DIYALA, Relation.OTHER),
    ("the same province", DIYALA, DIYALA, Relation.SAME_PROVINCE),
    ("a country says where too broadly", IRAQ, BAQUBAH, Relation.BROAD),
    ("nothing is known", None, BAQUBAH, Relation.UNPLACED),
    (
        "namesakes in two provinces",
        place("Hilla", "Babil", lat=32.48, lon=44.43),
        place("Hilla", "Anbar", lat=33.42, lon=43.31),
        Relation.OTHER,
    ),
    (
        "a village of no gazetteer, whose province one report guessed wrong",
        place("Zawtar", "Nabatieh"),
        place("Zawtar", "Beirut"),
        Relation.SAME,
    ),
    (
        "one name with a word more",
        place("Salt Lake", "Utah"),
        place("Salt Lake City", "Utah"),
        Relation.SAME,
    ),
    (
        "two gates of one base",
        place("Gate A", "Anbar", P.SITE, 33.800, 42.440),
        place("Gate B", "Anbar", P.SITE, 33.801, 42.441),
        Relation.SAME,
    ),
]


@pytest.mark.parametrize(("a", "b", "relation"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_two_places(a, b, relation):
    assert relate(a, b) is relation
    assert relate(b, a) is relation


ADEN_GULF = place("Gulf of Aden", precision=P.REGION, code=None)
BLACK_SEA = place("Black Sea", precision=P.REGION, code=None)
HODEIDAH = place("Hodeidah", "Hodeidah", lat=14.80, lon=42.95, code="YE")
ODESA = place("Odesa", "Odesa", lat=46.48, lon=30.73, code="UA")


@pytest.mark.parametrize(
    ("one", "other", "near"),
    [
        (RED_SEA, HODEIDAH, True),
        (RED_SEA, ADEN_GULF, True),
        (BLACK_SEA, ODESA, True),
        (BLACK_SEA, RED_SEA, False),
        (ADEN_GULF, ODESA, False),
        (HODEIDAH, ODESA, False),
    ],
)
def test_a_sea_is_told_as_its_coast_and_no_other(one, other, near):
    assert are_near_at_sea(one, other) is are_near_at_sea(other, one) is near


@pytest.mark.parametrize(
    ("targets", "at_sea"),
    [
        (["the tanker Sounion"], True),
        (["bulk vessel", "23 seafarers"], True),
        (["Turkish-owned cargo ship", "two dock workers", "port of Odesa"], False),
        (["armoured personnel carrier"], False),
        (["a convoy"], False),
    ],
)
def test_a_ship_in_port_is_not_at_sea(targets, at_sea):
    assert is_at_sea(targets) is at_sea
