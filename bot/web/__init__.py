"""What do other programs and browsers get? Feeds of incidents, and a page for each, over HTTP on this machine."""
