"""Which incidents name a person, hit people of some sort, or tell of people freed or arrested?"""

from __future__ import annotations

from collections.abc import Callable

from bot.store.codec import dump
from bot.store.db import Tx
from extract.ask import Hit, NamePart
from extract.types import Frozen

HITS = "incident_hits"
# at most so many incidents are read in their articles
MOST_READ = 200
_HARM = ("killed", "injured", "kidnapped")
# what is read in the articles alone
TOLD = ("freed", "arrested")


class Readers(Frozen, frozen=True, kw_only=True):
    """What a language can read in an article.

    ``is_place``: a name is also that of a place. ``names_person`` (text, name, part of it), ``tells_hit`` (text, whom),
    ``people_in`` (text, freed or arrested).
    """

    is_place: Callable[[str], bool] = lambda _name: False
    names_person: Callable[[str, str, NamePart], bool] = lambda _text, _name, _part: True
    tells_hit: Callable[[str, Hit], bool] = lambda _text, _hit: False
    people_in: Callable[[str, str], int | None] = lambda _text, _effect: None


def quoted(words: str) -> str:
    """The words as one quoted FTS5 phrase, so that FTS5's operators in them mean nothing."""
    return '"' + " ".join("".join(c if c.isalnum() else " " for c in words).split()) + '"'


def named(tx: Tx, name: str, part: NamePart, readers: Readers) -> list[int]:
    """The incidents with an article that names a person so; ``part``: first or last name.

    A name that is none of a place need only occur, unless it must be a first or last name.
    """
    is_read = bool(part) or readers.is_place(name)
    rows = tx.rows(
        f"""SELECT DISTINCT f.num{", w.title, w.text" if is_read else ""} FROM article_words w
           JOIN articles a ON a.num = w.rowid
           JOIN members m ON m.article = a.ref JOIN incident_facts f ON f.id = m.incident
           WHERE w.article_words MATCH :name""",
        name=quoted(name),
    )
    if not is_read:
        return [row["num"] for row in rows]
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
    for num, text in _texts(tx, among, params):
        if num not in found and tells(text, one):
            found.add(num)
    return sorted(found)


def told(
    tx: Tx, effect: str, among: str, params: dict[str, object], people_in: Callable[[str, str], int | None]
) -> dict[int, int]:
    """Incident ``among`` these -> how many people its articles say were freed or arrested; 0: no number."""
    found: dict[int, int] = {}
    for num, text in _texts(tx, among, params):
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


def _texts(tx: Tx, among: str, params: dict[str, object]) -> list[tuple[int, str]]:
    """Incident and text of the articles of the newest incidents ``among``."""
    newest = tx.rows(
        f"SELECT num, id FROM incident_facts WHERE {among} ORDER BY day DESC, num DESC LIMIT {MOST_READ}", **params
    )
    rows = tx.rows(
        """SELECT m.incident, w.title, w.text FROM json_each(:ids) AS wanted
           CROSS JOIN members m ON m.incident = wanted.value CROSS JOIN articles a ON a.ref = m.article
           CROSS JOIN article_words w ON w.rowid = a.num""",
        ids=dump([row["id"] for row in newest]),
    )
    nums = {row["id"]: row["num"] for row in newest}
    return [(nums[row["incident"]], f"{row['title']}\n{row['text']}") for row in rows]


def _prefix(word: str) -> str:
    return quoted(word) + ("*" if word.endswith("*") else "")
