"""Pictures, drawn here and without a network: maps of incidents, and charts. Values in, PNG bytes out."""
