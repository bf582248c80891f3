"""Use cases of the till's screen: what it needs to begin, and a sale that a second press does not repeat."""

from torn_app.cash import service as cash
from torn_app.cash.errors import NoOpenShift, SellerWithoutShift
from torn_app.dte.tipos import TipoDte
from torn_app.infra.work import Work, use_case
from torn_app.integrations.service import Answer, KeyReused, answer_once
from torn_app.kernel.permissions import Permission
from torn_app.products import service as products
from torn_app.sales import cart as carts
from torn_app.sales import payment_methods, service
from torn_app.sales.errors import AlreadySold, DrawerClosed
from torn_app.sales.identification import boleta_limit
from torn_app.sales.schemas import SaleIn, SoldOut, TillOut

_ROUTE = "till"


@use_case(Permission.SELL)
def open_till(work: Work, kept: str) -> TillOut:
    """Return how the till stands for the caller, with the ticket their browser kept.

    Products that are not sold any more leave the ticket; `dropped` says how many.
    """
    owner = f"{work.actor.tenant_id}:{work.actor.account_id}"
    cart = carts.read_cart(kept, owner)
    found = products.load_for_sale(work, {line.product_id for line in cart.lines}) if cart.lines else {}
    known = frozenset(key for key, product in found.items() if product.is_active and not product.is_deleted)
    clean = carts.keep_products(cart, known)
    try:
        cash.current_shift(work)
        has_shift = True
    except NoOpenShift:
        has_shift = False
    return TillOut(
        owner=owner,
        has_shift=has_shift,
        methods=payment_methods.list_payment_methods(work),
        cart=carts.write_cart(clean),
        dropped=len(cart.lines) - len(clean.lines),
        boleta_limit=boleta_limit(TipoDte.BOLETA, work.today),
    )


@use_case(Permission.SELL)
def sell_once(work: Work, key: str, data: SaleIn) -> SoldOut:
    """Make a sale at most once for a key: a second press, or a press after a lost answer, gets the same sale.

    Raises:
        AlreadySold: the key made a sale that was not this one.
        DrawerClosed: the shift was closed in the meantime.
        What `service.create_sale` raises; the key is free again then.
    """

    def sell() -> Answer:
        sale = service.create_sale(work, data)
        sold = SoldOut.model_validate(sale.model_dump(include=set(SoldOut.model_fields)))
        return Answer(201, sold.model_dump_json().encode(), sale_id=sale.id)

    try:
        answer = answer_once(work, _ROUTE, key, data.model_dump_json().encode(), sell)
    except KeyReused:
        raise AlreadySold() from None
    except SellerWithoutShift:
        raise DrawerClosed() from None
    return SoldOut.model_validate_json(answer.body)
