"""The exchange and customs facts of an export document, in words, for its printed copy."""

from collections.abc import Mapping
from typing import Final

from lxml import etree

from torn_app.dte import aduanas
from torn_app.dte import impresion_textos as textos
from torn_app.dte.impresion_nodo import amount, get, number
from torn_app.dte.impresion_partes import Fila

_ADUANA: Final = "Encabezado/Transporte/Aduana/"
_CODIGOS: Final[tuple[tuple[str, str, Mapping[int, str]], ...]] = (
    ("Forma de pago exportación", "Encabezado/IdDoc/FmaPagExp", aduanas.FORMAS_PAGO_EXPORTACION),
    ("Modalidad de venta", _ADUANA + "CodModVenta", aduanas.MODALIDADES_VENTA),
    ("Cláusula de venta", _ADUANA + "CodClauVenta", aduanas.CLAUSULAS_VENTA),
    ("Vía de transporte", _ADUANA + "CodViaTransp", aduanas.VIAS_TRANSPORTE),
    ("Puerto de embarque", _ADUANA + "CodPtoEmbarque", aduanas.PUERTOS),
    ("Puerto de desembarque", _ADUANA + "CodPtoDesemb", aduanas.PUERTOS),
    ("País receptor", _ADUANA + "CodPaisRecep", aduanas.PAISES),
    ("País de destino", _ADUANA + "CodPaisDestin", aduanas.PAISES),
)
_MONTOS: Final = (
    ("Total cláusula", "TotClauVenta"),
    ("Flete", "MntFlete"),
    ("Seguro", "MntSeguro"),
)


def export_rows(nodo: etree._Element, moneda: str) -> tuple[Fila, ...]:
    """Return exchange rate, total in pesos and customs facts; a code that has no name here is printed as it is."""
    filas = []
    cambio, pesos = number(nodo, "Encabezado/OtraMoneda/TpoCambio"), number(nodo, "Encabezado/OtraMoneda/MntTotOtrMnda")
    if cambio is not None:
        filas.append(Fila("Tipo de cambio", textos.numero(cambio)))
    if pesos is not None:
        filas.append(Fila("Total en pesos", amount(pesos, None)))
    for label, path, names in _CODIGOS:
        code = get(nodo, path)
        if code is not None:
            filas.append(Fila(label, names.get(int(code), code) if code.isascii() and code.isdigit() else code))
    for label, name in _MONTOS:
        value = number(nodo, _ADUANA + name)
        if value is not None:
            filas.append(Fila(label, amount(value, moneda)))
    bultos = get(nodo, _ADUANA + "TotBultos")
    if bultos is not None:
        filas.append(Fila("Total de bultos", bultos))
    return tuple(filas)
