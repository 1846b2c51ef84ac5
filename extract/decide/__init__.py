"""What does a report say, given what the components found? Pure choosers: no spaCy, no network, no clock."""
