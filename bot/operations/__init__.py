"""What does an operator need? Lease, loops, reload, health, metrics, integrity, backup and log."""
