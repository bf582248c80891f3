"""The nevers of the architecture, as programs. Each failure names the rule and why it is there."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from torn_app.launch.places import ROOT

APP = ROOT / "torn_app"
FILES = sorted(APP.rglob("*.py"))
ORDER = (
    "saas",
    "company",
    "users",
    "auth",
    "customers",
    "inventory",
    "products",
    "price_lists",
    "cash",
    "folios",
    "documents",
    "certification",
    "sales",
    "purchases",
    "reports",
    "onboarding",
)
"""Who may call whom: a package uses services of packages above it, never below."""
MONEY_PACKAGES = ("kernel", "dte")


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def package_of(path: Path) -> str:
    parts = path.relative_to(APP).parts
    return parts[0] if len(parts) > 1 else ""


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imports_of(path: Path) -> Iterator[str]:
    """Every module and name a file imports, dotted."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_under(name: str, *modules: str) -> bool:
    return any(name == module or name.startswith(module + ".") for module in modules)


def files(package: str | None = None, *names: str) -> list[Path]:
    return [p for p in FILES if (package is None or package_of(p) == package) and (not names or p.name in names)]


def offenders(paths: list[Path], *forbidden: str, allowed: tuple[str, ...] = ()) -> list[str]:
    return sorted(
        f"{module_of(path)} imports {name}"
        for path in paths
        for name in set(imports_of(path))
        if is_under(name, *forbidden) and not is_under(name, *allowed)
    )


def calls_of(path: Path) -> Iterator[tuple[str, int]]:
    """The dotted names a file calls, as written, with their lines."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node.lineno


def test_kernel_knows_nothing_of_torn() -> None:
    found = offenders(files("kernel"), "torn_app", allowed=("torn_app.kernel",))
    assert not found, "kernel is below everything"


def test_the_fiscal_core_is_pure() -> None:
    """Bytes and values in and out: no package of ours but the kernel, nothing that reads a database, the web, the
    clock, files, the environment or chance."""
    found = offenders(files("dte"), "torn_app", allowed=("torn_app.dte", "torn_app.kernel"))
    found += offenders(
        [*files("dte"), *files(None, "rules.py")],
        *("sqlmodel", "sqlalchemy", "reflex", "fastapi", "starlette", "httpx", "os", "random", "secrets", "time"),
        "torn_app.settings",
        "torn_app.infra",
    )
    clocks = ("now", "today", "utcnow", "open", "clock.now")
    found += [
        f"{module_of(path)}:{line} calls {name}"
        for path in [*files("dte"), *files(None, "rules.py")]
        for name, line in calls_of(path)
        if name.rsplit(".", 1)[-1] in clocks
    ]
    assert not found, "the fiscal core takes time, keys and data as arguments"


def test_models_know_neither_screens_nor_services() -> None:
    found = offenders(files(None, "models.py"), "reflex", "fastapi")
    found += [line for path in files(None, "models.py") for line in offenders([path], "torn_app") if ".service" in line]
    assert not found, "tables are below services"


def test_services_know_no_door() -> None:
    found = offenders(
        files(None, "service.py", "queries.py", "rules.py", "payment_methods.py", "printing.py"),
        *("reflex", "fastapi", "starlette", "torn_app.api", "torn_app.ui"),
    )
    assert not found, "the same service answers API, screen and job"


def test_packages_call_upwards_only() -> None:
    found = []
    for position, package in enumerate(ORDER):
        below = tuple(f"torn_app.{name}" for name in ORDER[position + 1 :])
        services = [p for p in files(package) if p.name not in ("api.py", "models.py") and "page" not in p.stem]
        services = [p for p in services if "state" not in p.stem]
        found += offenders(services, *below)
    assert not found, f"a package may use those before it: {' > '.join(ORDER)}"


def test_doors_meet_only_services() -> None:
    doors = [p for p in FILES if p.name == "api.py" or "state" in p.stem or "page" in p.stem]
    found = [
        f"{module_of(path)} imports {name}"
        for path in doors
        for name in set(imports_of(path))
        if name.startswith("torn_app.") and ".models" in name
    ]
    found += offenders(doors, "sqlalchemy", "sqlmodel", "torn_app.infra.db", "torn_app.infra.tenancy")
    found += [
        f"{module_of(path)} imports {name}"
        for path in doors
        for name in set(imports_of(path))
        if name.startswith("torn_app.")
        and ((path.name == "api.py" and "state" in name.split(".")[-1]) or (path.name != "api.py" and ".api" in name))
    ]
    assert not found, "routes and screens call services, not tables, and not each other"


def test_pages_call_no_service() -> None:
    pages = [p for p in FILES if p.stem == "page" or p.stem.endswith("_page")]
    found = [
        f"{module_of(path)} imports {name}" for path in pages for name in set(imports_of(path)) if ".service" in name
    ]
    assert not found, "a page draws; its state calls"


def test_only_the_unit_of_work_commits() -> None:
    found = [
        f"{module_of(path)}:{line} calls {name}"
        for path in FILES
        for name, line in calls_of(path)
        if name.endswith(".commit") and module_of(path) != "torn_app.infra.work"
    ]
    assert not found, "a use case commits whole or not at all, in infra/work.py"


def test_money_is_never_binary() -> None:
    exact = [*files("kernel"), *files("dte"), *files(None, "rules.py", "schemas.py", "models.py")]
    found = [
        f"{module_of(path)}:{node.lineno}"
        for path in exact
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Name) and node.id == "float"
        # The one conversion, on the way out to JSON.
        if module_of(path) != "torn_app.kernel.fields"
    ]
    assert not found, "amounts are int or Decimal"


def test_one_clock() -> None:
    found = [
        f"{module_of(path)}:{line} calls {name}"
        for path in FILES
        for name, line in calls_of(path)
        if name.rsplit(".", 1)[-1] in ("now", "today", "utcnow") and name.split(".")[0] in ("datetime", "date")
        if module_of(path) != "torn_app.kernel.clock"
    ]
    assert not found, "time comes from kernel.clock or from work.now"


def test_one_reader_of_the_environment() -> None:
    found = [
        f"{module_of(path)}:{node.lineno}"
        for path in FILES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
        if package_of(path) != "launch" and module_of(path) != "torn_app.settings"
    ]
    assert not found, "configuration is read once, in settings.py"


def test_only_folios_take_folios_and_only_inventory_moves_stock() -> None:
    found = [
        f"{module_of(path)}:{line} calls {name}"
        for path in FILES
        for name, line in calls_of(path)
        if (name.endswith("folios.take") and package_of(path) != "documents")
    ]
    found += [
        f"{module_of(path)} imports {name}"
        for path in FILES
        for name in set(imports_of(path))
        # Reading is free: a query may join the shelf to the product.
        if name.endswith((".StockLevel", ".StockMovement"))
        and package_of(path) != "inventory"
        and path.stem != "queries"
    ]
    assert not found, "one door for numbers, one for stock"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(APP)))
def test_files_are_read_in_one_sitting(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    limit = 150 if path.stem == "state" or path.stem.endswith("_state") else 400
    assert lines <= limit, f"{lines} lines; split it by use case"
