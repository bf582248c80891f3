"""Documents and their states in the words of the shop: what a row, a panel or a ticket calls them."""

from torn_app.dte.tipos import TipoDte

NAMES: dict[int, str] = {
    TipoDte.FACTURA: "Factura",
    TipoDte.FACTURA_EXENTA: "Factura exenta",
    TipoDte.BOLETA: "Boleta",
    TipoDte.BOLETA_EXENTA: "Boleta exenta",
    TipoDte.GUIA_DESPACHO: "Guía de despacho",
    TipoDte.NOTA_DEBITO: "Nota de débito",
    TipoDte.NOTA_CREDITO: "Nota de crédito",
    TipoDte.FACTURA_EXPORTACION: "Factura de exportación",
    TipoDte.NOTA_DEBITO_EXPORTACION: "Nota de débito de exportación",
    TipoDte.NOTA_CREDITO_EXPORTACION: "Nota de crédito de exportación",
}
"""Document type -> its everyday name."""

STATES: dict[str, tuple[str, str, str]] = {
    "PENDIENTE": ("Por emitir", "plain", "Registrada, aún sin firmar"),
    "FIRMADO": ("En camino", "plain", "Emitida y firmada"),
    "ENVIANDO": ("En camino", "plain", "Enviándose al SII"),
    "ENVIADO": ("Enviada", "plain", "Enviada al SII, que la está revisando"),
    "ACEPTADO": ("Aceptada", "ok", "Aceptada por el SII"),
    "REPAROS": ("Con reparos", "warn", "Aceptada por el SII con reparos"),
    "RECHAZADO": ("Rechazada", "bad", "Rechazada por el SII"),
    "VERIFICAR": ("Por verificar", "warn", "El SII no confirmó si la recibió"),
    "ERROR": ("Sin enviar", "bad", "No se pudo enviar al SII"),
    "SIMULADO": ("De prueba", "test", "De prueba: no se envía al SII ni tiene validez"),
}
"""State of a document -> short word, tone of its mark, and the sentence that explains it."""


def document_name(tipo: int) -> str:
    """Return the everyday name of a document type, as `Boleta`."""
    return NAMES.get(tipo, "Documento")


def thousands(number: int) -> str:
    """Write a document number: `10.482`."""
    return f"{number:,}".replace(",", ".")
