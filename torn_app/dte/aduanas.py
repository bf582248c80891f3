"""Codes of the customs service that export documents carry, with search by name.

Source: Servicio Nacional de Aduanas, Compendio de Normas Aduaneras, annex 51, as Formato DTE v2.4.2 refers to it
(area Aduana, FmaPagExp); currencies: type TipMonType of SiiTypes_v10. A document takes any code: one that is missing
here has to be given by number.
"""

import unicodedata
from collections.abc import Mapping
from typing import Final

from torn_app.dte.aduanas_paises import PAISES
from torn_app.dte.aduanas_puertos import PRIMER_PUERTO_CHILENO, PUERTOS

__all__ = [
    "BULTOS",
    "CLAUSULAS_VENTA",
    "FORMAS_PAGO_EXPORTACION",
    "MODALIDADES_VENTA",
    "MONEDAS",
    "PAISES",
    "PRIMER_PUERTO_CHILENO",
    "PUERTOS",
    "UNIDADES",
    "VIAS_TRANSPORTE",
    "find_code",
    "named",
]

MONEDAS: Final = frozenset(
    {
        "BOLIVAR",
        "BOLIVIANO",
        "CHELIN",
        "CORONA DIN",
        "CORONA NOR",
        "CORONA SC",
        "CRUZEIRO REAL",
        "DIRHAM",
        "DOLAR AUST",
        "DOLAR CAN",
        "DOLAR HK",
        "DOLAR NZ",
        "DOLAR SIN",
        "DOLAR TAI",
        "DOLAR USA",
        "DRACMA",
        "ESCUDO",
        "EURO",
        "FLORIN",
        "FRANCO BEL",
        "FRANCO FR",
        "FRANCO SZ",
        "GUARANI",
        "LIBRA EST",
        "LIRA",
        "MARCO AL",
        "MARCO FIN",
        "NUEVO SOL",
        "OTRAS MONEDAS",
        "PESETA",
        "PESO",
        "PESO CL",
        "PESO COL",
        "PESO MEX",
        "PESO URUG",
        "RAND",
        "RENMINBI",
        "RUPIA",
        "SUCRE",
        "YEN",
    }
)
"""Names that TpoMoneda takes."""

FORMAS_PAGO_EXPORTACION: Final = {
    1: "Cobranza hasta 1 año",
    2: "Cobranza más de 1 año",
    11: "Acreditivo hasta 1 año",
    12: "Crédito de bancos y organismos financieros más de 1 año",
    21: "Sin pago",
    32: "Pago anticipado a la fecha de embarque",
}
"""FmaPagExp."""

MODALIDADES_VENTA: Final = {
    1: "A firme",
    2: "Bajo condición",
    3: "En consignación libre",
    4: "En consignación con un mínimo a firme",
    9: "Sin pago",
}
"""CodModVenta."""

CLAUSULAS_VENTA: Final = {
    1: "CIF",
    2: "CFR",
    3: "EXW",
    4: "FAS",
    5: "FOB",
    6: "Sin cláusula de compraventa",
    8: "Otros",
    9: "DDP",
    10: "FCA",
    11: "CPT",
    12: "CIP",
    17: "DAT",
    18: "DAP",
}
"""CodClauVenta."""

VIAS_TRANSPORTE: Final = {
    1: "Marítima, fluvial y lacustre",
    4: "Aéreo",
    5: "Postal",
    6: "Ferroviario",
    7: "Carretero/terrestre",
    8: "Oleoductos, gasoductos",
    9: "Tendido eléctrico",
    10: "Otra",
    11: "Courier",
}
"""CodViaTransp."""

UNIDADES: Final = {
    1: "TMB",
    2: "QMB",
    3: "MKWH",
    4: "TMN",
    5: "KLT",
    6: "KN",
    7: "GN",
    8: "HL",
    9: "LT",
    10: "U",
    11: "DOC",
    12: "U(JGO)",
    13: "MU",
    14: "MT",
    15: "MT2",
    16: "MCUB",
    17: "PAR",
    18: "KNFC",
    19: "CARTON",
    20: "KWH",
    23: "BAR",
    24: "M2/1MM",
    99: "S.U.M",
}
"""CodUnidMedTara, CodUnidPesoBruto, CodUnidPesoNeto: KN kilos net, GN grams net, U units."""

BULTOS: Final = {
    1: "Granel sólido, polvo",
    2: "Granel sólido, granos",
    3: "Granel sólido, nódulos",
    4: "Granel líquido",
    5: "Granel gaseoso",
    10: "Pieza",
    11: "Tubo",
    12: "Cilindro",
    13: "Rollo",
    16: "Barra",
    17: "Lingote",
    18: "Troncos",
    19: "Bloque",
    20: "Rollizo",
    21: "Cajón",
    22: "Caja de cartón",
    23: "Fardo",
    24: "Baúl",
    25: "Cofre",
    26: "Armazón",
    27: "Bandeja",
    28: "Caja de madera",
    29: "Caja de lata",
    31: "Botella de gas",
    32: "Botella",
    33: "Jaula",
    34: "Bidón",
    35: "Jaba",
    36: "Cesta",
    37: "Barrilete",
    38: "Tonel",
    39: "Pipa",
    40: "Caja sin especificar",
    41: "Jarro",
    42: "Frasco",
    43: "Damajuana",
    44: "Barril",
    45: "Tambor",
    46: "Cuñete",
    47: "Tarro",
    51: "Cubo",
    61: "Paquete",
    62: "Saco",
    63: "Maleta",
    64: "Bolsa",
    65: "Bala",
    66: "Red",
    67: "Sobre",
    73: "Contenedor de 20 pies",
    74: "Contenedor de 40 pies",
    75: "Contenedor refrigerado de 20 pies",
    76: "Contenedor refrigerado de 40 pies",
    77: "Estanque",
    78: "Contenedor sin especificar",
    80: "Pallets",
    81: "Tablero",
    82: "Lámina",
    83: "Carrete",
    85: "Automotor",
    86: "Ataúd",
    88: "Maquinaria",
    89: "Planchas",
    90: "Atado",
    91: "Bobina",
    93: "Bulto sin especificar",
    98: "Sin bulto",
    99: "Sin embalar",
}
"""CodTpoBultos."""


def find_code(table: Mapping[int, str], name: str) -> int | None:
    """Return the code of a name, whatever its capitals and accents: the whole name, else the first that starts so.

    None when the table has no such name.
    """
    wanted = _plain(name)
    if not wanted:
        return None
    names = {code: _plain(text) for code, text in table.items()}
    whole = next((code for code, text in names.items() if text == wanted), None)
    return whole if whole is not None else next((c for c, text in names.items() if text.startswith(wanted)), None)


def named(table: Mapping[int, str], name: str) -> tuple[int, ...]:
    """Return every code with exactly this name, whatever its capitals, accents, spaces and points."""
    wanted = _letters(name)
    return tuple(code for code, text in table.items() if wanted and _letters(text) == wanted)


def _letters(text: str) -> str:
    return "".join(c for c in _plain(text) if c.isalnum())


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).upper().split())
