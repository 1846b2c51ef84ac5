"""More of what publishing systems do with ids and links, thought of after the rules had been measured."""

from __future__ import annotations

from feed_read_cases import SITE
from feed_reads import Case, Item


def story(title: str, text: str, link: str = "", ident: str | None = None, hours: float | None = 1.0) -> Item:
    """An item by its parts."""
    return Item(title=title, text=text, link=link, id=ident, hours=hours)


FLOOD = "Floods swept through Beira, Mozambique, on Monday, drowning seven people, the disaster agency said."
FLOOD_TITLE = "Floods in Beira drown seven"
CRASH = "A light aircraft crashed near Cusco, Peru, on Monday, killing its two pilots, the air force said."
CRASH_TITLE = "Two pilots die as aircraft crashes near Cusco"
STABBING = "A man stabbed five people at a railway station in Lille, France, on Monday, police said. Nobody died."
STABBING_TITLE = "Five wounded in stabbing at Lille station"
KIDNAP = "Armed men kidnapped six teachers from a school near Zaria, Nigeria, on Monday, residents said."
KIDNAP_TITLE = "Gunmen abduct six teachers near Zaria"
MINE = "A landmine killed two farmers near Taiz, Yemen, on Monday, a hospital said."
MINE_TITLE = "Landmine kills two farmers near Taiz"
BLAZE = (
    "A fire destroyed a textile factory in Dhaka, Bangladesh, on Monday, killing eleven workers, the fire service said."
)
BLAZE_TITLE = "Eleven die in Dhaka textile factory fire"

