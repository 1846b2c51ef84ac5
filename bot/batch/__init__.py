"""Which commands process a file or a database and end? Most read JSON Lines and write JSON Lines."""
