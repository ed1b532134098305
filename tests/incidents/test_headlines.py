"""Who speaks is told by the text; its headline may name him shorter, or name somebody else."""

import pytest
from report_records import statement

from monitor.incidents.headlines import own_words
from schemas.reasons import Stance
from schemas.report import Evidence, Speaker, Statement, StatementTarget


def says(name, principal, *, field="text", country="Iraq", about=0, stance=Stance.CONDEMN):
    return Statement(
        speaker=Speaker(name=name, principal=principal, country=country),
        official=True,
        stance=stance,
        target=StatementTarget(text="the attack", incident=about),
        evidence=(Evidence(start=0, end=9, field=field),),
    )


ARMY = says("Iraqi army", "org:iraqi army")
REGION = says("Kurdistan Regional Government", "org:krg", country=None)


@pytest.mark.parametrize(
    ("sentence", "headline", "text", "kept"),
    [
        ("the country stands for its army", says("Iraq", "state:IQ", field="title"), ARMY, 1),
        (
            "another country does not",
            says("Iran", "state:IR", field="title", country="Iran"),
            ARMY,
            2,
        ),
        (
            "a short name stands for the long one",
            says("Kurdistan Government", "org:k", field="title", country=None),
            REGION,
            1,
        ),
        (
            "another name does not",
            says("Peshmerga", "org:p", field="title", country=None),
            REGION,
            2,
        ),
        (
            "words about another attack are others",
            says("Iraq", "state:IQ", field="title", about=1),
            ARMY,
            2,
        ),
        (
            "a denial is no condemnation",
            says("Iraq", "state:IQ", field="title", stance=Stance.DENY),
            ARMY,
            2,
        ),
        ("two speakers of the text are two", says("Iraq", "state:IQ"), ARMY, 2),
    ],
)
def test_a_headlines_speaker(sentence, headline, text, kept):
    assert len(own_words((headline, text))) == kept, sentence


def test_a_speaker_of_the_text_too_stays():
    minister = says("Prime minister", "state:IQ")
    given = (says("Iraq", "state:IQ", field="title"), ARMY, minister)
    assert own_words(given) == given


def test_a_headline_alone_is_all_there_is():
    given = (says("Iraq", "state:IQ", field="title"),)
    assert own_words(given) == given


def test_words_of_unknown_origin_stay():
    assert own_words((statement(), statement(principal="org:army"))) == (
        statement(),
        statement(principal="org:army"),
    )
