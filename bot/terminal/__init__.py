"""The same alerts and commands without Telegram: printed and typed."""
