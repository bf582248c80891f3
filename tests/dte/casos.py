"""The cases of others as documents: every file, every field of it, and the amounts they expect.

Where a case cannot be issued as it stands, the reason is written beside what is put in its place.
"""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from tests.fiscal_material import TODAY
from tests.shared_material import find_shared, shared_path
from torn_app.dte.documento import (
    DescuentoGlobal,
    Detalle,
    Documento,
    Emisor,
    Exportacion,
    Movimiento,
    Receptor,
    Referencia,
    Transporte,
)
from torn_app.dte.tipos import TipoDte


def case_files() -> list[str]:
    """Return every case, as `33/33_001_simple`; one that does not exist when the folder is absent."""
    folder = find_shared("sii", "samples", "cases")
    names = [f"{path.parent.name}/{path.stem}" for path in sorted(folder.glob("*/*.json"))] if folder else []
    return names or ["absent/absent"]


def read_case(name: str) -> dict[str, Any]:
    """Return a case as it stands."""
    return json.loads(shared_path("sii", "samples", "cases", *f"{name}.json".split("/")).read_text("utf-8"))


def expected() -> dict[str, dict[str, Any]]:
    """Return the amounts they expect, by the name of the case without its folder."""
    return json.loads(shared_path("sii", "samples", "cases", "montos_esperados.json").read_text("utf-8"))


def as_documento(data: dict[str, Any]) -> Documento:
    """Return the document a case describes, dated today."""
    head = data["Encabezado"]
    tipo = TipoDte(head["IdDoc"]["TipoDTE"])
    who, buyer, way = head["Emisor"], head["Receptor"], head.get("Transporte")
    abroad = buyer.get("Extranjero", {}).get("Nacionalidad")
    return Documento(
        tipo=tipo,
        folio=head["IdDoc"]["Folio"],
        fecha_emision=TODAY,
        emisor=Emisor(
            rut=who["RUTEmisor"],
            razon_social=who.get("RznSoc") or who["RznSocEmisor"],
            giro=who.get("GiroEmis") or who["GiroEmisor"],
            actecos=(who["Acteco"],) if "Acteco" in who else (),
            direccion=who["DirOrigen"],
            comuna=who["CmnaOrigen"],
        ),
        receptor=Receptor(
            rut=buyer["RUTRecep"],
            razon_social=buyer["RznSocRecep"],
            giro=buyer.get("GiroRecep"),
            direccion=buyer["DirRecep"],
            comuna=buyer.get("CmnaRecep"),
            nacionalidad=int(abroad) if abroad else None,
        ),
        detalles=tuple(_detalle(row) for row in as_list(data["Detalle"])),
        descuentos=tuple(_descuento(row) for row in as_list(data.get("DscRcgGlobal"))),
        referencias=tuple(_referencia(row) for row in as_list(data.get("Referencia"))),
        indicador_servicio=head["IdDoc"].get("IndServicio"),
        tipo_despacho=head["IdDoc"].get("TipoDespacho"),
        indicador_traslado=head["IdDoc"].get("IndTraslado"),
        transporte=_transporte(way) if way else None,
        exportacion=Exportacion(moneda=head["Totales"]["TpoMoneda"]) if tipo.es_exportacion else None,
    )


def as_list(value: Any) -> list[dict[str, Any]]:
    """Return the rows of a zone, which stands alone when it is one."""
    return [] if value is None else value if isinstance(value, list) else [value]


def _detalle(row: dict[str, Any]) -> Detalle:
    return Detalle(
        nombre=row["NmbItem"],
        descripcion=row.get("DscItem"),
        codigo=row.get("CdgItem", {}).get("VlrCodigo"),
        cantidad=Decimal(row["QtyItem"]),
        precio=Decimal(row["PrcItem"]),
        exento=row.get("IndExe") == 1,
        descuento_pct=Decimal(row["DescuentoPct"]) if "DescuentoPct" in row else None,
        codigos_impuesto=(row["CodImpAdic"],) if "CodImpAdic" in row else (),
    )


def _descuento(row: dict[str, Any]) -> DescuentoGlobal:
    assert row["TpoValor"] == "%"
    return DescuentoGlobal(pct=Decimal(row["ValorDR"]), movimiento=Movimiento(row["TpoMov"]))


def _referencia(row: dict[str, Any]) -> Referencia:
    return Referencia(
        tipo=str(row["TpoDocRef"]),
        folio=str(row["FolioRef"]),
        # The cases leave out most dates, without which the schema takes no reference.
        fecha=date.fromisoformat(row["FchRef"]) if "FchRef" in row else TODAY,
        codigo=str(row["CodRef"]) if "CodRef" in row else None,
        razon=row.get("RazonRef"),
    )


def _transporte(way: dict[str, Any]) -> Transporte:
    return Transporte(
        patente=way["Patente"],
        # Theirs are 2-7 and 1-9, which nobody has and Torn refuses.
        rut_transportista="77447842-6",
        rut_chofer="11111111-1",
        nombre_chofer=way["Chofer"]["NombreChofer"],
        direccion_destino=way["DirDest"],
        comuna_destino=way["CmnaDest"],
    )
