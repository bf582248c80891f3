"""Reports against numbers worked out by hand.

The day is Wednesday 20 May 2026. On it, in Chilean time:

| time  | document                        | net    | exempt | VAT   | total  | cost  |
|-------|---------------------------------|--------|--------|-------|--------|-------|
| 10:15 | 39, 2 bread                     |  2.000 |        |   380 |  2.380 | 1.200 |
| 10:40 | 33, 1 nails                     |  1.350 |        |   257 |  1.607 | 1.000 |
| 12:00 | 41, 3 books                     |        |  1.500 |       |  1.500 |   600 |
| 13:00 | 39, 1 bread, rejected           |        |        |       |        |       |
| 15:00 | 39, 1 bread and 1 book          |  1.000 |    500 |   190 |  1.690 |   800 |
| 16:00 | 61, 1 bread of the first        | -1.000 |        |  -190 | -1.190 |  -600 |
| 23:30 | 39, 10 bread less 10 % in all   |  9.000 |        | 1.710 | 10.710 | 6.000 |

and one bread (1.190, cost 600) at the last second of the day before, at the first of the day after, 7 days before
and 30 days before.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import Engine, text

from tests.factories import create_member, create_product, new_rut
from tests.reports.shop import FLOAT, Store, chile
from torn_app.infra.work import Work
from torn_app.kernel.errors import AdminRequired
from torn_app.kernel.permissions import VENDEDOR
from torn_app.products.schemas import ProductPatch
from torn_app.products.service import update_product
from torn_app.purchases.providers import create_provider
from torn_app.purchases.schemas import ProviderIn, PurchaseIn
from torn_app.purchases.service import create_purchase
from torn_app.reports import service
from torn_app.reports.rules import Period
from torn_app.reports.schemas import ReportOut
from torn_app.sales.returns import return_sale
from torn_app.sales.schemas import ReturnIn

DAY = date(2026, 5, 20)
STILL_OPEN = chile("2026-05-20", 23, 45)
JUST_OVER = chile("2026-05-21", 0, 30)
LATER = chile("2026-05-25", 9)


def fill(store: Store) -> Store:
    sold = store.sell(chile(DAY, 10, 15), (store.bread, 2), pay=3000)
    store.sell(chile(DAY, 10, 40), (store.nails, 1), tipo=33, pay=1607, by="TRANSFERENCIA")
    store.sell(chile(DAY, 12), (store.book, 3), tipo=41, pay=1500)
    store.reject(store.sell(chile(DAY, 13), (store.bread, 1), pay=1190))
    store.sell(chile(DAY, 15), (store.bread, 1), (store.book, 1), pay=1690)
    store.correct(chile(DAY, 16), sold, store.bread, neto=1000, cost=600)
    ten = {"descuento_global_pct": 10}
    store.sell(chile(DAY, 23, 30), (store.bread, 10), pay=10710, by="DEBITO", **ten)
    for moment in (
        chile(DAY - timedelta(days=1), 23, 59, 59),
        chile(DAY + timedelta(days=1)) - timedelta(hours=12),
        chile(DAY - timedelta(days=7)),
        chile(DAY - timedelta(days=30), 23, 59, 59),
    ):
        store.sell(moment, (store.bread, 1), pay=1190)
    elsewhere = store.sell(chile(DAY, 11), (store.bread, 1), pay=1190)
    store.move_to_other_ambiente(elsewhere)
    return store


@pytest.fixture(scope="module", params=[None, STILL_OPEN, LATER], ids=["from sales", "half summed", "from sums"])
def store(engine: Engine, request: pytest.FixtureRequest) -> Store:
    """A shop none of whose days are summed, or those before the day, or all."""
    store = fill(Store.open(engine))
    if request.param:
        store.sum_days(request.param)
    return store


@pytest.fixture
def fresh(engine: Engine) -> Store:
    return Store.open(engine)


def report(store: Store, period: Period, moment: datetime, day: date = DAY) -> ReportOut:
    return store.owner.run_at(moment, service.report, period, day)


def figures(found: ReportOut) -> tuple[int, int]:
    return found.total_ventas, found.total_utilidad


def read_from_both(store: Store) -> Iterator[datetime]:
    """The moments to ask at: with the day's sales as they are, then with the day summed."""
    yield STILL_OPEN
    store.sum_days(LATER)
    yield LATER


moments = pytest.mark.parametrize("moment", [STILL_OPEN, JUST_OVER, LATER], ids=["open", "just over", "later"])


