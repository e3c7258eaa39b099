"""Where copies go: one file per kind."""
