"""The spaCy run time that every language can use."""
