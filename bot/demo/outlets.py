"""What do the demo's outlets publish, and when? Feeds on 127.0.0.1 that grow step by step."""

from __future__ import annotations

import threading
import tomllib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from typing import Any
from xml.sax.saxutils import escape

from extract.types import Frozen


class Item(Frozen, frozen=True, kw_only=True):
    """One invented news item and the step at which its outlet publishes it."""

    outlet: str
    title: str
    text: str
    link: str
    step: int


class Outlets:
    """An HTTP server on 127.0.0.1 with a feed for each outlet; ``publish`` adds the items of the next step."""

    def __init__(self, now: datetime) -> None:
        news = tomllib.loads((resources.files("bot.demo") / "news.toml").read_text(encoding="utf-8"))
        self.names: dict[str, str] = news["outlets"]
        self.items = _items(news, now)
        self.steps = 1 + max(item.step for item in self.items)
        self.shown = 0
        self._times: dict[int, datetime] = {0: now - timedelta(hours=2)}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._server.serve_forever, daemon=True, name="demo-outlets").start()

    def url(self, outlet: str) -> str:
        """The address of an outlet's feed."""
        return f"http://127.0.0.1:{self._server.server_port}/{outlet}.xml"

    def publish(self, now: datetime) -> list[Item]:
        """Publish the next step; the items in it, [] after the last."""
        self.shown += 1
        self._times[self.shown] = now
        return [item for item in self.items if item.step == self.shown]

    def close(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()

    def feed(self, outlet: str) -> bytes:
        """An outlet's RSS feed with the items published so far, newest first."""
        items = [item for item in reversed(self.items) if item.outlet == outlet and item.step <= self.shown]
        entries = "".join(
            f"<item><title>{escape(i.title)}</title><link>{i.link}</link><guid>{i.link}</guid>"
            f"<pubDate>{format_datetime(self._times[i.step])}</pubDate><description>{escape(i.text)}</description></item>"
            for i in items
        )
        title = escape(self.names[outlet])
        return (
            f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{entries}</channel></rss>'.encode()
        )

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outlets = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                """Answer with one feed, or 404."""
                outlet = self.path.strip("/").removesuffix(".xml")
                body = outlets.feed(outlet) if outlet in outlets.names else b""
                self.send_response(200 if body else 404)
                self.send_header("Content-Type", "application/rss+xml; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Log nothing: the demo shows articles, not requests."""

        return Handler


def _items(news: dict[str, Any], now: datetime) -> list[Item]:
    days = {"weekday": f"{now:%A}", "yesterday": f"{now - timedelta(days=1):%A}"}
    history, *later = (step["news"] for step in news["step"])
    steps = [history, *([row] for rows in later for row in rows)]  # one article at a time: each beside its card
    return [
        Item(
            outlet=row["outlet"],
            title=row["title"].format(**days),
            text=row["text"].format(**days),
            link=f"https://{row['outlet']}.example/news/{step}-{number}",
            step=step,
        )
        for step, rows in enumerate(steps)
        for number, row in enumerate(rows)
    ]


def utc_now() -> datetime:
    """The demo's clock."""
    return datetime.now(UTC)
