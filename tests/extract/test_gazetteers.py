"""The gazetteers agree with each other and with what readers write."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.gazetteers import tables
from monitor.extract.gazetteers.names import exact_key, loose_key
from schemas.reasons import PlacePrecision

SAME_NAME = [
    ("Deir al-Balah", "Deir el-Balah"),
    ("Jurf al-Nasr", "Jurf Al Nasr"),
    ("Al-Mayadin", "Mayadeen"),
    ("Khan Younis", "Khan Yunis"),
    ("Raqqa", "Raqa"),
    ("Hodeidah", "Hodeida"),
    ("Saada", "Sa'ada"),
]
OTHER_NAME = [("Salvador", "El Salvador"), ("Homs", "Hama"), ("Basra", "Bosra"), ("Mali", "Malawi")]
# Name as written, country, first-level division and kind of the first place that has it.
KNOWN = [
    ("Babylon", "IQ", "Babil", PlacePrecision.ADMIN1),
    ("Jurf al-Nasr", "IQ", "Babil", PlacePrecision.TOWN),
    ("Green Zone", "IQ", "Baghdad", PlacePrecision.SITE),
    ("Idleb", "SY", "Idlib", PlacePrecision.ADMIN1),
    ("Khan Shaykhun", "SY", "Idlib", PlacePrecision.TOWN),
    ("Artemivsk", "UA", "Donetsk", PlacePrecision.TOWN),
    ("Nad-e-Ali", "AF", "Helmand", PlacePrecision.DISTRICT),
    ("Nord-Kivu", "CD", "North Kivu", PlacePrecision.ADMIN1),
    ("NWFP", "PK", "Khyber Pakhtunkhwa", PlacePrecision.ADMIN1),
    ("Pa.", "US", "Pennsylvania", PlacePrecision.ADMIN1),
    ("U.S.", "US", "", PlacePrecision.COUNTRY),
    ("Burma", "MM", "", PlacePrecision.COUNTRY),
]


@pytest.mark.parametrize(("one", "other"), SAME_NAME)
def test_transliterations_of_one_name_meet(one, other):
    assert exact_key(one) == exact_key(other) or loose_key(one) == loose_key(other)


@pytest.mark.parametrize(("one", "other"), OTHER_NAME)
def test_other_names_stay_apart(one, other):
    assert exact_key(one) != exact_key(other)


@given(st.text(max_size=40))
def test_keys_are_stable(name):
    assert exact_key(exact_key(name)) == exact_key(name)
    assert exact_key(name.upper().lower()) == exact_key(name.lower())


@pytest.mark.parametrize(("name", "country", "admin1", "precision"), KNOWN)
def test_name_is_known(name, country, admin1, precision):
    found = [(e.country, e.admin1, e.precision) for e in tables.load().named(name)]
    assert (country, admin1, precision) in found


def test_every_curated_place_lies_in_a_division_that_exists():
    divisions = {(d.country, d.name) for d in tables.divisions()}
    for file in ("towns.tsv", "sites.tsv", "regions.tsv"):
        for where, (country, admin1, _, _, _) in tables.rows_of(file, 5):
            assert not admin1 or (country, admin1) in divisions, where


def test_every_country_has_its_capital():
    lost = {c.code for c in tables.countries().values() if not tables.load().capital_of(c.code)}
    # Small states whose capital GeoNames writes otherwise.
    assert len(lost) < 12, lost


def test_curated_town_takes_its_coordinates_from_geonames():
    bakhmut = tables.load().named("Bakhmut")[0]
    assert bakhmut.curated
    assert bakhmut.lat == pytest.approx(48.6, abs=0.2)


def test_every_point_is_a_curated_places():
    """A point under a misspelt name would never be read."""
    curated = {
        (country, name)
        for file in ("towns.tsv", "sites.tsv", "regions.tsv")
        for _, (country, _, name, _, _) in tables.rows_of(file, 5)
    }
    assert set(tables.points()) <= curated
    bagram = tables.load().named("Bagram Airfield")[0]
    assert (bagram.lat, bagram.lon) == (34.946, 69.265)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("IQ\tBabil\tNowhere\ttown", "4 cells instead of 5"),
        ("QQ\t\tNowhere\ttown\t", "no country 'QQ'"),
        ("IQ\tAtlantis\tNowhere\ttown\t", "no division 'Atlantis'"),
        ("IQ\tBabil\tNowhere\tplanet\t", "kind 'planet'"),
        ("IQ\tBabil\t\ttown\t", "bad name ''"),
    ],
)
def test_bad_line_stops_the_start(line, message, monkeypatch, tmp_path):
    (tmp_path / "towns.tsv").write_text("# country\n" + line + "\n", encoding="utf-8")
    real = tables.files

    def files(package):
        class Folder:
            def joinpath(self, name):
                return tmp_path / name if name == "towns.tsv" else real(package).joinpath(name)

        return Folder()

    monkeypatch.setattr(tables, "files", files)
    with pytest.raises(tables.GazetteerError, match=message):
        tables.Gazetteer()


def test_bad_line_is_named():
    with pytest.raises(tables.GazetteerError, match=r"countries\.tsv:2"):
        list(tables.rows_of("countries.tsv", 7))


def test_index_of_towns_is_sorted_and_whole():
    towns = tables.Towns()
    assert np.all(towns._keys[:-1] <= towns._keys[1:])
    assert len(towns._names) == len(towns._lat) == len(towns._country)
    assert int(towns._rows.max()) == len(towns._names) - 1


@pytest.mark.parametrize("text", ["Car", "Us", "Mass", "Up"])
def test_initials_in_a_words_letters_are_no_place(text):
    assert tables.load().is_misspelt_initials(text)


@pytest.mark.parametrize("text", ["CAR", "US", "U.S.", "Mass.", "UK"])
def test_initials_as_written_are(text):
    assert not tables.load().is_misspelt_initials(text)
