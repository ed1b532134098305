"""Decide how feeds are treated: what an answer means, when to ask again, what to learn from a redirect.

Pure: the state, what happened and the time go in, a reason or a new state comes out. The figures are the issue's
("A feed poller that publishers welcome"); where it is silent, the docstring of the constant says why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from msgspec.structs import replace

from monitor.feeds.answer import Answer, Validators
from monitor.feeds.feed import FullText
from schemas.feed import FeedState, FeedStatus, FetchNote, FetchResult, IntervalReason

DAY_S = 86_400.0
HISTORY = 30
MAX_DETAIL_CHARS = 200

POLLS_AN_ENTRY = 4.0
"""A feed is asked four times for each entry it publishes, so an entry waits an eighth of its feed's usual gap."""

SLOWER = 1.25
"""After a poll that brought nothing the interval grows by a quarter, as far as the publishing rate allows."""

TURNOVER = 0.5
"""Where half of a document is new, entries may have come and gone unseen: ask twice as often."""

JITTER = 1 / 30
"""20 s of 10 minutes: polls drift apart, and none is 30 s late."""

STUB_CHARS = 900
"""Shorter texts are summaries: a wire's first report of an attack has about a thousand characters."""

_CUT = re.compile(
    r"(?:\.\.\.|\u2026|\[\u2026\]|\[\.\.\.\]|read (?:more|full|the full)|continue reading|lire la suite|"
    r"اقرأ المزيد|читать далее|devamını oku|the post .{1,60} appeared first on .{1,40})[\s.>»\]]*$",
    re.IGNORECASE,
)
"""How feeds end what they cut."""

SUCCESSES = frozenset(
    {
        FetchResult.NEWS,
        FetchResult.NOTHING_NEW,
        FetchResult.SAME_BODY,
        FetchResult.NOT_MODIFIED,
    }
)
ASKED_TO_WAIT = frozenset({429, 503})
PERMANENT = frozenset({301, 308})


@dataclass(frozen=True, slots=True, kw_only=True)
class PollPolicy:
    """How feeds are polled. Seconds unless the type says otherwise.

    ``private_interval_s`` is the fixed interval of feeds on private hosts, ``None`` to adapt theirs too.
    ``cold_start`` is ``None`` where everything that a feed first shows is taken as news.
    """

    default_s: float = 600.0
    fastest_s: float = 60.0
    slowest_s: float = 6 * 3600.0
    public_floor_s: float = 60.0
    private_floor_s: float = 60.0
    private_interval_s: float | None = None
    longest_s: float = DAY_S
    park_after: int = 30
    gone_to_park: int = 2
    moves_to_learn: int = 3
    failures_to_unlearn: int = 3
    unconditional_after: timedelta = timedelta(days=8)
    cold_start: timedelta | None = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a status and its page mean; ``problem`` is ``None`` where a body is to be read."""

    problem: FetchResult | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """All that one poll brought, for the next decision. Counts are of entries; ``total`` is the document's."""

    result: FetchResult
    answer: Answer
    detail: str = ""
    body_hash: str | None = None
    new: int = 0
    changed: int = 0
    total: int = 0
    seen: tuple[tuple[str, ...], ...] | None = None
    items_a_day: float | None = None
    ttl_s: float | None = None
    title: str = ""
    language: str = ""
    hub: str = ""
    topic: str = ""


_STATUS = {
    202: FetchResult.REFUSED,
    204: FetchResult.EMPTY,
    205: FetchResult.EMPTY,
    401: FetchResult.UNAUTHORISED,
    403: FetchResult.FORBIDDEN,
    404: FetchResult.NOT_FOUND,
    407: FetchResult.PROXY_FAILED,
    410: FetchResult.GONE,
    429: FetchResult.RATE_LIMITED,
    451: FetchResult.FORBIDDEN,
    503: FetchResult.UNAVAILABLE,
}
_READ = frozenset({200, 203})
_MAY_CHALLENGE = frozenset({200, 202, 203, 401, 403, 405, 406, 418, 429, 503})

