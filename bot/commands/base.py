"""What is a command? Its name, its help, who may use it and the handler that answers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.alerts.gate import Rules
from bot.i18n.translate import tp
from bot.picture.atlas import Atlas, Blank
from bot.picture.cache import Pictures
from bot.render.message import Message
from bot.render.words import Names
from bot.store import Store
from bot.subscriptions.filters import Address, Places
from bot.types import Candidate, ListPlan, Preview, Source
from extract.ask import Asker
from extract.kinds import Kinds
from extract.places.containment import Contains, ExtentOf, no_extent
from extract.types import Place


class Permission(StrEnum):
    """Who may use a command or button.

    A member is everyone in a group; in a channel only who manages it is one, since the others just read.
    """

    ANYONE = "anyone"
    MEMBER = "member"
    MANAGER = "manager"
    ADMIN = "admin"


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who gives a command, and where. ``is_manager``: may change this chat's settings; ``is_admin``: runs the service.

    ``card`` is the incident whose card the command replies to, if any. ``user`` and ``name`` (the first name) are set
    in groups only, and not for anonymous administrators.
    """

    chat: int
    thread: int = 0
    kind: str = "private"
    is_manager: bool = True
    is_admin: bool = False
    is_member: bool = True
    card: str = ""
    user: int = 0
    name: str = ""

    @property
    def address(self) -> Address:
        """The chat and topic that this caller's subscriptions belong to."""
        return Address(chat=self.chat, thread=self.thread)


class SourceFinder(Protocol):
    """Looks at addresses that may become sources: ``bot.sources.finder``. What can't be read raises ChatError."""

    async def find(self, url: str) -> tuple[Candidate, ...]:
        """The sources that an address leads to."""

    async def preview(self, candidate: Candidate) -> tuple[Source, Preview]:
        """The source as its own document names it, and what it would have told."""

    async def plan(self, body: bytes) -> ListPlan:
        """What to do with the feeds of an OPML document."""

    def read_now(self) -> None:
        """Let what was just added be read at once."""


@dataclass(frozen=True, kw_only=True)
class Services:
    """What handlers work with.

    ``contains`` says how surely the first place holds the second, ``extent`` how far an area reaches. ``zone_at`` is
    the IANA time zone at a place. ``asker`` parses questions; without it none is answered. ``atlas`` has the labels of
    maps, ``maps`` is the cache of drawn ones. ``finder`` looks at the addresses of sources, which are on ``trial`` for
    so long. ``admins`` are the chats of the service's administrators. ``pages`` is the beginning of the addresses of
    incidents' pages, up to the id; empty where nobody can open them.
    """

    store: Store
    kinds: Kinds
    places: Places
    contains: Contains
    names: Names
    clock: Callable[[], datetime]
    rules: Rules = field(default_factory=Rules)
    zone_at: Callable[[Place], str | None] = lambda _: None
    asker: Asker | None = None
    extent: ExtentOf = no_extent
    atlas: Atlas = field(default_factory=Blank)
    maps: Pictures = field(default_factory=Pictures)
    finder: SourceFinder
    trial: timedelta = timedelta(days=7)
    admins: tuple[int, ...] = ()
    pages: str = ""


Handler = Callable[[Services, Caller, str], Awaitable[Message]]


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command. ``args`` is its syntax, ``help`` what it does, both in English and translated when shown.

    ``make locale`` puts them into the catalogues.
    """

    name: str
    args: str
    help: str
    handle: Handler
    permission: Permission = Permission.ANYONE

    @property
    def usage(self) -> str:
        """The command with its arguments, in the current language."""
        return f"/{self.name} {tp('usage', self.args)}" if self.args else f"/{self.name}"
