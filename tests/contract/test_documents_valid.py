"""What a sale over HTTP leaves behind is a document the tax service would take: judged by others than its builder."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from lxml import etree

from tests import judges
from tests.fiscal_material import RUT_FIRMANTE, certificado
from tests.shop import Door, Platform, Shop, done
from torn_app.dte.sobre import Caratula, build_envio_boleta, build_envio_dte

NS = {"s": judges.SII}
NAME = 'Té "Ñandú" & <limón> 100% café'
BOLETAS = (39, 41)
BASKETS = ("plain", "mixed", "discounts", "amounts")


@dataclass(frozen=True)
class Sold:
    """A sale, its document and the person who may look at both."""

    door: Door
    shop: Shop
    answer: dict
    preview: dict
    xml: bytes

    @property
    def root(self) -> etree._Element:
        return etree.fromstring(self.xml)

    def text(self, path: str) -> str | None:
        """Text of an element under <Documento>."""
        return self.root.findtext(f"s:Documento/{'/'.join('s:' + part for part in path.split('/'))}", None, NS)

    def number(self, path: str) -> int:
        """An amount of the document; absent is nothing."""
        return int(self.text(path) or 0)


@pytest.fixture(scope="module")
def goods(platform: Platform) -> tuple[Shop, dict, dict[str, dict]]:
    shop = platform.company(name='Almacén "Ñuñoa" & Hijos <SpA>')
    done(shop.door.post("/cash/open", {"start_amount": 0}))
    customer = shop.customer(razon_social="Peñalolén & Cía <Ltda>", giro="Ferretería & más")
    products = {
        "whole": shop.product(price=1000, nombre=NAME),
        "loose": shop.product(price="333.333333", nombre="Azúcar a granel", unidad_medida="kg"),
        "priced with tax": shop.product(price="831.932773", nombre="Ñoquis $990"),
        "exempt": shop.product(price=990, nombre="Diario «Él»", tax_id=shop.exempt_tax()),
    }
    return shop, customer, products


def body_of(shop: Shop, customer: dict, products: dict[str, dict], tipo: int, basket: str) -> dict:
    lines: list[tuple[str, float | int]] = [("whole", 2), ("loose", 1.375), ("priced with tax", 3)]
    if basket != "plain":
        lines.append(("exempt", 3))
    order = shop.order(*((products[name], quantity) for name, quantity in lines), tipo=tipo, pay=1)
    order["rut_cliente"] = customer["rut"]
    order["descripcion"] = "Entrega mañana & pronto"
    if basket == "discounts":
        order["items"][0]["descuento_pct"] = 12.5
        order["descuento_global_pct"] = 3
    if basket == "amounts":
        order["items"][0]["descuento_monto"] = 101
        order["descuento_global_monto"] = 250
    return order


@pytest.fixture(scope="module", params=[(t, b) for t in (33, 34, 39, 41) for b in BASKETS], ids=str)
def sold(request: pytest.FixtureRequest, goods: tuple[Shop, dict, dict[str, dict]]) -> Sold:
    shop, customer, products = goods
    order = body_of(shop, customer, products, *request.param)
    preview = done(shop.door.post("/sales/preview", order))
    order["payments"][0]["amount"] = preview["monto_total"]
    answer = done(shop.door.post("/sales/", order), 201)
    fetched = shop.door.get(f"/sales/{answer['id']}/xml")
    assert fetched.status_code == 200
    assert fetched.headers["content-type"] == "application/xml"
    return Sold(shop.door, shop, answer, preview, fetched.content)


def test_schema_and_signature_alone(sold: Sold) -> None:
    judges.xsd_validate(sold.xml, "boleta" if sold.answer["tipo_dte"] in BOLETAS else "DTE_v10.xsd")
    judges.verify_dte_signature_cut_out(sold.xml)
    judges.verify_ted(sold.xml)


def test_schema_and_signatures_inside_an_envelope(sold: Sold) -> None:
    boleta = sold.answer["tipo_dte"] in BOLETAS
    cover = Caratula(
        rut_emisor=sold.shop.rut, rut_envia=RUT_FIRMANTE, fecha_resolucion=date(2026, 1, 15), numero_resolucion=0
    )
    build = build_envio_boleta if boleta else build_envio_dte
    envelope = build([sold.xml], cover, certificado(), datetime.now(UTC))

    judges.xsd_validate(envelope, "EnvioBOLETA_v11.xsd" if boleta else "EnvioDTE_v10.xsd")
    judges.verify_in_place(envelope)
    (cut_out,) = judges.cut_out_dtes(envelope)
    judges.verify_dte_signature_cut_out(cut_out)
    judges.verify_ted(cut_out)


def test_a_changed_document_is_not_taken(sold: Sold) -> None:
    total = f"<MntTotal>{sold.answer['monto_total']}</MntTotal>".encode()
    changed = sold.xml.replace(total, total.replace(b"</", b"0</"))
    assert changed != sold.xml
    with pytest.raises(judges.SignatureFails):
        judges.verify_dte_signature_cut_out(changed)


@pytest.mark.parametrize("sold", [(tipo, basket) for tipo in (33, 34) for basket in BASKETS], indirect=True, ids=str)
def test_an_independent_reader_understands_it(sold: Sold) -> None:
    read = judges.read_with_cl_sii(sold.xml)
    assert (read.tipo_dte.value, read.folio, read.monto_total) == tuple(
        sold.answer[name] for name in ("tipo_dte", "folio", "monto_total")
    )
    assert read.emisor_rut.canonical == sold.shop.rut
    assert read.receptor_rut.canonical == sold.answer["customer"]["rut"]
    assert read.receptor_razon_social == "Peñalolén & Cía <Ltda>"


def test_the_answer_says_what_the_document_says(sold: Sold) -> None:
    answer = sold.answer
    amounts = {"monto_neto": "MntNeto", "monto_exento": "MntExe", "iva": "IVA", "monto_total": "MntTotal"}
    for name, element in amounts.items():
        assert sold.number(f"Encabezado/Totales/{element}") == answer[name] == sold.preview[name], name
    assert sold.number("Encabezado/IdDoc/Folio") == answer["folio"]
    assert sold.number("Encabezado/IdDoc/TipoDTE") == answer["tipo_dte"]
    assert sold.text("Encabezado/Receptor/RUTRecep") == answer["customer"]["rut"]
    rows = sold.root.findall("s:Documento/s:Detalle", NS)
    assert [int(row.findtext("s:MontoItem", "", NS)) for row in rows] == [d["subtotal"] for d in answer["details"]]
    assert [int(row.findtext("s:DescuentoMonto", "0", NS)) for row in rows] == [
        d["descuento"] for d in answer["details"]
    ]
    assert [row.findtext("s:NmbItem", "", NS) for row in rows] == [d["product"]["nombre"] for d in answer["details"]]
    full = done(sold.door.get(f"/sales/{answer['id']}"))
    assert {name: full[name] for name in amounts} == {name: answer[name] for name in amounts}
    assert sum(payment["amount"] for payment in full["payments"]) == answer["monto_total"]


def test_the_sums_hold(sold: Sold) -> None:
    """The arithmetic of the contract, done again with nothing of the builder's."""
    tipo, answer = sold.answer["tipo_dte"], sold.answer
    assert answer["monto_neto"] + answer["monto_exento"] + answer["iva"] == answer["monto_total"]
    rows = sold.root.findall("s:Documento/s:Detalle", NS)
    for row in rows:
        plain = Decimal(row.findtext("s:QtyItem", "1", NS)) * Decimal(row.findtext("s:PrcItem", "", NS))
        expected = half_up(plain) - int(row.findtext("s:DescuentoMonto", "0", NS))
        assert abs(int(row.findtext("s:MontoItem", "", NS)) - expected) <= (1 if tipo in BOLETAS else 0)
    off = sum(Decimal(n.text or "") for n in sold.root.findall("s:Documento/s:DscRcgGlobal/s:ValorDR", NS))
    lines = sum(int(row.findtext("s:MontoItem", "", NS)) for row in rows)
    if tipo in (34, 41):
        assert (answer["monto_neto"], answer["iva"]) == (0, 0)
    elif tipo == 33:
        assert answer["iva"] == half_up(Decimal(answer["monto_neto"]) * Decimal("0.19"))
    else:
        affected = answer["monto_total"] - answer["monto_exento"]
        assert answer["monto_neto"] == half_up(Decimal(affected) / Decimal("1.19"))
    base = answer["monto_total"] - (answer["iva"] if tipo == 33 else 0)
    by_percent = sold.root.find("s:Documento/s:DscRcgGlobal[s:TpoValor='%']", NS) is not None
    if by_percent:
        assert abs(base - Decimal(lines) * Decimal("0.97")) <= 1
    else:
        assert base == lines - off


