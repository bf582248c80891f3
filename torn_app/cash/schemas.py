"""Till shifts: what comes in and goes out."""

from datetime import datetime

from pydantic import Field

from torn_app.kernel.fields import Amount, In, Out
from torn_app.users.schemas import UserOut


class CashOpenIn(In):
    """Open a shift for the caller. `user_id` is accepted and ignored."""

    start_amount: Amount
    user_id: int | None = None
    force_close_previous: bool = False


class CashCloseIn(In):
    """What was counted, blind; `count` says how many of each coin and note."""

    final_cash_declared: Amount
    count: dict[str, int] | None = Field(default=None, max_length=20)


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
