"""When do chats' reports that an article tells of another incident become a proposal to split it off?

Each chat counts once for an article. Once ``CHATS_NEEDED`` have said so, the service's administrators are asked, who
split the record with one tap.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime

from bot.alerts.service_notices import notify
from bot.i18n.translate import t
from bot.render import words
from bot.render.card import headline, title_link
from bot.render.message import Button, Message, bold, code, line, link, say
from bot.render.words import Names
from bot.store import Tx, chats, follows
from bot.types import Feedback
from extract.types import ArticleRef, Incident

CHATS_NEEDED = 2
# how feedback says that an article (by its id, behind this) is about another incident
APART = "apart:"


def article_key(article: ArticleRef) -> str:
    """A short name of an article in a button: 8 hexadecimal digits."""
    return hashlib.blake2s(article.id.encode(), digest_size=4).hexdigest()


def article_of(incident: Incident, key: str) -> ArticleRef | None:
    """The incident's article with this key; None if it has none (any more)."""
    return next((one for one in incident.articles if article_key(one) == key), None)


def report_apart(
    tx: Tx, chat: int, incident: Incident, article: ArticleRef, *, admins: Iterable[int], names: Names, now: datetime
) -> bool:
    """Store that a chat says so; the one that makes it ``CHATS_NEEDED`` proposes the split to the administrators.

    Returns whether it was proposed now.
    """
    what = f"{APART}{article.id}"
    before = follows.chats_saying(tx, incident.id, what)
    follows.add_feedback(tx, chat, Feedback(incident=incident.id, version=incident.version, what=what, at=now))
    if chat in before or len(before) + 1 != CHATS_NEEDED or len(incident.articles) < 2:
        return False
    for admin in admins:
        if chats.is_active(tx, admin):
            key = f"split {incident.id} {article_key(article)}"
            notify(tx, admin, 0, key, lambda: _proposal(incident, article, names), now=now)
    return True


def _proposal(incident: Incident, article: ArticleRef, names: Names) -> Message:
    title, outlet = title_link(article, incident), words.outlet(article)
    told = line(title, " · ", link(outlet, article.url)) if title else line(link(outlet, article.url))
    return say(
        line(bold(t("{n} chats say that an article is not the same incident", n=CHATS_NEEDED))),
        line(headline(incident, names), " · ", code(incident.id)),
        told,
        buttons=(
            (
                Button(t("Split it off"), "split", f"{incident.id} {article_key(article)}"),
                Button(t("Show it"), "card", incident.id),
            ),
        ),
    )
