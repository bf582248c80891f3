"""One good request for each schema that comes in, shown in the OpenAPI. A test holds each against its schema."""

from typing import Any

_RUT, _OTHER_RUT = "76086428-5", "12345678-5"
_PAYMENT = {"payment_method_id": 1, "amount": 2380}
_CUSTOMER = {
    "rut": _RUT,
    "razon_social": "Ferretería Peñalolén Ltda.",
    "giro": "Ferretería",
    "direccion": "Av. Grecia 100",
    "comuna": "Peñalolén",
    "ciudad": "Santiago",
    "email": "compras@example.com",
    "dias_credito": 30,
    "limite_credito": 500000,
}
_PROVIDER = {"rut": _RUT, "razon_social": "Molino San Pedro SpA", "giro": "Molienda", "telefono": "+56 2 2345 6789"}

EXAMPLES: dict[str, dict[str, Any]] = {
    "ApiKeyIn": {"name": "Tienda en línea", "permissions": ["can_perform_sales"]},
    "BrandIn": {"name": "La Espiga"},
    "BrandPatch": {"name": "La Espiga"},
    "CashCloseIn": {"final_cash_declared": 41500, "count": {"20000": 2, "1000": 1, "500": 1}},
    "CashMovementIn": {"tipo": "EGRESO", "amount": 5000, "reason": "Flete"},
    "CashOpenIn": {"start_amount": 30000},
    "CorrectionIn": {"donde_dice": "Giro: Ferreteria", "debe_decir": "Giro: Ferretería y construcción"},
    "CustomerIn": _CUSTOMER,
    "CustomerPatch": {"dias_credito": 45},
    "DebtPaymentIn": {"amount": 10000, "payment_method_id": 1, "note": "Abono de marzo"},
    "FolioRequestIn": {"dte_type": 39, "amount_requested": 1000},
    "GuidesBillIn": {"guide_ids": [41, 42], "tipo_dte": 33, "payments": [_PAYMENT]},
    "IssuerPatch": {"giro": "Almacén", "acteco": "471100", "direccion": "Calle Larga 123", "comuna": "Ñuñoa"},
    "LoginIn": {"email": "ana@example.com", "password": "una clave larga"},
    "PriceItemsIn": {"items": [{"product_id": 7, "fixed_price": 900}]},
    "PriceListCustomersIn": {"customer_ids": [3, 5]},
    "PriceListIn": {"name": "Mayorista", "description": "Desde diez unidades"},
    "PriceListPatch": {"name": "Mayorista"},
    "ProductIn": {
        "nombre": "Pan de molde",
        "codigo_interno": "PAN-1",
        "codigo_barras": "7801234567890",
        "precio_neto": 831.932773,
        "costo_unitario": 520,
        "controla_stock": True,
        "stock_actual": 24,
        "stock_minimo": 6,
    },
    "ProductPatch": {"precio_neto": 900},
    "ProductWithVariantsIn": {
        "nombre": "Polera",
        "precio_neto": 8000,
        "controla_stock": True,
        "variants": [
            {"nombre": "S", "precio_neto": 8000, "stock_actual": 5},
            {"nombre": "M", "precio_neto": 8000, "stock_actual": 8},
        ],
    },
    "ProviderIn": _PROVIDER,
    "ProviderPatch": {"telefono": "+56 2 2345 6789"},
    "PurchaseIn": {
        "provider_id": 2,
        "folio": "8841",
        "tipo_documento": "FACTURA",
        "items": [{"product_id": 7, "cantidad": 24, "precio_costo_unitario": 520}],
    },
    "ReturnIn": {
        "original_sale_id": 41,
        "items": [{"product_id": 7, "cantidad": 1}],
        "reason": "Producto en mal estado",
        "return_method_id": 1,
    },
    "RolePatch": {"can_perform_returns": True},
    "SaleIn": {
        "rut_cliente": "66666666-6",
        "tipo_dte": 39,
        "items": [{"product_id": 7, "cantidad": 2}],
        "payments": [_PAYMENT],
    },
    "SettingsPatch": {"descuento_maximo_pct": 10},
    "StockCountIn": {"cantidad_contada": 22, "motivo": "CONTEO", "nota": "Inventario de marzo"},
    "TaxIn": {"name": "IVA 19%", "rate": 0.19, "is_default": True},
    "TaxPatch": {"is_active": False},
    "TenantIn": {
        "name": "Almacén Ñuñoa",
        "rut": _RUT,
        "address": "Calle Larga 123",
        "commune": "Ñuñoa",
        "city": "Santiago",
        "giro": "Almacén",
        "economic_activities": [{"code": "471100", "name": "Almacenes"}],
    },
    "TenantPatch": {"max_users_override": 12},
    "TenantUserIn": {
        "email": "ana@example.com",
        "password": "una clave larga",
        "full_name": "Ana Rojas",
        "role_name": "VENDEDOR",
    },
    "TenantUserPatch": {"role_name": "ADMINISTRADOR"},
    "UserIn": {
        "rut": _OTHER_RUT,
        "full_name": "Ana Rojas",
        "email": "ana@example.com",
        "role_id": 2,
        "password": "una clave larga",
    },
    "UserPatch": {"role_id": 1},
}
