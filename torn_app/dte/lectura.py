"""Reading a signed document back into values, as it says, without judging or cleaning anything.

For printing and for received documents. Reading proves nothing about signatures.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from lxml import etree

from torn_app.dte.errores import EsquemaInvalido
from torn_app.dte.lectura_exportacion import ExportacionLeida, read_export
from torn_app.dte.tipos import TipoDte
from torn_app.dte.xml_seguro import SII, flatten, parse_untrusted

_NS = {"s": SII}
_TED = re.compile(rb"<TED[\s>].*?</TED>", re.DOTALL)
_XMLNS = re.compile(rb"\sxmlns(?::\w+)?=(?:\"[^\"]*\"|'[^']*')")
_BODIES = ("Documento", "Exportaciones", "Liquidacion")


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


def read_dte(xml: bytes) -> DteLeido:
    """Read a signed `<DTE>`, or the first one of an envelope.

    Raises:
        EsquemaInvalido: not XML that can be read safely, or not a tax document.
    """
    root = parse_untrusted(xml)
    body = next((found for name in _BODIES if (found := root.find(f".//s:{name}", _NS)) is not None), None)
    if body is None:
        raise EsquemaInvalido("El archivo no es un documento tributario electrónico")
    try:
        return _read(body, _stamp(xml, root, body))
    except EsquemaInvalido:
        raise
    except (ValueError, InvalidOperation) as error:
        raise EsquemaInvalido("El documento trae un dato que no se puede leer") from error


def _read(body: etree._Element, ted: bytes) -> DteLeido:
    head = _node(body, "Encabezado")
    id_doc = _node(head, "IdDoc")
    return DteLeido(
        tipo=TipoDte(int(_must(id_doc, "TipoDTE"))),
        folio=int(_must(id_doc, "Folio")),
        fecha_emision=date.fromisoformat(_must(id_doc, "FchEmis")),
        emisor=_emisor(_node(head, "Emisor")),
        receptor=_receptor(_node(head, "Receptor")),
        totales=_totales(_node(head, "Totales")),
        lineas=tuple(_linea(row) for row in body.findall("s:Detalle", _NS)),
        descuentos=tuple(_descuento(row) for row in body.findall("s:DscRcgGlobal", _NS)),
        referencias=tuple(_referencia(row) for row in body.findall("s:Referencia", _NS)),
        forma_pago=_integer(id_doc, "FmaPago"),
        medio_pago=_text(id_doc, "MedioPago"),
        fecha_vencimiento=_date(id_doc, "FchVenc"),
        indicador_traslado=_integer(id_doc, "IndTraslado"),
        tipo_despacho=_integer(id_doc, "TipoDespacho"),
        montos_brutos=_integer(id_doc, "MntBruto") == 1,
        timestamp_firma=datetime.fromisoformat(stamp) if (stamp := _text(body, "TmstFirma")) else None,
        ted=ted,
        indicador_servicio=_integer(id_doc, "IndServicio"),
        exportacion=read_export(head),
    )


def _stamp(xml: bytes, root: etree._Element, body: etree._Element) -> bytes:
    node, found = body.find("s:TED", _NS), _TED.search(xml)
    if node is None or found is None:
        raise EsquemaInvalido("El documento no trae timbre")
    # The bytes themselves, not a serialisation: quotes may have been written as entities, and they are signed so.
    encoding = root.getroottree().docinfo.encoding or "utf-8"
    raw = _XMLNS.sub(b"", found.group().decode(encoding).encode("latin-1"))
    if b"<!" in raw or b"<?" in raw:
        raise EsquemaInvalido("El timbre del documento trae contenido ajeno")
    copy = parse_untrusted(b'<?xml version="1.0" encoding="ISO-8859-1"?>' + raw)
    # Something that only looks like a stamp (inside a comment, say) must not pass for the document's own.
    if list(_leaves(copy)) != list(_leaves(node)):
        raise EsquemaInvalido("El timbre del documento trae contenido ajeno")
    return flatten(raw)


def _leaves(node: etree._Element) -> Iterator[tuple[str, str]]:
    for element in node.iter("{*}*"):
        yield etree.QName(element).localname, (element.text or "").strip()


def _emisor(node: etree._Element) -> ParteLeida:
    return ParteLeida(
        rut=_must(node, "RUTEmisor"),
        razon_social=_text(node, "RznSoc") or _text(node, "RznSocEmisor"),
        giro=_text(node, "GiroEmis") or _text(node, "GiroEmisor"),
        direccion=_text(node, "DirOrigen"),
        comuna=_text(node, "CmnaOrigen"),
        ciudad=_text(node, "CiudadOrigen"),
        telefono=_text(node, "Telefono"),
        correo=_text(node, "CorreoEmisor"),
        actecos=tuple(code.text or "" for code in node.findall("s:Acteco", _NS)),
        sucursal=_text(node, "Sucursal"),
    )


def _receptor(node: etree._Element) -> ParteLeida:
    return ParteLeida(
        rut=_must(node, "RUTRecep"),
        razon_social=_text(node, "RznSocRecep"),
        giro=_text(node, "GiroRecep"),
        direccion=_text(node, "DirRecep"),
        comuna=_text(node, "CmnaRecep"),
        ciudad=_text(node, "CiudadRecep"),
        telefono=_text(node, "TelefonoRecep"),
        correo=_text(node, "CorreoRecep"),
        contacto=_text(node, "Contacto"),
    )


def _totales(node: etree._Element) -> TotalesLeidos:
    return TotalesLeidos(
        monto_neto=_decimal(node, "MntNeto"),
        monto_exento=_decimal(node, "MntExe"),
        tasa_iva=_decimal(node, "TasaIVA"),
        iva=_decimal(node, "IVA"),
        impuestos=tuple(
            ImpuestoLeido(
                codigo=_must(row, "TipoImp"), tasa=_decimal(row, "TasaImp"), monto=int(_must(row, "MontoImp"))
            )
            for row in node.findall("s:ImptoReten", _NS)
        ),
        monto_total=Decimal(_must(node, "MntTotal")),
        base_faena=_integer(node, "MntBase"),
        margen=_integer(node, "MntMargenCom"),
        iva_no_retenido=_integer(node, "IVANoRet"),
        credito_constructoras=_integer(node, "CredEC"),
        garantia_deposito=_integer(node, "GrntDep"),
        monto_no_facturable=_integer(node, "MontoNF"),
        monto_periodo=_integer(node, "TotalPeriodo" if _text(node, "TotalPeriodo") else "MontoPeriodo"),
    )


def _linea(node: etree._Element) -> LineaLeida:
    return LineaLeida(
        numero=int(_must(node, "NroLinDet")),
        nombre=_must(node, "NmbItem"),
        descripcion=_text(node, "DscItem"),
        codigo=_text(node, "CdgItem/s:VlrCodigo"),
        indicador_exencion=_integer(node, "IndExe"),
        cantidad=_decimal(node, "QtyItem"),
        unidad=_text(node, "UnmdItem"),
        precio=_decimal(node, "PrcItem"),
        descuento_pct=_decimal(node, "DescuentoPct"),
        descuento_monto=_integer(node, "DescuentoMonto") or 0,
        recargo_monto=_integer(node, "RecargoMonto") or 0,
        monto_item=Decimal(_must(node, "MontoItem")),
        recargo_pct=_decimal(node, "RecargoPct"),
        codigos_impuesto=tuple(int(code.text or "") for code in node.findall("s:CodImpAdic", _NS)),
        base_faena=_integer(node, "Retenedor/s:MntBaseFaena"),
        margen=_integer(node, "Retenedor/s:MntMargComer"),
    )


def _descuento(node: etree._Element) -> DescuentoLeido:
    return DescuentoLeido(
        movimiento=_must(node, "TpoMov"),
        glosa=_text(node, "GlosaDR"),
        es_porcentaje=_must(node, "TpoValor") == "%",
        valor=Decimal(_must(node, "ValorDR")),
        indicador_exencion=_integer(node, "IndExeDR"),
    )


def _referencia(node: etree._Element) -> ReferenciaLeida:
    return ReferenciaLeida(
        tipo=_text(node, "TpoDocRef"),
        folio=_text(node, "FolioRef"),
        fecha=_date(node, "FchRef"),
        codigo=_text(node, "CodRef"),
        razon=_text(node, "RazonRef"),
        es_global=_integer(node, "IndGlobal") == 1,
    )


def _node(parent: etree._Element, name: str) -> etree._Element:
    found = parent.find(f"s:{name}", _NS)
    if found is None:
        raise EsquemaInvalido(f"Al documento le falta la sección {name}")
    return found


def _text(parent: etree._Element, path: str) -> str | None:
    text = parent.findtext(f"s:{path}", None, _NS)
    return text.strip() or None if text else None


def _must(parent: etree._Element, path: str) -> str:
    text = _text(parent, path)
    if text is None:
        raise EsquemaInvalido(f"Al documento le falta el dato {path}")
    return text


def _integer(parent: etree._Element, path: str) -> int | None:
    text = _text(parent, path)
    return int(text) if text is not None else None


def _decimal(parent: etree._Element, path: str) -> Decimal | None:
    text = _text(parent, path)
    return Decimal(text) if text is not None else None


def _date(parent: etree._Element, path: str) -> date | None:
    text = _text(parent, path)
    return date.fromisoformat(text) if text is not None else None
