"""Customers: what comes in and goes out."""

from datetime import datetime

from pydantic import Field

from torn_app.kernel.fields import MAX_ID, Amount, In, OptionalEmail, OptionalText, Out, Rut, Text


class CustomerOut(Out):
    """A customer. `current_balance` positive: they owe us."""

    id: int
    rut: str
    razon_social: str
    giro: str | None
    direccion: str | None
    comuna: str | None
    ciudad: str | None
    email: str | None
    current_balance: int
    is_active: bool
    created_at: datetime
    updated_at: datetime | None
    limite_credito: int | None
    dias_credito: int | None
    telefono: str | None = None


class CustomerIn(In):
    """A customer to create."""

    rut: Rut
    razon_social: Text = Field(max_length=100)
    giro: OptionalText = Field(default=None, max_length=80)
    direccion: OptionalText = Field(default=None, max_length=70)
    comuna: OptionalText = Field(default=None, max_length=20)
    ciudad: OptionalText = Field(default=None, max_length=20)
    email: OptionalEmail = None
    telefono: OptionalText = Field(default=None, max_length=20)
    limite_credito: Amount | None = None
    dias_credito: int | None = Field(default=None, ge=0, le=365)


class CustomerPatch(In):
    """What changes in a customer; fields not sent stay. `rut` and `razon_social` cannot be emptied."""

    rut: Rut = Field(default="")
    razon_social: Text = Field(default="", max_length=100)
    giro: OptionalText = Field(default=None, max_length=80)
    direccion: OptionalText = Field(default=None, max_length=70)
    comuna: OptionalText = Field(default=None, max_length=20)
    ciudad: OptionalText = Field(default=None, max_length=20)
    email: OptionalEmail = None
    telefono: OptionalText = Field(default=None, max_length=20)
    limite_credito: Amount | None = None
    dias_credito: int | None = Field(default=None, ge=0, le=365)


class AgingOut(Out):
    """A debt by how long it is overdue: not yet, 1 to 30 days, 31 to 60, more."""

    corriente: int
    d30: int
    d60: int
    d90: int


class AccountMovementOut(Out):
    """One change of a customer's balance. `amount` is signed: positive raises the debt."""

    id: int
    fecha: datetime
    tipo: str
    descripcion: str
    amount: int
    balance_after: int
    sale_id: int | None


class AccountOut(Out):
    """A customer's account, movements newest first. `balance` positive: they owe us."""

    rut: str
    balance: int
    limite_credito: int | None
    dias_credito: int | None
    aging: AgingOut
    movements: list[AccountMovementOut]


class DebtPaymentIn(In):
    """Money a customer brings to pay a debt."""

    amount: Amount = Field(gt=0)
    payment_method_id: int = Field(ge=-MAX_ID, le=MAX_ID)
    note: OptionalText = Field(default=None, max_length=200)
