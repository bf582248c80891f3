"""Codes of the customs service that export documents carry, with search by name.

Source: Servicio Nacional de Aduanas, Compendio de Normas Aduaneras, annex 51, as Formato DTE v2.4.2 refers to it
(area Aduana, FmaPagExp); currencies: type TipMonType of SiiTypes_v10. Only the usual codes are here: a document takes
any code, and one that is missing has to be given by number.
"""

import unicodedata
from collections.abc import Mapping
from typing import Final

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

UNIDADES: Final = {6: "KN", 7: "GN", 9: "LT", 10: "U", 15: "MT2", 16: "MCUB", 17: "PAR"}
"""CodUnidMedTara, CodUnidPesoBruto, CodUnidPesoNeto: KN kilos net, GN grams net, U units."""

BULTOS: Final = {
    10: "Pieza",
    12: "Cilindro",
    13: "Rollo",
    21: "Cajón",
    22: "Caja de cartón",
    23: "Fardo",
    28: "Caja de madera",
    73: "Contenedor de 20 pies",
    74: "Contenedor de 40 pies",
    80: "Pallets",
}
"""CodTpoBultos."""

PUERTOS: Final = {
    901: "Arica",
    902: "Iquique",
    903: "Antofagasta",
    904: "Coquimbo",
    905: "Valparaíso",
    906: "San Antonio",
    907: "Talcahuano",
    908: "San Vicente",
    909: "Lirquén",
    910: "Puerto Montt",
    911: "Chacabuco",
    912: "Punta Arenas",
}
"""CodPtoEmbarque, CodPtoDesemb: the main Chilean ones."""

PAISES: Final = {
    202: "Colombia",
    216: "México",
    218: "Ecuador",
    219: "Perú",
    220: "Brasil",
    221: "Bolivia",
    222: "Paraguay",
    223: "Uruguay",
    224: "Argentina",
    225: "Estados Unidos",
    226: "Canadá",
    331: "Japón",
    336: "China",
    342: "Hong Kong",
    406: "Australia",
    504: "Italia",
    505: "Francia",
    510: "Reino Unido",
    517: "España",
    563: "Alemania",
    997: "Chile",
}
"""CodPaisRecep, CodPaisDestin, Nacionalidad."""


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


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text)
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).upper().split())
