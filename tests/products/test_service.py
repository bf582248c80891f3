"""Products, variants and brands through their use cases."""

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from sqlalchemy import Engine

from tests.factories import Member, create_company, create_member, create_product
from torn_app.company.models import Tax
from torn_app.infra.work import Work
from torn_app.kernel.errors import NotAllowed
from torn_app.kernel.paging import Page
from torn_app.kernel.permissions import BODEGUERO, VENDEDOR
from torn_app.products import brands, service
from torn_app.products.errors import (
    BarcodeTaken,
    BrandExists,
    BrandNotFound,
    BrandUnknown,
    CodeRepeated,
    CodeTaken,
    ParentIsVariant,
    ParentUnknown,
    ProductNotFound,
    ProductUnknown,
    RateNotOnDocuments,
    TaxUnknown,
)
from torn_app.products.schemas import (
    BrandIn,
    BrandPatch,
    ProductOut,
    ProductPatch,
    ProductWithVariantsIn,
    StockCountIn,
    VariantIn,
)

D = Decimal


@pytest.fixture
def admin(engine: Engine) -> Member:
    """Of a company of its own: what there is, the test made."""
    return create_member(engine, create_company(engine))


def kardex(member: Member, product_id: int) -> list[tuple[str, str, Decimal, Decimal, str | None]]:
    rows = member.run(service.list_movements, product_id, Page()).rows[::-1]
    return [(m.tipo, m.motivo, m.cantidad, m.balance_after, m.description) for m in rows]


def exempt_tax(member: Member, rate: str = "0") -> int:
    def add(work: Work) -> int:
        tax = Tax(name=f"Tasa {rate}", rate=D(rate))
        work.session.add(tax)
        work.session.flush()
        return tax.id

    return member.run(add)


def with_variants(**fields) -> ProductWithVariantsIn:
    names = fields.pop("names", ["Roja", "Azul"])
    variants = [VariantIn(nombre=name, precio_neto=D(1000), stock_actual=D(3)) for name in names]
    return ProductWithVariantsIn(nombre="Polera", variants=variants, **fields)


def test_a_plain_product_gets_its_codes_and_its_gross_price(admin):
    made = create_product(admin, nombre="  Pan   de molde ", precio_neto="831.932773")
    assert (made.nombre, made.full_name) == ("Pan de molde", "Pan de molde")
    assert made.codigo_interno == "PROD-00001"
    assert made.codigo_barras == f"200{made.id:09d}" + made.codigo_barras[-1]
    assert (made.precio_bruto, made.stock_actual, made.unidad_medida, made.variants) == (D(990), D(0), "unidad", [])
    assert admin.run(service.get_by_code, "PROD-00001") == made


def test_exempt_product_costs_its_net_price(admin):
    assert create_product(admin, precio_neto="1000", tax_id=exempt_tax(admin)).precio_bruto == D(1000)


def test_opening_stock_is_in_the_kardex(admin):
    made = create_product(admin, stock="12.5")
    assert made.stock_actual == D("12.5")
    assert kardex(admin, made.id) == [("ENTRADA", "INICIAL", D("12.5"), D("12.5"), "Stock inicial")]


def test_codes_follow_the_highest_even_of_what_was_deleted(admin):
    create_product(admin, codigo_interno="PROD-00041")
    create_product(admin, codigo_interno="PROD-XYZ")
    second = create_product(admin)
    assert second.codigo_interno == "PROD-00042"
    admin.run(service.delete_product, second.id)
    assert create_product(admin).codigo_interno == "PROD-00043"


def test_codes_are_never_given_twice_to_tills_that_create_at_once(admin):
    together = threading.Barrier(8)

    def create(_: int) -> list[str]:
        together.wait()
        return [create_product(admin).codigo_interno for _ in range(3)]

    with ThreadPoolExecutor(8) as pool:
        codes = [code for part in pool.map(create, range(8)) for code in part]
    assert sorted(codes) == [f"PROD-{n:05d}" for n in range(1, 25)]


def test_codes_of_others_are_refused(admin):
    first = create_product(admin, codigo_interno="A-1", codigo_barras="7801")
    with pytest.raises(CodeTaken, match="Ya existe un producto con código A-1"):
        create_product(admin, codigo_interno="A-1")
    with pytest.raises(BarcodeTaken):
        create_product(admin, codigo_barras="7801")
    other = create_product(admin, codigo_interno="A-2")
    with pytest.raises(CodeTaken):
        admin.run(service.update_product, other.id, ProductPatch(codigo_interno="A-1"))
    with pytest.raises(BarcodeTaken):
        admin.run(service.update_product, other.id, ProductPatch(codigo_barras="7801"))
    same = admin.run(service.update_product, first.id, ProductPatch(codigo_interno="A-1", codigo_barras="7801"))
    assert same.codigo_interno == "A-1"


def test_two_tills_cannot_take_one_code_together(admin):
    together = threading.Barrier(6)

    def create(_: int) -> bool:
        together.wait()
        try:
            create_product(admin, codigo_interno="UNICO")
        except CodeTaken:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(create, range(6))) == 1


