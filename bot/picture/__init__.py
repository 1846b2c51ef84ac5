"""How are maps of incidents and charts drawn? Without a network; each function takes values and returns PNG bytes."""
