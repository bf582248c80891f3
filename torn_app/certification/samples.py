"""Printed samples of an issued set and of the simulation, ready to be uploaded."""

from dataclasses import dataclass

from torn_app.certification import stored
from torn_app.certification.choice import one_of_each
from torn_app.certification.errors import CertificationRefused
from torn_app.certification.stored import SIMULATION
from torn_app.company.models import Issuer
from torn_app.documents import service as documents
from torn_app.documents.models import Document
from torn_app.dte.impresion import printed_copy
from torn_app.dte.lectura import read_dte
from torn_app.dte.tipos import TipoDte
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission
from torn_app.printing import render_pdf

MAX_SAMPLE_BYTES = 500_000
"""A printed sample's PDF (SII, Manual de Muestras Impresas, upload)."""
_SALE = 1
"""IndTraslado of a guide that is a sale: the only one with an assignable copy."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A printed sample and the name of its file."""

    name: str
    pdf: bytes


@use_case(Permission.ADMIN)
@documents.refusals
def samples(work: Work, attention: str, attempt: int = 1) -> tuple[Sample, ...]:
    """Return the PDFs of an issued set: one per document, and the assignable copy of those that have one.

    Of the simulation (`SIMULATION` for attention) only one document of each kind is printed, as the tax service asks.

    Raises CertificationRefused: the set was not issued, or a PDF is larger than 500 KB.
    """
    issuer = stored.issuer_of(work)
    row = stored.find(work, issuer.ambiente, attention, attempt)
    if row is None or row.id is None:
        raise CertificationRefused(f"El set {attention}, intento {attempt}, aún no se ha emitido")
    cases = stored.documents_of(work, row.id)
    if attention == SIMULATION:
        kinds = [(number, (one.tipo_dte, read_dte(one.xml).indicador_traslado)) for number, one in cases]
        wanted = one_of_each(kinds)
        cases = [(number, one) for number, one in cases if number in wanted]
    return tuple(
        _print(issuer, attention, number, one, cedible=cedible)
        for number, one in cases
        for cedible in ((False, True) if _has_assignable_copy(one) else (False,))
    )


def _print(issuer: Issuer, attention: str, number: int, one: Document, *, cedible: bool) -> Sample:
    copy = printed_copy(
        one.xml,
        resolucion_numero=0,
        resolucion_fecha=issuer.resolucion_fecha or one.fecha_emision,
        sucursal_sii=issuer.sucursal_sii or issuer.comuna,
        cedible=cedible,
        sin_validez=one.ambiente == documents.PRUEBA,
    )
    pdf = render_pdf(copy, "carta")
    name = f"set-{attention}_caso-{number:02}_tipo-{one.tipo_dte}_folio-{one.folio}{'_cedible' if cedible else ''}.pdf"
    if len(pdf) > MAX_SAMPLE_BYTES:
        raise CertificationRefused(f"La muestra {name} pesa más de 500 KB")
    return Sample(name, pdf)


def _has_assignable_copy(document: Document) -> bool:
    tipo = TipoDte(document.tipo_dte)
    if not tipo.es_guia:
        return tipo.es_cedible
    return read_dte(document.xml).indicador_traslado == _SALE
