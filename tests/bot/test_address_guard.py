"""Which addresses may be connected to: as they are written, and as names resolve."""

from __future__ import annotations

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BlockedAddress
from bot.sources import address_guard

PUBLIC = [
    "http://8.8.8.8/",
    "https://9.9.9.9/feed.xml",
    "http://[2606:4700:4700::1111]/",
    "http://8.8.4.4:8080/",
    "https://news.example/feed?x=1#top",
    "https://bücher.example/feed",
]
REFUSED = [
    ("http://127.0.0.1/", "not a public address"),
    ("http://10.1.2.3/", "not a public address"),
    ("http://100.64.0.1/", "not a public address"),
    ("http://169.254.169.254/latest/", "not a public address"),
    ("http://192.0.0.192/", "not a public address"),
    ("http://192.88.99.1/", "not a public address"),
    ("http://224.0.0.1/", "not a public address"),
    ("http://255.255.255.255/", "not a public address"),
    ("http://[::1]/", "not a public address"),
    ("http://[::ffff:8.8.8.8]/", "not a public address"),
    ("http://[64:ff9b::808:808]/", "not a public address"),
    ("http://[2002:808:808::]/", "not a public address"),
    ("http://[2001:0:4136:e378::1]/", "not a public address"),
    ("http://[fd00::1]/", "not a public address"),
    ("http://[fe80::1%25eth0]/", "zone"),
    ("http://127.1/", "another way to write 127.0.0.1"),
    ("http://134744072/", "another way to write 8.8.8.8"),
    ("http://0x8.8.8.8/", "another way to write 8.8.8.8"),
    ("http://0177.0.0.1/", "another way to write 127.0.0.1"),
    ("http://\uff18.8.8.8/", "another way to write 8.8.8.8"),
    ("http://127\u30020\u30020\u30021/", "another way to write 127.0.0.1"),
    ("http://999.1.1.1/", "no IPv4 address"),
    ("http://localhost/", "this machine or network"),
    ("http://LOCALHOST./", "this machine or network"),
    ("http://printer.local/", "this machine or network"),
    ("http://intern/", "local network"),
    ("http://news.example:22/", "no web port"),
    ("http://news.example:0/", "no web port"),
    ("http://me:secret@news.example/", "password"),
    ("http://127.0.0.1:80@news.example/", "password"),
    ("http://news.example\\@127.0.0.1/", "no address may hold"),
    ("http://news.example\t/", "no address may hold"),
    ("http://news.example%00.com/", "no name may hold"),
    ("file:///etc/hostname", "http://"),
    ("//news.example/", "http://"),
    ("", "http://"),
    ("http://", "no host"),
    ("http://[::1/", "no address"),
    ("http://news.example:99999/", "no address"),
    ("https://news.example/" + "x" * 5000, "too long"),
]


@pytest.mark.parametrize("url", PUBLIC)
def test_public_address_is_let_through(url: str) -> None:
    assert address_guard.verdict(url) == ""


@pytest.mark.parametrize(("url", "why"), REFUSED)
def test_other_address_is_refused_with_its_reason(url: str, why: str) -> None:
    assert why in address_guard.verdict(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "feeds", "::1", "[::1]", "LocalHost."])
def test_allowed_host_is_let_through_on_any_port(host: str) -> None:
    written = "[::1]" if ":" in host else host
    assert address_guard.check(f"http://{written}:9999/feed", [host]).is_allowed


@pytest.mark.parametrize(
    "url", ["http://localhost:9/", "http://127.0.0.2:9/", "http://2130706433:9/", "http://[::ffff:127.0.0.1]:9/"]
)
def test_another_name_of_an_allowed_host_is_refused(url: str) -> None:
    assert address_guard.verdict(url, ["127.0.0.1"])


def test_fragment_is_no_part_of_the_host() -> None:
    assert address_guard.check("http://public.example#@127.0.0.1/").host == "public.example"


def test_one_private_answer_among_public_ones_refuses_the_name() -> None:
    target = address_guard.check("http://news.example/")
    with pytest.raises(BlockedAddress, match=r"stands for 10\.0\.0\.1"):
        address_guard.judge_answer(target, ["8.8.8.8", "10.0.0.1"])


def test_private_answers_of_an_allowed_name_are_kept() -> None:
    address_guard.judge_answer(address_guard.check("http://feeds/", ["feeds"]), ["10.0.0.1"])


@given(st.ip_addresses())
def test_nothing_that_is_not_global_is_let_through(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if not address.is_global:
        assert address_guard.judge_ip(address)


@given(st.text(max_size=60))
def test_any_text_gets_an_answer(text: str) -> None:
    assert isinstance(address_guard.verdict(f"http://{text}"), str)
