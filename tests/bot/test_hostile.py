"""What an enemy writes into titles and names breaks no message; 100,000 of them: make soak."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

import soak_titles as soak

from bot.render.message import Message, link, say
from bot.render.text import WORD_JOINER, break_link, clean, plain


def test_a_few_thousand_hostile_titles_break_nothing():
    assert soak.soak(4_000, 7) == []


@pytest.mark.parametrize(
    ("out", "why"),
    [
        ("<b>x", "not closed"),
        ("<b><i>x</b></i>", "closes nothing"),
        ("</b>", "closes nothing"),
        ("a < b", "a bare <"),
        ("a > b", "a bare >"),
        ("a & b", "a bare &"),
        ("&nbsp;", "a bare &"),
        ("<script>x</script>", "unknown tag"),
        ('<b class="x">x</b>', "<b class"),
        ('<a href="javascript:x">x</a>', "<a href"),
        ('<a href="tg://user?id=1">x</a>', "<a href"),
        ('<a href="https://a b">x</a>', "<a href"),
        ("<code><b>x</b></code>", "within"),
        ("<b><b>x</b></b>", "within"),
        ("<b>x</b>" * 101, "101 entities"),
    ],
)
def test_the_checker_finds_what_telegram_would_refuse(out, why):
    assert any(why in one for one in soak._markup(out)), list(soak._markup(out))


@pytest.mark.parametrize("out", ["\u202ex", "\u2069", "\u2068x", "\ud800", "x\x07", "\u2028"])
def test_the_checker_finds_letters_that_must_not_be_sent(out):
    assert list(soak._letters(out)) != []


def test_the_checker_finds_what_is_too_long_empty_or_a_link_by_itself(monkeypatch):
    for out, why in (("😀" * 2049, "4098 units"), (" ", "empty"), ("a /forget_me", "a link"), ("by @x", "a link")):
        monkeypatch.setattr(soak, "html", lambda _message, out=out, **_kw: out)
        assert any(why in one for one in soak.complaints(soak.Shown("card", Message(()))))


@pytest.mark.parametrize(
    ("title", "cleaned"),
    [
        ("tap /forget_me now", f"tap /{WORD_JOINER}forget_me now"),
        ("/start", f"/{WORD_JOINER}start"),
        ("ask @somebody", f"ask @{WORD_JOINER}somebody"),
        ("tg://resolve?domain=x", f"tg:{WORD_JOINER}//resolve?domain=x"),
        ("his/her and 24/7, a@b.example, 5 tg: x", "his/her and 24/7, a@b.example, 5 tg: x"),
    ],
)
def test_nothing_in_a_title_is_a_link_by_itself(title, cleaned):
    assert clean(title) == cleaned


@pytest.mark.parametrize(("left", "right"), [("see /", "forget_me"), ("t", "g://x"), ("@", "x")])
def test_nor_where_two_parts_meet(left, right):
    assert break_link(left, right) == left + WORD_JOINER
    assert break_link("see ", "this") == "see "


@pytest.mark.parametrize(
    "url",
    ["javascript:x", "tg://x", "https://", "https:///x", "https://a b", "https://a/\u202ex", "https://a/\ud800", "https://a/" + "x" * 2048,
     "https://a/\x07", 'https://a/"x', "https://a/<b>"],
)  # fmt: skip
def test_what_is_no_plain_web_address_is_no_link(url):
    assert link("x", url).url == ""


def test_a_plain_web_address_is_a_link():
    for url in ("https://post.example", "http://post.example:8080/a?b=1&c=%20#d", "https://post.example/كراتشي"):
        assert link("x", url).url == url


def test_plain_words_too_hold_nothing_that_cannot_be_sent():
    assert plain(say("a\x07b\ud800c")) == "abc"
