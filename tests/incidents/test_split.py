"""A report becomes mentions under the keys at which they meet what they must be compared with."""

import pytest
from report_records import incident, report, statement, tally, unique

from monitor.incidents.subjects import split
from schemas.report import Evidence


def subjects(given, **article):
    return [m.subject for m in split(given, unique(**article))]


def test_each_country_a_tally_and_a_class_have_mentions_of_their_own():
    given = report(
        incidents=(incident(0, code="IQ"), incident(1, code="SY"), incident(2, code="IQ")),
        tallies=(tally(),),
        statements=(statement(principal="state:IQ"),),
    )
    assert subjects(given) == ["country:IQ", "country:SY", "tally:attacks", "class:state:IQ"]
    assert [i.ordinal for i in split(given, unique())[0].incidents] == [0, 2]


def test_a_statement_travels_with_its_incident():
    given = report(incidents=(incident(4, code="SO"),), statements=(statement(about=4),))
    (mention,) = split(given, unique())
    assert mention.subject == "country:SO"
    assert len(mention.statements) == 1


def test_an_incident_without_a_country_takes_that_of_the_others():
    given = report(incidents=(incident(0, code="IQ"), incident(1, code=None)))
    assert subjects(given) == ["country:IQ"]


def test_an_incident_without_a_country_stays_unknown_where_the_others_disagree():
    given = report(incidents=(incident(0, code="IQ"), incident(1, code="SY"), incident(2)))
    assert subjects(given) == ["country:IQ", "country:SY", "country:ZZ"]


def test_ids_follow_from_the_text_and_nothing_else():
    given = report(incidents=(incident(0, code="IQ"),))
    first = split(given, unique(text="one"))[0].mention_id
    assert split(given, unique(text="one"))[0].mention_id == first
    assert split(given, unique(text="two"))[0].mention_id != first


def test_articles_of_unknown_outlets_are_not_one_source():
    given = report(incidents=(incident(0, code="IQ"),))
    origins = {
        split(given, unique(source="unknown", cluster_id=c))[0].article.origin for c in ("c1", "c2")
    }
    assert len(origins) == 2


def test_a_speaker_without_an_identity_stands_for_himself():
    assert subjects(report(statements=(statement(principal=""),))) == ["class:person:a speaker"]


TEXT = "Cleo Nye was shot on Sunday. Two weeks ago Ann Lowe and Ben Moor were shot in another town."


@pytest.mark.parametrize(
    ("background", "people"),
    [
        ((False, True), ("cleo nye",)),
        ((False, False), ("ann lowe", "ben moor", "cleo nye")),
        ((True, True), ("ann lowe", "ben moor", "cleo nye")),
    ],
)
def test_persons_told_of_beside_what_is_recalled_are_not_the_news(background, people):
    """Else an attack that recalls an older one would be taken for it, and nobody told."""
    incidents = [
        incident(n, background=recalled, evidence=(Evidence(start=at, end=at + 4, fact="trigger"),))
        for n, (recalled, at) in enumerate(zip(background, (13, 68), strict=True))
    ]
    (mention,) = split(report(incidents), unique(text=TEXT))
    assert mention.people == people
