"""Which kinds of incident are there, and what is each called elsewhere?"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import resources

import msgspec

from extract.types import Codes, Frozen, Severity


class Kind(Frozen, frozen=True, kw_only=True):
    """One kind of incident, as ``data/kinds.toml`` describes it.

    ``specificity`` settles ties: the words of a more specific kind say more (a "suicide bomber" is more than an
    "attack"; 1 is usual). ``hours`` and ``km`` are how far apart two reports on one incident of this kind can be.
    ``lasting``: an incident of this kind goes on for days and is news on each of them; of any other kind, two days are
    two events. ``words`` are further words that people use for it. ``turns_into`` are the kinds that the same incident
    may be called once more is known; ``Kinds.compatible`` is the symmetric form.
    """

    slug: str
    label: str
    plural: str
    group: str
    severity: Severity
    scale: str = "accident"
    specificity: float = 1.0
    hours: float
    km: float
    lasting: bool = False
    words: tuple[str, ...] = ()
    turns_into: tuple[str, ...] = ()
    codes: Codes = Codes()


class Kinds(Mapping[str, Kind]):
    """All kinds by slug, in the order of the data file."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self._kinds = dict(kinds)

    def __getitem__(self, slug: str) -> Kind:
        return self._kinds[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    @cached_property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Group slug -> slugs of its kinds."""
        out: dict[str, list[str]] = {}
        for kind in self.values():
            out.setdefault(kind.group, []).append(kind.slug)
        return {group: tuple(slugs) for group, slugs in out.items()}

    def find(self, word: str) -> tuple[str, ...]:
        """The slugs of the kinds meant by ``word``, which is a slug, label, plural, group or other word; () if none."""
        return self._by_word.get(_fold(word), ())

    def compatible(self, slug: str) -> tuple[str, ...]:
        """``slug`` itself, then every kind that the same incident may be called, earlier or later."""
        return self._compatible[slug]

    @cached_property
    def _by_word(self) -> dict[str, tuple[str, ...]]:
        out: dict[str, tuple[str, ...]] = {}
        for kind in self.values():
            for word in kind.words:
                out[_fold(word)] = (*out.get(_fold(word), ()), kind.slug)
        for kind in self.values():
            for word in (kind.slug, kind.label, kind.plural):
                out[_fold(word)] = (kind.slug,)
        for group, slugs in self.groups.items():
            out[_fold(group)] = tuple(dict.fromkeys((*slugs, *out.get(_fold(group), ()))))
        return out

    @cached_property
    def _compatible(self) -> dict[str, tuple[str, ...]]:
        out = {slug: [slug, *kind.turns_into] for slug, kind in self.items()}
        for slug, kind in self.items():
            for other in kind.turns_into:
                out[other].append(slug)
        return {slug: tuple(dict.fromkeys(others)) for slug, others in out.items()}


def load_kinds() -> Kinds:
    """The table of kinds, read from ``data/kinds.toml``.

    Raises:
        msgspec.ValidationError: a block lacks a key or has a value of the wrong type; it names the key path.
        KeyError: ``turns_into`` names a kind that isn't there.
    """
    text = (resources.files("extract") / "data" / "kinds.toml").read_text(encoding="utf-8")
    rows = {slug: {"slug": slug, **row} for slug, row in tomllib.loads(text).items()}
    kinds = Kinds(msgspec.convert(rows, dict[str, Kind]))
    for slug in kinds:
        kinds.compatible(slug)
    return kinds


def _fold(word: str) -> str:
    """One form for ``Car-Bombings``, ``car bombing`` and ``car_bombing``: lower case, spaces, no plural."""
    folded = " ".join(word.casefold().replace("_", " ").replace("-", " ").split())
    return folded[:-1] if folded.endswith("s") and not folded.endswith("ss") else folded
