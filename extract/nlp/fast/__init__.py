"""Faster copies of spaCy's own tokenizer, tok2vec and parser, with equal results."""