@pytest.mark.parametrize(
    ("fields", "refusal", "field"),
    [
        ({"brand_id": 999}, BrandUnknown, "brand_id"),
        ({"tax_id": 999}, TaxUnknown, "tax_id"),
        ({"parent_id": 999}, ParentUnknown, "parent_id"),
    ],
)
def test_what_does_not_exist_is_named(admin, fields, refusal, field):
    with pytest.raises(refusal, match="999") as refused:
        create_product(admin, **fields)
    assert refused.value.field == field
    assert admin.run(service.list_products, Page()).rows == []


def test_a_variant_is_named_after_its_parent_and_gets_no_bar_code(admin):
    parent = create_product(admin, nombre="Polera")
    variant = create_product(admin, nombre="Roja M", parent_id=parent.id)
    assert (variant.full_name, variant.codigo_barras, variant.parent_id) == ("Polera Roja M", None, parent.id)
    with pytest.raises(ParentIsVariant):
        create_product(admin, parent_id=variant.id)


def test_renaming_the_parent_renames_its_variants(admin):
    parent = create_product(admin, nombre="Polera")
    create_product(admin, nombre="Roja", parent_id=parent.id)
    renamed = admin.run(service.update_product, parent.id, ProductPatch(nombre="Camiseta"))
    assert [v.full_name for v in renamed.variants] == ["Camiseta Roja"]
    assert [p.full_name for p in admin.run(service.list_products, Page(), "camiseta roja").rows] == ["Camiseta Roja"]


def test_product_and_variants_are_made_together(admin):
    brand = admin.run(brands.create_brand, BrandIn(name="Sur"))
    tax = exempt_tax(admin)
    data = with_variants(codigo_interno="POL", controla_stock=True, stock_minimo=D(2), brand_id=brand.id, tax_id=tax)
    parent = admin.run(service.create_with_variants, data)
    assert (parent.controla_stock, parent.stock_actual, parent.codigo_barras) == (False, D(0), None)
    red, blue = parent.variants
    assert (red.codigo_interno, blue.codigo_interno) == ("POL-V01", "POL-V02")
    assert (red.full_name, red.controla_stock, red.stock_actual, red.stock_minimo) == ("Polera Roja", True, D(3), D(2))
    assert (red.brand, red.tax_id, red.parent_id) == (brand, tax, parent.id)
    assert len(red.codigo_barras) == 13
    assert kardex(admin, red.id) == [("ENTRADA", "INICIAL", D(3), D(3), "Stock inicial")]


def test_a_taken_variant_code_is_made_unique(admin):
    create_product(admin, codigo_interno="POL-V02")
    parent = admin.run(service.create_with_variants, with_variants(codigo_interno="POL"))
    assert [v.codigo_interno for v in parent.variants] == ["POL-V01", f"POL-V02-{parent.id}"]


def test_without_variants_it_is_a_plain_product(admin):
    made = admin.run(service.create_with_variants, with_variants(names=[], controla_stock=True))
    assert (made.controla_stock, len(made.codigo_barras), made.variants) == (True, 13, [])


def test_variants_with_one_code_are_refused_whole(admin):
    data = with_variants()
    for variant in data.variants:
        variant.codigo_barras = "7801"
    with pytest.raises(CodeRepeated, match="7801"):
        admin.run(service.create_with_variants, data)
    assert admin.run(service.list_products, Page()).rows == []


def test_list_is_flat_and_nested_newest_first(admin):
    parent = admin.run(service.create_with_variants, with_variants())
    single = create_product(admin)
    for page in (Page(), Page(limit=10)):
        rows = admin.run(service.list_products, page).rows
        assert [p.id for p in rows] == [single.id, parent.variants[1].id, parent.variants[0].id, parent.id]
        assert [v.id for v in rows[-1].variants] == [v.id for v in parent.variants]
        assert rows[-1] == parent


def test_list_pages_and_searches(admin):
    made = [create_product(admin, nombre=f"Café {'kxyzw'[n]}", codigo_barras=f"780{n}") for n in range(5)]

    def ids(page: Page, q: str | None = None) -> list[int]:
        return [p.id for p in admin.run(service.list_products, page, q).rows]

    newest = [p.id for p in made][::-1]
    assert ids(Page(limit=2)) == newest[:2]
    assert ids(Page(skip=2, limit=2)) == ids(Page(after=newest[1], limit=2)) == newest[2:4]
    assert ids(Page(), "CAFE Z") == ids(Page(), "7803") == ids(Page(), "prod-00004") == [made[3].id]
    assert ids(Page(), "%") == ids(Page(), "té") == []
    assert admin.run(service.list_products, Page(limit=1, count=True), "cafe").total == 5


