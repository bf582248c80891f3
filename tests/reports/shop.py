"""A small shop whose sales happen at moments of one's choice, and what they must come to, by hand."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import Engine, update
from sqlmodel import col

from tests.factories import Member, create_company, create_member, create_product, new_rut
from torn_app.cash.schemas import CashOpenIn
from torn_app.cash.service import open_shift
from torn_app.company.schemas import TaxIn
from torn_app.company.service import create_tax
from torn_app.customers.schemas import CustomerIn
from torn_app.customers.service import create_customer
from torn_app.documents.models import Document
from torn_app.infra.work import Work
from torn_app.kernel.clock import SANTIAGO
from torn_app.reports import rollup
from torn_app.sales.models import Sale, SaleLine
from torn_app.sales.payment_methods import list_payment_methods
from torn_app.sales.schemas import SaleIn, SaleOut
from torn_app.sales.service import create_sale

BORN = datetime(2026, 3, 1, 12, tzinfo=UTC)
FLOAT = 20_000


def chile(day: date | str, hour: int = 12, minute: int = 0, second: int = 0, *, fold: int = 0) -> datetime:
    """Return a moment of Chilean wall time. `fold=1`: the second time an hour comes, when the clocks go back."""
    day = date.fromisoformat(day) if isinstance(day, str) else day
    return datetime(day.year, day.month, day.day, hour, minute, second, fold=fold, tzinfo=SANTIAGO).astimezone(UTC)


@dataclass(frozen=True)
class Store:
    """A shop with three products: bread 1.000 (cost 600), nails 1.350 (cost 1.000) and a book 500 exempt (cost 200)."""

    owner: Member
    bread: int
    nails: int
    book: int
    methods: Mapping[str, int]
    customer: str

    @classmethod
    def open(cls, engine: Engine) -> "Store":
        """Make a shop that existed before its first sale, with an open shift of its owner."""
        owner = create_member(engine, create_company(engine, born=BORN))
        owner.run_at(BORN, open_shift, CashOpenIn(start_amount=FLOAT))
        exempt = owner.run(create_tax, TaxIn(name="Exento", rate=Decimal(0))).id
        customer = CustomerIn(
            rut=new_rut(), razon_social="Obras Ltda.", giro="Obras", direccion="Uno 1", comuna="Chillán"
        )
        return cls(
            owner,
            create_product(owner, nombre="Pan", precio_neto="1000", costo_unitario=Decimal(600)).id,
            create_product(owner, nombre="Clavos", precio_neto="1350", costo_unitario=Decimal(1000)).id,
            create_product(owner, nombre="Libro", precio_neto="500", costo_unitario=Decimal(200), tax_id=exempt).id,
            {method.code: method.id for method in owner.run(list_payment_methods)},
            owner.run(create_customer, customer).rut,
        )

    def sell(
        self, moment: datetime, *items: tuple[int, int], tipo: int = 39, pay: int, by: str = "EFECTIVO", **more: Any
    ) -> SaleOut:
        """Sell (product, quantity) pairs at a moment, paid in one way."""
        body = {
            "rut_cliente": self.customer if tipo in (33, 34) else "66666666-6",
            "tipo_dte": tipo,
            "items": [{"product_id": product, "cantidad": quantity} for product, quantity in items],
            "payments": [{"payment_method_id": self.methods[by], "amount": pay}],
        }
        return self.owner.run_at(moment, create_sale, SaleIn.model_validate(body | more))

    def correct(
        self, moment: datetime, sale: SaleOut, product: int, *, tipo: int = 61, neto: int, quantity: int = 1, cost: int
    ) -> None:
        """Write a note about a sale at a moment: `neto` net pesos with their VAT, in one line."""
        iva = round(neto * 0.19)

        def write(work: Work) -> None:
            row = Sale(
                ambiente="PRUEBA",
                tipo_dte=tipo,
                fecha_emision=work.now,
                customer_id=sale.customer.id,
                staff_id=work.actor.staff_id,
                monto_neto=neto,
                iva=iva,
                monto_total=neto + iva,
                related_sale_id=sale.id,
                created_at=work.now,
            )
            work.session.add(row)
            work.session.flush()
            work.session.add(
                SaleLine(
                    sale_id=row.id,
                    position=1,
                    product_id=product,
                    nombre="Nota",
                    cantidad=Decimal(quantity),
                    precio_unitario=Decimal(neto) / quantity,
                    costo_unitario=Decimal(cost),
                    monto=neto,
                )
            )

        self.owner.run_at(moment, write)

    def reject(self, sale: SaleOut) -> None:
        """Let the tax service reject the document of a sale."""
        self._set(sale, estado="RECHAZADO")

    def move_to_other_ambiente(self, sale: SaleOut) -> None:
        """Make a sale one of another mode of the company."""

        def write(work: Work) -> None:
            work.session.execute(update(Sale).where(col(Sale.id) == sale.id).values(ambiente="CERTIFICACION"))

        self.owner.run(write)
        self._set(sale, ambiente="CERTIFICACION")

    def sum_days(self, moment: datetime, at_most: int = rollup.BATCH) -> int:
        """Let the job sum all days that are over at a moment, and return in how many transactions."""
        for times in count(1):
            if not self.owner.run_at(moment, rollup.sum_closed_days, at_most):
                return times
        raise AssertionError

    def _set(self, sale: SaleOut, **values: str) -> None:
        def write(work: Work) -> None:
            work.session.execute(update(Document).where(col(Document.sale_id) == sale.id).values(**values))

        self.owner.run(write)
