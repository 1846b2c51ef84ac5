"""Which codes of other vocabularies (GTD, PLOVER) does an incident have, by its kind, weapons and casualties?"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import msgspec

from extract.decide.kind import KindChoice
from extract.decide.participants.choose import Participants
from extract.kinds import Kinds
from extract.lexicon import shared_table
from extract.nlp.mentions import CountField, MentionRole
from extract.types import Codes, Count, CountState


def codes_of(
    kinds: Kinds,
    choice: KindChoice,
    participants: Participants,
    counts: dict[str, Count],
    singled_out: Collection[MentionRole] = (),
) -> Codes:
    """The kind's codes, unless a row of ``data/codes.toml`` gives others; an armed assault with bombs has both.

    ``singled_out``: whether an office holder, or the home or car of one, was targeted.
    """
    codes = kinds[choice.kind].codes
    weapons = {w.type for w in participants.weapons}
    rule = shared_table("codes")["assassination"]
    if (MentionRole.OFFICE_HOLDER in singled_out and choice.kind in rule["kinds"]) or (
        MentionRole.OFFICE_HOLDER_HOME in singled_out and choice.kind in rule["at_home"]
    ):
        return msgspec.structs.replace(codes, gtd=kinds["assassination"].codes.gtd)
    both = shared_table("codes")["with_bombs"]
    also = next((k for k in choice.also if k in both["also"]), None)
    if choice.kind in both["kinds"] and also and both["with"] in weapons:
        gtd = tuple(dict.fromkeys((*codes.gtd, *kinds[also].codes.gtd)))
        return msgspec.structs.replace(codes, gtd=gtd, plover=f"{codes.plover}, {both['with']}")
    fitting = next(
        (row for row in shared_table("codes")["gtd"] if _fits(row, choice.kind, weapons, _harm(counts))), None
    )
    return codes if fitting is None else msgspec.structs.replace(codes, gtd=tuple(fitting["codes"]))


def _fits(row: dict[str, Any], kind: str, weapons: set[str | None], harm: bool | None) -> bool:
    return (
        kind in row["kinds"]
        and (not row.get("with") or bool(weapons & set(row["with"])))
        and row.get("harm", harm) is harm
    )


def _harm(counts: dict[str, Count]) -> bool | None:
    """Was anybody killed or injured? None where the text does not say."""
    both = [counts[field] for field in (CountField.KILLED, CountField.INJURED) if field in counts]
    if any(c.state is CountState.COUNTED and (c.low or 0) > 0 for c in both):
        return True
    return False if both and all(c.state is CountState.NONE for c in both) else None