_SERVICES: tuple[tuple[str, str | None, str | None, str | None], ...] = (
    ("Cloudflare", "cf-mitigated", r"challenge", None),
    ("Cloudflare", "server", r"cloudflare", r"cf-chl|challenge-platform|just a moment|attention required"),
    ("DDoS-Guard", "server", r"ddos-guard", r"ddos-guard|check\.js|checking your browser"),
    ("Sucuri", None, None, r"sucuri website firewall|sucuri_cloudproxy_js"),
    ("Akamai", "server", r"akamai", r"access denied|errors\.edgesuite\.net|_abck|bm-verify"),
    ("Akamai", None, None, r"errors\.edgesuite\.net"),
    ("Imperva", None, None, r"_incapsula_resource|incapsula incident"),
    ("DataDome", "x-datadome", r".", r"captcha-delivery\.com|datadome"),
    ("DataDome", None, None, r"captcha-delivery\.com"),
    ("AWS WAF", "x-amzn-waf-action", r"challenge|captcha", None),
    ("AWS WAF", None, None, r"awswafintegration|aws-waf-token"),
    ("Vercel", "x-vercel-mitigated", r"challenge|deny", None),
    ("HUMAN", None, None, r"px-captcha|perimeterx"),
    ("ArvanCloud", "server", r"arvancloud", r"arcsjs|transferring to the website"),
    ("QRATOR", "server", r"qrator", r"qrator"),
    ("Wordfence", None, None, r"generated by wordfence|wfwaf"),
    ("Imunify360", None, None, r"imunify360"),
    ("Anubis", None, None, r"making sure you(?:'|&#39;)re not a bot|anubis_challenge"),
    ("a protection service", None, None, (r"checking your browser before|enable javascript and cookies to continue|"
     r"verify(?:ing)? (?:that )?you are (?:a )?human")),
)  # fmt: skip
"""Name, header, what the header holds, what the page holds. Where both are given, both must fit."""


def judge_answer(status: int, headers: Mapping[str, str], page: bytes) -> Verdict:
    """Return what a status means, given its headers and the beginning of its body."""
    text = page.decode("latin-1").lower()
    is_page = status not in _READ or "<html" in text[:2000] or "<!doctype html" in text[:2000]
    if status in _MAY_CHALLENGE and is_page and (service := protection(headers, text)):
        return Verdict(
            problem=FetchResult.CHALLENGED, detail=f"{status}, {service} asks for a browser"
        )
    if status in _READ:
        return Verdict() if page.strip() else Verdict(problem=FetchResult.EMPTY, detail="no body")
    known = _STATUS.get(status)
    if known is None:
        known = FetchResult.SERVER_ERROR if status >= 500 else FetchResult.REFUSED  # noqa: PLR2004
    return Verdict(problem=known, detail=f"status {status}")


def protection(headers: Mapping[str, str], text: str) -> str | None:
    """Return the protection service that answers in a publisher's place, ``None`` where none does."""
    for service, header, value, marks in _SERVICES:
        by_header = header is None or bool(
            re.search(value or "", headers.get(header, ""), re.IGNORECASE) and headers.get(header)
        )
        if by_header and (marks is None or re.search(marks, text)):
            return service
    return None


def validators(state: FeedState, policy: PollPolicy, now: datetime) -> Validators | None:
    """Return what makes the next request conditional, ``None`` for an unconditional one.

    Some servers say 304 for ever; after eight days without a body the question is asked without conditions.
    """
    if state.validators_url is None or not (state.etag or state.last_modified):
        return None
    since = state.unconditional_at
    if since is None or now - since >= policy.unconditional_after:
        return None
    return Validators(url=state.validators_url, etag=state.etag, last_modified=state.last_modified)


def silence_until(answer: Answer, now: datetime) -> datetime | None:
    """Return until when a whole host asked to be left alone, at most a day; ``None`` where it did not."""
    if not answer.retry_after_s or answer.status not in ASKED_TO_WAIT:
        return None
    return now + timedelta(seconds=min(answer.retry_after_s, DAY_S))


def fetch_url(state: FeedState) -> str:
    """Return the address to ask: where the feed moved to, once that was learned."""
    return state.moved_to or state.url


def set_back(state: FeedState, now: datetime) -> timedelta:
    """Return by how much the system's clock was set back since the last attempt: all times of the state lie so much too late."""
    return max(timedelta(0), state.last_attempt_at - now) if state.last_attempt_at else timedelta(0)


def due_at(state: FeedState, now: datetime) -> datetime:
    """Return when a feed is to be polled next."""
    return now if state.next_at is None else state.next_at - set_back(state, now)


def is_due(state: FeedState, now: datetime, *, round_by_hand: bool = False) -> bool:
    """Return whether a feed is to be polled. A round by hand heeds what is asked of us, not our own rhythm."""
    if state.removed or state.paused:
        return False
    at = state.not_before_at if round_by_hand else state.next_at
    return at is None or at - set_back(state, now) <= now


def soonest(state: FeedState, policy: PollPolicy, now: datetime) -> datetime:
    """Return when a feed may be polled whose hub tells of news: a minute after the last poll, and not while it asks for peace."""
    if state.failures and state.not_before_at is not None:
        return max(now, state.not_before_at - set_back(state, now))
    if state.last_attempt_at is None:
        return now
    return max(now, min(now, state.last_attempt_at) + timedelta(seconds=policy.public_floor_s))


