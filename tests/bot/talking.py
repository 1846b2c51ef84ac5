"""The Telegram side against a fake connection: what tests say to the bot, and what it answered."""

import inspect
import json

import pytest
from fakes import NOW, PLACES
from telegram import Bot, ChatMemberRestricted, Update
from telegram.request import BaseRequest

from bot.chat.handle import Chatting
from bot.chat.sender import TelegramSender
from bot.commands import Services
from bot.errors import ChatError
from bot.i18n.translate import t
from bot.render.words import Names
from bot.sources import poll, source_list
from bot.types import Candidate, Preview, Source
from extract.feeds import feeds_of
from extract.kinds import load_kinds
from extract.places.containment import by_names
from extract.places.meant import Meant

ADMIN, ANN, GROUP, CHANNEL = 9001, 501, -1005, -1006
NAMES = Names(load_kinds(), {"PK": "Pakistan", "KE": "Kenya"}.get)
TOKEN = "123456:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


GIFTS = {
    "unlimited_gifts": False, "limited_gifts": False, "unique_gifts": False, "premium_subscription": False,
    "gifts_from_channels": False,
}  # fmt: skip


class Wire(BaseRequest):
    """Answers requests from a script, else as Telegram would; keeps what was asked."""

    def __init__(self):
        self.asked, self.script, self.member = [], [], "member"
        self.known = {}
        self.hidden = False
        self.file = b""

    @property
    def read_timeout(self):
        return 1

    async def initialize(self):
        return None

    async def shutdown(self):
        return None

    async def do_request(self, url, method, request_data=None, **_timeouts):
        name = url.rpartition("/")[2]
        if "/file/" in url:
            return 200, self.file
        params = request_data.parameters if request_data else {}
        self.asked.append((name, params))
        if name.startswith(("send", "edit")) and self.script:
            return self.script.pop(0)
        if name == "getChat" and params["chat_id"] not in self.known:
            return 400, b'{"ok": false, "error_code": 400, "description": "Bad Request: chat not found"}'
        return 200, json.dumps({"ok": True, "result": self._result(name, params)}).encode()

    def _result(self, name, params):
        if name == "getMe":
            return {"id": 1, "is_bot": True, "first_name": "T", "username": "tocsin_bot"}
        if name == "getChat":
            return {
                **self.known[params["chat_id"]],
                "accent_color_id": 1,
                "max_reaction_count": 1,
                "accepted_gift_types": GIFTS,
            }
        if name == "getFile":
            return {"file_id": "f", "file_unique_id": "u", "file_path": "documents/list.opml"}
        if name == "getChatMember":
            user = {"id": params["user_id"], "is_bot": False, "first_name": "x"}
            extra = {"can_be_edited": False, "is_anonymous": self.hidden} if self.member == "creator" else {}
            if self.member == "restricted":
                rights = inspect.signature(ChatMemberRestricted).parameters
                extra = {name: True for name in rights if name.startswith(("can_", "is_"))} | {"until_date": 0}
            return {"status": self.member, "user": user, **extra}
        if name.startswith(("send", "edit")):
            return {"message_id": 77, "date": 1, "chat": {"id": params["chat_id"], "type": "private"}}
        return True

    def said(self):
        return [params for name, params in self.asked if name.startswith(("send", "edit"))]


class Places:
    def search(self, name, limit=8):
        first = name.partition(",")[0].casefold()
        return [place for known, place in PLACES.items() if known.casefold() == first]

    def meant(self, text, *, home=frozenset(), km=None, near=False):
        found = self.search(text)
        return Meant(options=tuple(found), certain=len(found) == 1, km=km)

    def knows(self, name):
        return bool(self.search(name))


class Finder:
    """Every address is that of a feed, unless it says "zone" (a page of two feeds) or "gone" (one of one feed)."""

    def __init__(self):
        self.told = Preview(items=40, newest=NOW, recent=9, read=9, incidents=4, titles=("dock in Karachi",), lang="en")
        self.woken = 0

    async def find(self, url):
        if "private" in url:
            raise ChatError(t(poll.REFUSED, why="not allowed"))
        if "zone" in url:
            return tuple(Candidate(source=Source(url=f"{url}/{n}", name=f"zone {n}")) for n in range(2))
        if "gone" in url:
            return (Candidate(source=Source(url=f"{url}/feed")),)
        return (Candidate(source=Source(url=url), is_exact=True),)

    async def preview(self, candidate):
        return candidate.source, self.told

    async def plan(self, body):
        listed = feeds_of(body)
        if listed.problem:
            raise ChatError(t(poll.NO_LIST, why="gone"))
        verdict = {"https://private.zone": "zone"}.get
        known = ["https://gone.zone/f"]
        return source_list.plan(listed.links, known=known, verdict=lambda url: verdict(url, ""), every=60.0)

    def read_now(self):
        self.woken += 1


@pytest.fixture
async def wire():
    return Wire()


@pytest.fixture
async def chatting(store, clock, wire):
    wire.bot = Bot(TOKEN, request=wire, get_updates_request=wire)
    await wire.bot.initialize()

    services = Services(
        store=store,
        kinds=load_kinds(),
        places=Places(),
        contains=by_names,
        names=NAMES,
        clock=clock,
        finder=Finder(),
    )
    return Chatting(services=services, sender=TelegramSender(wire.bot), admins=frozenset({ADMIN}))


def message(text, *, user=ANN, chat=None, kind="private", **extra):
    chat = user if chat is None else chat
    base = {
        "message_id": 5,
        "date": 1,
        "text": text,
        "chat": {"id": chat, "type": kind, "title": "x"},
        "from": {"id": user, "is_bot": False, "first_name": "x"},
    }
    return {"update_id": 1, "message": {**base, **extra}}


def tap(data, *, user=ANN, chat=None, kind="private"):
    card = message("card", user=1, chat=user if chat is None else chat, kind=kind)["message"]
    query = {"id": "q", "from": {"id": user, "is_bot": False, "first_name": "x"}, "chat_instance": "c", "data": data}
    return {"update_id": 2, "callback_query": {**query, "message": card}}


async def say_to(chatting, wire, update):
    """Handle one update; the texts that were answered."""
    before = len(wire.said())
    await chatting.handle(Update.de_json(update, wire.bot))
    return [params.get("text", "") for params in wire.said()[before:]]
