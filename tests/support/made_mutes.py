"""Silences for tests: a day around the time at which made alerts were fetched, unless said otherwise."""

from datetime import timedelta

from made_alerts import FETCHED

from schemas.silence import Mute

DAY = timedelta(days=1)


def mute(**more):
    fields = {
        "mute_id": "sil-1",
        "starts_at": FETCHED - DAY,
        "ends_at": FETCHED + DAY,
        "made_at": FETCHED - DAY,
    }
    return Mute(**(fields | more))
