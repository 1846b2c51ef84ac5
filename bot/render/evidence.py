"""The evidence of each fact, and how an incident came about: messages for /evidence and /why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time

from bot.i18n import translate
from bot.i18n.translate import mark_in, t, tp
from bot.render import discretion, names_in_text, words
from bot.render.card import headline
from bot.render.message import Block, Line, Message, Span, bold, isolated_together, italic, line, link, moment, sentence
from bot.render.severity import severity_reason
from bot.render.stored_values import REASON_UNITS, decision_reason, reason_words
from bot.render.text import break_link, clean
from bot.render.words import Names
from bot.types import Amendment, DecisionRecord, Source, Version
from extract.publishers import packaged_publishers
from extract.track import SourceReliability
from extract.types import Article, ArticleRef, Incident, Place, Quote

QUOTE_UNITS = 220
CONTEXT_UNITS = 70
MOST_QUOTES = 3
MOST_STEPS = 25
AMENDED = {
    "merge": mark_in("by hand", "merged with"),
    "split": mark_in("by hand", "split from"),
    "retract": mark_in("by hand", "taken back"),
}


# words of an alert in the outbox: the reason for a notice, and the states
ALERT_WORDS = (
    mark_in("reason", "about the service"),
    mark_in("alert", "pending"),
    mark_in("alert", "sending"),
    mark_in("alert", "unknown"),
    mark_in("alert", "sent"),
    mark_in("alert", "failed"),
    mark_in("alert", "dropped"),
)


def evidence(
    incident: Incident,
    names: Names,
    texts: Mapping[str, Article] | None = None,
    outlets: Mapping[str, Source] | None = None,
    records: Mapping[str, SourceReliability] | None = None,
    *,
    page: str = "",
) -> Message:
    """Each fact with the quotes it is based on, and the publisher, time and link of each quote.

    With the articles' ``texts`` (by id) a quote is shown within the words around it. ``outlets`` are the sources that
    are read, ``records`` the reliability of sources so far; both by the source's name in articles, in lower case.
    ``page`` is the address of the incident's page, which has the whole record; empty for none.
    """
    lines: list[Line] = []
    for field, told in quotes_of(incident, texts):
        lines += [line(bold(words.label(field))), *told[:MOST_QUOTES]]
    body = Block(tuple(lines), quote=True) if lines else Block((line(t("No quotes are kept for this incident.")),))
    sure = assessment(incident, outlets or {}, records or {})
    head = Block((line(bold(t("Evidence") + " · "), headline(incident, names)), *sure))
    whole = (Block((line(link(t("All of it, with every version and a map"), page)),)),) if page else ()
    return Message((head, body, *whole))


def quotes_of(incident: Incident, texts: Mapping[str, Article] | None = None) -> list[tuple[str, list[Line]]]:
    """Each fact's field, in the order of their labels, and its quotes as lines, each once."""
    articles = {article.id: article for article in incident.articles}
    texts = texts or {}
    hidden = discretion.withheld(incident, [f"{one.title}\n{one.text}" for one in texts.values()])
    texts = {} if discretion.hides_surroundings(incident) else texts
    place = incident.facts.place
    return [
        (field, _distinct(_quote(quote, articles, texts, hidden, place) for quote in quotes))
        for field, quotes in sorted(incident.facts.evidence.items(), key=lambda pair: _order(pair[0]))
    ]


def _distinct(lines: Iterable[Line]) -> list[Line]:
    """The lines without repetitions, which occur if several words of one sentence are evidence."""
    shown: dict[str, Line] = {}
    for one in lines:
        shown.setdefault("".join(span.text for span in one), one)
    return list(shown.values())


def assessment(
    incident: Incident, outlets: Mapping[str, Source], records: Mapping[str, SourceReliability]
) -> list[Line]:
    """The probability in the terms of ICD 203, and its basis: independent sources, quoted officials, the publishers."""
    facts = incident.facts
    basis = [words.independent(incident.origins)]
    basis += [t("people in office are quoted")] if any(claim.official for claim in facts.claims) else []
    disputed = translate.joined(words.in_line(c.field) for c in incident.conflicts)
    basis += [t("accounts differ on {fields}", fields=disputed)] if disputed else []
    lines = [
        line(
            bold(t("How sure: ")),
            translate.joined_clauses((words.likelihood(facts.probability), translate.joined(basis))),
        )
    ]
    publishers: list[Span] = []
    for article in {one.source: one for one in incident.articles}.values():
        more = [
            *words.standing(
                outlets.get(article.source.casefold()), packaged_publishers().find(article.source, article.url)
            ),
            words.reliability(records.get(article.source.casefold(), SourceReliability())),
        ]
        remarks = f" ({translate.joined(part for part in more if part)})" if any(more) else ""
        publishers += [Span(translate.joined(("", "")))] if publishers else []
        publishers.append(Span(translate.isolate(words.outlet(article)) + remarks))
    return [*lines, (bold(t("Told by: ")), *publishers)]


def why(
    incident: Incident,
    versions: Sequence[Version],
    decisions: Sequence[DecisionRecord],
    names: Names,
    amended: Sequence[Amendment] = (),
) -> Message:
    """How the record grew: why it is so severe, each version with its cause, and why each report belongs here."""
    articles = {article.id: article for article in incident.articles}
    steps = [_step(version) for version in versions[-MOST_STEPS:]]
    joined = [_joined(record, articles) for record in decisions[-MOST_STEPS:]]
    return Message(
        (
            Block(
                (
                    line(bold(t("Why") + " · "), headline(incident, names)),
                    line(bold(f"{words.label('severity')}: "), severity_reason(incident, names)),
                    line(bold(t("Versions"))),
                )
            ),
            Block(tuple(steps) or (line(t("none")),), quote=True),
            Block((line(bold(t("Reports, and why they belong here"))),)),
            Block(tuple(joined) or (line(t("none")),), quote=True),
            *_by_hand(amended, incident.id),
        )
    )


