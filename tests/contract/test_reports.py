"""/reports, /stats and the requests of /folios over HTTP: every documented field, its type, every refusal.

Amounts and signs are worked out in tests/reports; permissions are in test_matrix.
"""

from datetime import datetime
from typing import Any

import pytest

from tests.contract.routes import documented
from tests.shop import Door, Platform, Shop, done
from torn_app.kernel import clock


@pytest.fixture(scope="module")
def sold(platform: Platform) -> Shop:
    """A company where the administrator sold two units at 1.000 net that cost 600."""
    shop = platform.company()
    done(shop.door.post("/cash/open", {"start_amount": 5000}))
    product = shop.product(price=1000, costo_unitario=600, nombre="Pan", codigo_interno="PAN")
    done(shop.door.post("/sales/", shop.order((product, 2), pay=3000)), 201)
    return shop


def is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def test_dashboard(sold: Shop) -> None:
    (sale,) = done(sold.door.get("/sales/"))
    moment = clock.to_santiago(datetime.fromisoformat(sale["created_at"]))
    day = done(sold.door.get("/reports/dashboard", params={"fecha": moment.date().isoformat()}))

    assert day["fecha"] == moment.date().isoformat()
    assert day["kpis"] == {
        "total_ventas": 2380,
        "total_neto": 2000,
        "total_iva": 380,
        "total_exento": 0,
        "total_otros_impuestos": 0,
        "num_ventas": 1,
        "ticket_promedio": 2380,
        "num_notas_credito": 0,
        "total_notas_credito": 0,
    }
    assert day["ventas_por_hora"] == [{"hora": f"{moment:%H}:00", "cantidad": 1, "total": 2380}]
    assert day["top_productos"] == [{"nombre": "Pan", "sku": "PAN", "cantidad": 2, "total": 2000}]
    assert day["medios_pago"] == [{"nombre": "Efectivo", "codigo": "EFECTIVO", "transacciones": 1, "total": 2380}]
    assert day["caja"].keys() == {"id", "inicio", "fondo"}
    assert day["caja"]["fondo"] == 5000
    assert day["caja"]["inicio"].endswith("Z")


def test_dashboard_is_of_today_in_chile_by_default(sold: Shop) -> None:
    before = clock.santiago_date(clock.now())
    found = done(sold.door.get("/reports/dashboard"))["fecha"]
    assert before.isoformat() <= found <= clock.santiago_date(clock.now()).isoformat()


def test_dashboard_of_another_day_and_of_somebody_without_a_shift(sold: Shop) -> None:
    day = done(sold.person("ADMINISTRADOR").get("/reports/dashboard", params={"fecha": "2020-02-29"}))
    assert (day["fecha"], day["kpis"]["num_ventas"], day["kpis"]["ticket_promedio"]) == ("2020-02-29", 0, 0)
    assert (day["ventas_por_hora"], day["top_productos"], day["medios_pago"], day["caja"]) == ([], [], [], None)


def test_summary(sold: Shop) -> None:
    found = done(sold.door.get("/stats/summary"))
    stretch = {"sales_total": 2380, "sales_count": 1, "margin_total": 800}
    assert found == {
        "daily": {**stretch, "period": "Diario"},
        "weekly": {**stretch, "period": "Semanal"},
        "monthly": {**stretch, "period": "Mensual"},
    }


def test_top_products(sold: Shop) -> None:
    found = done(sold.door.get("/stats/top-products"))
    assert found.keys() == {"by_quantity", "by_margin"}
    for (row,) in found.values():
        assert row == {
            "product_id": row["product_id"],
            "nombre": "Pan",
            "full_name": "Pan",
            "total_qty": 2,
            "total_margin": 800,
            "total_sales": 2000,
        }
        assert is_number(row["total_qty"])


@pytest.mark.parametrize(("period", "label"), [("day", "Diario"), ("week", "Semanal"), ("month", "Mensual")])
def test_report(sold: Shop, period: str, label: str) -> None:
    found = done(sold.door.get("/stats/report", params={"period": period}))
    (item,) = found.pop("items")
    assert item == {
        "product_id": item["product_id"],
        "full_name": "Pan",
        "cantidad": 2,
        "monto_total": 2000,
        "utilidad": 800,
    }
    fecha = datetime.fromisoformat(found.pop("fecha"))
    assert fecha.utcoffset() == fecha.replace(tzinfo=clock.SANTIAGO).utcoffset()
    assert found == {"period": label, "total_ventas": 2380, "total_utilidad": 800}


def test_report_is_of_the_day_by_default_and_of_the_date_asked_for(sold: Shop) -> None:
    assert done(sold.door.get("/stats/report"))["period"] == "Diario"
    found = done(sold.door.get("/stats/report", params={"date": "2026-01-15", "period": "month"}))
    assert (found["fecha"], found["total_ventas"], found["items"]) == ("2026-01-15T00:00:00-03:00", 0, [])


