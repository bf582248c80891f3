"""What a document that moves goods should say about the journey: warnings, never refusals.

Source: Res. Ex. SII 154 of 05-11-2025, in force from 01-05-2026; fields of schema DTE_v10 of 06-02-2026.
"""

from datetime import date
from typing import Final

from torn_app.dte.documento import Documento
from torn_app.dte.tipos import TipoDte

VIGENCIA: Final = date(2026, 5, 1)
"""First day of the obligation."""
_FACTURAS: Final = frozenset({TipoDte.FACTURA, TipoDte.FACTURA_EXENTA})


def transport_warnings(documento: Documento) -> tuple[str, ...]:
    """Return, in Spanish, what is missing about the journey of the goods; empty when nothing is.

    It concerns guides, and invoices that go with the goods (they state TipoDespacho), issued from VIGENCIA on.
    """
    tipo, emisor, t = documento.tipo, documento.emisor, documento.transporte
    moves = tipo.es_guia or (tipo in _FACTURAS and documento.tipo_despacho is not None)
    if not moves or documento.fecha_emision < VIGENCIA:
        return ()
    missing = {
        "la dirección y la comuna de origen": not (emisor.direccion and emisor.comuna),
        "la dirección y la comuna de destino": t is None or not (t.direccion_destino and t.comuna_destino),
        "el RUT del transportista": t is None or not t.rut_transportista,
        "el RUT y el nombre del chofer": t is None or not (t.rut_chofer and t.nombre_chofer),
        "la patente del vehículo": t is None or not t.patente,
        "la fecha y la hora de salida": t is None or t.fecha_salida is None or t.hora_salida is None,
    }
    return tuple(f"Falta {what}, que el traslado de bienes debe indicar" for what, lacks in missing.items() if lacks)
