"""How do reports become incidents, and how are incidents corrected, explained and found?"""
