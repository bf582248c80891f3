"""The kinds of electronic tax document and what is asked about them.

Source: SII, Formato DTE v2.4.2, table of documents, and Formato Boleta Electrónica v4.1.
"""

from enum import IntEnum


class TipoDte(IntEnum):
    """A document type, by its code in the schema (field TipoDTE)."""

    FACTURA = 33
    FACTURA_EXENTA = 34
    BOLETA = 39
    BOLETA_EXENTA = 41
    LIQUIDACION_FACTURA = 43
    FACTURA_COMPRA = 46
    GUIA_DESPACHO = 52
    NOTA_DEBITO = 56
    NOTA_CREDITO = 61
    FACTURA_EXPORTACION = 110
    NOTA_DEBITO_EXPORTACION = 111
    NOTA_CREDITO_EXPORTACION = 112

    @property
    def nombre(self) -> str:
        """The name people read, as `Boleta electrónica`."""
        return _NOMBRES[self]

    @property
    def es_boleta(self) -> bool:
        """39 or 41: own schema, own channel, final consumer."""
        return self in _BOLETAS

    @property
    def es_exento(self) -> bool:
        """Never carries VAT, whatever its lines say (34, 41, exports)."""
        return self in _EXENTOS

    @property
    def es_nota(self) -> bool:
        """Corrects another document, hence needs a reference to it (56, 61, 111, 112)."""
        return self in _NOTAS

    @property
    def es_guia(self) -> bool:
        """Delivery guide (52)."""
        return self is TipoDte.GUIA_DESPACHO

    @property
    def es_exportacion(self) -> bool:
        """In foreign currency, body `Exportaciones` (110, 111, 112)."""
        return self in _EXPORTACIONES

    @property
    def precios_brutos(self) -> bool:
        """Unit prices and line amounts include VAT (39, 41)."""
        return self in _BOLETAS

    @property
    def exige_receptor_completo(self) -> bool:
        """Giro, address and comuna of the receptor must be there (Formato DTE v2.4.2, column of obligation)."""
        return self in _RECEPTOR_COMPLETO

    @property
    def exige_referencia(self) -> bool:
        """The zone Referencia must be there."""
        return self in _NOTAS

    @property
    def es_cedible(self) -> bool:
        """Its printed form has a copy that can be ceded (Ley 19.983; for 52 only guides that are a sale)."""
        return self in _CEDIBLES

    @property
    def caf_vence(self) -> bool:
        """Its folios last six months (Res. Ex. SII 58 of 2017: types that give VAT credit)."""
        return self in _CAF_SEIS_MESES

    @property
    def max_lineas(self) -> int:
        """How many Detalle lines the schema takes."""
        return 1000 if self.es_boleta else 60

    @property
    def admite_descuento_global(self) -> bool:
        """The zone DscRcgGlobal may be there (not in guides)."""
        return self is not TipoDte.GUIA_DESPACHO


_NOMBRES = {
    TipoDte.FACTURA: "Factura electrónica",
    TipoDte.FACTURA_EXENTA: "Factura no afecta o exenta electrónica",
    TipoDte.BOLETA: "Boleta electrónica",
    TipoDte.BOLETA_EXENTA: "Boleta no afecta o exenta electrónica",
    TipoDte.LIQUIDACION_FACTURA: "Liquidación factura electrónica",
    TipoDte.FACTURA_COMPRA: "Factura de compra electrónica",
    TipoDte.GUIA_DESPACHO: "Guía de despacho electrónica",
    TipoDte.NOTA_DEBITO: "Nota de débito electrónica",
    TipoDte.NOTA_CREDITO: "Nota de crédito electrónica",
    TipoDte.FACTURA_EXPORTACION: "Factura de exportación electrónica",
    TipoDte.NOTA_DEBITO_EXPORTACION: "Nota de débito de exportación electrónica",
    TipoDte.NOTA_CREDITO_EXPORTACION: "Nota de crédito de exportación electrónica",
}
_BOLETAS = frozenset({TipoDte.BOLETA, TipoDte.BOLETA_EXENTA})
_EXPORTACIONES = frozenset(
    {TipoDte.FACTURA_EXPORTACION, TipoDte.NOTA_DEBITO_EXPORTACION, TipoDte.NOTA_CREDITO_EXPORTACION}
)
_EXENTOS = _EXPORTACIONES | {TipoDte.FACTURA_EXENTA, TipoDte.BOLETA_EXENTA}
_NOTAS = frozenset(
    {
        TipoDte.NOTA_DEBITO,
        TipoDte.NOTA_CREDITO,
        TipoDte.NOTA_DEBITO_EXPORTACION,
        TipoDte.NOTA_CREDITO_EXPORTACION,
    }
)
_RECEPTOR_COMPLETO = frozenset(
    {
        TipoDte.FACTURA,
        TipoDte.FACTURA_EXENTA,
        TipoDte.LIQUIDACION_FACTURA,
        TipoDte.FACTURA_COMPRA,
        TipoDte.GUIA_DESPACHO,
    }
)
_CEDIBLES = frozenset(
    {
        TipoDte.FACTURA,
        TipoDte.FACTURA_EXENTA,
        TipoDte.LIQUIDACION_FACTURA,
        TipoDte.FACTURA_COMPRA,
        TipoDte.GUIA_DESPACHO,
    }
)
_CAF_SEIS_MESES = frozenset(
    {
        TipoDte.FACTURA,
        TipoDte.LIQUIDACION_FACTURA,
        TipoDte.FACTURA_COMPRA,
        TipoDte.NOTA_DEBITO,
        TipoDte.NOTA_CREDITO,
    }
)

EMITIBLES = frozenset(
    {
        TipoDte.FACTURA,
        TipoDte.FACTURA_EXENTA,
        TipoDte.BOLETA,
        TipoDte.BOLETA_EXENTA,
        TipoDte.FACTURA_COMPRA,
        TipoDte.GUIA_DESPACHO,
        TipoDte.NOTA_DEBITO,
        TipoDte.NOTA_CREDITO,
        TipoDte.FACTURA_EXPORTACION,
        TipoDte.NOTA_DEBITO_EXPORTACION,
        TipoDte.NOTA_CREDITO_EXPORTACION,
    }
)
"""The types this core builds; the others are known by name so that they can be read and referenced."""
