"""Does what we are certain of stand? The first probability of each incident against its settled record.

An incident stood if another origin confirms it, and fell if it was retracted or is denied. One that rests on a single
origin which nobody confirmed or denied is neither: it is counted apart, and no score is made of it.

The scores: Brier, G. W. (1950), Verification of forecasts expressed in terms of probability; expected calibration error
after Naeini, Cooper & Hauskrecht (2015); intervals of a share after Wilson (1927), 95 %.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from bot.types import Settled
from extract.types import Certainty, Frozen

BINS = 10
# fewer settled incidents than this say nothing
LEAST = 20
CERTAINTIES = (Certainty.OBSERVED, Certainty.LIKELY, Certainty.POSSIBLE, Certainty.UNLIKELY)
_Z = 1.96


class Share(Frozen, frozen=True, kw_only=True):
    """How many of ``n`` settled incidents stood; ``said`` is the mean of their first probabilities.

    ``unsettled`` more incidents rest on one origin.
    """

    n: int
    stood: int
    said: float
    unsettled: int = 0

    @property
    def observed(self) -> float:
        """The share that stood, 0 to 1."""
        return self.stood / self.n

    @property
    def interval(self) -> tuple[float, float]:
        """The interval in which the true share lies, 95 of 100 times."""
        p, n, z2 = self.observed, self.n, _Z * _Z
        middle = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = _Z * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
        return max(0.0, middle - half), min(1.0, middle + half)


class Calibration(Frozen, frozen=True, kw_only=True):
    """How well certainty was calibrated: ``bins`` by probability, ``words`` by the word on the card; none is empty.

    ``brier`` and ``error`` (the expected calibration error) are between 0 and 1, None where ``settled`` is less than
    ``LEAST``. ``unsettled`` incidents rest on one origin that nobody confirmed or denied.
    """

    bins: tuple[Share, ...]
    words: tuple[tuple[Certainty, Share], ...]
    settled: int
    unsettled: int
    brier: float | None
    error: float | None


def calibrate(incidents: Iterable[Settled]) -> Calibration:
    """The scores of incidents, and how many of each bin and word stood."""
    known = [(one, has_stood(one)) for one in incidents]
    judged = [(one, stood) for one, stood in known if stood is not None]
    bins = [_share([pair for pair in known if _bin(pair[0]) == number]) for number in range(BINS)]
    words = [(word, _share([pair for pair in known if pair[0].certainty is word])) for word in CERTAINTIES]
    found = tuple(one for one in bins if one is not None)
    is_enough = len(judged) >= LEAST
    return Calibration(
        bins=found,
        words=tuple((word, one) for word, one in words if one is not None),
        settled=len(judged),
        unsettled=len(known) - len(judged),
        brier=_brier(judged) if is_enough else None,
        error=sum(one.n * abs(one.said - one.observed) for one in found) / len(judged) if is_enough else None,
    )


def has_stood(one: Settled) -> bool | None:
    """Did it stand? None where nobody confirmed or denied it."""
    if one.is_taken_back:
        return False
    return True if one.origins > 1 else None


def _bin(one: Settled) -> int:
    return min(BINS - 1, int(one.probability * BINS))


def _share(known: Sequence[tuple[Settled, bool | None]]) -> Share | None:
    """The share of incidents that stood; None where none is settled."""
    judged = [(one, stood) for one, stood in known if stood is not None]
    if not judged:
        return None
    said = sum(one.probability for one, _ in judged) / len(judged)
    stood = sum(stood for _, stood in judged)
    return Share(n=len(judged), stood=stood, said=said, unsettled=len(known) - len(judged))


def _brier(judged: Sequence[tuple[Settled, bool]]) -> float:
    return sum((one.probability - stood) ** 2 for one, stood in judged) / len(judged)
