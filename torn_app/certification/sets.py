"""What the tax service asks a company to issue: sets, cases and their lines, as values."""

from dataclasses import dataclass
from decimal import Decimal

from torn_app.dte.tipos import TipoDte
from torn_app.kernel.money import Pesos

BOLETAS = "BOLETAS"
"""In the place of the attention number, which the set of boletas does not have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A line as the text gives it; what the text does not say is None. Prices net, with VAT on boletas."""

    nombre: str
    cantidad: Decimal | None = None
    precio: Decimal | None = None
    unidad: str | None = None
    descuento_pct: Decimal | None = None
    exento: bool = False


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
    exportacion: tuple[tuple[str, str], ...] = ()
    """Heading and value of the export lines, in the words of the text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseRow:
    """A document of the purchases book. Amounts in whole pesos."""

    line: int
    documento: str
    folio: int
    observacion: str
    exento: Pesos
    afecto: Pesos


@dataclass(frozen=True, slots=True, kw_only=True)
class TestSet:
    """A set: cases to issue, or the rows or the order of a book. `attention` is its attention number."""

    __test__ = False

    nombre: str
    attention: str
    cases: tuple[Case, ...] = ()
    purchases: tuple[PurchaseRow, ...] = ()
    factor_proporcionalidad: Decimal | None = None

    def label(self, case: Case) -> str:
        """The case as its document quotes it (field RazonRef)."""
        return f"CASO-{case.number}" if self.attention == BOLETAS else f"CASO {self.attention}-{case.number}"
