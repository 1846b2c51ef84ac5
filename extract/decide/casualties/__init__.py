"""How many people were killed, injured or kidnapped, and how many attacked?"""
