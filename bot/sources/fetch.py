"""What is the document at a URL? One polite request with limits, to the public internet only; a failure is a value.

With ``address_guard`` and ``post`` the only module that opens connections for content. Every hop is checked as written
and as resolved. Redirects are followed here, not by aiohttp, and bodies are decompressed here, up to a limit.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import threading
import zlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

import aiohttp
import msgspec
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.config import Fetch
from bot.errors import BlockedAddress, FetchFailed
from bot.sources import address_guard
from bot.sources.freshness import fresh_for
from bot.sources.refresh import refresh_target
from bot.types import FetchResult

log = logging.getLogger(__name__)

MAX_HOPS = 5
CONNECT_SECONDS = 10.0
# seconds between two requests to one host
GAP_SECONDS = 1.0
_PERMANENT = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.5"
)
_CHUNK = 64 * 1024
# how a complete document of any format ends; needed where the server doesn't say how long it is
_ENDS = (b">", b"}")


class Fetcher:
    """Fetches documents: at most ``[fetch] concurrency`` at once, and one at a time from each host.

    ``resolver`` resolves host names, the system's by default; ``gap`` is in seconds.
    """

    def __init__(self, settings: Fetch, *, resolver: AbstractResolver | None = None, gap: float = GAP_SECONDS) -> None:
        self._settings = settings
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None
        self._slots = asyncio.Semaphore(settings.concurrency)
        self._rate = HostRate(gap)

    async def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> FetchResult:
        """The document at a URL, or why there is none. With validators of an earlier fetch the answer may be a 304."""
        headers = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        hops = _Hops(url=url)
        try:
            while True:
                result = await self._hop(hops, {name: value for name, value in headers.items() if value})
                if result is not None:
                    return result
        except (BlockedAddress, FetchFailed) as error:
            return FetchResult(url=hops.url, status=hops.status, error=str(error))
        except TimeoutError:
            return FetchResult(url=hops.url, error=f"no answer within {self._settings.timeout:g} s")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return FetchResult(url=hops.url, error=_sentence(error))

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _hop(self, hops: _Hops, headers: Mapping[str, str]) -> FetchResult | None:
        """One request; None where it was redirected."""
        target = address_guard.check(hops.url, self._settings.allow_hosts)
        address = same_target(hops.url, target)
        async with (
            self._rate.turn(target),
            self._slots,
            hops.limit(self._settings.timeout),
            self._opened().get(address, headers={**headers, **hops.cookies()}, allow_redirects=False) as response,
        ):
            hops.status = response.status
            hops.jar.update_cookies(response.cookies, address)
            if response.status in _REDIRECTS and "Location" in response.headers:
                hops.follow(response.headers["Location"])
                return None
            result = await self._read(response, hops)
            if result.error or not (target_url := refresh_target(result.body)):
                return result
            if hops.would_circle(target_url):  # a page that only loads itself again
                return result
            hops.follow(target_url)
            return None

    async def _read(self, response: aiohttp.ClientResponse, hops: _Hops) -> FetchResult:
        result = FetchResult(
            url=hops.url,
            status=response.status,
            content_type=response.headers.get("Content-Type", ""),
            etag=response.headers.get("ETag", ""),
            last_modified=response.headers.get("Last-Modified", ""),
            retry_after=retry_after(response.headers),
            fresh_for=fresh_for(response.headers),
            moved_to=hops.url if hops.count and hops.is_permanent else "",
        )
        if response.status == 304:
            return result
        if response.status not in (200, 203):
            return _with(result, error=_refusal(response.status))
        body = await self._body(response)
        return _with(result, body=body, error="" if body.strip() else "an empty document")

    async def _body(self, response: aiohttp.ClientResponse) -> bytes:
        """The whole body, decompressed; a truncated body is a failure, never a shorter document.

        Raises:
            FetchFailed: too large, in an unknown content encoding, truncated, or damaged.
        """
        limit = self._settings.max_bytes
        raw = bytearray()
        async for part in response.content.iter_chunked(_CHUNK):
            raw += part
            if len(raw) > limit:
                raise FetchFailed(f"larger than {limit} bytes")
        encoding = response.headers.get("Content-Encoding", "identity").strip().lower()
        if encoding not in ("", "identity"):
            return await asyncio.to_thread(_decompressed, bytes(raw), encoding, limit)
        states_length = "Content-Length" in response.headers or "Transfer-Encoding" in response.headers
        if not states_length and raw.rstrip() and not raw.rstrip().endswith(_ENDS):
            raise FetchFailed("cut off in the middle")
        return bytes(raw)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=guarded_connector(self._settings.allow_hosts, self._resolver),
                auto_decompress=False,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={
                    "User-Agent": self._settings.user_agent,
                    "Accept": _ACCEPT,
                    "Accept-Encoding": "gzip, deflate",
                },
                timeout=aiohttp.ClientTimeout(total=self._settings.timeout, sock_connect=CONNECT_SECONDS),
                trust_env=False,
            )
        return self._session


def guarded_connector(allow_hosts: tuple[str, ...], resolver: AbstractResolver | None = None) -> aiohttp.TCPConnector:
    """Connects to public addresses only, and to ``allow_hosts``; needs a running loop."""
    names = _GuardedResolver(allow_hosts, resolver or _SystemResolver())
    return aiohttp.TCPConnector(
        resolver=names, use_dns_cache=False, socket_factory=names.open_socket, limit=0, force_close=True
    )


def retry_after(headers: Mapping[str, str]) -> float | None:
    """How many seconds a server asks to wait (Retry-After), None where it doesn't; a date counts from its own clock."""
    value = headers.get("Retry-After", "").strip()
    if value.isdigit() and len(value) < 10:
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - parsedate_to_datetime(headers["Date"])).total_seconds())
    except (KeyError, TypeError, ValueError):
        return None


