"""`python -m topbackup` and the program `topbackup`."""

import sys


def main() -> None:
    """Run the command line."""
    # Here, not at the top: importing this module must cost nothing, and Ctrl-C may come while they are read.
    try:
        from topbackup.cli.door import through  # noqa: PLC0415

        sys.exit(through(_command_line))
    except KeyboardInterrupt:
        sys.exit(130)


def _command_line() -> int:
    from topbackup.cli.app import main as command_line  # noqa: PLC0415 - see above

    return command_line()


if __name__ == "__main__":
    main()