def half_up(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.parametrize("formato", ["carta", "80mm", "58mm"])
def test_the_stamp_on_paper_is_the_stamp_of_the_document(sold: Sold, formato: str) -> None:
    pdf = sold.door.get(f"/sales/{sold.answer['id']}/pdf", params={"formato": formato})
    assert (pdf.status_code, pdf.headers["content-type"]) == (200, "application/pdf")
    opened = pypdfium2.PdfDocument(BytesIO(pdf.content))
    page = opened[0]
    image = page.render(scale=(300 if formato == "carta" else 203) / 72).to_pil()
    page.close()
    opened.close()

    (code,) = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.PDF417)

    start, end = sold.xml.index(b"<TED"), sold.xml.index(b"</TED>") + len(b"</TED>")
    assert code.bytes == sold.xml[start:end].replace(b">\n<", b"><")
    judges.verify_ted(code.bytes)


def test_the_printable_page(sold: Sold) -> None:
    page = sold.door.get(f"/sales/{sold.answer['id']}/pdf")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "<limón>" not in page.text  # names are text, never markup
    assert "&lt;limón&gt;" in page.text
    asked = sold.door.get(f"/sales/{sold.answer['id']}/pdf", headers={"Accept": "application/pdf"})
    assert asked.content.startswith(b"%PDF-")