@dataclass(kw_only=True)
class _Hops:
    """A request and its redirects so far. ``count`` is how many there were; ``spent`` is in seconds.

    ``jar`` has the cookies that were set on the way: they are sent on to the hosts that they are for, and forgotten.
    ``sent`` is the cookies of the last request.
    """

    url: str
    status: int = 0
    count: int = 0
    is_permanent: bool = True
    seen: set[tuple[str, str]] = field(default_factory=set)
    spent: float = 0.0
    sent: str = ""
    jar: aiohttp.CookieJar = field(default_factory=lambda: aiohttp.CookieJar(unsafe=True))

    def cookies(self) -> dict[str, str]:
        """The header that sends the cookies for the address; none where there are none."""
        value = self.sent = self._cookies_for(self.url)
        return {"Cookie": value} if value else {}

    def would_circle(self, location: str) -> bool:
        """Is the target of a redirect one that was visited before, with the same cookies?"""
        url = self._joined(location)
        return (url, self._cookies_for(url)) in {*self.seen, (self.url, self.sent)}

    def _cookies_for(self, url: str) -> str:
        found = self.jar.filter_cookies(URL(url))
        return "; ".join(f"{one.key}={one.coded_value}" for one in found.values())

    def _joined(self, location: str) -> str:
        return urljoin(self.url, location).partition("#")[0]

    @contextlib.asynccontextmanager
    async def limit(self, seconds: float) -> AsyncIterator[None]:
        """Limits the time of all hops together; waiting for a turn doesn't count.

        Raises:
            TimeoutError: the time is over.
        """
        clock = asyncio.get_running_loop().time
        began = clock()
        async with asyncio.timeout(seconds - self.spent):
            yield
        self.spent += clock() - began

    def follow(self, location: str) -> None:
        """Continue at the target of a redirect.

        Raises:
            FetchFailed: it was visited before, or there were too many redirects.
        """
        self.seen.add((self.url, self.sent))
        self.count += 1
        self.is_permanent = self.is_permanent and self.status in _PERMANENT
        self.url = self._joined(location)
        if (self.url, self._cookies_for(self.url)) in self.seen:
            raise FetchFailed("redirects in a circle")
        if self.count > MAX_HOPS:
            raise FetchFailed(f"more than {MAX_HOPS} redirects")


class HostRate:
    """One request at a time to each host, and ``gap`` seconds between two. Hosts of ``allow_hosts`` have no limit."""

    def __init__(self, gap: float) -> None:
        self._gap = gap
        self._locks: dict[str, asyncio.Lock] = {}
        self._last: dict[str, float] = {}

    @contextlib.asynccontextmanager
    async def turn(self, target: address_guard.Target) -> AsyncIterator[None]:
        """Waits until a request to the host may be made; the next one waits for its end."""
        if target.is_allowed:
            yield
            return
        clock: Callable[[], float] = asyncio.get_running_loop().time
        async with self._locks.setdefault(target.host, asyncio.Lock()):
            rest = self._last.get(target.host, clock() - self._gap) + self._gap - clock()
            if rest > 0:
                await asyncio.sleep(rest)
            try:
                yield
            finally:
                self._last[target.host] = clock()


