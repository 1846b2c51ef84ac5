"""What a command is: its name, help, who may use it, and what answers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.alerts.gate import Rules
from bot.alerts.routing import Contains
from bot.i18n.translate import tp
from bot.picture.atlas import Atlas, Blank
from bot.picture.cache import Pictures
from bot.render.message import Message
from bot.render.words import Names
from bot.store import Store
from bot.subscriptions.filters import Address, Places
from bot.types import Source
from extract.ask import Asker
from extract.kinds import Kinds
from extract.types import Place


class Role(StrEnum):
    """Who may use a command. A member is everyone in a group, and of a channel who manages it: others only read it."""

    ANYONE = "anyone"
    MEMBER = "member"
    MANAGER = "manager"
    ADMIN = "admin"


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who speaks, and where. ``is_manager``: may change this chat's settings; ``is_admin``: runs the service.

    ``user`` and ``name`` (the first one) say who it is in a group; elsewhere, and of who is anonymous there, nothing.
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
        """Where this caller's subscriptions belong."""
        return Address(chat=self.chat, thread=self.thread)


@dataclass(frozen=True, kw_only=True)
class Services:
    """What handlers work with. ``add_source`` checks an address and keeps it; it raises ChatError.

    ``zone_at`` is the IANA time zone at a place. ``asker`` reads questions; without it none is answered. ``atlas``
    knows what to write on maps, ``maps`` are those drawn last.
    """

    store: Store
    kinds: Kinds
    places: Places
    weight: Callable[[Place], int]
    contains: Contains
    names: Names
    clock: Callable[[], datetime]
    rules: Rules = field(default_factory=Rules)
    zone_at: Callable[[Place], str | None] = lambda _: None
    asker: Asker | None = None
    atlas: Atlas = field(default_factory=Blank)
    maps: Pictures = field(default_factory=Pictures)
    add_source: Callable[[str], Awaitable[Source]]


Handler = Callable[[Services, Caller, str], Awaitable[Message]]


@dataclass(frozen=True, kw_only=True)
class Command:
    """One command. ``args`` shows how it is written, ``help`` what it does; both are read by people.

    Here they are English; ``make locale`` takes them into the catalogues.
    """

    name: str
    args: str
    help: str
    handle: Handler
    role: Role = Role.ANYONE

    @property
    def usage(self) -> str:
        """How it is typed, in the current language."""
        return f"/{self.name} {tp('usage', self.args)}" if self.args else f"/{self.name}"
