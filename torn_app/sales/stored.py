"""What a signed document says, as parts of another one that repeats it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from torn_app.dte.documento import DescuentoGlobal, Detalle, IndicadorLinea, Movimiento, Referencia
from torn_app.dte.lectura_valores import DescuentoLeido, DteLeido, LineaLeida, ReferenciaLeida
from torn_app.kernel.money import Pesos


@dataclass(frozen=True, slots=True)
class StoredParts:
    """Lines, discounts on the whole and references, which give the same totals to the peso."""

    detalles: tuple[Detalle, ...]
    descuentos: tuple[DescuentoGlobal, ...]
    referencias: tuple[Referencia, ...]


def stored_parts(read: DteLeido, codes: Mapping[int, tuple[int, ...]] | None = None) -> StoredParts:
    """Return the parts of a document as it was signed: not as its products are today.

    `codes`: line number -> additional taxes, of a boleta, which has no field for them.
    """
    on_exempt_type = read.tipo.es_exento
    return StoredParts(
        tuple(
            _detalle(row, (codes or {}).get(row.numero, row.codigos_impuesto), on_exempt_type=on_exempt_type)
            for row in read.lineas
        ),
        tuple(_descuento(row, foreign=read.tipo.es_exportacion) for row in read.descuentos),
        tuple(_referencia(row) for row in read.referencias),
    )


def _detalle(row: LineaLeida, codes: tuple[int, ...], *, on_exempt_type: bool) -> Detalle:
    pct, surcharge_pct = row.descuento_pct or None, row.recargo_pct or None
    special = row.indicador_exencion if row.indicador_exencion != 1 else None
    return Detalle(
        nombre=row.nombre,
        # A line of nothing carries neither (Formato DTE v2.4.2, QtyItem and PrcItem).
        cantidad=Decimal(1) if row.cantidad is None else row.cantidad,
        precio=Decimal(0) if row.precio is None else row.precio,
        exento=row.indicador_exencion == 1 and not on_exempt_type,
        codigo=row.codigo,
        unidad=row.unidad,
        descripcion=row.descripcion,
        descuento_pct=pct,
        descuento_monto=Pesos(row.descuento_monto) if row.descuento_monto and pct is None else None,
        recargo_pct=surcharge_pct,
        recargo_monto=Pesos(row.recargo_monto) if row.recargo_monto and surcharge_pct is None else None,
        indicador=None if special is None else IndicadorLinea(special),
        codigos_impuesto=codes,
        base_faena=None if row.base_faena is None else Pesos(row.base_faena),
        margen=None if row.margen is None else Pesos(row.margen),
    )


def _descuento(row: DescuentoLeido, *, foreign: bool) -> DescuentoGlobal:
    return DescuentoGlobal(
        pct=row.valor if row.es_porcentaje else None,
        monto=None if row.es_porcentaje or foreign else Pesos(int(row.valor)),
        monto_moneda=row.valor if foreign and not row.es_porcentaje else None,
        movimiento=Movimiento(row.movimiento),
        sobre_exento=row.indicador_exencion == 1,
        glosa=row.glosa,
        sobre_no_facturable=row.indicador_exencion == 2,
    )


def _referencia(row: ReferenciaLeida) -> Referencia:
    return Referencia(
        tipo=row.tipo, folio=row.folio, fecha=row.fecha, codigo=row.codigo, razon=row.razon, es_global=row.es_global
    )
