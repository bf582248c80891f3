"""Books and the daily summary: totals worked by hand, official schemas, signatures judged by xmlsec."""

from datetime import date
from decimal import Decimal

import pytest
from lxml import etree

from tests import judges
from tests.fiscal_material import NOW, RUT_EMISOR, certificado
from tests.shared_material import shared_path
from torn_app.dte.consumo_folios import ConsumoFolios, ResumenConsumo, build_consumo_folios, folio_ranges
from torn_app.dte.errores import DocumentoInvalido, MontoInvalido
from torn_app.dte.libro_guias import Anulacion, FilaGuia, LibroGuias, build_libro_guias
from torn_app.dte.libros import (
    FilaLibro,
    IvaNoRecuperable,
    Libro,
    Operacion,
    OtroImpuesto,
    TipoLibro,
    build_libro,
    compute_book_totals,
)

DAY = date(2026, 11, 20)
COMPANY = {"rut_emisor": RUT_EMISOR, "fecha_resolucion": date(2026, 1, 15), "numero_resolucion": 0}


def row(tipo: int, folio: int, **amounts: object) -> FilaLibro:
    return FilaLibro(
        tipo=tipo,
        folio=folio,
        fecha=DAY,
        rut="77447842-6",
        razon_social="Ñuble & Cía",
        **amounts,  # type: ignore[arg-type]
    )


def purchases() -> Libro:
    """The set handed out by the tax service (003-compras), each VAT worked by hand at 19 %."""
    rows = (
        row(30, 234, neto=53253, iva=10118, total=63371),
        row(33, 32, exento=10633, neto=11473, iva=2180, total=24286),
        row(30, 781, neto=30171, iva_uso_comun=5732, total=35903),
        row(60, 451, neto=2928, iva=556, total=3484),
        row(33, 67, neto=12135, iva_no_recuperable=(IvaNoRecuperable(codigo=4, monto=2306),), total=14441),
        row(
            46,
            9,
            neto=10632,
            iva=2020,
            otros_impuestos=(OtroImpuesto(codigo=15, tasa=Decimal(19), monto=2020, retenido=True),),
            total=10632,
        ),
        row(60, 211, neto=9053, iva=1720, total=10773),
    )
    return Libro(
        operacion=Operacion.COMPRA,
        periodo="2026-11",
        filas=rows,
        tipo_libro=TipoLibro.ESPECIAL,
        folio_notificacion=2,
        factor_proporcionalidad=Decimal("0.60"),
        **COMPANY,  # type: ignore[arg-type]
    )


def judged(xml: bytes, schema: str) -> etree._Element:
    judges.xsd_validate(xml, schema)
    judges.verify_set(xml)
    return etree.fromstring(xml)


def under(root: etree._Element, name: str) -> list[dict[str, str]]:
    return [
        {etree.QName(leaf).localname: leaf.text or "" for leaf in node.iter("{*}*") if not len(leaf)}
        for node in root.iter(f"{{*}}{name}")
    ]


def test_the_purchases_of_the_set() -> None:
    root = judged(build_libro(purchases(), certificado(), NOW), "LibroCV_v10.xsd")
    assert under(root, "TotalesPeriodo") == [
        {
            "TpoDoc": "30",
            "TotDoc": "2",
            "TotMntExe": "0",
            "TotMntNeto": "83424",
            "TotMntIVA": "10118",
            "TotOpIVAUsoComun": "1",
            "TotIVAUsoComun": "5732",
            "FctProp": "0.60",
            "TotCredIVAUsoComun": "3439",
            "TotMntTotal": "99274",
        },
        {
            "TpoDoc": "33",
            "TotDoc": "2",
            "TotMntExe": "10633",
            "TotMntNeto": "23608",
            "TotMntIVA": "2180",
            "CodIVANoRec": "4",
            "TotOpIVANoRec": "1",
            "TotMntIVANoRec": "2306",
            "TotMntTotal": "38727",
        },
        {
            "TpoDoc": "46",
            "TotDoc": "1",
            "TotMntExe": "0",
            "TotMntNeto": "10632",
            "TotMntIVA": "2020",
            "CodImp": "15",
            "TotMntImp": "2020",
            "TotMntTotal": "10632",
        },
        {
            "TpoDoc": "60",
            "TotDoc": "2",
            "TotMntExe": "0",
            "TotMntNeto": "11981",
            "TotMntIVA": "2276",
            "TotMntTotal": "14257",
        },
    ]
    assert [found["NroDoc"] for found in under(root, "Detalle")] == ["234", "32", "781", "451", "67", "9", "211"]
    assert under(root, "Caratula")[0]["FolioNotificacion"] == "2"


def test_the_rows_are_those_of_the_text_of_the_set() -> None:
    text = shared_path("sii", "samples", "sets", "003-compras.txt").read_text("latin-1")
    for fila in purchases().filas:
        assert str(fila.folio) in text
        assert all(str(amount) in text for amount in (fila.neto, fila.exento) if amount)


def test_sales_with_voided_and_withheld() -> None:
    libro = Libro(
        operacion=Operacion.VENTA,
        periodo="2026-11",
        filas=(
            row(33, 1, neto=1000, iva=190, exento=50, total=1240),
            row(33, 2, total=0, anulado=True),
            row(33, 3, neto=1000, iva=190, iva_retenido_total=190, total=1000),
            row(34, 1, exento=700, total=700),
        ),
        **COMPANY,  # type: ignore[arg-type]
    )
    root = judged(build_libro(libro, certificado(), NOW), "LibroCV_v10.xsd")
    invoices, exempt = compute_book_totals(libro)
    assert (invoices.documentos, invoices.anulados, invoices.neto, invoices.iva) == (2, 1, 2000, 380)
    assert (invoices.iva_retenido_total, invoices.total, exempt.total) == (190, 2240, 700)
    assert under(root, "Detalle")[1] == {"TpoDoc": "33", "NroDoc": "2", "Anulado": "A"}
    assert under(root, "Detalle")[3]["MntNeto"] == "0"


