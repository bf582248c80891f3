"""Issuing documents: number, signature and storage in the transaction of what they document.

Knows nothing of sales: it receives a `dte.Documento` and an external key, and gives back a stored document.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from typing import ParamSpec, TypeVar

from sqlalchemy import ARRAY, BigInteger, DateTime, String, bindparam, func, insert, select, update

from torn_app.company.models import Issuer
from torn_app.customers.models import Customer
from torn_app.documents.errors import DocumentRefused
from torn_app.documents.models import Document, DocumentEvent
from torn_app.dte.documento import Documento, Emisor, Receptor
from torn_app.dte.errores import DteError
from torn_app.dte.xml import issue_dte
from torn_app.folios import service as folios
from torn_app.folios import uses
from torn_app.infra.work import Work
from torn_app.kernel.rut import GENERIC_CUSTOMER

P = ParamSpec("P")
R = TypeVar("R")

PRUEBA = "PRUEBA"
FIRMADO = "FIRMADO"
"""State of a document that exists and was not sent."""
SEND_JOB = "send_document"

_document = Document.__table__  # type: ignore[attr-defined]
_event = DocumentEvent.__table__  # type: ignore[attr-defined]

_NEW = (
    "sale_id",
    "ambiente",
    "tipo_dte",
    "folio",
    "fecha_emision",
    "receptor_rut",
    "receptor_nombre",
    "monto_total",
    "caf_range_id",
    "certificate_id",
    "xml",
    "estado",
    "created_at",
)
_STORED = (
    insert(_document)
    .values({name: bindparam(f"new_{name}", type_=_document.c[name].type) for name in _NEW})
    .returning(
        _document.c.id,
        _document.c.estado,
        _document.c.created_at,
        _document.c.caf_range_id,
        _document.c.certificate_id,
    )
    .cte("stored")
)
_STORE = (
    insert(_event)
    .from_select(["document_id", "estado", "at"], select(_STORED.c.id, _STORED.c.estado, _STORED.c.created_at))
    .returning(_event.c.document_id)
    .add_cte(uses.of_document(_STORED))
)
"""A document, its first state and the use of the keys that signed it, in one statement."""
_THESE = _document.c.id == func.any(bindparam("of", type_=ARRAY(BigInteger)))
_MOVED = (
    update(_document)
    .where(_THESE, _document.c.estado == bindparam("expected"))
    .values(estado=bindparam("to"), glosa=bindparam("detail"))
    .returning(_document.c.id)
    .cte("moved")
)
_ADVANCE = (
    insert(_event)
    .from_select(
        ["document_id", "estado", "at", "detail"],
        select(
            _MOVED.c.id,
            bindparam("to", type_=String),
            bindparam("at", type_=DateTime(timezone=True)),
            bindparam("detail", type_=String),
        ),
    )
    .returning(_event.c.document_id)
)


@dataclass(frozen=True, slots=True)
class Issued:
    """A document just issued."""

    id: int
    folio: int
    estado: str


def refusals(function: Callable[P, R]) -> Callable[P, R]:
    """Turn what the fiscal core refuses into a refusal people read."""

    @wraps(function)
    def refusing(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except DteError as error:
            raise DocumentRefused(str(error)) from error

    return refusing


def emisor(issuer: Issuer) -> Emisor:
    """Return the issuer as a document shows it.

    A company that still tries Torn out in mode PRUEBA may not have said its address and activity: documents without
    tax validity then carry a placeholder instead of being refused.
    """
    in_test = issuer.ambiente == PRUEBA
    acteco = issuer.acteco if issuer.acteco.isdigit() and int(issuer.acteco) else ("999999" if in_test else "")
    placeholder = "Sin informar" if in_test else None
    return Emisor(
        rut=issuer.rut,
        razon_social=issuer.razon_social,
        giro=issuer.giro,
        actecos=(int(acteco),) if acteco else (),
        direccion=issuer.direccion or placeholder,
        comuna=issuer.comuna or placeholder,
        ciudad=issuer.ciudad,
        telefono=issuer.telefono,
        correo=issuer.email,
    )


def receptor(customer: Customer) -> Receptor:
    """Return the customer as a document shows it."""
    if customer.rut == GENERIC_CUSTOMER:
        return Receptor()
    return Receptor(
        rut=customer.rut,
        razon_social=customer.razon_social,
        giro=customer.giro,
        direccion=customer.direccion,
        comuna=customer.comuna,
        ciudad=customer.ciudad,
        correo=customer.email,
        telefono=customer.telefono,
    )


def issuer_as_receptor(issuer: Issuer) -> Receptor:
    """Return the issuer as the receiver of its own document."""
    own = emisor(issuer)
    return Receptor(
        rut=own.rut,
        razon_social=own.razon_social,
        giro=own.giro,
        direccion=own.direccion,
        comuna=own.comuna,
        ciudad=own.ciudad,
    )


def issue(work: Work, documento: Documento, *, sale_id: int | None, ambiente: str, send: bool = True) -> Issued:
    """Give a document its number, sign it, store it and queue its sending, in this transaction.

    Without `send` it travels in an envelope somebody else makes (certification).

    The number is taken last: from here to the commit other tills of the type wait.

    Raises:
        FolioExhausted, CertificateNeeded: the company cannot issue now.
        DteError: the document breaks a rule of the fiscal core (turned into a refusal by `refusals`).
    """
    return sign_and_store(
        work, documento, folios.take(work, documento.tipo, ambiente), sale_id=sale_id, ambiente=ambiente, send=send
    )


def sign_and_store(
    work: Work, documento: Documento, taken: folios.Taken, *, sale_id: int | None, ambiente: str, send: bool = True
) -> Issued:
    """Sign a document with a number taken for it, store it and, with `send`, queue its sending."""
    signed = issue_dte(
        replace(documento, folio=taken.folio),
        taken.caf,
        taken.caf_key,
        taken.certificado,
        work.now,
    )
    document_id = work.connection.execute(
        _STORE,
        {
            "new_sale_id": sale_id,
            "new_ambiente": ambiente,
            "new_tipo_dte": int(documento.tipo),
            "new_folio": taken.folio,
            "new_fecha_emision": documento.fecha_emision,
            "new_receptor_rut": documento.receptor.rut,
            "new_receptor_nombre": documento.receptor.razon_social or "",
            "new_monto_total": signed.totales.monto_total,
            "new_caf_range_id": taken.caf_range_id,
            "new_certificate_id": taken.certificate_id,
            "new_xml": signed.xml,
            "new_estado": "FIRMADO",
            "new_created_at": work.now,
            **uses.by(work.actor),
        },
    ).scalar_one()
    if send:
        work.enqueue(SEND_JOB, document_id=document_id)
    return Issued(document_id, taken.folio, "FIRMADO")


def advance(
    work: Work, document_ids: Sequence[int], *, expected: str, estado: str, detail: str | None = None
) -> list[int]:
    """Move documents from one state to another and write it down. Returns those that were still in the expected one."""
    values = {"of": list(document_ids), "expected": expected, "to": estado, "at": work.now, "detail": detail}
    return list(work.connection.execute(_ADVANCE, values).scalars())
