"""What linking holds in memory is bounded by what is open, however much has passed."""

import gc
import sys
from datetime import timedelta

import pytest
from report_records import NOON, incident, report, unique

from monitor.incidents.book import IncidentBook
from monitor.incidents.policy import TrackPolicy
from monitor.incidents.rules import track
from monitor.incidents.subjects import split

POLICY = TrackPolicy(hot_age=timedelta(days=2))
PASSING = 2100
"""More than what is remembered of those that have gone, and as many again."""
BLOCKS_EACH = 1
"""Python's blocks of memory that each incident may leave behind; one whose profile is remembered leaves 46."""


def passed(book, first, count):
    """Have incidents come, one an hour and each in a place of its own, so that as many go; the blocks in use then."""
    for number in range(first, first + count):
        at = NOON + timedelta(hours=number)
        told = incident(code="IQ", name=f"Town {number}", day=at.date(), killed=2 + number % 7)
        article = unique(f"a{number}", at=at)
        for mention in split(report([told], report_id=f"a{number}"), article):
            for key, row in track(book, mention, POLICY).rows:
                book.put(key, row)
    gc.collect()
    return sys.getallocatedblocks()


@pytest.mark.slow
def test_incidents_that_have_gone_leave_nothing_behind():
    book = IncidentBook()
    before = passed(book, 0, PASSING)
    held = len(book)
    grown = passed(book, PASSING, PASSING) - before
    assert len(book) == held < 100
    assert grown < BLOCKS_EACH * PASSING
