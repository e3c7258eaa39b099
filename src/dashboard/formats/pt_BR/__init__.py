"""How Brazilian Portuguese writes times."""