@moments
def test_dashboard_of_a_day(store: Store, moment: datetime) -> None:
    day = store.owner.run_at(moment, service.dashboard, DAY)

    assert day.fecha == DAY
    assert day.kpis.model_dump() == {
        "total_ventas": 16_387,  # 2.380 + 1.607 + 1.690 + 10.710: 41 is not in it, 61 is not taken off
        "total_neto": 13_350,
        "total_iva": 2_537,
        "total_exento": 500,
        "total_otros_impuestos": 0,
        "num_ventas": 4,
        "ticket_promedio": 4_097,  # 4.096,75
        "num_notas_credito": 1,
        "total_notas_credito": 1_190,
    }
    assert [(h.hora, h.cantidad, h.total) for h in day.ventas_por_hora] == [
        ("10:00", 2, 3_987),
        ("15:00", 1, 1_690),
        ("23:00", 1, 10_710),
    ]
    assert [(p.nombre, p.cantidad, p.total) for p in day.top_productos] == [
        ("Pan", 13, 12_000),
        ("Clavos", 1, 1_350),
        ("Libro", 1, 500),
    ]
    assert [(m.codigo, m.transacciones, m.total) for m in day.medios_pago] == [
        ("DEBITO", 1, 10_710),
        ("EFECTIVO", 2, 4_070),  # 3.000 less 620 of change, and 1.690
        ("TRANSFERENCIA", 1, 1_607),
    ]
    assert sum(m.total for m in day.medios_pago) == day.kpis.total_ventas
    assert day.caja is not None
    assert day.caja.fondo == FLOAT


def test_dashboard_without_a_date_is_today_in_chile(store: Store) -> None:
    # 23:45 in Chile is the next day in UTC.
    assert store.owner.run_at(STILL_OPEN, service.dashboard).fecha == DAY
    assert store.owner.run_at(STILL_OPEN, service.dashboard).kpis.num_ventas == 4


def test_the_shift_is_the_callers_own(store: Store, engine: Engine) -> None:
    another = create_member(engine, store.owner.company)
    assert another.run_at(LATER, service.dashboard, DAY).caja is None


@moments
def test_report_of_a_day(store: Store, moment: datetime) -> None:
    found = report(store, Period.DAY, moment)

    assert (found.period, found.fecha.isoformat()) == ("Diario", "2026-05-20T00:00:00-04:00")
    assert figures(found) == (16_697, 5_350)
    assert [(i.full_name, i.cantidad, i.monto_total, i.utilidad) for i in found.items] == [
        ("Pan", 12, 11_000, 3_800),  # 2 + 1 + 10 - 1; 12 x 600 of cost
        ("Libro", 4, 2_000, 1_200),
        ("Clavos", 1, 1_350, 350),
    ]
    assert sum(item.utilidad for item in found.items) == found.total_utilidad


@moments
def test_report_of_a_week_begins_on_monday(store: Store, moment: datetime) -> None:
    found = report(store, Period.WEEK, moment)
    assert (found.period, figures(found)) == ("Semanal", (16_697 + 2 * 1_190, 5_350 + 2 * 400))
    assert figures(report(store, Period.WEEK, moment, date(2026, 5, 17))) == (1_190, 400)


@moments
def test_report_of_a_month(store: Store, moment: datetime) -> None:
    found = report(store, Period.MONTH, moment)
    assert (found.period, figures(found)) == ("Mensual", (16_697 + 3 * 1_190, 5_350 + 3 * 400))


def test_summary_looks_back_from_today(store: Store) -> None:
    found = store.owner.run_at(STILL_OPEN, service.summary)
    assert found.model_dump() == {
        "daily": {"sales_total": 16_697, "sales_count": 5, "margin_total": 5_350, "period": "Diario"},
        "weekly": {"sales_total": 17_887, "sales_count": 6, "margin_total": 5_750, "period": "Semanal"},
        "monthly": {"sales_total": 19_077, "sales_count": 7, "margin_total": 6_150, "period": "Mensual"},
    }


def test_top_products(store: Store) -> None:
    found = store.owner.run_at(STILL_OPEN, service.top_products, 1, 5)
    assert [(p.nombre, p.total_qty, p.total_margin, p.total_sales) for p in found.by_quantity] == [
        ("Pan", 12, 3_800, 11_000),
        ("Libro", 4, 1_200, 2_000),
        ("Clavos", 1, 350, 1_350),
    ]
    assert [p.nombre for p in found.by_margin] == ["Pan", "Libro", "Clavos"]