AFTERWARDS = (
    Case(
        name="the_day_and_a_counter_as_id_restart_each_day",
        first=(
            story(FLOOD_TITLE, FLOOD, f"{SITE}/a/flood", "item-1"),
            story(CRASH_TITLE, CRASH, f"{SITE}/a/crash", "item-2"),
        ),
        second=(
            story(KIDNAP_TITLE, KIDNAP, f"{SITE}/a/kidnap", "item-1"),
            story(FLOOD_TITLE, FLOOD, f"{SITE}/a/flood", "item-2"),
            story(CRASH_TITLE, CRASH, f"{SITE}/a/crash", "item-3"),
        ),
        articles=3,
        records=3,
        sounds=3,
        edits=0,
    ),
    Case(
        name="ids_are_positions_in_the_document",
        first=(story(MINE_TITLE, MINE, "", "0"), story(BLAZE_TITLE, BLAZE, "", "1")),
        second=(
            story(STABBING_TITLE, STABBING, "", "0"),
            story(MINE_TITLE, MINE, "", "1"),
            story(BLAZE_TITLE, BLAZE, "", "2"),
        ),
        articles=3,
        records=3,
        sounds=3,
        edits=0,
        form="json",
    ),
    Case(
        name="the_channels_name_as_id",
        first=(story(FLOOD_TITLE, FLOOD, f"{SITE}/a/1", "Gazette - World"),),
        second=(story(STABBING_TITLE, STABBING, f"{SITE}/a/2", "Gazette - World"),),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
    ),
    Case(
        name="one_kind_and_toll_in_two_towns_under_one_id",
        first=(story("Landmine kills two farmers", MINE, f"{SITE}/latest", "latest"),),
        second=(
            story(
                "Landmine kills two farmers",
                "A landmine killed two farmers near Battambang, Cambodia, on Monday, a hospital said.",
                f"{SITE}/latest",
                "latest-2",
            ),
        ),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
    ),
    Case(
        name="an_alert_service_with_a_form_of_words",
        first=(
            story(
                "Flood warning", "Flood in Beira, Mozambique. Deaths: 7. Source: civil protection.", f"{SITE}/w/1", "w1"
            ),
        ),
        second=(
            story("Flood warning", "Flood in Kisumu, Kenya. Deaths: 3. Source: civil protection.", f"{SITE}/w/2", "w2"),
        ),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
    ),
    Case(
        name="road_accidents_of_two_days",
        first=(
            story(
                "Road accident",
                "A bus hit a tree near Kumasi, Ghana, on Saturday. Six people died, police said.",
                f"{SITE}/r/1",
                "r1",
                47,
            ),
        ),
        second=(
            story(
                "Road accident",
                "A bus hit a tree near Kumasi, Ghana, on Monday. Four people died, police said.",
                f"{SITE}/r/2",
                "r2",
                1,
            ),
        ),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
    ),
    Case(
        name="titles_alone_and_one_id",
        first=(story(KIDNAP_TITLE, "", f"{SITE}/", "x"),),
        second=(story(BLAZE_TITLE, "", f"{SITE}/", "x"),),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
    ),
    Case(
        name="undated_items_of_one_id",
        first=(story(FLOOD_TITLE, FLOOD, f"{SITE}/a/1", "guid", None),),
        second=(
            story(KIDNAP_TITLE, KIDNAP, f"{SITE}/a/2", "guid", None),
            story(FLOOD_TITLE, FLOOD, f"{SITE}/a/1", "guid", None),
        ),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
    ),
    Case(
        name="a_live_page_that_grows",
        first=(story("Dhaka fire: live", BLAZE, f"{SITE}/live/dhaka", "live1"),),
        second=(
            story(
                "Dhaka fire: live",
                "Relatives wait outside the hospital for news.\n\nThe owner has been questioned.\n\n" + BLAZE,
                f"{SITE}/live/dhaka#u2",
                "live1",
            ),
        ),
        articles=1,
        records=1,
        sounds=1,
    ),
    Case(
        name="a_first_line_then_the_whole_story",
        first=(story("BREAKING: Stabbing at Lille station", "Several hurt. More follows.", f"{SITE}/b/1", "b1"),),
        second=(story(STABBING_TITLE, STABBING, f"{SITE}/b/1", "b1"),),
        articles=1,
        records=1,
        sounds=2,
    ),
    Case(
        name="a_toll_that_falls_in_the_same_story",
        first=(story(BLAZE_TITLE, BLAZE, f"{SITE}/d", "d"),),
        second=(story("Nine die in Dhaka textile factory fire", BLAZE.replace("eleven", "nine"), f"{SITE}/d", "d"),),
        articles=1,
        records=1,
        sounds=2,
    ),
    Case(
        name="a_misspelt_town_is_corrected",
        first=(story("Landmine kills two farmers near Tais", MINE.replace("Taiz", "Tais"), f"{SITE}/m", "m"),),
        second=(story(MINE_TITLE, MINE, f"{SITE}/m", "m"),),
        articles=1,
        records=1,
        sounds=1,
    ),
    Case(
        name="google_style_ids_while_the_toll_rises",
        first=(
            story(f"{FLOOD_TITLE} - Gazette", FLOOD, "https://news.example/rss/articles/CBMiAAAA?oc=5", "CBMiAAAA"),
        ),
        second=(
            story(
                f"{FLOOD_TITLE} - Gazette",
                FLOOD.replace("seven", "nineteen"),
                "https://news.example/rss/articles/CBMiBBBB?oc=5",
                "CBMiBBBB",
            ),
        ),
        articles=1,
        records=1,
        sounds=2,
        edits=0,
    ),
    Case(
        name="rotating_hosts_of_a_content_network",
        first=(story(CRASH_TITLE, CRASH, "https://edge7.cdn.example/gazette/crash-cusco"),),
        second=(story(CRASH_TITLE, CRASH, "https://edge12.cdn.example/gazette/crash-cusco"),),
        articles=1,
        records=1,
        sounds=1,
        edits=0,
    ),
    Case(
        name="the_id_is_the_address_with_click_ids",
        first=(story(KIDNAP_TITLE, KIDNAP, f"{SITE}/k?gclid=abc", f"{SITE}/k?gclid=abc"),),
        second=(story(KIDNAP_TITLE, KIDNAP, f"{SITE}/k?gclid=xyz&cmpid=rss", f"{SITE}/k?gclid=xyz&cmpid=rss"),),
        articles=1,
        records=1,
        sounds=1,
        edits=0,
    ),
    Case(
        name="parameters_in_another_order",
        first=(story(MINE_TITLE, MINE, f"{SITE}/s.php?id=5&sec=world"),),
        second=(story(MINE_TITLE, MINE, f"{SITE}/s.php?sec=world&id=5"),),
        articles=1,
        records=1,
        sounds=1,
        edits=0,
    ),
    Case(
        name="pages_that_differ_in_a_parameter_alone",
        first=(story(MINE_TITLE, MINE, f"{SITE}/s.php?id=5"),),
        second=(story(BLAZE_TITLE, BLAZE, f"{SITE}/s.php?id=6"), story(MINE_TITLE, MINE, f"{SITE}/s.php?id=5")),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
    ),
    Case(
        name="section_feed_and_main_feed_with_ids_of_their_own",
        first=(story(BLAZE_TITLE, BLAZE, "https://www.gazette.example/asia/dhaka-fire?ref=main", "main-9"),),
        second=(story(BLAZE_TITLE, BLAZE, "https://amp.gazette.example/asia/dhaka-fire?rss=asia", "asia-4"),),
        articles=1,
        records=1,
        sounds=1,
        edits=0,
        other=True,
        form="atom",
    ),
    Case(
        name="the_same_item_twice_in_a_document",
        first=(story(FLOOD_TITLE, FLOOD, f"{SITE}/f", "f1"), story(FLOOD_TITLE, FLOOD, f"{SITE}/f", "f1")),
        second=(
            story(FLOOD_TITLE, FLOOD, f"{SITE}/f", "f1"),
            story(FLOOD_TITLE, FLOOD, f"{SITE}/f?utm_source=b", "f2"),
        ),
        articles=1,
        records=1,
        sounds=1,
        edits=0,
    ),
    Case(
        name="morning_briefings_with_other_stories",
        first=(story("Morning briefing", KIDNAP, f"{SITE}/brief/1", "brief1"),),
        second=(
            story("Morning briefing", CRASH, f"{SITE}/brief/2", "brief2"),
            story("Morning briefing", KIDNAP, f"{SITE}/brief/1", "brief1"),
        ),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
    ),
    Case(
        name="posts_without_titles_under_one_id",
        first=(story("", FLOOD, f"{SITE}/", "post"),),
        second=(
            story("", KIDNAP, f"{SITE}/", "post"),
            story("", CRASH, f"{SITE}/", "post"),
            story("", MINE, f"{SITE}/", "post"),
        ),
        articles=4,
        records=4,
        sounds=4,
        edits=0,
    ),
    Case(
        name="posts_without_titles_with_their_own_ids",
        first=(story("", FLOOD, f"{SITE}/p/1", "1001"),),
        second=(
            story("", FLOOD.replace("seven", "nine"), f"{SITE}/p/1", "1001"),
            story("", CRASH, f"{SITE}/p/2", "1002"),
        ),
        articles=2,
        records=2,
        sounds=3,
        edits=0,
    ),
    Case(
        name="two_acts_of_one_form_of_words_in_a_town_on_one_day",
        first=(
            story(
                "Man shot dead",
                "A man was shot dead on Main Street in Durban, South Africa, at 1 am on Monday, police said.",
                f"{SITE}/s/1",
                "s1",
            ),
            story(
                "Man shot dead",
                "A man was shot dead in Umlazi, Durban, South Africa, at 6 am on Monday. A taxi driver is sought.",
                f"{SITE}/s/2",
                "s2",
            ),
        ),
        second=(
            story(
                "Man shot dead",
                "A man was shot dead on Main Street in Durban, South Africa, at 1 am on Monday, police said.",
                f"{SITE}/s/1",
                "s1",
            ),
            story(
                "Man shot dead",
                "A man was shot dead in Umlazi, Durban, South Africa, at 6 am on Monday. A taxi driver is sought.",
                f"{SITE}/s/2",
                "s2",
            ),
        ),
        articles=2,
        records=1,  # two articles; whether two deaths of one town and day are one incident is for the matching
        sounds=1,
    ),
    Case(
        name="one_title_and_link_in_another_feed_for_another_act",
        first=(story("Traffic news", CRASH, f"{SITE}/traffic"),),
        second=(
            story(
                "Traffic news",
                "A bus fell off a bridge in Kumasi, Ghana, on Monday, killing eight people, police said.",
                f"{SITE}/traffic",
            ),
        ),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
        other=True,
    ),
)
