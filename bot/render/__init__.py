"""How things look: pure functions from values to messages, and from messages to HTML or plain text."""
