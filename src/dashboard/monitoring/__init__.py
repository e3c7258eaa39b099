"""Companies and their runs: tables, evidence, cards and the pages that show them."""
