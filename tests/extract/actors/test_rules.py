"""Who did it, to whom, and who says so."""

from itertools import pairwise

import pytest

from monitor.extract.actors import rules as actors

# Sentence, event's word, perpetrators, words that must be among the targets.
ROLES = [
    (
        "A magnetic bomb stuck to the car of editor Karwan Aziz exploded in Zakho on Wednesday night.",
        "exploded",
        [],
        "",
    ),
    ("Gunmen stormed a village, killing five civilians.", "stormed", ["Gunmen"], "village"),
    ("Gunmen stormed a village, killing five civilians.", "killing", ["Gunmen"], "civilians"),
    ("Two policemen were shot dead by unidentified gunmen.", "shot", ["unidentified gunmen"], None),
    ("Israeli air strikes on Gaza killed 20 people.", "strikes", ["Israel"], "Gaza"),
    ("Israeli air strikes on Gaza killed 20 people.", "killed", ["Israel"], "people"),
    ("Air strikes carried out by US forces hit a base.", "strikes", ["US forces"], None),
    ("An attack claimed by Daesh killed ten worshippers.", "attack", ["Islamic State"], None),
    ("Turkish warplanes bombed PKK positions.", "bombed", ["Turkish air force"], None),
    ("Washington struck three times in Syria.", "struck", ["United States"], None),
    ("Shining Path guerrillas murdered the mayor.", "murdered", ["Shining Path"], "mayor"),
    ("Russian forces shelled Kherson.", "shelled", ["Russian forces"], "Kherson"),
    ("Suspected Boko Haram militants attacked a base.", "attacked", ["Boko Haram"], "base"),
    ("Kurdish rebels ambushed a patrol.", "ambushed", ["Kurdistan Workers' Party"], "patrol"),
    ("A suicide bomber attacked a bank.", "attacked", ["suicide bomber"], "bank"),
    ("Five people were killed when gunmen opened fire.", "killed", ["gunmen"], "people"),
    ("Soldiers killed in ambush", "killed", [], "Soldiers"),
    ("A bomb killed five people.", "killed", [], "people"),
    ("US school shooting leaves three dead", "shooting", [], None),
    ("US drone strike kills three", "strike", ["US forces"], None),
]
NAMES = [
    ("Hashd al-Shaabi", "Popular Mobilization Forces", False),
    ("the Iraqi Hezbollah Brigades", "Kataib Hezbollah", False),
    ("Ansar Allah", "Houthis", False),
    ("ISIL", "Islamic State", False),
    ("the IDF", "Israel Defense Forces", True),
    ("the Israeli army", "Israel Defense Forces", True),
    ("CENTCOM", "US Central Command", True),
    ("the Saudi-led coalition", "Saudi-led coalition", True),
    ("Pakistani troops", "Pakistani forces", True),
    ("Ukrainian warplanes", "Ukrainian air force", True),
    ("the TTP", "Tehrik-i-Taliban Pakistan", False),
    ("Tamil Tigers", "Liberation Tigers of Tamil Eelam", False),
    ("masked gunmen", "masked gunmen", False),
]
CLAIMS = [
    ("Kataib Hezbollah claimed responsibility for the attack.", ["Kataib Hezbollah"]),
    ("The bombing was claimed by the Taliban.", ["Taliban"]),
    ("No group has claimed responsibility for the bombing.", []),
    ("The Taliban have not claimed the attack.", []),
    ("The Taliban claimed to have released a hostage.", []),
]


def _head(sentence, word):
    return next(token.i for token in sentence.span if token.text == word)


@pytest.mark.parametrize(("text", "word", "who", "whom"), ROLES)
def test_roles(make_reading, text, word, who, whom):
    sentence = make_reading(text).sentences[0]
    found = actors.find(sentence)
    head = _head(sentence, word)
    assert [a.who.name for a in actors.perpetrators(sentence, head, found)] == who
    if whom:
        named = " ".join(a.who.text for a in actors.targets(sentence, head, found))
        assert whom in named


@pytest.mark.parametrize(("words", "name", "state"), NAMES)
def test_name_of_actor(make_reading, words, name, state):
    sentence = make_reading(f"On Monday {words} attacked a village.").sentences[0]
    assert (name, state) in [(a.who.name, a.state) for a in actors.find(sentence)]


@pytest.mark.parametrize(("text", "expected"), CLAIMS)
def test_claim_of_responsibility(make_reading, text, expected):
    sentence = make_reading(text).sentences[0]
    claimed = actors.claimed_by(sentence, actors.find(sentence))
    assert [a.who.name for a in claimed] == expected


@pytest.mark.parametrize("text", ["It is said so.", "He aa'd it.", "Was it ira?"])
def test_initials_in_small_letters_are_no_group(make_reading, text):
    assert actors.find(make_reading(text).sentences[0]) == ()


def test_actors_do_not_overlap(make_reading):
    sentence = make_reading(
        "Iranian-backed Kataib Hezbollah militiamen and US forces fought Islamic State fighters."
    ).sentences[0]
    spans = [(a.start, a.end) for a in actors.find(sentence)]
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