def test_a_tampered_book_fails() -> None:
    xml = build_libro(purchases(), certificado(), NOW)
    with pytest.raises(judges.SignatureFails):
        judges.verify_set(xml.replace(b"<TotMntNeto>83424<", b"<TotMntNeto>83425<"))


def test_what_a_book_refuses() -> None:
    with pytest.raises(MontoInvalido):
        row(33, 1, neto=1000, iva=190, total=1189)
    good = row(33, 1, neto=1000, iva=190, total=1190)
    common = row(33, 1, neto=1000, iva_uso_comun=190, total=1190)
    free = row(33, 1, neto=1000, iva_no_recuperable=(IvaNoRecuperable(codigo=4, monto=190),), total=1190)
    withheld = row(33, 1, neto=1000, iva=190, iva_retenido_total=190, total=1000)
    buys, sells = {"operacion": Operacion.COMPRA}, {"operacion": Operacion.VENTA}
    for wrong in (
        {**buys, "filas": (good, good)},
        {**buys, "filas": (common,)},
        {**buys, "filas": (withheld,)},
        {**sells, "filas": (common,), "factor_proporcionalidad": Decimal("0.6")},
        {**sells, "filas": (free,)},
        {**sells, "filas": (good,), "tipo_libro": TipoLibro.ESPECIAL},
        {**sells, "filas": (good,), "folio_notificacion": 1},
        {**sells, "filas": (good,), "periodo": "2026-13"},
    ):
        with pytest.raises(DocumentoInvalido):
            Libro(**{"periodo": "2026-11", **COMPANY, **wrong})  # type: ignore[arg-type]
    with pytest.raises(DocumentoInvalido):
        IvaNoRecuperable(codigo=5, monto=1)


def test_guides_sold_moved_billed_and_voided() -> None:
    def guide(folio: int, traslado: int, neto: int, iva: int, **more: object) -> FilaGuia:
        return FilaGuia(
            folio=folio, traslado=traslado, fecha=DAY, rut="77447842-6", razon_social="Ñuble", neto=neto, iva=iva,
            total=neto + iva, **more,  # type: ignore[arg-type]
        )  # fmt: skip

    rows = (
        guide(1, 5, 0, 0),
        guide(2, 1, 1000, 190, facturada_tipo=33, facturada_folio=7, facturada_fecha=DAY),
        guide(3, 1, 500, 95, anulacion=Anulacion.GUIA),
        guide(4, 1, 200, 38, anulacion=Anulacion.FOLIO),
        guide(5, 1, 100, 19),
    )
    libro = LibroGuias(periodo="2026-11", folio_notificacion=1, filas=rows, **COMPANY)  # type: ignore[arg-type]
    root = judged(build_libro_guias(libro, certificado(), NOW), "LibroGuia_v10.xsd")
    assert under(root, "ResumenPeriodo") == [
        {
            "TotFolAnulado": "1",
            "TotGuiaAnulada": "1",
            "TotGuiaVenta": "2",
            "TotMntGuiaVta": "1309",
            "TpoTraslado": "5",
            "CantGuia": "1",
            "MntGuia": "0",
        }
    ]
    assert [found.get("Anulado") for found in under(root, "Detalle")] == [None, None, "2", "1", None]
    assert under(root, "Detalle")[1]["FolioDocRef"] == "7"
    with pytest.raises(DocumentoInvalido):
        guide(6, 1, 100, 19, facturada_tipo=33)


def test_folios_used_and_voided() -> None:
    assert folio_ranges([5, 1, 2, 3, 7, 8, 2]) == ((1, 3), (5, 5), (7, 8))
    assert folio_ranges([]) == ()
    boletas = ResumenConsumo(
        tipo=39, neto=7780, iva=1478, total=9258, emitidos=frozenset({1, 2, 4}), anulados=frozenset({3})
    )
    consumo = ConsumoFolios(desde=DAY, hasta=DAY, secuencia=1, resumenes=(boletas,), **COMPANY)  # type: ignore[arg-type]
    root = judged(build_consumo_folios(consumo, certificado(), NOW), "ConsumoFolio_v10.xsd")
    assert [(found["Inicial"], found["Final"]) for found in under(root, "RangoUtilizados")] == [("1", "2"), ("4", "4")]
    assert [(found["Inicial"], found["Final"]) for found in under(root, "RangoAnulados")] == [("3", "3")]
    assert under(root, "Resumen")[0]["FoliosUtilizados"] == "4"
    with pytest.raises(MontoInvalido):
        ResumenConsumo(tipo=39, neto=1, total=2)
    with pytest.raises(DocumentoInvalido):
        ResumenConsumo(tipo=39, emitidos=frozenset({1}), anulados=frozenset({1}))


def test_the_summary_of_another_issuer_is_reproduced() -> None:
    sample = etree.parse(shared_path("sii", "samples", "tool", "ConsumoFolios.xml")).getroot()
    boletas = ResumenConsumo(tipo=39, neto=7780, iva=1478, total=9258, emitidos=frozenset({1, 2}))
    consumo = ConsumoFolios(desde=DAY, hasta=DAY, secuencia=1, resumenes=(boletas,), **COMPANY)  # type: ignore[arg-type]
    mine = etree.fromstring(build_consumo_folios(consumo, certificado(), NOW))
    assert under(mine, "Resumen") == under(sample, "Resumen")
