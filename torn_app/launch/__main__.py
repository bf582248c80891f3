"""`python -m torn_app.launch run|dev|prepare|build`, `actecos FILE.csv`, and `rotate-key`."""

import sys

from torn_app.launch import serve

_COMMANDS = {"run": serve.run, "dev": serve.dev, "prepare": serve.prepare, "build": serve.build}


def _rotate_key(options: list[str]) -> int:
    from torn_app.launch import rotation  # late: it loads every table, which the other commands do when they need it

    if options and options != ["--lost"]:
        print(rotation.HELP, end="")
        return 0 if options in (["--help"], ["-h"]) else 2
    lost = bool(options)
    return serve.beside(lambda: rotation.main(lost=lost), check=not lost)


if __name__ == "__main__":
    match sys.argv[1:]:
        case [name] if name in _COMMANDS:
            sys.exit(_COMMANDS[name]())
        case ["actecos", path]:
            sys.exit(serve.import_actecos(path))
        case ["rotate-key", *options]:
            sys.exit(_rotate_key(options))
    sys.exit(f"usage: python -m torn_app.launch {'|'.join(_COMMANDS)}|actecos FILE.csv|rotate-key [--help]")
