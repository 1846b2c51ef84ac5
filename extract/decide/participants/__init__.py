"""Who and what took part in the event?"""
