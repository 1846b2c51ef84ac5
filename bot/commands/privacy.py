"""Commands about the data that is kept about a chat: what it is, a copy of it, its deletion."""

from __future__ import annotations

import json

import msgspec

from bot.commands.base import Caller, Services
from bot.i18n.translate import default_locale, in_locale, mark, t
from bot.render.message import Attached, Button, Message, bold, code, line, say
from bot.render.stored_values import reason_words
from bot.store import chats, outbox, subscriptions
from bot.store.acknowledgements import NAMED_FOR
from bot.store.codec import load_reason

# what is typed to delete everything, and what a button sends to keep it; the same in every language
YES, NO = "yes", "no"
LOCATIONS = mark(
    "Of a location you share only the area of about 11 km is kept, for 30 days, and only if you subscribe to it."
)


async def privacy(_services: Services, _caller: Caller, _text: str) -> Message:
    """What data is kept about a chat."""
    return say(
        line(bold(t("What is kept about you"))),
        t("The number and kind of this chat, its subscriptions, which cards it was sent, what is muted."),
        t("What it has chosen (hours, digest), follows, and said is wrong."),
        t("No names and no messages: a command's words are wiped as soon as it has been answered."),
        t(
            "Who acknowledges an incident in a group is kept with number and first name for {n} days, "
            "and stands on the card.",
            n=NAMED_FOR.days,
        ),
        t("What a question was understood as is kept for an hour, so that the next can go on from it."),
        t(LOCATIONS),
        t("Nothing is passed on. /export_me gives you all of it, /forget_me deletes all of it, after asking once."),
    )


async def export_me(services: Services, caller: Caller, _text: str) -> Message:
    """All data about this chat, as a file; the reasons of alerts in English words."""
    kept = await services.store.read(chats.everything, caller.chat)
    with in_locale(default_locale()):
        for alert in kept.get(outbox.TABLE, []):
            alert["why"] = reason_words(load_reason(str(alert["why"])))
    body = json.dumps(kept, indent=2, ensure_ascii=False).encode()
    said = say(t("Everything that is kept about this chat."))
    return msgspec.structs.replace(said, file=Attached("tocsin-about-this-chat.json", body))


async def forget_me(services: Services, caller: Caller, text: str) -> Message:
    """Ask once, then delete all rows about this chat: with "yes" delete, with "no" do nothing."""
    answer = text.strip().casefold()
    if answer == YES:
        await services.store.write(chats.forget, caller.chat, services.clock())
        return _as_menu(say(t("Everything about this chat has been deleted. Nothing more will be sent.")))
    if answer == NO:
        return _as_menu(say(t("Nothing has been deleted.")))
    mine = await services.store.read(subscriptions.of_chat, caller.chat)
    buttons = ((Button(t("Delete everything"), "forget", YES, typed=YES), Button(t("Keep it"), "forget", NO)),)
    return say(
        line(bold(t("Delete everything about this chat?"))),
        t(
            "Subscriptions that go, in every topic: {n}; with them its settings, follows, mutes and remarks.",
            n=len(mine),
        ),
        t("Cards that were sent stay, and are not kept up to date any more. This can't be undone."),
        line(t("With the button, or: "), code(f"/forget_me {YES}")),
        buttons=buttons,
    )


def _as_menu(said: Message) -> Message:
    """The answer in place of the question."""
    return msgspec.structs.replace(said, is_menu=True)
