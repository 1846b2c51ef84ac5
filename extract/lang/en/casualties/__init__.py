"""Which numbers of people does an English text give, and what happened to them?"""
