"""Which regular expressions do the choosers search around a mention in English? One for each ``Cue``."""

from __future__ import annotations

import re
from collections.abc import Mapping

from extract.lang.en.dates import DATE_IN_FIGURES, weekday_names
from extract.lang.en.lexicon import table
from extract.language import Cue

# a town in capitals, up to 40 characters more, an agency in brackets, then a dash or colon: "KANO, Nigeria (AP) — "
_DATELINE = (
    r"[A-Z][A-Z.'’-]+(?:[ /][A-Z][A-Z.'’-]+){0,3}(?:, [^\n—–:()]{2,40}?)?"
    r"(?: ?\([^)\n]{2,60}\))?(?: ?(?:--|—|–) ?| - |: )(?=[\"'“A-Z0-9])"
)


def cues() -> Mapping[Cue, re.Pattern[str]]:
    """The expression of every cue that English has; the word lists are in ``data``."""
    words = table("cues")
    times, places = table("times"), table("places")
    weekdays = "|".join(name for names in weekday_names() for name in names)
    saying = "|".join(times["saying"]["words"])
    settlement = "|".join(places["before"]["container"])
    ignoring_case = {
        Cue.WEEKDAY: rf"\b(?:{weekdays})\b",
        Cue.WEEKDAY_IN_FULL: rf"\b(?:{_full_weekdays()})\b",
        Cue.RELATIVE_DAY: rf"\b(?:{'|'.join(times['relative'])})\b",
        Cue.DATE_IN_FIGURES: DATE_IN_FIGURES,
        Cue.LAST_BEFORE: r"\blast $",
        Cue.SAYING_BEFORE: rf"\b(?:{saying})\b(?:[^\w.\"”]+\w+){{0,{times['saying']['gap']}}}?\W+$",
        Cue.SAID_ON_DAY: _said_on_day(),
        Cue.AGE: r"\b(?:(\d{1,2})[- ]years?[- ]old|(\d{1,2})[- ]months?[- ]old|aged? (\d{1,2}))\b|, (\d{2}), ",
        Cue.AGE_BEFORE: r"\b(?:year|month)s?[- ]old \Z",
        Cue.DEFINITE_BEFORE: r"\b(?:the|these|those)\s+$",
        Cue.FRONTED_PHRASE: r"(?:In|On|At|Near|During|Around|Outside)\b[^,.;]{0,60},",
        Cue.CLAUSE_BREAK: r"[,;:()–—]\s|\b(?:that|which|where|who)\s+(?:has|have|had|more|at|over)\b",
        Cue.CAUSE_BEFORE: rf"\b(?:{'|'.join(words['caused']['before'])})\b[^,.;:()–—]*$",
        Cue.EFFECT_BEHIND: rf"[^.;:]{{0,60}}?\b(?:{'|'.join(words['caused']['behind'])})\b",
        Cue.LONG_AFTER_BEFORE: rf"\b(?:{'|'.join(words['caused']['spans'])})\s+"
        rf"(?:{'|'.join(words['caused']['apart'])})\b[^.;]*$",
        Cue.AWAY_BEFORE: r"\b(?:from|to|towards?|through)\s+$",
        Cue.DISTRICT_BEHIND: r"\s+district\b"
        r"(?!\s+(?:court|attorney|police|judge|council|headquarters|hospital|official))",
        Cue.DIVISION_BEHIND: rf"\s+(?:{'|'.join(places['first_order']['words'])})\b",
        Cue.SETTLEMENT_BEFORE: rf"(?:\b(?:{settlement})\s+of|\boff(?:\s+the\s+coast\s+of)?)\s+$",
        Cue.SPOKE_BEFORE: _office("spoke"),
        Cue.BROUGHT_BEFORE: _office("brought"),
        Cue.SAID_IN_BEFORE: rf"\b(?:{saying})\b(?:\W+\w+){{0,{times['saying']['gap']}}}?\W+in\s+$",
        Cue.VICINITY_BEFORE: rf"\b(?:{'|'.join(words['vicinity']['before'])})\s+$",
        Cue.TOOK_PLACE_BEFORE: rf"\b(?:{'|'.join(words['took_place']['words'])})\b[^.,;:]*?"
        r"\b(?:in|at|near|outside)\s+$",
        Cue.AGENCY_BEHIND: rf"[^\n(]{{0,40}}\((?:{'|'.join(words['dateline']['agencies'])})\b",
        Cue.PART_OF_COUNTRY_BEFORE: r"\b(?:north|south|east|west)\w*(?:[- ]\w+ern)?\s+$",
        Cue.LANDMARK_BEFORE: _before_landmark("at", "struck"),
        Cue.STRUCK_BEFORE: _before_landmark("struck"),
        Cue.STRUCK_BEHIND: rf"(?:['’]s)?\s+(?:{'|'.join(words['landmark']['behind'])})\b",
        Cue.PEOPLE_BEHIND: rf"(?:['’]s)?[- ](?:{'|'.join(words['landmark']['people'])})\b",
        Cue.SEA_BEFORE: rf"\b(?:{'|'.join(words['sea']['before'])})\s+(?:the\s+)?(?:\w+ern\s+)?$",
        Cue.SEA_BEHIND: rf"(?:[- ](?:{'|'.join(words['sea']['behind'])})\b|['’]s\b)",
        Cue.WATER_BEFORE: rf"\b(?:{'|'.join(places['waters']['words'])})\s+of\s+$",
        Cue.BORDER_BEFORE: _before_elsewhere(words["elsewhere"]),
        Cue.NEAR_BEFORE: r"\bnear\s+(?:the\s+)?$",
        Cue.ORIGIN_BEHIND: rf"-(?:{'|'.join(words['elsewhere']['origins'])})\b",
        Cue.TARGET_BEFORE: rf"\b(?:{'|'.join(words['elsewhere']['targets'])})\s+$",
        Cue.SPEAKER_BEHIND: rf"(?:['’]s)?\s+(?:\w+ly\s+)?(?:{'|'.join(words['elsewhere']['speaks'])})\b",
        Cue.ACTOR_BEFORE: rf"\b(?:{'|'.join(words['elsewhere']['by'])})\s+$",
        Cue.ACTOR_BEHIND: rf"(?:'s)?\s+(?:(?:again|also|\w+ly)\s+)?(?:{'|'.join(words['elsewhere']['acts'])})\b",
        Cue.AND_BETWEEN: r"\s*(?:and|&|,)\s+|[-–/]",
        Cue.CREDIT: rf"\([^()]*(?:{'|'.join(words['elsewhere']['credits'])})[^()]*\)\s*$",
        Cue.ALL_OVER_BEFORE: rf"\b(?:{'|'.join(words['spread']['before'])})\s+$",
    }
    as_written = {
        Cue.SITE_NAME: _site_name(),
        Cue.NO_YEAR_BEFORE: r"\b(?:at|around|about|approximately|roughly) $",
        Cue.NO_YEAR_BEHIND: r"\s+block",  # "in the 1900 block of Oak Street"
        Cue.AGE_BEHIND: r", \d{1,2}[,.]",
        Cue.MAGNITUDE: r"\b[Mm]agnitude[- ](?:of )?(?:about |around )?(\d(?:\.\d)?)\b"
        r"|\b(\d(?:\.\d)?)[- ][Mm]agnitude\b|\bM[ -]?(\d\.\d)\b",
        Cue.LONGER_NAME_BEHIND: r" (?:al |el )?[A-Z]",
        Cue.VICINITY_BEHIND: "-area",
        Cue.DATELINE: _DATELINE,
        Cue.TRAVELLER_BEHIND: rf"\s+(?:{'|'.join(words['elsewhere']['travellers'])})\b",
        Cue.AGENT_BEHIND: rf"(?:'s|-led|-backed)?\s+(?!(?:{settlement})\b)[a-z]",
    }
    return {
        **{cue: re.compile(expression, re.IGNORECASE) for cue, expression in ignoring_case.items()},
        **{cue: re.compile(expression) for cue, expression in as_written.items()},
    }


