"""What the tax service asks a company to issue: sets, cases and their lines, as values."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from torn_app.dte.exportacion import Aduana
from torn_app.dte.tipos import TipoDte
from torn_app.kernel.money import Pesos

BOLETAS = "BOLETAS"
"""In the place of the attention number, which the set of boletas does not have."""


class Book(StrEnum):
    """Which book a set asks for instead of documents."""

    VENTAS = "libro de ventas"
    COMPRAS = "libro de compras"
    GUIAS = "libro de guías"


class Treatment(StrEnum):
    """What becomes of the VAT of a purchase."""

    CREDITO = "derecho a crédito"
    USO_COMUN = "uso común"
    GRATUITA = "entrega gratuita"
    RETENCION = "retención total"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line as the text gives it; what the text does not say is None. Prices net, with VAT on boletas."""

    nombre: str
    cantidad: Decimal | None = None
    precio: Decimal | None = None
    unidad: str | None = None
    descuento_pct: Decimal | None = None
    recargo_pct: Decimal | None = None
    exento: bool = False
    retenido: bool = False
    """Its VAT is withheld in full: purchase invoices and their notes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportFacts:
    """Currency and customs of an export, by the codes of the words of the text."""

    moneda: str
    forma_pago: int | None = None
    aduana: Aduana | None = None
    nacionalidad: int | None = None
    servicio: int | None = None
    """IndServicio 3 (services) or 4 (hotel)."""
    referencias: tuple[tuple[str, str], ...] = ()
    """Type (TpoDocRef) and words of each customs document it quotes."""
    recargos: tuple[tuple[str, Decimal], ...] = ()
    """Name and amount of each global surcharge, in the currency."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One document asked for. `line` is where it starts in the file."""

    line: int
    number: int
    tipo: TipoDte
    items: tuple[Item, ...] = ()
    refers_to: int | None = None
    """Number of the earlier case of the set it corrects."""
    razon: str | None = None
    codigo: str | None = None
    """CodRef 1, 2 or 3, which the reason gives."""
    descuento_global_pct: Decimal | None = None
    """On the affected lines."""
    rebaja_pct: Decimal | None = None
    """The note takes this part off every line of what it refers to."""
    ind_traslado: int | None = None
    tipo_despacho: int | None = None
    exportacion: ExportFacts | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseRow:
    """A document of the purchases book. Amounts in whole pesos."""

    line: int
    documento: str
    tipo: int
    """Its code in the book; 30 and 60 are on paper."""
    folio: int
    observacion: str
    tratamiento: Treatment
    corrige: int | None = None
    """Folio of the invoice that a note lowers."""
    exento: Pesos
    afecto: Pesos


@dataclass(frozen=True, slots=True, kw_only=True)
class TestSet:
    """A set: cases to issue, or a book. `attention` is its attention number."""

    __test__ = False

    nombre: str
    attention: str
    cases: tuple[Case, ...] = ()
    book: Book | None = None
    purchases: tuple[PurchaseRow, ...] = ()
    factor_proporcionalidad: Decimal | None = None
    billed: tuple[int, ...] = ()
    """Cases of the guides billed in the period (book of guides)."""
    voided: tuple[int, ...] = ()
    """Cases of the guides voided (book of guides)."""
    advice: tuple[str, ...] = ()
    """General advice of the text, to be shown: it says nothing of any document."""

    def label(self, case: Case) -> str:
        """The case as its document quotes it (field RazonRef)."""
        return f"CASO-{case.number}" if self.attention == BOLETAS else f"CASO {self.attention}-{case.number}"

    @property
    def currencies(self) -> tuple[str, ...]:
        """Currencies of its exports: each needs a rate of exchange, which the text does not give."""
        return tuple(sorted({case.exportacion.moneda for case in self.cases if case.exportacion}))
