"""Commands for a channel or group from a private chat."""

import pytest
from talking import ANN, CHANNEL, GROUP, message, say_to

from bot.store import subscriptions


@pytest.fixture
def channel(wire):
    """A channel that Ann and the bot administer, as Telegram tells of it."""
    wire.member = "creator"
    wire.known = {"@ourchannel": {"id": CHANNEL, "type": "channel", "title": "x"}}
    return wire


async def test_a_channel_is_subscribed_from_private(store, chatting, channel):
    said = (await say_to(chatting, channel, message("/for @ourchannel subscribe Karachi 50km")))[0]
    assert said.startswith("For @ourchannel:") and "Subscribed" in said
    assert [one.km for one in store.read_sync(subscriptions.of_chat, CHANNEL)] == [50]
    assert store.read_sync(subscriptions.of_chat, ANN) == []
    assert channel.said()[-1]["chat_id"] == ANN


async def test_whoever_does_not_administer_it_is_refused(store, chatting, channel):
    channel.member = "member"
    assert "both of us administer" in (await say_to(chatting, channel, message("/for @ourchannel subs")))[0]


@pytest.mark.parametrize(
    "typed", ["/for", "/for @ourchannel", "/for @nowhere subs", "/for 501 subs", "/for ; DROP", "/for @x\u202e y"]
)
async def test_mistakes_are_said_and_change_nothing(store, chatting, channel, typed):
    said = (await say_to(chatting, channel, message(typed)))[0]
    assert "/for" in said or "both of us" in said
    assert store.read_sync(subscriptions.of_chat, CHANNEL) == []


async def test_in_a_group_it_says_where_to_go(chatting, channel):
    said = (await say_to(chatting, channel, message("/for @ourchannel subs", chat=GROUP, kind="supergroup")))[0]
    assert "In a private chat" in said


async def test_its_subscriptions_can_be_read_and_ended(store, chatting, channel):
    await say_to(chatting, channel, message("/for @ourchannel subscribe Karachi"))
    assert "Karachi" in (await say_to(chatting, channel, message("/for @ourchannel subs")))[0]
    assert "reply_markup" not in channel.said()[-1]
    await say_to(chatting, channel, message("/for ourchannel unsubscribe Karachi"))
    assert store.read_sync(subscriptions.of_chat, CHANNEL) == []
