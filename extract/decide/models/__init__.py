"""How are candidates scored by learned weights?"""
