"""Documents to print. They are built here, unsigned: printing reads a document and does not judge its signature.

The stamp has the size of a real one (a 512 bit authorisation) and carries what breaks encoders: accents and entities.
"""

from base64 import b64encode
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from tests.shared_material import shared_path
from torn_app.dte.impresion import Impresion, printed_copy

RESOLUCION: dict[str, Any] = {
    "resolucion_numero": 80,
    "resolucion_fecha": date(2014, 8, 22),
    "sucursal_sii": "Santiago Centro",
}
ITEM = "Ñandú & cóndor <grande> 100% ½"

_KEY = b64encode(bytes(range(64))).decode()


def node(tag: str, *inner: str) -> str:
    """An element with raw content."""
    return f"<{tag}>{''.join(inner)}</{tag}>"


def leaf(tag: str, text: object) -> str:
    """An element with escaped text."""
    return node(tag, escape(str(text)))


def ted(tipo: int, folio: int, rut: str, total: int, item: str = ITEM) -> str:
    """A flattened TED."""
    caf = (
        f"<DA><RE>76418932-9</RE><RS>COMERCIAL EL MAITEN LTDA</RS><TD>{tipo}</TD><RNG><D>1</D><H>5000</H></RNG>"
        f"<FA>2026-10-01</FA><RSAPK><M>{_KEY}</M><E>Aw==</E></RSAPK><IDK>100</IDK></DA>"
        f'<FRMA algoritmo="SHA1withRSA">{_KEY}</FRMA>'
    )
    return (
        f'<TED version="1.0"><DD><RE>76418932-9</RE><TD>{tipo}</TD><F>{folio}</F><FE>2026-11-20</FE><RR>{rut}</RR>'
        f"<RSR>{escape('Peñaflor & Cía. Ltda.')}</RSR><MNT>{total}</MNT><IT1>{escape(item[:40])}</IT1>"
        f'<CAF version="1.0">{caf}</CAF><TSTED>2026-11-20T14:05:00</TSTED></DD>'
        f'<FRMT algoritmo="SHA1withRSA">{_KEY}</FRMT></TED>'
    )


@dataclass
class Papel:
    """A document under construction: raw XML of each zone."""

    tipo: int
    folio: int = 10482
    iddoc: str = ""
    receptor: str = "<RUTRecep>77123456-9</RUTRecep><RznSocRecep>Peñaflor &amp; Cía. Ltda.</RznSocRecep>"
    totales: str = "<MntNeto>10000</MntNeto><TasaIVA>19</TasaIVA><IVA>1900</IVA><MntTotal>11900</MntTotal>"
    transporte: str = ""
    lineas: list[str] = field(default_factory=list)
    resto: str = ""
    total: int = 11900

    def xml(self) -> bytes:
        """The bytes, ISO-8859-1, indented between elements as a real document may be."""
        boleta = self.tipo in (39, 41)
        emisor = node(
            "Emisor",
            leaf("RUTEmisor", "76418932-9"),
            leaf("RznSocEmisor" if boleta else "RznSoc", "Comercial El Maitén Ltda."),
            leaf("GiroEmisor" if boleta else "GiroEmis", "Ferretería y materiales de construcción"),
            leaf("DirOrigen", "Av. Los Maitenes 1450"),
            leaf("CmnaOrigen", "Ñuñoa"),
        )
        iddoc = node(
            "IdDoc",
            leaf("TipoDTE", self.tipo),
            leaf("Folio", self.folio),
            leaf("FchEmis", "2026-11-20"),
            self.iddoc,
        )
        encabezado = node(
            "Encabezado",
            iddoc,
            emisor,
            node("Receptor", self.receptor),
            node("Transporte", self.transporte) if self.transporte else "",
            node("Totales", self.totales),
        )
        lineas = "\n".join(self.lineas or [line(1, ITEM, "2", "5000", 10000)])
        stamp = ted(self.tipo, self.folio, "77123456-9", self.total).replace("><", ">\n  <")
        body = f"{encabezado}\n{lineas}\n{self.resto}\n{stamp}<TmstFirma>2026-11-20T14:05:07</TmstFirma>"
        cuerpo = {43: "Liquidacion", 110: "Exportaciones"}.get(self.tipo, "Documento")
        return (
            '<?xml version="1.0" encoding="ISO-8859-1"?>\n<DTE xmlns="http://www.sii.cl/SiiDte" version="1.0">'
            f'<{cuerpo} ID="F{self.folio}T{self.tipo}">{body}</{cuerpo}></DTE>'
        ).encode("latin-1")

    def copy(self, **options: Any) -> Impresion:
        """The printed copy of it."""
        return printed_copy(self.xml(), **{**RESOLUCION, **options})


def line(number: int, name: str, quantity: str, price: str, amount: int, extra: str = "", before: str = "") -> str:
    """A line of the detail; `extra` goes before the amount, `before` before the name."""
    return node(
        "Detalle",
        leaf("NroLinDet", number),
        before,
        leaf("NmbItem", name),
        leaf("QtyItem", quantity),
        leaf("PrcItem", price),
        extra,
        leaf("MontoItem", amount),
    )


def boleta(**changes: Any) -> Papel:
    """A boleta to nobody in particular: 6.560, of which 1.047 is IVA."""
    values: dict[str, Any] = {
        "tipo": 39,
        "iddoc": "<IndServicio>3</IndServicio>",
        "receptor": "<RUTRecep>66666666-6</RUTRecep>",
        "totales": "<MntNeto>5513</MntNeto><IVA>1047</IVA><MntTotal>6560</MntTotal>",
        "lineas": [line(1, ITEM, "3.0", "1190.0", 3570), line(2, "Té ceylán 100 g", "0.651", "4593", 2990)],
        "total": 6560,
    }
    return Papel(**{**values, **changes})


def sample(name: str) -> bytes:
    """A document made by another program, from the shared folder."""
    return shared_path("sii", "samples", "tool", name).read_bytes()
