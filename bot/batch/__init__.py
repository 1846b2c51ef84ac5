"""The commands that read a file or a database, work it through and end: JSON Lines in, JSON Lines out."""
