"""A process that stands still while there is work is to be restarted; nothing else is a reason for that."""

import pytest

from monitor.health import rules
from monitor.health.rules import StageSigns, Trouble


def stage(**given):
    return rules.of_stage(StageSigns(stage="track", **{"ready": True, **given}))


CASES = [
    ("all is well", stage(waiting=3, still_s=5), (), True, True),
    ("nothing to do for an hour", stage(waiting=0, still_s=3600), (), True, True),
    ("loading", stage(ready=False), (Trouble.LOADING,), True, False),
    (
        "stands still with work",
        stage(waiting=9, still_s=200),
        (Trouble.COMMITS_STALLED,),
        False,
        False,
    ),
    (
        "held: a restart would hold again",
        stage(held=True, waiting=9, still_s=999),
        (Trouble.HELD,),
        True,
        False,
    ),
    (
        "no heartbeat, and work waits",
        rules.of_heartbeat(1000, 7),
        (Trouble.HEARTBEAT_STALE,),
        False,
        False,
    ),
    ("no heartbeat, the poller is gone", rules.of_heartbeat(1000, 0), (), True, True),
    ("none seen yet", rules.of_heartbeat(None, 7), (), True, True),
    ("a heartbeat behind a backfill", rules.of_heartbeat(600, 7000), (), True, True),
    (
        "poller without partitions",
        rules.of_poller(assigned=False, overdue_s=0, unsent_s=None),
        (Trouble.LOADING,),
        True,
        False,
    ),
    (
        "poller stands still",
        rules.of_poller(assigned=True, overdue_s=301, unsent_s=3),
        (Trouble.POLLING_STALLED,),
        False,
        False,
    ),
    (
        "poller cannot send",
        rules.of_poller(assigned=True, overdue_s=1, unsent_s=130),
        (Trouble.SENDING_STALLED,),
        False,
        False,
    ),
    (
        "no broker: a restart mends nothing",
        rules.of_broker("KafkaConnectionError()"),
        (Trouble.BROKER,),
        True,
        False,
    ),
    ("disk full", rules.of_disk(1 << 20), (Trouble.DISK,), True, False),
    ("disk free", rules.of_disk(1 << 40), (), True, True),
]


@pytest.mark.parametrize(
    ("name", "found", "troubles", "alive", "ready"), CASES, ids=[c[0] for c in CASES]
)
def test_what_is_found_decides_health(name, found, troubles, alive, ready):
    health = rules.judge(found, {})
    assert health.details["reasons"] == list(troubles)
    assert (health.alive, health.ready) == (alive, ready)
    assert len(health.why) == len(troubles)