class _GuardedResolver(AbstractResolver):
    """Resolves a name once and blocks addresses that are not public; the connection is made to what it returns."""

    def __init__(self, allow_hosts: tuple[str, ...], inner: AbstractResolver) -> None:
        self._allow_hosts = allow_hosts
        self._inner = inner
        # private addresses that open_socket may connect to
        self._allowed = set(allow_hosts)

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        answers = await self._inner.resolve(host, port, family)
        target = address_guard.check(f"http://{host}/", self._allow_hosts)
        address_guard.judge_answer(target, (answer["host"] for answer in answers))
        if target.is_allowed:
            self._allowed |= {answer["host"] for answer in answers}
        return answers

    def open_socket(self, info: tuple[int, int, int, str, tuple[object, ...]]) -> socket.socket:
        """A socket for the connection to an IP address; the last check, on the address itself."""
        family, kind, protocol, _, address = info
        host = str(address[0])
        if host not in self._allowed:
            address_guard.judge_answer(address_guard.Target(scheme="http", host=host, port=0), (host,))
        return socket.socket(family, kind, protocol)

    async def close(self) -> None:
        await self._inner.close()


class _SystemResolver(AbstractResolver):
    """The system's resolver, each call in its own thread: one that hangs delays neither other work nor the stop."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[list[ResolveResult]] = loop.create_future()

        def deliver(found: list[ResolveResult], error: OSError | None) -> None:
            if answer.done():  # the caller has given up
                return
            if error is None:
                answer.set_result(found)
            else:
                answer.set_exception(error)

        def look_up() -> None:
            found: list[ResolveResult] = []
            failure: OSError | None = None
            try:
                found = _addresses(host, port, family)
            except OSError as error:
                failure = error
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(deliver, found, failure)

        threading.Thread(target=look_up, name="resolve", daemon=True).start()
        return await answer

    async def close(self) -> None:
        """Nothing to close."""


def _addresses(host: str, port: int, family: socket.AddressFamily) -> list[ResolveResult]:
    try:
        answers = socket.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a label that is empty or too long
        raise OSError("no host name") from error
    return [
        ResolveResult(hostname=host, host=str(address[0]), port=port, family=kind, proto=protocol, flags=0)
        for kind, _, protocol, _, address in answers
    ]


def same_target(url: str, target: address_guard.Target) -> URL:
    """The URL as aiohttp parses it.

    Raises:
        BlockedAddress: aiohttp would connect to another host or port than the guard has checked.
    """
    address = URL(url)
    if (address.raw_host or "").rstrip(".") != target.host or address.port != target.port:
        raise BlockedAddress("the address can be read in two ways")
    return address


def _decompressed(raw: bytes, encoding: str, limit: int) -> bytes:
    if encoding not in ("gzip", "x-gzip", "deflate"):
        raise FetchFailed(f"packed as {encoding[:20]}, which we don't read")
    # servers send deflate with and without zlib's header
    bits = (zlib.MAX_WBITS | 32,) if encoding != "deflate" else (zlib.MAX_WBITS, -zlib.MAX_WBITS)
    for wbits in bits:
        decompressor = zlib.decompressobj(wbits)
        try:
            body = decompressor.decompress(raw, limit + 1)
        except zlib.error:
            continue
        if len(body) > limit:
            raise FetchFailed(f"larger than {limit} bytes")
        if not decompressor.eof:
            raise FetchFailed("cut off in the middle")
        return body
    raise FetchFailed(f"damaged {encoding} data")


def _refusal(status: int) -> str:
    known = {401: "asks for a password", 403: "forbidden", 404: "not found", 410: "gone for good", 429: "asks for rest"}
    return f"HTTP {status}: {known.get(status, 'the server has a problem' if status >= 500 else 'no document')}"


def _sentence(error: Exception) -> str:
    match error:
        case aiohttp.ClientConnectorDNSError():
            return "the host name is not known"
        case aiohttp.ClientPayloadError():
            return "cut off in the middle"
        case aiohttp.ClientSSLError():
            return "no valid certificate"
        case _:
            return (str(error) or type(error).__name__)[:300]


def _with(result: FetchResult, *, body: bytes = b"", error: str = "") -> FetchResult:
    return msgspec.structs.replace(result, body=body, error=error)
