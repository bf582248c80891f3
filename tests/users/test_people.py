"""A company lets people in, changes them and lets them go."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine, text

from tests.factories import Member, create_company, create_member, new_rut
from torn_app.auth.errors import NotAMember
from torn_app.infra.work import Work
from torn_app.kernel.errors import AdminRequired, NotAllowed
from torn_app.kernel.permissions import ADMINISTRADOR, BODEGUERO, VENDEDOR
from torn_app.saas.passwords import verify_password
from torn_app.users import people, roles, service
from torn_app.users.errors import (
    AccountNotYours,
    AdministratorFixed,
    EmailRequired,
    EmailTaken,
    OwnerKeepsRole,
    OwnerStays,
    PasswordNeeded,
    RoleNotFound,
    RoleUnknown,
    RutTaken,
    SupportNotDeletable,
    SupportNotEditable,
    UserLimitReached,
    UserNotFound,
)
from torn_app.users.schemas import RoleOut, RolePatch, UserIn, UserOut, UserPatch

PASSWORD = "una clave de prueba"


@pytest.fixture
def owner(engine: Engine) -> Member:
    company = create_company(engine)
    allow(engine, company.tenant_id, 50)
    return create_member(engine, company)


@pytest.fixture
def manager(engine: Engine, owner: Member) -> Member:
    """A person who manages people without being administrator."""
    keeper = role_of(owner, BODEGUERO)
    owner.run(roles.update_role, keeper.id, RolePatch(can_manage_users=True))
    return create_member(engine, owner.company, role=BODEGUERO)


def allow(engine: Engine, tenant_id: int, people: int | None) -> None:
    with engine.begin() as connection:
        query = text("UPDATE public.tenant SET max_users_override = :n WHERE id = :id")
        connection.execute(query, {"n": people, "id": tenant_id})


def role_of(member: Member, name: str) -> RoleOut:
    return next(role for role in member.run(roles.list_roles) if role.name == name)


def email() -> str:
    return f"p{new_rut()}@example.com".lower()


def add(member: Member, **fields) -> UserOut:
    data = {"full_name": "Rosa Soto", "email": email(), "password": PASSWORD} | fields
    return member.run(people.create_user, UserIn(**data))


def as_person(member: Member, person: UserOut) -> Member:
    return Member(member.company, 0, person.id, person.email)


def stored(member: Member, person: UserOut) -> dict:
    def read(work: Work) -> dict:
        query = """SELECT a.email, a.full_name, a.password_hash, m.role_name, m.is_active FROM public.account a
                   JOIN public.membership m ON m.account_id = a.id AND m.tenant_id = :tenant WHERE a.email = :email"""
        facts = {"tenant": member.company.tenant_id, "email": person.email}
        return dict(work.session.connection().execute(text(query), facts).mappings().one())

    return member.run(read)


def test_a_person_gets_account_membership_and_staff_row(owner):
    rut = new_rut()
    made = add(owner, rut=rut)
    assert (made.rut, made.name, made.role, made.is_active, made.is_owner) == (rut, "Rosa Soto", VENDEDOR, True, False)
    assert made.role_obj == role_of(owner, VENDEDOR)
    row = stored(owner, made)
    assert (row["full_name"], row["role_name"], row["is_active"]) == ("Rosa Soto", VENDEDOR, True)
    assert verify_password(PASSWORD, row["password_hash"])
    assert made in as_person(owner, made).run(service.list_users)


def test_what_is_missing_is_said(owner):
    with pytest.raises(EmailRequired, match="El Email es requerido para el login"):
        add(owner, email=None)
    with pytest.raises(PasswordNeeded, match="Se requiere una contraseña para nuevos usuarios"):
        add(owner, password=None)
    with pytest.raises(RoleUnknown):
        add(owner, role_id=999)


def test_a_rut_names_one_person(owner):
    rut = new_rut()
    add(owner, rut=rut)
    wanted = email()
    with pytest.raises(RutTaken, match="El RUT ya existe en esta sucursal"):
        add(owner, rut=rut, email=wanted)
    # One transaction: the refused person has no account either.
    with pytest.raises(PasswordNeeded):
        add(owner, email=wanted, password=None)


def test_the_same_email_is_the_same_person(owner):
    made = add(owner)
    again = add(owner, email=made.email.upper(), full_name="Otro nombre", password="otra clave larga", role_id=None)
    assert again == made
    assert verify_password(PASSWORD, stored(owner, made)["password_hash"])


def test_an_account_of_elsewhere_is_let_in_untouched(engine, owner):
    other = create_member(engine, create_company(engine))
    seen = other.run(people.create_user, UserIn(full_name="Pedro", email=email(), password=PASSWORD))
    here = add(owner, email=seen.email, full_name="Pedro de aquí", password="intento de robo")
    row = stored(owner, here)
    assert (here.name, row["full_name"]) == ("Pedro de aquí", "Pedro")
    assert verify_password(PASSWORD, row["password_hash"])
    for change in (UserPatch(password="intento de robo"), UserPatch(email=email())):
        with pytest.raises(AccountNotYours):
            owner.run(people.update_user, here.id, change)
    renamed = owner.run(people.update_user, here.id, UserPatch(full_name="Pedro Soto", email=here.email))
    assert (renamed.name, stored(owner, here)["full_name"]) == ("Pedro Soto", "Pedro")


def test_the_plan_has_a_limit(engine, owner):
    made = add(owner)
    owner.run(people.delete_user, made.id)
    allow(engine, owner.company.tenant_id, 1)
    for attempt in (
        lambda: add(owner),
        lambda: add(owner, email=made.email),
        lambda: owner.run(people.update_user, made.id, UserPatch(is_active=True)),
    ):
        with pytest.raises(UserLimitReached, match=r"El plan actual \(Max 1\) no permite agregar más usuarios"):
            attempt()
    allow(engine, owner.company.tenant_id, 2)
    assert owner.run(people.update_user, made.id, UserPatch(is_active=True)).is_active


def test_two_at_once_do_not_both_take_the_last_place(engine, owner):
    allow(engine, owner.company.tenant_id, 3)
    together = threading.Barrier(6)

    def one(_number: int) -> bool:
        together.wait()
        try:
            add(owner)
        except UserLimitReached:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(one, range(6))) == 2
    assert len(owner.run(service.list_users)) == 3


def test_changes_reach_account_and_membership(owner):
    made = add(owner)
    keeper = role_of(owner, BODEGUERO)
    wanted = email()
    patch = UserPatch(full_name="Rosa Nueva", email=wanted, role_id=keeper.id, password="clave cambiada")
    changed = owner.run(people.update_user, made.id, patch)
    assert (changed.id, changed.name, changed.email, changed.role) == (made.id, "Rosa Nueva", wanted, BODEGUERO)
    assert changed.role_obj == keeper
    row = stored(owner, changed)
    assert (row["full_name"], row["role_name"]) == ("Rosa Nueva", BODEGUERO)
    assert verify_password("clave cambiada", row["password_hash"])
    assert owner.run(people.update_user, made.id, UserPatch(full_name="", email=None)) == changed
    with pytest.raises(EmailTaken):
        owner.run(people.update_user, made.id, UserPatch(email=owner.email))
    with pytest.raises(UserNotFound, match="Usuario no encontrado"):
        owner.run(people.update_user, 999, UserPatch())


def test_who_is_let_go_is_out_and_may_come_back(owner):
    made = add(owner)
    owner.run(people.delete_user, made.id)
    with pytest.raises(NotAMember):
        as_person(owner, made).run(service.list_users)
    assert made.id not in [person.id for person in owner.run(service.list_users)]
    assert not stored(owner, made)["is_active"]
    back = add(owner, email=made.email, password=None)
    assert (back.id, back.is_active) == (made.id, True)
    assert as_person(owner, made).run(service.list_users)


def test_ids_of_accounts_are_not_ids_of_people(engine, owner):
    """The account of one person has the number of another's staff row: the row is meant."""
    seller = add(owner)
    caller = Member(owner.company, 0, owner.staff_id, owner.email)

    def same_number(work: Work) -> None:
        work.session.connection().execute(
            text(f'UPDATE "{owner.company.schema}".staff SET id = :new WHERE id = :old').bindparams(
                new=owner.account_id + 100_000, old=owner.staff_id
            )
        )
        work.session.connection().execute(
            text(f'UPDATE "{owner.company.schema}".staff SET id = :new WHERE id = :old').bindparams(
                new=owner.account_id, old=seller.id
            )
        )

    # Identity columns take given values only this way; the table itself is what is under test afterwards.
    caller.run(same_number)
    changed = caller.run(people.update_user, owner.account_id, UserPatch(full_name="Vendedora"))
    assert (changed.email, changed.name) == (seller.email, "Vendedora")
    assert stored(owner, UserOut.model_validate(changed))["full_name"] == "Vendedora"


