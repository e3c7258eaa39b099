"""One company: its page, its history, what the team noted about it."""
