"""Price lists: what comes in and goes out. Prices are net."""

from typing import Literal

from pydantic import Field

from torn_app.kernel.fields import Id, In, Number, OptionalText, Out, Price, Text


class PriceListRead(Out):
    """A list without its prices."""

    name: str
    description: str | None
    id: int


class PriceItemOut(Out):
    """The price of one product in a list."""

    product_id: int
    fixed_price: Number


class PriceListDetail(PriceListRead):
    """A list with its prices."""

    items: list[PriceItemOut]


class PriceListIn(In):
    """A list to create; it starts empty."""

    name: Text = Field(max_length=100)
    description: OptionalText = None


class PriceListPatch(In):
    """What changes in a list; fields not sent stay, and so does the name when sent empty."""

    name: OptionalText = Field(default=None, max_length=100)
    description: OptionalText = None


class PriceItemIn(In):
    """The price a product shall have."""

    product_id: Id
    fixed_price: Price


class PriceItemsIn(In):
    """All prices of a list; what is not named is no longer in it."""

    items: list[PriceItemIn] = Field(max_length=20_000)


class PriceListCustomersIn(In):
    """All customers of a list; who is not named is no longer in it."""

    customer_ids: list[Id] = Field(max_length=20_000)


class Assigned(Out):
    """What was done, in words."""

    detail: str


class ResolvedPriceResponse(Out):
    """The price of a product for a customer, and where it comes from."""

    product_id: int
    customer_id: int | None
    price_list_id: int | None
    resolved_price: Number
    source: Literal["price_list", "base_price"]
