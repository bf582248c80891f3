"""`python -m torn_app.certification review|issue|simulation|samples --company RUT --file SET --out FOLDER`."""

import sys

from torn_app.certification.command import NEED_DATABASE, main
from torn_app.launch import serve

if __name__ == "__main__":
    arguments = sys.argv[1:]
    needs = bool(arguments) and arguments[0] in NEED_DATABASE and not {"-h", "--help"} & set(arguments)
    sys.exit(serve.beside(lambda: main(arguments)) if needs else main(arguments))
