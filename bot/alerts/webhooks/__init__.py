"""How are other programs told of changes? Each change that is told is posted to them, signed, until they took it."""
