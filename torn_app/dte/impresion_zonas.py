"""Zone by zone, what a signed document says and how its paper says it. Used by impresion.py only."""

from decimal import Decimal

from lxml import etree

from torn_app.dte import impresion_textos as textos
from torn_app.dte.aduanas import PAISES
from torn_app.dte.errores import DteError, EsquemaInvalido
from torn_app.dte.impresion_nodo import amount, get, joined, number, with_rate
from torn_app.dte.impresion_partes import Acuse, Fila, LineaImpresa
from torn_app.dte.impuestos import TASA_IVA, nombre_impuesto, resta_del_total
from torn_app.dte.tipos import TipoDte
from torn_app.kernel.rut import GENERIC_CUSTOMER, format_rut

_ELECTRONICOS = {str(int(tipo)): tipo for tipo in TipoDte}


class CopiaNoPermitida(DteError):
    """A cedible copy was asked of a document that has none."""


def total_amount(nodo: etree._Element) -> Decimal:
    """Return MntTotal of a document, in its own currency."""
    total = number(nodo, "Encabezado/Totales/MntTotal")
    if total is None:
        raise EsquemaInvalido("Al documento le falta el total")
    return total


def signing_time(nodo: etree._Element, emision: str) -> str | None:
    """Hour of the signature, if signed on the date of issue: a later signature says nothing of the sale."""
    dia, _, hora = (get(nodo, "TmstFirma") or "").partition("T")
    return hora[:5] if hora and dia == emision else None


def issuer_lines(nodo: etree._Element) -> list[str]:
    """Return what stands under the issuer's name: giro and address."""
    emisor = "Encabezado/Emisor/"
    giro = get(nodo, emisor + "GiroEmis") or get(nodo, emisor + "GiroEmisor")
    lugar = joined(nodo, emisor, "DirOrigen", "CmnaOrigen", "CiudadOrigen")
    fonos = [fono for e in nodo.iterfind(emisor + "Telefono") if (fono := get(e, "."))]
    sucursal = get(nodo, emisor + "Sucursal")
    return [
        linea
        for linea in (
            giro,
            lugar,
            f"Sucursal: {sucursal}" if sucursal else None,
            f"Fono {', '.join(fonos)}" if fonos else None,
            get(nodo, emisor + "CorreoEmisor"),
        )
        if linea
    ]


def receptor_rows(nodo: etree._Element, boleta: bool) -> tuple[Fila, ...]:
    """Rows of the receptor. A boleta names its buyer only when there is one (RUT neither 0 nor 66666666-6)."""
    base = "Encabezado/Receptor/"
    rut = get(nodo, base + "RUTRecep") or ""
    if boleta and rut in ("", "0-0", GENERIC_CUSTOMER):
        return ()
    filas = [
        Fila("Señor(es)", get(nodo, base + "RznSocRecep") or ""),
        Fila("R.U.T.", format_rut(rut)),
        Fila("Giro", get(nodo, base + "GiroRecep") or ""),
        Fila("Dirección", get(nodo, base + "DirRecep") or ""),
        Fila("Comuna", get(nodo, base + "CmnaRecep") or ""),
        Fila("Ciudad", get(nodo, base + "CiudadRecep") or ""),
        Fila("Contacto", get(nodo, base + "Contacto") or ""),
        Fila("País", _pais(get(nodo, base + "Extranjero/Nacionalidad") or "")),
        Fila("Identificación", get(nodo, base + "Extranjero/NumId") or ""),
    ]
    return tuple(fila for fila in filas if fila.valor)


def _pais(codigo: str) -> str:
    """The name of a country of the customs service's table; a code that has none here is printed as it is."""
    return PAISES.get(int(codigo), codigo) if codigo.isascii() and codigo.isdigit() else codigo


def transport_rows(nodo: etree._Element, tipo: TipoDte) -> tuple[Fila, ...]:
    """Movement of goods: the kind of transfer in words (always on a 52) and who carries what where."""
    iddoc, transporte = "Encabezado/IdDoc/", "Encabezado/Transporte/"
    indicador = get(nodo, iddoc + "IndTraslado") or ""
    chofer = get(nodo, transporte + "Chofer/NombreChofer")
    chofer_rut = get(nodo, transporte + "Chofer/RUTChofer")
    filas = [
        Fila("Tipo de traslado", textos.TRASLADOS.get(indicador, "") if tipo.es_guia else ""),
        Fila("Despacho", textos.DESPACHOS.get(get(nodo, iddoc + "TipoDespacho") or "", "")),
        Fila("Destino", joined(nodo, transporte, "DirDest", "CmnaDest", "CiudadDest")),
        Fila("Patente", joined(nodo, transporte, "Patente", "PatenteCarro")),
        Fila("Transportista", format_rut(get(nodo, transporte + "RUTTrans") or "")),
        Fila("Chofer", " ".join(t for t in (chofer, format_rut(chofer_rut) if chofer_rut else None) if t)),
        Fila("Salida", _salida(nodo, transporte)),
    ]
    return tuple(fila for fila in filas if fila.valor)