def test_change_is_partial(admin):
    brand = admin.run(brands.create_brand, BrandIn(name="Sur"))
    made = create_product(admin, descripcion="algo", brand_id=brand.id, categoria="Panes")
    changed = admin.run(
        service.update_product, made.id, ProductPatch(precio_neto=D(500), nombre=None, codigo_interno="")
    )
    assert (changed.precio_neto, changed.nombre, changed.codigo_interno) == (D(500), made.nombre, "PROD-00001")
    assert (changed.brand, changed.descripcion, changed.categoria) == (brand, "algo", "Panes")
    assert changed.updated_at is not None
    cleared = admin.run(service.update_product, made.id, ProductPatch(brand_id=None, descripcion=None))
    assert (cleared.brand, cleared.brand_id, cleared.descripcion) == (None, None, None)


def test_setting_stock_leaves_a_trace(admin):
    made = create_product(admin, stock="10")
    assert admin.run(service.update_product, made.id, ProductPatch(stock_actual=D(4))).stock_actual == D(4)
    admin.run(service.update_product, made.id, ProductPatch(stock_actual=D(4)))
    counted = admin.run(
        service.adjust_stock, made.id, StockCountIn(cantidad_contada=D(5), motivo="Conteo", nota="bodega")
    )
    assert counted.stock_actual == D(5)
    assert kardex(admin, made.id)[1:] == [
        ("SALIDA", "AJUSTE", D(6), D(4), "Edición del producto"),
        ("ENTRADA", "AJUSTE", D(1), D(5), "Conteo: bodega"),
    ]


def test_deleting_takes_the_variants_and_frees_the_codes(admin):
    parent = admin.run(service.create_with_variants, with_variants(codigo_interno="POL"))
    admin.run(service.delete_product, parent.id)
    assert admin.run(service.list_products, Page()).rows == []
    with pytest.raises(ProductUnknown, match="POL"):
        admin.run(service.get_by_code, "POL")
    for again in (service.delete_product, lambda work, pid: service.update_product(work, pid, ProductPatch())):
        with pytest.raises(ProductNotFound):
            admin.run(again, parent.id)
    assert admin.run(service.create_with_variants, with_variants(codigo_interno="POL")).id != parent.id
    assert admin.run(service.describe_products, {parent.id})[parent.id].is_deleted


def test_stock_list_shows_active_ones_only(admin):
    active, sleeping = create_product(admin), create_product(admin)
    admin.run(service.update_product, sleeping.id, ProductPatch(is_active=False))
    assert [p.id for p in admin.run(service.list_stock, Page()).rows] == [active.id]
    assert len(admin.run(service.list_products, Page()).rows) == 2


def test_facts_for_a_sale(admin):
    exempt = create_product(admin, tax_id=exempt_tax(admin), costo_unitario=D(300), stock="7")
    plain = create_product(admin)
    odd = create_product(admin, tax_id=exempt_tax(admin, "0.1"))
    found = admin.run(service.load_for_sale, {exempt.id, plain.id, odd.id, 10**12})
    assert set(found) == {exempt.id, plain.id, odd.id}
    facts = found[exempt.id]
    assert (facts.stock, facts.costo_unitario, facts.is_exempt, facts.rate) == (D(7), D(300), True, D(0))
    assert (found[plain.id].tax_rate, found[plain.id].is_exempt, found[plain.id].rate) == (None, False, D("0.19"))
    with pytest.raises(RateNotOnDocuments, match="10 %"):
        _ = found[odd.id].is_exempt
    assert service.product_out(facts, D(6)).model_copy(update={"stock_actual": D(7)}) == exempt
    assert isinstance(service.product_out(facts), ProductOut)


def test_who_may_change_the_catalogue(engine, admin):
    seller = create_member(engine, admin.company, role=VENDEDOR)
    with pytest.raises(NotAllowed):
        create_product(seller)
    keeper = create_member(engine, admin.company, role=BODEGUERO)
    assert create_product(keeper).id in [p.id for p in seller.run(service.list_products, Page()).rows]


def test_brands(admin):
    north, south = (admin.run(brands.create_brand, BrandIn(name=name)) for name in ("Norte", "Altos del Sur"))
    with pytest.raises(BrandExists, match="Ya existe una marca con nombre 'Norte'"):
        admin.run(brands.create_brand, BrandIn(name="Norte"))
    with pytest.raises(BrandExists):
        admin.run(brands.update_brand, south.id, BrandPatch(name="Norte"))
    assert admin.run(brands.update_brand, north.id, BrandPatch(name=" ")).name == "Norte"
    assert admin.run(brands.update_brand, north.id, BrandPatch(name="Zona Norte")).name == "Zona Norte"
    assert [b.name for b in admin.run(brands.list_brands)] == ["Altos del Sur", "Zona Norte"]
    product = create_product(admin, brand_id=north.id)
    admin.run(brands.delete_brand, north.id)
    assert admin.run(service.get_by_code, product.codigo_interno).brand_id is None
    with pytest.raises(BrandNotFound, match=f"Marca con ID {north.id} no encontrada"):
        admin.run(brands.delete_brand, north.id)
