"""Every topic has a card that tells why its key is its key."""

from importlib import import_module

import msgspec
import pytest

from schemas.cards import all_topics, cards


@pytest.mark.parametrize("card", cards().values(), ids=lambda c: c.name)
def test_a_card_names_a_record_that_exists(card):
    module, _, name = card.record.rpartition(".")
    assert issubclass(getattr(import_module(module), name), msgspec.Struct)


@pytest.mark.parametrize("card", cards().values(), ids=lambda c: c.name)
def test_a_card_says_why_its_key(card):
    assert len(card.why_key) > 20


def test_each_stage_topic_has_a_quarantine():
    assert {"articles.raw.quarantine", "alerts.quarantine"} <= set(all_topics())


def test_names_are_dotted_and_never_underscored():
    assert not [name for name in all_topics() if "_" in name]
