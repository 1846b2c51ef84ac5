"""What does a question in English ask for?"""
