"""Why did an article or an incident become what it is?"""

from __future__ import annotations

from bot.store import Tx, amendments, articles, incidents, pruning
from bot.types import Amendment, DecisionRecord, StoredArticle, Version
from extract.types import Extraction, Frozen, Incident


class Explanation(Frozen, frozen=True, kw_only=True):
    """Why an article or an incident became what it is; parts that don't exist are None or empty."""

    article: StoredArticle | None = None
    extraction: Extraction | None = None
    decisions: tuple[DecisionRecord, ...] = ()
    incident: Incident | None = None
    versions: tuple[Version, ...] = ()
    amendments: tuple[Amendment, ...] = ()


def explain(tx: Tx, name: str) -> Explanation:
    """Why the article or incident of this id became what it is; empty if there is none."""
    incident = incidents.get(tx, name)
    if incident is not None:
        return Explanation(
            incident=incident,
            versions=tuple(incidents.versions(tx, name)),
            decisions=tuple(incidents.decisions(tx, incident=name)),
            amendments=tuple(amendments.of(tx, name)),
        )
    stored = articles.get(tx, name)
    if stored is None:
        return Explanation()
    ref = stored.article.id
    return Explanation(
        article=stored,
        extraction=articles.extraction(tx, ref) or pruning.extraction(tx, stored.article),
        decisions=tuple(incidents.decisions(tx, article=ref)),
    )
