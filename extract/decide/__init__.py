"""Pure choosers: from what the components found to what a report says. No spaCy, no network, no clock."""
