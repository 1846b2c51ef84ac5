"""How are sources read safely? Kinds of source, fetching, parsing, and when to read again."""
