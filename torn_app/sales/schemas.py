"""Sales: what comes in and goes out."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from torn_app.customers.schemas import CustomerOut
from torn_app.dte.partes import Transporte
from torn_app.folios.schemas import FolioPoolOut
from torn_app.kernel.fields import (
    MAX_ID,
    Amount,
    Id,
    In,
    Number,
    OptionalText,
    Out,
    Percent,
    Price,
    Quantity,
    Rut,
    Text,
)
from torn_app.products.schemas import ProductOut
from torn_app.sales.export_schemas import ExportacionIn, ExportacionOut

PaymentAmount = Annotated[Decimal, Field(gt=0, le=10**12, max_digits=24, decimal_places=8)]
"""Pesos handed over. Decimals are accepted because a client may compute the unrounded documented total."""

NaiveTime = Annotated[time, AfterValidator(lambda value: value.replace(tzinfo=None, microsecond=0))]
"""An hour in Chile."""


class PaymentMethodOut(Out):
    """A way to pay."""

    id: int
    code: str
    name: str
    is_active: bool


class SaleItemIn(In):
    """A line. Discount amounts are net on net-priced documents and gross on boletas."""

    product_id: Id
    cantidad: Quantity
    descuento_pct: Percent | None = None
    descuento_monto: Amount | None = None
    precio_neto: Price | None = None
    """Of a debit note (56, 111): what is charged more for each unit. Of a guide that is no sale: what a unit is worth,
    also nothing. Elsewhere the prices are the server's."""


class SalePaymentIn(In):
    """A payment: what was handed over by one method."""

    payment_method_id: Id
    amount: PaymentAmount
    transaction_code: OptionalText = Field(default=None, max_length=100)


class ReferenceIn(In):
    """A reference to another document."""

    tipo_documento: Text = Field(max_length=3)
    folio: Text = Field(max_length=18)
    fecha: date
    sii_reason_code: int | None = Field(default=None, ge=1, le=3)


class TransporteIn(In):
    """How goods travel (Formato DTE v2.4.2, area Transporte; Res. Ex. SII 154 of 2025)."""

    patente: OptionalText = Field(default=None, max_length=8)
    patente_carro: OptionalText = Field(default=None, max_length=8)
    rut_transportista: Rut | None = None
    rut_chofer: Rut | None = None
    nombre_chofer: OptionalText = Field(default=None, max_length=30)
    direccion_destino: OptionalText = Field(default=None, max_length=70)
    comuna_destino: OptionalText = Field(default=None, max_length=20)
    ciudad_destino: OptionalText = Field(default=None, max_length=20)
    fecha_salida: date | None = None
    hora_salida: NaiveTime | None = None
    fecha_llegada: date | None = None

    def of_document(self) -> Transporte:
        """Return it as a document carries it."""
        return Transporte(**self.model_dump())


class SaleIn(In):
    """A sale to make. The prices are the server's; `seller_id` is accepted and ignored."""

    rut_cliente: Text = Field(max_length=20)
    tipo_dte: int = 33
    items: list[SaleItemIn] = Field(min_length=1, max_length=1000)
    payments: list[SalePaymentIn] = Field(max_length=20)
    descripcion: OptionalText = Field(default=None, max_length=1000)
    seller_id: int | None = None
    referencias: list[ReferenceIn] | None = Field(default=None, max_length=40)
    descuento_global_pct: Percent | None = None
    descuento_global_monto: Amount | None = None
    fecha_vencimiento: date | None = None
    ind_traslado: int = Field(default=1, ge=1, le=9)
    """Of a guide (52): why the goods travel."""
    tipo_despacho: int | None = Field(default=None, ge=1, le=3)
    transporte: TransporteIn | None = None
    exportacion: ExportacionIn | None = None
    """Only of an export (110): who buys abroad, in which currency, and customs."""


class GuidesBillIn(In):
    """Guides of one customer to be invoiced together."""

    guide_ids: list[Id] = Field(min_length=1, max_length=40)
    tipo_dte: Literal[33, 34, 110] = 33
    payments: list[SalePaymentIn] = Field(max_length=20)
    descripcion: OptionalText = Field(default=None, max_length=1000)
    fecha_vencimiento: date | None = None
    exportacion: ExportacionIn | None = None
    """Of an export (110) of guides that say so (reasons 8 and 9)."""


class ReturnItemIn(In):
    """How much of a product comes back."""

    product_id: Id
    cantidad: Quantity


class ReturnIn(In):
    """What comes back of a sale, why, and how the money is given back.

    The server chooses the reason code: 1 (annuls) when everything comes back at once, else 3. `saldo_a_favor` lets a
    refund to CREDITO_INTERNO take the customer's balance below zero.
    """

    original_sale_id: Id
    tipo_dte: int = 61
    sii_reason_code: int = Field(default=1, ge=1, le=3)
    items: list[ReturnItemIn] = Field(min_length=1, max_length=1000)
    reason: Text = Field(max_length=500)
    return_method_id: int = Field(ge=-MAX_ID, le=MAX_ID)
    saldo_a_favor: bool = False


