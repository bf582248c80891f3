"""The export lines of a case: each heading once (but for the references), each name by its code."""

import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from torn_app.certification import export_words as words
from torn_app.certification.errors import SetRefused
from torn_app.certification.export_words import Table
from torn_app.certification.numbers import read_number
from torn_app.certification.sets import ExportFacts
from torn_app.certification.texts import joined
from torn_app.certification.words import plain
from torn_app.dte.aduanas import MONEDAS, PRIMER_PUERTO_CHILENO, named
from torn_app.dte.exportacion import Aduana, Bulto

_CODES: Final = {
    "FORMA DE PAGO EXPORTACION": ("forma_pago", words.FORMAS_PAGO),
    "MODALIDAD DE VENTA": ("modalidad_venta", words.MODALIDADES),
    "CLAUSULA DE VENTA DE EXPORTACION": ("clausula_venta", words.CLAUSULAS),
    "VIA DE TRANSPORTE": ("via_transporte", words.VIAS),
    "PUERTO DE EMBARQUE": ("puerto_embarque", words.PUERTOS),
    "PUERTO DE DESEMBARQUE": ("puerto_desembarque", words.PUERTOS),
    "UNIDAD DE MEDIDA DE TARA": ("unidad_tara", words.UNIDADES),
    "UNIDAD PESO BRUTO": ("unidad_peso_bruto", words.UNIDADES),
    "UNIDAD PESO NETO": ("unidad_peso_neto", words.UNIDADES),
    "TIPO DE BULTO": ("bulto", words.BULTOS),
    "PAIS RECEPTOR Y PAIS DESTINO": ("pais", words.PAISES),
    "NACIONALIDAD": ("nacionalidad", words.PAISES),
}
_NUMBERS: Final = {
    "TOTAL CLAUSULA DE VENTA": "total_clausula",
    "TOTAL BULTOS": "total_bultos",
    "FLETE (**)": "flete",
    "SEGURO (**)": "seguro",
}
_COMMISSION: Final = "COMISIONES EN EL EXTRANJERO (RECARGOS GLOBALES)"
_OF_THE_CLAUSE: Final = re.compile(r"(\d+(?:\.\d+)?) ?% DEL TOTAL DE LA CLAUSULA")
_OTHERS: Final = frozenset({"REFERENCIA", "MONEDA DE LA OPERACION", _COMMISSION})
_CUSTOMS: Final = (
    "modalidad_venta",
    "clausula_venta",
    "total_clausula",
    "via_transporte",
    "puerto_embarque",
    "puerto_desembarque",
    "unidad_tara",
    "unidad_peso_bruto",
    "unidad_peso_neto",
    "total_bultos",
    "flete",
    "seguro",
)
_CENT = Decimal("0.01")
CONTENEDOR, SELLO = "CERT0000001", "CERT-1"
"""The texts give containers neither number nor seal, and the tax service asks for both."""


