"""A third set of what publishing systems do with ids and links, thought of when the first two came out right."""

from __future__ import annotations

from feed_read_cases import SITE
from feed_read_cases_later import story
from feed_reads import Case

DERAILED = "A passenger train derailed near Tanga, Tanzania, on Monday, killing twelve people, the railway said."
DERAILED_TITLE = "Train derails near Tanga, twelve dead"
GRENADE = "A grenade thrown into a bar in Bujumbura, Burundi, on Monday killed three people, police said."
GRENADE_TITLE = "Grenade attack on Bujumbura bar kills three"
SLIDE = "A landslide buried a village near Manizales, Colombia, on Monday, killing eight people, rescuers said."
SLIDE_TITLE = "Landslide near Manizales kills eight"
SHELLS = "Shells hit a hospital in Kharkiv, Ukraine, on Monday, killing two patients, the governor said."
SHELLS_TITLE = "Shelling of Kharkiv hospital kills two"
FERRY = "A ferry sank off Zamboanga, Philippines, on Monday, drowning fifteen passengers, the coast guard said."
FERRY_TITLE = "Ferry sinks off Zamboanga, fifteen drown"

THIRD = (
    Case(
        name="alerts_of_one_title_on_one_page_without_ids_in_one_document",
        first=(story("Security alert", GRENADE, f"{SITE}/"), story("Security alert", SHELLS, f"{SITE}/")),
        second=(story("Security alert", GRENADE, f"{SITE}/"), story("Security alert", SHELLS, f"{SITE}/")),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
    ),
    Case(
        name="alerts_of_one_title_page_and_id_in_one_document",
        first=(
            story("Alert", SLIDE, f"{SITE}/alerts", "alert"),
            story("Alert", FERRY, f"{SITE}/alerts", "alert"),
        ),
        second=(
            story("Alert", GRENADE, f"{SITE}/alerts", "alert"),
            story("Alert", SLIDE, f"{SITE}/alerts", "alert"),
            story("Alert", FERRY, f"{SITE}/alerts", "alert"),
        ),
        articles=3,
        records=3,
        sounds=3,
        edits=0,
    ),
    Case(
        name="alerts_of_one_title_whose_text_is_revised",
        first=(story("Alert", SLIDE, "", "alert"), story("Alert", FERRY, "", "alert")),
        second=(
            story("Alert", SLIDE.replace("eight", "eighteen"), "", "alert"),
            story("Alert", FERRY, "", "alert"),
        ),
        articles=2,
        records=2,
        sounds=3,
        edits=0,
    ),
    Case(
        name="a_live_page_with_fragments_and_one_title",
        first=(story("Live: Monday's news", SHELLS, f"{SITE}/live#p1", f"{SITE}/live#p1"),),
        second=(
            story("Live: Monday's news", FERRY, f"{SITE}/live#p2", f"{SITE}/live#p2"),
            story("Live: Monday's news", SHELLS, f"{SITE}/live#p1", f"{SITE}/live#p1"),
        ),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
    ),
    Case(
        name="the_day_is_the_id",
        first=(story(DERAILED_TITLE, DERAILED, f"{SITE}/today", "2026-03-02"),),
        second=(story(GRENADE_TITLE, GRENADE, f"{SITE}/today", "2026-03-02"),),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
    ),
    Case(
        name="a_blogs_ids_move_to_https",
        first=(story(FERRY_TITLE, FERRY, "http://gazette.example/?p=81", "http://gazette.example/?p=81"),),
        second=(story(FERRY_TITLE, FERRY, "https://www.gazette.example/?p=81", "https://www.gazette.example/?p=81"),),
        articles=1,
        records=1,
        sounds=1,
        edits=0,
    ),
    Case(
        name="a_blogs_other_post_differs_in_its_number_alone",
        first=(story(FERRY_TITLE, FERRY, f"{SITE}/?p=81", f"{SITE}/?p=81"),),
        second=(
            story(SLIDE_TITLE, SLIDE, f"{SITE}/?p=82", f"{SITE}/?p=82"),
            story(FERRY_TITLE, FERRY, f"{SITE}/?p=81", f"{SITE}/?p=81"),
        ),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
    ),
    Case(
        name="a_new_id_and_headline_at_the_same_address",
        first=(story("BREAKING: blast at Bujumbura bar", GRENADE, f"{SITE}/w/bujumbura-bar", "v1"),),
        second=(story(GRENADE_TITLE, GRENADE + " Two suspects fled.", f"{SITE}/w/bujumbura-bar", "v2"),),
        articles=1,
        records=1,
        sounds=1,
    ),
    Case(
        name="a_session_in_the_path_of_link_and_id",
        first=(story(SLIDE_TITLE, SLIDE, f"{SITE}/n/77.do;jsessionid=A1F", f"{SITE}/n/77.do;jsessionid=A1F"),),
        second=(story(SLIDE_TITLE, SLIDE, f"{SITE}/n/77.do;jsessionid=99C", f"{SITE}/n/77.do;jsessionid=99C"),),
        articles=1,
        records=1,
        sounds=1,
        edits=0,
    ),
    Case(
        name="the_time_of_the_read_is_the_id_and_the_date",
        first=(story(DERAILED_TITLE, DERAILED, f"{SITE}/n/tanga", "1772452800", 0.6),),
        second=(story(DERAILED_TITLE, DERAILED, f"{SITE}/n/tanga", "1772453400", 0.1),),
        articles=1,
        records=1,
        sounds=1,
        edits=0,
    ),
    Case(
        name="a_constant_id_for_two_kinds_in_one_town",
        first=(
            story("Bank robbed in Kharkiv", "Robbers took cash from a bank in Kharkiv, Ukraine, on Monday.", "", "top"),
        ),
        second=(story(SHELLS_TITLE, SHELLS, "", "top"),),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
    ),
    Case(
        name="a_correction_that_names_both_towns_stays_one_article",
        first=(story(GRENADE_TITLE, GRENADE, f"{SITE}/g", "g"),),
        second=(
            story(
                "Grenade attack on Gitega bar kills three",
                GRENADE.replace("Bujumbura", "Gitega") + " An earlier version said that the bar was in Bujumbura.",
                f"{SITE}/g",
                "g",
            ),
        ),
        articles=1,
        records=1,
        sounds=2,
    ),
    Case(
        name="a_story_in_russian_whose_toll_rises",
        first=(
            story(
                "В Харькове погибли два человека при обстреле больницы", SHELLS, f"{SITE}/ru/1?utm_source=rss", "ru1"
            ),
        ),
        second=(
            story(
                "В Харькове погибли четыре человека при обстреле больницы",
                SHELLS.replace("two", "four"),
                f"{SITE}/ru/1?utm_source=tg",
                "ru1",
            ),
        ),
        articles=1,
        records=1,
        sounds=2,
        edits=0,
    ),
    Case(
        name="two_regional_feeds_with_phone_and_amp_addresses",
        first=(story(FERRY_TITLE, FERRY, "https://m.gazette.example/asia/ferry/amp/?at_medium=RSS", "m-1"),),
        second=(story(FERRY_TITLE, FERRY, "http://www.gazette.example/asia/ferry?ns_mchannel=rss", "w-1"),),
        articles=1,
        records=1,
        sounds=1,
        edits=0,
        other=True,
    ),
    Case(
        name="a_summary_of_the_day_that_grows_by_another_act",
        first=(story("Monday's incidents", SLIDE, f"{SITE}/day", "day"),),
        second=(story("Monday's incidents", f"{FERRY}\n\n{SLIDE}", f"{SITE}/day", "day"),),
        articles=1,
        records=2,
        sounds=2,
    ),
    Case(
        name="an_empty_id_and_an_empty_link",
        first=(story(DERAILED_TITLE, DERAILED, "", ""), story("Ferry sinks off Zamboanga", FERRY, "", "")),
        second=(
            story(DERAILED_TITLE, DERAILED, "", ""),
            story("Ferry sinks off Zamboanga", FERRY.replace("fifteen", "forty"), "", ""),
        ),
        articles=2,
        records=2,
        sounds=3,
        edits=0,
    ),
    Case(
        name="a_number_as_id_in_a_json_feed_is_given_again",
        first=(story(GRENADE_TITLE, GRENADE, f"{SITE}/j/1", "17"),),
        second=(story(FERRY_TITLE, FERRY, f"{SITE}/j/2", "17"), story(GRENADE_TITLE, GRENADE, f"{SITE}/j/1", "18")),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
        form="json",
    ),
    Case(
        name="the_sections_address_is_the_id_of_all",
        first=(story(SLIDE_TITLE, SLIDE, f"{SITE}/world", f"{SITE}/world"),),
        second=(
            story(SHELLS_TITLE, SHELLS, f"{SITE}/world", f"{SITE}/world"),
            story(SLIDE_TITLE, SLIDE, f"{SITE}/world", f"{SITE}/world"),
        ),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
        form="atom",
    ),
    Case(
        name="quakes_of_one_size_in_two_lands_with_ids_of_their_own",
        first=(
            story("Earthquake, magnitude 5.6", "Magnitude 5.6, 20 km from Padang, Indonesia.", f"{SITE}/q/a", "qa"),
        ),
        second=(
            story("Earthquake, magnitude 5.6", "Magnitude 5.6, 20 km from Arequipa, Peru.", f"{SITE}/q/b", "qb"),
            story("Earthquake, magnitude 5.6", "Magnitude 5.6, 20 km from Padang, Indonesia.", f"{SITE}/q/a", "qa"),
        ),
        articles=2,
        records=2,
        sounds=2,
        edits=0,
    ),
)
