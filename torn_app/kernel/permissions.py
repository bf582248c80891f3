"""The permission keys: one list for menu, guard, API and the roles of a new company."""

from enum import StrEnum


class Permission(StrEnum):
    """What a role may do. The `can_*` values are the flags of the contract's role; an ADMINISTRADOR has them all."""

    MEMBER = "member"
    """Belongs to the company: nothing more is asked."""
    SELL = "can_perform_sales"
    RETURN = "can_perform_returns"
    EDIT_PRODUCTS = "can_edit_products"
    VIEW_REPORTS = "can_view_reports"
    MANAGE_USERS = "can_manage_users"
    ADMIN = "admin"
    """Only the role ADMINISTRADOR, or platform staff acting as support."""


FLAGS = (
    Permission.MANAGE_USERS,
    Permission.VIEW_REPORTS,
    Permission.EDIT_PRODUCTS,
    Permission.SELL,
    Permission.RETURN,
)

ADMINISTRADOR, VENDEDOR, BODEGUERO = "ADMINISTRADOR", "VENDEDOR", "BODEGUERO"

DEFAULT_ROLES: dict[str, tuple[str, frozenset[Permission]]] = {
    ADMINISTRADOR: ("Administra la empresa completa", frozenset(FLAGS)),
    VENDEDOR: ("Vende y atiende la caja", frozenset({Permission.SELL})),
    BODEGUERO: ("Mantiene el catálogo, las compras y el stock", frozenset({Permission.EDIT_PRODUCTS})),
}
"""Name -> (description, flags) of the roles each company starts with. VENDEDOR only reads the catalogue, as the
roles guide of the contract says."""
