"""Providers through their use cases."""

import pytest

from tests.factories import create_member, new_rut
from torn_app.kernel.errors import NotAllowed
from torn_app.kernel.paging import Page
from torn_app.kernel.permissions import BODEGUERO, VENDEDOR
from torn_app.kernel.rut import format_rut
from torn_app.purchases import providers
from torn_app.purchases.errors import ProviderExists, ProviderNotFound
from torn_app.purchases.schemas import ProviderIn, ProviderPatch


def test_one_rut_one_provider(buyer):
    rut = buyer.provider.rut
    with pytest.raises(ProviderExists, match=f"Ya existe un proveedor con RUT {rut}"):
        buyer.member.run(providers.create_provider, ProviderIn(rut=format_rut(rut), razon_social="Otra"))
    other = buyer.member.run(providers.create_provider, ProviderIn(rut=new_rut(), razon_social="Otra"))
    with pytest.raises(ProviderExists):
        buyer.member.run(providers.update_provider, other.id, ProviderPatch(rut=rut))


def test_search_reads_any_spelling_and_stops_at_ten(buyer):
    run, made = buyer.member.run, buyer.provider
    for q in ("nandu", "ÑANDÚ ltda", made.rut, format_rut(made.rut), made.rut.replace("-", ""), made.rut[:6]):
        assert made in run(providers.search_providers, q), q
    assert [run(providers.search_providers, q) for q in ("", " ", "%", "nadie")] == [[], [], [], []]
    for _ in range(12):
        run(providers.create_provider, ProviderIn(rut=new_rut(), razon_social="Repetido"))
    assert len(run(providers.search_providers, "repetido")) == 10
    everybody = run(providers.list_providers, Page(count=True))
    assert everybody.total == len(everybody.rows) == 13
    assert run(providers.list_providers, Page(after=made.id)).rows == everybody.rows[1:]


def test_a_deactivated_one_leaves_the_lists_and_comes_back_by_a_change(buyer):
    run, made = buyer.member.run, buyer.provider
    product = buyer.product()
    bought = buyer.buy((product.id, 1, 10))
    assert run(providers.delete_provider, made.id).detail == "Proveedor desactivado"
    assert made.id not in [row.id for row in run(providers.list_providers, Page()).rows]
    assert made.id in [row.id for row in run(providers.list_providers, Page(), include_inactive=True).rows]
    assert run(providers.search_providers, made.rut) == []
    assert not run(providers.get_provider, made.id).is_active
    # Nothing new is bought from it, but what was can still be corrected.
    with pytest.raises(ProviderNotFound):
        buyer.buy((product.id, 1, 10))
    assert buyer.edit(bought, (product.id, 2, 10)).details[0].cantidad == 2
    back = run(providers.update_provider, made.id, ProviderPatch(is_active=True, razon_social="", giro="Abarrotes"))
    assert (back.is_active, back.razon_social, back.giro) == (True, made.razon_social, "Abarrotes")
    assert back in run(providers.list_providers, Page()).rows


def test_unknown(buyer):
    for use_case in (providers.get_provider, providers.delete_provider):
        with pytest.raises(ProviderNotFound, match="Proveedor no encontrado"):
            buyer.member.run(use_case, 999)


def test_who_may(engine, buyer):
    keeper = create_member(engine, buyer.member.company, role=BODEGUERO)
    seller = create_member(engine, buyer.member.company, role=VENDEDOR)
    data = ProviderIn(rut=new_rut(), razon_social="Nueva")
    assert seller.run(providers.get_provider, buyer.provider.id) == buyer.provider
    with pytest.raises(NotAllowed):
        seller.run(providers.create_provider, data)
    assert keeper.run(providers.create_provider, data).is_active
