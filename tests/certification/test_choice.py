"""Which documents make a simulation."""

from torn_app.certification.choice import Candidate, choose, one_of_each


def many(tipo: int, ids: range) -> list[Candidate]:
    return [Candidate(id=key, tipo=tipo, folio=key) for key in ids]


def test_all_of_them_when_they_fit() -> None:
    assert choose(many(33, range(1, 13)), 100) == tuple(range(1, 13))


def test_each_kind_has_its_share_and_at_least_one() -> None:
    found = many(33, range(1, 901)) + many(34, range(901, 1000)) + [Candidate(id=5000, tipo=52, folio=1, traslado=1)]
    chosen = choose(found, 100)
    assert len(chosen) == 100
    # 99 of 1000 are 9.9 of 100; the single guide is there; the rest, the newest, are of the most usual kind.
    assert [sum(lowest <= key <= highest for key in chosen) for lowest, highest in ((1, 900), (901, 999))] == [90, 9]
    assert 5000 in chosen
    assert [key for key in chosen if key <= 900] == list(range(811, 901))


def test_a_note_goes_with_what_it_corrects_or_not_at_all() -> None:
    old, others = Candidate(id=1, tipo=33, folio=7), many(33, range(10, 210))
    note = Candidate(id=300, tipo=61, folio=1, corrects=((33, 7),))
    cancels = Candidate(id=301, tipo=56, folio=1, corrects=((61, 1),))
    of_a_boleta = Candidate(id=302, tipo=61, folio=2, corrects=((39, 4),))
    chosen = choose([old, *others, note, cancels, of_a_boleta], 100)
    assert {1, 300, 301} <= set(chosen)
    assert 302 not in chosen
    assert len(chosen) == 100


def test_a_note_of_what_is_not_there_stays_out_even_with_room() -> None:
    of_a_boleta = Candidate(id=50, tipo=61, folio=2, corrects=((39, 4),))
    cancels_it = Candidate(id=51, tipo=56, folio=2, corrects=((61, 2),))
    assert choose([*many(33, range(1, 11)), of_a_boleta, cancels_it], 100) == tuple(range(1, 11))


def test_notes_that_correct_each_other_are_left_out_of_no_loop() -> None:
    a = Candidate(id=1, tipo=61, folio=1, corrects=((56, 1),))
    b = Candidate(id=2, tipo=56, folio=1, corrects=((61, 1),))
    assert choose([a, b], 100) == (1, 2)


def test_one_of_each() -> None:
    assert one_of_each([(1, (33, None)), (2, (33, None)), (3, (52, 1)), (4, (52, 5)), (5, (52, 1))]) == {1, 3, 4}