def cold(state: FeedState) -> bool:
    """Return whether the feed was never read before."""
    return state.first_success_at is None


def known_at_start(published: datetime | None, policy: PollPolicy, now: datetime) -> bool:
    """Return whether an entry of a feed's first document is old; one without a date is taken for old."""
    if policy.cold_start is None:
        return False
    return published is None or now - published > policy.cold_start


def after(
    state: FeedState,
    outcome: Outcome,
    policy: PollPolicy,
    now: datetime,
    *,
    configured_s: float | None = None,
    spread: float = 0.0,
) -> FeedState:
    """Return the state after a poll. ``spread`` in [-1, 1] is the chance in the next time."""
    changed = (
        _remembered(state, outcome, now)
        if outcome.result in SUCCESSES
        else _failed(state, outcome, policy)
    )
    changed = _moved(changed, outcome, policy)
    noted = replace(
        changed,
        last_attempt_at=now,
        history=(*state.history, _note(outcome, now))[-HISTORY:],
        detail=outcome.detail[:MAX_DETAIL_CHARS],
    )
    return scheduled(noted, outcome, policy, now, configured_s=configured_s, spread=spread)


def wants_page(mode: FullText, text: str) -> bool:
    """Return whether an entry's page is to be fetched, given the feed's own plain text."""
    if mode is not FullText.AUTO:
        return mode is FullText.ON
    return len(text) < STUB_CHARS or bool(_CUT.search(text[-80:]))


def no_robots(answer: Answer) -> bool:
    """Return whether a host has no robots.txt, so that all may be fetched (RFC 9309, section 2.3.1.3)."""
    return answer.problem is FetchResult.EMPTY or (
        answer.status is not None and 400 <= answer.status < 500 and answer.status != 429  # noqa: PLR2004
    )


def _note(outcome: Outcome, now: datetime) -> FetchNote:
    return FetchNote(
        at=now,
        result=outcome.result,
        status=outcome.answer.status,
        new=outcome.new,
        changed=outcome.changed,
        bytes=len(outcome.answer.body),
        seconds=round(outcome.answer.seconds, 3),
        detail=outcome.detail[:MAX_DETAIL_CHARS],
    )


def _remembered(state: FeedState, outcome: Outcome, now: datetime) -> FeedState:
    answer = outcome.answer
    modified = outcome.result is not FetchResult.NOT_MODIFIED
    floor_s, floor_why = _header_floor(answer)
    if not modified and not floor_s:
        floor_s, floor_why = state.server_floor_s, state.server_floor_why
    return replace(
        state,
        etag=answer.etag or (None if modified else state.etag),
        last_modified=answer.last_modified or (None if modified else state.last_modified),
        validators_url=answer.url,
        first_success_at=state.first_success_at or now,
        last_success_at=now,
        unconditional_at=now if modified else state.unconditional_at,
        body_hash=outcome.body_hash or state.body_hash,
        failures=0,
        gone_seen=0,
        state=FeedStatus.ACTIVE,
        seen=state.seen if outcome.seen is None else outcome.seen,
        items_a_day=state.items_a_day if outcome.items_a_day is None else outcome.items_a_day,
        ttl_s=(outcome.ttl_s or 0.0) if outcome.seen is not None else state.ttl_s,
        server_floor_s=floor_s,
        server_floor_why=floor_why,
        title=outcome.title or state.title,
        language=outcome.language or state.language,
        hub=outcome.hub or (None if outcome.seen is not None else state.hub),
        topic=outcome.topic or (None if outcome.seen is not None else state.topic),
    )


def _failed(state: FeedState, outcome: Outcome, policy: PollPolicy) -> FeedState:
    failures = state.failures + 1
    gone = state.gone_seen + 1 if outcome.result is FetchResult.GONE else 0
    parked = failures >= policy.park_after or gone >= policy.gone_to_park
    status = FeedStatus.PARKED if parked else FeedStatus.FAILING
    unlearn = state.moved_to is not None and failures % policy.failures_to_unlearn == 0
    return replace(
        state,
        failures=failures,
        gone_seen=gone,
        state=status,
        moved_to=None if unlearn else state.moved_to,
    )


def _header_floor(answer: Answer) -> tuple[float, str]:
    """Return how long the server wants to be left alone; max-age goes before Expires (RFC 9111, section 5.3)."""
    if answer.max_age_s is not None:
        return min(answer.max_age_s, DAY_S), IntervalReason.SERVER_MAX_AGE
    if answer.expires_s is not None:
        return min(answer.expires_s, DAY_S), IntervalReason.SERVER_EXPIRES
    return 0.0, ""


