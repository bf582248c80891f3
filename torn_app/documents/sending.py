"""Taking documents to the tax service, and trying again. Every change of state is compare-and-set, so that a step may
be repeated.

In mode PRUEBA nothing leaves the server: the simulated tax service answers. In the other modes documents stay FIRMADO,
which is what they are, until sending is built.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Row, bindparam, exists, func, select

from torn_app.documents import forecast, service, simulated
from torn_app.documents.errors import DocumentNotFound, NotRetryable
from torn_app.documents.models import Document, DocumentEvent
from torn_app.documents.queries import get_document
from torn_app.documents.schemas import DocumentFullOut
from torn_app.dte.tipos import TipoDte
from torn_app.folios import loading as folios
from torn_app.folios.rules import Level
from torn_app.infra import events
from torn_app.infra.events import Event
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission

ANSWER_JOB = "answer_document"

_document = Document.__table__  # type: ignore[attr-defined]
_event = DocumentEvent.__table__  # type: ignore[attr-defined]
_SIGNED = select(
    _document.c.id,
    _document.c.sale_id,
    _document.c.ambiente,
    _document.c.tipo_dte,
    _document.c.folio,
    _document.c.monto_total,
    exists().where(_event.c.document_id == _document.c.id, _event.c.estado == "ERROR").label("tried_before"),
).where(_document.c.id == func.any(bindparam("of", type_=ARRAY(BigInteger))), _document.c.estado == service.FIRMADO)


@use_case(Permission.ADMIN)
def retry(work: Work, document_id: int) -> DocumentFullOut:
    """Send a document again that did not get through.

    Raises:
        DocumentNotFound: no such document in this company.
        NotRetryable: nothing failed, or it is on its way already.
    """
    found = work.connection.execute(
        select(_document.c.folio, _document.c.estado).where(_document.c.id == document_id)
    ).first()
    if found is None:
        raise DocumentNotFound(id=document_id)
    if not service.advance(work, [document_id], expected="ERROR", estado=service.FIRMADO, detail="Reintento"):
        raise NotRetryable(folio=found.folio, estado=found.estado)
    work.enqueue(service.SEND_JOB, document_id=document_id)
    return get_document(work, document_id)


def send(work: Work, document_ids: Sequence[int]) -> None:
    """Take signed documents to the tax service and tell what came of it. The others of the list are left alone."""
    rows = work.connection.execute(_SIGNED, {"of": list(document_ids)}).all()
    told = [_sold(row) for row in rows if row.sale_id is not None]
    groups: dict[simulated.Answer, dict[int, Row[Any]]] = {}
    for row in rows:
        if row.ambiente == service.PRUEBA:
            answer = simulated.answer(row.monto_total, tried_before=row.tried_before)
            groups.setdefault(answer, {})[row.id] = row
    for answer, group in groups.items():
        moved = service.advance(work, list(group), expected=service.FIRMADO, estado=answer.estado, detail=answer.glosa)
        told += [_judged(group[key], answer) for key in moved if not answer.is_pending and answer.estado != "ERROR"]
        if answer.is_pending:
            for key in moved:
                work.enqueue(ANSWER_JOB, wait=timedelta(seconds=simulated.DELAY_SECONDS), document_id=key)
    events.publish(work, told + _low_folios(work, rows))


def receive_answer(work: Work, document_id: int) -> None:
    """Write the answer the simulated tax service took its time over."""
    row = work.connection.execute(
        select(_document).where(_document.c.id == document_id, _document.c.estado == "ENVIADO")
    ).first()
    accepted = simulated.ACCEPTED
    if row and service.advance(work, [document_id], expected="ENVIADO", estado=accepted.estado, detail=accepted.glosa):
        events.publish(work, [_judged(row, accepted)])


def _sold(row: Row[Any]) -> Event:
    return Event("sale.created", f"sale.created:{row.sale_id}", _facts(row))


def _judged(row: Row[Any], answer: simulated.Answer) -> Event:
    name = "document.rejected" if answer.estado == "RECHAZADO" else "document.accepted"
    data = {**_facts(row), "estado": answer.estado, "glosa": answer.glosa}
    return Event(name, f"{name}:{row.id}:{answer.estado}", data)


def _facts(row: Row[Any]) -> dict[str, events.Value]:
    return {
        "sale_id": row.sale_id,
        "document_id": row.id,
        "tipo_dte": row.tipo_dte,
        "folio": row.folio,
        "monto_total": row.monto_total,
        "ambiente": row.ambiente,
    }


def _low_folios(work: Work, rows: Sequence[Row[Any]]) -> list[Event]:
    """Tell that the numbers of a type run out: once at each level. Those of PRUEBA never do: they renew themselves."""
    used = {(row.tipo_dte, row.ambiente) for row in rows if row.ambiente != service.PRUEBA}
    told = []
    for ambiente in sorted({ambiente for _, ambiente in used}):
        for found in forecast.of_types(work, ambiente):
            if (found.tipo_dte, ambiente) not in used or found.nivel == Level.OK:
                continue
            last = folios.last_number(work, TipoDte(found.tipo_dte), ambiente)
            data: dict[str, events.Value] = {
                "tipo_dte": found.tipo_dte,
                "disponibles": found.disponibles,
                "ambiente": ambiente,
                "nivel": found.nivel,
                "dias_restantes": found.dias_restantes,
            }
            # The end of the last range is in the key: told again when new numbers run out again.
            key = f"folios.low:{ambiente}:{found.tipo_dte}:{last}:{found.nivel}"
            told.append(Event("folios.low", key, data))
    return told
