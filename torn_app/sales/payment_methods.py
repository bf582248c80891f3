"""The ways to pay."""

from sqlmodel import col, select

from torn_app.infra.tenancy import TenantSession
from torn_app.infra.work import Work, use_case
from torn_app.kernel.permissions import Permission
from torn_app.sales.models import PaymentMethod
from torn_app.sales.schemas import PaymentMethodOut

EFECTIVO, CREDITO_INTERNO = "EFECTIVO", "CREDITO_INTERNO"

_DEFAULTS = {
    EFECTIVO: "Efectivo",
    "DEBITO": "Tarjeta de débito",
    "CREDITO": "Tarjeta de crédito",
    "TRANSFERENCIA": "Transferencia",
    CREDITO_INTERNO: "Fiado",
}


def seed(session: TenantSession) -> None:
    """Create the payment methods each company starts with."""
    session.add_all(PaymentMethod(code=code, name=name) for code, name in _DEFAULTS.items())
    session.flush()


@use_case(Permission.MEMBER)
def list_payment_methods(work: Work) -> list[PaymentMethodOut]:
    """Return the active methods."""
    statement = select(PaymentMethod).where(col(PaymentMethod.is_active)).order_by(col(PaymentMethod.id))
    return [PaymentMethodOut.model_validate(row) for row in work.session.exec(statement)]