class CorrectionIn(In):
    """A text of an invoice that was wrong, and how it should read."""

    donde_dice: Text = Field(max_length=400)
    debe_decir: Text = Field(max_length=400)


class ReferenceOut(Out):
    """A reference of a document."""

    tipo_documento: str
    folio: str
    fecha: str
    sii_reason_code: int | None


class SaleDetailOut(Out):
    """A line as sold. `precio_unitario` is net; `subtotal` is the document's amount of the line."""

    product_id: int
    cantidad: Number
    precio_unitario: Number
    descuento: int
    subtotal: int
    product: ProductOut


class SaleTaxOut(Out):
    """An additional tax of a document: its code (CodImpAdic), rate in percent and amount in whole pesos."""

    codigo: int
    nombre: str
    tasa: Number
    monto: int


class SaleOut(Out):
    """A sale with its document's numbers: monto_total = monto_neto + monto_exento + iva + the amounts of impuestos."""

    id: int
    folio: int
    tipo_dte: int
    fecha_emision: datetime
    monto_neto: int
    monto_exento: int
    iva: int
    monto_total: int
    descripcion: str | None
    created_at: datetime
    related_sale_id: int | None
    referencias: list[ReferenceOut] | None
    customer: CustomerOut
    details: list[SaleDetailOut]
    estado_dte: str
    vuelto: int
    ajuste_redondeo: int
    exportacion: ExportacionOut | None = None
    """Of an export. The amounts of the sale are in pesos."""
    avisos: list[str] = []
    """When it is issued: what the document should say about the journey of the goods and does not."""
    impuestos: list[SaleTaxOut] = Field(default_factory=list)


class PaymentOut(Out):
    """A payment of a sale."""

    payment_method_id: int
    code: str
    name: str
    amount: int
    transaction_code: str | None


class SellerOut(Out):
    """Who sold."""

    id: int
    name: str


class SaleFullOut(SaleOut):
    """One sale in full."""

    payments: list[PaymentOut]
    ambiente: str
    track_id: str | None
    seller: SellerOut
    ind_traslado: int | None = None
    tipo_despacho: int | None = None
    transporte: dict[str, Any] | None = None
    billed_by_sale_id: int | None = None


class SaleRow(Out):
    """A row of the history."""

    id: int
    folio: int
    tipo_dte: int
    created_at: datetime
    monto_total: int
    rut: str
    razon_social: str
    estado: str
    seller: str


class DocumentStep(Out):
    """A moment in the life of a sale's document. `detail` is what the tax service answered, if anything."""

    estado: str
    at: datetime
    detail: str | None


class PreviewLine(Out):
    """A line as the document would show it, before a discount on the whole. Amounts in whole pesos."""

    product_id: int
    nombre: str
    cantidad: Number
    precio: Number
    """Unit price as shown: gross on boletas, net on invoices."""
    descuento: int
    monto: int
    unidad_medida: str | None = None
    exento: bool = False
    impuesto_adicional: int | None = None


class SalePreview(Out):
    """What a sale would come to, without making it."""

    tipo_dte: int
    monto_neto: int
    monto_exento: int
    iva: int
    monto_total: int
    descuento_global: int
    lines: list[PreviewLine]
    exportacion: ExportacionOut | None = None
    """Of an export: its total in the currency."""
    impuestos: list[SaleTaxOut] = Field(default_factory=list)


class SaleDryRun(SalePreview):
    """What a sale would come to, what would refuse it now (in words), and the numbers its document can take."""

    warnings: list[str]
    avisos: list[str] = []
    """What the document should say about the journey of the goods and does not. It may be issued all the same."""
    folios: FolioPoolOut


class UnbilledGuide(Out):
    """A guide of a sale that no invoice bills yet."""

    id: int
    folio: int
    fecha_emision: date
    rut: str
    razon_social: str
    ind_traslado: int
    monto_total: int
    facturar_hasta: date
    """The 10th of the month after it (DL 825 art. 55)."""
    dias_restantes: int = Field(description="Días que quedan para facturarla; negativo: atrasada")


class UnbilledOut(Out):
    """Guides of sales that wait for their invoice. The figures are of all of them, the list of the oldest."""

    cantidad: int
    monto_total: int
    atrasadas: int
    proximo_limite: date | None
    """The nearest last day that is still to come."""
    guias: list[UnbilledGuide]


class SaleMinimalOut(Out):
    """The short answer of a sale (`Prefer: return=minimal`)."""

    id: int
    folio: int
    tipo_dte: int
    monto_total: int


class SoldOut(Out):
    """What the till shows of a sale just made."""

    id: int
    folio: int
    tipo_dte: int
    monto_total: int
    vuelto: int
    ajuste_redondeo: int


class TillOut(Out):
    """How the till stands for a person. `cart` is the text the browser keeps."""

    owner: str
    has_shift: bool
    methods: list[PaymentMethodOut]
    cart: str
    dropped: int
    boleta_limit: int | None = None
    """Pesos above which a boleta names its buyer."""
