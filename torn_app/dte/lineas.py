"""The lines of a document and what changes their sum: valid when built, or they do not exist.

Source: SII, Formato DTE v2.4.2 and Formato Boleta Electrónica v4.1, zones Detalle and DscRcgGlobal.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import IntEnum, StrEnum

from torn_app.dte.errores import DocumentoInvalido, MontoInvalido
from torn_app.dte.impuestos import Base, Efecto, impuesto
from torn_app.dte.partes import set_field, set_texts
from torn_app.dte.textos import clean_text
from torn_app.kernel.money import Pesos

_SIX_DECIMALS = Decimal("0.000001")
_TWO_DECIMALS = Decimal("0.01")
_MAX_DECIMAL = Decimal("999999999999.999999")
_HUNDRED = Decimal(100)
_MAX_RECARGO = Decimal("999.99")


class Movimiento(StrEnum):
    """Field TpoMov: what a global row does."""

    DESCUENTO = "D"
    RECARGO = "R"


class IndicadorLinea(IntEnum):
    """Field IndExe of a line that is neither affected nor exempt (Formato DTE v2.4.2, Detalle, IndExe)."""

    NO_FACTURABLE = 2
    """Billed before or by others: in MontoNF, never in the total."""
    GARANTIA_DEPOSITO = 3
    """Deposit for containers: in GrntDep, part of the total, without VAT."""
    NO_VENTA = 4
    """Moved but not sold: its amount is 0."""
    A_REBAJAR = 5
    """Taken off an earlier guide: its amount is 0."""
    NO_FACTURABLE_NEGATIVO = 6
    """Lowers MontoNF; its amount is written without sign."""


SIN_MONTO = frozenset({IndicadorLinea.NO_VENTA, IndicadorLinea.A_REBAJAR})
"""Lines whose MontoItem is 0 whatever their price."""
NO_FACTURABLES = frozenset({IndicadorLinea.NO_FACTURABLE, IndicadorLinea.NO_FACTURABLE_NEGATIVO})
"""Lines of MontoNF."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Detalle:
    """A line (zone Detalle). `precio` is net on invoices, notes and guides; with VAT on boletas and gross documents.

    Quantity and price are rounded half up to the six decimals a document takes, so that line and amount agree. At
    most one of `descuento_pct` (0-100, two decimals) and `descuento_monto` (whole pesos) is given; the same goes for
    `recargo_pct` (0-999.99) and `recargo_monto`. Both percentages are of quantity times price.

    `codigos_impuesto` are up to two codes of `impuestos.IMPUESTOS`. On a boleta their taxes are inside the price and
    no field names them. `base_faena` goes with code 17, `margen` with 14 and 50, both in whole pesos.
    """

    nombre: str
    cantidad: Decimal = Decimal(1)
    precio: Decimal
    exento: bool = False
    codigo: str | None = None
    unidad: str | None = None
    descripcion: str | None = None
    descuento_pct: Decimal | None = None
    descuento_monto: Pesos | None = None
    recargo_pct: Decimal | None = None
    recargo_monto: Pesos | None = None
    indicador: IndicadorLinea | None = None
    codigos_impuesto: tuple[int, ...] = ()
    base_faena: Pesos | None = None
    margen: Pesos | None = None

    def __post_init__(self) -> None:
        set_field(self, "nombre", clean_text(self.nombre, "nombre_item"))
        set_texts(self, {"codigo": "codigo_item", "unidad": "unidad", "descripcion": "descripcion_item"})
        set_field(self, "cantidad", _six_decimals("cantidad", self.cantidad))
        set_field(self, "precio", _six_decimals("precio", self.precio))
        if not self.nombre:
            raise DocumentoInvalido("nombre", "Cada línea necesita un nombre")
        if self.cantidad <= 0:
            raise DocumentoInvalido("cantidad", f"La cantidad de «{self.nombre}» debe ser mayor que cero")
        if self.precio < 0:
            raise DocumentoInvalido("precio", f"El precio de «{self.nombre}» no puede ser negativo")
        if self.descuento_pct is not None:
            if self.descuento_monto is not None:
                raise DocumentoInvalido("descuento_monto", "El descuento de una línea va en % o en $, no en ambos")
            _check_percent("descuento_pct", self.descuento_pct)
        if self.descuento_monto is not None and self.descuento_monto < 0:
            raise MontoInvalido("descuento_monto", "El descuento de una línea no puede ser negativo")
        if self.recargo_pct is not None or self.recargo_monto is not None:
            self._check_surcharge()
        if self.indicador is not None:
            self._check_indicator(IndicadorLinea(self.indicador))
        if self.codigos_impuesto or self.base_faena is not None or self.margen is not None:
            self._check_taxes()

    def _check_surcharge(self) -> None:
        if self.recargo_pct is not None:
            if self.recargo_monto is not None:
                raise DocumentoInvalido("recargo_monto", "El recargo de una línea va en % o en $, no en ambos")
            _check_percent("recargo_pct", self.recargo_pct, _MAX_RECARGO)
        elif self.recargo_monto is not None and self.recargo_monto < 0:
            raise MontoInvalido("recargo_monto", "El recargo de una línea no puede ser negativo")

    def _check_indicator(self, indicador: IndicadorLinea) -> None:
        set_field(self, "indicador", indicador)
        if self.exento:
            raise DocumentoInvalido("indicador", f"«{self.nombre}» es exenta o lleva otro indicador, no ambos")
        adjusted = (self.descuento_pct, self.descuento_monto, self.recargo_pct, self.recargo_monto)
        if indicador in SIN_MONTO and any(adjusted):
            raise DocumentoInvalido("indicador", f"«{self.nombre}» no suma: no lleva descuento ni recargo")

    def _check_taxes(self) -> None:
        codes = tuple(self.codigos_impuesto)
        set_field(self, "codigos_impuesto", codes)
        if len(codes) > 2 or len(set(codes)) != len(codes):
            raise DocumentoInvalido("codigos_impuesto", "Una línea lleva hasta dos impuestos adicionales distintos")
        if codes and (self.exento or self.indicador is not None):
            raise DocumentoInvalido("codigos_impuesto", f"«{self.nombre}» no es afecta: no lleva impuesto adicional")
        taxes = [impuesto(code) for code in codes]
        if sum(tax.efecto is Efecto.RETIENE for tax in taxes) > 1:
            raise DocumentoInvalido("codigos_impuesto", "Una línea lleva una sola retención")
        bases = [tax.base for tax in taxes]
        for field, base, name in (("base_faena", Base.FAENA, "faenamiento"), ("margen", Base.MARGEN, "margen")):
            value = getattr(self, field)
            if (base in bases) != (value is not None) or bases.count(base) > 1:
                raise DocumentoInvalido(field, f"El monto de {name} va con su impuesto, y ese impuesto con él")
            if value is not None and value < 0:
                raise MontoInvalido(field, f"El monto de {name} no puede ser negativo")