def _before_elsewhere(words: dict[str, list[str]]) -> str:
    from_home = rf"(?:{'|'.join(words['travellers'])}) from"
    return rf"\b(?:{'|'.join([*words['border'], from_home])})\s+$"


def _before_landmark(*keys: str) -> str:
    words = "|".join(word for key in keys for word in table("cues")["landmark"][key])
    return rf"\b(?:{words})\s+(?:the\s+)?$"


def _site_name() -> str:
    """A word of publishers' names, the call letters of an American station, or a domain."""
    words = "|".join(table("cues")["site"]["words"])
    return rf"\b(?:{words}|[WK][A-Z]{{2,3}}(?:-?TV)?)\b|\.(?:com|org|net|co)\b"


def _office(what: str) -> str:
    """An office or hospital in front of a place, which is not where the act was.

    "Turkey's defence ministry in Ankara" (``spoke``), "taken to a hospital in X" (``brought``).
    """
    words = "|".join(table("cues")["offices"][what])
    return rf"\b(?:{words})\b(?:\s+\w+){{0,2}}?\s+(?:in|to|at)\s+$"


def _full_weekdays() -> str:
    return "|".join(names[0] for names in weekday_names())


def _said_on_day() -> str:
    """A verb of saying with a weekday: "said in a statement on Friday", "Friday said"."""
    day = _full_weekdays()
    update = table("tracking")["update"]
    verbs = (*table("cues")["said"]["verbs"], *update["spoken"])
    said, after = "|".join(verbs), "|".join(verb for verb in verbs if verb not in update["loose"])
    return rf"\b(?:{said})(?: in an? \w+)?(?: late| early)?(?: on)? (?:{day})\b|\b(?:{day}) (?:{after})\b"
