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

IMPUESTOS: Final = {
    "14": "IVA de margen de comercialización",
    "15": "IVA retenido total",
    "17": "IVA anticipado faenamiento carne",
    "18": "IVA anticipado carne",
    "19": "IVA anticipado harina",
    "23": "Impuesto art. 37 letras a, b, c",
    "24": "ILA licores y destilados",
    "25": "ILA vinos",
    "26": "ILA cervezas",
    "27": "IABA bebidas analcohólicas",
    "271": "IABA bebidas con alto azúcar",
    "28": "Impuesto específico diésel",
    "30": "IVA retenido legumbres",
    "31": "IVA retenido silvestres",
    "32": "IVA retenido ganado",
    "33": "IVA retenido madera",
    "34": "IVA retenido trigo",
    "35": "Impuesto específico gasolina",
    "36": "IVA retenido arroz",
    "37": "IVA retenido hidrobiológicas",
    "38": "IVA retenido chatarra",
    "39": "IVA retenido PPA",
    "41": "IVA retenido construcción",
    "44": "Impuesto art. 37 letras e, h, i, l",
    "45": "Impuesto art. 37 letra j",
    "46": "IVA retenido oro",
    "47": "IVA retenido cartones",
    "48": "IVA retenido frambuesas",
    "49": "Factura de compra sin retención",
    "50": "IVA de margen de instrumentos de prepago",
    "51": "Impuesto gas natural comprimido",
    "52": "Impuesto gas licuado de petróleo",
    "53": "Impuesto retenido suplementeros",
    "301": "IVA retenido legumbres",
    "321": "IVA retenido ganado",
    "331": "IVA retenido madera",
    "341": "IVA retenido trigo",
    "361": "IVA retenido arroz",
    "371": "IVA retenido hidrobiológicas",
    "481": "IVA retenido frambuesas",
}
"""TipoImp of an additional or withheld tax."""

RETENCIONES: Final = frozenset(
    "15 30 31 32 33 34 36 37 38 39 41 46 47 48 49 53 301 321 331 341 361 371 481".split()  # noqa: SIM905 - one table row
)
"""TipoImp that lowers the total, so that it is printed with a minus sign."""

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
