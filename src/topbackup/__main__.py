"""`python -m topbackup` and the program `topbackup`."""


def main() -> None:
    """Run the command line."""
    from topbackup.cli.app import app  # noqa: PLC0415 - importing this module must cost nothing

    app()


if __name__ == "__main__":
    main()
