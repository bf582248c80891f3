"""Where things are: the repository, and the folder with everything this machine keeps."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The repository."""

STATE = ROOT / ".torn"
"""Everything this machine keeps: database, secret key, stamps, logs. Removing it is a fresh start."""
