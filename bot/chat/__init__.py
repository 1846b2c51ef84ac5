"""How does the service receive updates from Telegram and send messages? The only package that imports ``telegram``."""