def _salida(nodo: etree._Element, transporte: str) -> str:
    fecha, hora = get(nodo, transporte + "FchSalida"), get(nodo, transporte + "HraSalida")
    return " ".join(t for t in (textos.fecha_corta(fecha) if fecha else None, hora[:5] if hora else None) if t)


def reference_text(ref: etree._Element) -> str:
    """A reference in words: type, folio, date, effect and reason."""
    tipo = get(ref, "TpoDocRef") or ""
    codigo = get(ref, "CodRef") or ""
    folio, fecha, razon = get(ref, "FolioRef"), get(ref, "FchRef"), get(ref, "RazonRef")
    if tipo in _ELECTRONICOS:
        texto = _ELECTRONICOS[tipo].nombre
    else:
        texto = textos.DOCUMENTOS_REFERIDOS.get(tipo, tipo) or codigo
    if get(ref, "IndGlobal"):
        texto += " (varios documentos)"
    elif folio:
        texto += f" N° {folio}"
    if fecha:
        texto += f" del {textos.fecha_corta(fecha)}"
    if codigo in textos.EFECTOS:
        texto += f", {textos.EFECTOS[codigo]}"
    return f"{texto}. {razon}" if razon else texto


def printed_line(linea: etree._Element, moneda: str | None, tipo: TipoDte) -> LineaImpresa:
    """Return a line (Detalle) as a copy shows it; `moneda` is that of an export document, None for pesos."""
    cantidad, unidad = number(linea, "QtyItem"), get(linea, "UnmdItem")
    precio = number(linea, "PrcItem")
    monto = number(linea, "MontoItem") or Decimal(0)
    descuento = number(linea, "DescuentoMonto") or Decimal(0)
    recargo = number(linea, "RecargoMonto") or Decimal(0)
    ajustes = []
    if descuento:
        ajustes.append(Fila(with_rate("Descuento", number(linea, "DescuentoPct")), amount(-descuento, moneda)))
    if recargo:
        ajustes.append(Fila(with_rate("Recargo", number(linea, "RecargoPct")), amount(recargo, moneda)))
    # A document that is exempt as a whole (34, 41, export) says so in its name, not in every line.
    marca = None if tipo.es_exento else textos.MARCAS_DE_LINEA.get(get(linea, "IndExe") or "")
    return LineaImpresa(
        codigo=get(linea, "CdgItem/VlrCodigo"),
        nombre=get(linea, "NmbItem") or "",
        descripcion=get(linea, "DscItem"),
        cantidad=None if cantidad is None else textos.numero(cantidad) + (f" {unidad}" if unidad else ""),
        precio=None if precio is None else amount(precio, moneda),
        bruto=amount(monto + descuento - recargo, moneda),
        ajustes=tuple(ajustes),
        marca=marca,
        monto=amount(monto, moneda),
    )


def adjustment_rows(nodo: etree._Element, moneda: str | None) -> tuple[Fila, ...]:
    """Global discounts and surcharges as text, with the rate or the amount the document states."""
    filas = []
    for ajuste in nodo.iterfind("DscRcgGlobal"):
        resta = get(ajuste, "TpoMov") == "D"
        valor = number(ajuste, "ValorDR") or Decimal(0)
        etiqueta = "Descuento global" if resta else "Recargo global"
        sobre = textos.AJUSTE_SOBRE.get(get(ajuste, "IndExeDR") or "")
        etiqueta += f" a {sobre}" if sobre else ""
        glosa = get(ajuste, "GlosaDR")
        etiqueta += f": {glosa}" if glosa else ""
        if get(ajuste, "TpoValor") == "%":
            filas.append(Fila(etiqueta, f"{'-' if resta else '+'}{textos.numero(valor)} %"))
        else:
            filas.append(Fila(etiqueta, amount(-valor if resta else valor, moneda)))
    return tuple(filas)


def commission_rows(nodo: etree._Element, moneda: str | None) -> tuple[Fila, ...]:
    """Commissions and other charges of a liquidación factura (43)."""
    return tuple(
        Fila(get(c, "Glosa") or "Comisión", amount(-(number(c, "ValComNeto") or Decimal(0)), moneda))
        for c in nodo.iterfind("Comisiones")
    )


