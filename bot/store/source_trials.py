"""What has a source told on trial, and how much of it did others tell too?"""

from __future__ import annotations

from bot.store.db import Tx
from bot.types import TrialRecord

_TOLD = """
  WITH told AS (
    SELECT DISTINCT m.incident AS id FROM members m WHERE m.article IN (
      SELECT ref FROM articles WHERE source_url = :url AND on_trial = 1))
  SELECT COUNT(*) AS incidents,
    SUM(EXISTS (SELECT 1 FROM members m JOIN articles a ON a.ref = m.article
                WHERE m.incident = told.id AND a.source_url <> :url)) AS shared,
    SUM(EXISTS (SELECT 1 FROM incidents i WHERE i.id = told.id AND i.lifecycle = 'retracted')) AS taken_back
  FROM told"""


def record(tx: Tx, url: str) -> TrialRecord:
    """The record of the source with this address; zeros where it is on no trial."""
    articles = tx.value("SELECT COUNT(DISTINCT ref) FROM articles WHERE source_url = :url AND on_trial = 1", url=url)
    row = tx.row(_TOLD, url=url) or {}
    counted = {name: int(row.get(name) or 0) for name in ("incidents", "shared", "taken_back")}
    return TrialRecord(articles=int(articles), **counted)
