"""What a count comes to and how a difference is told."""

import pytest

from torn_app.cash.rules import CountRefused, coin_key, difference, read_count


def test_pieces_add_up_and_are_kept_by_denomination():
    form = {"way": "coins", coin_key(20_000): "2", coin_key(500): " 3 ", coin_key(10): "", coin_key(1_000): "0"}
    assert read_count(form) == (41_500, {"20000": 2, "500": 3})


def test_an_empty_drawer_is_a_zero_written_down():
    assert read_count({"way": "coins", coin_key(10): "0"}) == (0, {})
    with pytest.raises(CountRefused, match="vacío"):
        read_count({"way": "coins"})


def test_a_plain_amount_names_no_pieces():
    assert read_count({"way": "total", "total": "$435.770", coin_key(500): "9"}) == (435_770, None)
    with pytest.raises(CountRefused):
        read_count({"way": "total", "total": " "})


@pytest.mark.parametrize("text", ["-1", "1,5", "dos", "²", "1e3", "9" * 13])
def test_what_is_no_number_of_pieces_is_refused(text):
    with pytest.raises(CountRefused):
        read_count({coin_key(100): text})


@pytest.mark.parametrize("form", [{coin_key(10): "100001"}, {"way": "total", "total": "1000000001"}])
def test_more_than_a_drawer_holds_is_refused(form):
    with pytest.raises(CountRefused, match=r"demasiado grande|cabe"):
        read_count(form)


@pytest.mark.parametrize(
    ("declared", "expected", "title", "tone"),
    [(50_000, 50_000, "Cuadrada", "ok"), (48_010, 50_000, "Faltan $1.990", "bad"), (500, 0, "Sobran $500", "warn")],
)
def test_a_difference_is_told_in_words(declared, expected, title, tone):
    told = difference(declared, expected)
    assert (told.title, told.tone) == (title, tone)
    assert told.text.startswith("Contó $")