def total_rows(nodo: etree._Element, tipo: TipoDte, moneda: str | None) -> tuple[Fila, ...]:
    """Rows around the total: net, exempt, IVA with its rate, other taxes; only what the document carries."""
    base = "Encabezado/Totales/"
    neto, iva = number(nodo, base + "MntNeto"), number(nodo, base + "IVA")
    filas = []

    def add(etiqueta: str, valor: Decimal | None, *, cero: bool = False) -> None:
        if valor is not None and (valor or cero):
            filas.append(Fila(etiqueta, amount(valor, moneda)))

    add("Neto", neto, cero=tipo in (33, 46, 56, 61) and iva is not None)
    add("Exento", number(nodo, base + "MntExe"))
    if tipo.es_boleta:
        add(f"El IVA ({textos.numero(TASA_IVA)} %) de esta boleta es", iva)
    else:
        tasa = number(nodo, base + "TasaIVA")
        add(with_rate("IVA", tasa), iva, cero=neto is not None)
    for impuesto in nodo.iterfind(base + "ImptoReten"):
        codigo = get(impuesto, "TipoImp") or ""
        monto = number(impuesto, "MontoImp") or Decimal(0)
        nombre = with_rate(nombre_impuesto(codigo), number(impuesto, "TasaImp"))
        filas.append(Fila(nombre, amount(-monto if resta_del_total(codigo) else monto, moneda)))
    if tipo.es_boleta:
        for impuesto in nodo.iterfind("SubTotInfo"):
            add(get(impuesto, "GlosaSTI") or "Impuesto adicional", number(impuesto, "SubTotAdicSTI"))
    add("IVA no retenido", number(nodo, base + "IVANoRet"))
    credito = number(nodo, base + "CredEC")
    add("Crédito empresas constructoras", -credito if credito else None)
    add("Garantía de depósito", number(nodo, base + "GrntDep"))
    no_facturable = number(nodo, base + "MontoNF")
    add("No facturable", no_facturable)
    if no_facturable is not None:
        periodo = number(nodo, base + ("TotalPeriodo" if tipo.es_boleta else "MontoPeriodo"))
        add("Total con lo no facturable", periodo, cero=True)
    add("Saldo anterior", number(nodo, base + "SaldoAnterior"))
    por_pagar = number(nodo, base + "VlrPagar")
    if por_pagar is not None and por_pagar != number(nodo, base + "MntTotal"):
        add("Valor a pagar", por_pagar, cero=True)
    if moneda:
        filas.append(Fila("Moneda", moneda))
    return tuple(filas)


def payment_rows(nodo: etree._Element, moneda: str | None) -> tuple[Fila, ...]:
    """Payment form, means, term and due dates."""
    base = "Encabezado/IdDoc/"
    forma = textos.FORMAS_DE_PAGO.get(get(nodo, base + "FmaPago") or "", "")
    medio = textos.MEDIOS_DE_PAGO.get(get(nodo, base + "MedioPago") or "", "")
    vence = get(nodo, base + "FchVenc")
    dias = get(nodo, base + "TermPagoDias")
    filas = [
        Fila("Forma de pago", forma),
        Fila("Medio de pago", medio),
        Fila("Plazo", f"{dias} días" if dias else ""),
        Fila("Condición", get(nodo, base + "TermPagoGlosa") or ""),
        Fila("Cuenta", joined(nodo, base, "BcoPago", "TpoCtaPago", "NumCtaPago")),
        Fila("Período", _periodo(nodo, base)),
        Fila("Vencimiento", textos.fecha_corta(vence) if vence else ""),
        *(
            Fila(f"Cuota {textos.fecha_corta(get(cuota, 'FchPago') or '')}", amount(monto, moneda))
            for cuota in nodo.iterfind(base + "MntPagos")
            if (monto := number(cuota, "MntPago"))
        ),
    ]
    return tuple(fila for fila in filas if fila.valor)


def _periodo(nodo: etree._Element, base: str) -> str:
    days = (get(nodo, base + "PeriodoDesde"), get(nodo, base + "PeriodoHasta"))
    return " al ".join(textos.fecha_corta(day) for day in days if day)


def receipt_box(nodo: etree._Element, tipo: TipoDte) -> Acuse:
    """Return the receipt box of an assignable copy (Ley 19.983, art. 4 b and 5 c).

    Raises CopiaNoPermitida for a document that has none.
    """
    venta = get(nodo, "Encabezado/IdDoc/IndTraslado") == textos.TRASLADO_VENTA
    if not tipo.es_cedible or (tipo.es_guia and not venta):
        raise CopiaNoPermitida(f"El documento «{tipo.nombre}» no tiene copia cedible")
    return Acuse(
        leyenda="CEDIBLE CON SU FACTURA" if tipo.es_guia else "CEDIBLE",
        campos=textos.CAMPOS_ACUSE,
        declaracion=textos.LEY_19983,
    )
