"""Questions in plain English: what is asked for. Pure: no database, no clock, no spaCy."""

from extract.ask.query import Condition, Measure, Period, Query, Reading, Spot, Trouble
from extract.ask.read import Asker

__all__ = ["Asker", "Condition", "Measure", "Period", "Query", "Reading", "Spot", "Trouble"]
