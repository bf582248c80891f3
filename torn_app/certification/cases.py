"""From cases to documents. A note takes from the case it corrects what its own text does not say. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from torn_app.certification.errors import SetRefused
from torn_app.certification.sets import BOLETAS, Case, Item, TestSet
from torn_app.dte.documento import DescuentoGlobal, Detalle, Documento, Referencia
from torn_app.dte.partes import Emisor, Receptor
from torn_app.dte.tipos import TipoDte
from torn_app.kernel.rut import check_digit

_FIRST_RECEIVER = 77_100_000
_INTERNAL = 5
"""IndTraslado of a move inside the company: its receiver is the issuer itself."""


@dataclass(frozen=True, slots=True)
class Emitted:
    """What a note quotes of the document it corrects."""

    tipo: TipoDte
    folio: int
    fecha: date


def resolve(test_set: TestSet) -> tuple[Case, ...]:
    """Return the cases with every line whole: names, quantities, prices, discounts and exemption.

    Raises SetRefused when a line names nothing in the case it corrects, or still lacks its price or quantity.
    """
    done: dict[int, Case] = {}
    for case in test_set.cases:
        source = done[case.refers_to] if case.refers_to is not None else None
        done[case.number] = _whole(case, source)
    return tuple(done.values())


def _whole(case: Case, source: Case | None) -> Case:
    label = str(case.number)
    if source is None:
        unpriced = case.ind_traslado == _INTERNAL
        if any(item.cantidad is None or (item.precio is None and not unpriced) for item in case.items):
            raise SetRefused(case.line, "a una línea le falta cantidad o precio: caso", label)
        # So that a note, whose type may bear VAT, knows that these lines do not.
        return replace(case, items=tuple(replace(i, exento=i.exento or case.tipo.es_exento) for i in case.items))
    if case.codigo == "2":
        if case.items:
            raise SetRefused(case.line, "una corrección de texto no lleva líneas: caso", label)
        return replace(case, items=(Item(nombre=case.razon or "", precio=Decimal(0)),))
    if case.rebaja_pct is not None:
        part = case.rebaja_pct / 100
        return replace(case, items=tuple(replace(i, precio=(i.precio or Decimal(0)) * part) for i in source.items))
    items = tuple(_inherit(case, item, source) for item in case.items) or source.items
    return replace(case, items=items, descuento_global_pct=source.descuento_global_pct)


def _inherit(case: Case, item: Item, source: Case) -> Item:
    found = [original for original in source.items if original.nombre == item.nombre]
    if len(found) != 1:
        raise SetRefused(case.line, "la línea no está una sola vez en el caso referido:", item.nombre)
    (original,) = found
    return Item(
        nombre=item.nombre,
        cantidad=item.cantidad if item.cantidad is not None else original.cantidad,
        precio=item.precio if item.precio is not None else original.precio,
        unidad=item.unidad or original.unidad,
        descuento_pct=item.descuento_pct if item.descuento_pct is not None else original.descuento_pct,
        exento=original.exento,
    )


def detalles(case: Case) -> tuple[Detalle, ...]:
    """Return the lines of a resolved case."""
    return tuple(
        Detalle(
            nombre=item.nombre,
            cantidad=item.cantidad if item.cantidad is not None else Decimal(1),
            precio=item.precio if item.precio is not None else Decimal(0),
            exento=item.exento,
            unidad=item.unidad,
            descuento_pct=item.descuento_pct,
        )
        for item in case.items
    )


def descuentos(case: Case) -> tuple[DescuentoGlobal, ...]:
    """Return the global discount of a resolved case."""
    return (DescuentoGlobal(pct=case.descuento_global_pct),) if case.descuento_global_pct is not None else ()


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
    body = _FIRST_RECEIVER + first.number
    return Receptor(
        rut=f"{body}-{check_digit(body)}",
        razon_social=f"Cliente de Certificación {first.number} Ltda.",
        giro="Comercio",
        direccion=f"Calle de Prueba {100 + first.number}",
        comuna="Santiago",
        ciudad="Santiago",
    )


def document(
    test_set: TestSet, case: Case, *, emisor: Emisor, fecha: date, emitted: Mapping[int, Emitted]
) -> Documento:
    """Return the document of a resolved case, without its number.

    Its first reference is the set's (Certification: TpoDocRef SET, FolioRef the case, RazonRef `CASO n-m`); the
    next one the document it corrects, which is in `emitted` by case number.
    """
    label = test_set.label(case)
    if case.tipo.es_boleta:
        references = [Referencia(codigo="SET", razon=label)]
    else:
        references = [Referencia(tipo="SET", folio=label.removeprefix("CASO")[1:], fecha=fecha, razon=label)]
    if case.refers_to is not None:
        corrected = emitted[case.refers_to]
        references.append(
            Referencia(
                tipo=str(int(corrected.tipo)),
                folio=str(corrected.folio),
                fecha=corrected.fecha,
                codigo=case.codigo,
                razon=case.razon,
            )
        )
    return Documento(
        tipo=case.tipo,
        fecha_emision=fecha,
        emisor=emisor,
        receptor=receiver(test_set, case, emisor),
        detalles=detalles(case),
        descuentos=descuentos(case),
        referencias=tuple(references),
        indicador_traslado=case.ind_traslado,
        tipo_despacho=case.tipo_despacho,
        montos_brutos=gross_notes(test_set, case),
    )
