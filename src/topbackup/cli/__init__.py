"""The command line: one file a command, --json everywhere, exit codes of design §4.7."""
