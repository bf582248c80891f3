"""Issuer, taxes and settings through their use cases."""

from decimal import Decimal

import pytest
from sqlalchemy import Engine

from tests.factories import Member, create_company, create_member, new_rut
from torn_app.company import service
from torn_app.company.errors import DefaultTaxUnknown, IssuerIncomplete, IssuerNotRegistered, TaxNotFound
from torn_app.company.models import Issuer
from torn_app.company.schemas import IssuerPatch, SettingsPatch, TaxIn, TaxPatch
from torn_app.infra.work import Work
from torn_app.kernel.errors import AdminRequired
from torn_app.kernel.permissions import BODEGUERO

D = Decimal


@pytest.fixture(scope="module")
def admin(engine: Engine) -> Member:
    return create_member(engine, create_company(engine))


def test_changing_the_issuer_is_partial(admin):
    before = admin.run(service.get_issuer)
    after = admin.run(
        service.update_issuer, IssuerPatch(giro="Panadería", website="https://x.cl", rut=None, acteco=None)
    )
    assert (after.giro, after.website, after.rut, after.acteco) == (
        "Panadería",
        "https://x.cl",
        before.rut,
        before.acteco,
    )
    assert after.updated_at is not None
    assert after.created_at == before.created_at
    assert admin.run(service.update_issuer, IssuerPatch(website="")).website is None


def test_the_first_time_the_essentials_are_needed(admin):
    def forget(work: Work) -> None:
        work.session.delete(work.session.get(Issuer, 1))

    rut = admin.run(service.get_issuer).rut
    admin.run(forget)
    with pytest.raises(IssuerNotRegistered):
        admin.run(service.get_issuer)
    for essentials, field in (({}, "rut"), ({"rut": rut, "razon_social": "A", "giro": "B"}, "acteco")):
        with pytest.raises(IssuerIncomplete) as refused:
            admin.run(service.update_issuer, IssuerPatch(**essentials))
        assert refused.value.field == field
    made = admin.run(service.update_issuer, IssuerPatch(rut=rut, razon_social="A", giro="B", acteco="471100"))
    assert (made.ambiente, made.razon_social, made.updated_at) == ("PRUEBA", "A", None)


def test_only_one_tax_is_the_default(admin):
    def defaults() -> list[str]:
        return [tax.name for tax in admin.run(service.list_taxes) if tax.is_default]

    assert defaults() == ["IVA 19%"]
    other = admin.run(service.create_tax, TaxIn(name="Otro", rate=D("0.1"), is_default=True))
    assert defaults() == ["Otro"]
    vat = admin.run(service.list_taxes)[0]
    assert admin.run(service.update_tax, vat.id, TaxPatch(is_default=True)).is_default
    assert defaults() == ["IVA 19%"]
    again = admin.run(service.update_tax, vat.id, TaxPatch(is_default=True, name=None))
    assert (again.is_default, again.name, defaults()) == (True, "IVA 19%", ["IVA 19%"])
    changed = admin.run(service.update_tax, other.id, TaxPatch(is_active=False))
    assert (changed.is_active, changed.rate, changed.is_default) == (False, D("0.1"), False)
    with pytest.raises(TaxNotFound, match="Impuesto no encontrado"):
        admin.run(service.update_tax, 999, TaxPatch())


def test_settings(admin):
    before = admin.run(service.get_settings)
    assert (before.id, before.print_format) == (1, "80mm")
    assert (
        admin.run(service.update_settings, SettingsPatch(print_format="carta")).iva_default_id == before.iva_default_id
    )
    cleared = admin.run(service.update_settings, SettingsPatch(iva_default_id=None, descuento_maximo_pct=25))
    assert (cleared.print_format, cleared.iva_default_id, cleared.descuento_maximo_pct) == ("carta", None, 25)
    with pytest.raises(DefaultTaxUnknown, match="999"):
        admin.run(service.update_settings, SettingsPatch(iva_default_id=999))


def test_only_the_administrator_changes_any_of_it(engine, admin):
    keeper = create_member(engine, admin.company, role=BODEGUERO)
    for use_case, *arguments in (
        (service.update_issuer, IssuerPatch(rut=new_rut())),
        (service.create_tax, TaxIn(name="X", rate=D(0))),
        (service.update_tax, 1, TaxPatch(name="X")),
        (service.update_settings, SettingsPatch()),
    ):
        with pytest.raises(AdminRequired):
            keeper.run(use_case, *arguments)
    assert keeper.run(service.get_settings).id == 1
