"""Files that come in and go out of routes."""

from typing import Annotated, Literal

from fastapi import File, Form, Query, Response, UploadFile

from torn_app.infra.sheets import MAX_BYTES

Sheet = Literal["csv", "xlsx"]
SheetQuery = Annotated[Sheet, Query(description="Formato del archivo")]
SheetUpload = Annotated[UploadFile, File(description="Archivo CSV o XLSX, hasta 5 MB y 5.000 filas")]
OnlyGood = Annotated[bool, Form(description="Escribir las filas buenas aunque haya malas")]

_KINDS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
SHEET_RESPONSES: dict[int | str, dict] = {
    200: {"content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in _KINDS.values()}}
}
"""What a route that answers a sheet declares."""


def read_upload(file: UploadFile) -> bytes:
    """Return an uploaded file; of one too large just enough to be told so."""
    return file.file.read(MAX_BYTES + 1)


def sheet(content: bytes, name: str, formato: Sheet) -> Response:
    """Return a file to be saved as `name`."""
    disposition = {"Content-Disposition": f'attachment; filename="{name}.{formato}"'}
    return Response(content, media_type=_KINDS[formato], headers=disposition)