def _by_hand(amended: Sequence[Amendment], incident: str) -> tuple[Block, ...]:
    """What administrators did to the record, and whether it was undone."""
    if not amended:
        return ()
    lines = []
    for one in amended:
        partner = one.incident if one.other == incident else one.other
        undone = line(" (", *sentence("undone {at}", at=moment(one.undone)), ")") if one.undone else ()
        what = f" · {tp('by hand', AMENDED[one.action])} {translate.isolate(partner)}".rstrip()
        lines.append(line(moment(one.at), what, *undone))
    return (Block((line(bold(t("By hand"))),)), Block(tuple(lines), quote=True))


def _order(field: str) -> int:
    known = list(words.LABELS)
    return known.index(field) if field in known else len(known)


def _quote(
    quote: Quote,
    articles: dict[str, ArticleRef],
    texts: Mapping[str, Article],
    hidden: frozenset[str],
    place: Place | None,
) -> Line:
    only = next(iter(articles.values())) if len(articles) == 1 else None
    article = articles.get(quote.article) or only
    before, quoted, after = _passage(quote, texts.get(article.id) if article else None, hidden, place)
    before = break_link(before, quoted + after)
    quoted = break_link(before + quoted, after)[len(before) :]
    graphic = discretion.is_graphic(f"{before} {quoted} {after}")
    # the three parts are one sentence of the article: one isolate around all of them
    needs_isolate = translate.needs_isolate(before + quoted + after)
    spans: list[Span] = [
        Span(f"“{before}", spoiler=graphic),
        Span(quoted, bold=True, spoiler=graphic),
        Span(f"{after}”", spoiler=graphic),
    ]
    spans = [*isolated_together(spans), Span(" ")] if needs_isolate else [*spans, Span(" ")]
    if article is not None:
        spans.append(link(words.outlet(article), article.url))
        if article.published is not None:
            spans += [Span(translate.joined(("", ""))), _published(article.published)]
    return tuple(spans)


def _published(at: datetime) -> Span:
    """When an article was published; where only its day is known, which is kept as midnight, that alone."""
    return Span(words.day(at.date())) if at.time() == time() else moment(at)


def _passage(quote: Quote, article: Article | None, names: frozenset[str], place: Place | None) -> tuple[str, str, str]:
    """The words before a quote in its paragraph, the quote, and those after it, without the names that are withheld.

    The quote alone if the text is not at hand or has changed. A name that reaches over the quote's edge belongs to it,
    and no edge cuts a name: half of one would tell who it is.
    """
    whole: str = getattr(article, quote.where) if article else ""
    if whole[quote.start : quote.end] != quote.quote:
        return "", clean(discretion.mask(quote.quote, names, place), QUOTE_UNITS), ""
    first, last = whole.rfind("\n", 0, quote.start) + 1, whole.find("\n", quote.end)
    last = len(whole) if last < 0 else last
    found = discretion.hidden(whole[first:last], names, place)
    hidden = [(begin + first, until + first) for begin, until in found]
    crossing = [one for one in hidden if one[0] < quote.end and one[1] > quote.start]
    start = min([quote.start, *(one[0] for one in crossing)])
    end = max([quote.end, *(one[1] for one in crossing)])
    left, right = max(first, start - CONTEXT_UNITS), min(last, end + CONTEXT_UNITS)
    left = next((one[1] for one in hidden if one[0] < left < one[1]), left)
    right = next((one[0] for one in hidden if one[0] < right < one[1]), right)

    def shown(begin: int, until: int) -> str:
        within = [(one[0] - begin, one[1] - begin) for one in hidden if begin <= one[0] and one[1] <= until]
        return names_in_text.replaced(whole[begin:until], within, discretion.SHOWN_INSTEAD)

    before, after = shown(left, start), shown(end, right)
    uncut_before = before if left == first else before.partition(" ")[2]
    uncut_after = after if right == last else after.rpartition(" ")[0]
    return _spaced(uncut_before, before), clean(shown(start, end), QUOTE_UNITS), _spaced(uncut_after, after)


def _spaced(part: str, whole: str) -> str:
    """The cleaned text, with its outer spaces and an ellipsis where words were left out."""
    lead = " " if part[:1].isspace() else ""
    tail = " " if part[-1:].isspace() else ""
    text = f"{lead}{clean(part)}{tail}"
    if part == whole:
        return text
    return f"…{text}" if whole.endswith(part) else f"{text}…"


def _step(version: Version) -> Line:
    change = version.change
    what = translate.joined(words.in_line(field) for field in change.because) or t("first report")
    action = tp("action", change.action.value) if change.action else t("nobody told")
    return line(f"v{change.version} · ", moment(change.at), f" · {what} · ", italic(action))


def _joined(record: DecisionRecord, articles: dict[str, ArticleRef]) -> Line:
    article = articles.get(record.article)
    who = link(words.outlet(article), article.url) if article else Span(clean(record.article, 40))
    note = f" ({reason_words(record.note, REASON_UNITS)})" if record.note else ""
    decision, reason = tp("decision", record.decision.action), decision_reason(record.decision)
    return line(who, f": {translate.joined((decision, reason))}{note}")
