"""Assembly only: the application, its pages and its API. Read it as the site map."""

import reflex as rx

from torn_app.api.app import on_one_port
from torn_app.api.origins import may_open_socket
from torn_app.api.threads import limit_threads
from torn_app.auth.page import choose_company_page, login_page
from torn_app.auth.state import ChooseCompanyState
from torn_app.cash.page import cash_page, count_page
from torn_app.cash.state import CashState
from torn_app.customers.page import customers_page
from torn_app.customers.state import CustomersState
from torn_app.documents import jobs as _document_jobs  # noqa: F401  (registers its tasks)
from torn_app.infra import logs
from torn_app.infra.canary import only_with_its_key
from torn_app.infra.jobs import worker
from torn_app.integrations import jobs as _integration_jobs  # noqa: F401  (registers its tasks)
from torn_app.products.form_state import ProductFormState
from torn_app.products.page import products_page
from torn_app.products.state import ProductsState
from torn_app.reports import jobs as _report_jobs  # noqa: F401  (registers its tasks)
from torn_app.sales.catalogue_state import CatalogueState
from torn_app.sales.customer_state import CustomerState
from torn_app.sales.historial_page import historial_page
from torn_app.sales.historial_state import HistorialState
from torn_app.sales.parked_state import ParkedState
from torn_app.sales.pos_page import pos_page
from torn_app.sales.pos_state import TillState
from torn_app.settings import web_environment_is_development
from torn_app.ui import failure, layout, theme
from torn_app.ui.guard import Guard
from torn_app.ui.session_state import SessionState

logs.configure()

app = rx.App(
    api_transformer=on_one_port,
    app_wraps={(55, "ErrorBoundary"): failure.error_boundary},
    backend_exception_handler=failure.on_exception,
    **theme.app_options(),
)
app.sio.eio.cors_allowed_origins = may_open_socket  # type: ignore[union-attr]
app.add_middleware(Guard())
app.register_lifespan_task(only_with_its_key)
app.register_lifespan_task(limit_threads)
app.register_lifespan_task(worker)

app.add_page(layout.home_page, route="/", title="Torn", on_load=SessionState.go_home)
app.add_page(login_page, route="/login", title="Entrar · Torn")
app.add_page(
    choose_company_page, route="/select-tenant", title="Elegir empresa · Torn", on_load=ChooseCompanyState.load
)
app.add_page(
    pos_page,
    route="/pos",
    title="Vender · Torn",
    on_load=[SessionState.load, TillState.load, CatalogueState.load, CustomerState.load, ParkedState.load],
)
app.add_page(cash_page, route="/caja", title="Caja · Torn", on_load=[SessionState.load, CashState.load])
app.add_page(
    count_page, route="/caja/cerrar", title="Cerrar la caja · Torn", on_load=[SessionState.load, CashState.load_count]
)
app.add_page(
    historial_page, route="/historial", title="Historial · Torn", on_load=[SessionState.load, HistorialState.load]
)
app.add_page(
    products_page,
    route="/inventario",
    title="Productos · Torn",
    on_load=[SessionState.load, ProductsState.load, ProductFormState.load],
)
app.add_page(
    customers_page, route="/clientes", title="Clientes · Torn", on_load=[SessionState.load, CustomersState.load]
)
app.add_page(layout.no_permission_page, route="/sin-permiso", title="Sin permiso · Torn", on_load=SessionState.load)
app.add_page(layout.not_found_page, route="404", title="No existe · Torn")

if web_environment_is_development():
    from torn_app.ui.gallery import gallery_page

    app.add_page(gallery_page, route="/galeria", title="Galería · Torn")
