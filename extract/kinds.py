"""Which kinds of incident are there, and what is each called elsewhere?"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, cached_property
from importlib import resources
from typing import Any

import msgspec
from rapidfuzz.distance import OSA

from extract.types import Codes, Frozen, Severity

_LEAST_LETTERS = 6  # of a misspelt word for a kind


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


class Group(Frozen, frozen=True, kw_only=True):
    """Kinds that people name by one word; ``words`` are further names of it."""

    label: str
    kinds: tuple[str, ...]
    words: tuple[str, ...] = ()


class Held(Frozen, frozen=True, kw_only=True):
    """Kinds that another kind holds; with ``weapons`` (types as in reports) only those done with one of them."""

    kinds: tuple[str, ...]
    weapons: tuple[str, ...] = ()


class Kinds(Mapping[str, Kind]):
    """All kinds by slug, in the order of the data file; ``wide``: groups by name; ``holds``: what a kind holds."""

    def __init__(
        self,
        kinds: Mapping[str, Kind],
        wide: Mapping[str, Group] | None = None,
        holds: Mapping[str, Held] | None = None,
    ) -> None:
        self._kinds = dict(kinds)
        self.wide = dict(wide or {})
        self.holds = dict(holds or {})

    def __getitem__(self, slug: str) -> Kind:
        return self._kinds[slug]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    @cached_property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Group slug -> slugs of its kinds."""
        return _groups(self._kinds)

    def find(self, word: str) -> tuple[str, ...]:
        """The slugs of the kinds that a person means by a word, with those that they hold; () if it names none.

        The word is a slug, label, plural or other word of a kind, or the name of a group. What a kind holds only with
        certain weapons is not among them: see ``counts_as``.
        """
        return self._by_word.get(_fold(word), ())

    def find_similar(self, word: str) -> tuple[str, ...]:
        """``find`` for a word with one misspelt letter, from six letters on; () if it is near to none or to several."""
        key = _fold(word)
        if len(key) < _LEAST_LETTERS or key in self._by_word:
            return ()
        near = {
            self._by_word[one] for one in self._by_word if len(one) >= _LEAST_LETTERS and OSA.distance(key, one) == 1
        }
        return near.pop() if len(near) == 1 else ()

    def counts_as(self, slug: str, weapons: Collection[str]) -> tuple[str, ...]:
        """A kind, and those that hold it where it was done with such weapons: a killing with firearms is a shooting."""
        armed = (kind for kind, held in self.holds.items() if slug in held.kinds and set(held.weapons) & set(weapons))
        return (slug, *armed)

    def armed(self, slugs: Iterable[str]) -> Held:
        """The other kinds that may count as one of these, and the weapons they must have been done with."""
        wanted = tuple(slugs)
        held = [held for kind, held in self.holds.items() if kind in wanted and held.weapons]
        return Held(
            kinds=tuple(dict.fromkeys(slug for one in held for slug in one.kinds if slug not in wanted)),
            weapons=tuple(dict.fromkeys(weapon for one in held for weapon in one.weapons)),
        )

    def named(self, slugs: Collection[str]) -> str:
        """The group whose kinds are exactly these, or the kind that holds exactly these; "" if there is none."""
        return self._by_content.get(frozenset(slugs), "")

    def compatible(self, slug: str) -> tuple[str, ...]:
        """``slug`` itself, then every kind that the same incident may be called, earlier or later."""
        return self._compatible[slug]

    def _with_held(self, slug: str) -> tuple[str, ...]:
        held = self.holds.get(slug)
        return (slug, *held.kinds) if held is not None and not held.weapons else (slug,)

    @cached_property
    def _by_word(self) -> dict[str, tuple[str, ...]]:
        out: dict[str, tuple[str, ...]] = {}
        for group, slugs in self.groups.items():
            out[_fold(group)] = slugs
        for kind in self.values():
            for word in kind.words:
                found = out.get(_fold(word), ()) if _fold(word) not in map(_fold, self.groups) else ()
                out[_fold(word)] = tuple(dict.fromkeys((*found, *self._with_held(kind.slug))))
        for kind in self.values():
            for word in (kind.slug, kind.label, kind.plural):
                out[_fold(word)] = self._with_held(kind.slug)
        for name, wide in self.wide.items():
            for word in (name, wide.label, *wide.words):
                out[_fold(word)] = wide.kinds
        return out

    @cached_property
    def _by_content(self) -> dict[frozenset[str], str]:
        held = {frozenset(self._with_held(slug)): slug for slug in self.holds}
        return {frozenset(group.kinds): name for name, group in self.wide.items()} | held

    @cached_property
    def _compatible(self) -> dict[str, tuple[str, ...]]:
        out = {slug: [slug, *kind.turns_into] for slug, kind in self.items()}
        for slug, kind in self.items():
            for other in kind.turns_into:
                out[other].append(slug)
        return {slug: tuple(dict.fromkeys(others)) for slug, others in out.items()}


def load_kinds() -> Kinds:
    """The table of kinds, read from ``data/kinds.toml`` and ``data/kind_groups.toml``.

    Raises:
        msgspec.ValidationError: a block lacks a key or has a value of the wrong type; it names the key path.
        KeyError: ``turns_into`` or a group names a kind that isn't there.
    """
    rows = {slug: {"slug": slug, **row} for slug, row in _toml("kinds").items()}
    found = msgspec.convert(rows, dict[str, Kind])
    wider = msgspec.convert(_toml("kind_groups"), _Wider)
    groups = _groups(found)
    wide = {
        name: Group(
            label=row.label,
            kinds=tuple(dict.fromkeys((*(slug for one in row.groups for slug in groups[one]), *row.kinds))),
            words=row.words,
        )
        for name, row in wider.groups.items()
    }
    kinds = Kinds(found, wide, wider.holds)
    for slug in (*kinds, *(slug for group in wide.values() for slug in group.kinds)):
        kinds.compatible(slug)
    return kinds


@cache
def packaged_kinds() -> Kinds:
    """``load_kinds``, read once per process."""
    return load_kinds()


class _GroupRow(Frozen, frozen=True, kw_only=True):
    label: str
    words: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


class _Wider(Frozen, frozen=True, kw_only=True):
    groups: dict[str, _GroupRow]
    holds: dict[str, Held]


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((resources.files("extract") / "data" / f"{name}.toml").read_text(encoding="utf-8"))


def _groups(kinds: Mapping[str, Kind]) -> dict[str, tuple[str, ...]]:
    out: dict[str, list[str]] = {}
    for kind in kinds.values():
        out.setdefault(kind.group, []).append(kind.slug)
    return {group: tuple(slugs) for group, slugs in out.items()}


def _fold(word: str) -> str:
    """One form for ``Car-Bombings``, ``car bombing`` and ``car_bombing``: lower case, spaces, no plural."""
    folded = " ".join(word.casefold().replace("_", " ").replace("-", " ").split())
    if not folded.endswith("s") or folded.endswith("ss"):
        return folded
    singular = folded[:-1]
    return singular[:-2] + "y" if singular.endswith("ie") else singular
