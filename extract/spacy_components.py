"""Which components can be used in anybody's spaCy pipeline? Those that are imported here, for the languages there are.

spaCy imports this module by itself where this package is installed (entry point ``spacy_factories``), so that
``spacy.blank("en").add_pipe("tocsin_triggers")`` works; else importing it does the same.
"""

from __future__ import annotations

from extract.lang import LANGUAGES
from extract.lang.en.casualties.component import casualties
from extract.lang.en.time_expressions import times
from extract.nlp import extensions
from extract.nlp.components.attribution import attribution
from extract.nlp.components.sentences import sentences
from extract.nlp.components.triggers import triggers
from extract.nlp.components.weapons import weapons
from extract.nlp.registration import offer

__all__ = ["attribution", "casualties", "sentences", "times", "triggers", "weapons"]

extensions.register()
for _language in LANGUAGES.values():
    offer(_language)
