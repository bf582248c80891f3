"""`python -m torn_app.launch run|dev|prepare|build`, `actecos FILE.csv`, and `rotate-key`."""

import sys

from torn_app.launch import serve

_COMMANDS = {"run": serve.run, "dev": serve.dev, "prepare": serve.prepare, "build": serve.build}

if __name__ == "__main__":
    match sys.argv[1:]:
        case [name] if name in _COMMANDS:
            sys.exit(_COMMANDS[name]())
        case ["actecos", path]:
            sys.exit(serve.import_actecos(path))
        case ["rotate-key"]:
            sys.exit(serve.rotate_key())
        case ["rotate-key", "--help" | "-h"]:
            from torn_app.launch.rotation import HELP

            print(HELP, end="")
            sys.exit(0)
    sys.exit(f"usage: python -m torn_app.launch {'|'.join(_COMMANDS)}|actecos FILE.csv|rotate-key [--help]")
