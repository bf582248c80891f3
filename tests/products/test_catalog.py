"""What the till shows and what a scanner finds."""

from decimal import Decimal

import pytest
from sqlalchemy import Engine

from tests.factories import Member, create_company, create_member, create_product
from torn_app.inventory import service as inventory
from torn_app.inventory.service import StockChange
from torn_app.products import catalog, service
from torn_app.products.errors import ProductNotFound
from torn_app.products.schemas import ProductPatch, ProductWithVariantsIn, VariantIn


@pytest.fixture
def admin(engine: Engine) -> Member:
    return create_member(engine, create_company(engine))


def names(member: Member, **wanted) -> list[str]:
    return [tile.name for tile in member.run(catalog.search_catalog, **wanted)]


def test_a_tile_says_what_a_person_pays(admin):
    create_product(admin, nombre="Pan amasado", precio_neto="831.932773", unidad_medida="kg", categoria="Panes")
    (tile,) = admin.run(catalog.search_catalog)
    assert (tile.price, tile.unit, tile.category, tile.stock_state) == (990, "kg", "Panes", "uncounted")


def test_only_what_can_be_sold_is_shown_by_name(admin):
    variants = [VariantIn(nombre=name, precio_neto=Decimal(1)) for name in ("Roja", "Azul")]
    admin.run(service.create_with_variants, ProductWithVariantsIn(nombre="Polera", variants=variants))
    for nombre in ("Zapato", "Calcetín"):
        create_product(admin, nombre=nombre)
    gone, asleep = create_product(admin, nombre="Borrado"), create_product(admin, nombre="Dormido")
    admin.run(service.delete_product, gone.id)
    admin.run(service.update_product, asleep.id, ProductPatch(is_active=False))
    assert names(admin) == ["Calcetín", "Polera Azul", "Polera Roja", "Zapato"]


def test_order_does_not_change_with_what_sells(admin):
    made = [create_product(admin, nombre=nombre, stock="9") for nombre in ("B", "A", "C")]
    before = names(admin)
    admin.run(inventory.move, [StockChange(made[2].id, "C", Decimal(-5), "VENTA")])
    assert names(admin) == before == ["A", "B", "C"]


def test_pages_follow_each_other_even_with_equal_names(admin):
    ids = [create_product(admin, nombre="Igual").id for _ in range(5)]
    first = admin.run(catalog.search_catalog, limit=2)
    second = admin.run(catalog.search_catalog, limit=2, after=first[-1].id)
    third = admin.run(catalog.search_catalog, limit=2, after=second[-1].id)
    assert [tile.id for tile in (*first, *second, *third)] == ids


def test_search_finds_words_in_any_order_without_accents(admin):
    create_product(admin, nombre="Café molido Ñuble", codigo_interno="CAF-1", codigo_barras="7801")
    create_product(admin, nombre="Té")
    for q in ("cafe", "NUBLE café", "caf-1", "7801", "  mol "):
        assert names(admin, q=q) == ["Café molido Ñuble"]
    assert names(admin, q="cafe te") == names(admin, q="_") == []


def test_categories_are_those_that_hold_something(admin):
    create_product(admin, nombre="Pan", categoria="Panes")
    create_product(admin, nombre="Queso", categoria="Lácteos")
    gone = create_product(admin, categoria="Vacía")
    admin.run(service.delete_product, gone.id)
    assert sorted(admin.run(catalog.categories)) == ["Lácteos", "Panes"]
    assert names(admin, category="Panes") == ["Pan"]


def test_stock_state(admin):
    create_product(admin, nombre="A", stock="3", stock_minimo=Decimal(2))
    create_product(admin, nombre="B", stock="2", stock_minimo=Decimal(2))
    create_product(admin, nombre="C", stock="0", stock_minimo=Decimal(2))
    assert [t.stock_state for t in admin.run(catalog.search_catalog)] == ["enough", "low", "out"]


def test_a_scanner_reads_the_bar_code_first(admin):
    by_code = create_product(admin, codigo_interno="7801")
    by_bar_code = create_product(admin, codigo_barras="7801")
    assert admin.run(catalog.find_by_code, " 7801 ").id == by_bar_code.id
    assert admin.run(catalog.find_by_code, by_code.codigo_barras).id == by_code.id
    assert admin.run(catalog.find_by_code, by_bar_code.codigo_interno).id == by_bar_code.id
    assert admin.run(catalog.find_by_code, "780") is None
    admin.run(service.delete_product, by_bar_code.id)
    assert admin.run(catalog.find_by_code, "7801").id == by_code.id


def test_favourites(admin):
    first, _second = create_product(admin, nombre="B"), create_product(admin, nombre="A")
    admin.run(catalog.set_favourite, first.id, True)
    assert [(t.id, t.is_favorite) for t in admin.run(catalog.favourites)] == [(first.id, True)]
    admin.run(catalog.set_favourite, first.id, False)
    assert admin.run(catalog.favourites) == []
    with pytest.raises(ProductNotFound):
        admin.run(catalog.set_favourite, 10**9, True)
