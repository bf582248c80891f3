"""A signed document as values, as it says, without judging or cleaning anything."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from torn_app.dte.lectura_exportacion import ExportacionLeida
from torn_app.dte.tipos import TipoDte


@dataclass(frozen=True, slots=True, kw_only=True)
class ParteLeida:
    """Issuer or receiver."""

    rut: str
    razon_social: str | None
    giro: str | None
    direccion: str | None
    comuna: str | None
    ciudad: str | None
    telefono: str | None
    correo: str | None
    contacto: str | None = None
    actecos: tuple[str, ...] = ()
    sucursal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineaLeida:
    """A Detalle line."""

    numero: int
    nombre: str
    descripcion: str | None
    codigo: str | None
    indicador_exencion: int | None
    cantidad: Decimal | None
    unidad: str | None
    precio: Decimal | None
    descuento_pct: Decimal | None
    descuento_monto: int
    recargo_monto: int
    monto_item: Decimal
    """Whole pesos but for export documents."""
    recargo_pct: Decimal | None = None
    codigos_impuesto: tuple[int, ...] = ()
    base_faena: int | None = None
    margen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DescuentoLeido:
    """A DscRcgGlobal row: `valor` in percent or in the document's currency."""

    movimiento: str
    glosa: str | None
    es_porcentaje: bool
    valor: Decimal
    indicador_exencion: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenciaLeida:
    """A Referencia row."""

    tipo: str | None
    folio: str | None
    fecha: date | None
    codigo: str | None
    razon: str | None
    es_global: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ImpuestoLeido:
    """An additional or withheld tax of the totals (ImptoReten)."""

    codigo: str
    tasa: Decimal | None
    monto: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalesLeidos:
    """Totals; None where the document has no such field."""

    monto_neto: Decimal | None
    monto_exento: Decimal | None
    tasa_iva: Decimal | None
    iva: Decimal | None
    impuestos: tuple[ImpuestoLeido, ...]
    monto_total: Decimal
    base_faena: int | None = None
    margen: int | None = None
    iva_no_retenido: int | None = None
    credito_constructoras: int | None = None
    garantia_deposito: int | None = None
    monto_no_facturable: int | None = None
    monto_periodo: int | None = None
    """Of a boleta, TotalPeriodo."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DteLeido:
    """A document as it was signed."""

    tipo: TipoDte
    folio: int
    fecha_emision: date
    emisor: ParteLeida
    receptor: ParteLeida
    totales: TotalesLeidos
    lineas: tuple[LineaLeida, ...]
    descuentos: tuple[DescuentoLeido, ...]
    referencias: tuple[ReferenciaLeida, ...]
    forma_pago: int | None
    medio_pago: str | None
    fecha_vencimiento: date | None
    indicador_traslado: int | None
    tipo_despacho: int | None
    montos_brutos: bool
    timestamp_firma: datetime | None
    """TmstFirma, naive Santiago wall time."""
    ted: bytes = field(repr=False)
    """The flattened stamp, ISO-8859-1: the bytes of the barcode."""
    indicador_servicio: int | None = None
    exportacion: ExportacionLeida | None = None
    """Only on 110, 111 and 112."""
