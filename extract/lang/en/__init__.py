"""English: its word lists, grammar, place names, questions and learned weights."""
