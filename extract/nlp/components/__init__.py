"""spaCy components that every language can have."""
