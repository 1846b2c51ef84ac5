"""Which mistakes does a configuration make that no single value shows? A sentence for each, with its key path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

OFFICIAL_API = "https://api.telegram.org/bot"
# characters of a token that another program shows
SHORTEST_SECRET = 16
# Telegram's own tokens have 35 characters after the colon
_TOKEN = re.compile(r"\d{3,20}:[A-Za-z0-9_-]{30,64}")


def is_token(text: str) -> bool:
    """Has a text the form of a bot token?"""
    return bool(_TOKEN.fullmatch(text))


def mistakes_across(values: dict[str, Any]) -> list[str]:
    """The mistakes of a table of values as it was read."""
    telegram = values.get("telegram")
    return [
        *(_of_telegram(telegram) if isinstance(telegram, dict) else ()),
        *_of_push(values),
        *_of_ports(values),
        *_without_selector(values),
        *_of_webhooks(values),
        *_twice(values, "sources"),
        *_twice(values, "webhooks"),
    ]


def _of_telegram(telegram: dict[str, Any]) -> Iterator[str]:
    if telegram.get("base_url", OFFICIAL_API) != OFFICIAL_API:  # a server of one's own has its own rules
        return
    token = telegram.get("token")
    if isinstance(token, str) and token and not is_token(token):
        yield (
            "telegram.token: this can be no bot token: that is a number, a colon and 35 letters, digits, _ or -; "
            "@BotFather gives one for /newbot, and shows it again for /token"
        )
    if str(telegram.get("webhook_url", "")).startswith("http:"):
        yield "telegram.webhook_url: Telegram brings updates to https:// addresses only"


def _of_push(values: dict[str, Any]) -> Iterator[str]:
    push = values.get("push")
    if isinstance(push, dict) and push.get("port") and not push.get("token"):
        yield f"push.port: articles are taken with a token only; set push.token, at least {SHORTEST_SECRET} characters"


def _of_ports(values: dict[str, Any]) -> Iterator[str]:
    """Two servers at one port: what a proxy shows to others of the one would show the other."""
    taken: dict[int, str] = {}
    for section in ("metrics", "push", "web"):
        table = values.get(section)
        port = table.get("port") if isinstance(table, dict) else None
        if not isinstance(port, int) or not port:
            continue
        if port in taken:
            yield f"{section}.port: {port} is the port of [{taken[port]}]; take another"
        taken.setdefault(port, section)


def _without_selector(values: dict[str, Any]) -> Iterator[str]:
    listed = values.get("sources")
    for number, one in enumerate(listed if isinstance(listed, (list, tuple)) else ()):
        if isinstance(one, dict) and one.get("kind") == "page" and not one.get("links"):
            yield f'sources[{number}].links: a page needs a selector of its links, as in "main h2 a"'


def _of_webhooks(values: dict[str, Any]) -> Iterator[str]:
    listed = values.get("webhooks")
    for number, one in enumerate(listed if isinstance(listed, (list, tuple)) else ()):
        secret = one.get("secret") if isinstance(one, dict) else ""
        if isinstance(one, dict) and (secret is None or secret == ""):
            yield (
                f"webhooks[{number}].secret: is missing; it has to be what `openssl rand -base64 32` prints, "
                'with "whsec_" before it'
            )


def _twice(values: dict[str, Any], section: str) -> list[str]:
    """The addresses of sources or webhooks that are listed more than once, a sentence each."""
    listed = values.get(section)
    rows = listed if isinstance(listed, (list, tuple)) else ()
    urls = [row.get("url") for row in rows if isinstance(row, dict)]
    twice = sorted({url for url in urls if isinstance(url, str) and urls.count(url) > 1})
    return [f"{section}: {url} is listed twice; delete one of them" for url in twice]
