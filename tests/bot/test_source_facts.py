"""What is known of an outlet fills in what nobody said of its source, and nothing else."""

import pytest

from bot.source_facts import publisher_of, with_facts
from bot.types import Source

UNKNOWN_TIER = 4


def added(url: str, name: str = "", given: frozenset[str] = frozenset()) -> Source:
    return with_facts(Source(url=url, name=name, tier=UNKNOWN_TIER), given)


def test_a_source_that_is_added_gets_its_outlets_facts_but_covers_all_countries():
    found = added("https://www.clarin.com/rss/lo-ultimo/")
    assert (found.family, found.tier, found.lang, found.country) == ("clarin", 2, "es", "")


def test_what_was_given_stays():
    found = added("https://www.clarin.com/rss/lo-ultimo/", given=frozenset({"lang", "tier"}))
    assert (found.family, found.tier, found.lang) == ("clarin", UNKNOWN_TIER, "en")


def test_who_passes_on_others_articles_is_no_family():
    found = added("https://allafrica.com/tools/headlines/rdf/latest/headlines.rdf")
    assert (found.family, found.tier) == ("", 3)


@pytest.mark.parametrize(
    ("url", "name"), [("https://harbour.example/feed", "Harbour Post"), ("https://focus.example/f", "Focus")]
)
def test_an_outlet_that_isnt_known_stays_as_it_is(url: str, name: str):
    assert publisher_of(Source(url=url, name=name)) is None
    assert added(url, name) == Source(url=url, name=name, tier=UNKNOWN_TIER)
