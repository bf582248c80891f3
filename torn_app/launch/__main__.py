"""`python -m torn_app.launch run|dev|prepare|build`."""

import sys

from torn_app.launch import serve

_COMMANDS = {"run": serve.run, "dev": serve.dev, "prepare": serve.prepare, "build": serve.build}

if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in _COMMANDS:
        sys.exit(f"usage: python -m torn_app.launch {'|'.join(_COMMANDS)}")
    sys.exit(_COMMANDS[sys.argv[1]]())
