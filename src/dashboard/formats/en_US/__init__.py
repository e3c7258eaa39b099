"""How American English writes times."""
