"""`python -m torn_app.certification review|issue|simulation|samples --company RUT --file SET --out FOLDER`."""

import sys

from torn_app.certification.command import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
