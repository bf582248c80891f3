"""Till shifts: what comes in and goes out."""

from datetime import datetime
from typing import Literal

from pydantic import Field, model_validator

from torn_app.cash.rules import check_pieces
from torn_app.kernel.fields import Amount, In, Out, Text
from torn_app.users.schemas import UserOut


class CashOpenIn(In):
    """Open a shift for the caller. `user_id` is accepted and ignored."""

    start_amount: Amount
    user_id: int | None = None
    force_close_previous: bool = False


class CashCloseIn(In):
    """What was counted, blind; `count` says how many of each coin and note: `{"20000": 2, "500": 3}`."""

    final_cash_declared: Amount
    count: dict[str, int] | None = Field(default=None, max_length=20, examples=[{"20000": 2, "500": 3}])

    @model_validator(mode="after")
    def _pieces_make_the_amount(self) -> "CashCloseIn":
        if self.count is not None:
            check_pieces(self.count, self.final_cash_declared)
        return self


class CashSessionOut(Out):
    """A shift. `final_cash_system` stays 0 while it is open."""

    id: int
    user_id: int
    start_time: datetime
    end_time: datetime | None
    start_amount: int
    final_cash_system: int
    final_cash_declared: int
    difference: int
    status: str


class CashSessionWithUserOut(CashSessionOut):
    """A shift and whose it is."""

    user: UserOut


class CashMovementIn(In):
    """Money put into the drawer (INGRESO) or taken out of it (EGRESO) that is no sale."""

    tipo: Literal["INGRESO", "EGRESO"]
    amount: Amount = Field(gt=0)
    reason: Text = Field(max_length=200)


class CashMovementOut(Out):
    """Money in or out of the drawer; `amount` is positive in both."""

    id: int
    cash_session_id: int
    tipo: str
    amount: int
    reason: str
    created_at: datetime


class ShiftByMethod(Out):
    """What came and went by one method: total = sales - refunds + debt_payments. Cash sales are less change."""

    code: str
    name: str
    sales: int
    refunds: int
    debt_payments: int
    total: int


class ShiftByDocument(Out):
    """The documents of one type issued in a shift. Credit notes are a row of their own, not subtracted."""

    tipo_dte: int
    nombre: str
    count: int
    total: int


class ShiftReportOut(Out):
    """Report of a shift. All amounts positive: expected = start_amount + cash_sales - change - cash_refunds +
    debt_payments + money_in - money_out. `declared` and `difference` are empty when nobody counted."""

    session: CashSessionWithUserOut
    kind: Literal["X", "Z"]
    start_amount: int
    cash_sales: int
    change: int
    cash_refunds: int
    debt_payments: int
    money_in: int
    money_out: int
    expected: int
    declared: int | None
    difference: int | None
    count: dict[str, int] | None
    """How many of each note and coin were counted, when the count said so."""
    by_method: list[ShiftByMethod]
    by_document: list[ShiftByDocument]
