"""`python -m topbackup` and the program `topbackup`."""

import sys


def main() -> None:
    """Run the command line."""
    from topbackup.cli.app import main as command_line  # noqa: PLC0415 - importing this module must cost nothing

    sys.exit(command_line())


if __name__ == "__main__":
    main()
