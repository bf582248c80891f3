"""Changing the mode of a company. What was only tried out leaves nothing behind.

A sale of PRUEBA or CERTIFICACION moves stock and debts for real while it lasts, so that trying out shows what selling
will be like. When the mode is left, what its sales moved goes back: the kardex and the accounts say so.
"""

from sqlalchemy import select

from torn_app.cash import service as cash
from torn_app.company import service as company
from torn_app.company.models import Issuer
from torn_app.company.schemas import IssuerOut, IssuerPatch
from torn_app.customers import service as customers
from torn_app.infra.work import Work, use_case
from torn_app.inventory import service as inventory
from torn_app.inventory.service import StockChange
from torn_app.kernel.permissions import Permission
from torn_app.products import queries as products
from torn_app.sales.models import Sale

PRODUCCION = "PRODUCCION"

_sale = Sale.__table__  # type: ignore[attr-defined]


@use_case(Permission.ADMIN)
def update_issuer(work: Work, data: IssuerPatch) -> IssuerOut:
    """Change the issuer. Changing its mode takes back what the former one, unless it was PRODUCCION, did to stock and
    debts.

    Raises:
        IssuerIncomplete: the first time, without rut, razon_social, giro or acteco.
        ShiftsStillOpen: the mode changes while somebody is at a till.
    """
    before = work.session.get(Issuer, 1, with_for_update=True)
    if before is not None and data.ambiente not in (None, before.ambiente):
        cash.refuse_open_shifts(work)
        if before.ambiente != PRODUCCION:
            _take_back(work, before.ambiente)
    return company.update_issuer(work, data)


def _take_back(work: Work, ambiente: str) -> None:
    description = f"Fin del modo {ambiente}"
    of_mode = select(_sale.c.id).where(_sale.c.ambiente == ambiente)
    moved = inventory.moved_since_count(work, of_mode)
    changes = [
        StockChange(
            product_id=found.id,
            name=found.full_name,
            quantity=-moved[found.id],
            motivo="AJUSTE",
            description=description,
        )
        for found in products.load_for_sale(work, moved.keys()).values()
    ]
    inventory.move(work, changes)
    customers.take_back(work, ambiente, description)
