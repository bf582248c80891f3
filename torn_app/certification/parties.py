"""Who receives the document of a case: the texts name nobody, so each one is another invented company."""

from torn_app.certification.sets import BOLETAS, Case, TestSet
from torn_app.dte.exportacion import RECEPTOR_EXTRANJERO
from torn_app.dte.partes import Emisor, Receptor
from torn_app.dte.tipos import TipoDte
from torn_app.kernel.rut import check_digit

_FIRST_RECEIVER = 77_100_000
_FIRST_SUPPLIER = 77_200_000
_INTERNAL = 5
"""IndTraslado of a move inside the company: its receiver is the issuer itself."""


def gross_notes(test_set: TestSet, case: Case) -> bool:
    """Tell whether a note repeats prices with VAT (field MntBruto): it corrects a boleta."""
    return test_set.attention == BOLETAS and case.tipo.es_nota


def receiver(test_set: TestSet, case: Case, emisor: Emisor) -> Receptor:
    """Return who receives a case: another one each time, but for a note that of the document it corrects."""
    if case.tipo.es_boleta:
        return Receptor()
    # The buyer of a boleta is nobody known: its credit note may name the issuer itself (SII, FAQ 001.380.6571).
    if case.ind_traslado == _INTERNAL or gross_notes(test_set, case):
        return Receptor(
            rut=emisor.rut,
            razon_social=emisor.razon_social,
            giro=emisor.giro,
            direccion=emisor.direccion,
            comuna=emisor.comuna,
            ciudad=emisor.ciudad,
        )
    by_number = {one.number: one for one in test_set.cases}
    first = case
    while first.refers_to is not None:
        first = by_number[first.refers_to]
    if case.exportacion is not None:
        return Receptor(
            rut=RECEPTOR_EXTRANJERO,
            razon_social=f"Cliente de Certificación {first.number} Ltd.",
            giro="Comercio",
            direccion=f"Calle de Prueba {100 + first.number}",
            nacionalidad=case.exportacion.nacionalidad,
        )
    if first.tipo is TipoDte.FACTURA_COMPRA:
        return supplier(first.number)
    body = _FIRST_RECEIVER + first.number
    return Receptor(
        rut=f"{body}-{check_digit(body)}",
        razon_social=f"Cliente de Certificación {first.number} Ltda.",
        giro="Comercio",
        direccion=f"Calle de Prueba {100 + first.number}",
        comuna="Santiago",
        ciudad="Santiago",
    )


def supplier(number: int) -> Receptor:
    """Return an invented supplier: the seller of a purchase invoice, the issuer of a row of the purchases book."""
    body = _FIRST_SUPPLIER + number
    return Receptor(
        rut=f"{body}-{check_digit(body)}",
        razon_social=f"Proveedor de Certificación {number} Ltda.",
        giro="Comercio",
        direccion=f"Calle de Compras {100 + number}",
        comuna="Santiago",
        ciudad="Santiago",
    )
