"""What an export document (110, 111, 112) may carry, and what only it may.

Source: SII, Formato DTE v2.4.2, table of obligation per document; schema DTE_v10, body `Exportaciones`.
"""

from collections.abc import Sequence

from torn_app.dte.errores import DocumentoInvalido
from torn_app.dte.exportacion import PESO_CHILENO, RECEPTOR_EXTRANJERO, Exportacion
from torn_app.dte.lineas import DescuentoGlobal, Detalle
from torn_app.dte.partes import Receptor
from torn_app.dte.tipos import TipoDte


def check_export(
    tipo: TipoDte,
    exportacion: Exportacion | None,
    receptor: Receptor,
    detalles: Sequence[Detalle],
    descuentos: Sequence[DescuentoGlobal],
    tipo_despacho: int | None,
) -> None:
    """Refuse an export document that lacks its own matter, or another that has it. Raises DocumentoInvalido."""
    if not tipo.es_exportacion:
        if exportacion is not None:
            raise DocumentoInvalido("exportacion", "Solo los documentos de exportación llevan moneda y aduana")
        if any(row.monto_moneda is not None for row in descuentos):
            raise DocumentoInvalido("descuentos", "Solo los documentos de exportación llevan montos en otra moneda")
        return
    if exportacion is None:
        raise DocumentoInvalido("exportacion", "Un documento de exportación lleva su moneda")
    if receptor.rut != RECEPTOR_EXTRANJERO:
        raise DocumentoInvalido("rut", "El cliente de una exportación va con el RUT 55.555.555-5")
    if tipo is TipoDte.FACTURA_EXPORTACION and not receptor.direccion:
        raise DocumentoInvalido("direccion", "Falta la dirección del cliente, que la factura de exportación exige")
    if tipo_despacho is not None and tipo.es_nota:
        raise DocumentoInvalido("tipo_despacho", "Una nota de exportación no lleva tipo de despacho")
    amounts = [row.monto_moneda for row in descuentos if row.monto_moneda is not None]
    if exportacion.moneda == PESO_CHILENO and any(amount % 1 for amount in amounts):
        raise DocumentoInvalido("descuentos", "En pesos chilenos un descuento global va sin decimales")
    for line in detalles:
        if line.indicador is not None:
            raise DocumentoInvalido("indicador", "Las líneas de una exportación son todas exentas, sin otro indicador")
