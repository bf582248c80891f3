"""Terms of payment: where they stand on the document, and what is refused."""

from collections.abc import Callable
from datetime import date

import pytest

from tests import judges
from tests.fiscal_material import TODAY, documento, issue
from torn_app.dte.documento import CondicionesPago, Cuota
from torn_app.dte.errores import DocumentoInvalido
from torn_app.dte.tipos import TipoDte
from torn_app.kernel.money import Pesos

WHOLE = CondicionesPago(
    fecha_cancelacion=TODAY,
    cuotas=(Cuota(fecha=date(2026, 12, 1), monto=Pesos(1000)), Cuota(fecha=date(2027, 1, 1), monto=Pesos(416))),
    periodo_desde=date(2026, 10, 1),
    periodo_hasta=date(2026, 10, 31),
    tipo_cuenta="VISTA",
    numero_cuenta="00-1",
    banco="Banco Ñ",
    glosa="En dos cuotas",
    dias=30,
)


@pytest.mark.parametrize("tipo", [TipoDte.FACTURA, TipoDte.FACTURA_EXENTA])
def test_all_terms_on_a_valid_document(tipo: TipoDte) -> None:
    xml = issue(documento(tipo, forma_pago=2, medio_pago="PE", fecha_vencimiento=TODAY, condiciones_pago=WHOLE)).xml
    judges.xsd_validate(xml, "DTE_v10.xsd")
    judges.verify_dte_signature_cut_out(xml)
    assert xml.count(b"<MntPagos>") == 2
    assert b"<MntPago>416</MntPago>" in xml
    assert b"<PeriodoHasta>2026-10-31</PeriodoHasta>\n<MedioPago>PE</MedioPago>\n<TpoCtaPago>VISTA<" in xml


REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: documento(TipoDte.BOLETA, condiciones_pago=WHOLE), "no lleva condiciones"),
    (lambda: Cuota(fecha=TODAY, monto=Pesos(0)), "mayor que cero"),
    (lambda: CondicionesPago(cuotas=WHOLE.cuotas * 16), "30 cuotas"),
    (lambda: CondicionesPago(periodo_desde=TODAY, periodo_hasta=date(2026, 1, 1)), "antes de empezar"),
    (lambda: CondicionesPago(tipo_cuenta="OTRA"), "AHORRO"),
    (lambda: CondicionesPago(dias=1000), "999"),
]


@pytest.mark.parametrize(("build", "text"), REFUSED, ids=[row[1] for row in REFUSED])
def test_refused(build: Callable[[], object], text: str) -> None:
    with pytest.raises(DocumentoInvalido, match=text):
        build()
