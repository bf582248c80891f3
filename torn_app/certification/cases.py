"""From cases to documents. A note takes from the case it corrects what its own text does not say. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from torn_app.certification.errors import SetRefused
from torn_app.certification.parties import gross_notes, receiver
from torn_app.certification.sets import Case, ExportFacts, Item, TestSet
from torn_app.dte.documento import DescuentoGlobal, Detalle, Documento, Exportacion, Movimiento, Referencia
from torn_app.dte.exportacion import PESO_CHILENO, Aduana
from torn_app.dte.impuestos import RETENCION_TOTAL
from torn_app.dte.partes import Emisor
from torn_app.dte.tipos import TipoDte

_INTERNAL = 5
"""IndTraslado of a move inside the company: nothing is sold, so it may lack prices."""


@dataclass(frozen=True, slots=True)
class Emitted:
    """What a note quotes of the document it corrects."""

    tipo: TipoDte
    folio: int
    fecha: date


def resolve(test_set: TestSet) -> tuple[Case, ...]:
    """Return the cases with every line whole: names, quantities, prices, discounts, exemption and withholding.

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
        # So that a note, whose type may bear or withhold VAT, knows what these lines do.
        exempt, withheld = case.tipo.es_exento, case.tipo is TipoDte.FACTURA_COMPRA
        items = [replace(i, exento=i.exento or exempt, retenido=withheld and not i.exento) for i in case.items]
        return replace(case, items=tuple(items))
    export = _exported(case, source.exportacion)
    if case.codigo == "2":
        if case.items:
            raise SetRefused(case.line, "una corrección de texto no lleva líneas: caso", label)
        exempt = all(item.exento for item in source.items)
        line = Item(nombre=case.razon or "", precio=Decimal(0), exento=exempt)
        return replace(case, items=(line,), exportacion=export)
    if case.rebaja_pct is not None:
        part = case.rebaja_pct / 100
        return replace(case, items=tuple(replace(i, precio=(i.precio or Decimal(0)) * part) for i in source.items))
    items = [_inherit(case, item, source) for item in case.items] or list(source.items)
    return replace(case, items=tuple(items), descuento_global_pct=source.descuento_global_pct, exportacion=export)


def _exported(case: Case, source: ExportFacts | None) -> ExportFacts | None:
    """Return what a note of export repeats: currency, buyer and countries; surcharges only when it cancels."""
    if source is None:
        return None
    customs = None
    if source.aduana is not None:
        customs = Aduana(pais_receptor=source.aduana.pais_receptor, pais_destino=source.aduana.pais_destino)
    return replace(
        source,
        forma_pago=None,
        aduana=customs,
        referencias=(),
        recargos=source.recargos if case.codigo == "1" else (),
    )


def _inherit(case: Case, item: Item, source: Case) -> Item:
    found = [original for original in source.items if original.nombre == item.nombre]
    if len(found) != 1:
        raise SetRefused(case.line, "la línea no está una sola vez en el caso referido:", item.nombre)
    (original,) = found
    return replace(
        original,
        cantidad=item.cantidad if item.cantidad is not None else original.cantidad,
        precio=item.precio if item.precio is not None else original.precio,
        unidad=item.unidad or original.unidad,
        descuento_pct=item.descuento_pct if item.descuento_pct is not None else original.descuento_pct,
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
            recargo_pct=item.recargo_pct,
            codigos_impuesto=(RETENCION_TOTAL,) if item.retenido else (),
        )
        for item in case.items
    )


def descuentos(case: Case) -> tuple[DescuentoGlobal, ...]:
    """Return the global discount and surcharges of a resolved case."""
    rows = [DescuentoGlobal(pct=case.descuento_global_pct)] if case.descuento_global_pct is not None else []
    surcharges = case.exportacion.recargos if case.exportacion else ()
    rows += [
        DescuentoGlobal(monto_moneda=amount, movimiento=Movimiento.RECARGO, glosa=name) for name, amount in surcharges
    ]
    return tuple(rows)


def exportacion(case: Case, rates: Mapping[str, Decimal]) -> Exportacion | None:
    """Return currency and customs of a resolved case; `rates` are pesos per unit of each currency."""
    facts = case.exportacion
    if facts is None:
        return None
    return Exportacion(
        moneda=facts.moneda,
        tipo_cambio=None if facts.moneda == PESO_CHILENO else rates.get(facts.moneda),
        forma_pago=facts.forma_pago,
        aduana=facts.aduana,
    )


def document(
    test_set: TestSet,
    case: Case,
    *,
    emisor: Emisor,
    fecha: date,
    emitted: Mapping[int, Emitted],
    rates: Mapping[str, Decimal] | None = None,
) -> Documento:
    """Return the document of a resolved case, without its number.

    Its first reference is the set's (Certification: TpoDocRef SET, FolioRef the case, RazonRef `CASO n-m`); then come
    the document it corrects, which is in `emitted` by case number, and the customs documents the text names.
    """
    return Documento(
        tipo=case.tipo,
        fecha_emision=fecha,
        emisor=emisor,
        receptor=receiver(test_set, case, emisor),
        detalles=detalles(case),
        descuentos=descuentos(case),
        referencias=tuple(_references(test_set, case, fecha, emitted)),
        indicador_servicio=case.exportacion.servicio if case.exportacion else None,
        indicador_traslado=case.ind_traslado,
        tipo_despacho=case.tipo_despacho,
        montos_brutos=gross_notes(test_set, case),
        exportacion=exportacion(case, rates or {}),
    )


def _references(test_set: TestSet, case: Case, fecha: date, emitted: Mapping[int, Emitted]) -> list[Referencia]:
    label = test_set.label(case)
    if case.tipo.es_boleta:
        found = [Referencia(codigo="SET", razon=label)]
    else:
        found = [Referencia(tipo="SET", folio=label.removeprefix("CASO")[1:], fecha=fecha, razon=label)]
    if case.refers_to is not None:
        corrected = emitted[case.refers_to]
        found.append(
            Referencia(
                tipo=str(int(corrected.tipo)),
                folio=str(corrected.folio),
                fecha=corrected.fecha,
                codigo=case.codigo,
                razon=case.razon,
            )
        )
    for tipo, words in case.exportacion.referencias if case.exportacion else ():
        # The text names the customs document and not its number: its name stands in the place of it.
        found.append(Referencia(tipo=tipo, folio=words.partition(" (")[0], fecha=fecha, razon=words))
    return found
