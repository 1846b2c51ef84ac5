"""How are questions in plain words answered from the database?"""
