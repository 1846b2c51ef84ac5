"""How does an English text name places?"""
