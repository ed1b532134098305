"""Who condemns what, and what is no condemnation."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.extract.facts import Day
from monitor.extract.statements import rules as statements
from schemas.reasons import EventType, Kind, Stance
from schemas.report import DayRange, Evidence, Place, ReportedIncident

# Text, (principal, stance) of each statement.
SAID = [
    ("Kenya condemned the attack.", [("state:KE", "condemn")]),
    ("Kenya strongly condemns the attack.", [("state:KE", "condemn")]),
    ("The attack was condemned by Turkey.", [("state:TR", "condemn")]),
    ("Pakistan and Iran condemned the bombing.", [("state:PK", "condemn"), ("state:IR", "condemn")]),
    ("The army denounced the killing of civilians.", [("org:army", "denounce")]),
    ("Jordan expressed its strong condemnation of the bombing.", [("state:JO", "condemn")]),
    ("Egypt voiced outrage at the killing of five soldiers.", [("state:EG", "denounce")]),
    ("The remarks follow condemnation expressed by the Iraqi government of the strikes.", [("state:IQ", "condemn")]),
    ("France's condemnation of the attack came late.", [("state:FR", "condemn")]),
    ("The government of Chad rejects these attacks.", [("state:TD", "reject")]),
    ("Sudan's foreign ministry called the shelling a war crime.", [("state:SD", "condemn")]),
    ("Syria said it holds Israel fully responsible for the attack.", [("state:SY", "condemn")]),
    ("France summoned the Iranian ambassador to protest against the attack.", [("state:FR", "denounce")]),
    ("Brazil accused the army of genocide.", [("state:BR", "denounce")]),
    ("Colombia condemns killing of mayor", [("state:CO", "condemn")]),
    ("“We condemn this crime,” Polish Foreign Minister Radek Sikorski said.", [("state:PL", "condemn")]),
    ("Hamas condemned the strike.", [("org:hamas", "condemn")]),
    ("The bombing drew condemnation from France and Chad.", [("state:FR", "condemn"), ("state:TD", "condemn")]),
    ("The attack was condemned by Nigeria's President Bola Tinubu.", [("state:NG", "condemn")]),
    ("The attack has been widely condemned, including by China.", [("state:CN", "condemn")]),
    ("The raid sparked outrage from the governments of Spain and Ireland.", [("state:ES", "denounce"), ("state:IE", "denounce")]),
    ("The Egyptian and Jordanian foreign ministries condemned the raid.", [("state:EG", "condemn"), ("state:JO", "condemn")]),
    ("Ghana was quick to condemn the attack.", [("state:GH", "condemn")]),
    ("Kenya's president called the rebel leader a murderer.", [("state:KE", "denounce")]),
    ("Kenya's president called the army after the killers fled.", []),
    ("The parliament of Ghana adopted a motion condemning the killing of four farmers.", [("org:ghanaian parliament", "condemn")]),
    ("Ireland's prime minister said he was appalled by the attack on the convoy.", [("state:IE", "denounce")]),
    ("Moscow slammed Kyiv over the strike on a bus.", [("state:RU", "denounce")]),
    ("Peru condemns armed attack in Lima market", [("state:PE", "condemn")]),
    ("Condemning the raid, Algerian foreign minister Ahmed Attaf spoke of a crime.", [("state:DZ", "condemn")]),
    # Stances that do not alert.
    ("No group immediately claimed responsibility for the attack.", []),
    ("Qatar called for an immediate ceasefire.", [("state:QA", "call_for")]),
    ("Iran vowed to avenge the killing of its general.", [("state:IR", "threaten")]),
    ("Al-Shabaab claimed responsibility for the bombing.", [("org:al shabaab", "claim")]),
    ("Hamas said it was behind the shooting.", [("org:hamas", "claim")]),
    ("Rwanda denied involvement in the shelling.", [("state:RW", "deny")]),
    # None of these is one.
    ("Residents called for a ceasefire.", []),
    ("Iran vowed to build more homes.", []),
    ("Iran said it was behind on payments for the missiles.", []),
    ("Kenya refused to condemn the attack.", []),
    ("Kenya did not condemn the attack.", []),
    ("Kenya has never condemned the attack.", []),
    ("Kenya urged the African Union to condemn the attack.", [("state:KE", "call_for")]),
    ("Kenya called on Uganda to condemn the attack.", [("state:KE", "call_for")]),
    ("Kenya may condemn the attack.", []),
    ("Kenya should condemn the attack.", []),
    ("If Kenya condemns the attack, talks will end.", []),
    ("Kenya stopped short of condemning the attack.", []),
    ("A Kenyan court condemned two men to death.", []),
    ("The attack was widely condemned.", []),
    ("Kenya accused the rebels of carrying out the attack.", []),
    ("Washington blamed the group for the bombing.", []),
    ("Kenya rejected the proposal for a truce.", []),
    ("Kenya rejected a request for soldiers.", []),
    ("Police removed a condemned building.", []),
    ("Kenya discussed the attack and stressed the need for calm.", []),
    ("Crowds protested against the killing.", []),
    ("Blast condemned", []),
]  # fmt: skip
UNOFFICIAL = [
    "The singer Amel Larbi condemned the attack.",
    "Residents condemned the attack.",
    "Amnesty International condemned the attack.",
    "The activist Maria Ressa denounced the killing.",
]


def _incident(ordinal, place, *, background=False, kind=Kind.ATTACK, evidence=()):
    return ReportedIncident(
        ordinal=ordinal,
        kind=kind,
        event_type=EventType.ARMED_ATTACK,
        place=Place(name=place, country="Iraq", country_code="IQ"),
        background=background,
        evidence=evidence,
    )


@pytest.mark.parametrize(("text", "expected"), SAID)
def test_stance(make_reading, text, expected):
    found = statements.find(make_reading(text), ())
    assert [(s.speaker.principal, s.stance.value) for s in found] == expected


@pytest.mark.parametrize("text", UNOFFICIAL)
def test_unofficial_speaker(make_reading, text):
    found = statements.find(make_reading(text), ())
    assert [s.official for s in found] == [False]


def test_quotation_goes_back_to_its_speaker(make_reading):
    reading = make_reading(
        "Iraqi government spokesman Basem Al-Awadi met reporters.",
        "“We strongly condemn the attack that targeted the base,” Al-Awadi explained.",
    )
    (found,) = statements.find(reading, ())
    assert (found.speaker.name, found.speaker.principal) == ("Al-Awadi", "state:IQ") or (
        found.speaker.name,
        found.speaker.principal,
    ) == ("Basem Al-Awadi", "state:IQ")
    assert found.official


def test_pronoun_and_the_minister_are_the_last_speaker(make_reading):
    for subject in ("He", "The minister"):
        reading = make_reading(
            "The Interior Minister of Kurdistan Region (KRI), Rebar Ahmad, spoke on Sunday.",
            f"{subject} stressed, “We condemn these attacks.”",
        )
        reading2 = make_reading(
            "The Interior Minister of Kurdistan Region (KRI), Rebar Ahmad, said the roads were safe.",
            f"{subject} stressed, “We condemn these attacks.”",
        )
        found = [s for r in (reading, reading2) for s in statements.find(r, ())]
        assert "Rebar Ahmad" in {s.speaker.name for s in found}


def test_one_statement_for_each_principal_and_target(make_reading):
    reading = make_reading(
        "Iran condemned the bombing.",
        "Iranian Foreign Ministry spokesman Nasser Kanani denounced the attack.",
    )
    (found,) = statements.find(reading, ())
    assert (found.speaker.principal, found.stance) == ("state:IR", Stance.CONDEMN)


def test_statement_is_about_the_incident_in_its_target(make_reading):
    reading = make_reading("Jordan condemned the attack on a market in Basra on Monday.")
    attack = _incident(1, "Basra", evidence=(Evidence(start=21, end=27, fact="trigger"),))
    (found,) = statements.find(reading, (_incident(0, "Mosul"), attack))
    assert found.target.incident == 1
    assert "attack" in found.target.text


def test_statement_prefers_the_place_it_names_and_no_background(make_reading):
    reading = make_reading("Jordan condemned the attack.")
    (found,) = statements.find(
        reading, (_incident(0, "Basra", background=True), _incident(1, "Mosul"))
    )
    assert found.target.incident == 1


@pytest.mark.parametrize(
    ("text", "violent"),
    [
        ("Iran condemned the shelling of a village.", True),
        ("Iran condemned this.", True),
        ("Iran condemned the court's ruling on visas.", False),
        ("Iran criticised the new law.", False),
    ],
)
def test_target_that_is_no_violence_is_marked(make_reading, text, violent):
    (found,) = statements.find(make_reading(text), ())
    assert found.target.violent is violent


def test_a_condemned_strike_over_pay_is_no_violence(make_reading):
    reading = make_reading("Niger's labour minister condemned the strike.")
    strike = next(t.i for t in reading.sentences[-1].doc if t.text == "strike")
    (found,) = statements.find(
        reading, (), harmless=frozenset({(reading.sentences[-1].index, strike)})
    )
    assert found.target.violent is False


def test_class_of_attacks_is_no_incident(make_reading):
    reading = make_reading("The Iraqi government rejects attacks on diplomatic missions.")
    (found,) = statements.find(reading, (_incident(0, "Baghdad"),))
    assert found.target.incident is None
    assert found.target.text == "attacks on diplomatic missions"


def test_date_stands_outside_of_what_is_condemned(make_reading):
    reading = make_reading("On Wednesday Jordan condemned the attack of Monday.")
    sentence = reading.sentences[0]

    def day(word, number):
        start = next(t.i for t in sentence.span if t.text == word)
        days = DayRange(first=date(2024, 5, number), last=date(2024, 5, number))
        return Day(sentence=0, start=start, end=start + 1, days=days)

    (found,) = statements.find(reading, (), (day("Wednesday", 15), day("Monday", 13)))
    assert found.date.first == date(2024, 5, 15)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["Iran", "condemned", "we", "“", "”", "said", "the attack", ".", "not", "he"]
        ),
        max_size=25,
    )
)
def test_any_words_give_statements_with_a_speaker(make_reading, words):
    for statement in statements.find(make_reading(" ".join(words) or "x"), ()):
        assert statement.speaker.name
        assert statement.speaker.principal
