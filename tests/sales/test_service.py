"""The sale: what it freezes, what it refuses and in which order, what it leaves behind."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.factories import Company, Member, create_company, create_member, create_product, new_rut
from torn_app.cash.errors import SellerWithoutShift
from torn_app.cash.schemas import CashOpenIn
from torn_app.cash.service import open_shift
from torn_app.customers.errors import CreditLimitExceeded, CreditNotAllowed, CustomerNotFound
from torn_app.customers.schemas import CustomerIn, CustomerOut
from torn_app.customers.service import create_customer
from torn_app.documents.errors import DocumentRefused
from torn_app.infra.work import Work
from torn_app.inventory.errors import StockShort
from torn_app.kernel import clock
from torn_app.kernel.permissions import VENDEDOR
from torn_app.sales import errors
from torn_app.sales.payment_methods import list_payment_methods
from torn_app.sales.preview import preview_sale
from torn_app.sales.queries import SaleFilter, get_sale, list_sales
from torn_app.sales.schemas import SaleIn, SaleOut
from torn_app.sales.service import create_sale


@pytest.fixture(scope="module")
def company(engine: Engine) -> Company:
    return create_company(engine)


@pytest.fixture(scope="module")
def owner(engine: Engine, company: Company) -> Member:
    person = create_member(engine, company)
    person.run(open_shift, CashOpenIn(start_amount=0))
    return person


@pytest.fixture(scope="module")
def cashier(engine: Engine, company: Company) -> Member:
    person = create_member(engine, company, role=VENDEDOR)
    person.run(open_shift, CashOpenIn(start_amount=0))
    return person


@pytest.fixture(scope="module")
def methods(owner: Member) -> Mapping[str, int]:
    return {method.code: method.id for method in owner.run(list_payment_methods)}


def sale(items: list[dict[str, Any]], payments: list[tuple[int, object]], **fields: Any) -> SaleIn:
    return SaleIn.model_validate(
        {
            "rut_cliente": "66666666-6",
            "tipo_dte": 39,
            "items": items,
            "payments": [{"payment_method_id": method, "amount": amount} for method, amount in payments],
        }
        | fields
    )


def line(product_id: int, cantidad: object = 1, **fields: Any) -> dict[str, Any]:
    return {"product_id": product_id, "cantidad": cantidad} | fields


def customer(owner: Member, **fields: Any) -> CustomerOut:
    data = {
        "rut": new_rut(),
        "razon_social": "Constructora Ñuble Ltda.",
        "giro": "Construcción",
        "direccion": "Los Aromos 12",
        "comuna": "Chillán",
    } | fields
    return owner.run(create_customer, CustomerIn.model_validate(data))


@pytest.mark.parametrize(
    ("tipo", "price", "quantity", "neto", "iva", "total"),
    [
        (39, "13", 100, 1300, 247, 1547),  # 15,47 x 100, not 15 x 100
        (39, "831.932773", 3, 2496, 474, 2970),  # 3 x $990
        (33, "1350", 1, 1350, 257, 1607),  # 256,5 goes up
        (33, "3490", 168, 586320, 111401, 697721),
        (41, "1000", 2, 0, 0, 2000),
        (34, "1000", 2, 0, 0, 2000),
    ],
)
def test_amounts_by_hand(
    owner: Member, methods: Mapping[str, int], tipo: int, price: str, quantity: int, neto: int, iva: int, total: int
) -> None:
    product = create_product(owner, precio_neto=price)
    rut = customer(owner).rut if tipo in (33, 34) else "66666666-6"
    made = owner.run(
        create_sale,
        sale([line(product.id, quantity)], [(methods["DEBITO"], total)], tipo_dte=tipo, rut_cliente=rut),
    )
    assert (made.monto_neto, made.iva, made.monto_total) == (neto, iva, total)
    assert made.monto_exento == (total if tipo in (34, 41) else 0)


def test_an_exempt_product_beside_a_taxed_one(owner: Member, methods: Mapping[str, int]) -> None:
    exempt_tax = owner.run(_exempt_tax)
    book = create_product(owner, nombre="Libro", precio_neto="5000", tax_id=exempt_tax)
    pen = create_product(owner, nombre="Lápiz", precio_neto="1000")
    made = owner.run(create_sale, sale([line(book.id), line(pen.id)], [(methods["DEBITO"], 6190)]))
    assert (made.monto_neto, made.monto_exento, made.iva, made.monto_total) == (1000, 5000, 190, 6190)


def _exempt_tax(work: Work) -> int:
    return int(
        work.session.execute(text(f'SELECT id FROM "{work.session.schema}".tax WHERE rate = 0 LIMIT 1')).scalar_one()
    )


def test_discounts_on_lines_and_on_the_whole(owner: Member, methods: Mapping[str, int]) -> None:
    product = create_product(owner, precio_neto="1000")  # $1.190
    # 2 x 1.190 = 2.380 less 10 % = 2.142; 1.190 less $190 = 1.000; 3.142 less 5 % (157,1) = 2.985
    data = sale(
        [line(product.id, 2, descuento_pct=10), line(product.id, 1, descuento_monto=190)],
        [(methods["DEBITO"], 2985)],
        descuento_global_pct=5,
    )
    preview = owner.run(preview_sale, data)
    made = owner.run(create_sale, data)
    assert [detail.descuento for detail in made.details] == [238, 190]
    assert [detail.subtotal for detail in made.details] == [2142, 1000]
    assert (made.monto_total, made.monto_neto, made.iva) == (2985, 2508, 477)
    assert (preview.monto_total, preview.monto_neto, preview.descuento_global) == (2985, 2508, 157)


def test_a_cashier_gives_ten_percent_and_no_more(cashier: Member, owner: Member, methods: Mapping[str, int]) -> None:
    product = create_product(owner, precio_neto="1000")
    cashier.run(create_sale, sale([line(product.id, 1, descuento_pct=10)], [(methods["DEBITO"], 1071)]))
    with pytest.raises(errors.DiscountTooHigh, match="Pide ayuda al administrador"):
        cashier.run(create_sale, sale([line(product.id, 1, descuento_pct=11)], [(methods["DEBITO"], 1059)]))
    with pytest.raises(errors.DiscountTwice):
        cashier.run(preview_sale, sale([line(product.id, 1, descuento_pct=1, descuento_monto=1)], []))


def test_cash_is_rounded_and_change_given(owner: Member, methods: Mapping[str, int]) -> None:
    product = create_product(owner, precio_neto="1005.042017")  # $1.196
    made = owner.run(create_sale, sale([line(product.id)], [(methods["EFECTIVO"], 2000)]))
    assert (made.monto_total, made.ajuste_redondeo, made.vuelto) == (1196, 4, 800)
    split = owner.run(create_sale, sale([line(product.id)], [(methods["DEBITO"], 1000), (methods["EFECTIVO"], 200)]))
    assert (split.monto_total, split.ajuste_redondeo, split.vuelto) == (1196, 4, 0)


def test_stock_leaves_with_the_sale_and_not_without_it(owner: Member, methods: Mapping[str, int]) -> None:
    product = create_product(owner, stock="5", precio_neto="1000")
    made = owner.run(create_sale, sale([line(product.id, "1.5")], [(methods["DEBITO"], 1785)]))
    assert made.details[0].product.stock_actual == Decimal("3.5")
    with pytest.raises(StockShort, match=r"Stock insuficiente para Pan de molde. Disponible: 3.5, Solicitado: 4"):
        owner.run(create_sale, sale([line(product.id, 2), line(product.id, 2)], [(methods["DEBITO"], 4760)]))
    with pytest.raises(errors.PaymentsShort):
        owner.run(create_sale, sale([line(product.id, 1)], [(methods["DEBITO"], 1)]))
    again = owner.run(create_sale, sale([line(product.id, "3.5")], [(methods["DEBITO"], 4165)]))
    assert again.details[0].product.stock_actual == 0


def test_credit_is_for_customers_who_have_it(owner: Member, methods: Mapping[str, int]) -> None:
    product = create_product(owner, precio_neto="1000")
    fiado = [(methods["CREDITO_INTERNO"], 1190)]
    with pytest.raises(errors.CreditNeedsCustomer):
        owner.run(create_sale, sale([line(product.id)], fiado))
    with pytest.raises(CreditNotAllowed):
        owner.run(create_sale, sale([line(product.id)], fiado, rut_cliente=customer(owner).rut))
    good = customer(owner, dias_credito=30, limite_credito=2000)
    made = owner.run(create_sale, sale([line(product.id)], fiado, rut_cliente=good.rut, tipo_dte=33))
    assert made.customer.current_balance == 1190
    with pytest.raises(CreditLimitExceeded, match=r"Disponible: \$810"):
        owner.run(create_sale, sale([line(product.id)], fiado, rut_cliente=good.rut))
    xml = owner.run(_xml_of, made.id)
    due = (clock.santiago_date(clock.now()) + timedelta(days=30)).isoformat()
    assert b"<FmaPago>2</FmaPago>" in xml
    assert f"<FchVenc>{due}</FchVenc>".encode() in xml


def _xml_of(work: Work, sale_id: int) -> bytes:
    query = text(f'SELECT xml FROM "{work.session.schema}".document WHERE sale_id = :id')
    return bytes(work.session.execute(query, {"id": sale_id}).scalar_one())


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"rut_cliente": "11111111-1"}, CustomerNotFound),
        ({"rut_cliente": "nadie"}, CustomerNotFound),
        ({"tipo_dte": 61}, errors.ReferencesRequired),
        (
            {"tipo_dte": 56, "referencias": [{"tipo_documento": "33", "folio": "1", "fecha": "2026-01-01"}]},
            errors.ReferencesIncomplete,
        ),
        ({"tipo_dte": 7}, errors.TypeNotOffered),
        ({"items": [{"product_id": 999_999, "cantidad": 1}]}, errors.ProductMissing),
        ({"payments": []}, errors.PaymentsShort),
        ({"payments": [{"payment_method_id": 999, "amount": 1190}]}, errors.PaymentMethodUnknown),
        ({"tipo_dte": 33}, DocumentRefused),  # an invoice to nobody
    ],
)
def test_refusals_leave_nothing(
    owner: Member, methods: Mapping[str, int], change: dict[str, Any], refusal: type[Exception]
) -> None:
    product = create_product(owner, stock="3")
    before = len(owner.run(list_sales, SaleFilter(limit=200)))
    good = sale([line(product.id)], [(methods["DEBITO"], 1190)])
    with pytest.raises(refusal):
        owner.run(create_sale, SaleIn.model_validate(good.model_dump() | change))
    assert len(owner.run(list_sales, SaleFilter(limit=200))) == before
    assert owner.run(preview_sale, sale([line(product.id)], [])).monto_total == 1190


def test_nobody_sells_without_a_shift(engine: Engine, company: Company, owner: Member) -> None:
    product = create_product(owner)
    late = create_member(engine, company, role=VENDEDOR)
    with pytest.raises(
        SellerWithoutShift, match=rf"El vendedor \(ID {late.staff_id}\) no tiene turno de caja abierto."
    ):
        late.run(create_sale, sale([line(product.id)], [], rut_cliente="nadie"))


def test_the_list_finds_by_number_name_rut_and_day(owner: Member, methods: Mapping[str, int]) -> None:
    product = create_product(owner)
    buyer = customer(owner, razon_social="Ferretería Quilpué Ñandú")
    made = owner.run(create_sale, sale([line(product.id)], [(methods["DEBITO"], 1190)], rut_cliente=buyer.rut))

    def found(**wanted: Any) -> set[int]:
        return {row.id for row in owner.run(list_sales, SaleFilter(limit=200, **wanted))}

    today = clock.santiago_date(clock.now())
    assert found(q="quilpue nandu") == {made.id}
    assert found(q=buyer.rut) == {made.id}
    assert made.id in found(q=str(made.folio))
    assert found(q="no existe") == set()
    assert made.id in found(desde=today, hasta=today, tipo_dte=39)
    assert made.id not in found(desde=today + timedelta(days=1))
    assert found(after=made.id) == {row for row in found() if row < made.id}
    full = owner.run(get_sale, made.id)
    assert [(p.code, p.amount) for p in full.payments] == [("DEBITO", 1190)]
    assert (full.ambiente, full.seller.id) == ("PRUEBA", owner.staff_id)


def test_another_company_sees_nothing(engine: Engine, owner: Member, methods: Mapping[str, int]) -> None:
    product = create_product(owner)
    made: SaleOut = owner.run(create_sale, sale([line(product.id)], [(methods["DEBITO"], 1190)]))
    stranger = create_member(engine, create_company(engine))
    with pytest.raises(errors.SaleNotFound):
        stranger.run(get_sale, made.id)
    assert stranger.run(list_sales, SaleFilter()) == []
