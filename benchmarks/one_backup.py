"""One backup by the command line's own code; prints the process's largest resident set, in getrusage's unit."""

import contextlib
import io
import resource
import sys

from topbackup.cli.app import app

try:
    with contextlib.redirect_stdout(io.StringIO()):
        app(["backup", "--agenda", "1", "--json", "--config", sys.argv[1]])
except SystemExit as end:
    if end.code:
        raise
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
