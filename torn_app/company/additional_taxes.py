"""Taxes besides VAT that a product may carry: the list to choose from."""

from torn_app.company.schemas import AdditionalTaxOut
from torn_app.dte.impuestos import DE_PRODUCTO
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission


@use_case(Permission.MEMBER)
def list_additional_taxes(work: Work) -> list[AdditionalTaxOut]:
    """Return the taxes in force today that a product may carry, by code."""
    return [
        AdditionalTaxOut(codigo=row.codigo, nombre=row.nombre, tasa=row.tasa(work.today))
        for row in sorted(DE_PRODUCTO, key=lambda row: row.codigo)
    ]
