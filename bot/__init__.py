"""The service: reads sources, extracts incidents, keeps one record of each, and alerts chats."""
