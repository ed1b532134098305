"""Pacing as pure functions: whatever happens, nobody is asked more often than allowed, and nobody is given up."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds import rules
from monitor.feeds.answer import Answer, Hop
from monitor.feeds.feed import FullText
from monitor.feeds.headers import expires_s, max_age_s, retry_after_s
from monitor.feeds.rules import Outcome, PollPolicy, judge_answer
from schemas.feed import FeedState, FeedStatus, FetchResult, IntervalReason

NOW = datetime(2024, 3, 5, 12, tzinfo=UTC)
URL = "http://news.example/feed"
POLICY = PollPolicy()


def outcome(result=FetchResult.NEWS, **rest):
    answer = Answer(
        url=URL,
        status=rest.pop("status", 200),
        max_age_s=rest.pop("max_age_s", None),
        retry_after_s=rest.pop("retry_after_s", None),
        private=rest.pop("private", False),
        hops=rest.pop("hops", ()),
    )
    return Outcome(result=result, answer=answer, **rest)


OUTCOMES = st.builds(
    outcome,
    st.sampled_from(list(FetchResult)),
    status=st.sampled_from([200, 304, 404, 410, 429, 500, 503]),
    max_age_s=st.sampled_from([None, 0.0, 30.0, 7200.0, 1e9]),
    retry_after_s=st.sampled_from([None, 0.0, 5.0, 3600.0, 1e9]),
    private=st.booleans(),
    new=st.integers(0, 40),
    total=st.integers(40, 80),
    seen=st.sampled_from([None, ()]),
    items_a_day=st.sampled_from([None, 0.0, 0.1, 5.0, 200.0, 1e6]),
    ttl_s=st.sampled_from([None, 0.0, 60.0, 1e9]),
)


@given(
    st.lists(OUTCOMES, min_size=1, max_size=40),
    st.floats(-1, 1),
    st.sampled_from([None, 1.0, 600.0, 1e6]),
)
def test_every_next_poll_is_within_bounds_and_not_before_what_was_asked(outcomes, spread, fixed):
    state = FeedState(url=URL)
    now = NOW
    for one in outcomes:
        state = rules.after(state, one, POLICY, now, configured_s=fixed, spread=spread)
        wait = (state.next_at - now).total_seconds()
        least = POLICY.private_floor_s if one.answer.private else 60.0
        assert wait >= least
        assert state.next_at >= state.not_before_at > now
        longest = max(POLICY.longest_s, fixed or 0.0)
        assert wait <= longest * (1 + rules.JITTER) + 1
        asked = one.answer.retry_after_s
        if asked and one.answer.status in (429, 503) and one.result not in rules.SUCCESSES:
            assert wait >= min(asked, POLICY.longest_s)
        if one.result in rules.SUCCESSES:
            assert wait >= min(one.answer.max_age_s or 0.0, POLICY.longest_s)
            assert state.failures == 0
        assert len(state.history) <= 30
        assert state.interval_why in set(IntervalReason)
        now = state.next_at


@given(st.integers(1, 200))
def test_a_feed_is_never_given_up(failures):
    state = FeedState(url=URL)
    for _ in range(failures):
        state = rules.after(state, outcome(FetchResult.NOT_FOUND, status=404), POLICY, NOW)
    assert rules.is_due(state, NOW + timedelta(days=1, hours=3))
    assert (state.state == FeedStatus.PARKED) is (failures >= 30)


@pytest.mark.parametrize(
    ("now", "at"),
    [
        (timedelta(0), timedelta(minutes=10)),
        (timedelta(minutes=5), timedelta(minutes=10)),
        (timedelta(minutes=-5), timedelta(minutes=5)),
        (timedelta(days=-1), timedelta(days=-1, minutes=10)),
        (timedelta(days=1), timedelta(minutes=10)),
    ],
    ids=["now", "later", "set back", "set back a day", "a day later"],
)
def test_a_feed_waits_no_longer_than_decided_where_the_clock_was_set_back(now, at):
    state = FeedState(url=URL, last_attempt_at=NOW, next_at=NOW + timedelta(minutes=10))
    assert rules.due_at(state, NOW + now) == NOW + at


@given(st.floats(0, 1e5), st.integers(0, 60))
def test_adaptation_stays_between_a_minute_and_six_hours(rate, quiet_polls):
    state = FeedState(url=URL, items_a_day=rate)
    for number in range(quiet_polls + 2):
        one = outcome(new=5 if number < 2 else 0, total=10, items_a_day=rate)
        state = rules.after(state, one, POLICY, NOW)
        assert 60 <= state.interval_s <= 6 * 3600


def test_more_news_is_never_polled_less_often():
    def interval(rate):
        state = rules.after(
            FeedState(url=URL), outcome(new=1, total=9, items_a_day=rate), POLICY, NOW
        )
        return state.interval_s

    rates = [0.0, 0.5, 1, 2, 5, 10, 36, 100, 400, 5000]
    assert [interval(r) for r in rates] == sorted((interval(r) for r in rates), reverse=True)
    assert interval(36) == 600


def test_a_document_that_is_half_new_is_asked_for_twice_as_often():
    state = rules.after(
        FeedState(url=URL), outcome(new=30, total=30, items_a_day=20.0), POLICY, NOW
    )
    faster = rules.after(state, outcome(new=20, total=30, items_a_day=20.0), POLICY, NOW)
    assert faster.interval_why == IntervalReason.FAST_TURNOVER
    assert faster.interval_s == state.interval_s / 2


def test_polls_that_bring_nothing_slow_a_feed_down_to_its_rate():
    state = FeedState(url=URL, items_a_day=5.0, interval_s=600.0)
    seen = []
    for _ in range(20):
        state = rules.after(state, outcome(FetchResult.NOT_MODIFIED, status=304), POLICY, NOW)
        seen.append(state.interval_s)
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(86_400 / 5 / 4)


@pytest.mark.parametrize(
    ("mode", "text", "wanted"),
    [
        (FullText.AUTO, "", True),
        (FullText.AUTO, "x" * 899, True),
        (FullText.AUTO, "x" * 1200, False),
        (FullText.AUTO, "x" * 1200 + "…", True),
        (FullText.AUTO, "x" * 1200 + " [...]", True),
        (FullText.AUTO, "x" * 1200 + " اقرأ المزيد", True),
        (FullText.AUTO, "x" * 1200 + " Read more »", True),
        (FullText.AUTO, "x" * 1200 + " The post Blast appeared first on Wire.", True),
        (FullText.ON, "x" * 9000, True),
        (FullText.OFF, "", False),
    ],
)
def test_a_page_is_wanted_where_the_feed_gives_a_stub(mode, text, wanted):
    assert rules.wants_page(mode, text) is wanted


@pytest.mark.parametrize(
    ("status", "headers", "page", "problem", "words"),
    [
        (200, {}, b"<rss/>", None, ""),
        (203, {}, b"<rss/>", None, ""),
        (200, {}, b" \n", FetchResult.EMPTY, ""),
        (403, {"cf-mitigated": "challenge"}, b"<html>", FetchResult.CHALLENGED, "Cloudflare"),
        (403, {"server": "cloudflare"}, b"<html>Attention Required!", FetchResult.CHALLENGED, "Cloudflare"),
        (403, {"server": "cloudflare"}, b"<html>no", FetchResult.FORBIDDEN, "403"),
        (200, {"server": "cloudflare"}, b"<rss>just a moment</rss>", None, ""),
        (403, {"server": "AkamaiGHost"}, b"<html>Access Denied", FetchResult.CHALLENGED, "Akamai"),
        (403, {}, b"<html>Sucuri WebSite Firewall", FetchResult.CHALLENGED, "Sucuri"),
        (200, {}, b"<html>Request unsuccessful. Incapsula incident", FetchResult.CHALLENGED, "Imperva"),
        (403, {"x-datadome": "protected"}, b"https://geo.captcha-delivery.com", FetchResult.CHALLENGED, "DataDome"),
        (202, {"x-amzn-waf-action": "challenge"}, b"", FetchResult.CHALLENGED, "AWS WAF"),
        (202, {}, b"accepted", FetchResult.REFUSED, "202"),
        (503, {"server": "ddos-guard"}, b"<html>DDoS-Guard", FetchResult.CHALLENGED, "DDoS-Guard"),
        (503, {}, b"<html>Checking your browser before accessing", FetchResult.CHALLENGED, "protection service"),
        (503, {}, b"down", FetchResult.UNAVAILABLE, "503"),
        (429, {"x-vercel-mitigated": "challenge"}, b"<html>", FetchResult.CHALLENGED, "Vercel"),
        (429, {}, b"", FetchResult.RATE_LIMITED, "429"),
        (451, {}, b"", FetchResult.FORBIDDEN, "451"),
        (206, {}, b"part", FetchResult.REFUSED, "206"),
        (999, {}, b"", FetchResult.SERVER_ERROR, "999"),
    ],
)  # fmt: skip
def test_a_status_means_what_it_means(status, headers, page, problem, words):
    verdict = judge_answer(status, headers, page)
    assert verdict.problem == problem
    assert words in verdict.detail


@pytest.mark.parametrize(
    ("hops", "target"),
    [
        ((), None),
        ((301,), "1"),
        ((308, 301), "2"),
        ((301, 302), "1"),
        ((302, 301), None),
        ((307,), None),
    ],
)
def test_the_permanent_part_of_a_chain_is_found(hops, target):
    chain = tuple(Hop(url=str(n), status=s, target=str(n + 1)) for n, s in enumerate(hops))
    assert rules.permanent_target(Answer(url=URL, hops=chain)) == target


def test_an_answer_that_is_not_modified_keeps_the_floor_that_was_asked_before():
    first = rules.after(FeedState(url=URL), outcome(max_age_s=7200.0), POLICY, NOW)
    again = rules.after(first, outcome(FetchResult.NOT_MODIFIED, status=304), POLICY, NOW)
    assert (again.server_floor_s, again.server_floor_why) == (7200.0, IntervalReason.SERVER_MAX_AGE)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"cache-control": "max-age=60"}, 60),
        ({"cache-control": 'public, max-age="60", must-revalidate'}, 60),
        ({"cache-control": "s-maxage=60"}, None),
        ({"cache-control": "max-age=60", "age": "20"}, 40),
        ({"cache-control": "max-age=60", "age": "200"}, 0),
        ({"cache-control": "max-age=60, no-cache"}, None),
        ({"cache-control": "max-age=-5"}, None),
        ({}, None),
    ],
)
def test_max_age_is_read(headers, expected):
    assert max_age_s(headers) == expected


def test_expires_and_retry_after_are_read():
    later = "Tue, 05 Mar 2024 13:00:00 GMT"
    assert expires_s({"expires": later}, NOW) == 3600
    assert expires_s({"expires": later, "date": "Tue, 05 Mar 2024 12:50:00 GMT"}, NOW) == 600
    assert expires_s({"expires": "0"}, NOW) is None
    assert retry_after_s({"retry-after": "120"}, NOW) == 120
    assert retry_after_s({"retry-after": later}, NOW) == 3600
    assert retry_after_s({"retry-after": "Mon, 04 Mar 2024 12:00:00 GMT"}, NOW) == 0
    assert retry_after_s({"retry-after": "soon"}, NOW) is None