@pytest.mark.parametrize(
    ("moment", "days", "quantity"),
    [(STILL_OPEN, 7, 13), (STILL_OPEN, 8, 14), (STILL_OPEN, 31, 15), (LATER, 6, 13), (LATER, 365, 16)],
)
def test_top_products_of_the_last_days(store: Store, moment: datetime, days: int, quantity: int) -> None:
    found = store.owner.run_at(moment, service.top_products, days, 1)
    assert [(p.nombre, p.total_qty) for p in found.by_quantity] == [("Pan", quantity)]


@moments
def test_vat_of_a_month(store: Store, moment: datetime) -> None:
    found = store.owner.run_at(moment, service.vat, date(2026, 5, 1))

    assert (found.month, found.vence) == ("2026-05", date(2026, 6, 20))
    assert found.debito == 2_537 + 3 * 190 - 190
    assert (found.credito, found.iva_estimado, found.remanente) == (0, found.debito, 0)
    assert [(d.tipo_dte, d.signo, d.cantidad, d.neto, d.exento, d.iva, d.total) for d in found.documentos] == [
        (33, 1, 1, 1_350, 0, 257, 1_607),
        (39, 1, 6, 15_000, 500, 2_850, 18_350),
        (41, 1, 1, 0, 1_500, 0, 1_500),
        (61, -1, 1, 1_000, 0, 190, 1_190),
    ]
    assert found.nota


def test_vat_of_what_was_bought_with_an_invoice(fresh: Store) -> None:
    provider = fresh.owner.run(create_provider, ProviderIn(rut=new_rut(), razon_social="Molino Ltda.")).id

    def buy(moment: datetime, cost: int, document: str = "FACTURA") -> None:
        items = [{"product_id": fresh.bread, "cantidad": 10, "precio_costo_unitario": cost}]
        data = {"provider_id": provider, "tipo_documento": document, "items": items, "fecha_compra": moment}
        fresh.owner.run(create_purchase, PurchaseIn.model_validate(data))

    buy(chile("2026-05-01"), 100)  # 190 of VAT
    buy(chile("2026-05-31", 23, 59), 1000)  # 1.900
    buy(chile("2026-06-01"), 5000)
    buy(chile("2026-05-10"), 7000, "BOLETA")
    fresh.sell(chile(DAY, 10), (fresh.bread, 5), pay=5950)

    found = fresh.owner.run(service.vat, DAY)
    assert (found.debito, found.credito, found.iva_estimado, found.remanente) == (950, 2_090, 0, 1_140)
    assert fresh.owner.run(service.vat, date(2026, 4, 1)).credito == 0


def test_a_sale_that_came_back_whole_leaves_nothing(fresh: Store) -> None:
    sale = fresh.sell(
        chile(DAY, 10), (fresh.bread, 3), (fresh.book, 2), pay=50_000, descuento_global_pct=7, by="EFECTIVO"
    )
    items = [{"product_id": fresh.bread, "cantidad": 3}, {"product_id": fresh.book, "cantidad": 2}]
    body = {"original_sale_id": sale.id, "items": items, "reason": "Fallado", "return_method_id": 2}
    fresh.owner.run_at(chile(DAY, 11), return_sale, ReturnIn.model_validate(body))

    for moment in read_from_both(fresh):
        found = report(fresh, Period.DAY, moment)
        assert (figures(found), found.items) == ((0, 0), [])
        assert fresh.owner.run_at(moment, service.vat, DAY).debito == 0
        day = fresh.owner.run_at(moment, service.dashboard, DAY).kpis
        assert (day.total_ventas, day.num_notas_credito) == (sale.monto_total, 1)
        assert day.total_notas_credito == sale.monto_total


def test_nothing_sold(store: Store) -> None:
    empty = report(store, Period.MONTH, LATER, date(2026, 3, 15))
    assert (figures(empty), empty.items) == ((0, 0), [])
    assert store.owner.run_at(LATER, service.vat, date(2026, 3, 1)).iva_estimado == 0


def test_only_administrators(store: Store, engine: Engine) -> None:
    seller = create_member(engine, store.owner.company, role=VENDEDOR)
    for use_case, arguments in (
        (service.dashboard, ()),
        (service.summary, ()),
        (service.top_products, (30, 5)),
        (service.report, (Period.DAY, None)),
        (service.vat, (None,)),
    ):
        with pytest.raises(AdminRequired):
            seller.run(use_case, *arguments)


# --- what happens after a day was summed -----------------------------------------------------------------------------


