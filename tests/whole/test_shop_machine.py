"""A shop lived through at random: whatever happens in whatever order, the books agree with each other.

The machine keeps a plain model beside Torn (stock, drawers, debts, what is left to return) computed by hand from what
is done, never from Torn's answers except the totals of documents, which other tests compute by hand. After each step:
stock = sum of the kardex = model, each drawer = its parts = model, each debt = its movements = model, the notes of a
sale never exceed it. At the end: no number missing, none twice.

What is done with papers after a sale is in paper_rules.py, the model in shop_model.py.
"""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test
from sqlalchemy import Engine

from tests.whole.paper_rules import PaperRules
from tests.whole.shop_model import (
    DRINK,
    EVERYTHING,
    LIMIT,
    Drawer,
    Note,
    Sold,
    baskets,
    cash_rounded,
    discounts,
    methods,
    people,
)
from torn_app.cash import service as cash
from torn_app.cash.schemas import CashCloseIn, CashMovementIn, CashOpenIn
from torn_app.customers.account import customer_account
from torn_app.customers.errors import DebtExceeded
from torn_app.customers.schemas import DebtPaymentIn
from torn_app.inventory.errors import StockShort
from torn_app.kernel.errors import Conflict, TornError
from torn_app.products import service as products
from torn_app.products.schemas import ProductPatch, StockCountIn
from torn_app.purchases import service as purchases
from torn_app.purchases.errors import GoodsAlreadyLeft, NoteExceedsBought
from torn_app.purchases.provider_notes import create_provider_note
from torn_app.purchases.schemas import ProviderNoteIn
from torn_app.sales.debt_payments import receive_payment
from torn_app.sales.preview import preview_sale
from torn_app.sales.queries import SaleFilter, list_sales
from torn_app.sales.returns import return_sale
from torn_app.sales.schemas import ReturnIn, SaleIn
from torn_app.sales.service import create_sale
from torn_app.sales.shift_report import shift_report


