"""Where each fact comes from, and why an incident became what it is."""

from __future__ import annotations

from collections.abc import Sequence

from bot.render import words
from bot.render.card import headline
from bot.render.message import Block, Line, Message, Span, bold, italic, line, link
from bot.render.text import clean
from bot.render.words import Names
from bot.types import DecisionRecord, Version
from extract.types import ArticleRef, Incident, Quote

QUOTE_UNITS = 220
MOST_QUOTES = 3
MOST_STEPS = 25


def evidence(incident: Incident, names: Names) -> Message:
    """Each fact with the words it rests on, the outlet, the time and a link."""
    articles = {article.id: article for article in incident.articles}
    lines: list[Line] = []
    for field, quotes in sorted(incident.facts.evidence.items(), key=lambda pair: _order(pair[0])):
        lines.append(line(bold(words.label(field))))
        lines += [_quote(quote, articles, incident) for quote in quotes[:MOST_QUOTES]]
    body = Block(tuple(lines), quote=True) if lines else Block((line("No quotes are kept for this incident."),))
    return Message((Block((line(bold("Evidence · "), headline(incident, names)),)), body))


def why(incident: Incident, versions: Sequence[Version], decisions: Sequence[DecisionRecord], names: Names) -> Message:
    """How the record grew: each version with what made it, and each report with why it belongs here."""
    articles = {article.id: article for article in incident.articles}
    steps = [_step(version) for version in versions[-MOST_STEPS:]]
    joined = [_joined(record, articles) for record in decisions[-MOST_STEPS:]]
    return Message(
        (
            Block((line(bold("Why · "), headline(incident, names)), line(bold("Versions")))),
            Block(tuple(steps) or (line("none"),), quote=True),
            Block((line(bold("Reports, and why they belong here")),)),
            Block(tuple(joined) or (line("none"),), quote=True),
        )
    )


def _order(field: str) -> int:
    known = list(words.LABELS)
    return known.index(field) if field in known else len(known)


def _quote(quote: Quote, articles: dict[str, ArticleRef], incident: Incident) -> Line:
    article = articles.get(quote.article) or (incident.articles[0] if len(incident.articles) == 1 else None)
    spans: list[Span] = [Span(f"“{clean(quote.quote, QUOTE_UNITS)}” ")]
    if article is not None:
        at = f", {words.clock(article.published)}" if article.published else ""
        spans += [link(words.outlet(article), article.url), Span(at)]
    return tuple(spans)


def _step(version: Version) -> Line:
    change = version.change
    what = ", ".join(words.label(field).lower() for field in change.because) or "first report"
    told = change.action.value if change.action else "nobody told"
    return line(f"v{change.version} · {words.clock(change.at)} · {what} · ", italic(told))


def _joined(record: DecisionRecord, articles: dict[str, ArticleRef]) -> Line:
    article = articles.get(record.article)
    who = link(words.outlet(article), article.url) if article else Span(clean(record.article, 40))
    note = f" ({record.note})" if record.note else ""
    return line(who, f": {record.decision.action}, {clean(record.decision.reason, 160)}{note}")
