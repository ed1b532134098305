"""Who was killed and who was hurt: the wordings of news, and how one figure is made of many claims."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.extract.casualties import rules as casualties
from monitor.extract.casualties.rules import CASUALTIES, INJURED, KILLED
from monitor.extract.facts import Casualty
from schemas.report import Count

SOME = "some"
# Text, killed, injured. None is unknown, 0 a stated zero, SOME a figure that is vague.
FOLDED = [
    ("Two soldiers were killed.", 2, None),
    ("Two soldiers have been killed and nine wounded.", 2, 9),
    ("The bomb killed four people.", 4, None),
    ("The police said that 17 people, and not 25 as first reported, were killed.", 17, None),
    ("The army confirmed that six soldiers (not nine) were killed.", 6, None),
    ("When they arrived, officers found Keller dead and another man wounded.", None, 1),
    ("Police found two men dead.", 2, None),
    ("Two men were found shot dead.", 2, None),
    ("The blast killed at least four people and injured 12 others.", 4, 12),
    ("The gunmen opened fire, killing a soldier.", 1, None),
    ("A rocket hit the base, severely injuring a soldier.", None, 1),
    ("A woman and her two children were killed.", 3, None),
    ("Three policemen, a guide and two civilians were killed.", 6, None),
    ("The raid killed two soldiers, a policeman and four civilians.", 7, None),
    ("A bomb killed an elderly couple.", 2, None),
    ("A family of five was killed.", 5, None),
    ("Bashir and his deputy were both killed.", 2, None),
    ("The mayor was shot dead along with two guards.", 3, None),
    ("The blast led to the killing of 4 people and the injury of 3 others.", 4, 3),
    ("The deaths of three monks were confirmed.", 3, None),
    ("Police found the bodies of two men.", 2, None),
    ("The attack left four people dead and dozens wounded.", 4, SOME),
    ("The attack left one dead.", 1, None),
    ("Five dead, 20 hurt in Kabul blast", 5, 20),
    ("14 killed, 30 wounded in Kabul blast", 14, 30),
    ("Bomb kills 14 in Kabul", 14, None),
    ("Soldier killed in Mali ambush", 1, None),
    ("The blast claimed the lives of 12 people.", 12, None),
    ("Twelve people lost their lives.", 12, None),
    ("There were three fatalities and nine injuries.", 3, 9),
    ("The death toll rose from 10 to 14.", 14, None),
    ("The number of dead has risen to 30.", 30, None),
    ("Five were killed on Sunday, bringing the death toll to 21.", 21, None),
    ("Three soldiers were martyred.", 3, None),
    ("A policeman succumbed to his injuries.", 1, None),
    ("Three officers suffered shrapnel wounds.", None, 3),
    ("A man was stabbed to death and another was wounded.", 1, 1),
    ("4 shot, 1 fatally, in Memphis", 1, 3),
    ("Four people were shot, one of them fatally.", 1, 3),
    ("Five people were shot. Two of them have died.", 2, 3),
    ("Four people were shot at a party.", None, 4),
    # In general, asked, denied or of things: no figure.
    ("The mayor asked for a truce to evacuate wounded people.", None, None),
    ("Are there any officers wounded?", None, None),
    ("Neither the consul nor his wife was injured.", 0, 0),
    ("The violence is hurting our fatherland.", None, None),
    ("Several gunmen shot repeatedly at the office of a weekly.", None, None),
    # A count up to now, of days of fighting, and what stands beside it.
    ("Up until this morning, 610 rebels have been killed and 402 have been wounded.", None, None),
    ("The offensive, which began on Saturday, has left 480 dead and 900 wounded.", None, None),
    (
        "In the last 30 days, 85 rebels have been killed, while 120 soldiers have been wounded.",
        None,
        None,
    ),
    ("Some 210 rebels were killed and 95 wounded in more than 300 clashes.", None, None),
    (
        "The offensive, which began 12 days ago in the north and which has left more than 900 people dead, hundreds of people wounded, goes on.",
        None,
        None,
    ),
    ("A minor was wounded.", None, 1),
    ("Two men suffered minor injuries.", None, 2),
    ("A minor clash wounded three men.", None, 3),
    # The one who speaks is one of those whom it befell.
    (
        "According to one of the two waitresses who were slightly injured, two men left a bag.",
        None,
        2,
    ),
    ("Thirtyfour sailors were injured.", None, 34),
    ("The councillor, who was 45 and a father of two, was found shot.", None, 1),
    ("Two men, aged 19 and 22, were shot and killed.", 2, None),
    ("A 16-year-old boy was killed.", 1, None),
    ("Woman killed in quadruple shooting", 1, 3),
    ("The security force killed a Taliban leader and one other insurgent.", 2, None),
    ("The force returned fire, killing two insurgents and wounding another.", 2, 1),
    ("The force engaged them, resulting in one insurgent being killed.", 1, None),
    ("Several insurgents were killed.", SOME, None),
    ("Insurgents were killed.", SOME, None),
    ("Ten people were killed, among them four police officers.", 10, None),
    ("Ten people were killed, including four police officers.", 10, None),
    (
        "Envoys attended the funeral of four monks, three of them Belgians, who were killed on Monday.",
        4,
        None,
    ),
    ("A court sentenced him to death over 2024 protest killings.", None, None),
    ("Hundreds attended the funeral of Dana Levin, 54, who was killed on Monday.", 1, None),
    ("Five people, four of them tourists from Pune, were shot dead near Aru.", 5, None),
    ("It led to the martyrdom of an officer with the rank of captain and two soldiers.", 3, None),
    ("Gunman kills 1 and wounds 3 at bus stop before being shot dead", 1, 3),
    ("The driver was kidnapped from his home and tortured before being shot dead.", 1, None),
    ("More than 600 people were killed nationwide during the 2019 protests.", None, None),
    (
        "Missiles struck Haifa, killing eight people and bringing the toll since Friday to 24.",
        8,
        None,
    ),
    ("Four people including one child were injured by the explosion.", None, 4),
    ("A man shot four others, including one who died.", 1, 3),
    ("They said that they killed two men and wounded nine.", 2, 9),
    ("The woman was with her children, one of whom was wounded.", None, 1),
    ("He wrote two articles on the six monks that were murdered.", 6, None),
    ("The two priests' assassination was condemned.", 2, None),
    ("Deng's murder shocked the country.", 1, None),
    ("The army's killing of three farmers was condemned.", 3, None),
    ("The assassination in February of general Peter Alva was ordered by them.", 1, None),
    (
        "They denounced the assassination of minister Karim Deng in an attack in which his driver and guard were also killed.",
        3,
        None,
    ),
    ("Banker Omar Castel Lobo was murdered. Castel was shot to death at his gate.", 1, None),
    ("Karim Deng, senator and presidential hopeful, died.", 1, None),
    ("The daughter of the envoy was almost killed.", None, None),
    ("The blast left a toll of one person wounded and damage to twenty shops.", None, 1),
    ("They denounced raids and murders of trade union members.", None, None),
    ("They are relatives of missing and murdered people.", None, None),
    ("An unknown number of wounded people were treated.", None, SOME),
    ("Thousands of workers who have been murdered are forgotten.", None, None),
    ("Rebels continue killing farmers.", None, None),
    ("In March alone their actions claimed 200 lives.", None, None),
    ("Attacks over the past 12 days have killed two people and wounded 20 others.", None, None),
    ("Attacks over the past two days have killed two people.", 2, None),
    ("So far, two deputies have been murdered in less than 15 days.", None, None),
    ("The front is responsible for the deaths of at least 700 people this year.", None, None),
    ("Over 7,000 people died in the country during 10 years of civil war.", None, None),
    ("It was planted by rebels who killed three Italians in previous attacks.", None, None),
    ("On several occasions the army has murdered patients.", None, None),
    (
        "He spoke of a problem that has lasted 10 years and killed more than 70,000 people.",
        None,
        None,
    ),
    ("The bomber killed himself and five guards.", 5, None),
    ("Four gunmen were shot dead.", 4, None),
    ("The attack caused no casualties.", 0, 0),
    ("Nobody was hurt.", 0, 0),
    ("There was no loss of life.", 0, None),
    ("There was no immediate word on casualties.", None, None),
    ("Four people were killed. Another two died later in hospital.", 6, None),
    ("Four people were killed. The four victims were farmers.", 4, None),
    ("Anna Berg, 24, and Omar Said, 31, were shot and killed.", 2, None),
    ("Rene Vega, an official and leader of the party, was shot dead.", 1, None),
    ("One man died at the scene. Two others died in hospital.", 3, None),
    ("The death toll was revised down to 11 from an earlier 17.", 11, None),
    ("Seven people were wounded, three of them seriously.", None, 7),
    ("A gunman shot dead two men and wounded a third.", 2, 1),
    ("SEVEN SOLDIERS WERE KILLED AND TWO WERE WOUNDED.", 7, 2),
    ("Two children are feared dead.", None, None),
    ("Both pilots died in the attack.", 2, None),
    ("The fourth victim, a young man, was killed.", 1, None),
    ("Four aid workers - two Kenyans, a Ugandan and a local driver - were killed.", 4, None),
    ("Initial reports said 10 people had died, but police later said the toll was seven.", 7, None),
    ("Four people found shot to death in Akron", 4, None),
    ("The blast killed nine and left 20 others with injuries.", 9, 20),
    ("Two men died and four others were taken to a hospital with burns.", 2, 4),
    ("The strike killed Omar al-Harbi, deputy head of the group, and six others.", 7, None),
    ("The gunman managed to kill one person and wound 12 others.", 1, 12),
    ("Three people have been killed, and five people, including a mayor, were wounded.", 3, 5),
    ("The attack killed a judge, his wife and their driver.", 3, None),
    ("Al-Shabaab said it killed 137 soldiers, a figure that nobody confirmed.", 137, None),
    ("No civilians, policemen or soldiers were harmed.", 0, 0),
    ("A mother and her 3-year-old son were hurt.", None, 2),
    ("Police say a woman was shot in the chest and died.", 1, None),
]
NOTHING = [
    ("The gunmen could kill hundreds.", "possible"),
    ("He threatened to kill two hostages.", "threatened"),
    ("They planned to kill a minister.", "planned"),
    ("The rebels did not kill the two guards.", "denied"),
    ("He called for the assassination of a general.", "wished"),
    ("Troops killed or captured 20 rebels.", "an alternative"),
    ("Six suspects were detained.", "detained"),
    ("They killed 60 goats.", "animals"),
    ("Lawmakers killed the bill.", "a bill"),
    ("Guards shot down two drones.", "drones"),
    ("Gunmen shot at two cars.", "shot at"),
    ("About 2,500 soldiers are stationed there.", "troops"),
    ("Two police stations were hit.", "stations"),
    ("The minister escaped unhurt.", "unhurt"),
    ("People are getting killed every day.", "in general"),
    ("Officers shot down the plan.", "a plan"),
    ("The rebels lost 55 seats.", "seats"),
]


def fold(make_reading, text):
    reading = make_reading(text)
    return casualties.fold([c for s in reading.sentences for c in casualties.find(s, reading)])


def told(count):
    if count is None or (count.low is None and count.best is None):
        return None
    return SOME if count.best is None else count.best


@pytest.mark.parametrize(("text", "killed", "injured"), FOLDED, ids=[c[0] for c in FOLDED])
def test_wording_gives_its_figures(make_reading, text, killed, injured):
    folded = fold(make_reading, text)
    assert (told(folded.killed), told(folded.injured)) == (killed, injured)


@pytest.mark.parametrize(("text", "why"), NOTHING, ids=[c[1] for c in NOTHING])
def test_nobody_was_hurt(make_reading, text, why):
    """What is threatened, general, or befell things, makes no figure of people."""
    folded = fold(make_reading, text)
    assert not told(folded.killed)
    assert not told(folded.injured)


@pytest.mark.parametrize(
    "text",
    [
        "More than 19 people, including dead and wounded, were taken to a hospital.",
        "The shelling left 19 people dead or wounded.",
        "The raid killed or wounded 19 people.",
        "There were 19 casualties.",
    ],
)
def test_dead_and_wounded_together_stay_unsplit(make_reading, text):
    folded = fold(make_reading, text)
    assert folded.killed is None
    assert folded.injured is None
    assert folded.casualties.best == 19


@pytest.mark.parametrize(
    ("text", "running"),
    [
        ("More than 21,000 people have been killed since October 7.", True),
        ("In the past three months 90 people have been killed.", True),
        ("So far this year 90 people have been killed.", True),
        ("Gunmen killed three people on Monday.", False),
        ("Idris, who led the group since 2014, was killed.", False),
        ("Two soldiers were killed in the past 24 hours.", False),
        ("Three people were killed in the worst attack since 2009.", False),
    ],
)
def test_count_over_a_period_is_told_from_an_event(make_reading, text, running):
    reading = make_reading(text)
    (claim,) = casualties.find(reading.sentences[0], reading)
    assert claim.running is running


def test_attackers_are_told_apart_from_victims(make_reading):
    reading = make_reading("The bomber killed himself and five guards.")
    hostile = {c.perpetrator: c.count.best for c in casualties.find(reading.sentences[0], reading)}
    assert hostile == {False: 5, True: 1}


def test_victims_and_names_are_kept(make_reading):
    folded = fold(make_reading, "Anna Berg, 24, and two soldiers were killed.")
    assert folded.names == ("Anna Berg",)
    assert folded.victims == ("soldiers",)


def test_claim_stands_where_it_was_read(make_reading):
    reading = make_reading("At dawn, gunmen killed at least four people.")
    (claim,) = casualties.find(reading.sentences[0], reading)
    doc = reading.sentences[0].doc
    assert doc[claim.start : claim.end].text == "at least four people"
    assert doc[claim.verb].text == "killed"


def claim(measure, best, sentence=0, start=0, **more):
    return Casualty(
        sentence=sentence,
        start=start,
        end=start + 1,
        measure=measure,
        count=Count(low=best, best=best, high=best),
        **more,
    )


FOLDS = [
    ("the largest of several tellings", [claim(KILLED, 3), claim(KILLED, 3, 1)], 3),
    ("a part never exceeds", [claim(KILLED, 3), claim(KILLED, 9, 1, part=True)], 3),
    ("attackers do not add", [claim(KILLED, 3), claim(KILLED, 1, 1, perpetrator=True)], 3),
    ("attackers alone count", [claim(KILLED, 2, perpetrator=True)], 2),
    ("a period is no event", [claim(KILLED, 900, running=True), claim(KILLED, 3, 1)], 3),
    ("a correction settles", [claim(KILLED, 17), claim(KILLED, 11, 1, correction=True)], 11),
    ("another two add", [claim(KILLED, 4), claim(KILLED, 2, 1, more=True, another=True)], 6),
    ("others told before do not", [claim(KILLED, 4), claim(KILLED, 4, 1, more=True)], 4),
    ("others after one add", [claim(KILLED, 1), claim(KILLED, 2, 1, more=True)], 3),
    ("others than the wounded do not", [claim(INJURED, 2, 1), claim(KILLED, 4), claim(KILLED, 3, 1, 5, more=True)], 4),
    ("nothing", [], None),
]  # fmt: skip


@pytest.mark.parametrize(("why", "claims", "killed"), FOLDS, ids=[f[0] for f in FOLDS])
def test_claims_fold_to_one_figure(why, claims, killed):
    assert told(casualties.fold(claims).killed) == killed


counts = st.builds(
    lambda a, b: Count(low=min(a, b), best=max(a, b), high=None),
    st.integers(0, 99),
    st.integers(0, 99),
)
claims = st.lists(
    st.builds(
        Casualty,
        sentence=st.integers(0, 3),
        start=st.integers(0, 9),
        end=st.just(10),
        measure=st.sampled_from([KILLED, INJURED, CASUALTIES, casualties.SHOT]),
        count=counts,
        part=st.booleans(),
        more=st.booleans(),
        another=st.booleans(),
        total=st.booleans(),
        definite=st.booleans(),
        perpetrator=st.booleans(),
    ),
    max_size=8,
)


@given(claims)
def test_folding_keeps_bounds_in_order_and_uses_what_it_was_given(given_claims):
    folded = casualties.fold(given_claims)
    for count in (folded.killed, folded.injured, folded.casualties):
        bounds = (
            []
            if count is None
            else [b for b in (count.low, count.best, count.high) if b is not None]
        )
        assert bounds == sorted(bounds)
    assert all(used in given_claims for used in folded.used)


VOCABULARY = st.sampled_from(
    "killed wounded shot dead two dozens of people soldiers the a and , . were was 14 including others died bodies in "
    "Kabul no casualties toll rose to among them ( ) ; : since 2014 fatally another lives lost their KILLED John".split()
)


@settings(max_examples=80, deadline=None)
@given(st.lists(VOCABULARY, max_size=25).map(" ".join))
def test_any_words_give_claims_within_their_sentence(make_reading, text):
    reading = make_reading(text)
    for sentence in reading.sentences:
        for found in casualties.find(sentence, reading):
            assert sentence.span.start <= found.start < found.end <= sentence.span.end
            assert sentence.span.start <= found.verb < sentence.span.end
            bounds = [
                b for b in (found.count.low, found.count.best, found.count.high) if b is not None
            ]
            assert bounds == sorted(bounds)