class ShopMachine(PaperRules):
    """Selling, taking back, buying, counting, paying, opening and closing, by anybody in any order."""

    # --- the drawer --------------------------------------------------------------------------------------------------

    @rule(who=people, amount=st.integers(0, 50_000), force=st.booleans())
    def open_shift(self, who: int, amount: int, force: bool) -> None:
        """A second shift of one person is refused, or the first is closed by force with what was in it."""
        data = CashOpenIn(start_amount=amount, force_close_previous=force)
        former = self.model.drawers.get(who)
        if former and not force:
            with pytest.raises(Conflict):
                self.owners[who].run(cash.open_shift, data)
            return
        shift = self.owners[who].run(cash.open_shift, data)
        self.model.drawers[who] = Drawer(shift.id, amount)
        if former:
            rows = {row.id: row for row in self.owners[who].run(cash.list_shifts)}
            closed = rows[former.shift_id]
            assert (closed.status, closed.final_cash_system) == ("CLOSED_SYSTEM", former.expected)
            assert (closed.final_cash_declared, closed.difference) == (0, 0)

    @rule(who=people, wrong_by=st.integers(-500, 500))
    def close_shift(self, who: int, wrong_by: int) -> None:
        """The count is judged against what the model says there is."""
        drawer = self.model.drawers.pop(who, None)
        if drawer is None:
            with pytest.raises(TornError):
                self.owners[who].run(cash.close_shift, CashCloseIn(final_cash_declared=0))
            return
        declared = max(drawer.expected + wrong_by, 0)
        shift = self.owners[who].run(cash.close_shift, CashCloseIn(final_cash_declared=declared))
        assert shift.final_cash_system == drawer.expected
        assert shift.difference == declared - drawer.expected

    @rule(who=people, amount=st.integers(1, 9_000), tipo=st.sampled_from(["INGRESO", "EGRESO"]))
    def move_money(self, who: int, amount: int, tipo: str) -> None:
        """Money in and out needs a drawer."""
        data = CashMovementIn(tipo=tipo, amount=amount, reason="Sencillo")
        with self.refused_without_shift(who, needed=True) as drawer:
            self.owners[who].run(cash.move_money, data)
        if drawer:
            drawer.expected += amount if tipo == "INGRESO" else -amount

    # --- selling and taking back -------------------------------------------------------------------------------------

    @rule(who=people, basket=baskets, tipo=st.sampled_from([33, 39]), by=methods, pct=discounts, extra=st.booleans())
    def sell(
        self, who: int, basket: list[tuple[int, int]], tipo: int, by: str, pct: Decimal | None, extra: bool
    ) -> None:
        """A sale needs a shift, the goods and the credit; then it moves exactly those."""
        if all(self.goods[index] == self.goods[1] for index, _ in basket):
            tipo = 41 if tipo == 39 else 34
        fields: dict[str, Any] = {
            "rut_cliente": self.customer,
            "tipo_dte": tipo,
            "items": [{"product_id": self.goods[index], "cantidad": quantity} for index, quantity in basket],
            "payments": [],
            "descuento_global_pct": pct,
        }
        person = self.owners[who]
        total = person.run(preview_sale, SaleIn.model_validate(fields)).monto_total
        handed = -(-total // 1000) * 1000 if extra and by == "EFECTIVO" else total
        payment = {"payment_method_id": self.methods[by], "amount": handed}
        order = SaleIn.model_validate(fields | {"payments": [payment]})
        wanted = self.quantities(basket)
        short = any(self.model.stock.get(product, Decimal(10**9)) < quantity for product, quantity in wanted.items())
        too_deep = by == "CREDITO_INTERNO" and self.model.owed + total > LIMIT
        if who not in self.model.drawers or short or too_deep:
            with pytest.raises(StockShort if who in self.model.drawers and short else TornError):
                person.run(create_sale, order)
            return
        sale = person.run(create_sale, order)
        assert sale.monto_total == total
        taxes = [tax.monto for tax in sale.impuestos]
        assert sale.monto_neto + sale.iva + sale.monto_exento + sum(taxes) == total
        assert bool(taxes) == (tipo not in (34, 41) and any(index == DRINK for index, _ in basket))
        if by == "EFECTIVO":
            # Whoever hands over the exact amount is not made to round; change is counted out in tens.
            kept = min(handed, cash_rounded(total)) if handed >= cash_rounded(total) else handed
            assert sale.vuelto == handed - kept
            self.model.drawers[who].expected += kept
        if by == "CREDITO_INTERNO":
            self.model.owed += total
        self.take(wanted, -1)
        self.model.sales.append(Sold(sale.id, tipo, sale.folio, total, dict(wanted), wanted))

    @precondition(lambda self: self.model.sales)
    @rule(data=st.data(), who=people, by=methods, all_of_it=st.booleans())
    def give_back(self, data: st.DataObject, who: int, by: str, all_of_it: bool) -> None:
        """No more comes back than went out, no more money than the sale was, once."""
        sold = data.draw(st.sampled_from(self.model.sales))
        if all_of_it:
            taking = {product: quantity for product, quantity in sold.left.items() if quantity}
        else:
            product = data.draw(st.sampled_from(sorted(sold.whole)))
            taking = {product: data.draw(st.integers(1, sold.whole[product]))}
        if not taking:
            return
        order = ReturnIn.model_validate(
            {
                "original_sale_id": sold.sale_id,
                "items": [{"product_id": product, "cantidad": quantity} for product, quantity in taking.items()],
                "reason": "No le gustó",
                "return_method_id": self.methods[by],
            }
        )
        person = self.owners[who]
        drawer = self.model.drawers.get(who)
        too_much = any(quantity > sold.left[product] for product, quantity in taking.items())
        if too_much or (by == "EFECTIVO" and drawer is None):
            with pytest.raises(TornError):
                person.run(return_sale, order)
            return
        try:
            note = person.run(return_sale, order)
        except DebtExceeded:
            # The one thing left to refuse: a debt smaller than what would come off it.
            assert by == "CREDITO_INTERNO"
            assert self.model.owed < sold.total - sold.notes
            return
        sold.notes += note.monto_total
        self.model.notes.append(Note(note.folio, note.monto_total, taking))
        for product, quantity in taking.items():
            sold.left[product] -= quantity
        if by == "EFECTIVO":
            assert drawer is not None
            drawer.expected -= cash_rounded(note.monto_total)
        if by == "CREDITO_INTERNO":
            self.model.owed -= note.monto_total
        self.take(taking, +1)

    @rule(data=st.data(), who=people, basket=baskets, by=methods)
    def have_a_history(self, data: st.DataObject, who: int, basket: list[tuple[int, int]], by: str) -> None:
        """An invoice, a return of it and the end of that return, which chance alone seldom brings together."""
        if who not in self.model.drawers:
            self.open_drawer(who, 5_000)
        self.sell(who, basket, 33, "DEBITO", None, False)
        if self.model.sales:
            self.give_back(data, who, by, False)
        if self.model.notes:
            self.cancel_note(data, who)

    @rule(who=people, basket=baskets, by=methods)
    def deliver_and_bill(self, who: int, basket: list[tuple[int, int]], by: str) -> None:
        """A guide and its invoice, the same."""
        self.send_with_guide(who, basket)
        if self.model.guides:
            self.bill(who, 2, by)

    @rule(who=people, amount=st.integers(1, 30_000), by=st.sampled_from(["EFECTIVO", "TRANSFERENCIA"]))
    def pay_debt(self, who: int, amount: int, by: str) -> None:
        """No more is paid than is owed, and cash goes into a drawer."""
        data = DebtPaymentIn(amount=amount, payment_method_id=self.methods[by])
        if amount > self.model.owed:
            with pytest.raises(TornError):
                self.owners[who].run(receive_payment, self.customer, data)
            return
        with self.refused_without_shift(who, needed=by == "EFECTIVO") as drawer:
            self.owners[who].run(receive_payment, self.customer, data)
        if drawer or by != "EFECTIVO":
            self.model.owed -= amount
        if drawer and by == "EFECTIVO":
            drawer.expected += amount

    # --- goods -------------------------------------------------------------------------------------------------------

    @rule(index=st.integers(0, 1), quantity=st.integers(1, 12), cost=st.integers(1, 900))
    def buy(self, index: int, quantity: int, cost: int) -> None:
        """What is bought comes in."""
        purchase = self.owners[0].run(purchases.create_purchase, self.purchase(index, quantity, cost))
        self.model.bought[purchase.id] = (self.goods[index], quantity)
        self.model.stock[self.goods[index]] += quantity

    @precondition(lambda self: self.model.bought)
    @rule(data=st.data(), quantity=st.integers(1, 12), cost=st.integers(1, 900))
    def correct_purchase(self, data: st.DataObject, quantity: int, cost: int) -> None:
        """A correction moves the difference, unless the goods are gone."""
        purchase_id = data.draw(st.sampled_from(sorted(self.model.bought)))
        product, before = self.model.bought[purchase_id]
        changed = self.purchase(self.goods.index(product), quantity, cost)
        if purchase_id in self.model.sent_back or self.model.stock[product] - before + quantity < 0:
            with pytest.raises(Conflict):
                self.owners[0].run(purchases.update_purchase, purchase_id, changed)
            return
        self.owners[0].run(purchases.update_purchase, purchase_id, changed)
        self.model.bought[purchase_id] = (product, quantity)
        self.model.stock[product] += quantity - before

    @precondition(lambda self: self.model.bought)
    @rule(data=st.data())
    def cancel_purchase(self, data: st.DataObject) -> None:
        """What it brought goes out again, unless it is gone."""
        purchase_id = data.draw(st.sampled_from(sorted(self.model.bought)))
        product, quantity = self.model.bought[purchase_id]
        if purchase_id in self.model.sent_back or self.model.stock[product] < quantity:
            with pytest.raises(Conflict):
                self.owners[0].run(purchases.delete_purchase, purchase_id)
            return
        self.owners[0].run(purchases.delete_purchase, purchase_id)
        del self.model.bought[purchase_id]
        self.model.stock[product] -= quantity

    @precondition(lambda self: self.model.bought)
    @rule(data=st.data(), quantity=st.integers(1, 8))
    def send_back(self, data: st.DataObject, quantity: int) -> None:
        """With a credit note of the provider, no more than came and is still there; then the purchase is fixed."""
        purchase_id = data.draw(st.sampled_from(sorted(self.model.bought)))
        product, came = self.model.bought[purchase_id]
        note = ProviderNoteIn.model_validate({"items": [{"product_id": product, "cantidad": quantity}]})
        already = self.model.sent_back.get(purchase_id, 0)
        if quantity > came - already or quantity > self.model.stock[product]:
            with pytest.raises(NoteExceedsBought if quantity > came - already else GoodsAlreadyLeft):
                self.owners[0].run(create_provider_note, purchase_id, note)
            return
        self.owners[0].run(create_provider_note, purchase_id, note)
        self.model.sent_back[purchase_id] = already + quantity
        self.model.stock[product] -= quantity

    @rule(index=st.integers(0, 1), counted=st.integers(0, 30), as_field=st.booleans())
    def count_shelf(self, index: int, counted: int, as_field: bool) -> None:
        """The shelf is what was counted, or what the product is said to have."""
        product = self.goods[index]
        if as_field:
            self.owners[0].run(products.update_product, product, ProductPatch(stock_actual=Decimal(counted)))
        else:
            data = StockCountIn(cantidad_contada=Decimal(counted), motivo="CONTEO")
            self.owners[0].run(products.adjust_stock, product, data)
        self.model.stock[self.goods[index]] = Decimal(counted)

    # --- what must always hold ---------------------------------------------------------------------------------------

    @invariant()
    def stock_is_the_sum_of_its_movements(self) -> None:
        """Also on the way: no running balance is wrong or below zero."""
        shelves = {row.id: row.stock_actual for row in self.owners[0].run(products.list_stock, EVERYTHING).rows}
        for product, expected in self.model.stock.items():
            balance = Decimal(0)
            for row in reversed(self.owners[0].run(products.list_movements, product, EVERYTHING).rows):
                balance += row.cantidad if row.tipo == "ENTRADA" else -row.cantidad
                assert balance == row.balance_after
                assert balance >= 0
            assert balance == shelves[product] == expected

    @invariant()
    def drawers_are_their_parts(self) -> None:
        """The X report of each open shift."""
        for who, drawer in self.model.drawers.items():
            x = self.owners[who].run(shift_report, drawer.shift_id)
            parts = x.start_amount + x.cash_sales - x.change - x.cash_refunds + x.debt_payments + x.money_in
            assert parts - x.money_out == x.expected == drawer.expected

    @invariant()
    def debts_are_their_movements(self) -> None:
        """And its ages add up to it."""
        account = self.owners[0].run(customer_account, self.customer, EVERYTHING)
        assert account.balance == sum(row.amount for row in account.movements) == self.model.owed
        ages = account.aging
        assert ages.corriente + ages.d30 + ages.d60 + ages.d90 == account.balance
        assert 0 <= account.balance <= LIMIT + self.model.charged

    @invariant()
    def notes_never_exceed_their_sale(self) -> None:
        """And come to it exactly when everything is back."""
        for sold in self.model.sales:
            assert 0 <= sold.notes <= sold.total
            if not any(sold.left.values()):
                assert sold.notes == sold.total

    def teardown(self) -> None:
        """No number missing, none twice."""
        if not hasattr(self, "owners"):
            return
        numbers: dict[int, list[int]] = {}
        for sale in self.owners[0].run(list_sales, SaleFilter(limit=200)):
            numbers.setdefault(sale.tipo_dte, []).append(sale.folio)
        for folios in numbers.values():
            assert sorted(folios) == list(range(1, len(folios) + 1))


def test_the_books_agree_whatever_happens(engine: Engine) -> None:
    machine = type("Machine", (ShopMachine,), {"engine": engine})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=20,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
