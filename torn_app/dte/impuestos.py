"""Additional and withheld taxes by their code, as dated data.

Source: SII, Formato DTE v2.4.2, table of codes of CodImpAdic and TipoImp; DL 825 arts. 14, 37, 42; Ley 20.780 (rates of
drinks from 2014-10-01). A new rate is a new row here, never a change of an old one.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from torn_app.dte.errores import DocumentoInvalido

TASA_IVA = Decimal(19)
"""VAT in percent (DL 825 art. 14, since 2003-10-01)."""
VAT_FACTOR = 1 + TASA_IVA / 100
"""Net times this is the price with VAT: 1.19."""
RETENCION_TOTAL = 15
"""VAT withheld by the buyer in full, when the product has no code of its own."""


class Efecto(StrEnum):
    """What a tax does to the total of the document."""

    SUMA = "+"
    RETIENE = "-"


class Base(StrEnum):
    """What a rate is applied to."""

    NETO = "neto"
    FAENA = "faena"
    """The value of the slaughter, stated apart (field MntBase)."""
    MARGEN = "margen"
    """The trade margin, stated apart (field MntMargenCom)."""
    INFORMADO = "informado"
    """No rate: the amount itself is stated (UTM per cubic metre, whose value changes every month)."""


@dataclass(frozen=True, slots=True)
class Tasa:
    """A rate in percent, in force from `desde` to `hasta`, both included; None: still in force."""

    pct: Decimal
    desde: date
    hasta: date | None = None


@dataclass(frozen=True, slots=True)
class Impuesto:
    """One code of the table. `codigo_total` is the code to use instead when all the VAT is withheld."""

    codigo: int
    nombre: str
    efecto: Efecto
    base: Base
    tasas: tuple[Tasa, ...]
    codigo_total: int | None = None

    @property
    def retiene_iva(self) -> bool:
        """It withholds VAT (the one of newspaper sellers withholds income tax)."""
        return self.efecto is Efecto.RETIENE and self.codigo != _SUPLEMENTEROS

    def tasa(self, fecha: date | None = None) -> Decimal:
        """Return the rate in percent on a date; without a date, the latest one. 0 for a stated amount.

        Raises DocumentoInvalido when the tax had no rate that day.
        """
        if self.base is Base.INFORMADO:
            return _NADA
        if fecha is None:
            return self.tasas[-1].pct
        for tasa in self.tasas:
            if tasa.desde <= fecha and (tasa.hasta is None or fecha <= tasa.hasta):
                return tasa.pct
        raise DocumentoInvalido("codigos_impuesto", f"El impuesto {self.codigo} no regía el {fecha:%d-%m-%Y}")


_NADA = Decimal(0)
_SUPLEMENTEROS = 53
_SIEMPRE = date(2000, 1, 1)  # the earliest date a document takes
_BEBIDAS = date(2014, 10, 1)  # Ley 20.780, art. 42 of DL 825
_ANTES_DE_BEBIDAS = date(2014, 9, 30)
# The day wheat went from 11 to 4 % is not in the sources at hand; only the last row matters to new documents.
_TRIGO = date(2012, 1, 1)
_ANTES_DE_TRIGO = date(2011, 12, 31)


def _rates(now: str, before: str | None, since: date, until: date) -> tuple[Tasa, ...]:
    if before is None:
        return (Tasa(Decimal(now), _SIEMPRE),)
    return Tasa(Decimal(before), _SIEMPRE, until), Tasa(Decimal(now), since)


def _adds(codigo: int, nombre: str, pct: str, base: Base = Base.NETO, before: str | None = None) -> Impuesto:
    return Impuesto(codigo, nombre, Efecto.SUMA, base, _rates(pct, before, _BEBIDAS, _ANTES_DE_BEBIDAS))


def _stated(codigo: int, nombre: str) -> Impuesto:
    return Impuesto(codigo, nombre, Efecto.SUMA, Base.INFORMADO, ())


def _withholds(codigo: int, nombre: str, pct: str, total: int | None = None, before: str | None = None) -> Impuesto:
    rates = _rates(pct, before, _TRIGO, _ANTES_DE_TRIGO)
    return Impuesto(codigo, nombre, Efecto.RETIENE, Base.NETO, rates, total)


_TABLA = (
    _adds(14, "IVA de margen de comercialización", "19", Base.MARGEN),
    _withholds(15, "IVA retenido total", "19"),
    _adds(17, "IVA anticipado faenamiento carne", "5", Base.FAENA),
    _adds(18, "IVA anticipado carne", "5"),
    _adds(19, "IVA anticipado harina", "12"),
    _adds(23, "Impuesto art. 37 letras a, b, c", "15"),
    _adds(24, "ILA licores y destilados", "31.5", before="27"),
    _adds(25, "ILA vinos", "20.5", before="15"),
    _adds(26, "ILA cervezas", "20.5", before="15"),
    _adds(27, "IABA bebidas analcohólicas", "10", before="13"),
    Impuesto(271, "IABA bebidas con alto azúcar", Efecto.SUMA, Base.NETO, (Tasa(Decimal(18), _BEBIDAS),)),
    _stated(28, "Impuesto específico diésel"),
    _withholds(30, "IVA retenido legumbres", "10", 301),
    _withholds(31, "IVA retenido silvestres", "19"),
    _withholds(32, "IVA retenido ganado", "8", 321),
    _withholds(33, "IVA retenido madera", "8", 331),
    _withholds(34, "IVA retenido trigo", "4", 341, before="11"),
    _stated(35, "Impuesto específico gasolina"),
    _withholds(36, "IVA retenido arroz", "10", 361),
    _withholds(37, "IVA retenido hidrobiológicas", "10", 371),
    _withholds(38, "IVA retenido chatarra", "19"),
    _withholds(39, "IVA retenido PPA", "19"),
    _withholds(41, "IVA retenido construcción", "19"),
    _adds(44, "Impuesto art. 37 letras e, h, i, l", "15"),
    _adds(45, "Impuesto art. 37 letra j", "50"),
    _withholds(46, "IVA retenido oro", "19"),
    _withholds(47, "IVA retenido cartones", "19"),
    _withholds(48, "IVA retenido frambuesas", "14", 481),
    _withholds(49, "Factura de compra sin retención", "0"),
    _adds(50, "IVA de margen de instrumentos de prepago", "19", Base.MARGEN),
    _stated(51, "Impuesto gas natural comprimido"),
    _stated(52, "Impuesto gas licuado de petróleo"),
    _withholds(_SUPLEMENTEROS, "Impuesto retenido suplementeros", "0.5"),
    _withholds(301, "IVA retenido legumbres", "19"),
    _withholds(321, "IVA retenido ganado", "19"),
    _withholds(331, "IVA retenido madera", "19"),
    _withholds(341, "IVA retenido trigo", "19"),
    _withholds(361, "IVA retenido arroz", "19"),
    _withholds(371, "IVA retenido hidrobiológicas", "19"),
    _withholds(481, "IVA retenido frambuesas", "19"),
)

IMPUESTOS = {row.codigo: row for row in _TABLA}
"""Every code a document may carry."""


DE_PRODUCTO = tuple(row for row in _TABLA if row.efecto is Efecto.SUMA and row.base is Base.NETO)
"""Taxes a product carries by itself wherever it is sold: added to the total, a rate of its net amount."""


def impuesto(codigo: int) -> Impuesto:
    """Return the tax of a code. Raises DocumentoInvalido for a code that does not exist."""
    found = IMPUESTOS.get(codigo)
    if found is None:
        raise DocumentoInvalido("codigos_impuesto", f"No existe el impuesto adicional de código {codigo}")
    return found


def codigo_retencion_total(codigo: int) -> int:
    """Return the code that withholds all the VAT of the product of `codigo`: 341 for 34, 38 for 38."""
    row = impuesto(codigo)
    return row.codigo_total or row.codigo


def nombre_impuesto(codigo: str) -> str:
    """Return the name to print for a code read from a document, known or not."""
    row = IMPUESTOS.get(int(codigo)) if codigo.isdecimal() else None
    return row.nombre if row else f"Impuesto {codigo}"


def resta_del_total(codigo: str) -> bool:
    """Tell whether a tax read from a document lowers its total."""
    row = IMPUESTOS.get(int(codigo)) if codigo.isdecimal() else None
    return row is not None and row.efecto is Efecto.RETIENE
