"""A tax document as a value: valid when built, or it does not exist.

Amounts are not here: `totales.compute_totals` makes them from these values. Source: SII, Formato DTE v2.4.2 and
Formato Boleta Electrónica v4.1, zones Encabezado, Detalle, DscRcgGlobal and Referencia.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from torn_app.dte.errores import DocumentoInvalido
from torn_app.dte.exportacion import Aduana, Bulto, Exportacion
from torn_app.dte.lineas import DescuentoGlobal, Detalle, ImpuestoInformado, IndicadorLinea, Movimiento
from torn_app.dte.pago import CondicionesPago, Cuota
from torn_app.dte.partes import Emisor, Receptor, Transporte, set_field, set_rut, set_texts
from torn_app.dte.reglas_exportacion import check_export
from torn_app.dte.reglas_montos import check_credit, check_line_kinds, check_taxes
from torn_app.dte.tipos import EMITIBLES, TipoDte
from torn_app.kernel.money import Pesos

__all__ = [
    "Aduana",
    "Bulto",
    "CodigoReferencia",
    "CondicionesPago",
    "Cuota",
    "DescuentoGlobal",
    "Detalle",
    "Documento",
    "Emisor",
    "Exportacion",
    "ImpuestoInformado",
    "IndicadorLinea",
    "Movimiento",
    "Receptor",
    "Referencia",
    "Transporte",
]

_MAX_FOLIO = 9_999_999_999
_MAX_GLOBALES = 20
_MAX_REFERENCIAS = 40
_MEDIOS_DTE = frozenset({"CH", "LT", "EF", "PE", "TC", "CF", "OT"})
_MEDIOS_BOLETA = frozenset({"1", "2", "3", "4", "5"})


class CodigoReferencia(StrEnum):
    """Field CodRef of a DTE (Formato DTE v2.4.2, zone Referencia)."""

    ANULA = "1"
    CORRIGE_TEXTO = "2"
    CORRIGE_MONTO = "3"


@dataclass(frozen=True, slots=True, kw_only=True)
class Referencia:
    """Another document this one speaks of (zone Referencia).

    On a DTE `tipo`, `folio` and `fecha` are obligatory and `codigo` is a CodigoReferencia or nothing. On a boleta only
    what the schema of boletas has is written: type, folio, a free `codigo` of up to 18 characters, and the reason.
    """

    tipo: str | None = None
    folio: str | None = None
    fecha: date | None = None
    codigo: str | None = None
    razon: str | None = None
    es_global: bool = False
    """It stands for more than 20 documents of its type; the folio is then 0."""
    rut_otro: str | None = None
    """Issuer of the referenced document when it is not the issuer of this one."""

    def __post_init__(self) -> None:
        set_texts(self, {"razon": "razon_referencia", "folio": "folio_referencia", "codigo": "folio_referencia"})
        if self.tipo is not None:
            set_field(self, "tipo", str(int(self.tipo)) if isinstance(self.tipo, TipoDte) else self.tipo.strip())
            if not 1 <= len(self.tipo) <= 3 or not (self.tipo.isascii() and self.tipo.isprintable()):
                raise DocumentoInvalido("tipo", "El tipo del documento referido tiene hasta 3 caracteres")
        if self.rut_otro is not None:
            set_rut(self, "rut_otro", self.rut_otro)


@dataclass(frozen=True, slots=True, kw_only=True)
class Documento:
    """A whole document. `folio` may be missing until it is issued (preview).

    `montos_brutos` marks a net-priced type whose prices include VAT (field MntBruto): a credit note for a boleta
    then repeats the boleta's amounts to the peso. `medio_pago` is a code of the type's own list (boleta 1-5;
    DTE CH LT EF PE TC CF OT). `forma_pago` is 1 cash, 2 credit, 3 free of charge.

    On a purchase invoice (46) the receptor is the seller; what is withheld are the codes of its lines: 15 or the
    product's code for all the VAT, the product's partial code, or none.

    Raises DocumentoInvalido, naming the field.
    """

    tipo: TipoDte
    fecha_emision: date
    emisor: Emisor
    receptor: Receptor
    detalles: tuple[Detalle, ...]
    folio: int | None = None
    descuentos: tuple[DescuentoGlobal, ...] = ()
    referencias: tuple[Referencia, ...] = ()
    forma_pago: int | None = None
    fecha_vencimiento: date | None = None
    medio_pago: str | None = None
    indicador_servicio: int | None = None
    indicador_traslado: int | None = None
    tipo_despacho: int | None = None
    transporte: Transporte | None = None
    montos_brutos: bool = False
    impuestos_informados: tuple[ImpuestoInformado, ...] = ()
    """Amounts of the specific taxes on fuels, one per code; some line carries that code."""
    credito_constructoras: Pesos | None = None
    """Special credit of building companies (CredEC): lowers the total, at most the VAT."""
    exportacion: Exportacion | None = None
    """Currency and customs of 110, 111 and 112; prices and amounts of their lines are in that currency."""
    condiciones_pago: CondicionesPago | None = None
    """Not on boletas; instalments are in pesos, so not on exports either."""

    def __post_init__(self) -> None:
        for field in ("detalles", "descuentos", "referencias", "impuestos_informados"):
            set_field(self, field, tuple(getattr(self, field)))
        if self.tipo not in EMITIBLES:
            raise DocumentoInvalido("tipo", f"Torn aún no emite el documento «{self.tipo.nombre}»")
        if self.folio is not None and not 0 < self.folio <= _MAX_FOLIO:
            raise DocumentoInvalido("folio", "El folio debe estar entre 1 y 9.999.999.999")
        if not 2000 <= self.fecha_emision.year <= 2050:
            raise DocumentoInvalido("fecha_emision", "La fecha de emisión debe estar entre los años 2000 y 2050")
        self._check_parties()
        self._check_zones()
        self._check_references()
        self._check_codes()
        self._check_amounts()

    def _check_parties(self) -> None:
        emisor, receptor, tipo = self.emisor, self.receptor, self.tipo
        if not tipo.es_boleta:
            if not emisor.actecos:
                raise DocumentoInvalido("actecos", "Falta el código de actividad económica del emisor")
            if not receptor.razon_social:
                raise DocumentoInvalido("razon_social", "Falta la razón social del cliente")
            if not (emisor.direccion and emisor.comuna):
                raise DocumentoInvalido("direccion", "Faltan la dirección y la comuna del emisor")
        if tipo.exige_receptor_completo:
            for field, name in (("giro", "el giro"), ("direccion", "la dirección"), ("comuna", "la comuna")):
                if not getattr(receptor, field):
                    raise DocumentoInvalido(field, f"Falta {name} del cliente, que la {tipo.nombre.lower()} exige")

    def _check_zones(self) -> None:
        tipo = self.tipo
        if not self.detalles:
            raise DocumentoInvalido("detalles", "El documento no tiene líneas")
        if len(self.detalles) > tipo.max_lineas:
            raise DocumentoInvalido("detalles", f"El documento admite hasta {tipo.max_lineas} líneas")
        if tipo is TipoDte.FACTURA and all(line.exento or line.indicador is not None for line in self.detalles):
            raise DocumentoInvalido("detalles", "Una factura con todo exento debe ser una factura exenta")
        if len(self.descuentos) > _MAX_GLOBALES:
            raise DocumentoInvalido("descuentos", f"El documento admite hasta {_MAX_GLOBALES} descuentos globales")
        if self.descuentos and not tipo.admite_descuento_global:
            raise DocumentoInvalido("descuentos", "Una guía de despacho no lleva descuento global")
        if self.montos_brutos and (tipo.es_boleta or tipo.es_exento or tipo.es_guia):
            raise DocumentoInvalido("montos_brutos", "Este documento no lleva la marca de montos brutos")

    def _check_references(self) -> None:
        if len(self.referencias) > _MAX_REFERENCIAS:
            raise DocumentoInvalido("referencias", f"El documento admite hasta {_MAX_REFERENCIAS} referencias")
        if self.tipo.es_boleta:
            return
        codes = []
        for referencia in self.referencias:
            if not (referencia.tipo and referencia.folio and referencia.fecha):
                raise DocumentoInvalido("referencias", "Cada referencia lleva tipo de documento, folio y fecha")
            if referencia.codigo is not None and referencia.codigo not in list(CodigoReferencia):
                raise DocumentoInvalido("referencias", "El código de referencia es 1, 2 o 3")
            if referencia.codigo:
                codes.append(referencia.codigo)
        if not self.tipo.exige_referencia:
            return
        if not codes:
            raise DocumentoInvalido("referencias", "Una nota necesita la referencia al documento que corrige")
        # Formato DTE v2.4.2, CodRef: cancelling or correcting text speaks of exactly one document.
        if len(codes) > 1 and set(codes) & {CodigoReferencia.ANULA, CodigoReferencia.CORRIGE_TEXTO}:
            raise DocumentoInvalido("referencias", "Una nota que anula o corrige texto se refiere a un solo documento")
        if CodigoReferencia.CORRIGE_TEXTO in codes and (len(self.detalles) > 1 or self.detalles[0].precio):
            raise DocumentoInvalido("detalles", "Una nota que corrige texto lleva una sola línea, sin precio")

    def _check_codes(self) -> None:
        tipo = self.tipo
        medios = _MEDIOS_BOLETA if tipo.es_boleta else _MEDIOS_DTE
        if self.medio_pago is not None and self.medio_pago not in medios:
            raise DocumentoInvalido("medio_pago", f"El medio de pago debe ser uno de {', '.join(sorted(medios))}")
        if self.forma_pago is not None and (tipo.es_boleta or self.forma_pago not in (1, 2, 3)):
            raise DocumentoInvalido("forma_pago", "La forma de pago es 1, 2 o 3, y las boletas no la llevan")
        if self.condiciones_pago is not None and (tipo.es_boleta or tipo.es_exportacion):
            raise DocumentoInvalido("condiciones_pago", f"La {tipo.nombre.lower()} no lleva condiciones de pago")
        lowest, highest = (3, 6) if tipo.es_exportacion else (1, 4 if tipo.es_boleta else 3)
        if self.indicador_servicio is not None and not lowest <= self.indicador_servicio <= highest:
            raise DocumentoInvalido("indicador_servicio", f"El indicador de servicio va de {lowest} a {highest}")
        if tipo.es_guia != (self.indicador_traslado is not None):
            raise DocumentoInvalido("indicador_traslado", "Las guías, y solo ellas, llevan indicador de traslado")
        if self.indicador_traslado is not None and not 1 <= self.indicador_traslado <= 9:
            raise DocumentoInvalido("indicador_traslado", "El indicador de traslado va de 1 a 9")
        if self.tipo_despacho is not None and (tipo.es_boleta or self.tipo_despacho not in (1, 2, 3)):
            raise DocumentoInvalido("tipo_despacho", "El tipo de despacho es 1, 2 o 3, y las boletas no lo llevan")
        if self.transporte is not None and tipo.es_boleta:
            raise DocumentoInvalido("transporte", "Una boleta no lleva datos de transporte")

    def _check_amounts(self) -> None:
        tipo = self.tipo
        referidos = [r.tipo for r in self.referencias if r.tipo]
        check_line_kinds(tipo, self.detalles, self.indicador_traslado, referidos)
        check_taxes(
            tipo,
            self.fecha_emision,
            self.detalles,
            self.impuestos_informados,
            referidos,
            montos_brutos=self.montos_brutos,
        )
        check_export(tipo, self.exportacion, self.receptor, self.detalles, self.descuentos, self.tipo_despacho)
        check_credit(tipo, self.credito_constructoras)
        # EnvioBOLETA_v11, RecargoPct.
        if tipo.es_boleta and any(line.recargo_pct and line.recargo_pct > 100 for line in self.detalles):
            raise DocumentoInvalido("recargo_pct", "El recargo de una línea de boleta es de hasta 100 %")
