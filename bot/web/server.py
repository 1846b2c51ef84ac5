"""How are feeds and incidents' pages served? Over HTTP on the loopback address; a proxy may show them to others.

``/`` a list, ``/incidents.atom``, ``.cap``, ``.geojson`` and ``.stix`` feeds, each with a filter in its query
(``bot.web.feed_filter``); ``/incident/ID`` a page, with ``/map.png``, ``/cap.xml`` and ``/geo.json`` below it.
Nothing can be changed here, and nothing is asked of outside: who may read is the proxy's business.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from dataclasses import dataclass

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.commands import Services, maps
from bot.errors import StoreError, UsageError
from bot.export import FORMATS, cap
from bot.export.frame import Frame
from bot.i18n import translate
from bot.i18n.translate import ChatLocale, in_locale, t
from bot.incidents import queries
from bot.render import lists
from bot.store import Tx, articles, incidents
from bot.types import Version
from bot.web import feed_filter, feeds, page
from bot.web.feed_filter import FeedFilter, Reader
from bot.web.page import Known
from extract.types import Incident

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
HTML = "text/html"
# texts of a page's articles that are looked through for the words around a quote
MOST_TEXTS = 40
MOST_LISTED = queries.MOST
# requests that are worked on at once; the others wait
AT_ONCE = 4
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
    "Vary": "Accept-Language",
}


async def serve(services: Services, port: int, url: str, stop: asyncio.Event) -> None:
    """Answer on the loopback address until ``stop`` is set; ``url`` is where others reach this, empty for nowhere.

    Raises:
        OSError: the port is taken.
    """
    runner = web.AppRunner(application(services, port, url), access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        log.info("feeds and pages", extra={"port": port})
        await stop.wait()
    finally:
        await runner.cleanup()


def application(services: Services, port: int, url: str) -> web.Application:
    """The routes; ``url`` and ``port`` are as in ``serve``."""
    site = _Site(services=services, public=url.rstrip("/"), base=url.rstrip("/") or f"http://{HOST}:{port}")
    app = web.Application(middlewares=[_careful(asyncio.Semaphore(AT_ONCE))])
    app.add_routes(
        [
            web.get("/", site.index),
            *(web.get(f"/{name}", site.feed(name)) for name in feeds.FEEDS),
            web.get("/incident/{id}", site.page),
            web.get("/incident/{id}/map.png", site.picture),
            web.get("/incident/{id}/cap.xml", site.cap),
            web.get("/incident/{id}/geo.json", site.geojson),
        ]
    )
    return app


@dataclass(frozen=True, kw_only=True)
class _Site:
    """Answers requests. ``base`` is the beginning of all addresses in feeds, ``public`` the same or empty."""

    services: Services
    public: str
    base: str

    def feed(self, name: str) -> Handler:
        """The handler of a feed."""
        form = feeds.FEEDS[name]

        async def answer(request: web.Request) -> web.StreamResponse:
            try:
                wanted = await asyncio.to_thread(self._wanted, request)
            except UsageError as error:
                return web.Response(text=f"{error}\n", status=400, headers=_HEADERS)
            found = await self._load(wanted, form)
            address = f"{self.base}/{name}" + (f"?{wanted.asked}" if wanted.asked else "")
            pages = f"{self.base}/incident/"
            body = await asyncio.to_thread(
                feeds.document, found, form, wanted, self.services.names, address=address, pages=pages
            )
            return _answer(request, body, FORMATS[form].media_type)

        return answer

    async def index(self, request: web.Request) -> web.StreamResponse:
        """The newest incidents as a page, with the same filters as the feeds."""
        with in_locale(_locale(request)):
            try:
                wanted = await asyncio.to_thread(self._wanted, request)
            except UsageError as error:
                return _page(request, page.error_page(str(error)), status=400)
            found = await self._load(wanted)
            said = "; ".join(lists.subscription(one, self.services.names) for one in wanted.filters)
            query = f"?{wanted.asked}" if wanted.asked else ""
            body = await asyncio.to_thread(
                page.list_page, found.found[:MOST_LISTED], self.services.names, said=said, query=query
            )
            return _page(request, body)

    async def page(self, request: web.Request) -> web.StreamResponse:
        """An incident's page, in the language that the browser asks for."""
        with in_locale(_locale(request)):
            incident = await self._incident(request, "{id}")
            known = await self.services.store.read(_known, incident)
            exact = await asyncio.to_thread(maps.precision, self.services, incident)
            body = await asyncio.to_thread(
                page.incident_page,
                known,
                self.services.names,
                address=f"{self.public}/incident/{incident.id}" if self.public else "",
                picture=f"{incident.id}/map.png" if exact and not page.is_taken_back(incident) else "",
                exact=exact,
            )
            return _page(request, body)

    async def picture(self, request: web.Request) -> web.StreamResponse:
        """The map of an incident, as it is sent to chats."""
        with in_locale(_locale(request)):
            incident = await self._incident(request, "../{id}/map.png")
            drawn = await maps.automatic_map(self.services)(incident.id, 0, 0)
            if drawn is None or drawn.file is None:
                raise _missing(request, t(maps.NOWHERE))
            return _answer(request, drawn.file.body, "image/png")

    async def cap(self, request: web.Request) -> web.StreamResponse:
        """An incident as a CAP message."""
        incident = await self._incident(request, "../{id}/cap.xml")
        return _answer(request, cap.document(incident, await self._frame(incident)), "application/cap+xml")

    async def geojson(self, request: web.Request) -> web.StreamResponse:
        """An incident as GeoJSON."""
        incident = await self._incident(request, "../{id}/geo.json")
        form = FORMATS["geojson"]
        return _answer(request, form.write([incident], await self._frame(incident)), form.media_type)

    async def _frame(self, incident: Incident) -> Frame:
        made = await self.services.store.read(incidents.version_times, [incident.id])
        return Frame(pages=f"{self.base}/incident/", made=made)

    async def _incident(self, request: web.Request, elsewhere: str) -> Incident:
        """The incident that an address names.

        Raises:
            _Missing: there is none.
            HTTPFound: it was merged into another one; ``elsewhere`` is that one's address, from this one.
        """
        name = request.match_info["id"]
        known = await self.services.store.read(incidents.resolve, name)
        if known is None:
            raise _missing(request, t("There is no such incident."))
        if known.id != name:
            query = f"?{request.rel_url.raw_query_string}" if request.rel_url.raw_query_string else ""
            raise web.HTTPFound(elsewhere.format(id=known.id) + query, headers=_HEADERS)
        return known

    def _wanted(self, request: web.Request) -> FeedFilter:
        services = self.services
        reader = Reader(
            kinds=services.kinds, places=services.places, contains=services.contains, extent=services.extent
        )
        query = ((name, value) for name, value in request.query.items() if name != "lang")
        return feed_filter.read(query, reader, services.clock())

    async def _load(self, wanted: FeedFilter, form: str = "") -> feeds.Feed:
        services = self.services
        return await services.store.read(
            feeds.load, wanted, contains=services.contains, now=services.clock(), form=form
        )


