"""Which words name a place, which place they mean, and which of them an event's is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.extract.places import rules as places
from schemas.reasons import PlacePrecision
from schemas.report import Place

# Text, the event's word, what its place must be called or lie in.
OF_EVENT = [
    ("Gunmen attacked a market in Baqubah, Diyala province.", "attacked", "Baqubah", "Diyala"),
    ("Rebels attacked the village of Khalaf in Diyala province.", "attacked", "Khalaf", "Diyala"),
    ("Insurgents attacked a post in Andar district, Ghazni.", "attacked", "Andar", "Ghazni"),
    ("A bomb exploded in Farah district, Farah province.", "exploded", "Farah", "Farah"),
    ("Shells hit a school in Hit, in Iraq's Anbar province.", "hit", "Hit", "Anbar"),
    ("Gunmen attacked a bus near Tripoli, northern Lebanon.", "attacked", "Tripoli", "North Lebanon"),
    ("Militias attacked a port in Tripoli, Libya.", "attacked", "Tripoli", "Tripoli"),
    ("A man was killed in Springfield, Ill., on Monday.", "killed", "Springfield", "Illinois"),
    ("The Kabul bombing killed nine.", "bombing", "Kabul", "Kabul"),
    ("A bomb killed five people in the Somali capital.", "killed", "Mogadishu", "Banadir"),
    ("Drones struck Jurf al-Nasr on Monday.", "struck", "Jurf al-Sakhr", "Babil"),
    ("Guerrillas attacked a town in Huila department, Colombia.", "attacked", "Huila", "Huila"),
    ("Sangin/Helmand\n", None, "Sangin", "Helmand"),
    ("A rocket fired from Syria hit a house in Kiryat Shmona, Israel.", "hit", "Kiryat Shmona", "Northern District"),
]  # fmt: skip
# Words that look like places and are none.
NOT_PLACES = [
    ("Militants attacked a US military convoy on Tuesday.", "US"),
    ("Gunmen fired at a UK embassy car.", "UK"),
    ("The Washington Post reported an attack.", "Washington"),
    ("Officer Jackson Hamilton said so.", "Hamilton"),
    ("The London-based monitor said so.", "London"),
    ("The Iran-backed militia said so.", "Iran"),
    ("A member of the Islamic Movement of Uzbekistan was shot.", "Uzbekistan"),
    ("He was shot on Columbus Street.", "Columbus"),
    ("A Syrian town was shelled.", "Syrian"),
    ("Car bombs exploded.", "Car"),
    ("It happened in March.", "March"),
    # Somebody of that name, by a given name, an age, a bracket, an office; a body by its initials.
    ("Police arrested Ruben Vargas. Vargas was shot in June.", "Vargas"),
    ("Mecca Hollins, 22, was charged.", "Mecca"),
    ("[PONCE] The army has the town under control.", "PONCE"),
    ("A candidate of the Unity Party (UP) was shot; the UP blamed gangs.", "UP"),
    ("He was shot, according to Bade.", "Bade"),
    ("SAN SALVADOR (RADIO CADENA SONORA) -- A bus was burnt.", "SONORA"),
    # A quarter that bears a city's name, and a region wider than a country's.
    ("A man was shot in Little Havana.", "Havana"),
]


def _place(name, precision, *, admin1=None, code="IQ", lat=None, lon=None):
    return Place(name=name, admin1=admin1, country_code=code, precision=precision, lat=lat, lon=lon)


BAGHDAD = _place("Baghdad", PlacePrecision.TOWN, admin1="Baghdad", lat=33.3, lon=44.4)
BABIL = _place("Babil", PlacePrecision.ADMIN1, admin1="Babil")
JURF = _place("Jurf al-Sakhr", PlacePrecision.TOWN, admin1="Babil")
IRAQ = _place("Iraq", PlacePrecision.COUNTRY)
SYRIA = _place("Syria", PlacePrecision.COUNTRY, code="SY")


@pytest.mark.parametrize(("text", "word", "name", "admin1"), OF_EVENT)
def test_place_of_event(make_reading, text, word, name, admin1):
    reading = make_reading(text)
    found = places.find(reading)
    if word is None:
        assert (found[0].place.name, found[0].place.admin1) == (name, admin1)
        return
    sentence = reading.sentences[0]
    head = next(token.i for token in sentence.span if token.text == word)
    place = places.of_event(sentence, head, reading, found)
    assert (place.name, place.admin1) == (name, admin1)


@pytest.mark.parametrize(("text", "word"), NOT_PLACES)
def test_no_place(make_reading, text, word):
    reading = make_reading(text)
    named = [reading.sentences[p.sentence].doc[p.start : p.end].text for p in places.find(reading)]
    assert word not in named


def test_one_name_means_one_place_in_an_article(make_reading):
    """The second "Sabari district" stands without its province."""
    reading = make_reading(
        "Troops searched a house in Alhambra district, Khost province, Afghanistan.",
        "Later a bomb exploded in Alhambra district.",
    )
    assert {p.place.admin1 for p in places.find(reading) if "Alhambra" in p.place.name} == {"Khost"}


def test_quarter_carries_its_citys_name(make_reading):
    reading = make_reading(
        "Four people were shot in the Hyde Acres neighborhood of Chicago.",
        "Chicago police said the shooting in Hyde Acres neighborhood was the second.",
        "The mayor of Chicago spoke.",
    )
    names = [p.place.name for p in places.find(reading)]
    assert "Hyde Acres, Chicago" in names


def test_vague_headline_is_told_by_what_follows(make_reading):
    reading = make_reading("Air strike kills nine in Syria", "The jets hit a market in Ariha.")
    first = reading.sentences[0]
    head = next(token.i for token in first.span if token.text == "strike")
    place = places.of_event(first, head, reading, places.find(reading))
    assert (place.name, place.admin1) == ("Ariha", "Idlib")


def test_agencys_dateline_is_the_last_resort(make_reading):
    reading = make_reading(
        "KABUL, Afghanistan (Reuters) - A bomb killed nine people on Monday.",
        "It went off in Kunduz, officials said.",
    )
    found = places.find(reading)
    assert found[0].dateline
    bomb = reading.sentences[0]
    head = next(token.i for token in bomb.span if token.text == "killed")
    assert places.of_event(bomb, head, reading, found).name == "Kunduz"


@pytest.mark.parametrize(
    ("outer", "inner", "expected"),
    [
        (BABIL, JURF, True),
        (JURF, BABIL, False),
        (IRAQ, JURF, True),
        (SYRIA, JURF, False),
        (BAGHDAD, JURF, False),
        (BAGHDAD, BAGHDAD, True),
        (_place("Babylon", PlacePrecision.ADMIN1, admin1="Babil"), JURF, False),
        (_place("Jarf al-Sakhar", PlacePrecision.TOWN, admin1="Babil", lat=1.0, lon=2.0),
         _place("Other", PlacePrecision.TOWN, admin1="Babil", lat=1.0, lon=2.0), True),
    ],
)  # fmt: skip
def test_containment(outer, inner, expected):
    assert places.contains(outer, inner) is expected


PLACES = st.builds(
    Place,
    name=st.sampled_from(["Babil", "Hilla", "Homs", "Al-Homs", "Iraq"]),
    admin1=st.sampled_from([None, "Babil", "Homs"]),
    country_code=st.sampled_from([None, "IQ", "SY"]),
    precision=st.sampled_from(list(PlacePrecision)),
)


@given(PLACES)
def test_every_place_contains_itself(place):
    assert places.contains(place, place)


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=200))
def test_any_text_gives_places_inside_it(make_reading, text):
    reading = make_reading(text)
    for name in places.find(reading):
        sentence = reading.sentences[name.sentence]
        assert sentence.span.start <= name.start < name.end <= sentence.span.end
        assert name.place.name


@pytest.mark.parametrize(
    ("texts", "where"),
    [
        # A name that no gazetteer has is a place by its "in".
        (("Gangs burnt homes in Kenscoveil, near Port-au-Prince, Haiti.",), "Kenscoveil"),
        # A sea has no country; the state of Sudan is called one.
        (("A missile hit a ship in the Red Sea on Monday.",), "Red Sea"),
        # Feeds lose apostrophes and write the article small.
        (("Jets bombed a market in Syrias Deir ezzor.",), "Deir ez-Zor"),
        # A quarter's namesake abroad is not meant where all speaks of one country.
        (
            (
                "Shells hit the al-Sulaimaniya neighbourhood of Aleppo, Syria.",
                "Syrian media in Aleppo and Damascus, Syria, said so.",
            ),
            "al-Sulaimaniya, Aleppo",
        ),
    ],
)
def test_place_that_is_easily_mistaken(make_reading, texts, where):
    reading = make_reading(*texts)
    assert where in {p.place.name for p in places.find(reading)}


@pytest.mark.parametrize(
    "text",
    [
        "Moscow denied that it had bombed the school.",
        "Tehran vowed to answer the bombing.",
        "Police search for a man in fatal shooting.",
    ],
)
def test_capital_that_speaks_is_no_place(make_reading, text):
    assert not [p for p in places.find(make_reading(text)) if p.place.precision == "town"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("A man was shot dead in Taunton on Friday, the sheriff said. He was wanted for a felony.", "US"),
        ("A man was shot dead in Taunton on Friday. Somerset magistrates sent him to crown court.", "GB"),
        ("A man was shot dead in Hamilton on Friday. A grand jury will hear the case.", "US"),
        ("A man was shot dead in Hamilton on Friday, the RCMP said.", "CA"),
    ],
)  # fmt: skip
def test_offices_tell_the_country_of_local_news(make_reading, text, code):
    """Local outlets name neither state nor country; a town's larger namesake abroad is not meant."""
    assert {p.place.country_code for p in places.find(make_reading(text))} == {code}


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        # A postal code after a comma, and no word in capitals after one.
        ("Two men were shot in Albion, MI, on Monday.", "Albion", "US"),
        ("Two men were shot on Elm Street, police in Lima, OH, said.", "Lima", "US"),
        ("TWO MEN WERE SHOT IN LIMA, OR SO POLICE IN PERU SAID.", "LIMA", "PE"),
        # A county, where no other country is told.
        ("Two men were shot in Albion. The car was stolen in Calhoun County.", "Albion", "US"),
        ("Two men were shot in Nakuru County, Kenya.", "Nakuru", "KE"),
        # A broadcaster's call sign; a far larger namesake.
        ("A boy was shot in Chester on Monday, WQXV 6 reports.", "Chester", "US"),
        ("A boy was shot in Toledo on Monday.", "Toledo", "US"),
        # No town whose name only sounds like it.
        ("A man was shot at Kellys in Chattanooga, Tennessee.", "Kellys", "US"),
        # Whose aircraft it was tells not where it was.
        (
            "US warplanes flew over Manbij, in Syria, where US jets hit a market in US strikes on al-Kassara district.",
            "al-Kassara",
            "SY",
        ),
        # A county that shares its name with a town elsewhere.
        (
            "A man was shot in Harris County on Monday, the sheriff said. A grand jury met.",
            "Harris",
            "US",
        ),
        # A well-known city is no part of the province whose name a quarter of it bears.
        ("Shells hit the Salah al-Din district of Aleppo, Syria.", "Salah al-Din", "SY"),
        # A capital tells its country, whatever village has its name.
        ("Guerrillas attacked the town of San Rosendo, near San Salvador.", "San Rosendo", "SV"),
        # A state of local news that a country bears the name of.
        ("Two men were shot in Georgia on Monday, the sheriff said.", "Georgia", "US"),
        ("Two men were shot in Georgia on Monday, police in Tbilisi said.", "Georgia", "GE"),
    ],
)
def test_what_local_news_tells_of_its_country(make_reading, text, name, code):
    found = {p.place.name.casefold(): p.place.country_code for p in places.find(make_reading(text))}
    assert found[name.casefold()] == code


def test_province_named_by_direction_needs_its_word(make_reading):
    """ "Aleppo's Northern countryside" is not Sudan's Northern State."""
    reading = make_reading("Troops advanced in the Northern countryside of Aleppo, Syria.")
    assert "SD" not in {p.place.country_code for p in places.find(reading)}
