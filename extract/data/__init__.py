"""Data that belongs to no language: kinds, thresholds, publishers and the gazetteer; each file gives its source."""