def test_a_rejection_after_the_day_was_summed(fresh: Store) -> None:
    kept = fresh.sell(chile(DAY, 10), (fresh.bread, 1), pay=1190)
    gone = fresh.sell(chile(DAY, 11), (fresh.nails, 2), pay=3220)
    fresh.sum_days(LATER)
    assert figures(report(fresh, Period.DAY, LATER)) == (kept.monto_total + gone.monto_total, 400 + 700)

    fresh.reject(gone)

    found = report(fresh, Period.DAY, LATER)
    assert figures(found) == (1_190, 400)
    assert [item.full_name for item in found.items] == ["Pan"]
    assert fresh.owner.run_at(LATER, service.vat, DAY).documentos[0].cantidad == 1


def test_a_sale_issued_again_after_its_rejection_counts(fresh: Store) -> None:
    sale = fresh.sell(chile(DAY, 10), (fresh.bread, 1), pay=1190)
    fresh.reject(sale)
    fresh.sum_days(LATER)

    def issue_again(work: Work) -> None:
        work.session.execute(
            text(
                f"INSERT INTO {work.session.schema}.document (sale_id, ambiente, tipo_dte, folio, fecha_emision,"
                " receptor_rut, receptor_nombre, monto_total, caf_range_id, certificate_id, xml, estado, created_at)"
                " SELECT sale_id, ambiente, tipo_dte, folio + 1, fecha_emision, receptor_rut, receptor_nombre,"
                f" monto_total, caf_range_id, certificate_id, xml, 'ACEPTADO', created_at"
                f" FROM {work.session.schema}.document WHERE sale_id = :sale"
            ),
            {"sale": sale.id},
        )

    fresh.owner.run(issue_again)
    assert figures(report(fresh, Period.DAY, LATER)) == (1_190, 400)


def test_a_sale_written_into_a_summed_day(fresh: Store) -> None:
    fresh.sell(chile(DAY, 10), (fresh.bread, 1), pay=1190)
    fresh.sum_days(LATER)
    assert figures(report(fresh, Period.DAY, LATER)) == (1_190, 400)

    fresh.sell(chile(DAY, 18), (fresh.bread, 2), pay=2380)
    assert figures(report(fresh, Period.DAY, LATER)) == (3_570, 1_200)
    # The next time days are summed it moves into its day's sum, once.
    for days in (1, 2):
        fresh.sum_days(LATER + timedelta(days=days))
        assert figures(report(fresh, Period.DAY, LATER + timedelta(days=days))) == (3_570, 1_200)
    assert [(i.full_name, i.cantidad) for i in report(fresh, Period.DAY, LATER).items] == [("Pan", 3)]


def test_cost_and_price_are_those_of_the_day_it_was_sold(fresh: Store) -> None:
    fresh.sell(chile(DAY, 10), (fresh.bread, 1), pay=1190)
    fresh.owner.run(update_product, fresh.bread, ProductPatch(costo_unitario="999", precio_neto="5000"))
    assert figures(report(fresh, Period.DAY, LATER)) == (1_190, 400)


def test_notes_follow_their_signs(fresh: Store) -> None:
    sale = fresh.sell(chile(DAY, 10), (fresh.bread, 5), pay=5950)
    fresh.correct(chile(DAY, 11), sale, fresh.bread, tipo=56, neto=200, cost=0)
    fresh.correct(chile(DAY, 12), sale, fresh.bread, neto=0, cost=600)  # corrects words, moves nothing
    fresh.correct(chile(DAY, 13), sale, fresh.bread, tipo=52, neto=9000, cost=600)  # a guide is no sale
    for moment in read_from_both(fresh):
        found = report(fresh, Period.DAY, moment)
        assert figures(found) == (5_950 + 238, 2_000 + 200)
        assert [(i.monto_total, i.utilidad) for i in found.items] == [(5_200, 2_200)]
        assert fresh.owner.run_at(moment, service.vat, DAY).debito == 950 + 38
    assert fresh.owner.run_at(STILL_OPEN, service.summary).daily.sales_count == 1


def test_amounts_of_lines_add_up_to_their_document(fresh: Store) -> None:
    """Discounts on a line and on the whole sale, exempt and affected lines: the shares still make the whole."""
    for number in range(1, 8):
        fresh.sell(
            chile(DAY, 9, number),
            (fresh.bread, number),
            (fresh.nails, 3),
            (fresh.book, 2),
            tipo=33 if number % 2 else 39,
            pay=50_000,
            descuento_global_monto=37 * number,
        )
    for moment in read_from_both(fresh):
        found = fresh.owner.run_at(moment, service.vat, DAY)
        net = sum(d.neto + d.exento for d in found.documentos)
        items = report(fresh, Period.DAY, moment).items
        assert abs(sum(item.monto_total for item in items) - net) <= 1  # three products, each rounded once
        cost = sum(number * 600 + 3 * 1000 + 2 * 200 for number in range(1, 8))
        assert report(fresh, Period.DAY, moment).total_utilidad == net - cost


