"""Where things are: the repository, and the folder with everything this machine keeps."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The repository."""

STATE = Path(os.environ.get("TORN_STATE") or ROOT / ".torn").resolve()
"""Everything this machine keeps: database, secret key, logs. Removing it is a fresh start."""
