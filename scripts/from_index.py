"""Fetch one file of a package from pip's index as it is, and run nothing in it: from_index.py NAME FILE SHA256 OUT

For an sdist that is only a container: `pip download` would run its setup.py. It asks pip itself where the index is, so
that a mirror of the machine's configuration serves here too.
"""

import hashlib
import sys
from pathlib import Path

from pip._internal.commands.download import DownloadCommand


def main() -> int:
    """Exit code 1 when the index does not have the file, or it is not the one."""
    name, file, sha256, out = sys.argv[1:]
    command = DownloadCommand("download", "")
    options, _ = command.parse_args([name])
    with command.main_context():
        session = command._build_session(options)
        finder = command._build_package_finder(options, session)
        links = [each.link for each in finder.find_all_candidates(name) if each.link.filename == file]
        if not links:
            print(f"{name}: the index has no {file}", file=sys.stderr)
            return 1
        content = session.get(links[0].url_without_fragment).content
    if hashlib.sha256(content).hexdigest() != sha256:
        print(f"{file}: another SHA-256 than {sha256}", file=sys.stderr)
        return 1
    Path(out).write_bytes(content)
    return 0


if __name__ == "__main__":
    sys.exit(main())
