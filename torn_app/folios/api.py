"""Routes of /folios and of the issuer's certificate."""

from typing import Annotated

from fastapi import APIRouter, File, Form, Query, Response, UploadFile

from torn_app.api.deps import Entry, enter
from torn_app.api.paging import rows_of
from torn_app.folios import loading, requests, uses
from torn_app.folios.schemas import (
    CafOut,
    CertificateOut,
    FolioRequestIn,
    FolioRequestLogOut,
    FolioStockOut,
    KeyUseOut,
)
from torn_app.kernel.errors import InvalidInput
from torn_app.kernel.fields import MAX_ID
from torn_app.kernel.paging import Page

router = APIRouter(tags=["folios"])

MAX_UPLOAD = 100_000
"""Bytes. A CAF has about 2.000 and a certificate about 5.000."""


class FileTooLarge(InvalidInput):
    """Nothing that large is a CAF or a certificate."""

    message = "El archivo es demasiado grande."


@router.get("/folios/status")
def status(entry: Entry = enter(loading.folio_status)) -> list[FolioStockOut]:
    """Números disponibles por tipo de documento, en el modo actual de la empresa."""
    return entry.run()


@router.get("/folios/caf")
def cafs(entry: Entry = enter(loading.list_cafs)) -> list[CafOut]:
    """Rangos cargados."""
    return entry.run()


@router.post("/folios/caf", status_code=201)
def upload_caf(
    file: Annotated[UploadFile, File(description="CAF tal como lo entrega el SII")],
    entry: Entry = enter(loading.upload_caf),
) -> CafOut:
    """Carga un rango de folios autorizado (CAF)."""
    return entry.run(_read(file))


@router.post("/folios/request")
def request(body: FolioRequestIn, entry: Entry = enter(requests.request_folios)) -> FolioRequestLogOut:
    """Anota que se necesitan folios de un tipo. Los folios llegan al cargar el CAF."""
    return entry.run(body)


@router.get("/folios/requests/history")
def request_history(
    limit: Annotated[int, Query(ge=1, le=1000)] = 50, entry: Entry = enter(requests.list_requests)
) -> list[FolioRequestLogOut]:
    """Solicitudes de folios, de la más nueva a la más antigua."""
    return entry.run(limit)


@router.get("/folios/key-uses")
def key_uses(
    response: Response,
    skip: Annotated[int, Query(ge=0, le=MAX_ID)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 100,
    after: Annotated[int | None, Query(ge=0, le=MAX_ID)] = None,
    count: Annotated[bool, Query(description="Agrega el encabezado X-Total-Count")] = False,
    entry: Entry = enter(uses.list_key_uses),
) -> list[KeyUseOut]:
    """Cada uso de las llaves privadas, del más nuevo al más antiguo. Nadie puede cambiarlos ni borrarlos."""
    return rows_of(entry.run(Page(skip, limit, after, count)), response)


@router.get("/issuer/certificate")
def certificate(entry: Entry = enter(loading.get_certificate)) -> CertificateOut:
    """Certificado digital en uso."""
    return entry.run()


@router.post("/issuer/certificate", status_code=201)
def upload_certificate(
    file: Annotated[UploadFile, File(description="Archivo .p12 o .pfx")],
    password: Annotated[str, Form(max_length=200)] = "",
    entry: Entry = enter(loading.upload_certificate),
) -> CertificateOut:
    """Carga el certificado digital de la empresa. La llave queda cifrada y no sale del servidor."""
    return entry.run(_read(file), password)


def _read(file: UploadFile) -> bytes:
    content = file.file.read(MAX_UPLOAD + 1)
    if len(content) > MAX_UPLOAD:
        raise FileTooLarge()
    return content
