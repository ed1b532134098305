"""Why a word is kept as a trigger, or is not: sentences with the reason that an editor is told."""

import pytest


@pytest.fixture
def reasons(assembled):
    def read(text):
        assembly = assembled(text)
        return {
            assembly.reading.sentences[i].doc[t.start : t.end].text.lower(): str(t.why)
            for i, here in assembly.triggers.items()
            for t in here
        }

    return read


KEPT = [
    ("An air strike killed nine people in Khan Younis on Tuesday.", "air strike", "strong_word"),
    ("Gunmen attacked a village in Zamfara on Sunday.", "attacked", "armed_actor"),
    ("Five rockets hit an air base in Anbar on Monday.", "hit", "weapon"),
    ("Three farmers were killed when a landmine exploded near Namsang.", "landmine", "weapon"),
    ("Militants killed three fishermen near Baga on Monday.", "killed", "armed_actor"),
    ("An armed man took eight hostages in a bank in Beirut.", "hostages", "target"),
    (
        "Nine rebels were killed in separate raids across the country on Monday.",
        "killed",
        "casualties",
    ),
    (
        "Police asked for help to find suspects involved in the shooting in Akron.",
        "shooting",
        "strong_word",
    ),
    ("Rebels hurled sticks of dynamite at a consulate in Guayaquil.", "dynamite", "weapon"),
    ("An explosion damaged the windows of the Bolivian consulate in Quito.", "explosion", "target"),
    ("A drone was used to kill two officers near Homs on Monday.", "kill", "weapon"),
]
DROPPED = [
    ("Nurses in Nairobi went on strike on Monday over pay, the union said.", "strike", "labour"),
    ("A ransomware attack hit three hospitals in Dublin on Monday.", "attack", "cyber"),
    ("The former minister died of a heart attack in Lima.", "attack", "disease"),
    ("A surfer was badly hurt in a shark attack near Perth on Sunday.", "attack", "animal"),
    ("Police in Singapore held a drill in which officers met a mock bomb attack.", "bomb attack", "drill"),
    ("The senator launched a scathing attack on the budget.", "attack", "verbal"),
    ("Chile and Bolivia struck a deal on lithium on Tuesday.", "struck", "metaphor"),
    ("A gas leak caused an explosion in Cairo on Sunday, killing four people.", "explosion", "accident"),
    ("The group threatened to attack tankers in the Gulf of Aden.", "attack", "threat"),
    ("Two men were arrested on suspicion of planning an attack on a concert.", "attack", "plan"),
    ("Villagers near Maradi fear an attack by bandits.", "attack", "fear"),
    ("The army denied that its aircraft had bombed a village in Tigray.", "bombed", "denied"),
    ("Police foiled a bomb attack in Jakarta on Saturday.", "bomb attack", "prevented"),
    ("There was no attack on the airport in Khartoum.", "attack", "negated"),
    ("If rebels attack the town, the army will answer.", "attack", "hypothetical"),
    ("Police fired tear gas to disperse marchers in Tbilisi.", "fired", "non_lethal"),
    ("Air defence shot down a drone near Riga on Tuesday.", "shot", "intercepted"),
    ("Attacks on journalists are unacceptable, the union said.", "attacks", "generic"),
    ("There have been 64 attacks on health workers since January.", "attacks", "tally"),
    ("The plane was badly damaged and two members of the crew were injured in Guatemala.", "injured", "unsupported"),
    ("Police look for men planning an attack on a church in Akron.", "attack", "plan"),
    ("An explosion damaged the windows of two houses in Quito.", "explosion", "unsupported"),
    ("Officers seized explosives at the border.", "explosives", "foiled"),
    # What something is for, or would have to be done; what a word stands for.
    ("The new jets are used to bomb bunkers in Syria.", "bomb", "plan"),
    ("It is necessary to launch an assault on the gang's base in Cali.", "assault", "plan"),
    ("To massacre people in Homs.", "massacre", "plan"),
    ("The drug lord is fighting extradition to Peru.", "fighting", "metaphor"),
    # The sum of a roundup, where what it sums up is told.
    (
        "Nine were killed in separate raids across the country. In Mosul, troops shot dead four.",
        "killed",
        "tally",
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "word", "why"), KEPT + DROPPED, ids=[f"{c[2]}: {c[1]}" for c in KEPT + DROPPED]
)
def test_reason(reasons, text, word, why):
    assert reasons(text)[word] == why
