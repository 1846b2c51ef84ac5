"""What does a browser show of an incident? One page of plain HTML: facts, quotes, map, articles, versions.

Everything that is shown is made by the functions that make messages, so that a page withholds the same names as a chat.
The template escapes all of it; what others wrote is text or the address of a link, never markup.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

from bot.i18n import translate
from bot.i18n.translate import t, tp
from bot.render import evidence, people, update, words
from bot.render.card import TAKEN_BACK, act, first_reported, headline, notice_line, title_link
from bot.render.message import Line, Span, foreign, line, link, moment
from bot.render.severity import severity_reason
from bot.render.text import isolated
from bot.render.words import Names
from bot.types import Version
from extract.types import Article, ArticleRef, CountState, Frozen, Incident, Lifecycle

TEMPLATES = Path(__file__).parent / "templates"
MOST_VERSIONS = 100
MOST_QUOTES = 6


class Row(Frozen, frozen=True):
    """A label and what is said under it."""

    label: str
    lines: tuple[Line, ...]


class Step(Frozen, frozen=True, kw_only=True):
    """A version of the record: when it was made, what was known with it, and what it changed."""

    number: int
    at: Line
    what: str
    changes: tuple[Line, ...]


class Known(Frozen, frozen=True, kw_only=True):
    """What a page is made from: the newest version, all versions, and the texts of its articles by their ids."""

    incident: Incident
    versions: tuple[Version, ...]
    texts: dict[str, Article]


def incident_page(known: Known, names: Names, *, address: str, picture: str, exact: str) -> bytes:
    """The page in the current language.

    ``address`` is the page's own where it has one that others can open. ``picture`` is the address of the map from the
    page, empty where there is none, and ``exact`` says how precisely the place is known.
    """
    incident = known.incident
    return _render(
        "incident.html",
        title=headline(incident, names),
        level=tp("head", "RETRACTED") if is_taken_back(incident) else words.severity(incident.facts.severity),
        where=names.place(incident.facts.place),
        what=act(incident, names),
        severity=incident.facts.severity.value,
        incident=incident,
        taken_back=t(TAKEN_BACK) if is_taken_back(incident) else "",
        notices=[notice_line(notice, incident) for notice in incident.notices],
        facts=[*_facts(incident, names), *map(_row, evidence.assessment(incident, {}, {}))],
        quotes=[Row(words.label(field), tuple(told)) for field, told in _quotes(known)],
        articles=[_article(one, incident) for one in reversed(incident.articles)],
        steps=[_step(one, names) for one in reversed(known.versions[-MOST_VERSIONS:])],
        last=(moment(incident.last_seen),),
        address=address,
        picture=picture,
        exact=exact,
    )


def list_page(found: Sequence[Incident], names: Names, *, said: str, query: str) -> bytes:
    """A list of incidents in the current language; ``said`` is the filter in words, ``query`` the address's."""
    shown = [(one, headline(one, names), (moment(one.last_seen),)) for one in found]
    return _render("incidents.html", title=t("Incidents"), said=said, query=query, found=shown)


def error_page(said: str) -> bytes:
    """A page that says what is wrong with the address."""
    return _render("error.html", title=said)


def is_taken_back(incident: Incident) -> bool:
    """Was the incident retracted?"""
    return incident.lifecycle is Lifecycle.RETRACTED


@cache
def content_security_policy() -> str:
    """What a page may load: its own style, by its digest, and pictures from here. No scripts, forms or frames."""
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    allowed = f"style-src 'sha256-{digest}'; img-src 'self'"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"


def _facts(incident: Incident, names: Names) -> list[Row]:
    """What is known, each fact once; what nobody has told yet is left out, and never zero."""
    facts = incident.facts
    rows = [(words.label("kind"), names.kind(facts.kind))]
    rows += [(words.label("place"), names.long_place(facts.place) if facts.place else t(words.NOWHERE))]
    rows += [(words.label("when"), words.when(facts.when) or first_reported(incident))]
    told = dict(people.number_lines(incident))
    for field in people.TOLL:
        count = getattr(facts, field)
        if count.state is CountState.COUNTED and words.label(field) not in told:
            rows.append((words.label(field), words.count(count)))
    rows += told.items()
    rows += [(words.label("magnitude"), translate.number(facts.magnitude))] if facts.magnitude is not None else []
    rows += [(words.label("status"), said)] if (said := words.status(facts.status)) else []
    rows += [(words.label("responsibility"), said)] if (said := words.responsibility(facts)) else []
    rows += [(words.label("denied"), said)] if (said := words.denied(incident)) else []
    rows += [(words.label("severity"), severity_reason(incident, names))]
    rows += [(words.label("lifecycle"), said)] if (said := words.lifecycle(incident)) else []
    return [Row(label, (line(said),)) for label, said in rows]


def _row(labelled: Line) -> Row:
    """A line that begins with its label in bold, "How sure: ", as a row."""
    return Row(labelled[0].text.strip().rstrip(":"), (labelled[1:],))


def _quotes(known: Known) -> list[tuple[str, list[Line]]]:
    return [(field, told[:MOST_QUOTES]) for field, told in evidence.quotes_of(known.incident, known.texts)]


def _article(article: ArticleRef, incident: Incident) -> tuple[Line, Line]:
    """An article's title as a link, and its publisher and time; without a title that can be quoted the publisher."""
    outlet = words.outlet(article)
    title = title_link(article, incident)
    at = [Span(" · "), moment(article.published)] if article.published is not None else []
    if title is None:
        return (link(outlet, article.url),), (*at[1:],)
    return (title,), (foreign(outlet), *at)


def _step(version: Version, names: Names) -> Step:
    change, incident = version.change, version.incident
    because = translate.joined(words.label(field) for field in change.because)
    changed = update.changes(change, names) if incident.version > 1 else []
    return Step(
        number=incident.version,
        at=(moment(change.at),),
        what=words.label("first_report") if incident.version == 1 else because or tp("head", "UPDATE").capitalize(),
        changes=tuple(changed) or (line(headline(incident, names)),),
    )


# ------------------------------------------------------------------ the template


def _render(name: str, **values: Any) -> bytes:
    language = translate.current().language
    made = _environment().get_template(name)
    return made.render(
        **values,
        says=_says(),
        lang=language.code,
        direction="rtl" if language.is_rtl else "ltr",
        style=_style(),
    ).encode("utf-8", "replace")


def _says() -> dict[str, str]:
    """The texts of the templates, in the current language."""
    return {
        "last": t("Last report:"),
        "known": t("What is known"),
        "map": t("Map"),
        "evidence": t("Evidence"),
        "articles": t("Articles"),
        "versions": t("Versions"),
        "all": t("All incidents"),
        "nothing": t("Nothing is known about that."),
        "footer": t("Put together by rules from what news outlets report. It can be late or wrong: read the articles."),
    }


@cache
def _environment() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    made.globals |= {"isolated": isolated, "iso": _iso}
    return made


@cache
def _style() -> str:
    return (TEMPLATES / "page.css").read_text("utf-8")


def _iso(unix: int) -> str:
    return datetime.fromtimestamp(unix, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
