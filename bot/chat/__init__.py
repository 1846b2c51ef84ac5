"""Telegram: the only package that imports it. Updates in, messages out."""
