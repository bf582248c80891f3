"""The cases of others, issued whole: every type Torn issues, valid, signed, with the totals they expect."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests import judges
from tests.fiscal_material import TODAY, documento, emisor, issue, receptor
from tests.shared_material import find_shared, shared_path
from torn_app.dte.documento import (
    CodigoReferencia,
    DescuentoGlobal,
    Detalle,
    Documento,
    Emisor,
    Receptor,
    Referencia,
    Transporte,
)
from torn_app.dte.lectura import read_dte
from torn_app.dte.tipos import TipoDte
from torn_app.dte.totales import compute_totals
from torn_app.kernel.money import Pesos

T = TipoDte
TYPES = ("33", "34", "39", "41", "46", "52", "56", "61")


def case_files() -> list[str]:
    folder = find_shared("sii", "samples", "cases")
    names = [f"{p.parent.name}/{p.stem}" for p in sorted(folder.glob("*/*.json"))] if folder else []
    return [name for name in names if name.split("/")[0] in TYPES] or ["absent/absent"]


def expected() -> dict[str, dict[str, Any]]:
    return json.loads(shared_path("sii", "samples", "cases", "montos_esperados.json").read_text("utf-8"))


def as_list(value: Any) -> list[dict[str, Any]]:
    return [] if value is None else value if isinstance(value, list) else [value]


def as_documento(data: dict[str, Any]) -> Documento:
    head = data["Encabezado"]
    tipo = TipoDte(head["IdDoc"]["TipoDTE"])
    who, buyer, way = head["Emisor"], head["Receptor"], head.get("Transporte")
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
            comuna=buyer["CmnaRecep"],
        ),
        detalles=tuple(
            Detalle(
                nombre=row["NmbItem"],
                descripcion=row.get("DscItem"),
                codigo=row.get("CdgItem", {}).get("VlrCodigo"),
                cantidad=Decimal(row["QtyItem"]),
                precio=Decimal(row["PrcItem"]),
                exento=row.get("IndExe") == 1,
                descuento_pct=Decimal(row["DescuentoPct"]) if "DescuentoPct" in row else None,
                codigos_impuesto=(row["CodImpAdic"],) if "CodImpAdic" in row else (),
            )
            for row in as_list(data["Detalle"])
        ),
        descuentos=tuple(DescuentoGlobal(pct=Decimal(row["ValorDR"])) for row in as_list(data.get("DscRcgGlobal"))),
        referencias=tuple(
            Referencia(
                tipo=str(row["TpoDocRef"]),
                folio=str(row["FolioRef"]),
                fecha=TODAY,
                codigo=str(row["CodRef"]) if "CodRef" in row else None,
                razon=row.get("RazonRef"),
            )
            for row in as_list(data.get("Referencia"))
        ),
        tipo_despacho=head["IdDoc"].get("TipoDespacho"),
        indicador_traslado=head["IdDoc"].get("IndTraslado"),
        transporte=Transporte(
            patente=way["Patente"],
            # Theirs are 2-7 and 1-9, which nobody has and Torn refuses.
            rut_transportista="77447842-6",
            rut_chofer="11111111-1",
            nombre_chofer=way["Chofer"]["NombreChofer"],
            direccion_destino=way["DirDest"],
            comuna_destino=way["CmnaDest"],
        )
        if way
        else None,
    )


def check(document: Documento, wanted: dict[str, Any]) -> None:
    signed = issue(document)
    judges.xsd_validate(signed.xml, "boleta" if document.tipo.es_boleta else "DTE_v10.xsd")
    judges.verify_dte_signature_cut_out(signed.xml)
    judges.verify_ted(signed.xml)
    read = read_dte(signed.xml).totales
    found: dict[str, Any] = {
        "MntNeto": read.monto_neto,
        "MntExe": read.monto_exento,
        "IVA": read.iva,
        "IVANoRet": read.iva_no_retenido,
        "MntTotal": read.monto_total,
    }
    if read.impuestos:
        (row,) = read.impuestos
        found["ImptoReten"] = {"TipoImp": int(row.codigo), "TasaImp": row.tasa, "MontoImp": row.monto}
    # What they do not state about a tax (33_008) is not compared; all the rest must be there and equal.
    optional = set() if "ImptoReten" in wanted else {"ImptoReten"}
    assert {k: v for k, v in found.items() if v is not None and k not in optional} == wanted


@pytest.mark.parametrize("name", case_files())
def test_case_of_others(name: str) -> None:
    """46_001 withholds nothing, so that its expected total keeps the VAT: right for what the case says.

    It is not how a purchase invoice usually is: see the next test.
    """
    data = json.loads(shared_path("sii", "samples", "cases", *f"{name}.json".split("/")).read_text("utf-8"))
    check(as_documento(data), expected()[name.split("/")[1]])


def test_the_purchase_case_as_a_buyer_that_withholds() -> None:
    """The same gold with its own code (46): all the VAT is withheld and the seller is paid the net amount."""
    data = json.loads(shared_path("sii", "samples", "cases", "46", "46_001_afecta.json").read_text("utf-8"))
    data["Detalle"]["CodImpAdic"] = 46
    tax = {"TipoImp": 46, "TasaImp": 19, "MontoImp": 8550}
    check(as_documento(data), {"MntNeto": 45000, "IVA": 8550, "ImptoReten": tax, "MntTotal": 45000})


def item(price: str, cantidad: str = "1", **more: Any) -> Detalle:
    return Detalle(nombre="Producto", precio=Decimal(price), cantidad=Decimal(cantidad), **more)


def refers(tipo: str, code: str) -> Referencia:
    return Referencia(tipo=tipo, folio="1", fecha=TODAY, codigo=CodigoReferencia(code))


TEN = DescuentoGlobal(pct=Decimal(10))
# Expected amounts without an input file: the input that their names tell.
WITHOUT_FILE: dict[str, Documento] = {
    "33_003_iva_anticipado": documento(T.FACTURA, item("700000", codigos_impuesto=(19,))),
    "33_005_descuento_item_monto": documento(T.FACTURA, item("104090", descuento_monto=Pesos(9993))),
    "33_007_contado_observacion": documento(T.FACTURA, item("70", "450"), forma_pago=1),
    "39_002_descuento_global": documento(T.BOLETA, item("1190"), descuentos=[TEN]),
    "41_002_descuento_global": documento(T.BOLETA_EXENTA, item("1000"), descuentos=[TEN]),
    "46_002_exenta": documento(T.FACTURA_COMPRA, item("45000", exento=True)),
    "46_003_iva_retenido_total": documento(T.FACTURA_COMPRA, item("100000", codigos_impuesto=(15,))),
    "46_004_iva_retenido_parcial": documento(T.FACTURA_COMPRA, item("10000", codigos_impuesto=(34,))),
    "52_002_traslado_interno": documento(T.GUIA_DESPACHO, item("0", "450"), indicador_traslado=5),
    "61_002_corrige_texto_factura": documento(T.NOTA_CREDITO, item("0"), referencias=[refers("33", "2")]),
    "61_003_corrige_monto_factura": documento(T.NOTA_CREDITO, item("9000"), referencias=[refers("33", "3")]),
}


@pytest.mark.parametrize("name", WITHOUT_FILE)
def test_expected_amounts(name: str) -> None:
    check(WITHOUT_FILE[name], expected()[name])


def test_no_expected_amount_is_left_out() -> None:
    known = {name.split("/")[1] for name in case_files()} | set(WITHOUT_FILE)
    assert {name for name in expected() if name[:2] in TYPES and name[2] == "_"} == known


@pytest.mark.parametrize("referido", ["39", "41", "33"])
def test_credit_notes_of_boletas_and_invoices(referido: str) -> None:
    """A boleta is cancelled by a 61 with its own amounts (MntBruto): FAQ 001.380.5352."""
    lines = [item("990", "3"), item("2990")]
    note = documento(T.NOTA_CREDITO, *lines, referencias=[refers(referido, "1")], montos_brutos=referido == "39")
    check(note, read_amounts(note))
    if referido == "39":
        assert compute_totals(note).monto_total == 5960


def read_amounts(document: Documento) -> dict[str, Any]:
    t = compute_totals(document)
    return {"MntNeto": t.monto_neto, "IVA": t.iva, "MntTotal": t.monto_total}


LATIN = "".join(chr(c) for c in (*range(0x20, 0x7F), *range(0xA1, 0x100)) if c != 0xAD)


def test_every_printable_character_in_every_text() -> None:
    """Each field takes any of them and gives it back; cut to its own length, so in slices."""
    for start in range(0, len(LATIN), 15):
        text = "a" + LATIN[start : start + 15] + "b"
        short = text[:20]
        document = documento(
            T.FACTURA,
            Detalle(nombre=text, precio=Decimal(10), codigo=text, unidad=text[:4], descripcion=text),
            emisor=Emisor(
                **{**fields(emisor()), "razon_social": text, "giro": text, "direccion": text, "comuna": short}  # type: ignore[arg-type]
            ),
            receptor=Receptor(
                **{**fields(receptor()), "razon_social": text, "giro": text, "direccion": text, "contacto": text}  # type: ignore[arg-type]
            ),
            descuentos=[DescuentoGlobal(pct=Decimal(1), glosa=text)],
            referencias=[Referencia(tipo="801", folio=text, fecha=TODAY, razon=text)],
        )
        signed = issue(document)
        judges.xsd_validate(signed.xml, "DTE_v10.xsd")
        judges.verify_dte_signature_cut_out(signed.xml)
        judges.verify_ted(signed.xml)
        read = read_dte(signed.xml)
        clean = " ".join(text.split())
        row, who, buyer = read.lineas[0], read.emisor, read.receptor
        assert {row.nombre, row.codigo, row.descripcion, who.razon_social, who.giro, who.direccion} == {clean}
        assert {buyer.razon_social, buyer.giro, buyer.direccion, buyer.contacto} == {clean}
        assert {read.descuentos[0].glosa, read.referencias[0].razon, read.referencias[0].folio} == {clean}
        assert judges.read_with_cl_sii(signed.xml).receptor_razon_social == clean


def fields(value: object) -> dict[str, object]:
    return {name: getattr(value, name) for name in value.__slots__}  # type: ignore[attr-defined]
