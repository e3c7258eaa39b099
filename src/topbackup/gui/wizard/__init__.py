"""The setup wizard's screens over topbackup.setup: `faces` says what to show, the pages show it."""
