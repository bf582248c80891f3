"""Warnings about the journey of goods, by document and date."""

from dataclasses import replace
from datetime import date, time

import pytest

from tests.fiscal_material import TODAY, documento
from torn_app.dte.avisos_traslado import VIGENCIA, transport_warnings
from torn_app.dte.documento import Transporte
from torn_app.dte.tipos import TipoDte

WHOLE = Transporte(
    patente="ABCD12",
    rut_transportista="77447842-6",
    rut_chofer="11111111-1",
    nombre_chofer="Pedro",
    direccion_destino="Calle 123",
    comuna_destino="Arica",
    fecha_salida=TODAY,
    hora_salida=time(8, 30),
)


def test_a_guide_that_says_everything_has_no_warning() -> None:
    assert transport_warnings(documento(TipoDte.GUIA_DESPACHO, indicador_traslado=1, transporte=WHOLE)) == ()


@pytest.mark.parametrize(
    ("lacking", "text"),
    [
        (replace(WHOLE, patente=None), "la patente"),
        (replace(WHOLE, rut_transportista=None), "transportista"),
        (replace(WHOLE, rut_chofer=None, nombre_chofer=None), "chofer"),
        (replace(WHOLE, comuna_destino=None), "destino"),
        (replace(WHOLE, hora_salida=None), "salida"),
    ],
)
def test_each_missing_fact_is_named(lacking: Transporte, text: str) -> None:
    (warning,) = transport_warnings(documento(TipoDte.GUIA_DESPACHO, indicador_traslado=1, transporte=lacking))
    assert text in warning


def test_only_documents_that_move_goods_from_the_date_on() -> None:
    guide = documento(TipoDte.GUIA_DESPACHO, indicador_traslado=6)
    assert len(transport_warnings(guide)) == 5
    assert len(transport_warnings(replace(guide, fecha_emision=VIGENCIA))) == 5
    assert transport_warnings(replace(guide, fecha_emision=date(2026, 4, 30))) == ()
    assert transport_warnings(documento(TipoDte.FACTURA)) == ()
    assert len(transport_warnings(documento(TipoDte.FACTURA, tipo_despacho=2))) == 5
    assert transport_warnings(documento(TipoDte.BOLETA)) == ()
