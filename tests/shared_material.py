"""Where the shared reference material (schemas, samples) is, outside the repository."""

import os
from pathlib import Path

import pytest


def shared_path(*parts: str) -> Path:
    """Return a path in the `shared` folder beside the repository's parent, or in `TORN_SHARED`.

    Skips the test when the material is absent, but fails in CI, where it must be there.
    """
    path = find_shared(*parts)
    if path is None:
        reason = f"shared material {'/'.join(parts)} is not here"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return path


def find_shared(*parts: str) -> Path | None:
    """Return the path, or None when it does not exist."""
    configured = os.environ.get("TORN_SHARED")
    here = Path(__file__).resolve()
    roots = [Path(configured)] if configured else [parent / "shared" for parent in here.parents]
    return next((root.joinpath(*parts) for root in roots if root.joinpath(*parts).exists()), None)