def _known(tx: Tx, incident: Incident) -> Known:
    texts = articles.texts(tx, [article.id for article in incident.articles[:MOST_TEXTS]])
    versions: list[Version] = incidents.versions(tx, incident.id)
    return Known(incident=incident, versions=tuple(versions), texts=texts)


def _locale(request: web.Request) -> ChatLocale:
    """The language that ``?lang=`` or the browser asks for, as far as there are texts in it; times are in UTC."""
    asked = [request.query.get("lang", "")]
    weighed: list[tuple[float, int, str]] = []
    for number, part in enumerate(request.headers.get("Accept-Language", "")[:200].split(",")):
        tag, _, weight = part.partition(";")
        try:
            weighed.append((-float(weight.strip().removeprefix("q=") or 1), number, tag.strip()))
        except ValueError:
            continue
    asked += [tag for weight, _, tag in sorted(weighed) if weight < 0]
    code = next((code for tag in asked if (code := translate.nearest(tag))), "")
    return ChatLocale(translate.language(code))


def _answer(request: web.Request, body: bytes, media_type: str, *, status: int = 200) -> web.Response:
    """An answer with an ETag of its bytes; 304 without them where the caller has these already."""
    etag = hashlib.blake2s(body, digest_size=16).hexdigest()
    headers = {**_HEADERS, "ETag": f'"{etag}"', "Content-Type": media_type}
    asked = request.if_none_match or ()
    if status == 200 and any(one.value in (etag, "*") for one in asked):
        return web.Response(status=304, headers={**_HEADERS, "ETag": f'"{etag}"'})
    if media_type.startswith("text/"):
        headers["Content-Type"] = f"{media_type}; charset=utf-8"
    return web.Response(body=body, status=status, headers=headers)


def _page(request: web.Request, body: bytes, *, status: int = 200) -> web.Response:
    made = _answer(request, body, HTML, status=status)
    made.headers["Content-Security-Policy"] = page.content_security_policy()
    made.headers["Content-Language"] = translate.current().language.code
    return made


class _Missing(Exception):
    """An address names nothing; with the page that says so."""

    def __init__(self, answer: web.Response) -> None:
        super().__init__()
        self.answer = answer


def _missing(request: web.Request, said: str) -> _Missing:
    return _Missing(_page(request, page.error_page(said), status=404))


def _careful(slots: asyncio.Semaphore) -> Middleware:
    """A few requests at a time; what goes wrong with one is logged, and its answer tells nothing of the inside."""

    @web.middleware
    async def answer(request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            async with slots:
                return await handler(request)
        except _Missing as missing:
            return missing.answer
        except web.HTTPException:
            raise
        except StoreError as error:
            log.error("no page", extra={"why": str(error)})
            return web.Response(text="the database can't be read\n", status=503, headers=_HEADERS)
        except Exception:
            log.exception("a page can't be made", extra={"path": request.path[:100]})
            return web.Response(text="an error; the log has it\n", status=500, headers=_HEADERS)

    return answer
