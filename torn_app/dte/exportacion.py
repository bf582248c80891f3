"""What only export documents (110, 111, 112) carry: currency, exchange, customs. Valid when built.

Source: SII, Formato DTE v2.4.2, areas Aduana and OtraMoneda, fields FmaPagExp and IndServicio; schema DTE_v10, body
`Exportaciones`, for ranges.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from torn_app.dte.aduanas import MONEDAS
from torn_app.dte.errores import DocumentoInvalido
from torn_app.dte.partes import set_field, set_texts
from torn_app.kernel.money import Pesos
from torn_app.kernel.rut import FOREIGN_CUSTOMER

RECEPTOR_EXTRANJERO: Final = FOREIGN_CUSTOMER
"""RUT of every receiver abroad."""
PESO_CHILENO: Final = "PESO CL"
ANTICIPO: Final = 32
"""FmaPagExp of a payment in advance."""

ADUANA: Final = {
    "modalidad_venta": ("CodModVenta", 99),
    "clausula_venta": ("CodClauVenta", 99),
    "total_clausula": ("TotClauVenta", Decimal("0.01")),
    "via_transporte": ("CodViaTransp", 99),
    "puerto_embarque": ("CodPtoEmbarque", 9999),
    "puerto_desembarque": ("CodPtoDesemb", 9999),
    "tara": ("Tara", 9_999_999),
    "unidad_tara": ("CodUnidMedTara", 99),
    "peso_bruto": ("PesoBruto", Decimal("0.01")),
    "unidad_peso_bruto": ("CodUnidPesoBruto", 99),
    "peso_neto": ("PesoNeto", Decimal("0.01")),
    "unidad_peso_neto": ("CodUnidPesoNeto", 99),
    "total_items": ("TotItems", 10**15),
    "total_bultos": ("TotBultos", 10**15),
    "flete": ("MntFlete", Decimal("0.0001")),
    "seguro": ("MntSeguro", Decimal("0.0001")),
    "pais_receptor": ("CodPaisRecep", 999),
    "pais_destino": ("CodPaisDestin", 999),
}
"""Fields of Aduana in the order of the schema: name in the schema, and the highest code or the smallest step."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulto:
    """A kind of package (TipoBultos): its code of `aduanas.BULTOS` and how many."""

    codigo: int
    cantidad: int
    marcas: str | None = None
    contenedor: str | None = None
    """Number of the container, where the package is one."""
    sello: str | None = None
    """Seal of the container."""

    def __post_init__(self) -> None:
        set_texts(self, {"marcas": "marcas_bulto", "contenedor": "contenedor", "sello": "sello"})
        if not (0 < self.codigo <= 999 and 0 < self.cantidad < 10**10):
            raise DocumentoInvalido("bultos", "Cada tipo de bulto lleva un código de hasta 3 dígitos y su cantidad")


@dataclass(frozen=True, slots=True, kw_only=True)
class Aduana:
    """The customs block. Codes are those of `aduanas`; amounts are in the document's currency, weights in their unit.

    Everything may be missing: services have no customs block at all.
    """

    modalidad_venta: int | None = None
    clausula_venta: int | None = None
    total_clausula: Decimal | None = None
    via_transporte: int | None = None
    puerto_embarque: int | None = None
    puerto_desembarque: int | None = None
    tara: int | None = None
    unidad_tara: int | None = None
    peso_bruto: Decimal | None = None
    unidad_peso_bruto: int | None = None
    peso_neto: Decimal | None = None
    unidad_peso_neto: int | None = None
    total_items: int | None = None
    total_bultos: int | None = None
    bultos: tuple[Bulto, ...] = ()
    flete: Decimal | None = None
    seguro: Decimal | None = None
    pais_receptor: int | None = None
    pais_destino: int | None = None

    def __post_init__(self) -> None:
        set_field(self, "bultos", tuple(self.bultos))
        if len(self.bultos) > 10:
            raise DocumentoInvalido("bultos", "El documento admite hasta 10 tipos de bulto")
        for field, (_, limit) in ADUANA.items():
            value = getattr(self, field)
            if value is None:
                continue
            if isinstance(limit, Decimal):
                fits = value.is_finite() and 0 < value < 10**8 and value == value.quantize(limit)
            else:
                fits = 0 < value <= limit
            if not fits:
                raise DocumentoInvalido(field, f"El dato de aduana «{field.replace('_', ' ')}» está fuera de rango")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exportacion:
    """Currency and customs of an export document.

    `moneda` is a name of `aduanas.MONEDAS`. `tipo_cambio` is pesos per unit of it (four decimals); with it the
    document also states its totals in pesos. `forma_pago` is a code of `aduanas.FORMAS_PAGO_EXPORTACION`.
    """

    moneda: str = "DOLAR USA"
    tipo_cambio: Decimal | None = None
    forma_pago: int | None = None
    aduana: Aduana | None = None
    total_pesos: Pesos | None = None
    """The total in pesos where it is not simply rounded: notes about parts of a document add up to it to the peso, so
    that one of them may be a peso off its own rounding."""

    def __post_init__(self) -> None:
        if self.moneda not in MONEDAS:
            raise DocumentoInvalido("moneda", f"La moneda «{self.moneda}» no está entre las que admite el documento")
        if self.forma_pago is not None and not 0 < self.forma_pago <= 99:
            raise DocumentoInvalido("forma_pago_exportacion", "La forma de pago de exportación es un código de 1 a 99")
        rate = self.tipo_cambio
        if self.total_pesos is not None and (rate is None or self.total_pesos < 0):
            raise DocumentoInvalido("total_pesos", "El total en pesos va con su tipo de cambio y no es negativo")
        if rate is None:
            return
        if self.moneda == PESO_CHILENO:
            raise DocumentoInvalido("tipo_cambio", "Un documento en pesos chilenos no lleva tipo de cambio")
        if not (rate.is_finite() and 0 < rate < 10**6 and rate == rate.quantize(Decimal("0.0001"))):
            raise DocumentoInvalido("tipo_cambio", "El tipo de cambio es mayor que cero y tiene hasta cuatro decimales")
