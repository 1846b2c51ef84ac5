"""In which language, time zone and direction is a text shown?"""
