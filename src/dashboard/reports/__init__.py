"""Evidence on paper: a month by company."""
