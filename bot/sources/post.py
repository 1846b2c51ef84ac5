"""How is a document posted to an address? With the same guard as fetching; a failure is a value, as an answer is."""

from __future__ import annotations

import aiohttp
from aiohttp.abc import AbstractResolver

from bot.errors import BlockedAddress
from bot.sources import address_guard
from bot.sources.fetch import guarded_connector, retry_after, same_target
from bot.types import Posted

TIMEOUT_SECONDS = 15.0


class Poster:
    """Posts JSON to public addresses, and to those of ``allow_hosts`` though they are private; follows no redirect."""

    def __init__(
        self, user_agent: str, allow_hosts: tuple[str, ...] = (), *, resolver: AbstractResolver | None = None
    ) -> None:
        self._user_agent = user_agent
        self._allow_hosts = allow_hosts
        self._resolver = resolver
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: str, body: bytes, headers: dict[str, str]) -> Posted:
        """The answer to a post, or why there is none; what the answer says beside its status is not read."""
        try:
            target = address_guard.check(url, self._allow_hosts)
            address = same_target(url, target)
            sent = {**headers, "Content-Type": "application/json"}
            async with self._opened().post(address, data=body, headers=sent, allow_redirects=False) as response:
                return Posted(status=response.status, retry_after=retry_after(response.headers))
        except BlockedAddress as error:
            return Posted(error=str(error))
        except TimeoutError:
            return Posted(error=f"no answer within {TIMEOUT_SECONDS:g} s")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Posted(error=" ".join(str(error).split())[:200] or type(error).__name__)

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=guarded_connector(self._allow_hosts, self._resolver),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": self._user_agent},
                timeout=aiohttp.ClientTimeout(total=TIMEOUT_SECONDS),
                trust_env=False,
            )
        return self._session
