"""The words a printed copy uses for the codes of the schema.

Sources: Formato DTE v2.4.2 (code tables), Formato Boleta v4.1, Manual de Muestras Impresas v4.0 (document captions,
receipt box) and Ley 19.983 (receipt sentence). Nothing here decides what is printed: see impresion.py.
"""

from decimal import Decimal
from typing import Final

DOCUMENTOS_REFERIDOS: Final = {
    "30": "Factura",
    "32": "Factura no afecta o exenta",
    "35": "Boleta",
    "38": "Boleta exenta",
    "40": "Liquidación factura",
    "45": "Factura de compra",
    "48": "Comprobante de pago electrónico",
    "50": "Guía de despacho",
    "55": "Nota de débito",
    "60": "Nota de crédito",
    "103": "Liquidación",
    "801": "Orden de compra",
    "802": "Nota de pedido",
    "803": "Contrato",
    "804": "Resolución",
    "805": "Proceso ChileCompra",
    "806": "Ficha ChileCompra",
    "807": "DUS",
    "808": "Conocimiento de embarque",
    "809": "Guía aérea",
    "810": "MIC/DTA",
    "811": "Carta de porte",
    "812": "Resolución del SNA",
    "813": "Pasaporte",
    "814": "Certificado de depósito de la Bolsa de Productos",
    "815": "Vale de prenda de la Bolsa de Productos",
    "820": "Acuerdo de plazo de pago excepcional",
    "HES": "Hoja de entrada de servicio",
    "SET": "Set de pruebas",
}
"""Documents that are only ever referenced (TpoDocRef); the electronic ones are a TipoDte."""

EFECTOS: Final = {"1": "anula el documento", "2": "corrige texto", "3": "corrige montos"}
"""CodRef of a note."""

FORMAS_DE_PAGO: Final = {"1": "Contado", "2": "Crédito", "3": "Sin costo"}
"""FmaPago."""

MEDIOS_DE_PAGO: Final = {
    "1": "Efectivo",
    "2": "Pago electrónico",
    "3": "Transferencia",
    "4": "Cheque",
    "5": "Otro",
    "CH": "Cheque",
    "CF": "Cheque a fecha",
    "LT": "Letra",
    "EF": "Efectivo",
    "PE": "Pago a cuenta corriente",
    "TC": "Tarjeta de crédito",
    "OT": "Otro",
}
"""MedioPago: digits in a boleta, letters in a DTE."""

TRASLADOS: Final = {
    "1": "Operación constituye venta",
    "2": "Venta por efectuar",
    "3": "Consignación",
    "4": "Entrega gratuita",
    "5": "Traslado interno",
    "6": "Otro traslado que no constituye venta",
    "7": "Guía de devolución",
    "8": "Traslado para exportación",
    "9": "Venta para exportación",
}
"""IndTraslado, printed in words on every guide."""

TRASLADO_VENTA: Final = "1"
"""The only IndTraslado whose guide has a cedible copy."""

DESPACHOS: Final = {
    "1": "Por cuenta del comprador",
    "2": "Por cuenta del emisor a instalaciones del cliente",
    "3": "Por cuenta del emisor a otras instalaciones",
}
"""TipoDespacho."""

MARCAS_DE_LINEA: Final = {
    "1": "Exento",
    "2": "No facturable",
    "3": "Garantía de depósito",
    "4": "No constituye venta",
    "5": "Ítem a rebajar",
    "6": "No facturable negativo",
}
"""IndExe of a line."""

AJUSTE_SOBRE: Final = {"1": "exentos", "2": "no facturables"}
"""IndExeDR of a global discount or surcharge."""

MESES: Final = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)

LEY_19983: Final = (
    "El acuse de recibo que se declara en este acto, de acuerdo a lo dispuesto en la letra b) del Art. 4°, y la letra "
    "c) del Art. 5° de la Ley 19.983, acredita que la entrega de mercaderías o servicio(s) prestado(s) ha(n) sido "
    "recibido(s)."
)
"""The sentence of the receipt box of a cedible copy."""

CAMPOS_ACUSE: Final = ("Nombre", "RUT", "Fecha", "Recinto", "Firma")
"""What the receiver fills in, in the order of the Manual de Muestras Impresas."""

SIN_VALIDEZ: Final = "DOCUMENTO DE PRUEBA, SIN VALIDEZ TRIBUTARIA"
"""Mark of a copy whose document was never meant to reach the tax service."""


def numero(valor: Decimal, minimo_decimales: int = 0) -> str:
    """Write a number as people in Chile do: dots for thousands, comma for decimals, no idle zeros.

    `1234.500` becomes `1.234,5`; with `minimo_decimales=2`, `1.234,50`.
    """
    entero, _, decimales = f"{abs(valor):f}".partition(".")
    decimales = decimales.rstrip("0").ljust(minimo_decimales, "0")
    signo = "-" if valor < 0 else ""
    return f"{signo}{int(entero):,}".replace(",", ".") + (f",{decimales}" if decimales else "")


def fecha_corta(iso: str) -> str:
    """Turn `2026-11-20` into `20-11-2026`; other text is returned as it is."""
    partes = iso.split("-")
    return "-".join(reversed(partes)) if len(partes) == 3 else iso


def fecha_larga(iso: str) -> str:
    """Turn `2026-11-20` into `20 de noviembre de 2026`; other text is returned as it is."""
    partes = iso.split("-")
    if len(partes) != 3 or not all(p.isdigit() for p in partes) or not 1 <= int(partes[1]) <= 12:
        return iso
    return f"{int(partes[2])} de {MESES[int(partes[1]) - 1]} de {partes[0]}"
