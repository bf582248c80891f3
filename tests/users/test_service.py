"""Reading the people of a company."""

from sqlalchemy import Engine

from tests.factories import create_company, create_member
from torn_app.infra.work import Work
from torn_app.kernel.permissions import ADMINISTRADOR, BODEGUERO, VENDEDOR
from torn_app.users import service
from torn_app.users.models import Staff


def test_people_and_sellers(engine: Engine):
    company = create_company(engine)
    owner, second, seller, gone = (
        create_member(engine, company, role=role) for role in (ADMINISTRADOR, ADMINISTRADOR, VENDEDOR, VENDEDOR)
    )
    keeper = create_member(engine, company, role=BODEGUERO)

    def dismiss(work: Work) -> None:
        row = work.session.get(Staff, gone.staff_id)
        row.is_active = False
        work.session.add(row)

    owner.run(dismiss)
    everybody = seller.run(service.list_users)
    assert [u.id for u in everybody] == [owner.staff_id, second.staff_id, seller.staff_id, keeper.staff_id]
    assert [u.is_owner for u in everybody] == [True, False, False, False]
    assert everybody[2].role_obj.name == VENDEDOR
    assert [u.id for u in seller.run(service.list_sellers)] == [seller.staff_id]
    assert [u.id for u in seller.run(service.list_users, BODEGUERO)] == [keeper.staff_id]
    assert seller.run(service.list_users, "vendedor") == seller.run(service.list_users, "") == []
