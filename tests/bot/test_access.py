"""Who may use what, everywhere: each command and button by role and sort of chat; what isn't allowed is refused."""

import pytest
from talking import ADMIN, ANN, CHANNEL, GROUP, message, say_to, tap

from bot.commands import COMMANDS, TAPS, Permission

REFUSED = (
    "Only members of this chat may do that; in a channel, its administrators.",
    "Only this chat's administrators may do that.",
    "Only the service's administrators may do that.",
)
# chat, its type, who speaks, their standing in the group
PLACES = {
    "private": (ANN, "private", ANN, "member"),
    "group, member": (GROUP, "supergroup", ANN, "member"),
    "group, administrator": (GROUP, "supergroup", ANN, "creator"),
    "group, gone": (GROUP, "supergroup", ANN, "left"),
    "group, restricted": (GROUP, "supergroup", ANN, "restricted"),
    "operator in private": (ADMIN, "private", ADMIN, "member"),
    "operator in a group": (GROUP, "supergroup", ADMIN, "member"),
}
MANAGES = {"private", "group, administrator", "operator in private"}
# who writes in a group was let in by Telegram; a button can be tapped by who has left
OUTSIDE = {"group, gone"}
OPERATES = {"operator in private", "operator in a group"}


def allowed(permission, place, *, taps=False):
    return {
        Permission.ANYONE: True,
        Permission.MEMBER: not (taps and place in OUTSIDE),
        Permission.MANAGER: place in MANAGES,
        Permission.ADMIN: place in OPERATES,
    }[permission]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "forget_me"])
async def test_commands_by_role_and_place(chatting, wire, name, place):
    chat, kind, user, wire.member = PLACES[place]
    said = await say_to(chatting, wire, message(f"/{name}", user=user, chat=chat, kind=kind))
    refused = bool(said) and said[0] in REFUSED
    assert refused is not allowed(COMMANDS[name].permission, place), said


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("verb", TAPS)
async def test_buttons_by_role_and_place(chatting, wire, verb, place):
    chat, kind, user, wire.member = PLACES[place]
    await say_to(chatting, wire, tap(f"{verb}:", user=user, chat=chat, kind=kind))
    told = [params.get("text") or "" for name, params in wire.asked if name == "answerCallbackQuery"]
    assert len(told) == 1
    assert (told[0] in REFUSED) is not allowed(TAPS[verb].permission, place, taps=True), told


async def test_readers_of_a_channel_manage_nothing(chatting, wire):
    for verb, one in TAPS.items():
        wire.asked.clear()
        await say_to(chatting, wire, tap(f"{verb}:", chat=CHANNEL, kind="channel"))
        told = [params.get("text") or "" for name, params in wire.asked if name == "answerCallbackQuery"]
        assert (told[0] in REFUSED) is (one.permission is not Permission.ANYONE), verb


def test_only_what_changes_nothing_or_is_a_members_own_is_open_to_all():
    assert {name for name, one in COMMANDS.items() if one.permission is Permission.MEMBER} == {"ack"}
    assert {verb for verb, one in TAPS.items() if one.permission is Permission.MEMBER} == {"ack"}


def test_a_command_that_says_nothing_of_its_role_changes_nothing_for_others():
    changing = {"merge", "split", "retract", "undo", "addsource", "rmsource", "feedback"}
    assert {name for name, one in COMMANDS.items() if one.permission is Permission.ADMIN} == changing
