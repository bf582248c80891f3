"""A purchase on paper: an internal page, not a tax document."""

from torn_app.company import service as company
from torn_app.company.schemas import IssuerOut
from torn_app.infra.work import Work, use_case
from torn_app.inventory.errors import plain
from torn_app.kernel import clock
from torn_app.kernel.money import format_pesos
from torn_app.kernel.permissions import Permission
from torn_app.kernel.rut import format_rut
from torn_app.printing.html import render_page
from torn_app.purchases import service

_NAMES = {"FACTURA": "Factura", "BOLETA": "Boleta", "SIN_DOCUMENTO": "Sin documento"}


@use_case(Permission.EDIT_PRODUCTS)
def purchase_html(work: Work, purchase_id: int, *, auto_print: bool = False) -> str:
    """Return the page of a purchase; with `auto_print` it opens the print dialog when loaded.

    Raises: PurchaseNotFound, IssuerMissing.
    """
    purchase = service.get_purchase(work, purchase_id)
    issuer = IssuerOut.model_validate(company.get_issuer_row(work))
    return render_page(
        "compra.html",
        compra=purchase,
        emisor=issuer,
        rut_emisor=format_rut(issuer.rut),
        rut_proveedor=format_rut(purchase.provider.rut),
        documento=_NAMES[purchase.tipo_documento],
        fecha=clock.santiago_date(purchase.fecha_compra).strftime("%d-%m-%Y"),
        lineas=[
            {
                "codigo": line.product.codigo_interno,
                "nombre": line.product.full_name,
                "cantidad": plain(line.cantidad).replace(".", ","),
                "costo": _unit_cost(plain(line.precio_costo_unitario)),
                "subtotal": format_pesos(line.subtotal),
            }
            for line in purchase.details
        ],
        neto=format_pesos(purchase.monto_neto),
        iva=format_pesos(purchase.iva),
        total=format_pesos(purchase.monto_total),
        auto_print=auto_print,
    )


def _unit_cost(text: str) -> str:
    whole, _, decimals = text.partition(".")
    return format_pesos(int(whole)) + (f",{decimals}" if decimals else "")
