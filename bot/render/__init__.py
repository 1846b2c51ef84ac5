"""Pure functions that turn values into messages, and messages into HTML or plain text."""
