"""Is a text only the beginning of one that is known? Then it was cut off on its way, and says nothing new."""

from __future__ import annotations

import re

# what a shortened text ends with: "...", "[…]"
_CUT_MARK = re.compile(r"[\s\[(.…\])]+$")


def is_cut_off(text: str, known: str) -> bool:
    """Does ``text`` stop within ``known``? White space counts as one space; an equal text isn't cut off."""
    part, whole = (" ".join(_CUT_MARK.sub("", one).split()) for one in (text, known))
    return len(part) < len(whole) and whole.startswith(part)
