"""Purchase invoices (46) with VAT withheld in full, in part or not at all, and their notes."""

import re
from dataclasses import replace

import pytest

from tests import judges
from tests.fiscal_material import TODAY, documento, issue, line, receptor
from torn_app.dte.documento import Detalle, Documento, Referencia
from torn_app.dte.errores import DocumentoInvalido
from torn_app.dte.impuestos import IMPUESTOS
from torn_app.dte.lectura import read_dte
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import compute_totals

T = TipoDte
OF_46 = Referencia(tipo="46", folio="9", fecha=TODAY, codigo="1", razon="Anula factura de compra")


def purchase(*goods: tuple[str, int | None]) -> tuple[Detalle, ...]:
    return tuple(line("Trigo", price, codigos_impuesto=(code,) if code else ()) for price, code in goods)


# goods, (net, VAT, withheld, not withheld, total)
BY_HAND = [
    ([("10000", 34)], (10000, 1900, {34: 400}, 1500, 11500)),  # wheat, in part: the format's own example
    ([("100000", 15)], (100000, 19000, {15: 19000}, None, 100000)),  # all of it
    ([("10000", 341)], (10000, 1900, {341: 1900}, None, 10000)),  # all, with the product's code
    ([("45000", None)], (45000, 8550, {}, None, 53550)),  # nothing withheld
    ([("45000", 49)], (45000, 8550, {49: 0}, 8550, 53550)),  # nothing, and said so
    ([("10000", 30)], (10000, 1900, {30: 1000}, 900, 10900)),
    ([("10000", 48)], (10000, 1900, {48: 1400}, 500, 10500)),
    ([("10000", 34), ("10000", 15)], (20000, 3800, {15: 1900, 34: 400}, 1500, 21500)),
    # 950 + 950 rounded apart are 181 + 181 = 362, but the VAT of 1900 is 361: all of it is withheld, not a peso more.
    ([("950", 15), ("950", 38)], (1900, 361, {15: 180, 38: 181}, None, 1900)),
    # 53 + 53 apart: 10 + 10; VAT of 106 is 20.14.
    ([("53", 15), ("53", 38)], (106, 20, {15: 10, 38: 10}, None, 106)),
    # 52 + 52 apart: 10 + 10 = 20; VAT of 104 is 19.76: 20.
    ([("57", 15), ("57", 38)], (114, 22, {15: 11, 38: 11}, None, 114)),
]


@pytest.mark.parametrize(("goods", "expected"), BY_HAND)
def test_by_hand(
    goods: list[tuple[str, int | None]], expected: tuple[int, int, dict[int, int], int | None, int]
) -> None:
    signed = issue(documento(T.FACTURA_COMPRA, *purchase(*goods)))
    t = signed.totales
    found = {row.impuesto.codigo: row.monto for row in t.impuestos}
    assert (t.monto_neto, t.iva, found, t.iva_no_retenido, t.monto_total) == expected
    judges.xsd_validate(signed.xml, "DTE_v10.xsd")
    judges.verify_dte_signature_cut_out(signed.xml)
    judges.verify_ted(signed.xml)
    read = read_dte(signed.xml).totales
    # Nothing withheld is no row: receivers with older schemas take no amount of 0.
    assert {int(row.codigo): row.monto for row in read.impuestos} == {
        code: paid for code, paid in found.items() if paid
    }
    assert (read.iva_no_retenido, read.monto_total) == (t.iva_no_retenido, t.monto_total)
    assert judges.read_with_cl_sii(signed.xml).monto_total == t.monto_total


def test_the_receptor_is_the_seller_and_complete() -> None:
    xml = issue(documento(T.FACTURA_COMPRA, *purchase(("1000", 15)))).xml.decode("latin-1")
    for name in ("RznSocRecep", "GiroRecep", "DirRecep", "CmnaRecep", "DirOrigen"):
        assert f"<{name}>" in xml
    with pytest.raises(DocumentoInvalido, match="la dirección del cliente"):
        documento(T.FACTURA_COMPRA, receptor=replace(receptor(), direccion=None))


def test_an_exempt_purchase_has_no_vat() -> None:
    signed = issue(documento(T.FACTURA_COMPRA, line(precio="45000", exento=True)))
    names = set(re.findall(rb"<(\w+)", signed.xml))
    assert signed.totales.monto_total == signed.totales.monto_exento == 45000
    assert not names & {b"MntNeto", b"TasaIVA", b"IVA", b"ImptoReten", b"IVANoRet"}


def test_an_exempt_part_is_paid_whole() -> None:
    totales = compute_totals(documento(T.FACTURA_COMPRA, *purchase(("10000", 15)), line(precio="3000", exento=True)))
    assert (totales.iva, totales.monto_total) == (1900, 13000)


@pytest.mark.parametrize("goods", [[("10000", 34)], [("100000", 15)], [("10000", 34), ("500", 38)]])
def test_a_note_inherits_the_withholding(goods: list[tuple[str, int | None]]) -> None:
    original = compute_totals(documento(T.FACTURA_COMPRA, *purchase(*goods)))
    note = issue(documento(T.NOTA_CREDITO, *purchase(*goods), referencias=[OF_46]))
    of_note = replace(OF_46, tipo="61", razon="Anula nota de crédito")
    debit = issue(documento(T.NOTA_DEBITO, *purchase(*goods), referencias=[of_note]))
    for signed in (note, debit):
        judges.xsd_validate(signed.xml, "DTE_v10.xsd")
        t = signed.totales
        assert (t.impuestos, t.iva_no_retenido, t.monto_total) == (
            original.impuestos,
            original.iva_no_retenido,
            original.monto_total,
        )


def test_what_is_withheld_never_passes_the_vat() -> None:
    full = [code for code, row in IMPUESTOS.items() if row.retiene_iva and row.tasa() == 19]
    for price in range(1, 120):
        lines = [line("Cosa", str(price), codigos_impuesto=(code,)) for code in full]
        totales = compute_totals(purchase_of(*lines))
        assert totales.monto_total == totales.monto_neto
        assert sum(row.monto for row in totales.impuestos) == totales.iva
        assert all(row.monto >= 0 for row in totales.impuestos)


def purchase_of(*lines: Detalle) -> Documento:
    return documento(T.FACTURA_COMPRA, *lines)
