"""The printed page of a purchase."""

import pytest
from sqlalchemy import text

from torn_app.company.errors import IssuerMissing
from torn_app.infra.work import Work
from torn_app.purchases import printing


def test_nothing_is_printed_without_an_issuer(buyer):
    bread = buyer.product()
    made = buyer.buy((bread.id, 1, 100))
    assert "Compra N° " in buyer.member.run(printing.purchase_html, made.id)

    def forget(work: Work) -> None:
        work.session.connection().execute(text(f'DELETE FROM "{work.session.schema}".issuer'))

    buyer.member.run(forget)
    with pytest.raises(IssuerMissing, match="Use PUT /issuer/ primero"):
        buyer.member.run(printing.purchase_html, made.id)
