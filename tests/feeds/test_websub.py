"""WebSub: hubs are asked and renewed, their checks answered, their messages verified and taken as hints."""

import asyncio
import hashlib
import hmac
import socket
from urllib.parse import parse_qs

import httpx
import pytest
from feed_bench import open_bench, until
from feed_server import feed, item, reply
from hypothesis import given
from hypothesis import strategies as st

from monitor.errors import NotReachableError
from monitor.feeds.feed import Feed, WebsubSettings
from monitor.feeds.websub import (
    LEASE,
    Keys,
    Subscriptions,
    granted_s,
    keys_in,
    listening,
    signed,
)

KEYS = Keys(b"master")
CALLBACK = "https://monitor.example/hub"


def with_hub(hub, topic, *items):
    links = f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="{hub}"/>'
    links += f'<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="self" href="{topic}"/>'
    return feed(*items, head=links)


class Setting:
    """A poller that has read a feed with a hub, its subscriptions, and a client that plays the hub."""

    def __init__(self, bench, poller, url):
        self.bench, self.poller, self.url = bench, poller, url
        self.subs = Subscriptions(
            callback=CALLBACK,
            keys=KEYS,
            fetcher=poller.visitor.fetcher,
            poller=poller,
            clock=bench.clock,
        )
        self.token = KEYS.token(url)
        transport = httpx.ASGITransport(app=self.subs.app())
        self.client = httpx.AsyncClient(transport=transport, base_url="http://monitor.example")

    async def check(self, **changes):
        asked = {
            "hub.mode": "subscribe",
            "hub.topic": self.url,
            "hub.challenge": "xyzzy",
            "hub.lease_seconds": "86400",
        } | changes
        return await self.client.get(f"/{self.token}", params=asked)

    async def tell(self, body=b"news", secret=None, method="sha256", token=None):
        made = hmac.new((secret or KEYS.secret(self.url)).encode(), body, method).hexdigest()
        headers = {"X-Hub-Signature": f"{method}={made}"}
        return await self.client.post(f"/{token or self.token}", content=body, headers=headers)


@pytest.fixture
async def setting():
    async with open_bench() as bench:
        url, hub = bench.server.url("/feed"), bench.server.add("/hub", reply(b"", 202))
        bench.server.add(
            "/feed",
            with_hub(hub, url, item(1)),
            with_hub(hub, url, item(2), item(1)),
        )
        async with bench.poller(Feed(url=url, interval_s=600)) as poller:
            await poller.run_once()
            yield Setting(bench, poller, url)


async def test_the_hub_of_a_feed_is_asked_for_a_lease_once(setting):
    await setting.subs.renew()
    await setting.subs.renew()
    (request,) = setting.bench.server.asked("/hub")
    assert request.method == "POST"
    assert request.get("Content-Type") == "application/x-www-form-urlencoded"
    assert int(request.get("Content-Length")) > 0


async def test_what_is_asked_is_what_the_recommendation_says(setting, monkeypatch):
    sent = []

    async def get(request):
        sent.append(request)
        return type("A", (), {"status": 202})()

    monkeypatch.setattr(setting.subs, "fetcher", type("F", (), {"get": staticmethod(get)}))
    await setting.subs.renew()
    form = {k: v[0] for k, v in parse_qs(sent[0].form.decode()).items()}
    assert form["hub.mode"] == "subscribe"
    assert form["hub.topic"] == setting.url
    assert form["hub.callback"] == f"{CALLBACK}/{setting.token}"
    assert form["hub.secret"] == KEYS.secret(setting.url)
    assert form["hub.lease_seconds"] == str(int(LEASE.total_seconds()))


async def test_a_hubs_check_is_answered_with_its_challenge(setting):
    await setting.subs.renew()
    answer = await setting.check()
    assert (answer.status_code, answer.text) == (200, "xyzzy")


