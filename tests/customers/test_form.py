"""What the form of a customer is read as."""

import pytest

from torn_app.customers.clientes_view import balance_words, read_form, read_rut

TYPED = {"rut": "77.203.415-6", "razon_social": "Constructora Quillay SpA", "giro": " ", "email": ""}


def test_a_rut_in_any_spelling_and_empty_texts_as_none():
    fields, errors = read_form(TYPED, gives_credit=False)
    assert errors == {}
    assert (fields["rut"], fields["giro"], fields["email"]) == ("77203415-6", None, None)
    assert "dias_credito" not in fields


@pytest.mark.parametrize("text", ["", "77.203.415-1", "hola", "1", "7" * 40])
def test_a_rut_that_cannot_be_is_told_in_plain_words(text):
    rut, wrong = read_rut(text)
    assert rut == ""
    assert "RUT" in wrong


def test_each_fault_is_told_beside_its_field():
    typed = {"rut": "1-1", "razon_social": "", "comuna": "x" * 21, "email": "ana@", "dias_credito": "400"}
    assert set(read_form(typed, gives_credit=True)[1]) == {"rut", "razon_social", "comuna", "email", "dias_credito"}


def test_credit_is_read_only_from_who_gives_it():
    typed = {**TYPED, "limite_credito": "$500.000", "dias_credito": "30"}
    fields, errors = read_form(typed, gives_credit=True)
    assert errors == {}
    assert (fields["limite_credito"], fields["dias_credito"]) == (500_000, 30)


@pytest.mark.parametrize(("balance", "words"), [(12_500, "Debe $12.500"), (-300, "A favor $300"), (0, "Al día")])
def test_a_balance_in_words(balance, words):
    assert balance_words(balance)[0] == words
