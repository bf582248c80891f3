"""Reading what only export documents carry, as it says, without judging it."""

from dataclasses import dataclass
from decimal import Decimal

from lxml import etree

from torn_app.dte.exportacion import ADUANA
from torn_app.dte.numeros import read_number, read_whole
from torn_app.dte.xml_seguro import SII

_NS = {"s": SII}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportacionLeida:
    """Currency, exchange and customs of an export document."""

    moneda: str
    tipo_cambio: Decimal | None
    total_pesos: Decimal | None
    forma_pago: int | None
    nacionalidad: str | None
    numero_id: str | None
    aduana: dict[str, Decimal]
    """By field of `exportacion.Aduana`; only what the document has."""
    bultos: tuple[tuple[int | None, int | None], ...]
    """Code and number of packages."""


def read_export(head: etree._Element) -> ExportacionLeida | None:
    """Read the Encabezado of an export document; None when it is of another kind."""
    moneda = _text(head, "Totales/s:TpoMoneda")
    if moneda is None:
        return None
    customs = {
        field: read_number(text)
        for field, (name, _) in ADUANA.items()
        if (text := _text(head, f"Transporte/s:Aduana/s:{name}")) is not None
    }
    forma = _text(head, "IdDoc/s:FmaPagExp")
    return ExportacionLeida(
        moneda=moneda,
        tipo_cambio=_decimal(head, "OtraMoneda/s:TpoCambio"),
        total_pesos=_decimal(head, "OtraMoneda/s:MntTotOtrMnda"),
        forma_pago=None if forma is None else read_whole(forma),
        nacionalidad=_text(head, "Receptor/s:Extranjero/s:Nacionalidad"),
        numero_id=_text(head, "Receptor/s:Extranjero/s:NumId"),
        aduana=customs,
        bultos=tuple(
            (_integer(row, "CodTpoBultos"), _integer(row, "CantBultos"))
            for row in head.iterfind("s:Transporte/s:Aduana/s:TipoBultos", _NS)
        ),
    )


def _text(node: etree._Element, path: str) -> str | None:
    text = node.findtext(f"s:{path}", None, _NS)
    return text.strip() or None if text else None


def _decimal(node: etree._Element, path: str) -> Decimal | None:
    text = _text(node, path)
    return None if text is None else read_number(text)


def _integer(node: etree._Element, path: str) -> int | None:
    text = _text(node, path)
    return None if text is None else read_whole(text)
