"""Where did the event happen?"""