class ExportReader:
    """Collects the export lines of a case."""

    def __init__(self) -> None:
        self.found: dict[str, Any] = {}
        self.references: list[tuple[str, str]] = []

    def takes(self, key: str) -> bool:
        """Tell whether a heading is one of an export."""
        return key in _CODES or key in _NUMBERS or key in _OTHERS

    def read(self, number: int, line: str, key: str, value: str) -> None:
        """Take a line. Raises SetRefused when its value is unknown or was given before."""
        said = plain(value)
        if key == "REFERENCIA":
            if said not in words.REFERENCIAS or (words.REFERENCIAS[said], joined(value)) in self.references:
                raise SetRefused(number, "referencia desconocida o repetida", line)
            self.references.append((words.REFERENCIAS[said], joined(value)))
            self.found["referencias"] = True
        elif key == "MONEDA DE LA OPERACION":
            if said not in MONEDAS:
                raise SetRefused(number, "moneda desconocida", line)
            self._set(number, line, "moneda", said)
        elif key == _COMMISSION:
            match = _OF_THE_CLAUSE.fullmatch(said)
            if match is None:
                raise SetRefused(number, "comisión desconocida", line)
            self._set(number, line, "comision", read_number(number, line, match[1]))
        elif key in _NUMBERS:
            amount = read_number(number, line, value)
            if key == "TOTAL BULTOS" and amount != int(amount):
                raise SetRefused(number, "los bultos se cuentan enteros", line)
            self._set(number, line, _NUMBERS[key], int(amount) if key == "TOTAL BULTOS" else amount)
        else:
            field, table = _CODES[key]
            self._set(number, line, field, _code(number, line, table, field, said))

    def finish(self, line: int, title: str, names: list[str], *, services: bool) -> ExportFacts:
        """Return the facts of an invoice. Raises SetRefused when one of them needs another that is not there."""
        found = self.found
        if "moneda" not in found:
            raise SetRefused(line, "la exportación no dice su moneda", title)
        if ("bulto" in found) != ("total_bultos" in found):
            raise SetRefused(line, "el tipo de bulto y su total van juntos", title)
        if "comision" in found and "total_clausula" not in found:
            raise SetRefused(line, "la comisión es del total de la cláusula, que no está", title)
        hotel = "nacionalidad" in found and "pais" not in found
        references = tuple(self.references) + ((words.PASAPORTE,) if hotel else ())
        service = None
        if hotel:
            service = words.HOTEL
        elif services or any(tipo == words.RESOLUCION_SNA for tipo, _ in references):
            service = words.SERVICIO
        return ExportFacts(
            moneda=found["moneda"],
            forma_pago=found.get("forma_pago"),
            aduana=self._customs(names),
            nacionalidad=found.get("nacionalidad", found.get("pais")),
            servicio=service,
            referencias=references,
            recargos=self._surcharges(),
        )

    def _customs(self, names: list[str]) -> Aduana | None:
        values: dict[str, Any] = {name: self.found[name] for name in _CUSTOMS if name in self.found}
        if "pais" in self.found:
            values |= {"pais_receptor": self.found["pais"], "pais_destino": self.found["pais"]}
        if "bulto" in self.found:
            code, count = self.found["bulto"], self.found["total_bultos"]
            if code in words.CONTENEDORES:
                values["bultos"] = (Bulto(codigo=code, cantidad=count, contenedor=CONTENEDOR, sello=SELLO),)
            else:
                values["bultos"] = (Bulto(codigo=code, cantidad=count, marcas=names[0] if names else None),)
        return Aduana(**values) if values else None

    def _surcharges(self) -> tuple[tuple[str, Decimal], ...]:
        """Freight and insurance are also global surcharges (instructions of the export sets)."""
        rows = []
        if "comision" in self.found:
            amount = self.found["total_clausula"] * self.found["comision"] / 100
            rows.append(("COMISIONES EN EL EXTRANJERO", amount.quantize(_CENT, ROUND_HALF_UP)))
        rows += [(name.upper(), self.found[name]) for name in ("flete", "seguro") if name in self.found]
        return tuple(rows)

    def _set(self, number: int, line: str, field: str, value: object) -> None:
        if field in self.found:
            raise SetRefused(number, "el dato está repetido", line)
        self.found[field] = value


def _code(number: int, line: str, table: Table, field: str, said: str) -> int:
    short = {plain(name): code for name, code in table.short.items()}
    if said in short:
        return short[said]
    codes = named(table.names, said)
    # A port of the same name here and abroad: goods leave from here and arrive there.
    if len(codes) > 1 and field == "puerto_embarque":
        codes = tuple(code for code in codes if code >= PRIMER_PUERTO_CHILENO)
    elif len(codes) > 1 and field == "puerto_desembarque":
        codes = tuple(code for code in codes if code < PRIMER_PUERTO_CHILENO)
    if len(codes) != 1:
        raise SetRefused(number, f"no se conoce {table.what}", line)
    return codes[0]
