"""Customers and what they owe."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field

from torn_app.infra import columns
from torn_app.infra.search import grams_index
from torn_app.infra.tenancy import TenantTable


class Customer(TenantTable, table=True):
    """Who buys. `current_balance` is the sum of the customer's movements: positive, they owe us."""

    __tablename__ = "customer"
    __table_args__ = (grams_index("customer"), Index(None, "razon_social", "id"))

    id: int | None = columns.key()
    rut: str = Field(unique=True)
    razon_social: str
    giro: str | None = None
    direccion: str | None = None
    comuna: str | None = None
    ciudad: str | None = None
    email: str | None = None
    telefono: str | None = None
    search_text: str
    """Folded name and compact RUT: what a search looks at."""
    price_list_id: int | None = columns.ref("tenant.price_list.id", nullable=True, index=True, ondelete="SET NULL")
    limite_credito: int | None = columns.pesos(default=None, nullable=True)
    dias_credito: int | None = None
    """Days to pay a credit sale. None: no credit."""
    current_balance: int = columns.pesos(default=0)
    is_active: bool = True
    created_at: datetime = columns.moment()
    updated_at: datetime | None = columns.moment(default=None, nullable=True)


class CustomerMovement(TenantTable, table=True):
    """One change of a customer's balance, with the balance it left."""

    __tablename__ = "customer_movement"
    __table_args__ = (
        Index(None, "customer_id", "id"),
        CheckConstraint("tipo IN ('VENTA', 'PAGO', 'DEVOLUCION', 'AJUSTE')", name="tipo"),
    )

    id: int | None = columns.key()
    customer_id: int = columns.ref("tenant.customer.id")
    tipo: str
    amount: int = columns.pesos()
    """Signed: positive raises the debt."""
    balance_after: int = columns.pesos()
    description: str
    sale_id: int | None = columns.ref(nullable=True)
    due_date: date | None = None
    payment_method_id: int | None = columns.ref(nullable=True)
    """How a payment was made (PAGO)."""
    cash_session_id: int | None = columns.ref(nullable=True, index=True)
    """The shift a payment was received in."""
    ambiente: str = "PRUEBA"
    """The company's mode at that moment: what is tried out is nobody's debt afterwards."""
    created_at: datetime = columns.moment()
