"""Every text field of every type takes every character of ISO-8859-1, is cut to its length, and comes back."""

import re
from datetime import time
from decimal import Decimal
from typing import Any

import pytest
from lxml import etree

from tests import judges
from tests.fiscal_material import RUT_EMISOR, RUT_FIRMANTE, TODAY, documento, issue
from torn_app.dte.documento import (
    Aduana,
    Bulto,
    CondicionesPago,
    DescuentoGlobal,
    Detalle,
    Documento,
    Emisor,
    Exportacion,
    Receptor,
    Referencia,
    Transporte,
)
from torn_app.dte.lectura import read_dte
from torn_app.dte.tipos import EMITIBLES, TipoDte

HIGH = [chr(code) for code in range(0xA0, 0x100)]
MARKUP = list("&<>\"'")
CHARACTERS = [*HIGH, *MARKUP, *"!#$%()*+,-./:;=?@[\\]^_`{|}~"]

LENGTHS = {
    "RznSoc": 100,
    "RznSocEmisor": 100,
    "GiroEmis": 80,
    "GiroEmisor": 80,
    "Telefono": 20,
    "CorreoEmisor": 80,
    "Sucursal": 20,
    "DirOrigen": 60,
    "CmnaOrigen": 20,
    "CiudadOrigen": 20,
    "CdgVendedor": 60,
    "CdgIntRecep": 20,
    "RznSocRecep": 100,
    "NumId": 20,
    "GiroRecep": 40,
    "Contacto": 80,
    "CorreoRecep": 80,
    "TelefonoRecep": 20,
    "DirRecep": 70,
    "CmnaRecep": 20,
    "CiudadRecep": 20,
    "Patente": 8,
    "PatenteCarro": 8,
    "NombreChofer": 30,
    "DirDest": 70,
    "CmnaDest": 20,
    "CiudadDest": 20,
    "NumCtaPago": 20,
    "BcoPago": 40,
    "TermPagoGlosa": 90,
    "NmbItem": 80,
    "DscItem": 1000,
    "VlrCodigo": 35,
    "UnmdItem": 4,
    "GlosaDR": 45,
    "RazonRef": 90,
    "Marcas": 255,
    "IdContainer": 25,
    "Sello": 20,
}
"""Longest text of each field (DTE_v10 and EnvioBOLETA_v11; of the two the shorter)."""


def full(tipo: TipoDte, text: str) -> Documento:
    """Return a document with the text in every field that takes free text."""
    boleta, more = tipo.es_boleta, dict[str, Any]()
    reference = Referencia(
        tipo=None if boleta else "33",
        folio=None if boleta else "7",
        fecha=None if boleta else TODAY,
        codigo="SET" if boleta else "3",
        razon=text,
    )
    if not boleta:
        more["transporte"] = Transporte(
            patente=text,
            patente_carro=text,
            rut_chofer=RUT_FIRMANTE,
            nombre_chofer=text,
            direccion_destino=text,
            comuna_destino=text,
            ciudad_destino=text,
            hora_salida=time(8, 30),
        )
        if not tipo.es_exportacion:
            more["condiciones_pago"] = CondicionesPago(numero_cuenta=text, banco=text, glosa=text)
    if tipo.es_guia:
        more["indicador_traslado"] = 1
    else:
        more["descuentos"] = [DescuentoGlobal(pct=Decimal(1), glosa=text)]
    if tipo.es_exportacion:
        more["exportacion"] = Exportacion(
            aduana=Aduana(bultos=(Bulto(codigo=80, cantidad=1, marcas=text, contenedor=text, sello=text),))
        )
    return documento(
        tipo,
        Detalle(nombre=text, precio=Decimal(1000), codigo=text, unidad=text, descripcion=text),
        emisor=Emisor(
            rut=RUT_EMISOR,
            razon_social=text,
            giro=text,
            actecos=(471100,),
            direccion=text,
            comuna=text,
            ciudad=text,
            telefono=text,
            correo=text,
            sucursal=text,
            codigo_vendedor=text,
        ),
        receptor=Receptor(
            rut="55555555-5" if tipo.es_exportacion else "77447842-6",
            razon_social=text,
            giro=text,
            direccion=text,
            comuna=text,
            ciudad=text,
            contacto=text,
            correo=text,
            telefono=text,
            codigo_interno=text,
            numero_id=text,
        ),
        referencias=[reference],
        **more,
    )


def written(text: str, length: int) -> str:
    """Return what a field of a length holds of a text: the invisible hyphen left out, white space as one space."""
    return " ".join(text.replace("\xad", "").split())[:length].rstrip()


def check(tipo: TipoDte, text: str) -> set[str]:
    """Judge a full document; every text field must hold its part of the text. Returns the fields it had."""
    signed = issue(full(tipo, text))
    judges.xsd_validate(signed.xml, "boleta" if tipo.es_boleta else "DTE_v10.xsd")
    judges.verify_dte_signature_cut_out(signed.xml)
    judges.verify_ted(signed.xml)
    found = set()
    root = etree.fromstring(signed.xml)
    for node in root.iter("{*}*"):
        name = etree.QName(node).localname
        if name in LENGTHS:
            assert node.text == written(text, LENGTHS[name]), (name, text)
            found.add(name)
    stamp = etree.fromstring(b'<?xml version="1.0" encoding="ISO-8859-1"?>' + signed.ted)
    plain = written(re.sub("[\"']", "", text), 40)
    assert {stamp.findtext("DD/RSR"), stamp.findtext("DD/IT1")} == ({plain} if plain else {"CONSUMIDOR FINAL", "-"})
    assert len(plain) <= 40
    read = read_dte(signed.xml)
    row, who, buyer = read.lineas[0], read.emisor, read.receptor
    assert (row.nombre, row.descripcion, row.codigo, row.unidad) == tuple(
        written(text, length) for length in (80, 1000, 35, 4)
    )
    assert (who.razon_social, who.giro, who.direccion, who.comuna) == tuple(
        written(text, length) for length in (100, 80, 60, 20)
    )
    assert (buyer.direccion, buyer.contacto, read.referencias[0].razon) == tuple(
        written(text, length) for length in (70, 80, 90)
    )
    return found


@pytest.mark.parametrize("tipo", sorted(EMITIBLES))
def test_every_character_in_every_text_field(tipo: TipoDte) -> None:
    """Three at a time with a letter before them, so that even a unit of four letters holds them all."""
    found: set[str] = set()
    for start in range(0, len(CHARACTERS), 3):
        found |= check(tipo, "a" + "".join(CHARACTERS[start : start + 3]))
    assert {"NmbItem", "DscItem", "RznSocRecep", "RazonRef"} <= found
    assert len(found) >= (19 if tipo.es_boleta else 27)
    assert ({"Marcas", "IdContainer", "Sello"} <= found) == tipo.es_exportacion


@pytest.mark.parametrize("tipo", sorted(EMITIBLES))
@pytest.mark.parametrize(
    "text",
    ["Ñ" * 41, "x" * 39 + "&" + "y", "x" * 40 + "&", "<" * 2000, "&'\"<>áÿ" * 300, "palabra " * 300, "'" * 41],
    ids=["41 letters", "entity 40th", "entity 41st", "all entities", "all together", "words", "no stamp text"],
)
def test_long_texts_are_cut_in_every_field(tipo: TipoDte, text: str) -> None:
    check(tipo, text)
