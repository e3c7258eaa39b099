"""Who may come in, what each may do, and the record of who changed what."""
