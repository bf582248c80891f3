"""Reading a signed document back into values, as it says, without judging or cleaning anything.

For printing and for received documents. Reading proves nothing about signatures.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from lxml import etree

from torn_app.dte.errores import EsquemaInvalido
from torn_app.dte.lectura_exportacion import read_export
from torn_app.dte.lectura_valores import (
    DescuentoLeido,
    DteLeido,
    ImpuestoLeido,
    LineaLeida,
    ParteLeida,
    ReferenciaLeida,
    TotalesLeidos,
)
from torn_app.dte.numeros import read_number, read_whole
from torn_app.dte.tipos import TipoDte
from torn_app.dte.xml_seguro import SII, flatten, parse_untrusted

_NS = {"s": SII}
_TED = re.compile(rb"<TED[\s>].*?</TED>", re.DOTALL)
_XMLNS = re.compile(rb"\sxmlns(?::\w+)?=(?:\"[^\"]*\"|'[^']*')")
_BODIES = ("Documento", "Exportaciones", "Liquidacion")

_SII = f"{{{SII}}}"
_Fields = dict[str, str | None]
"""Texts by name; those of other namespaces keep theirs in the name."""


def read_dte(xml: bytes) -> DteLeido:
    """Read a signed `<DTE>`, or the first one of an envelope.

    Raises:
        EsquemaInvalido: not XML that can be read safely, or not a tax document.
    """
    root = parse_untrusted(xml)
    body = next((found for name in _BODIES if (found := root.find(f".//s:{name}", _NS)) is not None), None)
    if body is None:
        raise EsquemaInvalido("El archivo no es un documento tributario electrónico")
    return read_body(body, _stamp(xml, root, body))


def read_body(body: etree._Element, ted: bytes) -> DteLeido:
    """Read the element inside a `<DTE>`, whose flattened stamp is `ted`. Errors of `read_dte`."""
    try:
        return _read(body, ted)
    except EsquemaInvalido:
        raise
    except ValueError as error:
        raise EsquemaInvalido("El documento trae un dato que no se puede leer") from error


def _read(body: etree._Element, ted: bytes) -> DteLeido:
    head = _node(body, "Encabezado")
    id_doc = _fields(_node(head, "IdDoc"))
    stamp = _text(_fields(body), "TmstFirma")
    return DteLeido(
        tipo=TipoDte(read_whole(_must(id_doc, "TipoDTE"))),
        folio=read_whole(_must(id_doc, "Folio")),
        fecha_emision=date.fromisoformat(_must(id_doc, "FchEmis")),
        emisor=_emisor(_node(head, "Emisor")),
        receptor=_receptor(_fields(_node(head, "Receptor"))),
        totales=_totales(_node(head, "Totales")),
        lineas=tuple(_linea(row) for row in body.iterchildren(_tag("Detalle"))),
        descuentos=tuple(_descuento(_fields(row)) for row in body.iterchildren(_tag("DscRcgGlobal"))),
        referencias=tuple(_referencia(_fields(row)) for row in body.iterchildren(_tag("Referencia"))),
        forma_pago=_integer(id_doc, "FmaPago"),
        medio_pago=_text(id_doc, "MedioPago"),
        fecha_vencimiento=_date(id_doc, "FchVenc"),
        indicador_traslado=_integer(id_doc, "IndTraslado"),
        tipo_despacho=_integer(id_doc, "TipoDespacho"),
        montos_brutos=_integer(id_doc, "MntBruto") == 1,
        timestamp_firma=datetime.fromisoformat(stamp) if stamp else None,
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
    fields = _fields(node)
    return ParteLeida(
        rut=_must(fields, "RUTEmisor"),
        razon_social=_text(fields, "RznSoc") or _text(fields, "RznSocEmisor"),
        giro=_text(fields, "GiroEmis") or _text(fields, "GiroEmisor"),
        direccion=_text(fields, "DirOrigen"),
        comuna=_text(fields, "CmnaOrigen"),
        ciudad=_text(fields, "CiudadOrigen"),
        telefono=_text(fields, "Telefono"),
        correo=_text(fields, "CorreoEmisor"),
        actecos=tuple(code.text or "" for code in node.iterchildren(_tag("Acteco"))),
        sucursal=_text(fields, "Sucursal"),
    )


def _receptor(fields: _Fields) -> ParteLeida:
    return ParteLeida(
        rut=_must(fields, "RUTRecep"),
        razon_social=_text(fields, "RznSocRecep"),
        giro=_text(fields, "GiroRecep"),
        direccion=_text(fields, "DirRecep"),
        comuna=_text(fields, "CmnaRecep"),
        ciudad=_text(fields, "CiudadRecep"),
        telefono=_text(fields, "TelefonoRecep"),
        correo=_text(fields, "CorreoRecep"),
        contacto=_text(fields, "Contacto"),
    )


def _totales(node: etree._Element) -> TotalesLeidos:
    fields = _fields(node)
    return TotalesLeidos(
        monto_neto=_decimal(fields, "MntNeto"),
        monto_exento=_decimal(fields, "MntExe"),
        tasa_iva=_decimal(fields, "TasaIVA"),
        iva=_decimal(fields, "IVA"),
        impuestos=tuple(_impuesto(_fields(row)) for row in node.iterchildren(_tag("ImptoReten"))),
        monto_total=read_number(_must(fields, "MntTotal")),
        base_faena=_integer(fields, "MntBase"),
        margen=_integer(fields, "MntMargenCom"),
        iva_no_retenido=_integer(fields, "IVANoRet"),
        credito_constructoras=_integer(fields, "CredEC"),
        garantia_deposito=_integer(fields, "GrntDep"),
        monto_no_facturable=_integer(fields, "MontoNF"),
        monto_periodo=_integer(fields, "TotalPeriodo" if _text(fields, "TotalPeriodo") else "MontoPeriodo"),
    )


def _impuesto(fields: _Fields) -> ImpuestoLeido:
    return ImpuestoLeido(
        codigo=_must(fields, "TipoImp"), tasa=_decimal(fields, "TasaImp"), monto=read_whole(_must(fields, "MontoImp"))
    )


def _linea(node: etree._Element) -> LineaLeida:
    fields = _fields(node)
    code, withheld = _inner(node, fields, "CdgItem"), _inner(node, fields, "Retenedor")
    return LineaLeida(
        numero=read_whole(_must(fields, "NroLinDet")),
        nombre=_must(fields, "NmbItem"),
        descripcion=_text(fields, "DscItem"),
        codigo=_text(code, "VlrCodigo"),
        indicador_exencion=_integer(fields, "IndExe"),
        cantidad=_decimal(fields, "QtyItem"),
        unidad=_text(fields, "UnmdItem"),
        precio=_decimal(fields, "PrcItem"),
        descuento_pct=_decimal(fields, "DescuentoPct"),
        descuento_monto=_integer(fields, "DescuentoMonto") or 0,
        recargo_monto=_integer(fields, "RecargoMonto") or 0,
        monto_item=read_number(_must(fields, "MontoItem")),
        recargo_pct=_decimal(fields, "RecargoPct"),
        codigos_impuesto=tuple(read_whole(code.text or "") for code in node.iterchildren(_tag("CodImpAdic"))),
        base_faena=_integer(withheld, "MntBaseFaena"),
        margen=_integer(withheld, "MntMargComer"),
    )


def _descuento(fields: _Fields) -> DescuentoLeido:
    return DescuentoLeido(
        movimiento=_must(fields, "TpoMov"),
        glosa=_text(fields, "GlosaDR"),
        es_porcentaje=_must(fields, "TpoValor") == "%",
        valor=read_number(_must(fields, "ValorDR")),
        indicador_exencion=_integer(fields, "IndExeDR"),
    )


def _referencia(fields: _Fields) -> ReferenciaLeida:
    return ReferenciaLeida(
        tipo=_text(fields, "TpoDocRef"),
        folio=_text(fields, "FolioRef"),
        fecha=_date(fields, "FchRef"),
        codigo=_text(fields, "CodRef"),
        razon=_text(fields, "RazonRef"),
        es_global=_integer(fields, "IndGlobal") == 1,
    )


def _node(parent: etree._Element, name: str) -> etree._Element:
    found = next(parent.iterchildren(_tag(name)), None)
    if found is None:
        raise EsquemaInvalido(f"Al documento le falta la sección {name}")
    return found


def _tag(name: str) -> str:
    return _SII + name


def _fields(node: etree._Element) -> _Fields:
    """Return the texts of a node's children by name, the first of each: one walk instead of a search per field."""
    fields: _Fields = {}
    for child in node.iterchildren("{*}*"):
        fields.setdefault(child.tag.removeprefix(_SII), child.text)
    return fields


def _inner(node: etree._Element, fields: _Fields, name: str) -> _Fields:
    return _fields(_node(node, name)) if name in fields else {}


def _text(fields: _Fields, name: str) -> str | None:
    text = fields.get(name)
    return text.strip() or None if text else None


def _must(fields: _Fields, name: str) -> str:
    text = _text(fields, name)
    if text is None:
        raise EsquemaInvalido(f"Al documento le falta el dato {name}")
    return text


def _integer(fields: _Fields, name: str) -> int | None:
    text = _text(fields, name)
    return read_whole(text) if text is not None else None


def _decimal(fields: _Fields, name: str) -> Decimal | None:
    text = _text(fields, name)
    return read_number(text) if text is not None else None


def _date(fields: _Fields, name: str) -> date | None:
    text = _text(fields, name)
    return date.fromisoformat(text) if text is not None else None
