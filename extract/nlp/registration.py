"""How is a component registered with spaCy, so that it works in this package's pipeline and in anybody's?

This package's pipeline lays an article out before its components run. In another one (``spacy.blank("en")``) nothing
has done that: the first component that meets such a ``Doc`` lays out its text, as that of an article without a title,
and finds its sentences. Which language's words are looked for is told by the code of the pipeline.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import cast

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry

from extract.language import Language as TextLanguage
from extract.nlp import extensions
from extract.text.layout import PLAIN, lay_out
from extract.types import Article

Component = Callable[[Doc], Doc]

# a language that texts can be read in is a function of this name in spaCy's registry "misc": it returns the Language
_NAME = "tocsin.language.{code}"
_SENTENCES = "doc._.sentences"


class LanguageMissingError(LookupError):
    """The words of a pipeline's language are not known; the text says of which they are."""


def offer(language: TextLanguage) -> None:
    """Make a language known to components in other pipelines."""
    registry.misc.register(_NAME.format(code=language.code), func=lambda: language)


def component(name: str, *, assigns: Iterable[str], requires: Iterable[str] = ()) -> Callable[[Component], Component]:
    """Register a function as spaCy's ``Language.component`` does, for pipelines of anybody's too."""

    needs_sentences = _SENTENCES in requires

    def register(find: Component) -> Component:
        @wraps(find)
        def run(doc: Doc) -> Doc:
            if not extensions.is_laid_out(doc):
                _lay_out(doc)
            if needs_sentences and not extensions.has_sentences(doc):
                registry.factories.get("tocsin_sentences")(None, "tocsin_sentences")(doc)
            return find(doc)

        Language.component(name, assigns=list(assigns), requires=list(requires), func=run)
        return run

    return register


def _lay_out(doc: Doc) -> None:
    """Lay out the text of a ``Doc``; when it was published is ``doc._.published``, if that is set."""
    extensions.register()
    language, text = _language_of(doc), doc.text
    article = Article(id="", text=text, published=doc._.published, lang=language.code)
    layout = lay_out(article, forms=language.forms, limit=len(text))
    extensions.lay(doc, language, article, layout, text.translate(PLAIN))


def _language_of(doc: Doc) -> TextLanguage:
    name = _NAME.format(code=doc.lang_)
    if name not in registry.misc:
        prefix = _NAME.format(code="")
        known = sorted(other.removeprefix(prefix) for other in registry.misc.get_all() if other.startswith(prefix))
        raise LanguageMissingError(
            f"no words are known of the pipeline's language, {doc.lang_!r}; they are of: {', '.join(known)}"
        )
    return cast(TextLanguage, registry.misc.get(name)())
