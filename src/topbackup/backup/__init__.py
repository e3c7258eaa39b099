"""The way of a backup: `run.py` tells it from end to end."""
