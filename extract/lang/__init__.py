"""Which languages can be read? One folder each; ``LANGUAGES`` lists them by BCP 47 language subtag."""

from __future__ import annotations

from extract.lang.ar import ARABIC
from extract.lang.en.language import ENGLISH
from extract.lang.es import SPANISH
from extract.lang.fr import FRENCH
from extract.lang.pt import PORTUGUESE
from extract.lang.ru import RUSSIAN
from extract.lang.tr import TURKISH
from extract.lang.uk import UKRAINIAN
from extract.lang.ur import URDU
from extract.language import Language

_LANGUAGES = (ENGLISH, ARABIC, FRENCH, PORTUGUESE, RUSSIAN, SPANISH, TURKISH, UKRAINIAN, URDU)
LANGUAGES: dict[str, Language] = {language.code: language for language in _LANGUAGES}

__all__ = ["ENGLISH", "LANGUAGES", "Language"]
