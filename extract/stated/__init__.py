"""Facts that a document states in fields -> a report. No language model reads anything here."""

from extract.stated.report import stated_report

__all__ = ["stated_report"]
