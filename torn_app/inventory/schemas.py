"""Stock: what comes in and goes out."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from torn_app.kernel.fields import Number, Out

Motivo = Literal["VENTA", "COMPRA", "AJUSTE", "INICIAL", "DEVOLUCION"]


class MovementOut(Out):
    """One entry of the kardex. `cantidad` is absolute; `tipo` (ENTRADA or SALIDA) gives the direction."""

    id: int
    product_id: int
    tipo: str
    motivo: str
    cantidad: Number
    balance_after: Number
    description: str | None
    sale_id: int | None
    purchase_id: int | None
    user: str | None = Field(description="Nombre de quien lo hizo")
    created_at: datetime
