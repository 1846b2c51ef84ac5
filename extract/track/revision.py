"""Is a later text of a source the same story as an earlier one, or another one under the same id?

Two questions. By the texts alone (``is_same_story``), before they are read for incidents: publishing systems give a new
story an old story's id, or an old story a new id. By what was found in them (``tells_another_act``), afterwards.
The thresholds are in ``extract/data/track.toml``, section ``revision``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from extract.geo import distance_km
from extract.kinds import packaged_kinds
from extract.track.rules import rules
from extract.types import Article, Precision, Report

_WORD = re.compile(r"\w+")
_POINTS = frozenset({Precision.SITE, Precision.CITY, Precision.DISTRICT})


def is_same_story(earlier: Article, later: Article) -> bool:
    """Do two texts tell one story, as far as their words and days show? Unsure cases count as one.

    Their titles have most words in common, or their texts have; a story without a text is judged by its title.
    """
    titles, texts, rule = alike(earlier.title, later.title), texts_alike(earlier, later), rules("revision")
    if _are_days_apart(earlier, later):
        return bool(texts >= rule["corrected"])
    is_alike = titles >= rule["same_title"] or texts >= rule["same_text"]
    return bool(is_alike or (titles >= rule["some_title"] and texts >= rule["some_text"]))


def is_same_article(earlier: Article, later: Article) -> bool:
    """Are two articles of a source with one title one article, though their ids differ?

    A title such as "Road accident" recurs: then the texts differ, or they are days apart.
    """
    return not _are_days_apart(earlier, later) and _have_one_text(earlier, later)


def is_same_page(earlier: Article, later: Article) -> bool:
    """Are articles of two sources with one address one article? Yes by one title, unless their texts share little.

    An address may be that of a section's page, and a title such as "Traffic news" recur.
    """
    return earlier.title.casefold() == later.title.casefold() and _have_one_text(earlier, later)


def tells_another_act(
    before: Article, after: Article, earlier: Mapping[int, Report], later: Sequence[Report], *, has_new_id: bool
) -> bool:
    """Do the reports of a later text tell other acts than all those of the earlier one?

    What counts: places in two countries or too far apart, days more than one apart, kinds of two groups. A text that is
    nearly the same was corrected, whatever its reports say, unless each place is named in its own text alone and they
    lie in two countries. Under a new id such a text is a form of words filled in for another act: then a place that
    only its own text names, or another day, is enough.
    """
    if not earlier or not later:
        return False
    pairs = [(one, two) for one in earlier.values() for two in later]
    if texts_alike(before, after) < rules("revision")["corrected"]:
        return not any(_may_be_one(one, two) for one, two in pairs)
    if has_new_id:
        return all(
            _days_differ(one, two) or (_places_differ(one, two) and _is_exchanged(before, after, one, two))
            for one, two in pairs
        )
    return all(_countries_differ(one, two) and _is_exchanged(before, after, one, two) for one, two in pairs)


def positions(earlier: Mapping[int, Report], later: Sequence[Report], texts: float) -> list[int]:
    """The position of each report of a later text: that of the earlier report of the same act, else a new one.

    Reports keep their own position where they can, and all of them in a text that is nearly the same (``texts``: how
    alike they are): what differs there was corrected. One in another country is another act of a text that tells both.
    """
    moved = any(number in earlier and _countries_differ(earlier[number], two) for number, two in enumerate(later))
    if texts >= rules("revision")["corrected"] and len(later) <= len(earlier) and not moved:
        return list(range(len(later)))
    free = sorted(earlier)
    found: list[int | None] = []
    for number, report in enumerate(later):
        known = [at for at in sorted(free, key=lambda at: at != number) if _may_be_one(earlier[at], report)]
        found.append(known[0] if known else None)
        if known:
            free.remove(known[0])
    taken = {*earlier, *(at for at in found if at is not None)}
    unused = (at for at in range(len(taken) + len(later)) if at not in taken)
    return [next(unused) if at is None else at for at in found]


def texts_alike(earlier: Article, later: Article) -> float:
    """How alike two articles are with their titles, 0 to 1."""
    return alike(_whole(earlier), _whole(later))


def alike(one: str, two: str) -> float:
    """The share of the shorter text's words that both have, 0 to 1; 0 where one has no words. Equal texts are 1."""
    if one and one == two:
        return 1.0
    a, b = _words(one), _words(two)
    return len(a & b) / min(len(a), len(b)) if a and b else 0.0


def _words(text: str) -> frozenset[str]:
    """Words and numbers without short words, which say little; in other scripts a short word may say much."""
    least = rules("revision")["least_letters"]
    return frozenset(
        word for word in _WORD.findall(text.casefold()) if len(word) >= least or not word.isascii() or word.isdigit()
    )


def _have_one_text(earlier: Article, later: Article) -> bool:
    """Do the texts share most of their words? An article without a text has no other one."""
    if not earlier.text or not later.text:
        return True
    return bool(alike(earlier.text, later.text) >= rules("revision")["same_text"])


def _are_days_apart(earlier: Article, later: Article) -> bool:
    """Were they published farther apart than an article is revised? Not where a date isn't known."""
    if earlier.published is None or later.published is None:
        return False
    return abs(later.published - earlier.published) > timedelta(days=rules("revision")["days"])


def _whole(article: Article) -> str:
    return f"{article.title}\n{article.text}"


def _may_be_one(one: Report, two: Report) -> bool:
    """Can two reports be about one act, by their places, days and kinds?"""
    return not (_places_differ(one, two) or _days_differ(one, two) or _kinds_differ(one, two))


def _places_differ(one: Report, two: Report) -> bool:
    """Are they in two countries, or two provinces, or farther apart than the accounts of one act can be?"""
    a, b = one.place, two.place
    if a is None or b is None:
        return False
    if _countries_differ(one, two):
        return True
    if a.precision not in _POINTS or b.precision not in _POINTS:
        return bool(a.admin1 and b.admin1 and a.admin1 != b.admin1)
    if a.lat is None or a.lon is None or b.lat is None or b.lon is None:
        return False
    kinds = packaged_kinds()
    far: float = max(rules("revision")["far_km"], kinds[one.kind].km, kinds[two.kind].km)
    return distance_km(a.lat, a.lon, b.lat, b.lon) > far


def _countries_differ(one: Report, two: Report) -> bool:
    a, b = one.place, two.place
    return bool(a and b and a.country and b.country and a.country != b.country)


def _is_exchanged(before: Article, after: Article, one: Report, two: Report) -> bool:
    """Does each text name its own report's place and not the other's?"""
    if one.place is None or two.place is None:
        return False
    return one.place.name not in _whole(after) and two.place.name not in _whole(before)


def _days_differ(one: Report, two: Report) -> bool:
    if one.when is None or two.when is None:
        return False
    first, last = max(one.when.first_day, two.when.first_day), min(one.when.last_day, two.when.last_day)
    return first - last > timedelta(days=1)


def _kinds_differ(one: Report, two: Report) -> bool:
    kinds = packaged_kinds()
    return two.kind not in kinds.compatible(one.kind) and kinds[one.kind].group != kinds[two.kind].group
