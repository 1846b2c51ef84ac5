"""Who and what does an English text name as a participant?"""