@dataclass(frozen=True, slots=True, kw_only=True)
class DescuentoGlobal:
    """A discount or surcharge on the whole (zone DscRcgGlobal): a percentage or an amount, one of the two. On an
    export document the amount is `monto_moneda`, in its currency, up to two decimals.

    It applies to the affected lines, to the exempt ones with `sobre_exento`, or to the non-billable ones with
    `sobre_no_facturable`; where nothing is affected it applies to the exempt ones by itself. On boletas the amount
    includes VAT.
    """

    pct: Decimal | None = None
    monto: Pesos | None = None
    movimiento: Movimiento = Movimiento.DESCUENTO
    sobre_exento: bool = False
    glosa: str | None = None
    sobre_no_facturable: bool = False
    monto_moneda: Decimal | None = None

    def __post_init__(self) -> None:
        set_texts(self, {"glosa": "glosa_descuento"})
        if sum(value is not None for value in (self.pct, self.monto, self.monto_moneda)) != 1:
            raise DocumentoInvalido("descuentos", "Un descuento global va en % o en $, uno de los dos")
        if self.pct is not None:
            _check_percent("descuentos", self.pct)
            if not self.pct:
                raise MontoInvalido("descuentos", "Un descuento global debe ser mayor que cero")
        if (self.monto is not None and self.monto <= 0) or (self.monto_moneda is not None and self.monto_moneda <= 0):
            raise MontoInvalido("descuentos", "Un descuento global debe ser mayor que cero")
        if self.monto_moneda is not None and self.monto_moneda != self.monto_moneda.quantize(_TWO_DECIMALS):
            raise MontoInvalido("descuentos", "Un descuento global en otra moneda admite dos decimales")
        if self.sobre_exento and self.sobre_no_facturable:
            raise DocumentoInvalido("descuentos", "Un descuento global va sobre una sola clase de líneas")


@dataclass(frozen=True, slots=True)
class ImpuestoInformado:
    """A tax whose amount is stated, not computed: the specific ones on fuels (codes 28, 35, 51, 52), whole pesos."""

    codigo: int
    monto: Pesos

    def __post_init__(self) -> None:
        if impuesto(self.codigo).base is not Base.INFORMADO:
            raise DocumentoInvalido("impuestos_informados", f"El impuesto {self.codigo} se calcula, no se informa")
        if self.monto < 0:
            raise MontoInvalido("impuestos_informados", "El monto de un impuesto no puede ser negativo")


def _six_decimals(field: str, number: Decimal) -> Decimal:
    number = Decimal(number)
    if not number.is_finite() or abs(number) > _MAX_DECIMAL:
        raise MontoInvalido(field, "Cantidad o precio fuera de rango")
    return number.quantize(_SIX_DECIMALS, rounding=ROUND_HALF_UP)


def _check_percent(field: str, pct: Decimal, highest: Decimal = _HUNDRED) -> None:
    word = "recargo" if highest is _MAX_RECARGO else "descuento"
    if not (pct.is_finite() and 0 <= pct <= highest):
        raise MontoInvalido(field, f"El porcentaje de {word} va de 0 a {highest}")
    if pct != pct.quantize(_TWO_DECIMALS):
        raise MontoInvalido(field, f"El porcentaje de {word} admite dos decimales")
