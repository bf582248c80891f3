"""`python -m torn_app.certification review|issue|books|simulation|samples`; `--help` says what each takes."""

import sys

from torn_app.certification import options
from torn_app.certification.command import NEED_DATABASE, main
from torn_app.launch import serve

if __name__ == "__main__":
    arguments = sys.argv[1:]
    needs = options.parse(arguments).command in NEED_DATABASE  # before any database is started
    sys.exit(serve.beside(lambda: main(arguments)) if needs else main(arguments))
