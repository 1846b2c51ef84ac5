"""How is an article of a language parsed? By a spaCy model, if the language has one, then by its components."""

from __future__ import annotations

import importlib
import importlib.util
import re
from collections.abc import Callable, Iterable, Iterator

import spacy
from spacy.language import Language
from spacy.lookups import Lookups
from spacy.pipeline import Tok2Vec
from spacy.tokens import Doc

from extract.language import Cue
from extract.language import Language as TextLanguage
from extract.nlp import extensions, paragraph_filter
from extract.nlp.components import attribution, plain_counts, plain_days, sentences, triggers, weapons
from extract.nlp.fast import parser, tok2vec, tokenizer
from extract.text.casing import is_all_caps, true_case
from extract.text.layout import Layout
from extract.types import Article

# components that replace one of the model, at a fraction of its cost
_REPLACEMENTS = {"tok2vec": "tocsin_vectors", "parser": "tocsin_parser"}
# components of a model that no other component uses
_UNUSED = ("attribute_ruler", "lemmatizer")
# the spelling attributes that the model, its parser and the components use
_LEXEME_ATTRIBUTES = frozenset({"LOWER", "NORM", "PREFIX", "SUFFIX", "SHAPE", "IS_SPACE", "LIKE_NUM", "LANG"})
# these modules register the components that every language can have
_REGISTERED = (attribution, parser, plain_counts, plain_days, sentences, tok2vec, triggers, weapons)


class ModelMissingError(LookupError):
    """The spaCy model of a language is not installed; the text says what to install."""


def build(language: TextLanguage, model: str = "") -> Language:
    """The spaCy pipeline of a language; ``model`` names an installed spaCy package to use in place of its own.

    Raises:
        ModelMissingError: the language reads with a model, and none of its models is installed.
    """
    extensions.register()
    for module in language.pipeline.modules:
        importlib.import_module(module)
    nlp = _parser_of(language, model)
    nlp.add_pipe("tocsin_paragraphs", first=True)
    for name in language.pipeline.components:
        nlp.add_pipe(name)
    tokenizer.cache_words(nlp)
    tokenizer.keep_only_attributes(nlp, _LEXEME_ATTRIBUTES)
    return nlp


def _parser_of(language: TextLanguage, model: str) -> Language:
    """The model's tokenizer, tagger and parser; without a model spaCy's blank tokenizer and sentencizer."""
    if not language.pipeline.models:
        nlp = spacy.blank(language.code)
        nlp.add_pipe("sentencizer")
        return nlp
    nlp = spacy.load(_installed(language, model), exclude=["ner"])
    nlp.select_pipes(disable=[name for name in _UNUSED if name in nlp.pipe_names])
    for name, replacement in _REPLACEMENTS.items():
        if name == "tok2vec" and not _has_supported_tok2vec(nlp):
            continue
        nlp.add_pipe(replacement, after=name)
        nlp.select_pipes(disable=[name])
    return nlp


def read(
    nlp: Language, language: TextLanguage, article: Article, layout: Layout, is_common: Callable[[str], bool]
) -> Doc:
    """Runs the pipeline over a laid-out article; an all-capitals text is read in ordinary case, offsets unchanged."""
    return nlp(_prepared(nlp, language, article, layout, is_common))


def read_all(
    nlp: Language,
    language: TextLanguage,
    articles: Iterable[tuple[Article, Layout]],
    is_common: Callable[[str], bool],
) -> Iterator[Doc]:
    """``read`` for many articles, in their order; they are parsed in batches, which is faster."""
    docs = (_prepared(nlp, language, article, layout, is_common) for article, layout in articles)
    return nlp.pipe(docs, batch_size=parser.WINDOW)


def common_words(nlp: Language) -> Callable[[str], bool]:
    """A function that says whether a lower-case word is an ordinary word of the language.

    It uses the stop words and, if the model has a lemmatizer, its word lists (for English those of WordNet).
    """
    known: set[str] = set(nlp.Defaults.stop_words)
    endings: list[tuple[str, str]] = []
    if "lemmatizer" not in nlp.component_names:
        return known.__contains__
    lookups: Lookups = nlp.get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]
    for part in ("noun", "verb", "adj", "adv"):
        index, exceptions, rules = (lookups.get_table(f"lemma_{name}") for name in ("index", "exc", "rules"))
        known.update(index.get(part, ()))
        known.update(exceptions.get(part, {}))
        endings += [(old, new) for old, new in rules.get(part, ()) if old]

    def is_common(word: str) -> bool:
        word = re.sub(r"'s$", "", word)
        if word in known:
            return True
        return any(word.endswith(old) and word[: len(word) - len(old)] + new in known for old, new in endings)

    return is_common


def _prepared(
    nlp: Language, language: TextLanguage, article: Article, layout: Layout, is_common: Callable[[str], bool]
) -> Doc:
    text = true_case(layout.plain, is_common) if is_all_caps(layout.plain) else layout.plain
    unparsed = paragraph_filter.unparsed(layout, language.lexicon)
    doc = nlp.make_doc(paragraph_filter.blanked(text, (*unparsed, *_dateline(language, layout))))
    extensions.lay(doc, language, article, layout, text, unparsed)
    return doc


def _dateline(language: TextLanguage, layout: Layout) -> tuple[tuple[int, int], ...]:
    """Start and end of the dateline of the text, if it has one: its names are no people of the first sentence."""
    match = language.cue(Cue.DATELINE).match(layout.plain, layout.shift)
    return (match.span(),) if match is not None and not is_all_caps(layout.plain) else ()


def _has_supported_tok2vec(nlp: Language) -> bool:
    """Whether the model's ``tok2vec`` has the structure of those of spaCy's small models."""
    pipe = nlp.get_pipe("tok2vec")
    return isinstance(pipe, Tok2Vec) and tok2vec.is_supported(pipe)


def _installed(language: TextLanguage, model: str) -> str:
    for name in (model,) if model else language.pipeline.models:
        if importlib.util.find_spec(name) is not None:
            return name
    wanted = model or language.pipeline.models[0]
    raise ModelMissingError(
        f"the spaCy model {wanted!r} is not installed: install it, or name another under [extract] model"
    )
