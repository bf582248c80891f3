"""Flaws that tills are known to be shipped with, and the test that shows each is not here.

The tests do the work elsewhere; this list keeps them from being lost: one that is renamed or deleted is missed here.
"""

import ast

import pytest

from torn_app.launch.places import ROOT

SHOWN_BY = {
    "cash is rounded the wrong way on a final 5 (Ley 20.956: 1 to 5 down, 6 to 9 up)": (
        "tests/kernel/test_values.py::test_cash_rounding_of_every_final_digit",
        "tests/sales/test_returns.py::test_cash_is_given_back_in_tens",
    ),
    "a crash leaves a number used and no sale, or a sale without its document": (
        "tests/sales/test_crash.py::test_kill_9_in_the_middle_of_a_stream_of_sales",
        "tests/sales/test_crash.py::test_a_connection_lost_inside_a_sale",
    ),
    "a key of idempotency made of a sequence comes again": (
        "tests/sales/test_crash.py::test_a_key_repeated_after_a_kill_is_one_sale",
        "tests/contract/test_idempotency.py::test_the_same_request_again_gets_the_first_answer",
    ),
    "stock is looked at without holding the shelf": (
        "tests/sales/test_concurrency.py::test_sixteen_tills_sell_the_same_thing_until_it_is_gone",
        "tests/inventory/test_service.py::test_sixteen_tills_never_oversell",
    ),
    "a debt is changed without holding the account": (
        "tests/sales/test_concurrency.py::test_a_credit_limit_holds_under_eight_threads",
        "tests/sales/test_concurrency.py::test_buying_on_credit_and_paying_at_once",
    ),
    "a product on two lines is refunded at the price of the first": (
        "tests/sales/test_returns.py::test_a_product_on_two_lines",
        "tests/sales/test_return_rules.py::test_a_product_on_two_lines_comes_back_line_by_line",
    ),
    "cash is given back without a drawer": ("tests/sales/test_returns.py::test_who_may_and_cash_from_an_open_shift",),
    "a refund on the account takes the balance below zero": (
        "tests/sales/test_returns.py::test_credit_lowers_the_debt_and_not_below_zero_unless_asked",
    ),
    "documents go one by one": (
        "tests/infra/test_jobs.py::test_a_task_takes_what_waits_in_its_company_once",
        "tests/dte/test_emision.py::test_envelopes_refuse_what_does_not_belong",
    ),
    "rejected documents are forgotten after some days": (
        "tests/sales/test_historial_view.py::test_a_search_looks_at_all_days_and_a_state_at_all_unless_days_are_named",
    ),
    "trial sales move real stock, debts and drawers": (
        "tests/sales/test_modes.py::test_leaving_prueba_takes_back_what_was_tried",
    ),
    "texts lose characters the documents may carry": (
        "tests/dte/test_textos.py::test_every_printable_character_survives",
    ),
    "what was bought without VAT gets the VAT of its product": (
        "tests/purchases/test_invoices.py::test_the_vat_preview_tells_credit_from_what_was_withheld",
    ),
    "a stamp is printed that nothing reads": (
        "tests/printing/test_pdf417.py::test_rows_are_three_modules_high_and_modules_whole_pixels",
        "tests/printing/test_escpos.py::test_the_stamp_measures_what_the_tax_service_asks",
    ),
}


@pytest.mark.parametrize("flaw", SHOWN_BY)
def test_its_test_is_there(flaw: str) -> None:
    for name in SHOWN_BY[flaw]:
        path, _, function = name.partition("::")
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert function in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, name


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_dependency_has_its_version(name: str) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    asked = [line for line in lines if line and not line.startswith((" ", "#", "-"))]
    assert asked
    assert [line for line in asked if "==" not in line] == []
