"""What linking holds in memory is bounded by what is open, however much has passed."""

import gc
import sys
from datetime import timedelta

import pytest
from report_records import NOON, incident, report, statement, tally, unique

from monitor.incidents.book import IncidentBook
from monitor.incidents.policy import TrackPolicy
from monitor.incidents.rules import track
from monitor.incidents.subjects import split

POLICY = TrackPolicy(hot_age=timedelta(days=2), tally_age=timedelta(days=4))
PASSING = 2100
"""More than what is remembered of those that have gone, and as many again."""
BLOCKS_EACH = 1
"""Python's blocks of memory that each incident may leave behind; one whose profile is remembered leaves 46."""


def an_incident(number, at):
    """Each in a place of its own."""
    told = incident(code="IQ", name=f"Town {number}", day=at.date(), killed=2 + number % 7)
    return report([told], report_id=f"a{number}")


def a_tally(number, at):
    """Each of somebody else, and since another day."""
    told = tally(10 + number, victims=f"people {number}", since=at.date(), area=(f"Area {number}",))
    return report(tallies=[told], report_id=f"a{number}")


def a_class(number, _at):
    """Each of a principal that is not heard again."""
    told = statement(principal=f"person:{number}", name=f"Speaker {number}", text="such attacks")
    return report(statements=[told], report_id=f"a{number}")


def comes(book, number, made):
    """Have one article come, the hour after the one before."""
    at = NOON + timedelta(hours=number)
    for mention in split(made(number, at), unique(f"a{number}", at=at)):
        for key, row in track(book, mention, POLICY).rows:
            book.put(key, row)


def passed(book, first, count, made):
    """Have what is new come, one an hour, so that as many go; the blocks in use then."""
    for number in range(first, first + count):
        comes(book, number, made)
    gc.collect()
    return sys.getallocatedblocks()


@pytest.mark.slow
@pytest.mark.parametrize("made", [an_incident, a_tally, a_class])
def test_what_has_gone_leaves_nothing_behind(made):
    book = IncidentBook()
    before = passed(book, 0, PASSING, made)
    held = len(book)
    grown = passed(book, PASSING, PASSING, made) - before
    assert len(book) == held < 100
    assert grown < BLOCKS_EACH * PASSING


@pytest.mark.parametrize("often", [1, 7])
def test_tallies_and_classes_of_one_mention_go_while_incidents_come(often):
    """Their own subjects never come again."""
    book, most = IncidentBook(), 0
    for number in range(700):
        made = (a_tally, a_class)[number % 2] if number % often == 0 else an_incident
        comes(book, number, made)
        most = max(most, len(book))
    assert most <= (48 + 96) + 2
