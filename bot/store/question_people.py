"""Which incidents name a person, hit people of some sort, or tell of people freed or arrested?"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.store.db import Tx
from extract.ask import Hit, NamePart
from extract.types import Frozen

HITS = "incident_hits"
# at most so many incidents are read in their articles
MOST_READ = 400
_HARM = ("killed", "injured", "kidnapped")
# what the articles must contain so that it is worth reading them for people freed or arrested
TOLD = {
    "freed": "freed OR released OR rescued OR liberated OR frees OR releases OR rescues OR free OR regained",
    "arrested": "arrest* OR detain* OR apprehended OR custody OR rounded",
}


class Readers(Frozen, frozen=True, kw_only=True):
    """What a language can read in an article.

    ``names_person`` (text, name, part of it), ``tells_hit`` (text, whom), ``people_in`` (text, freed or arrested).
    """

    names_person: Callable[[str, str, NamePart], bool] = lambda _text, _name, _part: True
    tells_hit: Callable[[str, Hit], bool] = lambda _text, _hit: False
    people_in: Callable[[str, str], int | None] = lambda _text, _effect: None


def quoted(words: str) -> str:
    """The words as one quoted FTS5 phrase, so that FTS5's operators in them mean nothing."""
    return '"' + " ".join("".join(c if c.isalnum() else " " for c in words).split()) + '"'


def named(tx: Tx, name: str, part: NamePart, readers: Readers) -> list[int]:
    """The incidents with an article that names a person so; ``part``: first or last name."""
    rows = tx.rows(
        """SELECT DISTINCT f.num, w.title, w.text FROM article_words w JOIN articles a ON a.num = w.rowid
           JOIN members m ON m.article = a.ref JOIN incident_facts f ON f.id = m.incident
           WHERE w.article_words MATCH :name""",
        name=quoted(name),
    )
    return sorted({row["num"] for row in rows if readers.names_person(f"{row['title']}\n{row['text']}", name, part)})


def hit(tx: Tx, one: Hit, among: str, params: dict[str, object], tells: Callable[[str, Hit], bool]) -> list[int]:
    """The incidents in which such people were hit, by their records; else, of those ``among``, by their articles."""
    words = " OR ".join(_prefix(word) for word in one.words)
    harm = {"": _HARM, "casualties": _HARM[:2]}.get(one.effect, (one.effect,))
    columns = " ".join(
        (*harm, *(() if one.effect == "freed" else ("people",)), *(("targets",) if not one.effect else ()))
    )
    sql = f"SELECT rowid FROM {HITS} WHERE {HITS} MATCH :query"
    found = {row["rowid"] for row in tx.rows(sql, query=f"{{{columns}}} : ({words})")}
    if not one.effect:
        return sorted(found)
    for num, text in _texts(tx, among, params, words):
        if num not in found and tells(text, one):
            found.add(num)
    return sorted(found)


def told(
    tx: Tx, effect: str, among: str, params: dict[str, object], people_in: Callable[[str, str], int | None]
) -> dict[int, int]:
    """Incident ``among`` these -> how many people its articles say were freed or arrested; 0: no number."""
    found: dict[int, int] = {}
    for num, text in _texts(tx, among, params, TOLD[effect]):
        people = people_in(text, effect)
        if people is not None:
            found[num] = max(found.get(num, 0), people)
    return found


def with_word(tx: Tx, word: str) -> list[int]:
    """The incidents whose record contains a word with this prefix, or that hit such a place."""
    query = quoted(word) + "*"
    rows = tx.rows("SELECT rowid FROM incident_words WHERE incident_words MATCH :query", query=query)
    hits = tx.rows(f"SELECT rowid FROM {HITS} WHERE {HITS} MATCH :query", query=f"{{targets places}} : {query}")
    return sorted({row["rowid"] for row in (*rows, *hits)})


def _texts(tx: Tx, among: str, params: dict[str, object], words: str) -> Sequence[tuple[int, str]]:
    """Incident and text of the articles that have one of the words, of the newest incidents ``among``."""
    rows = tx.rows(
        f"""SELECT f.num, w.title, w.text FROM (
              SELECT num, id FROM incident_facts WHERE {among} ORDER BY day DESC, num DESC LIMIT {MOST_READ}) AS f
            JOIN members m ON m.incident = f.id JOIN articles a ON a.ref = m.article
            JOIN article_words w ON w.rowid = a.num WHERE w.article_words MATCH :told""",
        told=words,
        **params,
    )
    return [(row["num"], f"{row['title']}\n{row['text']}") for row in rows]


def _prefix(word: str) -> str:
    return quoted(word) + ("*" if word.endswith("*") else "")
