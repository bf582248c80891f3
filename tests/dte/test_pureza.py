"""The fiscal core stays pure: what it may import is listed here, and nothing else."""

import ast
import sys
from pathlib import Path

import pytest

import torn_app.dte

FILES = sorted(Path(torn_app.dte.__file__).parent.glob("*.py"))
ALLOWED = {"torn_app.dte", "torn_app.kernel", "lxml", "cryptography"}
IMPURE = {"os", "random", "secrets", "socket", "time", "subprocess", "pathlib", "io", "urllib", "http", "sqlite3"}


def imported(tree: ast.AST) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_imports_nothing_of_the_outside(file: Path) -> None:
    for name in imported(ast.parse(file.read_text("utf-8"))):
        root = name.split(".")[0]
        assert root not in IMPURE, name
        inside = any(name == allowed or name.startswith(f"{allowed}.") for allowed in ALLOWED)
        assert inside or root in sys.stdlib_module_names, name


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_reads_no_clock_and_uses_no_binary_fractions(file: Path) -> None:
    tree = ast.parse(file.read_text("utf-8"))
    for node in ast.walk(tree):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), f"float in line {node.lineno}"
        assert not (isinstance(node, ast.Name) and node.id in {"float", "open"}), f"{node.id} in line {node.lineno}"
        called = node.func if isinstance(node, ast.Call) else None
        assert not (isinstance(called, ast.Attribute) and called.attr in {"now", "today", "utcnow"})
