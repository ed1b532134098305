"""Addresses: whatever a name resolves to and however it is spelled, only public addresses are connected to."""

import ipaddress
from ipaddress import IPv4Address, IPv6Address

import httpcore
import pytest
from feed_bench import go_public, open_bench
from feed_server import feed
from hypothesis import given
from hypothesis import strategies as st

from monitor.feeds.addresses import (
    REFUSED,
    AddressPolicy,
    AddressReason,
    carried_v4,
    judge,
    literal,
    local_name,
)
from monitor.feeds.feed import Feed
from monitor.feeds.network import AddressRefusedError, GuardedBackend
from schemas.feed import FetchResult as R

NONE = AddressPolicy()
WRAPPERS = {
    "mapped": lambda v4: int(v4) | 0xFFFF << 32,
    "compatible": int,
    "translated": lambda v4: int(v4) | 0xFFFF << 48,
    "nat64": lambda v4: int(v4) | 0x64FF9B << 96,
    "6to4": lambda v4: 0x2002 << 112 | int(v4) << 80 | 1,
    "teredo client": lambda v4: 0x20010000 << 96 | 0x5DB8D70E << 64 | (~int(v4) & 0xFFFFFFFF),
    "teredo server": lambda v4: 0x20010000 << 96 | int(v4) << 64 | (~0x08080808 & 0xFFFFFFFF),
    "isatap": lambda v4: 0x2A00 << 112 | 0x00005EFE << 32 | int(v4),
}


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("93.184.215.14", AddressReason.PUBLIC),
        ("2a00:1450:4001:830::200e", AddressReason.PUBLIC),
        ("127.0.0.1", AddressReason.LOOPBACK),
        ("127.255.255.254", AddressReason.LOOPBACK),
        ("::1", AddressReason.LOOPBACK),
        ("0.0.0.0", AddressReason.RESERVED),
        ("0.1.2.3", AddressReason.PRIVATE),
        ("::", AddressReason.RESERVED),
        ("10.1.2.3", AddressReason.PRIVATE),
        ("172.16.0.1", AddressReason.PRIVATE),
        ("172.31.255.255", AddressReason.PRIVATE),
        ("192.168.0.1", AddressReason.PRIVATE),
        ("100.64.0.1", AddressReason.PRIVATE),
        ("192.0.0.192", AddressReason.PRIVATE),
        ("192.0.2.1", AddressReason.PRIVATE),
        ("198.18.0.1", AddressReason.PRIVATE),
        ("169.254.169.254", AddressReason.LINK_LOCAL),
        ("168.63.129.16", AddressReason.PRIVATE),
        ("100.100.100.200", AddressReason.PRIVATE),
        ("fd00:ec2::254", AddressReason.PRIVATE),
        ("fe80::1", AddressReason.LINK_LOCAL),
        ("fec0::1", AddressReason.PRIVATE),
        ("224.0.0.1", AddressReason.MULTICAST),
        ("ff02::1", AddressReason.MULTICAST),
        ("240.0.0.1", AddressReason.RESERVED),
        ("255.255.255.255", AddressReason.RESERVED),
        ("2001:db8::1", AddressReason.PRIVATE),
        ("3fff::1", AddressReason.PRIVATE),
        ("4000::1", AddressReason.RESERVED),
        ("::ffff:127.0.0.1", AddressReason.LOOPBACK),
        ("::ffff:93.184.215.14", AddressReason.TUNNEL),
        ("64:ff9b::93.184.215.14", AddressReason.TUNNEL),
        ("64:ff9b::10.0.0.1", AddressReason.PRIVATE),
        ("64:ff9b:1::10.0.0.1", AddressReason.PRIVATE),
        ("2002:7f00:1::1", AddressReason.LOOPBACK),
        ("2002:5db8:d70e::1", AddressReason.TUNNEL),
        ("2001:0:5db8:d70e::1", AddressReason.RESERVED),
        ("::127.0.0.1", AddressReason.LOOPBACK),
    ],
)
def test_an_address_is_what_it_is(text, reason):
    assert judge(ipaddress.ip_address(text), NONE) == reason


@given(st.ip_addresses(v=4))
def test_only_public_v4_addresses_are_public(address):
    """The standard library's own table, which is never looser than ours."""
    if judge(address, NONE) is AddressReason.PUBLIC:
        assert address.is_global
        assert not address.is_private
        assert not address.is_multicast


@given(st.ip_addresses(v=6))
def test_only_global_unicast_v6_addresses_are_public(address):
    if judge(address, NONE) is AddressReason.PUBLIC:
        assert address in ipaddress.ip_network("2000::/3")
        assert carried_v4(address) == ()


@given(st.ip_addresses(v=4), st.sampled_from(sorted(WRAPPERS)))
def test_no_wrapping_makes_an_address_better(v4, how):
    wrapped = IPv6Address(WRAPPERS[how](v4))
    assert judge(wrapped, NONE) in REFUSED or int(v4) <= 1


@given(st.ip_addresses(v=4), st.sampled_from(sorted(WRAPPERS)))
def test_allowing_a_network_never_allows_what_is_outside_it(v4, how):
    policy = AddressPolicy.of(["127.0.0.0/8"])
    wrapped = IPv6Address(WRAPPERS[how](v4))
    if judge(wrapped, policy) is AddressReason.ALLOWED:
        assert all(a in ipaddress.ip_network("127.0.0.0/8") for a in carried_v4(wrapped))


def test_private_networks_are_allowed_by_name_only():
    policy = AddressPolicy.of(["10.0.0.0/8", "fd00::/8"])
    assert judge(IPv4Address("10.9.9.9"), policy) is AddressReason.ALLOWED
    assert judge(IPv6Address("fd00::1"), policy) is AddressReason.ALLOWED
    assert judge(IPv4Address("192.168.1.1"), policy) is AddressReason.PRIVATE
    with pytest.raises(ValueError, match="not"):
        AddressPolicy.of(["not a network"])


