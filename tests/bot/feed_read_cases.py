"""What publishing systems do with ids and links: invented incidents in real places, each case read twice."""

from __future__ import annotations

from dataclasses import replace

from feed_reads import Case, Item

SITE = "https://gazette.example"

COLOMBO = Item(
    title="Bomb kills four at Colombo market",
    text="A bomb exploded at a market in Colombo, Sri Lanka, on Monday, killing four people, police said.",
)
YANGON = Item(
    title="Gunmen kill three in attack on Yangon police post",
    text="Gunmen attacked a police post in Yangon, Myanmar, on Monday, killing three officers, officials said.",
)
QUITO = Item(
    title="Bus plunges into ravine near Quito, nine dead",
    text="A bus plunged into a ravine near Quito, Ecuador, on Monday, killing nine passengers, firefighters said.",
)
LUSAKA = Item(
    title="Fire at Lusaka timber yard injures two workers",
    text="A fire at a timber yard in Lusaka, Zambia, injured two workers on Monday, the fire brigade said.",
)
OSLO = Item(
    title="Council of Oslo opens new tram line",
    text="The mayor of Oslo, Norway, opened a tram line on Monday and praised the builders.",
)
COLOMBO_SIX = replace(
    COLOMBO,
    title="Bomb kills six at Colombo market",
    text="A bomb exploded at a market in Colombo, Sri Lanka, on Monday, killing six people, police said.",
)
COLOMBO_LONGER = replace(
    COLOMBO,
    text=COLOMBO.text + "\n\nShopkeepers helped the wounded until ambulances came. Nobody claimed the attack."
    "\n\nThe market was closed and schools nearby were emptied.",
)


def at(item: Item, link: str = "", ident: str | None = None, hours: float | None = 1.0) -> Item:
    """The item with a link and id."""
    return replace(item, link=link, id=ident, hours=hours)


def own(item: Item, query: str = "", *, ident: str | None = None) -> Item:
    """The item with a page of its own as its link."""
    slug = item.title.lower().replace(" ", "-").replace(",", "")
    return replace(item, link=f"{SITE}/news/{slug}{query}", id=ident)


