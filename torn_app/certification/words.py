"""The words of the tax service's test texts and what they mean on a document. A word not here stops the reader.

All are compared by `plain`; those of exports are in export_words.py.
"""

import re
import unicodedata
from typing import Final

from torn_app.certification.sets import Treatment
from torn_app.dte.tipos import TipoDte


def plain(text: str) -> str:
    """Return a text in capitals, without accents and with single spaces: for recognising words, never for keeping."""
    decomposed = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).upper().split())


DOCUMENTOS: Final = {
    "FACTURA ELECTRONICA": TipoDte.FACTURA,
    "FACTURA NO AFECTA O EXENTA ELECTRONICA": TipoDte.FACTURA_EXENTA,
    "FACTURA EXENTA ELECTRONICA": TipoDte.FACTURA_EXENTA,
    "FACTURA DE COMPRA ELECTRONICA": TipoDte.FACTURA_COMPRA,
    "GUIA DE DESPACHO": TipoDte.GUIA_DESPACHO,
    "GUIA DE DESPACHO ELECTRONICA": TipoDte.GUIA_DESPACHO,
    "NOTA DE DEBITO ELECTRONICA": TipoDte.NOTA_DEBITO,
    "NOTA DE CREDITO ELECTRONICA": TipoDte.NOTA_CREDITO,
    "FACTURA DE EXPORTACION ELECTRONICA": TipoDte.FACTURA_EXPORTACION,
    "NOTA DE DEBITO DE EXPORTACION ELECTRONICA": TipoDte.NOTA_DEBITO_EXPORTACION,
    "NOTA DE CREDITO DE EXPORTACION ELECTRONICA": TipoDte.NOTA_CREDITO_EXPORTACION,
}
REFERIDOS: Final = {
    **{name: frozenset({tipo}) for name, tipo in DOCUMENTOS.items()},
    "FACTURA": frozenset({TipoDte.FACTURA, TipoDte.FACTURA_EXENTA, TipoDte.FACTURA_EXPORTACION}),
    "FACTURA DE COMPRA": frozenset({TipoDte.FACTURA_COMPRA}),
    "FACTURA DE EXPORTACION": frozenset({TipoDte.FACTURA_EXPORTACION}),
    "NOTA DE CREDITO": frozenset({TipoDte.NOTA_CREDITO, TipoDte.NOTA_CREDITO_EXPORTACION}),
    "NOTA DE DEBITO": frozenset({TipoDte.NOTA_DEBITO, TipoDte.NOTA_DEBITO_EXPORTACION}),
}
"""How a note names the document it corrects; the short names leave something to the case it points at."""
COLUMNAS: Final = {
    "ITEM": "nombre",
    "CANTIDAD": "cantidad",
    "UNIDAD MEDIDA": "unidad",
    "PRECIO UNITARIO": "precio",
    "VALOR UNITARIO": "precio",
    "VALOR LINEA": "valor",
    "DESCUENTO ITEM": "descuento_pct",
}
RAZONES: Final = (("ANULA ", "1"), ("CORRIGE ", "2"), ("DEVOLUCION DE ", "3"), ("MODIFICA MONTO", "3"))
"""How a reason starts, and field CodRef (Formato DTE v2.4.2, zone Referencia)."""
MOTIVOS: Final = {
    "VENTA": 1,
    "VENTAS POR EFECTUAR": 2,
    "CONSIGNACIONES": 3,
    "ENTREGA GRATUITA": 4,
    "TRASLADO DE MATERIALES ENTRE BODEGAS DE LA EMPRESA": 5,
    "TRASLADOS INTERNOS": 5,
    "OTROS TRASLADOS NO VENTA": 6,
    "GUIA DE DEVOLUCION": 7,
}
"""Field IndTraslado (Formato DTE v2.4.2, IdDoc)."""
TRASLADOS: Final = {
    "CLIENTE": 1,
    "EMISOR DEL DOCUMENTO AL LOCAL DEL CLIENTE": 2,
    "EMISOR DEL DOCUMENTO A OTRAS INSTALACIONES": 3,
}
"""Field TipoDespacho."""
CONSEJOS: Final = (
    "IMPORTANTE:",
    "INDICACION:",
    "INDICACIONES GENERALES:",
    "SE DEBE ADJUNTAR EJEMPLAR TRIBUTARIO Y CEDIBLE DE LOS DOCUMENTOS:",
    "PARA CONSULTAR LOS DATOS DEL CONTRIBUYENTE",
    "ADEMAS SE LES RECOMIENDA NO UTILIZAR ABREVIACIONES",
)
"""How general advice starts, which stands outside the cases and is shown to the user."""
AVISOS: Final = frozenset(
    plain(line)
    for line in (
        "(**) Ver instrucciones al contribuyente en set basico factura de exportacion (2).",
        "Instrucciones al contribuyente:",
        "1.- Se supondra que todos los documentos de exportacion se generan en el mismo",
        "periodo tributario.",
        "2.- Agregue la informacion obligatoria del DTE: asigne un folio autorizado, y",
        "agregue otros datos que Ud. estime adecuados sean necesarios.",
        "3.- Calcule los valores correspondientes del encabezado.",
        "4.- Debe enviar en envios separados el set basico documentos de exportacion (1) y",
        "el set basico documentos de exportacion (2).",
        "(**) Las cifras de flete y seguro deben indicarse en los campos informativos",
        "del encabezado definidos para estos montos, y tambien en el area de recargo",
        "como dos lineas distintas de recargos globales",
    )
)
"""Remarks after the cases that say what is done anyway."""
MISMO_PRECIO: Final = re.compile(
    r"(EL PRECIO UNITARIO|LOS PRECIOS UNITARIOS)( DEL ITEM| DE LOS ITEMS| DE LOS ITEMES)? "
    r"DEBEN? SER (EL MISMO|LOS MISMOS) DE LA FACTURA( DE COMPRA)?\.?"
)
"""Remark of a note: its lines take their price from the invoice, as they do."""
AVISOS_VENTAS: Final = frozenset(
    {
        "CONSTRUYA EL LIBRO DE VENTAS CON LOS DOCUMENTOS CON QUE GENERO",
        "EL SET BASICO O EL SET DE FACTURA EXENTA, SEGUN CORRESPONDA.",
        "SI OBTUVO AMBOS SET, UTILICE LOS DOCUMENTOS DEL SET BASICO PARA",
        "CONSTRUIR EL LIBRO DE VENTAS.",
    }
)
AVISOS_GUIAS: Final = frozenset(
    {
        "CONSTRUYA EL LIBRO CON LAS GUIAS CON QUE GENERO EL SET GUIA DE DESPACHO,",
        "TENIENDO EN CUENTA LAS SIGUIENTES CONSIDERACIONES",
        "TENIENDO EN CUENTA LAS SIGUIENTES CONSIDERACIONES:",
    }
)
GUIA_FACTURADA: Final = re.compile(r"-? ?EL CASO (\d+) CORRESPONDE A UNA GUIA QUE SE FACTURO EN EL PERIODO\.?")
GUIA_ANULADA: Final = re.compile(r"-? ?EL CASO (\d+) CORRESPONDE A UNA GUIA ANULADA\.?")
COMPRAS_TITULOS: Final = (["TIPO DOCUMENTO", "FOLIO"], ["OBSERVACIONES"], ["MONTO EXENTO", "MONTO AFECTO"])
COMPRAS_AVISO: Final = ("EN FACTURA CON IVA USO COMUN CONSIDERE QUE EL FACTOR DE PROPORCIONALIDAD", "DEL IVA ES DE")
COMPRAS_DOCUMENTOS: Final = {
    "FACTURA": 30,
    "FACTURA ELECTRONICA": 33,
    "FACTURA DE COMPRA": 45,
    "FACTURA DE COMPRA ELECTRONICA": 46,
    "NOTA DE DEBITO": 55,
    "NOTA DE DEBITO ELECTRONICA": 56,
    "NOTA DE CREDITO": 60,
    "NOTA DE CREDITO ELECTRONICA": 61,
}
"""Codes of the book (Formato IECV, table of documents): the ones that are not electronic are on paper."""
COMPRAS_TRATOS: Final = {
    "FACTURA DEL GIRO CON DERECHO A CREDITO": Treatment.CREDITO,
    "FACTURA CON IVA USO COMUN": Treatment.USO_COMUN,
    "ENTREGA GRATUITA DEL PROVEEDOR": Treatment.GRATUITA,
    "COMPRA CON RETENCION TOTAL DEL IVA": Treatment.RETENCION,
}
COMPRAS_NOTA: Final = re.compile(
    r"NOTA DE (?:CREDITO|DEBITO) POR [A-Z ]+? (?:A )?FACTURA(?: DE COMPRA)?(?: ELECTRONICA)? (\d+)"
)
"""What a note says of itself, with the folio of its invoice."""
BOLETAS_COLUMNAS: Final = ["Folio", "IndExe", "NmbItem", "QtyItem", "UnmdItem", "PrcItem", "Anular", "Rebajar"]
BOLETAS_TITULO: Final = re.compile(r"(SII )?SET DE PRUEBAS? DE BOLETA ELECTRONICA DE VENTAS Y SERVICIOS")
BOLETAS_TEXTO: Final = {"ITEM": "nombre", "CANTIDAD": "cantidad", "PRECIO UNITARIO CON IVA": "precio"}
BOLETAS_INDICACION: Final = re.compile(r"EL ITEM (\d+) ES UN (?:SERVICIO|PRODUCTO|ITEM) (AFECTO|EXENTO)\.?")
BOLETAS_UNIDAD: Final = re.compile(
    r"se debe informar en el xml (?:la )?unidad de medida en (\w{1,4})\.?", re.IGNORECASE
)
