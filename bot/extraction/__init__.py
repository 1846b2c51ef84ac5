"""How are articles extracted outside the service's own process?"""
