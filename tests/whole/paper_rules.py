"""What is done with papers after a sale, or before it: guides and their invoice, debit notes, corrections of text."""

from decimal import Decimal

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.whole.shop_model import (
    DRINK,
    DRINK_PRICE,
    LIMIT,
    Guide,
    Note,
    ShopBase,
    Sold,
    baskets,
    cash_rounded,
    methods,
    people,
)
from torn_app.inventory.errors import StockShort
from torn_app.kernel.clock import now, santiago_date
from torn_app.kernel.errors import TornError
from torn_app.sales.corrections import correct_text
from torn_app.sales.errors import CorrectionNeedsInvoice, GuideBilled, NoteCancelled
from torn_app.sales.guide_invoices import bill_guides
from torn_app.sales.schemas import CorrectionIn, GuidesBillIn, SaleIn
from torn_app.sales.service import create_sale

INVOICES = (33, 34)


def vat(net: int) -> int:
    """19 % in whole pesos, a half up."""
    return (net * 19 + 50) // 100


def tax(net: int) -> int:
    """The 10 % of soft drinks, the same."""
    return (net * 10 + 50) // 100


class PaperRules(ShopBase):
    """The model's side of each paper is computed by hand."""

    @rule(who=people, basket=baskets)
    def send_with_guide(self, who: int, basket: list[tuple[int, int]]) -> None:
        """A guide takes the goods, no money, and asks for no shift."""
        wanted = self.quantities(basket)
        order = SaleIn.model_validate(
            {
                "rut_cliente": self.customer,
                "tipo_dte": 52,
                "items": [{"product_id": self.goods[index], "cantidad": quantity} for index, quantity in basket],
                "payments": [],
            }
        )
        if any(self.model.stock.get(product, Decimal(10**9)) < quantity for product, quantity in wanted.items()):
            with pytest.raises(StockShort):
                self.owners[who].run(create_sale, order)
            return
        guide = self.owners[who].run(create_sale, order)
        self.take(wanted, -1)
        drinks = wanted.get(self.goods[DRINK], 0) * DRINK_PRICE
        self.model.guides.append(Guide(guide.id, guide.monto_neto, guide.monto_exento, drinks, wanted))

    @precondition(lambda self: self.model.guides)
    @rule(who=people, count=st.integers(1, 3), by=methods)
    def bill(self, who: int, count: int, by: str) -> None:
        """Guides are invoiced together, once, and nothing leaves the shelf again."""
        guides = self.model.guides[:count]
        net, exempt = sum(guide.neto for guide in guides), sum(guide.exento for guide in guides)
        total = net + vat(net) + exempt + tax(sum(guide.drinks for guide in guides))
        tipo = 33 if net else 34
        body = {
            "guide_ids": [guide.sale_id for guide in guides],
            "tipo_dte": tipo,
            "payments": [{"payment_method_id": self.methods[by], "amount": total}],
        }
        data, person = GuidesBillIn.model_validate(body), self.owners[who]
        drawer = self.model.drawers.get(who)
        if drawer is None or (by == "CREDITO_INTERNO" and self.model.owed + total > LIMIT):
            with pytest.raises(TornError):
                person.run(bill_guides, data)
            return
        invoice = person.run(bill_guides, data)
        assert (invoice.monto_neto, invoice.iva, invoice.monto_total) == (net, vat(net), total)
        self.receive(who, by, total)
        del self.model.guides[:count]
        goods: dict[int, int] = {}
        for guide in guides:
            for product, quantity in guide.goods.items():
                goods[product] = goods.get(product, 0) + quantity
        self.model.sales.append(Sold(invoice.id, tipo, invoice.folio, total, dict(goods), goods))
        with pytest.raises(GuideBilled):
            person.run(bill_guides, data)

    @precondition(lambda self: any(sold.tipo in INVOICES for sold in self.model.sales))
    @rule(data=st.data(), who=people, price=st.integers(1, 500), quantity=st.integers(1, 3))
    def charge_more(self, data: st.DataObject, who: int, price: int, quantity: int) -> None:
        """A debit note adds to the debt and moves nothing."""
        sold = data.draw(st.sampled_from([sold for sold in self.model.sales if sold.tipo in INVOICES]))
        product = data.draw(st.sampled_from(sorted(sold.whole)))
        exempt = sold.tipo == 34 or product == self.goods[1]
        net = price * quantity
        total = net if exempt else net + vat(net) + (tax(net) if product == self.goods[DRINK] else 0)
        line = {"product_id": product, "cantidad": quantity, "precio_neto": price}
        note = self.owners[who].run(create_sale, self.debit_note(sold.tipo, sold.folio, 3, [line]))
        assert note.monto_total == total
        self.model.owed += total
        self.model.charged += total

    @precondition(lambda self: self.model.notes)
    @rule(data=st.data(), who=people)
    def cancel_note(self, data: st.DataObject, who: int) -> None:
        """A debit note cancels a credit note whole and once; what came back stays."""
        credit: Note = data.draw(st.sampled_from(self.model.notes))
        lines = [{"product_id": product, "cantidad": quantity} for product, quantity in credit.brought.items()]
        order = self.debit_note(61, credit.folio, 1, lines)
        if credit.cancelled:
            with pytest.raises(NoteCancelled):
                self.owners[who].run(create_sale, order)
            return
        assert self.owners[who].run(create_sale, order).monto_total == credit.total
        credit.cancelled = True
        self.model.owed += credit.total
        self.model.charged += credit.total

    @precondition(lambda self: self.model.sales)
    @rule(data=st.data(), who=people)
    def correct(self, data: st.DataObject, who: int) -> None:
        """A correction of a text is a note of nothing."""
        sold = data.draw(st.sampled_from(self.model.sales))
        text = CorrectionIn(donde_dice="Calle 1", debe_decir="Calle 2")
        if sold.tipo not in INVOICES:
            with pytest.raises(CorrectionNeedsInvoice):
                self.owners[who].run(correct_text, sold.sale_id, text)
            return
        assert self.owners[who].run(correct_text, sold.sale_id, text).monto_total == 0

    # --- helpers -----------------------------------------------------------------------------------------------------

    def receive(self, who: int, by: str, total: int) -> None:
        """Money handed over to the peso: into the drawer, on the account, or neither."""
        if by == "EFECTIVO":
            self.model.drawers[who].expected += min(total, cash_rounded(total))
        if by == "CREDITO_INTERNO":
            self.model.owed += total

    def debit_note(self, tipo: int, folio: int, code: int, lines: list[dict]) -> SaleIn:
        """A debit note about a document."""
        reference = {"tipo_documento": str(tipo), "folio": str(folio), "sii_reason_code": code}
        return SaleIn.model_validate(
            {
                "rut_cliente": self.customer,
                "tipo_dte": 56,
                "items": lines,
                "payments": [],
                "referencias": [reference | {"fecha": santiago_date(now())}],
            }
        )