def test_vat(sold: Shop) -> None:
    found = done(sold.door.get("/reports/vat"))
    assert (found["debito"], found["credito"], found["iva_estimado"], found["remanente"]) == (380, 0, 380, 0)
    (row,) = found["documentos"]
    assert row == {
        "tipo_dte": 39,
        "nombre": "Boleta electrónica",
        "signo": 1,
        "cantidad": 1,
        "neto": 2000,
        "exento": 0,
        "iva": 380,
        "otros_impuestos": 0,
        "total": 2380,
    }
    past = done(sold.door.get("/reports/vat", params={"month": "2025-12"}))
    assert (past["month"], past["vence"], past["debito"]) == ("2025-12", "2026-01-20", 0)


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/reports/dashboard", {"fecha": "31-12-2026"}),
        ("/reports/dashboard", {"fecha": "2026-02-30"}),
        ("/reports/dashboard", {"fecha": "9999-12-31"}),
        ("/reports/dashboard", {"fecha": "0001-01-01"}),
        ("/reports/vat", {"month": "2026-13"}),
        ("/reports/vat", {"month": "2026-1"}),
        ("/reports/vat", {"month": "9999-12"}),
        ("/stats/report", {"period": "year"}),
        ("/stats/report", {"date": "ayer"}),
        ("/stats/report", {"date": "9999-12-31", "period": "month"}),
        ("/stats/top-products", {"days": 0}),
        ("/stats/top-products", {"days": 10**12}),
        ("/stats/top-products", {"limit": 0}),
        ("/stats/top-products", {"limit": -1}),
    ],
)
def test_questions_that_make_no_sense(shop: Shop, path: str, query: dict[str, Any]) -> None:
    answer = shop.door.get(path, params=query)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["query", *query][:2]


def test_nobody_sees_the_figures_of_another_company(sold: Shop) -> None:
    stranger = sold.platform.company(name="Otra")
    assert done(stranger.door.get("/stats/summary"))["monthly"]["sales_total"] == 0
    assert done(stranger.door.get("/stats/report"))["items"] == []
    assert done(stranger.door.get("/reports/dashboard"))["kpis"]["num_ventas"] == 0


# --- requests for numbers --------------------------------------------------------------------------------------------


@pytest.fixture
def fresh(platform: Platform) -> Shop:
    """A company where nobody asked for anything."""
    return platform.company()


def ask(door: Door, dte_type: Any = 39, amount: Any = 100) -> dict:
    return done(door.post("/folios/request", {"dte_type": dte_type, "amount_requested": amount}))


def test_a_request_for_folios_is_written_down(fresh: Shop) -> None:
    ranges = done(fresh.door.get("/folios/caf"))
    made = ask(fresh.door)
    assert made.keys() == {*documented()["POST", "/folios/request"]["response"]}
    assert (made["dte_type"], made["amount_requested"], made["status"]) == (39, 100, "PENDING")
    assert made["timestamp"].endswith("Z")
    newer = ask(fresh.door, "33", "7")
    assert done(fresh.door.get("/folios/requests/history")) == [newer, made]
    assert done(fresh.door.get("/folios/requests/history", params={"limit": 1})) == [newer]
    # It says what is wanted; it makes no number.
    assert done(fresh.door.get("/folios/caf")) == ranges


def test_history_of_requests_is_of_fifty_by_default(fresh: Shop) -> None:
    for number in range(1, 53):
        ask(fresh.door, amount=number)
    found = done(fresh.door.get("/folios/requests/history"))
    assert [row["amount_requested"] for row in found] == list(range(52, 2, -1))


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"dte_type": 39, "amount_requested": 0}, "amount_requested"),
        ({"dte_type": 39, "amount_requested": -5}, "amount_requested"),
        ({"dte_type": 39, "amount_requested": 1.5}, "amount_requested"),
        ({"dte_type": 39, "amount_requested": 2**40}, "amount_requested"),
        ({"dte_type": 39}, "amount_requested"),
        ({"dte_type": 1, "amount_requested": 1}, "dte_type"),
        ({"amount_requested": 1}, "dte_type"),
    ],
)
def test_requests_that_are_refused(fresh: Shop, body: dict, field: str) -> None:
    answer = fresh.door.post("/folios/request", body)
    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"] == ["body", field]
    assert done(fresh.door.get("/folios/requests/history")) == []


@pytest.mark.parametrize("limit", [0, -1, 10**20, "x"])
def test_a_history_of_no_length(fresh: Shop, limit: Any) -> None:
    assert fresh.door.get("/folios/requests/history", params={"limit": limit}).status_code == 422
