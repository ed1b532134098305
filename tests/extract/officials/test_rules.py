"""Whose voice an office is: one principal for all who speak for a state, others alone, persons carried forward."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.extract.officials import introductions, offices
from monitor.extract.officials.rules import Register

# Phrase, principal, official, the person's name if it has one.
PHRASES = [
    # A capital's office is its state's; a minister and the ministry are one.
    ("Tehran's foreign ministry", "state:IR", True, ""),
    ("Kyiv's defence ministry", "org:ukrainian defence ministry", True, ""),
    ("Ukraine's minister of defence", "org:ukrainian defence ministry", True, ""),
    ("the defence ministry of Ukraine", "org:ukrainian defence ministry", True, ""),
    ("Moscow's mayor", "org:moscow mayor", True, ""),
    # Whom a state sends to a body speaks for the state; whom the body sends, for the body.
    ("Russia's UN ambassador Vassily Nebenzia", "state:RU", True, "Vassily Nebenzia"),
    ("the UN special envoy for Syria Geir Pedersen", "org:united nations", True, "Geir Pedersen"),
    ("Iraqi Foreign Minister Fuad Hussein", "state:IQ", True, "Fuad Hussein"),
    ("the spokesperson of the Iraqi government, Basem Al-Awadi", "state:IQ", True, "Basem Al-Awadi"),
    ("Riyadh", "state:SA", True, ""),
    ("Saudi Arabia's foreign ministry", "state:SA", True, ""),
    ("the media office of the Iraqi Prime Minister", "state:IQ", True, ""),
    ("Iran's Foreign Ministry's spokesman Bahram Qassemi", "state:IR", True, "Bahram Qassemi"),
    ("US State Department spokesman Matthew Miller", "state:US", True, "Matthew Miller"),
    ("Bahrain's King Hamad bin Isa Al Khalifa", "state:BH", True, "Hamad bin Isa Al Khalifa"),
    ("Pope Francis", "state:VA", True, "Francis"),
    # Outlets leave out the state of those whom everybody knows, and give states their long names.
    ("Prime Minister Nawaf Salam", "state:LB", True, "Nawaf Salam"),
    ("President Isaac Herzog", "state:IL", True, "Isaac Herzog"),
    ("the State of Qatar", "state:QA", True, ""),
    ("the Organization of Turkic States", "org:organization of turkic states", True, ""),
    ("the Grand Imam of Al-Azhar, Ahmed El-Tayyeb", "org:al azhar", True, "Ahmed El-Tayyeb"),
    ("Spain", "state:ES", True, ""),
    ("Bolivia's government", "state:BO", True, ""),
    ("the Jordanian ambassador", "state:JO", True, ""),
    ("the Iraqi army", "org:iraqi army", True, ""),
    ("Russia's Defence Ministry", "org:russian defence ministry", True, ""),
    ("the Israeli military", "org:israeli military", True, ""),
    ("KRG President Masoud Barzani", "org:kurdistan region", True, "Masoud Barzani"),
    ("UN Secretary-General Antonio Guterres", "org:united nations", True, "Antonio Guterres"),
    ("Secretary-General Antonio Guterres", "org:united nations", True, "Antonio Guterres"),
    ("the party's secretary-general", "org:party secretary general", True, ""),
    ("the UN Security Council", "org:un security council", True, ""),
    ("the Arab League", "org:arab league", True, ""),
    ("European Union foreign policy chief Josep Borrell", "org:european union", True, "Josep Borrell"),
    ("Hezbollah leader Hassan Nasrallah", "org:hezbollah", True, "Hassan Nasrallah"),
    ("Hamas", "org:hamas", True, ""),
    ("pop singer Dua Lipa", "person:dua lipa", False, "Dua Lipa"),
    ("former prime minister Shimon Peres", "person:shimon peres", False, "Shimon Peres"),
    ("Amnesty International", "person:amnesty international", False, ""),
    ("residents", "person:residents", False, ""),
]  # fmt: skip
INTRODUCED = [
    ("Iraqi President Barham Salih and Defence Minister Jumah Inad met.", ["Barham Salih", "Jumah Inad"]),
    ("The spokesman for the Commander-in-Chief of the Armed Forces, Major General Yahya Rasool, spoke.", ["Yahya Rasool"]),
    ("Jotyar Adil, the KRG's official spokesperson, spoke.", ["Jotyar Adil"]),
    ("Shafaq News / The Interior Minister of Kurdistan Region (KRI), Rebar Ahmad, spoke.", ["Rebar Ahmad"]),
    ("US President Joe Biden spoke on Monday.", ["Joe Biden"]),
    ("The embassy in the Green Zone was hit.", []),
    ("Gunmen attacked Ain al-Assad base.", []),
]  # fmt: skip


@pytest.mark.parametrize(("phrase", "principal", "official", "person"), PHRASES)
def test_voice_of_phrase(phrase, principal, official, person):
    voice = offices.read(phrase)
    assert (voice.principal, voice.official, voice.person) == (principal, official, person)


def test_office_without_country_is_the_articles():
    assert offices.read("the Foreign Ministry", "KE").principal == "state:KE"
    assert offices.read("Prime Minister Muhammad Al-Sudani", "IQ").principal == "state:IQ"


@pytest.mark.parametrize(("text", "names"), INTRODUCED)
def test_introductions(make_reading, text, names):
    sentence = make_reading(text).sentences[0]
    assert [one.voice.person for one in introductions.find(sentence, "IQ")] == names


def test_surname_brings_the_office_back():
    register = Register(known={}, spans={})
    register.add(offices.read("the spokesperson of the Iraqi government, Basem Al-Awadi"))
    assert register.of_name("Al-Awadi").principal == "state:IQ"
    assert register.of_name("Basem Al-Awadi").principal == "state:IQ"
    assert register.of_name("Awad") is None


def test_first_office_told_stays():
    register = Register(known={}, spans={})
    register.add(offices.read("Kenyan President William Ruto"))
    register.add(offices.read("football coach William Ruto"))
    assert register.of_name("Ruto").principal == "state:KE"


@given(st.text(max_size=80))
def test_any_phrase_is_read(text):
    voice = offices.read(text)
    assert voice is None or voice.principal.startswith(("state:", "org:", "person:"))
