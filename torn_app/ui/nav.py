"""The one list of places a person can go. Menu, bottom bar and home page read it; only pages that exist are in it."""

from dataclasses import dataclass

from torn_app.kernel.permissions import Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """A page of the menu."""

    label: str
    icon: str
    route: str
    permission: Permission
    group: str
    on_phone: bool = False
    """Whether it takes one of the five places of the bottom bar."""


SALES = "Ventas"
PRODUCTS = "Productos"
PEOPLE = "Clientes y proveedores"
REPORTS = "Reportes"
SETTINGS = "Ajustes"

ENTRIES: tuple[Entry, ...] = (
    Entry("Vender", "store", "/pos", Permission.SELL, SALES, on_phone=True),
    Entry("Caja", "wallet", "/caja", Permission.SELL, SALES, on_phone=True),
    Entry("Historial", "history", "/historial", Permission.MEMBER, SALES, on_phone=True),
    Entry("Productos", "package", "/inventario", Permission.MEMBER, PRODUCTS, on_phone=True),
    Entry("Clientes", "users", "/clientes", Permission.MEMBER, PEOPLE, on_phone=True),
)
"""In the order of the menu, groups together. At most five are `on_phone`."""

GROUPS: tuple[str, ...] = tuple(dict.fromkeys(entry.group for entry in ENTRIES))


def home_of(permissions: list[str]) -> str:
    """Return the first page a person may open, or the page that says there is none."""
    for entry in ENTRIES:
        if entry.permission.value in permissions:
            return entry.route
    return "/sin-permiso"
