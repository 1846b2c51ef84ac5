"""Questions in plain English: what is asked for. Pure: no database, no clock, no spaCy."""

from extract.lang.en.questions.parser import Asker
from extract.query import Condition, Measure, Period, Query, Reading, Spot, Trouble

__all__ = ["Asker", "Condition", "Measure", "Period", "Query", "Reading", "Spot", "Trouble"]