def test_additional_taxes_stand_apart(fresh: Store) -> None:
    """39 of 2 drinks and a bread: 3.000 + 570 + 200. 33 of 3 wines at 2.000: 6.000 + 1.140 + 1.230. A drink back."""
    drink = create_product(fresh.owner, nombre="Bebida", precio_neto="1000", impuesto_adicional=27).id
    wine = create_product(fresh.owner, nombre="Vino", precio_neto="2000", impuesto_adicional=25).id
    sold = fresh.sell(chile(DAY, 10), (drink, 2), (fresh.bread, 1), pay=3770)
    fresh.sell(chile(DAY, 11), (wine, 3), tipo=33, pay=8370, by="DEBITO")
    fresh.reject(fresh.sell(chile(DAY, 12), (wine, 1), pay=2790))
    items = [{"product_id": drink, "cantidad": 1}]
    body = {"original_sale_id": sold.id, "items": items, "reason": "Rota", "return_method_id": fresh.methods["DEBITO"]}
    fresh.owner.run_at(chile(DAY, 13), return_sale, ReturnIn.model_validate(body))
    for moment in read_from_both(fresh):
        kpis = fresh.owner.run_at(moment, service.dashboard, DAY).kpis
        assert (kpis.total_neto, kpis.total_iva, kpis.total_otros_impuestos) == (9_000, 1_710, 1_430)
        assert kpis.total_ventas == 9_000 + 1_710 + 1_430
        found = fresh.owner.run_at(moment, service.vat, DAY)
        assert found.debito == 570 + 1_140 - 190
        assert [(t.codigo, t.tasa, t.base, t.monto) for t in found.impuestos_adicionales] == [
            (25, Decimal("20.5"), 6_000, 1_230),
            (27, 10, 1_000, 100),
        ]
        assert [(d.tipo_dte, d.neto, d.iva, d.otros_impuestos, d.total) for d in found.documentos] == [
            (33, 6_000, 1_140, 1_230, 8_370),
            (39, 3_000, 570, 200, 3_770),
            (61, 1_000, 190, 100, 1_290),
        ]
        # 1.290 of drink and 1.190 of bread are 1.000 net each.
        month = report(fresh, Period.MONTH, moment)
        assert {i.full_name: i.monto_total for i in month.items} == {"Bebida": 1_000, "Pan": 1_000, "Vino": 6_000}
        assert (month.total_ventas, month.total_utilidad) == (10_850, 8_000 - 600)


# --- the two days of the year that are not of 24 hours ---------------------------------------------------------------


@pytest.mark.parametrize("moment", [chile("2026-04-05", 0, 59), chile("2026-04-20")], ids=["open", "summed"])
def test_the_hour_that_comes_twice(fresh: Store, moment: datetime) -> None:
    saturday, sunday = date(2026, 4, 4), date(2026, 4, 5)
    first, second = chile(saturday, 23, 30), chile(saturday, 23, 30, fold=1)
    assert second - first == timedelta(hours=1)
    for at in (first, second, chile(sunday, 0)):
        fresh.sell(at, (fresh.bread, 1), pay=1190)
    fresh.sum_days(moment)

    day = fresh.owner.run_at(moment, service.dashboard, saturday)
    assert [(h.hora, h.cantidad, h.total) for h in day.ventas_por_hora] == [("23:00", 2, 2_380)]
    assert figures(report(fresh, Period.DAY, moment, saturday)) == (2_380, 800)
    assert figures(report(fresh, Period.DAY, moment, sunday)) == (1_190, 400)


@pytest.mark.parametrize("moment", [chile("2026-09-06", 1, 30), chile("2026-09-20")], ids=["open", "summed"])
def test_the_midnight_that_does_not_exist(fresh: Store, moment: datetime) -> None:
    saturday, sunday = date(2026, 9, 5), date(2026, 9, 6)
    last = chile(saturday, 23, 59, 59)
    for at in (last, last + timedelta(seconds=1)):
        fresh.sell(at, (fresh.bread, 1), pay=1190)
    fresh.sum_days(moment)

    day = fresh.owner.run_at(moment, service.dashboard, sunday)
    assert [(h.hora, h.cantidad) for h in day.ventas_por_hora] == [("01:00", 1)]
    assert report(fresh, Period.DAY, moment, sunday).fecha.isoformat() == "2026-09-06T01:00:00-03:00"
    for which in (saturday, sunday):
        assert figures(report(fresh, Period.DAY, moment, which)) == (1_190, 400)
