"""How does the service run without Telegram? Alerts are printed, commands are typed."""
