"""`python -m torn_app.launch.web ...`: the server process, after a look at its key. The arguments are granian's.

A worker that refuses to serve would be started again and again; here the whole server ends at once, with the reason.
"""

import os
import sys

from torn_app.infra import canary

if __name__ == "__main__":
    try:
        canary.check()
    except canary.WrongSecret as error:
        sys.exit(f"Torn: {error}")
    os.execv(sys.executable, [sys.executable, "-m", "granian", *sys.argv[1:]])  # noqa: S606 - our own interpreter
