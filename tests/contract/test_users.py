"""/users and /roles over HTTP."""

from tests.factories import PASSWORD, new_rut
from tests.shop import Door, Shop, bearer, done, login

USER = {
    "id": int,
    "rut": str | None,
    "email": str | None,
    "name": str,
    "role": str | None,
    "role_id": int | None,
    "is_active": bool,
    "is_owner": bool,
    "role_obj": dict | None,
}
ADMIN_ONLY = "Acceso denegado: se requieren permisos de administrador de empresa."


def email() -> str:
    return f"u{new_rut()}@example.com".lower()


def add(door: Door, **fields) -> dict:
    body = {"full_name": "Rosa Soto", "email": email(), "password": PASSWORD} | fields
    return done(door.post("/users/", body), 201)


def refused(answer, status: int, detail: str) -> None:
    assert (answer.status_code, answer.json()["detail"]) == (status, detail)


def test_a_person_added_logs_in_and_works(shop: Shop):
    made = add(shop.door)
    for name, kind in USER.items():
        assert isinstance(made[name], kind), name
    assert made["role"] == "VENDEDOR"
    door = Door(shop.door.http, bearer(login(shop.door.http, made["email"], PASSWORD)) | tenant(shop))
    assert made in done(door.get("/users/sellers"))
    done(shop.door.delete(f"/users/{made['id']}"), 204)
    refused(door.get("/users/"), 403, "No tienes acceso a este Inquilino / Empresa.")


def tenant(shop: Shop) -> dict[str, str]:
    return {"X-Tenant-ID": str(shop.tenant_id)}


def test_refusals_of_adding(shop: Shop):
    rut = new_rut()
    first = add(shop.door, rut=rut)
    refused(shop.door.post("/users/", {"full_name": "X"}), 400, "El Email es requerido para el login")
    answer = shop.door.post("/users/", {"full_name": "X", "email": email()})
    refused(answer, 400, "Se requiere una contraseña para nuevos usuarios")
    body = {"full_name": "X", "email": email(), "password": PASSWORD}
    refused(shop.door.post("/users/", body | {"rut": rut}), 409, "El RUT ya existe en esta sucursal")
    assert done(shop.door.post("/users/", body | {"email": first["email"]}), 201) == first
    for wrong in ({"role_id": 999}, {"email": "nada"}, {"password": "corta"}, {"rut": "1-1"}, {"full_name": " "}):
        assert shop.door.post("/users/", body | wrong).status_code == 422, wrong


def test_the_limit_of_the_plan(shop: Shop):
    small = shop.platform.company()
    done(shop.platform.door.patch(f"/saas/tenants/{small.tenant_id}", {"max_users_override": 1}))
    add(small.door)
    body = {"full_name": "X", "email": email(), "password": PASSWORD}
    text = "El plan actual (Max 1) no permite agregar más usuarios a la empresa."
    refused(small.door.post("/users/", body), 400, text)


def test_refusals_of_changing_and_deleting(platform):
    company = platform.company()
    owner = add(company.door, role_id=1)
    assert owner["is_owner"]
    path = f"/users/{owner['id']}"
    refused(company.door.delete(path), 400, "No puedes desactivar al administrador principal.")
    refused(company.door.put("/users/999999", {}), 404, "Usuario no encontrado")
    refused(company.door.delete("/users/999999"), 404, "Usuario no encontrado")
    # The support user is the first person of every company; its number is never listed.
    refused(company.door.put("/users/1", {"full_name": "X"}), 403, "No se puede modificar un usuario de sistema.")
    refused(company.door.delete("/users/1"), 403, "No se puede eliminar un usuario de sistema.")
    changed = done(company.door.put(path, {"full_name": "Dueña", "password": "otra clave larga"}))
    assert changed["name"] == "Dueña"
    assert login(company.door.http, owner["email"], "otra clave larga")


def test_roles(shop: Shop, platform, seller: Door):
    company = platform.company()
    listed = done(company.door.get("/roles/"))
    assert [role["name"] for role in listed] == ["ADMINISTRADOR", "VENDEDOR", "BODEGUERO"]
    assert done(company.door.get("/roles/2")) == listed[1]
    changed = done(company.door.put("/roles/2", {"can_view_reports": True, "name": "OTRO"}))
    assert (changed["name"], changed["can_view_reports"], changed["can_perform_sales"]) == ("VENDEDOR", True, True)
    refused(company.door.get("/roles/99"), 404, "Rol no encontrado")
    refused(company.door.put("/roles/99", {}), 404, "Rol no encontrado")
    assert company.door.put("/roles/1", {"can_manage_users": False}).status_code == 422
    refused(seller.get("/roles/"), 403, ADMIN_ONLY)
    assert company.door.post("/roles/", {"name": "X"}).status_code == 405
    assert company.door.delete("/roles/2").status_code == 405


def test_a_manager_gives_no_administrator(platform):
    company = platform.company()
    done(company.door.put("/roles/3", {"can_manage_users": True}))
    manager = company.person("BODEGUERO")
    body = {"full_name": "X", "email": email(), "password": PASSWORD, "role_id": 1}
    refused(manager.post("/users/", body), 403, ADMIN_ONLY)
    assert add(manager)["role"] == "VENDEDOR"
