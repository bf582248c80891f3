"""Which taxes and kinds of line each document may carry.

Source: SII, Formato DTE v2.4.2: IndExe, CodImpAdic, MntBruto, CredEC and the table of obligation per document; Formato
Boleta v4.1: no field for other taxes.
"""

from collections.abc import Collection, Sequence
from datetime import date

from torn_app.dte.errores import DocumentoInvalido
from torn_app.dte.impuestos import Base, Efecto, impuesto
from torn_app.dte.lineas import Detalle, ImpuestoInformado, IndicadorLinea
from torn_app.dte.tipos import TipoDte

_DE_COMPRA = frozenset({"45", "46", "55", "56", "60", "61"})
"""What a note with a withholding may refer to: a purchase invoice, or the note it cancels."""
_GUIAS = frozenset({"50", "52"})
_CON_CREDITO = frozenset({TipoDte.FACTURA, TipoDte.NOTA_DEBITO, TipoDte.NOTA_CREDITO})
_VENTA = 1
_MAX_IMPUESTOS = 20
"""Rows of ImptoReten, and of SubTotInfo, that the schemas take."""


def check_line_kinds(
    tipo: TipoDte, detalles: Sequence[Detalle], indicador_traslado: int | None, referidos: Collection[str]
) -> None:
    """Refuse lines whose IndExe the document does not take. `referidos` are the types it refers to.

    Raises DocumentoInvalido.
    """
    kinds = {line.indicador for line in detalles} - {None}
    if not kinds:
        return
    if IndicadorLinea.GARANTIA_DEPOSITO in kinds and tipo.es_boleta:
        raise DocumentoInvalido("indicador", "Una boleta no lleva garantía de depósito de envases")
    sale_guide = tipo.es_guia and indicador_traslado == _VENTA
    if IndicadorLinea.NO_VENTA in kinds and not (sale_guide or tipo in (TipoDte.FACTURA, TipoDte.FACTURA_EXENTA)):
        raise DocumentoInvalido("indicador", "Una línea que no es venta va en facturas y en guías de venta")
    if IndicadorLinea.A_REBAJAR in kinds:
        if not tipo.es_guia or sale_guide:
            raise DocumentoInvalido("indicador", "Una línea a rebajar va solo en guías que no son venta")
        if not _GUIAS & set(referidos):
            raise DocumentoInvalido("referencias", "Una guía que rebaja otra se refiere a ella")


def check_taxes(
    tipo: TipoDte,
    fecha: date,
    detalles: Sequence[Detalle],
    informados: Sequence[ImpuestoInformado],
    referidos: Collection[str],
    *,
    montos_brutos: bool,
) -> None:
    """Refuse additional or withheld taxes that the document does not take, or not on its date.

    Raises DocumentoInvalido.
    """
    codes = {code for line in detalles for code in line.codigos_impuesto}
    stated = [row.codigo for row in informados]
    if not codes and not stated:
        return
    if len(codes) > _MAX_IMPUESTOS:
        raise DocumentoInvalido("codigos_impuesto", f"El documento lleva hasta {_MAX_IMPUESTOS} impuestos distintos")
    if tipo.es_exento:
        raise DocumentoInvalido("codigos_impuesto", "Un documento exento no lleva impuestos adicionales")
    if montos_brutos:
        raise DocumentoInvalido("montos_brutos", "Con impuestos adicionales los precios van netos, sin IVA incluido")
    taxes = [impuesto(code) for code in codes]
    for tax in taxes:
        tax.tasa(fecha)  # refuses the ones not in force
        if tipo.es_boleta and (tax.efecto is Efecto.RETIENE or tax.base is not Base.NETO):
            raise DocumentoInvalido("codigos_impuesto", f"Una boleta no puede llevar el impuesto «{tax.nombre}»")
    purchase = tipo is TipoDte.FACTURA_COMPRA or (tipo.es_nota and _DE_COMPRA & set(referidos))
    if not purchase and any(tax.efecto is Efecto.RETIENE for tax in taxes):
        raise DocumentoInvalido("codigos_impuesto", "Solo una factura de compra y sus notas llevan retención")
    if sorted(stated) != sorted(tax.codigo for tax in taxes if tax.base is Base.INFORMADO):
        raise DocumentoInvalido(
            "impuestos_informados",
            "Cada impuesto a combustibles va con su monto y con una línea que lo lleva",
        )


def check_credit(tipo: TipoDte, credito: int | None) -> None:
    """Refuse the credit of building companies (CredEC) where it has no place. Raises DocumentoInvalido."""
    if credito is not None and (tipo not in _CON_CREDITO or credito < 0):
        raise DocumentoInvalido(
            "credito_constructoras", "El crédito de empresas constructoras va en facturas y notas, y no es negativo"
        )
