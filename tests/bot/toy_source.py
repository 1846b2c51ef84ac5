"""The smallest kind of source: a notice board, one article per line, "id|title|text"."""

from bot.errors import ChatError
from bot.sources.kinds import SourceKind
from bot.types import Source
from extract.types import Article, ParsedFeed


async def fetch(access, state):
    return await access.fetch(state.fetch_url)


async def parse(access, result, source=None):
    lines = [line.split("|") for line in result.body.decode().splitlines()]
    found = tuple(Article(id=line[0], title=line[1], text=line[2]) for line in lines if len(line) == 3)
    return ParsedFeed(articles=found, problems=() if found else ("there is nothing on it",))


async def identify(access, url):
    found = await parse(access, await access.fetch(url))
    if not found.articles:
        raise ChatError("That board is empty.")
    return Source(url=url, name="Notice board", lang="eo")


KIND = SourceKind(
    noun="notice board",
    fetch=fetch,
    parse=parse,
    recognises=lambda url: url.endswith(".board"),
    identify=identify,
)