LOOPBACKS = """
127.0.0.1 127.1 127.0.1 2130706433 0x7f000001 0x7f.0.0.1 0x7f.1 0177.0.0.1 017700000001 0177.1 127.000.000.001
127.0.0.1. [::1] ::1 [0:0:0:0:0:0:0:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [0000::1] [::1%lo] 0x7F000001
[::127.0.0.1] [2002:7f00:1::] [64:ff9b::7f00:1] [::ffff:0:127.0.0.1] 0x7f.0x0.0x0.0x1 127.0.0x0.1
""".split()


@pytest.mark.parametrize("host", LOOPBACKS)
def test_every_spelling_of_loopback_is_seen(host):
    address = literal(host)
    assert address is not None
    assert judge(address, NONE) is AddressReason.LOOPBACK


@pytest.mark.parametrize("host", LOOPBACKS)
async def test_no_spelling_of_loopback_is_asked(host):
    async with open_bench(allow_private=()) as bench:
        bench.server.add("/feed", feed())
        shown = f"[{host}]" if ":" in host and not host.startswith("[") else host
        url = f"http://{shown}:{bench.server.port}/feed"
        (state,) = await bench.round(url)
        assert state.history[-1].result in (R.ADDRESS_REFUSED, R.BAD_ADDRESS)
        assert not bench.server.requests


@pytest.mark.parametrize(
    "host", ["localhost", "LOCALHOST", "localhost.", "１２７.0.0.1", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "127。0。0。1"]
)
async def test_no_name_of_loopback_is_asked(host):
    async with open_bench(allow_private=()) as bench:
        bench.server.add("/feed", feed())
        await bench.round(f"http://{host}:{bench.server.port}/feed")
        assert not bench.server.requests


@pytest.mark.parametrize(
    ("name", "local"),
    [("localhost", True), ("printer", True), ("a.local", True), ("x.internal", True), ("bbc.co.uk", False)],
)  # fmt: skip
def test_local_names_are_known(name, local):
    assert local_name(name) is local


class Recorder(httpcore.AsyncNetworkBackend):
    def __init__(self):
        self.asked = []

    async def connect_tcp(self, host, port, *_, **__):
        self.asked.append(host)
        raise httpcore.ConnectError(host)


def backend(*answers, policy=NONE):
    """A guard whose names resolve to the first answer first, then to the next."""
    left = list(answers)

    async def resolve(_host, _port):
        texts = left.pop(0) if len(left) > 1 else left[0]
        return tuple(ipaddress.ip_address(text) for text in texts)

    inner = Recorder()
    return GuardedBackend(policy, resolve=resolve, inner=inner), inner


async def test_one_bad_address_among_good_ones_refuses_the_host():
    guard, inner = backend(["93.184.215.14", "10.0.0.1"])
    with pytest.raises(AddressRefusedError, match="private"):
        await guard.connect_tcp("news.example", 80)
    assert inner.asked == []


async def test_the_connection_goes_to_the_checked_addresses_not_to_the_name():
    guard, inner = backend(["93.184.215.14", "93.184.215.15"])
    with pytest.raises(httpcore.ConnectError):
        await guard.connect_tcp("news.example", 80)
    assert inner.asked == ["93.184.215.14", "93.184.215.15"]


async def test_a_name_that_changes_its_address_gains_nothing():
    """DNS rebinding: public when it is checked first, loopback when it is connected to."""
    guard, inner = backend(["93.184.215.14"], ["127.0.0.1"])
    await guard.check("news.example", 80)
    with pytest.raises(AddressRefusedError, match="loopback"):
        await guard.connect_tcp("news.example", 80)
    assert inner.asked == []


async def test_a_redirect_to_a_name_of_a_private_address_is_refused():
    async with open_bench(allow_private=()) as bench:
        bench.server.add("/feed", b"HTTP/1.1 302 Found\r\nLocation: http://inside.example/\r\n\r\n")
        async with bench.poller("http://one.example/feed") as poller:
            elsewhere = go_public(poller, bench.server, {"inside.example": "10.0.0.7"})
            await poller.run_once()
            assert poller.state("http://one.example/feed").history[-1].result == R.ADDRESS_REFUSED
        assert elsewhere.asked == [("93.184.215.14", 80)]


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1/", "http://0x7f.1/", "http://localhost/", "http://[::1]/"]
)
async def test_a_proxy_is_not_asked_for_private_addresses(target):
    async with open_bench(allow_private=()) as bench:
        bench.settings = bench.settings.__class__(proxy=bench.server.url(""))
        (state,) = await bench.round(target)
        assert state.history[-1].result == R.ADDRESS_REFUSED
        assert not bench.server.requests


async def test_a_proxy_is_used_where_it_is_set_even_on_loopback():
    async with open_bench(allow_private=()) as bench:
        bench.settings = bench.settings.__class__(proxy=bench.server.url(""))
        bench.server.routes["http://news.example/feed"] = [feed()]
        await bench.round("http://news.example/feed")
        assert bench.server.requests[0].path == "http://news.example/feed"
        assert bench.titles == ["Entry 1"]


async def test_a_proxy_of_one_feed_is_that_feeds_alone():
    async with open_bench() as bench:
        bench.server.routes["http://news.example/feed"] = [feed()]
        direct = bench.server.add("/feed", feed())
        there = Feed(url="http://news.example/feed", proxy=bench.server.url(""))
        await bench.round(there, direct)
        assert {r.path for r in bench.server.requests} == {"http://news.example/feed", "/feed"}
        assert len(bench.sent) == 2