BEFOREHAND = (
    Case(
        name="the_id_is_always_1",
        first=(own(COLOMBO, ident="1"),),
        second=(own(YANGON, ident="1"),),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
    ),
    Case(
        name="the_id_is_n_a_in_one_document",
        first=(own(COLOMBO, ident="N/A"), own(YANGON, ident="N/A")),
        second=(own(QUITO, ident="N/A"), own(COLOMBO, ident="N/A"), own(YANGON, ident="N/A")),
        articles=3,
        records=3,
        sounds=3,
        edits=0,
    ),
    Case(
        name="the_id_is_the_feeds_address",
        first=(own(COLOMBO, ident=f"{SITE}/rss.xml"),),
        second=(own(QUITO, ident=f"{SITE}/rss.xml"),),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
    ),
    Case(
        name="one_link_to_the_front_page_and_no_ids",
        first=(at(COLOMBO, SITE + "/"), at(QUITO, SITE + "/")),
        second=(at(YANGON, SITE + "/"), at(COLOMBO, SITE + "/"), at(QUITO, SITE + "/")),
        articles=3,
        records=3,
        sounds=3,
        edits=0,
    ),
    Case(
        name="one_link_to_a_section_page_one_item_a_read",
        first=(at(COLOMBO, f"{SITE}/world"),),
        second=(at(LUSAKA, f"{SITE}/world"),),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
    ),
    Case(
        name="fragments_of_a_live_page",
        first=(at(COLOMBO, f"{SITE}/live/today#p1"),),
        second=(at(YANGON, f"{SITE}/live/today#p2"), at(COLOMBO, f"{SITE}/live/today#p1")),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
    ),
    Case(
        name="empty_ids_and_no_links",
        first=(at(COLOMBO, "", ""),),
        second=(at(QUITO, "", ""), at(COLOMBO, "", "")),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
    ),
    Case(
        name="atom_with_the_feeds_id_in_each_entry",
        first=(own(COLOMBO, ident=SITE + "/"), own(YANGON, ident=SITE + "/")),
        second=(own(QUITO, ident=SITE + "/"), own(COLOMBO, ident=SITE + "/")),
        articles=3,
        records=3,
        sounds=3,
        edits=0,
        form="atom",
    ),
    Case(
        name="json_feed_with_id_0",
        first=(own(COLOMBO, ident="0"),),
        second=(own(QUITO, ident="0"), own(COLOMBO, ident="0")),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
        form="json",
    ),
    Case(
        name="a_good_id_given_to_the_next_story",
        first=(at(COLOMBO, f"{SITE}/top", "top-story"),),
        second=(at(YANGON, f"{SITE}/top", "top-story"),),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
    ),
    Case(
        name="a_raised_toll_is_a_revision",
        first=(at(COLOMBO, f"{SITE}/a/17", "a17"),),
        second=(at(COLOMBO_SIX, f"{SITE}/a/17", "a17"),),
        articles=1,
        records=1,
        sounds=2,
        edits=0,
    ),
    Case(
        name="a_changed_headline_is_a_revision",
        first=(at(COLOMBO, f"{SITE}/a/17", "a17"),),
        second=(
            at(replace(COLOMBO, title="Shoppers flee as blast rips through Sri Lankan capital"), f"{SITE}/a/17", "a17"),
        ),
        articles=1,
        records=1,
        sounds=1,
    ),
    Case(
        name="a_longer_text_is_a_revision",
        first=(at(COLOMBO, f"{SITE}/a/17", "a17"),),
        second=(at(COLOMBO_LONGER, f"{SITE}/a/17", "a17"),),
        articles=1,
        records=1,
        sounds=1,
    ),
    Case(
        name="a_redirect_address_with_a_new_token_at_each_read",
        first=(at(COLOMBO, "https://news.example/rss/articles/CBMiaEFVX3lx?oc=5", "CBMiaEFVX3lx"),),
        second=(at(COLOMBO, "https://news.example/rss/articles/CBMiqqZZZ9d2?oc=5", "CBMiqqZZZ9d2"),),
        articles=1,
        records=1,
        sounds=1,
        edits=0,
    ),
    Case(
        name="a_session_in_the_path",
        first=(at(COLOMBO, f"{SITE}/story.do;jsessionid=AB12?id=9"),),
        second=(at(COLOMBO, f"{SITE}/story.do;jsessionid=FF90?id=9"),),
        articles=1,
        records=1,
        sounds=1,
        edits=0,
    ),
    Case(
        name="a_parameter_against_caches_as_link_and_id",
        first=(own(COLOMBO, "?_=1700000001", ident=f"{SITE}/x?_=1700000001"),),
        second=(own(COLOMBO, "?_=1700000777", ident=f"{SITE}/x?_=1700000777"),),
        articles=1,
        records=1,
        sounds=1,
        edits=0,
    ),
    Case(
        name="http_www_and_a_trailing_slash",
        first=(at(COLOMBO, "http://www.gazette.example/a/colombo/"),),
        second=(at(COLOMBO, "https://gazette.example/a/colombo"),),
        articles=1,
        records=1,
        sounds=1,
        edits=0,
    ),
    Case(
        name="phone_and_amp_addresses",
        first=(at(COLOMBO, "https://www.gazette.example/a/colombo"),),
        second=(at(COLOMBO, "https://m.gazette.example/a/colombo/amp"),),
        articles=1,
        records=1,
        sounds=1,
        edits=0,
    ),
    Case(
        name="two_feeds_of_an_outlet_with_their_own_tracking",
        first=(own(COLOMBO, "?at_medium=RSS&at_campaign=KARANGA"),),
        second=(own(COLOMBO, "?ns_mchannel=rss&utm_source=asia"),),
        articles=1,
        records=1,
        sounds=1,
        edits=0,
        other=True,
    ),
    Case(
        name="same_title_and_day_under_a_new_id",
        first=(at(COLOMBO, f"{SITE}/?p=101", "101x"),),
        second=(at(COLOMBO, f"{SITE}/?p=102", "102x"),),
        articles=1,
        records=1,
        sounds=1,
        edits=0,
    ),
    Case(
        name="a_title_that_recurs_for_another_act",
        first=(at(replace(QUITO, title="Road accident", text=QUITO.text), f"{SITE}/1", "r1"),),
        second=(
            at(
                Item(
                    title="Road accident",
                    text="Two lorries collided near Mombasa, Kenya, on Monday; five people died, police said.",
                ),
                f"{SITE}/2",
                "r2",
            ),
        ),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
    ),
    Case(
        name="earthquakes_of_one_size_in_two_places",
        first=(
            at(
                Item(
                    title="Earthquake, magnitude 4.5",
                    text="An earthquake of magnitude 4.5 struck near Izmir, Turkey, on Monday, injuring three people.",
                ),
                f"{SITE}/q1",
                "q1",
            ),
        ),
        second=(
            at(
                Item(
                    title="Earthquake, magnitude 4.5",
                    text="An earthquake of magnitude 4.5 struck near Padang, Indonesia, on Monday, injuring two people.",
                ),
                f"{SITE}/q2",
                "q2",
            ),
        ),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
    ),
    Case(
        name="a_story_of_two_acts_whose_order_turns",
        first=(
            at(replace(COLOMBO, title="Attacks in Asia", text=f"{COLOMBO.text}\n\n{YANGON.text}"), f"{SITE}/w", "w"),
        ),
        second=(
            at(replace(COLOMBO, title="Attacks in Asia", text=f"{YANGON.text}\n\n{COLOMBO.text}"), f"{SITE}/w", "w"),
        ),
        articles=1,
        records=2,
        sounds=2,
    ),
    Case(
        name="an_act_after_an_article_of_none_under_the_same_id",
        first=(at(OSLO, f"{SITE}/lead", "lead"),),
        second=(at(COLOMBO, f"{SITE}/lead", "lead"),),
        articles=2,
        records=1,
        sounds=1,
        edits=0,
    ),
)