def test_only_an_administrator_touches_administrators(engine, owner, manager):
    admin = role_of(owner, ADMINISTRADOR)
    second = create_member(engine, owner.company, role=ADMINISTRADOR)
    seller = add(manager)
    for attempt in (
        lambda: add(manager, role_id=admin.id),
        lambda: manager.run(people.update_user, seller.id, UserPatch(role_id=admin.id)),
        lambda: manager.run(people.update_user, second.staff_id, UserPatch(password="clave robada")),
        lambda: manager.run(people.delete_user, second.staff_id),
    ):
        with pytest.raises(AdminRequired):
            attempt()
    assert owner.run(people.update_user, seller.id, UserPatch(role_id=admin.id)).role == ADMINISTRADOR
    owner.run(people.delete_user, second.staff_id)
    # A let go administrator does not come back by the hand of another.
    with pytest.raises(AdminRequired):
        add(manager, email=second.email)


def test_the_owner_and_the_support_user_stay(owner, engine):
    second = create_member(engine, owner.company, role=ADMINISTRADOR)
    with pytest.raises(OwnerStays, match="No puedes desactivar al administrador principal"):
        second.run(people.delete_user, owner.staff_id)
    with pytest.raises(OwnerStays):
        second.run(people.update_user, owner.staff_id, UserPatch(is_active=False))
    with pytest.raises(OwnerKeepsRole):
        second.run(people.update_user, owner.staff_id, UserPatch(role_id=role_of(owner, VENDEDOR).id))
    with engine.connect() as connection:
        support = connection.execute(
            text(f'SELECT id FROM "{owner.company.schema}".staff WHERE is_support')
        ).scalar_one()
    with pytest.raises(SupportNotEditable, match="No se puede modificar un usuario de sistema"):
        owner.run(people.update_user, support, UserPatch(full_name="X"))
    with pytest.raises(SupportNotDeletable, match="No se puede eliminar un usuario de sistema"):
        owner.run(people.delete_user, support)


