"""The words of the export sets and their codes: a name stands for a code only when it is the whole name.

Source: Servicio Nacional de Aduanas, Compendio de Normas Aduaneras, annex 51, with the short names its tables and the
tax service's texts use.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from torn_app.dte import aduanas


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the customs service: its names, and how the texts write some of them."""

    what: str
    names: Mapping[int, str]
    short: Mapping[str, int]


PAISES: Final = Table(
    "el país",
    aduanas.PAISES,
    {
        "U.S.A.": 225,
        "ESTADOS UNIDOS DE AMERICA": 225,
        "EMIR.ARAB.UNID.": 341,
        "REP.DOMINICANA": 206,
        "TRINID.Y TOBAGO": 203,
        "TAIWAN (FORMOSA)": 330,
        "PAISES BAJOS": 515,
        "NUEVA ZELANDA": 405,
    },
)
PUERTOS: Final = Table(
    "el puerto",
    aduanas.PUERTOS,
    {
        "SHANGAI": 411,
        "BUSAN CY (PUSAN)": 422,
        "SHIMIZUI": 446,
        "SEATLE": 171,
        "SAVANAH": 140,
        "CORPUS CRISTI": 157,
        "BROWSVILLE": 158,
        "PORT CARTIES": 120,
        "HELSINSKI": 581,
        "HELSIMBORG": 634,
        "OULO": 587,
        "DURBAM": 711,
        "CHACABUCO/PTO.AYSEN": 911,
        "CHANARAL/BARQUITO": 917,
        "HUASCO/GUACOLDA": 920,
        "CONSTUTUCION": 923,
        "PINO HACHADO(LIUCURA": 949,
    },
)
FORMAS_PAGO: Final = Table(
    "la forma de pago",
    {},
    {
        "COB1": 1,
        "COBRANZA": 2,
        "ACRED": 11,
        "CBOF": 12,
        "S/PAGO": 21,
        "SIN PAGO": 21,
        "ANTICIPO": 32,
    },
)
"""Annex 51-22: COB1 is collection within a year, COBRANZA after more than one."""
MODALIDADES: Final = Table("la modalidad de venta", aduanas.MODALIDADES_VENTA, {})
CLAUSULAS: Final = Table("la cláusula de venta", aduanas.CLAUSULAS_VENTA, {"S/CL": 6})
VIAS: Final = Table("la vía de transporte", aduanas.VIAS_TRANSPORTE, {})
UNIDADES: Final = Table("la unidad", aduanas.UNIDADES, {})
BULTOS: Final = Table(
    "el tipo de bulto",
    aduanas.BULTOS,
    {
        "POLVO": 1,
        "GRANOS": 2,
        "NODULOS": 3,
        "LIQUIDO": 4,
        "GAS": 5,
        "PIEZAS": 10,
        "ROLLOS": 13,
        "CAJAS DE CARTON": 22,
        "CAJAMADERA": 28,
        "CAJAS DE MADERA": 28,
        "CAJALATA": 29,
        "BOTELLAGAS": 31,
        "CAJANOESP": 40,
        "CONT20": 73,
        "CONT40": 74,
        "REEFER20": 75,
        # The texts say it without a size; the code is that of the one of 20 feet.
        "CONTENEDOR REFRIGERADO": 75,
        "REEFER40": 76,
        "CONTNOESP": 78,
        "BULTONOESP": 93,
        "S/EMBALAR": 99,
    },
)
CONTENEDORES: Final = frozenset({73, 74, 75, 76, 78})
"""Packages that name their container and its seal instead of marks."""
REFERENCIAS: Final = {
    "DUS": "807",
    "B/L": "808",
    "B/L (CONOCIMIENTO DE EMBARQUE)": "808",
    "AWB": "809",
    "MIC": "810",
    "MIC/DTA": "810",
    "MIC (MANIFIESTO INTERNACIONAL)": "810",
    "CARTA DE PORTE": "811",
    "RESOLUCION SNA": "812",
}
"""Customs documents and their type (Formato DTE v2.4.2, TpoDocRef)."""
RESOLUCION_SNA: Final = "812"
PASAPORTE: Final = ("813", "PASAPORTE")
SERVICIO, HOTEL = 3, 4
"""Field IndServicio (Formato DTE v2.4.2): services of export, and hotel services to people from abroad."""