def permanent_target(answer: Answer) -> str | None:
    """Return where the permanent redirects at the beginning of a chain led, ``None`` where the first was not one."""
    target = None
    for hop in answer.hops:
        if hop.status not in PERMANENT:
            break
        target = hop.target
    return target


def _moved(state: FeedState, outcome: Outcome, policy: PollPolicy) -> FeedState:
    """Learn a permanent redirect that was met so often in a row, always to the same place, with a feed there."""
    if outcome.result not in SUCCESSES:
        return state
    target = permanent_target(outcome.answer)
    if target is None:
        return replace(state, move_candidate=None, moves_seen=0)
    seen = state.moves_seen + 1 if target == state.move_candidate else 1
    if seen < policy.moves_to_learn:
        return replace(state, move_candidate=target, moves_seen=seen)
    return replace(state, moved_to=target, move_candidate=None, moves_seen=0)


def adapted(state: FeedState, outcome: Outcome, policy: PollPolicy) -> tuple[float, IntervalReason]:
    """Return the interval that suits what the feed publishes, and why."""
    if state.items_a_day is None:
        return policy.default_s, IntervalReason.DEFAULT
    gap_s = DAY_S / max(state.items_a_day, 1e-6) / POLLS_AN_ENTRY
    target = min(max(gap_s, policy.fastest_s), policy.slowest_s)
    first = len(state.history) <= 1
    if outcome.total and outcome.new / outcome.total >= TURNOVER and not first:
        faster = max(policy.fastest_s, min(state.interval_s, target) / 2)
        return faster, IntervalReason.FAST_TURNOVER
    if outcome.new or first:
        return target, IntervalReason.PUBLISHING_RATE
    slower = max(state.interval_s, policy.fastest_s) * SLOWER
    return min(slower, max(target, policy.fastest_s)), IntervalReason.NOTHING_NEW


def floor(state: FeedState, policy: PollPolicy, *, private: bool) -> tuple[float, str]:
    """Return the shortest interval that is allowed, and who says so."""
    own = policy.private_floor_s if private else max(policy.public_floor_s, policy.private_floor_s)
    asked = [
        (own, str(IntervalReason.FLOOR)),
        (min(state.server_floor_s, policy.longest_s), state.server_floor_why),
        (min(state.ttl_s, policy.longest_s), str(IntervalReason.FEED_TTL)),
    ]
    return max(asked, key=lambda pair: pair[0])


def scheduled(
    state: FeedState,
    outcome: Outcome,
    policy: PollPolicy,
    now: datetime,
    *,
    configured_s: float | None = None,
    spread: float = 0.0,
) -> FeedState:
    """Return the state with its next time, the earliest time allowed, and why."""
    private = outcome.answer.private
    least_s, least_why = floor(state, policy, private=private)
    fixed_s = configured_s or (policy.private_interval_s if private else None)
    if outcome.result in SUCCESSES:
        wish_s, why = (
            (fixed_s, IntervalReason.CONFIGURED) if fixed_s else adapted(state, outcome, policy)
        )
        interval_s, interval_why = (wish_s, str(why)) if wish_s >= least_s else (least_s, least_why)
        return _timed(
            state, now, interval_s=interval_s, least_s=least_s, why=interval_why, spread=spread
        )
    usual_s = max(least_s, min(fixed_s or state.interval_s, policy.default_s))
    wait_s, wait_why = _after_failure(state, outcome, policy, usual_s)
    wait_s = max(wait_s, least_s)
    timed = _timed(state, now, interval_s=wait_s, least_s=wait_s, why=wait_why, spread=abs(spread))
    return replace(timed, interval_s=state.interval_s)


def _after_failure(
    state: FeedState, outcome: Outcome, policy: PollPolicy, usual_s: float
) -> tuple[float, str]:
    asked = outcome.answer.retry_after_s
    if asked and outcome.answer.status in ASKED_TO_WAIT:
        return min(asked, policy.longest_s), IntervalReason.RETRY_AFTER
    if state.state == FeedStatus.PARKED:
        return policy.longest_s, IntervalReason.PARKED
    doubled = usual_s * 2.0 ** min(state.failures, 20)
    return min(doubled, policy.longest_s), IntervalReason.BACK_OFF


def _timed(
    state: FeedState, now: datetime, *, interval_s: float, least_s: float, why: str, spread: float
) -> FeedState:
    not_before = now + timedelta(seconds=least_s)
    wish = now + timedelta(seconds=interval_s * (1 + JITTER * spread))
    return replace(
        state,
        interval_s=interval_s,
        interval_why=why,
        not_before_at=not_before,
        next_at=max(not_before, wish),
    )