def test_who_may_not(owner):
    seller = as_person(owner, add(owner))
    with pytest.raises(NotAllowed):
        add(seller)
    with pytest.raises(AdminRequired):
        seller.run(roles.list_roles)


def test_roles_change_what_people_may_do(owner):
    seller = role_of(owner, VENDEDOR)
    person = as_person(owner, add(owner))
    changed = owner.run(roles.update_role, seller.id, RolePatch(can_manage_users=True, description=None))
    assert (changed.can_manage_users, changed.can_perform_sales, changed.description) == (True, True, None)
    assert changed.permissions["can_manage_users"] is True
    assert add(person).role == VENDEDOR
    mapped = owner.run(roles.update_role, seller.id, RolePatch(permissions={"caja": True, "can_view_reports": True}))
    assert mapped.permissions == {"caja": True, "can_view_reports": False}
    with pytest.raises(RoleNotFound, match="Rol no encontrado"):
        owner.run(roles.get_role, 999)


@pytest.mark.parametrize(
    "patch", [RolePatch(can_perform_returns=False), RolePatch(permissions={"caja": True, "ventas": False})]
)
def test_administrator_is_not_stripped(owner, patch):
    admin = role_of(owner, ADMINISTRADOR)
    with pytest.raises(AdministratorFixed):
        owner.run(roles.update_role, admin.id, patch)
    assert owner.run(
        roles.update_role, admin.id, RolePatch(description="Dueña", permissions={"caja": True})
    ).description