@pytest.mark.parametrize(
    "changes",
    [{"hub.topic": "http://other.example/"}, {"hub.mode": "unsubscribe"}, {"hub.mode": "denied"}],
)
async def test_a_check_of_what_was_not_asked_is_refused(setting, changes):
    await setting.subs.renew()
    assert (await setting.check(**changes)).status_code == 404


async def test_a_check_before_anything_was_asked_is_refused(setting):
    assert (await setting.check()).status_code == 404


async def test_a_lease_is_renewed_before_it_ends(setting):
    await setting.subs.renew()
    await setting.check()
    setting.bench.clock.advance(hours=19)
    await setting.subs.renew()
    assert len(setting.bench.server.asked("/hub")) == 1
    setting.bench.clock.advance(hours=1)
    await setting.subs.renew()
    assert len(setting.bench.server.asked("/hub")) == 2


async def test_a_hub_that_does_not_answer_is_asked_again_after_an_hour(setting):
    await setting.subs.renew()
    setting.bench.clock.advance(minutes=59)
    await setting.subs.renew()
    setting.bench.clock.advance(minutes=2)
    await setting.subs.renew()
    assert len(setting.bench.server.asked("/hub")) == 2


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha512"])
async def test_a_hubs_message_has_the_feed_polled_at_once(setting, method):
    await setting.subs.renew()
    setting.bench.clock.runs = False
    task = asyncio.create_task(setting.poller.run())
    await asyncio.sleep(0)
    setting.bench.clock.advance(seconds=90)
    assert (await setting.tell(method=method)).status_code == 202
    await until(lambda: len(setting.bench.sent) == 2)
    setting.poller.stop()
    await task
    assert setting.bench.titles == ["Entry 1", "Entry 2"]


@pytest.mark.parametrize("wrong", [{"secret": "guess"}, {"token": "0" * 40}, {"method": "md5"}])
async def test_a_forged_message_does_nothing_and_is_not_told_so(setting, wrong):
    await setting.subs.renew()
    pinged = []
    setting.subs.on_ping = pinged.append
    assert (await setting.tell(**wrong)).status_code == 202
    assert pinged == []


async def test_many_messages_cost_one_poll_a_minute(setting):
    await setting.subs.renew()
    setting.bench.clock.runs = False
    task = asyncio.create_task(setting.poller.run())
    for _ in range(30):
        await setting.tell()
        await asyncio.sleep(0)
    assert len(setting.bench.server.asked("/feed")) == 1
    setting.bench.clock.advance(seconds=61)
    await until(lambda: len(setting.bench.server.asked("/feed")) == 2)
    setting.poller.stop()
    await task


async def test_a_message_longer_than_any_feed_is_refused(setting):
    await setting.subs.renew()
    answer = await setting.tell(body=b"x" * (11 << 20))
    assert answer.status_code == 413


@given(st.binary(max_size=200), st.text(max_size=60))
def test_no_made_up_signature_fits(body, header):
    right = hmac.new(b"s", body, hashlib.sha256).hexdigest()
    assert signed("s", body, f"sha256={right}")
    assert not signed("s", body, header)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("600", 600),
        ("0", 60),
        ("99999999999", 90 * 86400),
        ("-1", 86400),
        ("", 86400),
        ("soon", 86400),
    ],
)
def test_a_granted_lease_is_bounded(text, seconds):
    assert granted_s(text) == seconds


def test_the_secret_is_kept_and_is_nobody_elses(tmp_path):
    keys = keys_in(tmp_path / "a" / "websub.key")
    assert keys == keys_in(tmp_path / "a" / "websub.key")
    assert (tmp_path / "a" / "websub.key").stat().st_mode & 0o077 == 0
    assert keys.token("http://a/") != keys.token("http://b/")
    assert keys.token("http://a/") not in keys.secret("http://a/")


async def test_a_port_that_somebody_else_has_is_told(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = WebsubSettings(
            callback=CALLBACK,
            bind="127.0.0.1",
            port=taken.getsockname()[1],
            key_file=tmp_path / "key",
        )
        with pytest.raises(NotReachableError, match=r"set poll\.websub_port"):
            async with listening(settings, poller=None):
                pass
