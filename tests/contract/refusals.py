"""How each documented refusal comes about, over HTTP."""

from collections.abc import Callable

import httpx

from tests.contract.refusal_world import (
    World,
    bought,
    brand,
    full,
    inactive,
    local,
    owner,
    parent,
    person,
    price_list,
    purchase,
)
from tests.factories import new_rut

ADMIN_ONLY = "Acceso denegado: se requieren permisos de administrador de empresa."
NOBODY = 999_999_999

Refusal = tuple[str, int, str]
"""Operation, status, text with its <placeholders>."""

PROVOKED: dict[Refusal, Callable[[World], httpx.Response]] = {
    # --- login ---
    ("POST /auth/login", 401, "Credenciales incorrectas"): lambda w: w.http.post(
        "/auth/login", json={"email": f"{new_rut()}@example.com", "password": "x"}
    ),
    ("POST /auth/token", 401, "Incorrect email or password"): lambda w: w.http.post(
        "/auth/token", data={"username": f"{new_rut()}@example.com", "password": "x"}
    ),
    # --- companies ---
    ("GET /saas/tenants", 403, "Not authorized"): lambda w: w.seller.get("/saas/tenants"),
    ("POST /saas/tenants", 403, "Not authorized"): lambda w: w.seller.post(
        "/saas/tenants", {"name": "Mía", "rut": new_rut()}
    ),
    ("POST /saas/tenants", 400, "Error creando el inquilino: <reason>"): lambda w: w.platform.door.post(
        "/saas/tenants", {"name": "Otra", "rut": w.shop.rut}
    ),
    ("PATCH /saas/tenants/{tenant_id}", 403, "Not authorized"): lambda w: w.seller.patch(
        f"/saas/tenants/{w.shop.tenant_id}", {"name": "Mía"}
    ),
    ("PATCH /saas/tenants/{tenant_id}", 404, "Tenant not found"): lambda w: w.platform.door.patch(
        f"/saas/tenants/{NOBODY}", {"name": "Nadie"}
    ),
    ("DELETE /saas/tenants/{tenant_id}", 403, "Not authorized"): lambda w: w.seller.delete(
        f"/saas/tenants/{w.shop.tenant_id}"
    ),
    ("DELETE /saas/tenants/{tenant_id}", 404, "Tenant not found"): lambda w: w.platform.door.delete(
        f"/saas/tenants/{NOBODY}"
    ),
    ("GET /saas/tenants/{tenant_id}/users", 403, "Not authorized"): lambda w: w.seller.get(
        f"/saas/tenants/{w.shop.tenant_id}/users"
    ),
    (
        "POST /saas/tenants/{tenant_id}/users",
        400,
        "El plan actual (Max <n>) no permite agregar más usuarios a la empresa.",
    ): lambda w: w.platform.door.post(f"/saas/tenants/{full(w).tenant_id}/users", person()),
    (
        "POST /saas/tenants/{tenant_id}/users",
        400,
        "Password is required for new core users",
    ): lambda w: w.platform.door.post(f"/saas/tenants/{w.shop.tenant_id}/users", person(password=None)),
    ("POST /saas/tenants/{tenant_id}/users", 400, "El usuario ya pertenece a esta empresa"): lambda w: [
        w.platform.door.post(f"/saas/tenants/{w.shop.tenant_id}/users", body) for body in [person()] * 2
    ][1],
    ("POST /saas/tenants/{tenant_id}/users", 403, "Not authorized"): lambda w: w.seller.post(
        f"/saas/tenants/{w.shop.tenant_id}/users", person()
    ),
    ("POST /saas/tenants/{tenant_id}/users", 404, "Tenant not found"): lambda w: w.platform.door.post(
        f"/saas/tenants/{NOBODY}/users", person()
    ),
    ("PATCH /saas/tenants/{tenant_id}/users/{user_id}", 403, "Not authorized"): lambda w: w.seller.patch(
        f"/saas/tenants/{w.shop.tenant_id}/users/1", {"role_name": "ADMINISTRADOR"}
    ),
    (
        "PATCH /saas/tenants/{tenant_id}/users/{user_id}",
        404,
        "Tenant user link not found",
    ): lambda w: w.platform.door.patch(f"/saas/tenants/{w.shop.tenant_id}/users/{NOBODY}", {"is_active": True}),
    (
        "POST /saas/tenants/{tenant_id}/inject-system-user",
        404,
        "Tenant not found",
    ): lambda w: w.platform.door.post(f"/saas/tenants/{NOBODY}/inject-system-user"),
    ("POST /saas/tenants/inject-system-users-all", 403, "Not authorized"): lambda w: w.seller.post(
        "/saas/tenants/inject-system-users-all"
    ),
    # --- customers ---
    ("POST /customers/", 409, "Ya existe un cliente con RUT <rut>"): lambda w: w.seller.post(
        "/customers/", {"rut": w.shop.customer()["rut"], "razon_social": "Otra"}
    ),
    ("POST /customers/", 422, "Value error, RUT inválido: <reason>"): lambda w: w.seller.post(
        "/customers/", {"rut": "12345678-9", "razon_social": "Otra"}
    ),
    ("GET /customers/{rut}", 404, "No se encontró un cliente con RUT <rut>"): lambda w: w.seller.get(
        f"/customers/{new_rut()}"
    ),
    ("PUT /customers/{rut}", 404, "Cliente con RUT <rut> no encontrado"): lambda w: w.seller.put(
        f"/customers/{new_rut()}", {"giro": "Otro"}
    ),
    ("PUT /customers/{rut}", 409, "Ya existe un cliente con RUT <rut>"): lambda w: w.seller.put(
        f"/customers/{w.shop.customer()['rut']}", {"rut": w.shop.customer()["rut"]}
    ),
    ("DELETE /customers/{rut}", 404, "Cliente con RUT <rut> no encontrado"): lambda w: w.shop.door.delete(
        f"/customers/{new_rut()}"
    ),
    # --- catalogue ---
    ("POST /products/", 409, "Ya existe un producto con código <sku>"): lambda w: w.shop.door.post(
        "/products/", {"nombre": "Otro", "precio_neto": 1, "codigo_interno": w.shop.product()["codigo_interno"]}
    ),
    ("POST /products/with-variants", 409, "Ya existe un producto con código <sku>"): lambda w: w.shop.door.post(
        "/products/with-variants", {"nombre": "Otro", "codigo_interno": w.shop.product()["codigo_interno"]}
    ),
    ("GET /products/{codigo}", 404, "No se encontró un producto con código <codigo>"): lambda w: w.seller.get(
        "/products/NADA"
    ),
    ("PUT /products/{product_id}", 404, "Producto no encontrado"): lambda w: w.shop.door.put(
        f"/products/{NOBODY}", {"nombre": "Nada"}
    ),
    ("PUT /products/{product_id}", 409, "Ya existe un producto con código <sku>"): lambda w: w.shop.door.put(
        f"/products/{w.shop.product()['id']}", {"codigo_interno": w.shop.product()["codigo_interno"]}
    ),
    ("DELETE /products/{product_id}", 404, "Producto no encontrado"): lambda w: w.shop.door.delete(
        f"/products/{NOBODY}"
    ),
    ("POST /brands/", 409, "Ya existe una marca con nombre '<name>'"): lambda w: brand(w, brand(w)["name"]),
    ("PUT /brands/{brand_id}", 404, "Marca con ID <id> no encontrada"): lambda w: w.shop.door.put(
        f"/brands/{NOBODY}", {"name": "Nada"}
    ),
    ("PUT /brands/{brand_id}", 409, "Ya existe una marca con nombre '<name>'"): lambda w: w.shop.door.put(
        f"/brands/{brand(w)['id']}", {"name": brand(w)["name"]}
    ),
    ("DELETE /brands/{brand_id}", 404, "Marca con ID <id> no encontrada"): lambda w: w.shop.door.delete(
        f"/brands/{NOBODY}"
    ),
    # --- price lists ---
    ("GET /price-lists/{price_list_id}", 404, "Lista de precios <id> no encontrada."): lambda w: w.seller.get(
        f"/price-lists/{NOBODY}"
    ),
    ("PUT /price-lists/{price_list_id}", 404, "Lista de precios <id> no encontrada."): lambda w: w.shop.door.put(
        f"/price-lists/{NOBODY}", {"name": "Nada"}
    ),
    ("DELETE /price-lists/{price_list_id}", 404, "Lista de precios <id> no encontrada."): lambda w: w.shop.door.delete(
        f"/price-lists/{NOBODY}"
    ),
    ("PUT /price-lists/{price_list_id}/products", 404, "Productos no encontrados: [ids]"): lambda w: w.shop.door.put(
        f"/price-lists/{price_list(w)}/products", {"items": [{"product_id": NOBODY, "fixed_price": 1}]}
    ),
    ("PUT /price-lists/{price_list_id}/products", 404, "Lista de precios <id> no encontrada."): lambda w: (
        w.shop.door.put(f"/price-lists/{NOBODY}/products", {"items": []})
    ),
    ("PUT /price-lists/{price_list_id}/customers", 404, "Clientes no encontrados: [ids]"): lambda w: w.shop.door.put(
        f"/price-lists/{price_list(w)}/customers", {"customer_ids": [NOBODY]}
    ),
    ("PUT /price-lists/{price_list_id}/customers", 404, "Lista de precios <id> no encontrada."): lambda w: (
        w.shop.door.put(f"/price-lists/{NOBODY}/customers", {"customer_ids": []})
    ),
    (
        "GET /price-lists/resolve-price/{product_id}",
        404,
        "Producto <id> no encontrado o inactivo.",
    ): lambda w: w.seller.get(f"/price-lists/resolve-price/{NOBODY}"),
    # --- sales ---
    ("POST /sales/", 409, "El vendedor (ID <id>) no tiene turno de caja abierto."): lambda w: w.seller.post(
        "/sales/", w.order((w.shop.product(), 1))
    ),
    ("POST /sales/", 404, "Cliente con RUT <rut> no encontrado"): lambda w: w.till.post(
        "/sales/", w.order((w.shop.product(), 1), rut_cliente=new_rut())
    ),
    (
        "POST /sales/",
        400,
        "Los documentos de ajuste (DTE <n>) requieren obligatoriamente referencias al documento original.",
    ): lambda w: w.till.post("/sales/", w.order((w.shop.product(), 1), tipo=56)),
    (
        "POST /sales/",
        400,
        "Las referencias de un documento de ajuste deben incluir tipo_documento, folio y sii_reason_code.",
    ): lambda w: w.till.post(
        "/sales/",
        w.order(
            (w.shop.product(), 1),
            tipo=56,
            referencias=[{"tipo_documento": "33", "folio": "1", "fecha": "2026-01-01"}],
        ),
    ),
    ("POST /sales/", 404, "Producto ID <id> no encontrado"): lambda w: w.till.post(
        "/sales/", w.order(({"id": NOBODY}, 1))
    ),
    ("POST /sales/", 400, "Producto <name> (SKU <sku>) no está activo"): lambda w: w.till.post(
        "/sales/", w.order((inactive(w), 1))
    ),
    (
        "POST /sales/",
        409,
        "Stock insuficiente para <name>. Disponible: <a>, Solicitado: <b>",
    ): lambda w: w.till.post("/sales/", w.order((w.shop.product(stock=1), 2), pay=2380)),
    ("POST /sales/", 400, "Monto de pagos (<p>) inferior al total de la venta (<t>)"): lambda w: w.till.post(
        "/sales/", w.order((w.shop.product(), 1), pay=1)
    ),
    ("POST /sales/", 400, "Usuario local no encontrado en la sucursal actual."): lambda w: w.ghost.post(
        "/sales/", w.order((w.shop.product(), 1))
    ),
    # --- returns ---
    ("POST /sales/return", 404, "Venta original no encontrada"): lambda w: w.give_back(
        w.shop.door, original_sale_id=NOBODY
    ),
    ("POST /sales/return", 404, "Producto <id> no encontrado"): lambda w: w.give_back(
        w.shop.door, items=[{"product_id": NOBODY, "cantidad": 1}]
    ),
    ("POST /sales/return", 400, "El tipo de DTE para ajuste debe ser 56, 61, 111 o 112."): lambda w: w.give_back(
        w.shop.door, tipo_dte=33
    ),
    ("POST /sales/return", 400, "Medio de devolución invalido"): lambda w: w.give_back(
        w.shop.door, return_method_id=NOBODY
    ),
    ("POST /sales/return", 400, "Usuario local no encontrado en la sucursal actual."): lambda w: w.give_back(w.ghost),
    # --- papers ---
    ("GET /sales/{sale_id}/pdf", 404, "Venta ID <id> no encontrada"): lambda w: w.seller.get(f"/sales/{NOBODY}/pdf"),
    ("GET /sales/{sale_id}/pdf", 404, "Emisor no configurado. Use PUT /issuer/ primero."): lambda w: w.nameless[
        0
    ].door.get(f"/sales/{w.nameless[1]['id']}/pdf"),
    (
        "GET /purchases/{purchase_id}/pdf",
        404,
        "Emisor no configurado. Use PUT /issuer/ primero.",
    ): lambda w: w.nameless[0].door.get(f"/purchases/{w.nameless[2]['id']}/pdf"),
    ("GET /issuer/", 404, "Emisor no configurado. Use PUT /issuer/ para registrarlo."): lambda w: w.nameless[
        0
    ].door.get("/issuer/"),
    # --- purchases ---
    ("POST /purchases/", 404, "Producto <id> no encontrado"): lambda w: w.shop.door.post(
        "/purchases/", purchase(w.shop, {"id": NOBODY})
    ),
    (
        "POST /purchases/",
        400,
        "El producto '<name>' tiene variantes. Debe ingresar la compra a la variante específica.",
    ): lambda w: w.shop.door.post("/purchases/", purchase(w.shop, parent(w))),
    ("GET /purchases/{purchase_id}", 404, "Compra no encontrada"): lambda w: w.shop.door.get(f"/purchases/{NOBODY}"),
    ("PUT /purchases/{purchase_id}", 404, "Compra no encontrada"): lambda w: w.shop.door.put(
        f"/purchases/{NOBODY}", purchase(w.shop, w.shop.product())
    ),
    ("PUT /purchases/{purchase_id}", 404, "Producto <id> no encontrado"): lambda w: w.shop.door.put(
        f"/purchases/{bought(w)}", purchase(w.shop, {"id": NOBODY})
    ),
    ("DELETE /purchases/{purchase_id}", 404, "Compra no encontrada"): lambda w: w.shop.door.delete(
        f"/purchases/{NOBODY}"
    ),
    ("GET /purchases/{purchase_id}/pdf", 404, "Compra no encontrada"): lambda w: w.shop.door.get(
        f"/purchases/{NOBODY}/pdf"
    ),
    ("POST /providers/", 409, "Ya existe un proveedor con RUT <rut>"): lambda w: [
        w.shop.door.post("/providers/", body) for body in [{"rut": new_rut(), "razon_social": "Dos"}] * 2
    ][1],
    ("GET /providers/{provider_id}", 404, "Proveedor no encontrado"): lambda w: w.seller.get(f"/providers/{NOBODY}"),
    ("PUT /providers/{provider_id}", 404, "Proveedor no encontrado"): lambda w: w.shop.door.put(
        f"/providers/{NOBODY}", {"giro": "Nada"}
    ),
    ("DELETE /providers/{provider_id}", 404, "Proveedor no encontrado"): lambda w: w.shop.door.delete(
        f"/providers/{NOBODY}"
    ),
    # --- till ---
    (
        "POST /cash/open",
        409,
        "Ya existe una caja abierta para este usuario (ID: <id>, Inicio: <start>)",
    ): lambda w: w.till.post("/cash/open", {"start_amount": 0}),
    ("POST /cash/open", 400, "Usuario local no encontrado en la sucursal actual."): lambda w: w.ghost.post(
        "/cash/open", {"start_amount": 0}
    ),
    ("GET /cash/status", 404, "No hay caja abierta"): lambda w: w.seller.get("/cash/status"),
    ("POST /cash/close", 404, "No hay caja abierta"): lambda w: w.seller.post(
        "/cash/close", {"final_cash_declared": 0}
    ),
    # --- only for administrators ---
    ("GET /reports/dashboard", 403, ADMIN_ONLY): lambda w: w.seller.get("/reports/dashboard"),
    ("GET /stats/summary", 403, ADMIN_ONLY): lambda w: w.seller.get("/stats/summary"),
    ("GET /stats/top-products", 403, ADMIN_ONLY): lambda w: w.seller.get("/stats/top-products"),
    ("GET /stats/report", 403, ADMIN_ONLY): lambda w: w.seller.get("/stats/report"),
    ("GET /roles/", 403, ADMIN_ONLY): lambda w: w.seller.get("/roles/"),
    ("GET /roles/{role_id}", 403, ADMIN_ONLY): lambda w: w.seller.get("/roles/1"),
    ("PUT /roles/{role_id}", 403, ADMIN_ONLY): lambda w: w.seller.put("/roles/2", {"can_view_reports": True}),
    ("POST /folios/request", 403, ADMIN_ONLY): lambda w: w.seller.post(
        "/folios/request", {"dte_type": 33, "amount_requested": 1}
    ),
    ("GET /folios/requests/history", 403, ADMIN_ONLY): lambda w: w.seller.get("/folios/requests/history"),
    # --- people, roles, settings ---
    ("POST /users/", 400, "El Email es requerido para el login"): lambda w: w.shop.door.post(
        "/users/", local(email=None)
    ),
    ("POST /users/", 400, "Se requiere una contraseña para nuevos usuarios"): lambda w: w.shop.door.post(
        "/users/", local(password=None)
    ),
    ("POST /users/", 409, "El RUT ya existe en esta sucursal"): lambda w: [
        w.shop.door.post("/users/", local(rut=rut)) for rut in [new_rut()] * 2
    ][1],
    ("POST /users/", 400, "El plan actual (Max <n>) no permite agregar más usuarios a la empresa."): lambda w: full(
        w
    ).door.post("/users/", local()),
    ("PUT /users/{user_id}", 404, "Usuario no encontrado"): lambda w: w.shop.door.put(
        f"/users/{NOBODY}", {"full_name": "Nadie"}
    ),
    ("PUT /users/{user_id}", 403, "No se puede modificar un usuario de sistema."): lambda w: w.shop.door.put(
        f"/users/{w.support_id()}", {"full_name": "Otro"}
    ),
    ("DELETE /users/{user_id}", 400, "No puedes desactivar al administrador principal."): lambda w: owner(w),
    ("DELETE /users/{user_id}", 403, "No se puede eliminar un usuario de sistema."): lambda w: w.shop.door.delete(
        f"/users/{w.support_id()}"
    ),
    ("DELETE /users/{user_id}", 404, "Usuario no encontrado"): lambda w: w.shop.door.delete(f"/users/{NOBODY}"),
    ("GET /roles/{role_id}", 404, "Rol no encontrado"): lambda w: w.shop.door.get(f"/roles/{NOBODY}"),
    ("PUT /roles/{role_id}", 404, "Rol no encontrado"): lambda w: w.shop.door.put(f"/roles/{NOBODY}", {}),
    ("PUT /config/taxes/{tax_id}", 404, "Impuesto no encontrado"): lambda w: w.shop.door.put(
        f"/config/taxes/{NOBODY}", {"name": "Nada"}
    ),
    ("PUT /issuer/", 422, "Value error, RUT inválido: <reason>"): lambda w: w.shop.door.put(
        "/issuer/", {"rut": "12345678-9"}
    ),
}

NEVER: dict[Refusal, str] = {
    ("POST /sales/", 500, "Error al generar el DTE. Transacción revertida."): (
        "what cannot become a document is refused with what is wrong (400, 409, 422), never as an error of the server"
    ),
    ("PUT /users/{user_id}", 404, "Administrador no encontrado"): (
        "the public source mixes global and local ids here; a user_id is always the row in the company"
    ),
}
"""Documented refusals that cannot come about, and why."""
