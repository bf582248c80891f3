"""Which withholding each line of a purchase invoice carries. Pure.

Source: SII, Formato DTE v2.4.2, CodImpAdic and ImptoReten (codes and rates: `dte.impuestos`).
"""

from collections.abc import Mapping

from torn_app.dte.impuestos import IMPUESTOS, RETENCION_TOTAL, codigo_retencion_total
from torn_app.purchases.errors import WithholdingMissing, WithholdingUnknown

TOTAL = "TOTAL"


def line_code(retencion: str, name: str, product_id: int, by_product: Mapping[int, int], general: int | None) -> int:
    """Return the code of an affected line.

    Args:
        retencion: TOTAL or PARCIAL.
        name: of the product, for a refusal.
        product_id: whose code is looked up in `by_product` before the `general` one.
        by_product: product id -> code.
        general: code of the products without one of their own.

    Raises:
        WithholdingMissing: a partial withholding without a code.
        WithholdingUnknown: the code withholds no VAT.
    """
    code = by_product.get(product_id, general)
    if code is None:
        if retencion != TOTAL:
            raise WithholdingMissing(name=name)
        return RETENCION_TOTAL
    tax = IMPUESTOS.get(code)
    if tax is None or not tax.retiene_iva:
        raise WithholdingUnknown(code=code)
    if retencion != TOTAL:
        return code
    total = codigo_retencion_total(code)
    # A code that never withholds everything (49) leaves the general one.
    return total if IMPUESTOS[total].tasa() == IMPUESTOS[RETENCION_TOTAL].tasa() else RETENCION_TOTAL
