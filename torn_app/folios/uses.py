"""What the private keys of a company were used for: one row for each use, in the transaction of the use.

Insert-only: who could change a row could hide what was signed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import CTE, bindparam, func, insert, literal, select

from torn_app.folios.models import KeyUse
from torn_app.folios.schemas import KeyUseOut
from torn_app.infra.tenancy import TenantSession
from torn_app.infra.work import Actor, Work, use_case
from torn_app.kernel.paging import Listing, Page
from torn_app.kernel.permissions import Permission

_use = KeyUse.__table__  # type: ignore[attr-defined]


class Purpose(StrEnum):
    """What a key was used for."""

    FIRMA_DOCUMENTO = "FIRMA_DOCUMENTO"
    """A document was stamped with the range's key and signed with the certificate's."""
    FIRMA_ENVIO = "FIRMA_ENVIO"
    """An envelope, or another file for the tax service, was signed."""
    CARGA = "CARGA"
    """The key was loaded, or made by Torn for mode PRUEBA."""
    ROTACION = "ROTACION"
    """The key was encrypted again, under a new TORN_SECRET_KEY."""


@dataclass(frozen=True, slots=True)
class Who:
    """Whoever used a key."""

    account_id: int | None
    user: str

    @classmethod
    def of(cls, actor: Actor) -> "Who":
        """Return the person that acts, or TORN in a job."""
        return cls(actor.account_id, actor.email) if actor.account_id else TORN


TORN = Who(None, "Torn")
"""Torn by itself."""


def of_document(stored: CTE) -> CTE:
    """Return the part of a statement that writes down the signing of the document another part of it stores.

    `stored` returns id, caf_range_id, certificate_id and created_at. The statement needs the values of `by` too.
    """
    columns = {
        "at": stored.c.created_at,
        "proposito": literal(Purpose.FIRMA_DOCUMENTO.value),
        "certificate_id": stored.c.certificate_id,
        "caf_range_id": stored.c.caf_range_id,
        "document_id": stored.c.id,
        "account_id": bindparam("by_account_id", type_=_use.c.account_id.type),
        "user": bindparam("by_user", type_=_use.c.user.type),
    }
    return insert(_use).from_select(list(columns), select(*columns.values())).cte("used")


def by(actor: Actor) -> Mapping[str, object]:
    """Return who acts, for a statement with `of_document` in it."""
    who = Who.of(actor)
    return {"by_account_id": who.account_id, "by_user": who.user}


def record(
    session: TenantSession,
    at: datetime,
    purpose: Purpose,
    who: Who,
    *,
    certificate_id: int | None = None,
    caf_range_id: int | None = None,
    document_id: int | None = None,
) -> None:
    """Write a use of a key down."""
    values = {
        "at": at,
        "proposito": purpose.value,
        "certificate_id": certificate_id,
        "caf_range_id": caf_range_id,
        "document_id": document_id,
        "account_id": who.account_id,
        "user": who.user,
    }
    session.connection().execute(insert(_use).values(values))


@use_case(Permission.ADMIN)
def list_key_uses(work: Work, page: Page) -> Listing[KeyUseOut]:
    """Return what the keys of the company were used for, newest first, whatever the mode."""
    query = select(_use).order_by(_use.c.id.desc())
    if page.after is not None:
        query = query.where(_use.c.id < page.after)
    rows = work.connection.execute(query.offset(page.skip).limit(page.limit))
    listed = [KeyUseOut.model_validate(row) for row in rows]
    if not page.count:
        return Listing(listed)
    return Listing(listed, work.connection.execute(select(func.count()).select_from(_use)).scalar_one())
