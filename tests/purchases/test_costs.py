"""The cost of a product through its purchases: last or average, and back."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from torn_app.company import service as company
from torn_app.company.schemas import SettingsPatch

D = Decimal


def test_the_last_purchase_gives_the_cost_and_takes_it_back(buyer):
    bread = buyer.product(costo_unitario=D(80))
    first = buyer.buy((bread.id, 10, 100))
    second = buyer.buy((bread.id, 10, 130), (bread.id, 1, 120))
    assert buyer.cost(bread) == 120
    buyer.cancel(second)
    assert buyer.cost(bread) == 100
    buyer.cancel(first)
    assert buyer.cost(bread) == 80


def test_in_any_order(buyer):
    bread = buyer.product(costo_unitario=D(80))
    made = [buyer.buy((bread.id, 1, cost)) for cost in (100, 110, 120)]
    buyer.cancel(made[1])
    assert buyer.cost(bread) == 120
    buyer.cancel(made[2])
    assert buyer.cost(bread) == 100
    buyer.cancel(made[0])
    assert buyer.cost(bread) == 80


def test_correcting_an_older_purchase_leaves_the_newer_cost(buyer):
    bread, cheese = buyer.product(costo_unitario=D(80)), buyer.product(costo_unitario=D(50))
    first = buyer.buy((bread.id, 1, 100))
    second = buyer.buy((bread.id, 1, 120), (cheese.id, 1, 60))
    first = buyer.edit(first, (bread.id, 1, 105), (cheese.id, 1, 55))
    assert (buyer.cost(bread), buyer.cost(cheese)) == (120, 60)
    buyer.cancel(second)
    assert (buyer.cost(bread), buyer.cost(cheese)) == (105, 55)
    buyer.edit(first, (cheese.id, 2, 56))
    assert (buyer.cost(bread), buyer.cost(cheese)) == (80, 56)


def test_a_cost_given_by_hand_stays(buyer):
    bread = buyer.product(costo_unitario=D(80))
    made = buyer.buy((bread.id, 10, 100))
    buyer.set_cost(bread, 90)
    made = buyer.edit(made, (bread.id, 11, 100))
    assert buyer.cost(bread) == 90
    made = buyer.edit(made, (bread.id, 11, 104))
    assert buyer.cost(bread) == 104
    buyer.set_cost(bread, 90)
    buyer.cancel(made)
    assert buyer.cost(bread) == 90


def test_the_average_weighs_what_is_on_the_shelf(buyer):
    buyer.method("PROMEDIO")
    bread = buyer.product(costo_unitario=D(100), stock="10")
    buyer.buy((bread.id, 20, 190), (bread.id, 10, 220))
    assert buyer.cost(bread) == 175
    buyer.take(bread, 40)
    buyer.buy((bread.id, 2, 300))
    assert buyer.cost(bread) == 300


def test_the_average_goes_back(buyer):
    buyer.method("PROMEDIO")
    bread = buyer.product(costo_unitario=D(100), stock="3")
    first = buyer.buy((bread.id, 7, "133.333333"))
    found = buyer.cost(bread)
    buyer.take(bread, 1)
    second = buyer.buy((bread.id, 9, 211))
    buyer.cancel(second)
    assert buyer.cost(bread) == found
    buyer.cancel(first)
    assert buyer.cost(bread) == 100


def test_taking_an_older_purchase_out_of_the_average_keeps_the_value_of_the_rest(buyer):
    buyer.method("PROMEDIO")
    bread = buyer.product(costo_unitario=D(80))
    first = buyer.buy((bread.id, 10, 100))
    second = buyer.buy((bread.id, 10, 200))
    assert buyer.cost(bread) == 150
    first = buyer.edit(first, (bread.id, 10, 120))
    assert buyer.cost(bread) == 160
    buyer.cancel(first)
    assert buyer.cost(bread) == 200
    buyer.cancel(second)
    assert (buyer.cost(bread), buyer.stock(bread)) == (200, 0)


def test_what_is_not_counted_takes_the_cost_of_the_purchase(buyer):
    buyer.method("PROMEDIO")
    service = buyer.product(stock=None, costo_unitario=D(5))
    buyer.buy((service.id, 1, 100), (service.id, 3, 200))
    assert buyer.cost(service) == 175


def test_the_method_is_a_preference_of_the_company(buyer):
    assert buyer.member.run(company.get_settings).metodo_costo == "ULTIMO"
    buyer.method("PROMEDIO")
    kept = buyer.member.run(company.update_settings, SettingsPatch(print_format="carta", metodo_costo=None))
    assert (kept.metodo_costo, kept.print_format) == ("PROMEDIO", "carta")
    with pytest.raises(ValidationError):
        SettingsPatch(metodo_costo="FIFO")
