"""What was loaded is no work for the garbage collector; what was given up is let go."""

import gc
import weakref

import pytest

from agents.service import _settle_memory


class Circle:
    """What only the collector frees."""

    def __init__(self):
        self.itself = self


@pytest.fixture(autouse=True)
def thawed():
    yield
    gc.unfreeze()


@pytest.mark.parametrize("gone", [True, False])
def test_what_stays_is_frozen_and_what_was_let_go_is_not(gone):
    stays, seen = Circle(), weakref.ref(Circle())
    before = gc.get_freeze_count()
    _settle_memory(gone=gone)
    assert seen() is None
    assert gc.get_freeze_count() > before
    assert all(stays is not one for one in gc.get_objects())


def test_what_stayed_is_looked_through_when_partitions_go():
    """Else the book of a partition that another worker has now would stay in memory."""
    held = Circle()
    _settle_memory(gone=False)
    seen = weakref.ref(held)
    del held
    _settle_memory(gone=False)
    assert seen() is not None
    _settle_memory(gone=True)
    assert seen() is None
