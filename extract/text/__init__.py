"""Texts before any language is known: layout, phrases, numbers in digits, keys of names."""
