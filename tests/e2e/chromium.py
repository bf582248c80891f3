"""The browser of the tests: whichever Chromium the machine has, or one installed now.

`python -m tests.e2e.chromium` finds or installs it and prints where it is.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


class NoChromium(RuntimeError):
    """There is no browser and none could be installed. The message says how to get one."""


def find() -> Path | None:
    """The path of a Chromium on this machine: CHROMIUM if set, a system one, or Playwright's own."""
    if chosen := os.environ.get("CHROMIUM"):
        return Path(chosen)
    for name in _NAMES:
        if found := shutil.which(name):
            return Path(found)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
    return next((path for path in (_MAC, own) if path.exists()), None)


def find_or_install() -> Path:
    """The path of a Chromium, installed first if there is none. Raises NoChromium."""
    if found := find():
        return found
    attempts = [[sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]]
    if os.geteuid() == 0 and shutil.which("apt-get"):
        attempts += [["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]]
    else:
        attempts[0].remove("--with-deps")  # needs root
    for command in attempts:
        print(f"No Chromium yet: {' '.join(command)}", flush=True)  # noqa: T201 - takes minutes, somebody is waiting
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600)
        if found := find():
            return found
    raise NoChromium("install Chromium or Chrome, or set CHROMIUM to the path of one")


if __name__ == "__main__":
    print(find_or_install())  # noqa: T201
