"""What is typed into a search is only ever looked for: whatever it is made of, it finds the rows that contain it."""

import pytest
from sqlalchemy import Engine

from tests.factories import Member, create_company, create_member, create_product
from torn_app.infra.search import grams
from torn_app.kernel.paging import Page
from torn_app.products.service import list_products

ODD = (
    "o'higgins",
    "a''b",
    "back\\slash",
    "trailing\\",
    "100%",
    "50%_off",
    "under_score",
    'quo"ted',
    "{curly,braces}",
    "col:on",
    "%(name)s",
    "%s",
    "$1;--",
    "e'\\x27",
    "null",
    "ñandú/2",
)


@pytest.fixture(scope="module")
def owner(engine: Engine) -> Member:
    """A company with one product of each odd name."""
    owner = create_member(engine, create_company(engine))
    for name in ODD:
        create_product(owner, nombre=name)
    return owner


def found(owner: Member, q: str) -> list[str]:
    return sorted(row.nombre for row in owner.run(list_products, Page(limit=100), q).rows)


@pytest.mark.parametrize("name", ODD)
def test_each_name_finds_itself(owner: Member, name: str) -> None:
    assert found(owner, name) == [name]


@pytest.mark.parametrize(
    ("part", "names"),
    [
        ("'", ["a''b", "e'\\x27", "o'higgins"]),
        ("''", ["a''b"]),
        ("\\", ["back\\slash", "e'\\x27", "trailing\\"]),
        ("%", ["%(name)s", "%s", "100%", "50%_off"]),
        ("%s", ["%s"]),
        ("_", ["50%_off", "under_score"]),
        ("%_", ["50%_off"]),
        ("' OR '1'='1", []),
        ("{curly,", ["{curly,braces}"]),
        ("NULL", ["null"]),
    ],
)
def test_a_part_finds_what_contains_it_and_nothing_else(owner: Member, part: str, names: list[str]) -> None:
    assert found(owner, part) == names


def test_pieces() -> None:
    assert (grams("a"), grams("ab"), grams("abcd")) == ([], ["ab"], ["abc", "bcd"])
